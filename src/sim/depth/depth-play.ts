import { assert } from '../../base/assert.ts';
import type { BookDeltaBlock, TradeBlock } from '../../model/blocks.ts';
import type { InstrumentIndex } from '../../model/instrument.ts';
import type { VenueDepth } from '../matching/fill-rules.ts';
import type { InstrumentDesk } from '../orders/instrument-desk.ts';
import type { OrderEntry } from '../orders/order-entry.ts';
import type { DepthDeskState } from './depth-desk.ts';
import type { DepthMatcher } from './depth-matcher.ts';
import { ToldRows } from './told-rows.ts';
import { type FeedBlock, type FeedListener, type FeedWatch, VenueFeed } from './venue-feed.ts';

export interface DepthPlayState {
  /** How often the venue has made something so far: so much of the recording is passed over. 0 where the venue is told. */
  readonly shown: number;
  readonly desks: readonly { readonly instrument: InstrumentIndex; readonly desk: DepthDeskState }[];
}

/** Lets rows go by. */
const NOBODY: FeedListener = { onDelta() {}, onTrade() {} };

/** Plays a recording, or what it is told of, to the orders at the venue, as far as it is asked to. */
export class DepthPlay implements FeedListener, FeedWatch {
  private readonly feed: VenueFeed;
  private readonly matcher: DepthMatcher;
  private readonly entry: OrderEntry;
  /** Null where a recording is played. */
  private readonly told: ToldRows | null;
  /** How often the feed has been asked to show what comes next. */
  private shown = 0;
  /** {@link dueTs} as it was found for the orders of a version, while nothing was played; −1 for no version. */
  private foundTs = 0;
  private foundVersion = -1;

  constructor(recording: VenueDepth, matcher: DepthMatcher, entry: OrderEntry) {
    this.told = recording.open === null ? new ToldRows() : null;
    this.feed = new VenueFeed(recording.open?.() ?? [], recording.delay);
    this.matcher = matcher;
    this.entry = entry;
  }

  get isTold(): boolean {
    return this.told !== null;
  }

  /** When the venue makes what comes next; Infinity at the end. */
  get nextTs(): number {
    return this.feed.nextTs;
  }

  /**
   * When the recording must be played though no command comes: what it makes then could move an order. What comes before may be played later. Infinity
   * while no order works.
   */
  get dueTs(): number {
    const { version } = this.entry.working;
    if (this.foundVersion !== version) {
      this.foundTs = this.feed.nextToSeeTs(this);
      this.foundVersion = version;
    }
    return this.foundTs;
  }

  /** Plays everything that the venue made at or before `ts`. */
  playTo(ts: number): void {
    if (this.feed.nextTs > ts) return;
    this.foundVersion = -1;
    while (this.feed.nextTs <= ts) {
      this.feed.show(this);
      this.shown += 1;
    }
  }

  /** Rows that the house has now: they are played when their time comes. The block is read until everything up to its last row has been played. */
  tell(block: FeedBlock): void {
    const { told } = this;
    assert(told !== null, 'a venue that plays a recording is told nothing');
    const reader = told.put(block);
    if (reader !== null) this.feed.add(reader);
    this.feed.wake();
    this.foundVersion = -1;
  }

  saveState(): DepthPlayState {
    assert(this.told === null || this.feed.nextTs === Number.POSITIVE_INFINITY, 'what was told has been played when state is saved');
    const desks = this.entry.deskList.map((desk) => ({ instrument: desk.instrument.index, desk: this.matcher.deskOf(desk).saveState() }));
    return { shown: this.told === null ? this.shown : 0, desks };
  }

  /** Of a play that has not begun: its recording is passed over up to the same place. */
  loadState({ shown, desks }: DepthPlayState): void {
    assert(this.shown === 0, 'a recording is taken up from its beginning');
    for (; this.shown < shown; this.shown += 1) this.feed.show(NOBODY);
    for (const { instrument, desk } of desks) this.matcher.deskOf(this.deskOf(instrument)).loadState(desk);
    this.foundVersion = -1;
  }

  get version(): number {
    return this.entry.working.version;
  }

  firstToSee(block: FeedBlock, from: number, to: number): number {
    return this.matcher.firstToSee(this.deskOf(block.instrument), block, from, to);
  }

  onDelta(block: BookDeltaBlock, row: number, ts: number): void {
    this.matcher.onDelta(this.deskOf(block.instrument), block, row, ts);
  }

  onTrade(block: TradeBlock, row: number, ts: number): void {
    this.matcher.onTrade(this.deskOf(block.instrument), block, row, ts);
  }

  close(): void {
    this.feed.close();
  }

  private deskOf(instrument: InstrumentIndex): InstrumentDesk {
    const desk = this.entry.deskAt(instrument);
    if (desk === undefined) assert(false, `a recording is of instruments that the venue trades, not of ${instrument}`);
    return desk;
  }
}
