import type { AccountDefinition } from '../../model/account.ts';
import type { Currency } from '../../model/currency.ts';
import type { Instrument } from '../../model/instrument.ts';

/** Every currency that a session's accounts and instruments know, by code. */
export function currenciesOf(accounts: readonly AccountDefinition[], instruments: readonly Instrument[]): ReadonlyMap<string, Currency> {
  const all = [
    ...accounts.flatMap(({ baseCurrency, openingBalances }) => [baseCurrency, ...openingBalances.map(({ currency }) => currency)]),
    ...instruments.flatMap(({ base, quote, settlement }) => [base, quote, settlement]),
  ];
  return new Map(all.map((currency) => [currency.code, currency]));
}
