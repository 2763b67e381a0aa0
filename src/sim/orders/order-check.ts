import type { Code } from '../../model/codes/catalogue.ts';
import type { SubmitOrder } from '../../model/commands.ts';
import type { Instrument, Price, Quantity } from '../../model/instrument.ts';
import { OrderFlag, type OrderType, TimeInForce } from '../../model/order.ts';
import { hasFlag, hasLimit, hasStop } from './working-order.ts';

/** Prices of an order or of a change to one. */
interface Prices {
  readonly limitPrice: Price;
  readonly stopPrice: Price;
}

/**
 * What the venue checks of an order by itself, as exchanges do: increments, lots, sizes, value, expiry.
 *
 * @param hasNotionalMin whether the instrument has a smallest order value: asked of a big integer once, not for every order
 * @param priceNow price to value a market order at; 0 where none is known, and the value is not checked then
 * @returns null when it may be accepted
 */
export function checkOrder(
  instrument: Instrument,
  hasNotionalMin: boolean,
  command: SubmitOrder,
  priceNow: Price,
  ts: number,
): Code | null {
  if (instrument.expiryTs !== null && ts >= instrument.expiryTs) return 'INSTRUMENT_EXPIRED';
  if (!arePricesValid(instrument, command.orderType, command)) return 'VENUE_PRICE_INVALID';
  if (command.timeInForce === TimeInForce.GTD && command.expireTs < ts) return 'VENUE_EXPIRE_TIME_PASSED';
  if (hasFlag(command, OrderFlag.SIZE_AT_FILL)) return command.orderQty > 0 ? null : 'VENUE_QUANTITY_INVALID';
  const isReduceOnly = hasFlag(command, OrderFlag.REDUCE_ONLY);
  if (!isQuantityValid(instrument, command.orderQty, isReduceOnly)) return 'VENUE_QUANTITY_INVALID';
  if (!hasNotionalMin || isReduceOnly) return null;
  const price = hasLimit(command.orderType) ? command.limitPrice : hasStop(command.orderType) ? command.stopPrice : priceNow;
  return reachesNotionalMin(instrument, price, command.orderQty) ? null : 'VENUE_NOTIONAL_BELOW_MINIMUM';
}

/** Every price that the type needs is there and lies on the price increment. */
export function arePricesValid(instrument: Instrument, orderType: OrderType, prices: Prices): boolean {
  if (hasLimit(orderType) && !isPriceValid(instrument, prices.limitPrice)) return false;
  return !hasStop(orderType) || isPriceValid(instrument, prices.stopPrice);
}

function isPriceValid(instrument: Instrument, price: Price): boolean {
  return Number.isSafeInteger(price) && price > 0 && price % instrument.priceIncrement === 0;
}

/** A reduce-only order may be smaller than the minimum and off the lot: what a split left over can always be closed. */
export function isQuantityValid(instrument: Instrument, quantity: Quantity, isReduceOnly: boolean): boolean {
  if (!Number.isSafeInteger(quantity) || quantity <= 0) return false;
  if (instrument.quantityMax !== 0 && quantity > instrument.quantityMax) return false;
  return isReduceOnly || (quantity % instrument.lotSize === 0 && quantity >= instrument.quantityMin);
}

function reachesNotionalMin(instrument: Instrument, price: Price, quantity: Quantity): boolean {
  if (instrument.isInverse) return BigInt(quantity) * instrument.notionalFactor >= instrument.notionalMin;
  return price === 0 || BigInt(price) * BigInt(quantity) * instrument.notionalFactor >= instrument.notionalMin;
}
