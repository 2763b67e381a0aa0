import { isMoney } from '../../core/portfolio/account-valuation.ts';
import { ConversionTable } from '../../core/portfolio/conversion.ts';
import type { AccountDefinition } from '../../model/account.ts';
import type { Currency } from '../../model/currency.ts';
import type { Instrument, InstrumentIndex } from '../../model/instrument.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import type { LoadedRunFile } from '../run-file/read-run-file.ts';
import type { PlainPath } from '../run-file/yaml-source.ts';

/** The instruments whose marks convert between currencies: every pair of the run. */
export function conversionsOf(instruments: readonly Instrument[]): readonly InstrumentIndex[] {
  return instruments.filter((instrument) => instrument.kind === 'SPOT' || instrument.kind === 'FX').map((instrument) => instrument.index);
}

/** Tells, before any price is known, which amounts a run will be able to state in which currency. */
export class RunCurrencies {
  private readonly loaded: LoadedRunFile;
  private readonly table: ConversionTable;

  constructor(loaded: LoadedRunFile, instruments: readonly Instrument[]) {
    this.loaded = loaded;
    // The engine's own table answers, without prices: a route that lacks only its price exists.
    this.table = new ConversionTable(instruments, conversionsOf(instruments), { markPrice: () => 0 });
  }

  /**
   * @param venue whose delivered instruments may value a thing; empty for those of any venue
   * @param why what needs the amount converted, as the start of a sentence
   * @returns the problem with what stands at `path`, or null where there is a way
   */
  problem(from: Currency, to: Currency, venue: string, path: PlainPath, why: string): InputProblem | null {
    const converted = this.table.convert(1n, from, to, venue);
    if (isMoney(converted) || converted.code !== 'CONVERSION_RATE_MISSING') return null;
    const example = `{ id: ${from.code}-${to.code}.${venue === '' ? 'VENUE' : venue}, kind: fx }`;
    return this.loaded.problem(
      'CONVERSION_RATE_MISSING',
      path,
      `${why}, and nothing in the run converts ${from.code} to ${to.code}.`,
      `Add an instrument of the pair, such as ${example} (either way round), with data; a strategy that is not to trade it names its own instruments:.`,
    );
  }
}

/**
 * Every balance and every settlement currency must be worth something in its account's own currency: equity and margin are unknown
 * otherwise, and every order would be denied.
 *
 * @throws InputError CONVERSION_RATE_MISSING with every currency that lacks a way
 */
export function checkCurrencies(
  currencies: RunCurrencies,
  accounts: readonly AccountDefinition[],
  instruments: readonly Instrument[],
): void {
  const problems: (InputProblem | null)[] = [];
  for (const [index, { venue, baseCurrency, openingBalances }] of accounts.entries()) {
    const seen = new Set<string>();
    const check = (currency: Currency, path: PlainPath, why: string): void => {
      if (seen.has(currency.code)) return;
      seen.add(currency.code);
      const stated = `${why}; the account at ${venue} is stated in ${baseCurrency.code}`;
      problems.push(currencies.problem(currency, baseCurrency, venue, path, stated));
    };
    for (const { currency, amount } of openingBalances) {
      if (amount !== 0n) check(currency, ['accounts', index, 'balances', currency.code], `The account holds ${currency.code}`);
    }
    for (const { id, index: place, settlement, venue: at } of instruments) {
      if (at === venue) check(settlement, ['instruments', place], `${id} settles in ${settlement.code}`);
    }
  }
  const found = problems.filter((problem) => problem !== null);
  if (found.length > 0) throw new InputError(found);
}
