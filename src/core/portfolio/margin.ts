import { assert, unreachable } from '../../base/assert.ts';
import { divideRounded } from '../../base/decimal.ts';
import { bigOf } from '../../base/exact-integer.ts';
import type { MarginTerms } from '../../model/account.ts';
import type { Money } from '../../model/currency.ts';
import type { Instrument, Quantity } from '../../model/instrument.ts';

export type MarginRequirement = 'INITIAL' | 'MAINTENANCE';

/**
 * Margin for a position, in settlement money, rounded up at the currency's scale: a requirement is never understated.
 *
 * @param quantity signed or not; its sign plays no part
 * @param notional value of the quantity at the price that the terms say (entry or mark), in settlement money; its sign plays no part
 */
export function marginOf(
  terms: MarginTerms,
  requirement: MarginRequirement,
  instrument: Instrument,
  quantity: Quantity,
  notional: Money,
): Money {
  switch (terms.kind) {
    case 'none':
      return 0n;
    case 'leverage': {
      const ratePpb = requirement === 'INITIAL' ? terms.initialRatePpb : terms.maintenanceRatePpb;
      return divideRounded(abs(notional) * bigOf(ratePpb), bigOf(terms.leveragePpb), 'ceiling');
    }
    case 'perContract': {
      const perContract = requirement === 'INITIAL' ? terms.initialPerContract : terms.maintenancePerContract;
      return divideRounded(perContract * bigOf(Math.abs(quantity)), bigOf(instrument.quantityScale), 'ceiling');
    }
    default:
      return unreachable(terms);
  }
}

/** Stops on terms that make no sense: the run file's reader has validated user input. */
export function assertMarginTerms(terms: MarginTerms): void {
  switch (terms.kind) {
    case 'none':
      return;
    case 'leverage':
      assert(Number.isSafeInteger(terms.leveragePpb) && terms.leveragePpb > 0, 'leverage is above zero');
      assert(Number.isSafeInteger(terms.initialRatePpb) && terms.initialRatePpb >= 0, 'an initial margin rate is not negative');
      assert(Number.isSafeInteger(terms.maintenanceRatePpb) && terms.maintenanceRatePpb >= 0, 'a maintenance margin rate is not negative');
      return;
    case 'perContract':
      assert(terms.initialPerContract >= 0n && terms.maintenancePerContract >= 0n, 'margin per contract is not negative');
      return;
    default:
      return unreachable(terms);
  }
}

function abs(money: Money): Money {
  return money < 0n ? -money : money;
}
