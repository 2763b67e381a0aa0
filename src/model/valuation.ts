import { assert } from '../base/assert.ts';
import { bigPowerOfTen, divideRounded, type Rounding } from '../base/decimal.ts';
import { bigOf, isExact } from '../base/exact-integer.ts';
import type { Money } from './currency.ts';
import type { Instrument, Price, Quantity } from './instrument.ts';

/**
 * Value of a quantity at a price, in settlement money.
 *
 * Linear: price × quantity × multiplier in quote money, exact. Inverse: contracts × face value ÷ price, in base money,
 * rounded half to even at the currency's scale.
 *
 * @param quantity may be negative: the value then is too
 */
export function notionalValue(instrument: Instrument, price: Price, quantity: Quantity): Money {
  if (instrument.isInverse) return inverseValue(instrument, price, quantity, 'half-even');
  const value = notionalDouble(instrument, price, quantity);
  if (isExact(value)) return bigOf(value);
  return bigOf(price) * bigOf(quantity) * instrument.notionalFactor;
}

/**
 * Hot: the value of a quantity of a linear instrument as a double: exact where {@link isExact} says so of it, else the nearest few, or NaN.
 *
 * Price, quantity and factor are whole and at least 1 in size (or the product is 0), so no partial product is larger than the whole: where
 * the whole is exact, so is every step to it.
 */
export function notionalDouble(instrument: Instrument, price: Price, quantity: Quantity): number {
  return price * quantity * instrument.notionalFactorDouble;
}

/**
 * Profit of having bought (quantity > 0) or sold (quantity < 0) at `entryPrice` and left at `exitPrice`, in settlement money.
 *
 * Linear: exact. Inverse: quantity × face value × (1/entry − 1/exit), each side rounded half to even, so that a position's
 * profit is the difference of two booked values and closing in parts adds up.
 */
export function profitOf(instrument: Instrument, entryPrice: Price, exitPrice: Price, quantity: Quantity): Money {
  if (!instrument.isInverse) return notionalValue(instrument, exitPrice - entryPrice, quantity);
  return notionalValue(instrument, entryPrice, quantity) - notionalValue(instrument, exitPrice, quantity);
}

function inverseValue(instrument: Instrument, price: Price, quantity: Quantity, rounding: Rounding): Money {
  if (price <= 0) assert(false, `${instrument.id}: an inverse contract needs a price above zero`);
  // face value in quote units = quantity × notionalFactor / 10^quote.decimals; price in quote units = price / 10^priceDecimals.
  const dividend = bigOf(quantity) * instrument.notionalFactor * bigPowerOfTen(instrument.priceDecimals + instrument.settlement.decimals);
  return divideRounded(dividend, bigOf(price) * bigPowerOfTen(instrument.quote.decimals), rounding);
}
