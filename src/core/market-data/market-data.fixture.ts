import { type BarBlock, makeBarBlock, makeQuoteBlock, makeTradeBlock, type QuoteBlock, type TradeBlock } from '../../model/blocks.ts';
import { makeCurrency } from '../../model/currency.ts';
import type { Instrument } from '../../model/instrument.ts';
import { instrumentWith } from '../../model/instrument.fixture.ts';

/* Rows and instruments for the tests of this folder. */

/** One share-like instrument; prices at 10^-2, quantities at 10^-`quantityDecimals`. */
export function testInstrument(index = 0, quantityDecimals = 0, priceIncrement = 1): Instrument {
  return instrumentWith({ id: `ABC${index}.TEST`, quote: makeCurrency('USD', 12), quantityDecimals, priceIncrement }, index);
}

export type TradeRow = readonly [tsInit: number, price: number, quantity: number];
export type QuoteRow = readonly [tsInit: number, bid: number, ask: number];
export type BarRow = readonly [tsOpen: number, tsEvent: number, open: number, high: number, low: number, close: number, volume: number];

export function tradeBlock(rows: readonly TradeRow[], instrument = 0): TradeBlock {
  const block = makeTradeBlock(instrument, Math.max(1, rows.length));
  rows.forEach(([ts, price, quantity], i) => {
    block.tsInit[i] = ts;
    block.tsEvent[i] = ts;
    block.price[i] = price;
    block.quantity[i] = quantity;
  });
  block.length = rows.length;
  return block;
}

export function quoteBlock(rows: readonly QuoteRow[], instrument = 0): QuoteBlock {
  const block = makeQuoteBlock(instrument, Math.max(1, rows.length));
  rows.forEach(([ts, bid, ask], i) => {
    block.tsInit[i] = ts;
    block.tsEvent[i] = ts;
    block.bidPrice[i] = bid;
    block.askPrice[i] = ask;
    block.bidSize[i] = 1;
    block.askSize[i] = 1;
  });
  block.length = rows.length;
  return block;
}

export function barBlock(rows: readonly BarRow[], series = 0, instrument = 0): BarBlock {
  const block = makeBarBlock(instrument, series, Math.max(1, rows.length));
  rows.forEach(([tsOpen, tsEvent, open, high, low, close, volume], i) => {
    block.tsOpen[i] = tsOpen;
    block.tsEvent[i] = tsEvent;
    block.tsInit[i] = tsEvent;
    block.open[i] = open;
    block.high[i] = high;
    block.low[i] = low;
    block.close[i] = close;
    block.volume[i] = volume;
  });
  block.length = rows.length;
  return block;
}

/** Rows of a bar block as plain tuples. */
export function barRows(block: BarBlock): BarRow[] {
  return Array.from({ length: block.length }, (_, i) => [
    block.tsOpen[i]!,
    block.tsEvent[i]!,
    block.open[i]!,
    block.high[i]!,
    block.low[i]!,
    block.close[i]!,
    block.volume[i]!,
  ]);
}
