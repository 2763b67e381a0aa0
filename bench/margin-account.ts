import type { AccountDefinition } from '../src/model/account.ts';
import type { Currency, Money } from '../src/model/currency.ts';

/** The one account of a bench's run: on margin, ten times leverage where no other is said; half of the margin is to be maintained. */
export function marginAccount(currency: Currency, opening: Money, leveragePpb = 10_000_000_000): AccountDefinition {
  return {
    venue: 'SIM',
    type: 'MARGIN',
    baseCurrency: currency,
    positionMode: 'NETTING',
    costMethod: 'AVERAGE',
    openingBalances: [{ currency, amount: opening }],
    margin: {
      kind: 'leverage',
      leveragePpb,
      initialRatePpb: 1_000_000_000,
      maintenanceRatePpb: 500_000_000,
      markedAt: 'MARK',
      locks: 'INITIAL',
    },
    instrumentMargins: [],
  };
}
