import { unreachable } from '../base/assert.ts';
import { BILLION, nearestPowerOfTen } from '../base/decimal.ts';
import { decimalsToRound, type FeeSchedule } from './fees.ts';
import type { Instrument, Price, Quantity } from './instrument.ts';
import { notionalDouble } from './valuation.ts';

/** More than the few roundings of the sum below come to, as a share of it. */
const SLACK = 1e-12;

/**
 * A bound on what an order is charged in one instrument, in doubles: no fee that `estimateFee` states is above it, whatever part of the order
 * closes a position and whichever tier holds. For questions that a little more does not change; what is charged is `commissionOf` alone.
 */
export class FeeBound {
  private readonly instrument: Instrument;
  /** Of the value. */
  private readonly share: number;
  /** Settlement money per count of quantity. */
  private readonly perCount: number;
  /** Settlement money per order, and what rounding may add. */
  private readonly fixed: number;

  constructor(schedule: FeeSchedule, instrument: Instrument) {
    const unit = nearestPowerOfTen(instrument.settlement.decimals);
    // Rounding once adds no more than one of what is rounded to.
    const step = schedule.kind === 'none' ? 0 : nearestPowerOfTen(decimalsToRound(instrument, schedule.rounding));
    const { shareBillionths, unitBillionths, orderBillionths } = partsOf(schedule);
    this.instrument = instrument;
    // Of an inverse contract the value is another one.
    this.share = instrument.isInverse ? Number.NaN : shareBillionths / BILLION;
    this.perCount = (unitBillionths * unit) / BILLION / instrument.quantityScale;
    this.fixed = (orderBillionths * unit) / BILLION + step;
  }

  /** In settlement money, 0 or more; NaN of an inverse contract. `quantity` is 0 or more. */
  of(price: Price, quantity: Quantity): number {
    if (quantity === 0) return 0;
    const value = Math.abs(notionalDouble(this.instrument, price, quantity));
    return (value * this.share + quantity * this.perCount + this.fixed) * (1 + SLACK);
  }
}

/** Each 0 or more: a rebate is no fee. A cap only lowers a fee, so it plays no part. */
function partsOf(schedule: FeeSchedule): { shareBillionths: number; unitBillionths: number; orderBillionths: number } {
  switch (schedule.kind) {
    case 'none':
      return { shareBillionths: 0, unitBillionths: 0, orderBillionths: 0 };
    case 'percentage':
      return { shareBillionths: Math.max(0, schedule.ratePpb), unitBillionths: 0, orderBillionths: 0 };
    case 'makerTaker':
      return { shareBillionths: Math.max(0, schedule.takerPpb), unitBillionths: 0, orderBillionths: 0 };
    case 'tiers':
      return { shareBillionths: Math.max(0, ...schedule.tiers.map(({ takerPpb }) => takerPpb)), unitBillionths: 0, orderBillionths: 0 };
    case 'perContract':
      return { shareBillionths: 0, unitBillionths: Math.max(0, schedule.amountBillionths), orderBillionths: 0 };
    case 'fixedPlusPercentage':
      return {
        shareBillionths: Math.max(0, schedule.ratePpb),
        unitBillionths: 0,
        orderBillionths: Math.max(0, schedule.fixedBillionths),
      };
    case 'perShare':
      return {
        shareBillionths: 0,
        unitBillionths: Math.max(0, schedule.rateBillionths),
        orderBillionths: Math.max(0, schedule.minBillionths),
      };
    default:
      return unreachable(schedule);
  }
}
