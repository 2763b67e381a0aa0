import { unreachable } from '../../base/assert.ts';
import type { MarginTerms } from '../../model/account.ts';
import type { Instrument } from '../../model/instrument.ts';

/**
 * One instrument in the margin gauge: what of it is held, and what margin comes to for each count of value at the mark, of cost and of
 * quantity; of value and cost one factor is always 0, which costs less than a question which of them are.
 *
 * Hot: read field by field for every order. Fields begin as NaN so that the machine lays them out for doubles from the first on.
 */
export class MarginLine {
  readonly instrument: Instrument;
  /** It nets, is linear and pays in its account's currency: only then does the gauge speak of it. */
  readonly isPlain: boolean;
  /** True where maintenance margin moves with the price no faster than the value itself does. */
  readonly movesNoFasterThanValue: boolean;
  /** What the account read last holds, 0 for nothing. */
  quantity = Number.NaN;
  /** At which mark the figures have it, where something is held. */
  mark = Number.NaN;
  cost = Number.NaN;
  readonly initialOfValue: number = Number.NaN;
  readonly initialOfCost: number = Number.NaN;
  readonly initialOfCount: number = Number.NaN;
  readonly maintenanceOfValue: number = Number.NaN;
  readonly maintenanceOfCost: number = Number.NaN;
  readonly maintenanceOfCount: number = Number.NaN;

  constructor(instrument: Instrument, terms: MarginTerms, isPlain: boolean) {
    this.instrument = instrument;
    this.isPlain = isPlain;
    this.movesNoFasterThanValue = terms.kind !== 'leverage' || terms.maintenanceRatePpb <= terms.leveragePpb;
    const [initialOfValue, initialOfCost, initialOfCount, maintenanceOfValue, maintenanceOfCost, maintenanceOfCount] = factorsOf(
      terms,
      instrument,
    );
    this.quantity = 0;
    this.mark = 0;
    this.cost = 0;
    this.initialOfValue = initialOfValue;
    this.initialOfCost = initialOfCost;
    this.initialOfCount = initialOfCount;
    this.maintenanceOfValue = maintenanceOfValue;
    this.maintenanceOfCost = maintenanceOfCost;
    this.maintenanceOfCount = maintenanceOfCount;
  }
}

type Factors = readonly [number, number, number, number, number, number];

/** Initial margin per count of value, cost and quantity, then maintenance margin. */
function factorsOf(terms: MarginTerms, { quantityScale }: Instrument): Factors {
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
