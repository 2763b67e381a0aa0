import { assert, unreachable } from '../../base/assert.ts';
import type { OrderBook } from '../../book/order-book.ts';
import { BlockKind, type BookDeltaBlock, type MarketBlock } from '../../model/blocks.ts';
import { isOlder, type TradingCalendar } from '../../model/calendar.ts';
import type { MarketDataCode } from '../../model/codes/market-data.ts';
import type { DataGap } from '../../model/events.ts';
import type { Instrument, InstrumentIndex } from '../../model/instrument.ts';
import type { Strategy } from '../strategy/strategy.ts';
import { Books, type BooksState } from './books.ts';
import { Stream, type StreamState } from './stream.ts';
import { streamKey, Subscriptions, type SubscriptionsState } from './subscriptions.ts';
import type { MarketDataCache } from './market-data-cache.ts';
import { classifyRow, countRepeats, isOffIncrement, scanDistance, scanIncrement } from './row-validation.ts';

/** What is asked of the data of every instrument. Times in microseconds of open market unless said; Infinity switches a check off. */
export interface MarketDataLimits {
  /** More than this between two rows of a stream is a gap. */
  readonly gapMaxUs: number;
  /** At a decision the newest row, and a book's last change, may be this old. */
  readonly ageMaxUs: number;
  /** Whether prices must be multiples of the venue's price increment: not with adjusted prices. */
  readonly checksIncrement: boolean;
  /** A book that has been crossed or locked for as long as this is no ground for a decision. Microseconds of plain time; 0: at once. */
  readonly bookCrossedMaxUs: number;
}

const MARKET_DATA_LIMITS_DEFAULT: MarketDataLimits = {
  gapMaxUs: Infinity,
  ageMaxUs: Infinity,
  checksIncrement: false,
  bookCrossedMaxUs: 0,
};

export interface MarketDataOptions {
  readonly instruments: readonly Instrument[];
  readonly cache: MarketDataCache;
  /** Per instrument; null trades around the clock. */
  readonly calendars?: readonly (TradingCalendar | null)[];
  /** What holds for every instrument until {@link MarketDataManager.setLimits}; what is left out is switched off. */
  readonly limits?: Partial<MarketDataLimits>;
}

/** Counts of one stream: an instrument and kind, or a series of bars. */
interface StreamCounters {
  readonly instrument: InstrumentIndex;
  readonly kind: BlockKind;
  /** Series of bars; −1 for ticks. */
  readonly series: number;
  readonly accepted: number;
  /** Quotes equal to the one before in every column; they are accepted. */
  readonly repeated: number;
  readonly gaps: number;
  readonly refused: Readonly<Partial<Record<MarketDataCode, number>>>;
}

export interface MarketDataState {
  /** By instrument. */
  readonly limits: readonly MarketDataLimits[];
  readonly gapToTs: Float64Array;
  readonly stale: readonly number[];
  readonly streams: readonly StreamState[];
  readonly subscriptions: SubscriptionsState;
  readonly books: BooksState;
}

/**
 * Looks at every row before anyone acts on it, and keeps what the market said last.
 *
 * The engine asks `scan` for the first unfit row, steps and `commit`s the rows before it, calls `refuse` on it and goes on behind it; a row
 * that comes late after a hole is found by `scanGap` and told with `noteGap`, then accepted. Order is judged against the last accepted
 * row of the same stream, so rows are committed before the next scan of that stream.
 */
export class MarketDataManager {
  readonly cache: MarketDataCache;
  readonly books: Books;
  private readonly instruments: readonly Instrument[];
  private readonly calendars: readonly (TradingCalendar | null)[];
  private readonly limits: MarketDataLimits[];
  /** Whether any instrument has such a limit: nearly always none has. */
  private looksForGaps = false;
  private checksIncrements = false;
  private readonly subscriptions = new Subscriptions();
  private readonly tradeStreams: Stream[];
  private readonly quoteStreams: Stream[];
  private readonly deltaStreams: Stream[];
  private readonly barStreams: Stream[] = [];
  private readonly quoteBarStreams: Stream[] = [];
  private readonly gapToTs: Float64Array;
  private readonly stale: number[];

