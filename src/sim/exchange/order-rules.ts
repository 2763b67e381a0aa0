import {
  ExchangeOrderType,
  ExchangeReason,
  ExchangeTimeInForce,
  type NewExchangeOrder,
  TradingPhase,
  TrailingOffsetType,
} from './exchange-order.ts';

/** Basis points times a price must be a count: prices up to here. */
const PRICE_MAX = Math.floor(Number.MAX_SAFE_INTEGER / 10_000);
const OFFSET_MAX = 9_999;

/** The phase and the time that an order meets. */
export interface ExchangeMoment {
  readonly phase: TradingPhase;
  readonly now: number;
  readonly low: number;
  readonly high: number;
}

/** Why the exchange would refuse an order whatever its book holds; NONE where it would not. Hot: every order is asked about. */
export function refusalOf(order: NewExchangeOrder, moment: ExchangeMoment): ExchangeReason {
  const { phase } = moment;
  const { timeInForce, orderType } = order;
  if (phase === TradingPhase.CLOSED) return ExchangeReason.MARKET_CLOSED;
  if (!(Number.isSafeInteger(order.orderQty) && order.orderQty > 0)) return ExchangeReason.BAD_QUANTITY;
  const isImmediate = timeInForce === ExchangeTimeInForce.IOC || timeInForce === ExchangeTimeInForce.FOK;
  if (isImmediate && phase !== TradingPhase.CONTINUOUS) return ExchangeReason.NOT_CONTINUOUS;
  if (timeInForce === ExchangeTimeInForce.OPG && phase !== TradingPhase.OPENING) return ExchangeReason.NOT_CONTINUOUS;
  if (timeInForce === ExchangeTimeInForce.GTD && !(order.expireTs > moment.now)) return ExchangeReason.BAD_TERMS;
  const hasLimit = limited(orderType);
  if (hasLimit && !isPrice(order.limitPrice)) return ExchangeReason.BAD_PRICE;
  if (hasLimit && (order.limitPrice < moment.low || order.limitPrice > moment.high)) return ExchangeReason.PRICE_BAND;
  // The common order has nothing more to say.
  if (orderType === ExchangeOrderType.LIMIT && order.displayQty === 0 && !order.isPostOnly) return ExchangeReason.NONE;
  return refusalOfTerms(order, isImmediate);
}

/** True for orders that have, or come to have, a limit price. */
export function limited(orderType: number): boolean {
  return (
    orderType === ExchangeOrderType.LIMIT || orderType === ExchangeOrderType.STOP_LIMIT || orderType === ExchangeOrderType.LIMIT_IF_TOUCHED
  );
}

function refusalOfTerms(order: NewExchangeOrder, isImmediate: boolean): ExchangeReason {
  const { orderType, timeInForce, displayQty } = order;
  const isLimit = limited(orderType);
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
      if (!isOffset || !(isShare || (trailingType === TrailingOffsetType.TICKS && trailingOffset <= PRICE_MAX)))
        return ExchangeReason.BAD_TERMS;
      return isImmediate || isAuctionOnly ? ExchangeReason.BAD_TERMS : ExchangeReason.NONE;
    }
    default:
      if (!isPrice(order.stopPrice)) return ExchangeReason.BAD_PRICE;
      return isImmediate || isAuctionOnly ? ExchangeReason.BAD_TERMS : ExchangeReason.NONE;
  }
}

export function isPrice(price: number): boolean {
  return Number.isSafeInteger(price) && Math.abs(price) <= PRICE_MAX;
}
