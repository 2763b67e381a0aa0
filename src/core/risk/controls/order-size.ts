import { formatDecimalShort } from '../../../base/decimal.ts';
import type { Money } from '../../../model/currency.ts';
import type { Quantity } from '../../../model/instrument.ts';
import { OrderFlag, OrderType, TimeInForce } from '../../../model/order.ts';
import type { Assessment } from '../assessment.ts';
import { deny, denyMissing, denyMoney, denyQuantity, quantityText, quantityUnit, type Control, type Denial } from '../control.ts';
import type { MoneyLimit } from '../limits.ts';

/** C-03: quantity of one order, against our limits, the instrument's maximum, and at the fill the maximum stated at the decision. */
export const MAX_ORDER_QUANTITY: Control = {
  id: 'C-03',
  name: 'maximum order quantity',
  codes: ['QUANTITY_EXCEEDS_MAXIMUM'],
  parameters: ['everyInstrument.maxOrderQty', 'instruments.maxOrderQty', 'strategies.instruments.maxOrderQty', 'instrument quantityMax'],
  onlyWith: null,
  check(a) {
    const { instrument, orderQty } = a;
    const code = 'QUANTITY_EXCEEDS_MAXIMUM';
    const own = a.limits.instrument(instrument.index).maxOrderQty;
    if (own !== undefined && orderQty > own) {
      return denyQuantity(a, 'C-03', code, 'The order quantity is above the limit for one order.', own, orderQty);
    }
    const strategys = a.limits.strategyInstrument(a.strategy, instrument.index).maxOrderQty;
    if (strategys !== undefined && orderQty > strategys) {
      return denyQuantity(a, 'C-03', code, "The order quantity is above the strategy's limit for one order.", strategys, orderQty);
    }
    if (instrument.quantityMax > 0 && orderQty > instrument.quantityMax) {
      return denyQuantity(a, 'C-03', code, 'The order quantity is above what the instrument permits.', instrument.quantityMax, orderQty);
    }
    // Quantities are counted in safe integers: what can be held, and what is under way, must have a count.
    const countable = Number.MAX_SAFE_INTEGER;
    const reached = reach(a);
    if (reached > countable) {
      const left = Math.max(0, countable - (reached - a.addedQty));
      return denyQuantity(
        a,
        'C-03',
        code,
        'With this order the position, or what is under way, could not be counted exactly.',
        left,
        orderQty,
      );
    }
    const stated = a.world.table.orderQty[a.id]!;
    if (a.sizedQty > stated && a.mode === 'NEW') {
      return denyQuantity(a, 'C-03', code, 'The quantity sized at the decision is above the maximum stated with it.', stated, a.sizedQty);
    }
    if (a.mode === 'FILL' && orderQty > stated) {
      return denyQuantity(a, 'C-03', code, 'The quantity at the fill is above the maximum stated at the decision.', stated, orderQty);
    }
    return null;
  },
};

/** The largest count that the order could bring about: of a position on its side, the account's or the strategy's, or of what is under way. */
function reach(a: Assessment): Quantity {
  const { strategy, side, addedQty } = a;
  const { index } = a.instrument;
  const { table, portfolio } = a.world;
  const open = a.isBuy ? table.openBuyQty(index) : table.openSellQty(index);
  const openOf = a.isBuy ? table.openBuyQtyOf(strategy, index) : table.openSellQtyOf(strategy, index);
  const underWay = open + addedQty;
  return Math.max(side * portfolio.netQty(index) + underWay, side * portfolio.strategyQty(strategy, index) + openOf + addedQty, underWay);
}

/** C-04: value of one order at the price it counts at. */
export const MAX_ORDER_VALUE: Control = {
  id: 'C-04',
  name: 'maximum order value',
  codes: ['NOTIONAL_EXCEEDS_MAX_PER_ORDER', 'REFERENCE_PRICE_MISSING', 'CURRENCY_RATE_MISSING'],
  parameters: [
    'everyInstrument.maxOrderValue',
    'instruments.maxOrderValue',
    'strategies.instruments.maxOrderValue',
    'strategies.maxOrderValue',
    'accounts.maxOrderValue',
    'firm.maxOrderValue',
  ],
  onlyWith: ['maxOrderValue'],
  check(a) {
    const { index } = a.instrument;
    return (
      checkValue(a, a.limits.instrument(index).maxOrderValue, 'instrument') ??
      checkValue(a, a.limits.strategyInstrument(a.strategy, index).maxOrderValue, "strategy's instrument") ??
      checkValue(a, a.limits.strategy(a.strategy).maxOrderValue, 'strategy') ??
      checkValue(a, a.limits.account(index).maxOrderValue, 'account') ??
      checkValue(a, a.limits.firm.maxOrderValue, 'firm')
    );
  },
};

function checkValue(a: Assessment, limit: MoneyLimit | undefined, whose: string): Denial | null {
  if (limit === undefined) return null;
  const value = orderValue(a, a.orderQty);
  const converted = value === null ? null : a.convert(value, a.instrument.quote, limit.currency);
  if (converted === null) return denyMissing(a, 'C-04');
  if (converted <= limit.amount) return null;
  const sentence = `The order value is above the ${whose} limit for one order.`;
  return denyMoney('C-04', 'NOTIONAL_EXCEEDS_MAX_PER_ORDER', sentence, limit, converted);
}

