import type { BarBlock, BookDeltaBlock, QuoteBlock, TradeBlock } from '../model/blocks.ts';
import type { FeedCode } from '../model/codes/feed.ts';
import type { Instrument, InstrumentIndex } from '../model/instrument.ts';

/** What feeds hand over. */
export type FeedBlock = BookDeltaBlock | QuoteBlock | TradeBlock | BarBlock;

/** One stream that is wanted of a feed; its position in the list of them is its number. */
export interface FeedSubscription {
  readonly instrument: Instrument;
  /** The venue's own name for it, such as `BTCUSDT`. */
  readonly symbol: string;
  readonly kind: FeedBlock['kind'];
  /** Bars: their length, such as `1m`; null for others. */
  readonly every: string | null;
  /** Bars: position in the run's list of series; 0 for others. */
  readonly series: number;
}

/**
 * How a feed is. DOWN: no connection. RESYNCING: connected, and a book waits for its snapshot. STALE: connected, and nothing came for longer than it
 * should. CONNECTED: whole.
 */
export const FeedState = { DOWN: 'DOWN', RESYNCING: 'RESYNCING', STALE: 'STALE', CONNECTED: 'CONNECTED' } as const;
export type FeedState = (typeof FeedState)[keyof typeof FeedState];

export interface FeedStateChange {
  readonly state: FeedState;
  /** Why. */
  readonly code: FeedCode;
  /** What the world said, for people; may be empty. */
  readonly detail: string;
  /** Microseconds since the epoch. */
  readonly ts: number;
}

/** Rows of a stream are missing between two times, microseconds since the epoch. Told when it has ended; that it began is told by the state, and in books by a GAP row. */
export interface FeedGap {
  readonly stream: number;
  readonly tsFrom: number;
  readonly tsTo: number;
  readonly code: FeedCode;
}

/** The venue trades an instrument, or has stopped to. */
export interface FeedInstrumentChange {
  readonly instrument: InstrumentIndex;
  readonly isTrading: boolean;
  readonly code: FeedCode;
  readonly ts: number;
}

/** Who hears a feed. Calls come one after another, never within one another, and must not throw. */
export interface MarketFeedListener {
  /** Rows in the order of their coming. The block is borrowed: the feed writes it anew afterwards. `tsInit` never falls within a stream. */
  onRows(stream: number, block: FeedBlock): void;
  onGap(gap: FeedGap): void;
  onState(change: FeedStateChange): void;
  /** Once for each instrument soon after the start, then for every change. */
  onInstrument(change: FeedInstrumentChange): void;
}

/** What a feed has counted since it was made. */
export interface FeedCounters {
  messages: number;
  rows: number;
  /** Messages that had come already, or were older than one that had. */
  duplicates: number;
  gaps: number;
  /** Times that a connection was opened. */
  connections: number;
  /** Snapshots of books that were taken. */
  snapshots: number;
  /** Messages that were refused, by code. */
  readonly refused: Map<FeedCode, number>;
}

/** A source of live market data. It mends itself: whoever listens is told what is missing and need do nothing. */
export interface MarketFeed {
  readonly subscriptions: readonly FeedSubscription[];
  readonly counters: FeedCounters;
  readonly state: FeedState;
  /** The venue's clock less ours, microseconds; NaN while it is not known. */
  readonly clockOffsetUs: number;
  /** Once. */
  start(listener: MarketFeedListener): void;
  /** Nothing more is told, and nothing is left waiting. May be called again. */
  stop(): void;
}

/** The kinds of rows that feeds have. */
export const FEED_KIND_NAMES = ['trades', 'quotes', 'book-deltas', 'bars'] as const satisfies readonly string[];
