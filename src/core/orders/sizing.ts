import { assert } from '../../base/assert.ts';
import { BIG_BILLION, BILLION } from '../../base/decimal.ts';
import type { Money } from '../../model/currency.ts';
import type { Instrument, Price, Quantity } from '../../model/instrument.ts';
import { Side } from '../../model/order.ts';
import { notionalValue } from '../../model/valuation.ts';

/** What {@link quantityForBudget} fits a quantity to. */
interface BudgetSizing {
  readonly instrument: Instrument;
  /** > 0 */
  readonly price: Price;
  /** What value and fee may come to, in settlement money. */
  readonly budget: Money;
  /** Fee of the order that would bring this quantity about, in settlement money. Value plus fee may not fall as the quantity grows. */
  readonly feeOf: (quantity: Quantity) => Money;
  /** What the quantity ties up, in settlement money; its value where left out. For margin: value ÷ leverage. */
  readonly costOf?: (quantity: Quantity) => Money;
  /** Most that is wanted; no bound where left out. */
  readonly quantityMax?: Quantity;
}

/**
 * The largest multiple of the lot whose cost and fee fit the budget; 0 where not even one lot fits.
 *
 * Exact: the answer q satisfies cost(q) + fee(q) ≤ budget and the next lot does not. Found by doubling from the quotient without fees and
 * halving, so that minimum fees, caps and rebates need no formula.
 */
export function quantityForBudget(sizing: BudgetSizing): Quantity {
  const { instrument, price, budget, feeOf } = sizing;
  assert(price > 0, `${instrument.id}: a quantity is sized at a price above zero`);
  const { lotSize } = instrument;
  const costOf = sizing.costOf ?? ((quantity: Quantity): Money => notionalValue(instrument, price, quantity));
  const fits = (lots: number): boolean => costOf(lots * lotSize) + feeOf(lots * lotSize) <= budget;
  const lotsMax = Math.floor((sizing.quantityMax ?? Number.MAX_SAFE_INTEGER) / lotSize);
  if (budget <= 0n || lotsMax < 1 || !fits(1)) return 0;
  let fitting = 1;
  let tooMany = Math.min(2, lotsMax + 1);
  while (tooMany <= lotsMax && fits(tooMany)) {
    fitting = tooMany;
    tooMany = Math.min(tooMany * 2, lotsMax + 1);
  }
  while (tooMany - fitting > 1) {
    const middle = fitting + Math.floor((tooMany - fitting) / 2);
    if (fits(middle)) fitting = middle;
    else tooMany = middle;
  }
  return fitting * lotSize;
}

/**
 * A share of equity, rounded down; 0 for equity that is not above zero.
 *
 * @param weightPpb parts per billion, 0 or more: pass the magnitude of a signed weight
 * @param bufferPpb parts per billion of the result that stay aside, 0 to one
 */
export function budgetForWeight(equity: Money, weightPpb: number, bufferPpb = 0): Money {
  assert(Number.isSafeInteger(weightPpb) && weightPpb >= 0, 'a weight is parts per billion, 0 or more');
  assert(Number.isSafeInteger(bufferPpb) && bufferPpb >= 0 && bufferPpb <= BILLION, 'a buffer is parts per billion, 0 to one');
  if (equity <= 0n) return 0n;
  return (equity * BigInt(weightPpb) * (BIG_BILLION - BigInt(bufferPpb))) / (BIG_BILLION * BIG_BILLION);
}

/** What {@link targetQuantityForWeight} works from. */
interface WeightSizing {
  readonly instrument: Instrument;
  readonly price: Price;
  /** In settlement money, marked at `price`, before the fee of the order that is sized. */
  readonly equity: Money;
  /** Signed share of equity, + long, − short, parts per billion. */
  readonly weightPpb: number;
  readonly bufferPpb: number;
  /** Signed position now. */
  readonly positionQty: Quantity;
  /** Fee of an order of that many, in settlement money; `side`: what reduces a long position is a sale. */
  readonly feeOfOrder: (orderQty: Quantity, side: Side) => Money;
}

/**
 * The signed position that a weight of equity comes to, so that its value and the fee of the one order from here to there fit.
 * A reversal pays the fee on the whole way: closing the old position and opening the new.
 */
export function targetQuantityForWeight(sizing: WeightSizing): Quantity {
  const { instrument, price, positionQty, feeOfOrder } = sizing;
  const side = sizing.weightPpb < 0 ? -1 : 1;
  const budget = budgetForWeight(sizing.equity, Math.abs(sizing.weightPpb), sizing.bufferPpb);
  const feeOf = (quantity: Quantity): Money => {
    const change = side * quantity - positionQty;
    return change === 0 ? 0n : feeOfOrder(Math.abs(change), change > 0 ? Side.BUY : Side.SELL);
  };
  // The order from here to there must have a count, too: risk judges what comes of it.
  const quantityMax = Number.MAX_SAFE_INTEGER - Math.abs(positionQty);
  const quantity = quantityForBudget({ instrument, price, budget, feeOf, quantityMax });
  return quantity === 0 ? 0 : side * quantity;
}
