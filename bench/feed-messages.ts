import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { BlockKind } from '../src/model/blocks.ts';
import { makeCurrency } from '../src/model/currency.ts';
import { makeInstrument } from '../src/model/instrument.ts';
import type { FeedSubscription } from '../src/ports/market-feed.ts';

/** Decimals of the recorded symbol, BTCUSDT of Spot. */
export const PRICE_DECIMALS = 2;
export const QUANTITY_DECIMALS = 8;

/** What the recording has: the snapshot of the book, and every message of a stream as it came. */
export interface FeedMessages {
  readonly snapshot: string;
  readonly texts: readonly string[];
}

export function readFeedMessages(file: string): FeedMessages {
  const messages = gunzipSync(readFileSync(file))
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.slice(20));
  const snapshot = messages.find((message) => message.startsWith('{"lastUpdateId"'));
  if (snapshot === undefined) throw new Error(`${file} has no snapshot`);
  return { snapshot, texts: messages.filter((message) => message.startsWith('{"stream"')) };
}

/** The streams that the recording has. */
export function feedSubscriptions(): readonly FeedSubscription[] {
  const usdt = makeCurrency('USDT', 18);
  const instrument = makeInstrument(
    {
      id: 'BTC-USDT.BINANCE',
      kind: 'SPOT',
      base: makeCurrency('BTC'),
      quote: usdt,
      settlement: usdt,
      priceDecimals: PRICE_DECIMALS,
      quantityDecimals: QUANTITY_DECIMALS,
      priceIncrement: 1,
      lotSize: 1,
      quantityMin: 0,
      quantityMax: 0,
      notionalMin: 0n,
      multiplier: 1,
      multiplierDecimals: 0,
      calendar: null,
      expiryTs: null,
    },
    0,
  );
  const kinds = [BlockKind.BOOK_DELTAS, BlockKind.QUOTES, BlockKind.TRADES] as const;
  return kinds.map((kind) => ({ instrument, symbol: 'BTCUSDT', kind, every: null, series: 0 }));
}

/** A checksum over numbers in their order, each a safe integer. */
export class NumberHash {
  count = 0;
  private hash = 0x811c9dc5;

  add(value: number): void {
    this.hash = Math.imul(this.hash ^ (value | 0), 0x01000193);
    this.hash = Math.imul(this.hash ^ Math.floor(value / 4_294_967_296), 0x01000193);
    this.count += 1;
  }

  get text(): string {
    return `${this.count}:${(this.hash >>> 0).toString(16)}`;
  }
}
