import {
  ExchangeOrderType as Type,
  ExchangeReason as Reason,
  ExchangeTimeInForce as Tif,
  TradingPhase as Phase,
  TrailingOffsetType,
} from './exchange-order.ts';
import { isLimit, type TwinOrder, type TwinState } from './exchange-twin-order.fixture.ts';

/** Of which ten thousand times count exactly, as in order-rules.test.ts. */
const EXCHANGE_PRICE_MAX = 900_719_925_474;

function isPrice(price: number): boolean {
  return Number.isSafeInteger(price) && price >= -EXCHANGE_PRICE_MAX && price <= EXCHANGE_PRICE_MAX;
}

/** Why the slow twin refuses a new order. */
export function refusalOf(twin: TwinState, order: TwinOrder): Reason {
  const { timeInForce: tif, orderType: type } = order;
  const immediate = tif === Tif.IOC || tif === Tif.FOK;
  const forAuction = tif === Tif.OPG || tif === Tif.CLO;
  if (twin.phase === Phase.CLOSED) return Reason.MARKET_CLOSED;
  if (!Number.isSafeInteger(order.orderQty) || order.orderQty <= 0) return Reason.BAD_QUANTITY;
  if (immediate && twin.phase !== Phase.CONTINUOUS) return Reason.NOT_CONTINUOUS;
  if (tif === Tif.OPG && twin.phase !== Phase.OPENING) return Reason.NOT_CONTINUOUS;
  if (tif === Tif.GTD && order.expireTs <= twin.now) return Reason.BAD_TERMS;
  if (isLimit(order) && !isPrice(order.limitPrice)) return Reason.BAD_PRICE;
  if (isLimit(order) && (order.limitPrice < twin.low || order.limitPrice > twin.high)) return Reason.PRICE_BAND;
  const resting = isLimit(order) && !immediate && !forAuction;
  if (order.isPostOnly && !resting) return Reason.BAD_TERMS;
  if (order.displayQty !== 0 && (!resting || order.displayQty > order.orderQty || order.displayQty < 0)) return Reason.BAD_TERMS;
  if (type === Type.TRAILING_STOP) {
    const most = order.trailingType === TrailingOffsetType.BASIS_POINTS ? 9999 : EXCHANGE_PRICE_MAX;
    if (order.trailingOffset <= 0 || order.trailingOffset > most) return Reason.BAD_TERMS;
  } else if (type !== Type.MARKET && type !== Type.LIMIT && !isPrice(order.stopPrice)) return Reason.BAD_PRICE;
  if (type !== Type.MARKET && type !== Type.LIMIT && (immediate || forAuction)) return Reason.BAD_TERMS;
  if (twin.orders.length >= twin.ordersMax) return Reason.BOOK_FULL;
  if (order.owner > twin.ownersMax) return Reason.BAD_TERMS;
  if (order.isPostOnly && type === Type.LIMIT && twin.wouldTake(order, order.limitPrice)) return Reason.WOULD_TAKE;
  if (order.isReduceOnly && (order.owner === 0 || twin.reducible(order.owner, order.side) === 0)) return Reason.REDUCE_ONLY;
  return Reason.NONE;
}

/** Why the slow twin refuses new values of an order. */
export function modifyRefusalOf(twin: TwinState, order: TwinOrder, orderQty: number, limitPrice: number, stopPrice: number): Reason {
  const hasStop = order.where === 'waiting' && order.orderType !== Type.TRAILING_STOP;
  if (twin.phase === Phase.CLOSED) return Reason.MARKET_CLOSED;
  if (!Number.isSafeInteger(orderQty) || orderQty <= 0) return Reason.BAD_QUANTITY;
  if (order.where === 'auction' || order.where === 'held') return Reason.BAD_TERMS;
  if (isLimit(order) ? !isPrice(limitPrice) : limitPrice !== 0) return Reason.BAD_PRICE;
  if (hasStop ? !isPrice(stopPrice) : stopPrice !== 0 && stopPrice !== order.stopPrice) return Reason.BAD_PRICE;
  if (isLimit(order) && (limitPrice < twin.low || limitPrice > twin.high)) return Reason.PRICE_BAND;
  if (order.where === 'book' && order.isPostOnly && twin.wouldTake(order, limitPrice)) return Reason.WOULD_TAKE;
  return Reason.NONE;
}