  constructor(options: MarketDataOptions) {
    const { instruments } = options;
    this.instruments = instruments;
    this.calendars = options.calendars ?? instruments.map(() => null);
    assert(this.calendars.length === instruments.length, 'one calendar, or null, per instrument');
    this.limits = instruments.map(() => withDefaults(options.limits ?? {}));
    this.noteLimits();
    this.cache = options.cache;
    this.books = new Books(instruments);
    this.tradeStreams = instruments.map((_, i) => new Stream(i, BlockKind.TRADES, -1));
    this.quoteStreams = instruments.map((_, i) => new Stream(i, BlockKind.QUOTES, -1));
    this.deltaStreams = instruments.map((_, i) => new Stream(i, BlockKind.BOOK_DELTAS, -1));
    this.stale = instruments.map(() => 0);
    this.gapToTs = new Float64Array(instruments.length).fill(-Infinity);
  }

  setLimits(instrument: InstrumentIndex, limits: MarketDataLimits): void {
    this.limits[instrument] = limits;
    this.noteLimits();
  }

  /** Twice by the same strategy counts once. */
  subscribe(instrument: InstrumentIndex, kind: BlockKind, strategy: Strategy): void {
    assert(instrument >= 0 && instrument < this.instruments.length, 'a subscription names an instrument of the run');
    this.subscriptions.add(streamKey(instrument, kind), strategy);
  }

  /** Nothing happens where there is no subscription. */
  unsubscribe(instrument: InstrumentIndex, kind: BlockKind, strategy: Strategy): void {
    this.subscriptions.remove(streamKey(instrument, kind), strategy);
  }

  isSubscribed(instrument: InstrumentIndex, kind: BlockKind): boolean {
    return this.subscribers(instrument, kind).length > 0;
  }

  /** Who wants these rows, in the order of subscribing. The list is replaced on a change, never edited. */
  subscribers(instrument: InstrumentIndex, kind: BlockKind): readonly Strategy[] {
    return this.subscriptions.of(streamKey(instrument, kind));
  }

  /** Ends all that a strategy subscribed to. */
  unsubscribeAll(strategy: Strategy): void {
    this.subscriptions.removeAll(strategy);
  }

  /** Puts a restarted strategy in the place of the former. */
  replaceSubscriber(former: Strategy, next: Strategy): void {
    this.subscriptions.replace(former, next);
  }

  /** First row of [from, to) that must be refused, else `to`. Changes nothing that shows; the work is in a leaf loop per kind. */
  scan(block: MarketBlock, from: number, to: number): number {
    const stream = this.streamOf(block);
    const isKnownGood = block.isValidated && from < to && block.tsInit[from]! >= stream.lastTsInit;
    const end = isKnownGood ? to : stream.firstUnfit(block, from, to);
    if (!this.checksIncrements || !this.limits[block.instrument]!.checksIncrement) return end;
    return scanIncrement(block, from, end, this.instruments[block.instrument]!.priceIncrement);
  }

  /** Counts a row that `scan` stopped at, and says why it is refused. */
  refuse(block: MarketBlock, row: number): MarketDataCode {
    const stream = this.streamOf(block);
    const code = this.classify(block, row, stream);
    assert(code !== null, 'only a row that scan stopped at is refused');
    stream.noteRefused(code);
    return code;
  }

  /**
   * Applies an accepted change to its book. One that does not change it is counted under its code.
   *
   * @returns true where the book was worth something before it and is not now
   */
  applyDelta(book: OrderBook, block: BookDeltaBlock, row: number): boolean {
    const { fault, hasBroken } = this.books.apply(book, block, row);
    if (fault !== null) {
      const stream = this.deltaStreams[block.instrument]!;
      stream.refused[fault] = (stream.refused[fault] ?? 0) + 1;
      // `commit` counts the row as accepted.
      stream.accepted -= 1;
    }
    return hasBroken;
  }

  /** Why no decision may hang on the instrument's book now; null where one may, and where no strategy looks at it. */
  unfitBookReason(instrument: InstrumentIndex, now: number): string | null {
    const { bookCrossedMaxUs, ageMaxUs } = this.limits[instrument]!;
    const isTooOld = ageMaxUs !== Infinity && isOlder(this.calendars[instrument]!, this.books.updatedTs(instrument), now, ageMaxUs);
    return this.books.unfitReason(instrument, now, bookCrossedMaxUs, isTooOld);
  }

