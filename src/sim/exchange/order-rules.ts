import {
  ExchangeOrderType,
  ExchangeReason,
  ExchangeTimeInForce,
  type NewExchangeOrder,
  SelfTradePrevention,
  TradingPhase,
  TrailingOffsetType,
} from './exchange-order.ts';

/** Basis points times a price must be a count: prices up to here. */
export const EXCHANGE_PRICE_MAX = Math.floor(Number.MAX_SAFE_INTEGER / 10_000);
const OFFSET_MAX = 9_999;

/** The phase and the time that an order meets. */
export interface ExchangeMoment {
  readonly phase: TradingPhase;
  readonly now: number;
  readonly bandLow: number;
  readonly bandHigh: number;
}

/** As {@link refusalOf}, of a plain order: what has no use for it is not looked at. Hot: most orders are asked about. */
export const refusalOfPlain = (order: NewExchangeOrder, moment: ExchangeMoment): ExchangeReason => {
  if (moment.phase === TradingPhase.CLOSED) return ExchangeReason.MARKET_CLOSED;
  if (!isQuantity(order.orderQty)) return ExchangeReason.BAD_QUANTITY;
  return refusalOfLimit(order.limitPrice, moment);
};

/** Why the exchange would refuse an order whatever its book holds; NONE where it would not. */
export function refusalOf(order: NewExchangeOrder, moment: ExchangeMoment): ExchangeReason {
  const { phase } = moment;
  const { timeInForce, orderType } = order;
  if (phase === TradingPhase.CLOSED) return ExchangeReason.MARKET_CLOSED;
  if (!hasKnownCodes(order)) return ExchangeReason.BAD_TERMS;
  if (!isQuantity(order.orderQty)) return ExchangeReason.BAD_QUANTITY;
  const isImmediate = timeInForce === ExchangeTimeInForce.IOC || timeInForce === ExchangeTimeInForce.FOK;
  if (isImmediate && phase !== TradingPhase.CONTINUOUS) return ExchangeReason.NOT_CONTINUOUS;
  if (timeInForce === ExchangeTimeInForce.OPG && phase !== TradingPhase.OPENING) return ExchangeReason.NOT_CONTINUOUS;
  if (timeInForce === ExchangeTimeInForce.GTD && !(order.expireTs > moment.now)) return ExchangeReason.BAD_TERMS;
  const refusal = hasLimit(orderType) ? refusalOfLimit(order.limitPrice, moment) : ExchangeReason.NONE;
  return refusal === ExchangeReason.NONE ? refusalOfTerms(order, isImmediate) : refusal;
}

/** True for the common order: a limit that rests in the open until it is canceled or the day ends. Hot. */
export const isPlain = (order: NewExchangeOrder): boolean => {
  // Compared with false since what asks whether something is true accepts anything, and takes three times as long.
  return (
    (order.side === 1 || order.side === -1) &&
    order.orderType === ExchangeOrderType.LIMIT &&
    (order.timeInForce === ExchangeTimeInForce.GTC || order.timeInForce === ExchangeTimeInForce.DAY) &&
    isCode(order.selfTrade, SelfTradePrevention.NONE, SelfTradePrevention.DECREMENT) &&
    order.displayQty === 0 &&
    order.isPostOnly === false &&
    order.isReduceOnly === false
  );
};

const refusalOfLimit = (limitPrice: number, moment: ExchangeMoment): ExchangeReason => {
  if (limitPrice >= moment.bandLow && limitPrice <= moment.bandHigh && Number.isInteger(limitPrice)) return ExchangeReason.NONE;
  return isPrice(limitPrice) ? ExchangeReason.PRICE_BAND : ExchangeReason.BAD_PRICE;
};

function hasKnownCodes({ side, orderType, timeInForce, selfTrade }: NewExchangeOrder): boolean {
  return (
    (side === 1 || side === -1) &&
    isCode(orderType, ExchangeOrderType.MARKET, ExchangeOrderType.LIMIT_IF_TOUCHED) &&
    isCode(timeInForce, ExchangeTimeInForce.DAY, ExchangeTimeInForce.CLO) &&
    isCode(selfTrade, SelfTradePrevention.NONE, SelfTradePrevention.DECREMENT)
  );
}

const isCode = (value: number, least: number, most: number): boolean => value >= least && value <= most && Number.isInteger(value);

/** True for orders that have, or come to have, a limit price. */
export const hasLimit = (orderType: number): boolean =>
  orderType === ExchangeOrderType.LIMIT || orderType === ExchangeOrderType.STOP_LIMIT || orderType === ExchangeOrderType.LIMIT_IF_TOUCHED;

function refusalOfTerms(order: NewExchangeOrder, isImmediate: boolean): ExchangeReason {
  const { orderType, timeInForce, displayQty } = order;
  const isLimit = hasLimit(orderType);
  const isAuctionOnly = timeInForce === ExchangeTimeInForce.OPG || timeInForce === ExchangeTimeInForce.CLO;
  const isResting = isLimit && !isImmediate && !isAuctionOnly;
  if (order.isPostOnly && !isResting) return ExchangeReason.BAD_TERMS;
  if (displayQty !== 0 && !(isResting && Number.isSafeInteger(displayQty) && displayQty > 0 && displayQty <= order.orderQty))
    return ExchangeReason.BAD_TERMS;
  switch (orderType) {
    case ExchangeOrderType.MARKET:
    case ExchangeOrderType.LIMIT:
      return ExchangeReason.NONE;
    case ExchangeOrderType.TRAILING_STOP: {
      const { trailingType, trailingOffset } = order;
      const isOffset = Number.isSafeInteger(trailingOffset) && trailingOffset > 0;
      const isShare = trailingType === TrailingOffsetType.BASIS_POINTS && trailingOffset <= OFFSET_MAX;
      if (!isOffset || !(isShare || (trailingType === TrailingOffsetType.TICKS && trailingOffset <= EXCHANGE_PRICE_MAX)))
        return ExchangeReason.BAD_TERMS;
      return isImmediate || isAuctionOnly ? ExchangeReason.BAD_TERMS : ExchangeReason.NONE;
    }
    default:
      if (!isPrice(order.stopPrice)) return ExchangeReason.BAD_PRICE;
      return isImmediate || isAuctionOnly ? ExchangeReason.BAD_TERMS : ExchangeReason.NONE;
  }
}

const isQuantity = (quantity: number): boolean => Number.isSafeInteger(quantity) && quantity > 0;

export const isPrice = (price: number): boolean => Number.isSafeInteger(price) && Math.abs(price) <= EXCHANGE_PRICE_MAX;
