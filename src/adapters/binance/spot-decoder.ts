import { assert } from '../../base/assert.ts';
import { BlockKind } from '../../model/blocks.ts';
import type { FeedCode } from '../../model/codes/feed.ts';
import type { FeedBlock, FeedCounters, FeedGap, FeedSubscription } from '../../ports/market-feed.ts';
import { BookRows } from './book-rows.ts';
import { RefusedMessage } from './message-reading.ts';
import { type SlowReading, SpotJson } from './spot-json.ts';
import { SpotEvent, SpotMessage, type SpotStream } from './spot-message.ts';
import { SpotScanner } from './spot-scanner.ts';
import { BarRows, QuoteRows, type StreamOutput, TradeRows } from './stream-rows.ts';

/** Who hears a decoder. */
export interface DecoderListener {
  onRows(stream: number, block: FeedBlock): void;
  onGap(gap: FeedGap): void;
  wantSnapshot(stream: number): void;
  bookChanged(): void;
}

/** Messages that are not of a stream. */
export type ControlMessage = Extract<SlowReading, { kind: 'answer' | 'shutdown' }>;

const EVENT_OF_KIND = {
  [BlockKind.BOOK_DELTAS]: SpotEvent.DIFF,
  [BlockKind.QUOTES]: SpotEvent.QUOTE,
  [BlockKind.TRADES]: SpotEvent.TRADE,
  [BlockKind.BARS]: SpotEvent.KLINE,
} as const;

/** Turns the messages of combined streams into rows of the streams that were asked for. Without a clock and without the world. */
export class SpotDecoder implements StreamOutput {
  readonly counters: FeedCounters = {
    messages: 0,
    rows: 0,
    duplicates: 0,
    gaps: 0,
    connections: 0,
    snapshots: 0,
    refused: new Map(),
  };
  /** What the venue calls the streams, in their order. */
  readonly names: readonly string[];
  private readonly listener: DecoderListener;
  private readonly message = new SpotMessage();
  private readonly scanner = new SpotScanner(this.message);
  private readonly json = new SpotJson(this.message);
  private readonly books: (BookRows | null)[] = [];
  private readonly quotes: (QuoteRows | null)[] = [];
  private readonly trades: (TradeRows | null)[] = [];
  private readonly bars: (BarRows | null)[] = [];

  constructor(subscriptions: readonly FeedSubscription[], listener: DecoderListener) {
    this.listener = listener;
    this.names = subscriptions.map(streamName);
    assert(new Set(this.names).size === this.names.length, 'a stream is asked for once');
    const host = {
      wantSnapshot: (stream: number) => listener.wantSnapshot(stream),
      changed: () => listener.bookChanged(),
      read: (bytes: Uint8Array) => (this.scanner.scan(bytes) !== null || this.readSlowly(bytes)?.kind === 'data' ? this.message : null),
    };
    subscriptions.forEach((subscription, index) => {
      const { kind, symbol, instrument } = subscription;
      const { priceDecimals, quantityDecimals } = instrument;
      const stream: SpotStream = { index, name: this.names[index]!, event: EVENT_OF_KIND[kind], symbol, priceDecimals, quantityDecimals };
      this.scanner.learn(stream);
      this.json.learn(stream);
      this.books.push(kind === BlockKind.BOOK_DELTAS ? new BookRows(subscription, index, this, host, this.message) : null);
      this.quotes.push(kind === BlockKind.QUOTES ? new QuoteRows(subscription, index, this) : null);
      this.trades.push(kind === BlockKind.TRADES ? new TradeRows(subscription, index, this) : null);
      this.bars.push(kind === BlockKind.BARS ? new BarRows(subscription, index, this) : null);
    });
  }

  bookOf(stream: number): BookRows | null {
    return this.books[stream]!;
  }

  /**
   * Takes a message that came at `now`.
   *
   * @returns what is not of a stream, else null; what is damaged or unknown is counted
   */
  take(bytes: Uint8Array, now: number): ControlMessage | null {
    this.counters.messages += 1;
    const stream = this.scanner.scan(bytes);
    if (stream !== null) {
      this.dispatch(stream, bytes, now);
      return null;
    }
    const reading = this.readSlowly(bytes);
    if (reading === null || reading.kind === 'nothing') return null;
    if (reading.kind === 'answer' || reading.kind === 'shutdown') return reading;
    if (reading.kind === 'kline') this.bars[reading.stream.index]!.take(reading.kline, now);
    else this.dispatch(reading.stream, bytes, now);
    return null;
  }

  /** The connection is gone. */
  lose(loss: { readonly tsFrom: number; readonly code: FeedCode }, now: number): void {
    for (const book of this.books) book?.lose(loss, now, true);
    for (const stream of [...this.trades, ...this.bars]) stream?.lose(loss);
  }

  /** Another stands. */
  resume(loss: { readonly tsFrom: number; readonly code: FeedCode }, now: number): void {
    for (const quotes of this.quotes) quotes?.resume(loss, now);
  }

  rows(stream: number, block: FeedBlock): void {
    this.counters.rows += block.length;
    this.listener.onRows(stream, block);
  }

  gap(stream: number, tsFrom: number, tsTo: number, code: FeedCode): void {
    this.counters.gaps += 1;
    this.listener.onGap({ stream, tsFrom, tsTo, code });
  }

  duplicate(): void {
    this.counters.duplicates += 1;
  }

  refused(code: FeedCode): void {
    this.counters.refused.set(code, (this.counters.refused.get(code) ?? 0) + 1);
  }

  private dispatch({ event, index }: SpotStream, bytes: Uint8Array, now: number): void {
    if (event === SpotEvent.QUOTE) this.quotes[index]!.take(this.message, now);
    else if (event === SpotEvent.TRADE) this.trades[index]!.take(this.message, now);
    else this.books[index]!.take(this.message, bytes, now);
  }

  private readSlowly(bytes: Uint8Array): SlowReading | null {
    try {
      return this.json.read(new TextDecoder().decode(bytes));
    } catch (error) {
      if (!(error instanceof RefusedMessage)) throw error;
      this.refused(error.code);
      return null;
    }
  }
}

/** What the venue calls a stream. */
function streamName({ symbol, kind, every }: FeedSubscription): string {
  const name = symbol.toLowerCase();
  switch (kind) {
    case BlockKind.BOOK_DELTAS:
      return `${name}@depth@100ms`;
    case BlockKind.QUOTES:
      return `${name}@bookTicker`;
    case BlockKind.TRADES:
      return `${name}@trade`;
    default:
      // The one that the venue writes with a capital: 1m is a minute.
      return `${name}@kline_${every === '1mo' ? '1M' : (every ?? '1m')}`;
  }
}
