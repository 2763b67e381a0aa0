import { priceText, quantityText } from './names.ts';
import type { Book, Candle, InstrumentInfo, LatestPrice, MarketTrade, Quote } from '../../../contract/api/market.ts';
import { formatDecimalShort } from '../../../base/decimal.ts';
import type { Instrument } from '../../../model/instrument.ts';
import type * as View from '../../../ports/session-view.ts';

export function instrumentInfo(instrument: Instrument): InstrumentInfo {
  const { id, symbol, venue, kind, base, quote, settlement, priceDecimals, quantityDecimals } = instrument;
  const orNone = (quantity: number): string | null => (quantity === 0 ? null : quantityText(instrument, quantity));
  return {
    instrument: id,
    symbol,
    venue,
    kind,
    base: base.code,
    quote: quote.code,
    settlement: settlement.code,
    priceDecimals,
    quantityDecimals,
    priceIncrement: priceText(instrument, instrument.priceIncrement),
    lotSize: quantityText(instrument, instrument.lotSize),
    quantityMin: orNone(instrument.quantityMin),
    quantityMax: orNone(instrument.quantityMax),
    notionalMin: instrument.notionalMin === 0n ? null : formatDecimalShort(instrument.notionalMin, quote.decimals),
    multiplier: formatDecimalShort(instrument.multiplier, instrument.multiplierDecimals),
    tsExpiry: instrument.expiryTs,
  };
}

export function quoteOf(instrument: Instrument, { ts, bidPrice, askPrice, bidSize, askSize }: View.QuoteView): Quote {
  const has = (price: number): boolean => price !== 0;
  return {
    ts,
    bidPrice: has(bidPrice) ? priceText(instrument, bidPrice) : null,
    askPrice: has(askPrice) ? priceText(instrument, askPrice) : null,
    bidSize: has(bidPrice) ? quantityText(instrument, bidSize) : null,
    askSize: has(askPrice) ? quantityText(instrument, askSize) : null,
  };
}

export function tradeOf(instrument: Instrument, trade: View.TradeView): MarketTrade {
  const { sequence, ts, price, quantity, aggressorSide } = trade;
  return {
    sequence,
    ts,
    price: priceText(instrument, price),
    quantity: quantityText(instrument, quantity),
    aggressorSide: aggressorSide === 0 ? null : aggressorSide > 0 ? 'BUY' : 'SELL',
  };
}

export function latestPrice(view: View.SessionView, instrument: Instrument): LatestPrice {
  const { index } = instrument;
  const markPx = view.markPx(index);
  const quote = view.quote(index);
  const trade = view.trades(index, 1)[0];
  return {
    instrument: instrument.id,
    ts: view.marketTs(index),
    price: markPx === null ? null : priceText(instrument, markPx),
    quote: quote === null ? null : quoteOf(instrument, quote),
    trade: trade === undefined ? null : tradeOf(instrument, trade),
  };
}

export function candleOf(instrument: Instrument, { tsOpen, open, high, low, close, volume }: View.Candle): Candle {
  return {
    tsOpen,
    open: priceText(instrument, open),
    high: priceText(instrument, high),
    low: priceText(instrument, low),
    close: priceText(instrument, close),
    volume: quantityText(instrument, volume),
  };
}

export function bookOf(instrument: Instrument, book: View.BookView | null, ts: number): Book {
  const level = ({ price, quantity }: View.BookLevelView) => ({
    price: priceText(instrument, price),
    quantity: quantityText(instrument, quantity),
  });
  if (book === null) return { instrument: instrument.id, ts, isDepth: false, isWhole: false, bids: [], asks: [] };
  const { isDepth, isWhole } = book;
  return { instrument: instrument.id, ts: book.ts, isDepth, isWhole, bids: book.bids.map(level), asks: book.asks.map(level) };
}