  /** First row of [from, to) that follows a hole in open market longer than the limit, else `to`. Pure. */
  scanGap(block: MarketBlock, from: number, to: number): number {
    if (!this.looksForGaps) return to;
    const { gapMaxUs } = this.limits[block.instrument]!;
    if (gapMaxUs === Infinity) return to;
    const starts = startsOf(block);
    const ends = endsOf(block);
    const calendar = this.calendars[block.instrument]!;
    let last = this.streamOf(block).gapCheckedTs;
    let row = from;
    while (row < to) {
      const hit = scanDistance(starts, ends, row, to, last, gapMaxUs);
      if (hit === to) return to;
      const before = hit === row ? last : ends[hit - 1]!;
      if (calendar === null || calendar.openTimeBetween(before, starts[hit]!) > gapMaxUs) return hit;
      // The market was closed in between: go on behind this row, measured from its end.
      last = ends[hit]!;
      row = hit + 1;
    }
    return to;
  }

  /** Counts the gap before a row that `scanGap` stopped at; the rows before it are committed. The row itself is accepted: hand the gap to `markGap`, then step it. */
  noteGap(block: MarketBlock, row: number): DataGap {
    const stream = this.streamOf(block);
    const tsFrom = stream.gapCheckedTs;
    assert(tsFrom < startsOf(block)[row]!, 'the rows before a gap are committed, and a gap is noted once');
    stream.gaps += 1;
    // Measured from nothing: the next scan passes this row.
    stream.gapCheckedTs = Infinity;
    return {
      kind: 'DataGap',
      instrument: block.instrument,
      tsFrom,
      tsTo: startsOf(block)[row]!,
      reason: 'TIME',
      tsEvent: block.tsEvent[row]!,
      tsInit: block.tsInit[row]!,
    };
  }

  /** Takes accepted rows [from, to) in: last values, histories, counters. */
  commit(block: MarketBlock, from: number, to: number): void {
    if (from < to) {
      const stream = this.streamOf(block);
      stream.noteCommitted(block, from, to);
      stream.gapCheckedTs = endsOf(block)[to - 1]!;
      if (block.kind === BlockKind.QUOTES) stream.repeated += countRepeats(block, from, to);
    }
    this.cache.commit(block, from, to);
  }

  /** Data of the instrument is missing up to `gap.tsTo`: it counts as gapped until a row that is whole behind it. */
  markGap(gap: DataGap): void {
    this.gapToTs[gap.instrument] = Math.max(this.gapToTs[gap.instrument]!, gap.tsTo);
  }

  /** True from a gap until the first tick at or after its end, or the first bar that opens at or after it. */
  isGapped(instrument: InstrumentIndex): boolean {
    return this.cache.wholeSinceTs(instrument) < this.gapToTs[instrument]!;
  }

  /** True when the newest row is older than the limit, counted in open market; before the first row always, unless the check is off. */
  isStale(instrument: InstrumentIndex, now: number, ageMaxUs: number = this.limits[instrument]!.ageMaxUs): boolean {
    if (ageMaxUs === Infinity) return false;
    return isOlder(this.calendars[instrument]!, this.cache.newestRowTs(instrument), now, ageMaxUs);
  }

  /** Open market since the newest row, microseconds; Infinity before the first. */
  ageUs(instrument: InstrumentIndex, now: number): number {
    const sinceTs = this.cache.newestRowTs(instrument);
    const calendar = this.calendars[instrument]!;
    if (calendar === null || sinceTs === Number.NEGATIVE_INFINITY) return now - sinceTs;
    return calendar.openTimeBetween(sinceTs, now);
  }

  /** The newest quote is crossed or locked; false where there is none, or one with one side. */
  isCrossed(instrument: InstrumentIndex): boolean {
    const bid = this.cache.bestBid(instrument);
    const ask = this.cache.bestAsk(instrument);
    return bid > 0 && ask > 0 && bid >= ask;
  }

  /** An order is decided now: counts it where the newest row is older than the limit. @returns true where it is */
  noteDecision(instrument: InstrumentIndex, now: number): boolean {
    const isStale = this.isStale(instrument, now);
    if (isStale) this.stale[instrument] = this.stale[instrument]! + 1;
    return isStale;
  }

  /** Orders that were decided while the newest row was older than the limit. */
  staleDecisions(instrument: InstrumentIndex): number {
    return this.stale[instrument]!;
  }

  /** Counters of every stream that has had a row, refused ones included. */
  counters(): StreamCounters[] {
    return this.streams()
      .filter((stream) => stream.accepted > 0 || Object.keys(stream.refused).length > 0)
      .map(({ instrument, kind, series, accepted, repeated, gaps, refused }) => ({
        instrument,
        kind,
        series,
        accepted,
        repeated,
        gaps,
        refused: { ...refused },
      }));
  }