/** Value of the order in quote money; an inverse contract needs no price for it. */
function orderValue(a: Assessment, quantity: number): Money | null {
  if (a.instrument.isInverse) return a.valueOf(a.instrument, 0, quantity);
  const price = a.orderPrice();
  return price === null ? null : a.valueOf(a.instrument, price, quantity);
}

/** C-05: fields that fit together and fit the instrument: minimum, lot, tick, notional minimum. */
export const ORDER_FIELDS: Control = {
  id: 'C-05',
  name: 'minimum quantity, minimum notional, tick, lot, fields',
  codes: [
    'QUANTITY_BELOW_MINIMUM',
    'QUANTITY_NOT_MULTIPLE_OF_LOT',
    'PRICE_PRECISION',
    'NOTIONAL_BELOW_MINIMUM',
    'ORDER_FIELDS_INVALID',
    'REFERENCE_PRICE_MISSING',
  ],
  parameters: ['instrument quantityMin, lotSize, priceIncrement, notionalMin'],
  onlyWith: null,
  check: (a) => checkQuantity(a) ?? checkPrices(a) ?? checkCombination(a) ?? checkNotionalMin(a),
};

function checkQuantity(a: Assessment): Denial | null {
  const { instrument, orderQty } = a;
  if (!Number.isSafeInteger(orderQty)) return deny('C-05', 'ORDER_FIELDS_INVALID', `The quantity ${orderQty} is not a whole count.`);
  // A reduce-only order may be off the lot and below the minimum, or what a split left over could never be closed.
  const least = a.isReduceOnly ? 1 : Math.max(instrument.quantityMin, 1);
  if (orderQty < least) {
    return denyQuantity(a, 'C-05', 'QUANTITY_BELOW_MINIMUM', 'The order quantity is below the minimum.', least, orderQty);
  }
  // The remainder of a division of doubles is a call, and a lot of one is a multiple of nothing else.
  if (instrument.lotSize !== 1 && !a.isReduceOnly && orderQty % instrument.lotSize !== 0) {
    const sentence = 'The order quantity is not a multiple of the lot.';
    return denyQuantity(a, 'C-05', 'QUANTITY_NOT_MULTIPLE_OF_LOT', sentence, instrument.lotSize, orderQty);
  }
  return null;
}

function checkPrices(a: Assessment): Denial | null {
  if (a.orderType === OrderType.MARKET && a.limitPrice === 0 && a.stopPrice === 0) return null;
  const needsLimit = a.orderType === OrderType.LIMIT || a.orderType === OrderType.STOP_LIMIT;
  const needsStop = a.orderType === OrderType.STOP || a.orderType === OrderType.STOP_LIMIT;
  return checkPrice(a, 'limit price', a.limitPrice, needsLimit) ?? checkPrice(a, 'stop price', a.stopPrice, needsStop);
}

function checkPrice(a: Assessment, name: string, price: number, isNeeded: boolean): Denial | null {
  if (!isNeeded) {
    return price === 0 ? null : deny('C-05', 'ORDER_FIELDS_INVALID', `The order type has no ${name}.`, '0', String(price));
  }
  if (!Number.isSafeInteger(price) || price <= 0) {
    return deny('C-05', 'ORDER_FIELDS_INVALID', `The order type needs a ${name} above zero, in whole counts.`, '1 or more', String(price));
  }
  const { priceIncrement } = a.instrument;
  if (price % priceIncrement === 0) return null;
  const sentence = `The ${name} is not a multiple of the price increment.`;
  return deny('C-05', 'PRICE_PRECISION', sentence, priceText(a, priceIncrement), priceText(a, price), a.instrument.quote.code);
}

function priceText(a: Assessment, price: number): string {
  return formatDecimalShort(price, a.instrument.priceDecimals);
}

function checkCombination(a: Assessment): Denial | null {
  const { flags, orderType, timeInForce } = a;
  if (a.mode === 'NEW' && timeInForce === TimeInForce.GTD && a.expireTs <= a.ts) {
    return deny('C-05', 'ORDER_FIELDS_INVALID', `A GTD order expires later than now (${a.ts} microseconds), not at ${a.expireTs}.`);
  }
  if (timeInForce !== TimeInForce.GTD && a.expireTs !== 0) return deny('C-05', 'ORDER_FIELDS_INVALID', 'Only a GTD order has an expiry.');
  const isImmediate = timeInForce === TimeInForce.IOC || timeInForce === TimeInForce.FOK;
  const mayRest = (orderType === OrderType.LIMIT || orderType === OrderType.STOP_LIMIT) && !isImmediate;
  if ((flags & OrderFlag.POST_ONLY) !== 0 && !mayRest) {
    return deny('C-05', 'ORDER_FIELDS_INVALID', 'A post-only order rests: it has a limit price and is neither IOC nor FOK.');
  }
  return null;
}

function checkNotionalMin(a: Assessment): Denial | null {
  const { instrument } = a;
  // Reduce-only orders are exempt, or a small rest could never be closed. Binance futures has the same exemption (error -4164).
  if (instrument.notionalMin === 0n || a.isReduceOnly) return null;
  const value = orderValue(a, a.orderQty);
  if (value === null) return denyMissing(a, 'C-05');
  if (value >= instrument.notionalMin) return null;
  const limit = { amount: instrument.notionalMin, currency: instrument.quote };
  const what = `The value of ${quantityText(instrument, a.orderQty)} ${quantityUnit(instrument)} is below the minimum.`;
  return denyMoney('C-05', 'NOTIONAL_BELOW_MINIMUM', what, limit, value);
}
