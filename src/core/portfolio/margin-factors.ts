import { unreachable } from '../../base/assert.ts';
import type { MarginTerms } from '../../model/account.ts';
import type { Instrument } from '../../model/instrument.ts';

/** Places of an instrument's factors in a column that holds those of all. */
export const STRIDE = 6;
export const INITIAL_OF_VALUE = 0;
export const INITIAL_OF_COST = 1;
export const INITIAL_OF_COUNT = 2;
export const MAINTENANCE_OF_VALUE = 3;
export const MAINTENANCE_OF_COST = 4;
export const MAINTENANCE_OF_COUNT = 5;

/** What margin comes to for each count of value at the mark, of cost and of quantity; of value and cost one is always 0. */
export function factorsOf(terms: MarginTerms, { quantityScale }: Instrument): readonly number[] {
  switch (terms.kind) {
    case 'leverage': {
      const initial = terms.initialRatePpb / terms.leveragePpb;
      const maintenance = terms.maintenanceRatePpb / terms.leveragePpb;
      return terms.markedAt === 'MARK' ? [initial, 0, 0, maintenance, 0, 0] : [0, initial, 0, 0, maintenance, 0];
    }
    case 'perContract':
      return [0, 0, Number(terms.initialPerContract) / quantityScale, 0, 0, Number(terms.maintenancePerContract) / quantityScale];
    case 'none':
      return [0, 0, 0, 0, 0, 0];
    default:
      return unreachable(terms);
  }
}