  /** @param strategies of the run, in their order */
  saveState(strategies: readonly Strategy[]): MarketDataState {
    return {
      limits: this.limits.map((limits) => ({ ...limits })),
      gapToTs: this.gapToTs.slice(),
      stale: [...this.stale],
      streams: this.streams().map((stream) => stream.saveState()),
      subscriptions: this.subscriptions.saveState(strategies),
      books: this.books.saveState(),
    };
  }

  loadState(state: MarketDataState, strategies: readonly Strategy[]): void {
    state.limits.forEach((limits, instrument) => {
      this.limits[instrument] = withDefaults(limits);
      this.stale[instrument] = state.stale[instrument]!;
    });
    this.noteLimits();
    this.gapToTs.set(state.gapToTs);
    for (const stream of state.streams) {
      const { instrument, kind, series } = stream;
      const list = this.streamsOf(kind);
      const at = series < 0 ? instrument : series;
      list[at] ??= new Stream(instrument, kind, series);
      list[at].loadState(stream);
    }
    this.subscriptions.loadState(state.subscriptions, strategies);
    this.books.loadState(state.books);
  }

  /** Those of bars only where a row has come. */
  private streams(): Stream[] {
    const all = [...this.deltaStreams, ...this.tradeStreams, ...this.quoteStreams, ...this.barStreams, ...this.quoteBarStreams];
    return all.filter((stream) => stream !== undefined);
  }

  private streamsOf(kind: BlockKind): Stream[] {
    const { TRADES, QUOTES, BOOK_DELTAS, BARS, QUOTE_BARS } = BlockKind;
    const lists = {
      [TRADES]: this.tradeStreams,
      [QUOTES]: this.quoteStreams,
      [BOOK_DELTAS]: this.deltaStreams,
      [BARS]: this.barStreams,
      [QUOTE_BARS]: this.quoteBarStreams,
    };
    return lists[kind];
  }

  private noteLimits(): void {
    this.looksForGaps = this.limits.some(({ gapMaxUs }) => gapMaxUs !== Infinity);
    this.checksIncrements = this.limits.some(({ checksIncrement }) => checksIncrement);
  }

  private classify(block: MarketBlock, row: number, stream: Stream): MarketDataCode | null {
    const code = classifyRow(block, row, stream.lastTsInit, stream.lastTsEvent);
    if (code !== null || !this.limits[block.instrument]!.checksIncrement) return code;
    return isOffIncrement(block, row, this.instruments[block.instrument]!.priceIncrement) ? 'MARKET_DATA_OFF_INCREMENT' : null;
  }

  private streamOf(block: MarketBlock): Stream {
    switch (block.kind) {
      case BlockKind.TRADES:
        return this.tradeStreams[block.instrument]!;
      case BlockKind.QUOTES:
        return this.quoteStreams[block.instrument]!;
      case BlockKind.BOOK_DELTAS:
        return this.deltaStreams[block.instrument]!;
      case BlockKind.BARS:
        return (this.barStreams[block.series] ??= new Stream(block.instrument, block.kind, block.series));
      case BlockKind.QUOTE_BARS:
        return (this.quoteBarStreams[block.series] ??= new Stream(block.instrument, block.kind, block.series));
      default:
        return unreachable(block);
    }
  }
}

/** Of one shape, whichever limits were given: rows are scanned with them. */
function withDefaults(limits: Partial<MarketDataLimits>): MarketDataLimits {
  const { gapMaxUs, ageMaxUs, checksIncrement, bookCrossedMaxUs } = MARKET_DATA_LIMITS_DEFAULT;
  return {
    gapMaxUs: limits.gapMaxUs ?? gapMaxUs,
    ageMaxUs: limits.ageMaxUs ?? ageMaxUs,
    checksIncrement: limits.checksIncrement ?? checksIncrement,
    bookCrossedMaxUs: limits.bookCrossedMaxUs ?? bookCrossedMaxUs,
  };
}

/** When a row's time begins: a bar covers its interval, a tick the instant it became known. */
function startsOf(block: MarketBlock): Float64Array {
  return block.kind === BlockKind.BARS || block.kind === BlockKind.QUOTE_BARS ? block.tsOpen : block.tsInit;
}

function endsOf(block: MarketBlock): Float64Array {
  return block.kind === BlockKind.BARS || block.kind === BlockKind.QUOTE_BARS ? block.tsEvent : block.tsInit;
}
