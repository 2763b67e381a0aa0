import type { Side } from '../../model/order.ts';

/** Order types of exchanges; the numbers of those that strategies order are those of `OrderType`. Names after FIX OrdType, numbers our own. */
export const ExchangeOrderType = {
  MARKET: 1,
  LIMIT: 2,
  STOP: 3,
  STOP_LIMIT: 4,
  /** A stop whose price follows the market at a distance and never goes back. */
  TRAILING_STOP: 5,
  /** Becomes a market order when the market comes to a better price. */
  MARKET_IF_TOUCHED: 6,
  LIMIT_IF_TOUCHED: 7,
} as const;
export type ExchangeOrderType = (typeof ExchangeOrderType)[keyof typeof ExchangeOrderType];

/** Names after FIX TimeInForce, numbers our own. OPG and CLO take part in the opening or closing auction and nothing else: with MARKET they are market-on-open and -close. */
export const ExchangeTimeInForce = { DAY: 1, GTC: 2, IOC: 3, FOK: 4, GTD: 5, OPG: 6, CLO: 7 } as const;
export type ExchangeTimeInForce = (typeof ExchangeTimeInForce)[keyof typeof ExchangeTimeInForce];

/** Who gives way where an order would trade with one of the same owner. The incoming order's choice decides. */
export const SelfTradePrevention = { NONE: 0, CANCEL_NEWEST: 1, CANCEL_OLDEST: 2, CANCEL_BOTH: 3, DECREMENT: 4 } as const;
export type SelfTradePrevention = (typeof SelfTradePrevention)[keyof typeof SelfTradePrevention];

/** What the distance of a trailing stop counts. A distance in price is one in ticks, once it is divided by the increment. */
export const TrailingOffsetType = { TICKS: 1, BASIS_POINTS: 2 } as const;
export type TrailingOffsetType = (typeof TrailingOffsetType)[keyof typeof TrailingOffsetType];

/** What the exchange does with orders. */
export const TradingPhase = {
  /** Nothing is taken but cancels. DAY orders have expired. */
  CLOSED: 1,
  /** Orders are collected, also those for the opening; going to CONTINUOUS holds the auction. */
  OPENING: 2,
  CONTINUOUS: 3,
  /** Orders are collected, those for the closing join them; going to CLOSED holds the auction. */
  CLOSING: 4,
  /** As OPENING, in the middle of the day. No stop triggers. Going to CONTINUOUS holds an auction. */
  HALTED: 5,
} as const;
export type TradingPhase = (typeof TradingPhase)[keyof typeof TradingPhase];

/** Why an order was refused, cut or canceled. */
export const ExchangeReason = {
  NONE: 0,
  /** By its owner. */
  REQUESTED: 1,
  MARKET_CLOSED: 2,
  NOT_CONTINUOUS: 3,
  BAD_QUANTITY: 4,
  BAD_PRICE: 5,
  BAD_TERMS: 6,
  PRICE_BAND: 7,
  WOULD_TAKE: 8,
  REDUCE_ONLY: 9,
  BOOK_FULL: 10,
  UNKNOWN_ORDER: 11,
  /** Nothing to trade with is left: market and IOC orders. */
  NO_LIQUIDITY: 12,
  NOT_FILLABLE: 13,
  SELF_TRADE: 14,
  /** Of OPG and CLO orders, and of market orders, after their auction. */
  AUCTION_OVER: 15,
  /** The new quantity is filled already. */
  ALREADY_FILLED: 16,
} as const;
export type ExchangeReason = (typeof ExchangeReason)[keyof typeof ExchangeReason];

/** What is asked of the exchange. All numbers are whole; a field that the type has no use for is 0. May be reused for the next order. */
export interface NewExchangeOrder {
  side: Side;
  orderType: ExchangeOrderType;
  timeInForce: ExchangeTimeInForce;
  /** Lots, above 0. */
  orderQty: number;
  /** Increments. */
  limitPrice: number;
  /** Increments: the trigger of stops and of if-touched orders. */
  stopPrice: number;
  trailingType: TrailingOffsetType | 0;
  /** Above 0: ticks, or basis points of the price, rounded up to a tick. */
  trailingOffset: number;
  /** Iceberg: lots shown at once; 0 shows all. */
  displayQty: number;
  /** GTD: microseconds since the epoch. */
  expireTs: number;
  /** Whose order it is: 1 to the engine's `ownersMax`; 0 for nobody that positions and self trades are watched for. */
  owner: number;
  selfTrade: SelfTradePrevention;
  isPostOnly: boolean;
  isReduceOnly: boolean;
}

/** A limit order of nobody to buy one lot at 0, good until it is canceled; with what is changed of it. */
export function plainOrder(change: Partial<NewExchangeOrder> = {}): NewExchangeOrder {
  return {
    side: 1,
    orderType: ExchangeOrderType.LIMIT,
    timeInForce: ExchangeTimeInForce.GTC,
    orderQty: 1,
    limitPrice: 0,
    stopPrice: 0,
    trailingType: 0,
    trailingOffset: 0,
    displayQty: 0,
    expireTs: 0,
    owner: 0,
    selfTrade: SelfTradePrevention.NONE,
    isPostOnly: false,
    isReduceOnly: false,
    ...change,
  };
}
