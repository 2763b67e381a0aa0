import { copyRows } from './input-codec.ts';
import { LiveQueue } from './live-queue.ts';
import type { OpenSessionFeed, SessionFeed, SessionFeedListener } from './session-feed.ts';
import { FEED_ROWS_MAX } from './replay-feed.ts';
import { unknownBook } from '../book-start.ts';
import { type BookDeltaBlock, BlockKind } from '../../model/blocks.ts';
import { MarketPhase } from '../../model/market-phase.ts';
import type { GapReason } from '../../model/session-input.ts';
import type { Clock } from '../../ports/clock.ts';
import {
  type FeedBlock,
  type FeedGap,
  type FeedInstrumentChange,
  FeedState,
  type FeedStateChange,
  type MarketFeed,
  type MarketFeedListener,
} from '../../ports/market-feed.ts';

/** Rows of a live feed that wait for the session. One more, and the feed is let go until half of them have been taken. */
export const LIVE_ROWS_MAX = 65_536;

export interface LiveFeedOptions {
  /** Makes the feed, by the session's clock: once, and anew whenever the one before was let go. */
  readonly makeFeed: (clock: Clock) => MarketFeed;
  /** For people; what a session does follows from rows and gaps alone. */
  readonly onState?: (change: FeedStateChange) => void;
  readonly onInstrument?: (change: FeedInstrumentChange) => void;
}

/** A feed that is there when it happens. */
export function liveFeed(options: LiveFeedOptions): OpenSessionFeed {
  return (clock, listener) => new LiveFeed(options, clock, listener);
}

/**
 * A live feed for a session. What it hears stands in a queue until the session takes it, so that rows of many messages are written down at once.
 *
 * A loss is told twice: when it is known, so that nobody trades on what is old as if it were whole, and when it is over, with both its ends. The time
 * between the beginning and the first connection is a loss too: the first bar that is built is not whole.
 *
 * A feed cannot be made to wait. Where the session takes less than comes, it is let go, told as a gap, and made anew once the session has caught up: books
 * begin with a snapshot then.
 */
class LiveFeed implements SessionFeed, MarketFeedListener {
  private readonly options: LiveFeedOptions;
  private readonly clock: Clock;
  private readonly listener: SessionFeedListener;
  private readonly queue = new LiveQueue();
  private feed: MarketFeed | null = null;
  /** By instrument: where the last loss began that its streams told of. */
  private readonly toldFrom = new Map<number, number>();
  /** What the session was told of its instruments; a new one takes all for traded. */
  private readonly phases = new Map<number, MarketPhase>();
  /** The session learned before what this feed has not heard: it may know of a halt that is over. */
  private isBack = false;
  private isUp = false;
  private heardTs: number;
  /** No connection of this feed has come about since. */
  private missing: { readonly tsFrom: number; readonly reason: GapReason } | null;
  private isHanding = false;
  private isStopped = false;

  constructor(options: LiveFeedOptions, clock: Clock, listener: SessionFeedListener) {
    this.options = options;
    this.clock = clock;
    this.listener = listener;
    this.heardTs = clock.now();
    this.missing = { tsFrom: this.heardTs, reason: 'FEED_STOPPED' };
    this.takeUp();
  }

  get nextTs(): number {
    return this.isStopped ? Number.POSITIVE_INFINITY : this.queue.nextTs;
  }

  skipTaken(): void {
    // What has come does not come again.
  }

  /** What happened while nobody was there was never heard. @returns that books are worth nothing until they come anew */
  skipTo(ts: number): readonly BookDeltaBlock[] {
    this.isBack = true;
    return this.unknownBooks(ts).map(({ block }) => block);
  }

  goOn(): void {
    if (this.isStopped) return;
    this.isHanding = true;
    this.hand();
    if (this.feed === null && this.queue.rows <= LIVE_ROWS_MAX / 2) this.takeUp();
    this.isHanding = false;
  }

  stop(): void {
    this.isStopped = true;
    this.feed?.stop();
    this.feed = null;
  }

