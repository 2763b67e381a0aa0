import { describe, expect, it } from 'vitest';
import { LIVE_ROWS_MAX, liveFeed } from './live-feed.ts';
import { SaidFeed } from './live-feed.fixture.ts';
import { SessionClock } from './session-clock.ts';
import type { SessionFeed, SessionFeedListener } from './session-feed.ts';
import { instrumentOf } from '../backtest.fixture.ts';
import { HandClock } from '../hand-clock.fixture.ts';
import { BlockKind, type MarketBlock } from '../../model/blocks.ts';
import { BookAction } from '../../model/book-delta.ts';
import { MARKET_PHASE_NAMES } from '../../model/market-phase.ts';
import type { MarketGap, PhaseChange } from '../../model/session-input.ts';
import type { FeedStateChange } from '../../ports/market-feed.ts';

const START = 1_700_000_000_000_000;
const SECOND = 1_000_000;

/** A live feed whose session is a list. */
class World implements SessionFeedListener {
  readonly clock = new HandClock(START);
  readonly feeds: SaidFeed[] = [];
  readonly states: FeedStateChange[] = [];
  readonly told: (MarketBlock | MarketGap | PhaseChange)[] = [];
  readonly live: SessionFeed;
  news = 0;
  /** Rows that are still taken. */
  room = Number.POSITIVE_INFINITY;

  constructor() {
    const instruments = [instrumentOf(), instrumentOf({ id: 'BETA.XNYS' }, 1)];
    const makeFeed = (clock: ConstructorParameters<typeof SaidFeed>[0]): SaidFeed => {
      this.feeds.push(new SaidFeed(clock, instruments));
      return this.feeds.at(-1)!;
    };
    this.live = liveFeed({ makeFeed, onState: (change) => this.states.push(change) })(new SessionClock(this.clock, START, 1), this);
  }

  get feed(): SaidFeed {
    return this.feeds.at(-1)!;
  }

  onRows(block: MarketBlock): boolean {
    this.told.push(block);
    this.room -= block.length;
    return this.room > 0;
  }

  onAccountEvent(): boolean {
    throw new Error('a live feed has no account events');
  }

  onPhase(_: number, change: PhaseChange): void {
    this.told.push(change);
  }

  onGap(_: number, gap: MarketGap): void {
    this.told.push(gap);
  }

  onNews(): void {
    this.news += 1;
  }

  /** Connects a second after the start. */
  connect(): void {
    this.clock.advanceTo(START + SECOND);
    this.feed.is('CONNECTED', 'FEED_CONNECTED');
    this.take();
  }

  advance(us: number): void {
    this.clock.advanceTo(this.clock.now() + us);
  }

  /** What has come until a moment from now, in seconds since the start. */
  take(): readonly unknown[] {
    this.advance(1000);
    this.live.goOn();
    return this.told
      .splice(0)
      .map((each) =>
        'phase' in each ? phaseText(each) : 'reason' in each ? gapText(each) : `${'bidPrice' in each ? 'quotes' : 'trades'} ${each.length}`,
      );
  }
}

function phaseText({ instrument, phase, reason }: PhaseChange): string {
  return `${MARKET_PHASE_NAMES[phase]} ${instrument} ${reason}`;
}

function gapText({ tsFrom, tsTo, instruments, reason }: MarketGap): string {
  return `gap ${instruments?.join(' ') ?? 'all'} ${(tsFrom - START) / SECOND} ${(tsTo - START) / SECOND} ${reason}`;
}

