import { type Static, Type } from '@sinclair/typebox';
import { Count, Decimal, exactly, InstrumentName, oneOf, orNull, Text, Ts, VenueName } from './scalars.ts';

export const InstrumentInfo = exactly({
  instrument: InstrumentName,
  symbol: Text,
  venue: VenueName,
  kind: oneOf(['SPOT', 'EQUITY', 'FX', 'FUTURE', 'PERPETUAL', 'INVERSE_PERPETUAL']),
  base: Text,
  quote: Text,
  settlement: Text,
  priceDecimals: Count,
  quantityDecimals: Count,
  priceIncrement: Decimal,
  lotSize: Decimal,
  quantityMin: orNull(Decimal),
  quantityMax: orNull(Decimal),
  notionalMin: orNull(Decimal),
  multiplier: Decimal,
  tsExpiry: orNull(Ts),
});
export type InstrumentInfo = Static<typeof InstrumentInfo>;

export const Quote = exactly({
  ts: Ts,
  bidPrice: orNull(Decimal),
  askPrice: orNull(Decimal),
  bidSize: orNull(Decimal),
  askSize: orNull(Decimal),
});
export type Quote = Static<typeof Quote>;

export const MarketTrade = exactly({
  sequence: Type.Integer({ minimum: 1 }),
  ts: Ts,
  price: Decimal,
  quantity: Decimal,
  aggressorSide: orNull(oneOf(['BUY', 'SELL'])),
});
export type MarketTrade = Static<typeof MarketTrade>;

/** The latest of an instrument; null for what has not come yet. `price` is what positions are marked at. */
export const LatestPrice = exactly({
  instrument: InstrumentName,
  ts: orNull(Ts),
  price: orNull(Decimal),
  quote: orNull(Quote),
  trade: orNull(MarketTrade),
});
export type LatestPrice = Static<typeof LatestPrice>;

export const IntervalName = oneOf(['1m', '5m', '15m', '1h', '1d']);

export const Candle = exactly({ tsOpen: Ts, open: Decimal, high: Decimal, low: Decimal, close: Decimal, volume: Decimal });
export type Candle = Static<typeof Candle>;

/** Oldest first. Cut at multiples of the interval, UTC; the last one is still open. */
export const Candles = exactly({ instrument: InstrumentName, interval: IntervalName, candles: Type.Array(Candle) });
export type Candles = Static<typeof Candles>;

export const BookLevel = exactly({ price: Decimal, quantity: Decimal });

/** Best first. */
export const Book = exactly({
  instrument: InstrumentName,
  ts: Ts,
  isDepth: Type.Boolean({ description: 'false where only the best prices are known' }),
  isWhole: Type.Boolean({ description: 'false while changes are missing' }),
  bids: Type.Array(BookLevel),
  asks: Type.Array(BookLevel),
});
export type Book = Static<typeof Book>;