  onRows(stream: number, block: FeedBlock): void {
    if (this.feed === null) return;
    if (this.queue.rows + block.length > LIVE_ROWS_MAX) return this.letGo();
    const nowTs = this.clock.now();
    this.heardTs = nowTs;
    this.adding(() => this.queue.addRows(stream, copyRows(block, 0, block.length), nowTs));
  }

  onGap({ stream, tsFrom, tsTo, code }: FeedGap): void {
    if (this.feed === null) return;
    const { index: instrument } = this.feed.subscriptions[stream]!.instrument;
    // Each of an instrument's streams tells of a loss that all of them had.
    if (this.toldFrom.get(instrument) === tsFrom) return;
    this.toldFrom.set(instrument, tsFrom);
    this.adding(() => this.queue.addGap({ instrument, tsFrom, tsTo, reason: code }, this.clock.now()));
  }

  onState(change: FeedStateChange): void {
    if (this.feed === null) return;
    const wasUp = this.isUp;
    this.isUp = change.state !== FeedState.DOWN;
    if (this.isUp && this.missing !== null) {
      const { tsFrom, reason } = this.missing;
      this.missing = null;
      this.gapOfAll(tsFrom, reason);
    } else if (wasUp && !this.isUp) this.gapOfAll(this.heardTs, change.code);
    this.options.onState?.(change);
  }

  /** Orders for what the venue does not trade are denied until it does: C-20. */
  onInstrument(change: FeedInstrumentChange): void {
    if (this.feed === null) return;
    const { instrument, isTrading, code: reason } = change;
    const phase = isTrading ? MarketPhase.TRADING : MarketPhase.HALTED;
    const known = this.phases.get(instrument) ?? (this.isBack ? null : MarketPhase.TRADING);
    this.phases.set(instrument, phase);
    if (phase !== known) this.adding(() => this.queue.addPhase({ instrument, phase, reason }, this.clock.now()));
    this.options.onInstrument?.(change);
  }

  private hand(): void {
    const { queue, listener } = this;
    const nowTs = this.clock.now();
    for (let next = queue.take(nowTs, FEED_ROWS_MAX); next !== null; next = queue.take(nowTs, FEED_ROWS_MAX)) {
      if ('gap' in next) listener.onGap(next.ts, next.gap);
      else if ('phase' in next) listener.onPhase(next.ts, next.phase);
      else if (!listener.onRows(next.block, false)) return;
    }
  }

  private takeUp(): void {
    this.isUp = false;
    this.feed = this.options.makeFeed(this.clock);
    this.feed.start(this);
  }

  private letGo(): void {
    this.feed!.stop();
    const code = 'FEED_CORE_BEHIND';
    this.gapOfAll(this.heardTs, code);
    const nowTs = this.clock.now();
    for (const { stream, block } of this.unknownBooks(nowTs)) this.adding(() => this.queue.addRows(stream, block, nowTs));
    this.missing = { tsFrom: this.heardTs, reason: code };
    this.feed = null;
    this.options.onState?.({ state: FeedState.DOWN, code, detail: `${this.queue.rows} rows wait`, ts: this.clock.now() });
  }

  private unknownBooks(ts: number): readonly { readonly stream: number; readonly block: BookDeltaBlock }[] {
    return this.feed!.subscriptions.flatMap(({ instrument, kind }, stream) =>
      kind === BlockKind.BOOK_DELTAS ? [{ stream, block: unknownBook(instrument.index, ts) }] : [],
    );
  }

  private gapOfAll(tsFrom: number, reason: GapReason): void {
    const nowTs = this.clock.now();
    const instruments = new Set(this.feed!.subscriptions.map(({ instrument }) => instrument.index));
    this.adding(() => {
      for (const instrument of instruments) this.queue.addGap({ instrument, tsFrom, tsTo: nowTs, reason }, nowTs);
    });
  }

  /** The session knows when the head of the queue comes; where that has changed it is told. */
  private adding(add: () => void): void {
    const { nextTs } = this.queue;
    add();
    if (this.queue.nextTs !== nextTs && !this.isHanding && !this.isStopped) this.listener.onNews();
  }
}