describe('a live feed', () => {
  it('tells the session that something came, and hands it over when it is asked, rows that follow each other at once', () => {
    const world = new World();
    world.connect();
    const before = world.news;
    world.feed.quote(99, 101);
    world.feed.quote(98, 101);
    world.feed.trade(100);
    expect([world.news - before, world.told]).toEqual([1, []]);
    expect(world.live.nextTs).toBe(world.clock.now());
    expect(world.take()).toEqual(['quotes 2', 'trades 1']);
    expect(world.live.nextTs).toBe(Number.POSITIVE_INFINITY);
  });

  it('C-20: tells what the venue does with an instrument, between the rows that came before and after it', () => {
    const world = new World();
    world.connect();
    world.feed.quote(99, 101);
    world.feed.instrument(0, false, 'FEED_SYMBOL_HALTED');
    world.feed.quote(98, 101);
    world.feed.instrument(0, true, 'FEED_SYMBOL_TRADING');
    expect(world.take()).toEqual(['quotes 1', 'HALTED 0 FEED_SYMBOL_HALTED', 'quotes 1', 'TRADING 0 FEED_SYMBOL_TRADING']);
  });

  it('C-20: tells a session that comes back of what is traded, since it may know of a halt that is over', () => {
    const told = [false, true].map((isBack) => {
      const world = new World();
      if (isBack) world.live.skipTo(START);
      world.connect();
      world.feed.instrument(0, true, 'FEED_SYMBOL_TRADING');
      world.feed.instrument(0, true, 'FEED_SYMBOL_TRADING');
      return world.take();
    });
    expect(told).toEqual([[], ['TRADING 0 FEED_SYMBOL_TRADING']]);
  });

  it('keeps what it was lent', () => {
    const world = new World();
    world.connect();
    world.feed.quote(99, 101);
    world.advance(1000);
    world.live.goOn();
    expect(world.told).toMatchObject([{ bidPrice: Float64Array.of(99), tsInit: Float64Array.of(START + SECOND + 1000) }]);
  });

  it('marks the time until the first connection: what is built from its rows began earlier', () => {
    const world = new World();
    world.clock.advanceTo(START + 3 * SECOND);
    world.feed.is('DOWN', 'FEED_CONNECTION_FAILED');
    world.advance(SECOND);
    world.feed.is('RESYNCING', 'FEED_RESYNCING');
    world.feed.is('CONNECTED', 'FEED_CONNECTED');
    expect(world.take()).toEqual(['gap 0 1 0 4 FEED_STOPPED']);
  });

  it('S-25: marks a loss of all instruments from the last row on when it is known, and of those that missed something when it is over, once', () => {
    const world = new World();
    world.connect();
    world.advance(SECOND);
    world.feed.quote(99, 101);
    const lost = world.clock.now();
    world.advance(20 * SECOND);
    world.feed.is('DOWN', 'FEED_SILENT');
    world.feed.is('DOWN', 'FEED_CONNECTION_FAILED');
    expect(world.take()).toEqual(['quotes 1', 'gap 0 1 2.001 22.001 FEED_SILENT']);
    world.advance(5 * SECOND);
    world.feed.is('CONNECTED', 'FEED_CONNECTED');
    world.feed.gap(0, lost, 'FEED_SILENT');
    world.feed.gap(2, lost, 'FEED_SILENT');
    world.feed.quote(99, 101);
    world.feed.gap(1, lost, 'FEED_SILENT');
    world.feed.trade(100);
    expect(world.take()).toEqual(['gap 0 1 2.001 27.002 FEED_SILENT', 'quotes 1', 'trades 1']);
  });

  it('lets the feed go where the session takes too little, and takes it up again, with a gap, once half is taken', () => {
    const world = new World();
    world.connect();
    world.room = 1;
    for (let row = 0; row < LIVE_ROWS_MAX; row += 1) world.feed.quote(99, 101);
    expect([world.feeds.length, world.feed.isStopped, world.states.at(-1)!.state]).toEqual([1, false, 'CONNECTED']);
    world.advance(SECOND);
    world.feed.quote(99, 101);
    expect([world.feed.isStopped, world.states.at(-1)]).toEqual([
      true,
      expect.objectContaining({ state: 'DOWN', code: 'FEED_CORE_BEHIND' }),
    ]);
    world.advance(SECOND);
    world.take();
    expect(world.feeds.length).toBe(1);
    world.room = Number.POSITIVE_INFINITY;
    expect(world.take().at(-1)).toEqual('gap 0 1 1.001 2.001 FEED_CORE_BEHIND');
    expect(world.feeds.length).toBe(2);
    world.feed.is('CONNECTED', 'FEED_CONNECTED');
    const connected = world.clock.now();
    world.feed.quote(99, 101);
    expect(world.take()).toEqual([`gap 0 1 1.001 ${(connected - START) / SECOND} FEED_CORE_BEHIND`, 'quotes 1']);
  });

  it('tells of books that are worth nothing, where it begins anew and where it is let go', () => {
    const clock = new HandClock(START);
    const told: MarketBlock[] = [];
    const listener = {
      onRows: (block: MarketBlock) => told.push(block) > 0,
      onAccountEvent: () => true,
      onGap: () => {},
      onPhase: () => {},
      onNews: () => {},
    };
    const feeds: SaidFeed[] = [];
    const kinds = [BlockKind.QUOTES, BlockKind.BOOK_DELTAS];
    const makeFeed = (by: ConstructorParameters<typeof SaidFeed>[0]): SaidFeed => {
      feeds.push(new SaidFeed(by, [instrumentOf()], kinds));
      return feeds.at(-1)!;
    };
    const live = liveFeed({ makeFeed })(new SessionClock(clock, START, 1), listener);
    const unknown = { instrument: 0, kind: BlockKind.BOOK_DELTAS, length: 1, action: Int8Array.of(BookAction.GAP) };
    expect(live.skipTo(START)).toMatchObject([{ ...unknown, tsInit: Float64Array.of(START) }]);
    for (let row = 0; row <= LIVE_ROWS_MAX; row += 1) feeds[0]!.quote(99, 101);
    clock.advanceTo(START + SECOND);
    live.goOn();
    expect(told.at(-1)).toMatchObject(unknown);
  });

  it('tells nothing after its end', () => {
    const world = new World();
    world.connect();
    world.feed.quote(99, 101);
    world.live.stop();
    expect([world.take(), world.live.nextTs, world.feed.isStopped]).toEqual([[], Number.POSITIVE_INFINITY, true]);
  });
});
