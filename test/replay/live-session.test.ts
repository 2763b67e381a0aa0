import { describe, expect, it } from 'vitest';
import { FakeVenue, infoText, quoteText, START, settled, tradeText } from '../../src/adapters/binance/feed.fixture.ts';
import { SpotFeed } from '../../src/adapters/binance/spot-feed.ts';
import { type Random, stream as seededStream } from '../../src/base/random.ts';
import type { StrategyClass } from '../../src/core/strategy/strategy.ts';
import { BlockKind, type MarketBlock } from '../../src/model/blocks.ts';
import type { BlockReader } from '../../src/ports/block-reader.ts';
import { Backtest } from '../../src/runtime/backtest.ts';
import { scripted } from '../../src/runtime/backtest.fixture.ts';
import { decodeInput } from '../../src/runtime/session/input-codec.ts';
import { liveFeed } from '../../src/runtime/session/live-feed.ts';
import { LocalCore } from '../../src/runtime/session/local-core.ts';
import { MemoryJournal } from '../../src/runtime/session/memory-journal.fixture.ts';
import { Session } from '../../src/runtime/session/session.ts';
import { PLAN_SEQUENCE, SessionCore } from '../../src/runtime/session/session-core.ts';
import { planOf } from '../../src/runtime/session/session-plan.fixture.ts';
import { loopSpecOf, type PlanParts } from '../../src/runtime/session/session-plan.ts';

const SECOND = 1_000_000;
const PLAN = planOf({ startTs: START, tradingFromTs: START });
const [SHARE] = PLAN.instruments;
const SUBSCRIPTIONS = [BlockKind.QUOTES, BlockKind.TRADES].map((kind) => ({
  instrument: SHARE!,
  symbol: 'BTCUSDT',
  kind: kind as typeof BlockKind.QUOTES,
  every: null,
  series: 0,
}));

/** A strategy that orders on quotes, trades, bars and timers alike: where one of them came at another time, its orders would be others. */
function restless(): StrategyClass {
  let count = 0;
  const next = (every: number): boolean => (count += 1) % every === 0;
  return scripted({
    onStart: (s) => {
      s.subscribeQuotes(0);
      s.subscribeTrades(0);
      s.subscribeBars(0, '10s');
    },
    onQuote: (s, quote) => {
      // Not at the start: a session begins before its first row comes, a backtest with it.
      if (count === 0) s.setInterval('tick', 3 * SECOND);
      if (next(5)) s.limitOrder(0, 'BUY', 1, quote.bidPrice - (count % 3));
    },
    onTrade: (s) => {
      if (next(7)) s.marketOrder(0, s.position(0) > 0 ? 'SELL' : 'BUY', 1);
    },
    onBar: (s) => void s.marketOrder(0, 'BUY', 1),
    onTimer: (s) => {
      if (s.position(0) > 3) s.marketOrder(0, 'SELL', 3);
    },
  });
}

const parts = (): PlanParts => {
  const strategyClass = restless();
  return {
    calendarOf: () => {
      throw new Error('no calendars');
    },
    classOf: () => strategyClass,
  };
};

/** A venue whose line is cut by chance, and a session that listens to it. */
class Listened {
  readonly venue = new FakeVenue();
  readonly session: Session;
  private readonly random: Random;
  private accepted = 0;
  private isCut = true;
  private ids: number;

  constructor(journal: MemoryJournal, random: Random, startTs: number, firstId: number) {
    const { venue } = this;
    venue.clock.jumpTo(startTs);
    // As the instrument counts them: what cannot be read is not traded.
    venue.info = infoText().replace('"stepSize":"0.00001000"', '"stepSize":"1.00000000"');
    this.random = random;
    this.ids = firstId;
    this.session = new Session({
      plan: PLAN,
      journal,
      clock: venue.clock,
      speed: 1,
      goesOnAlone: true,
      openFeed: liveFeed({
        makeFeed: (clock) =>
          new SpotFeed({
            subscriptions: SUBSCRIPTIONS,
            clock,
            addresses: { rest: 'http://venue', streams: 'ws://venue' },
            seed: 1,
            openSocket: venue.openSocket,
            fetchText: venue.fetchText,
          }),
      }),
      connect: (plan, listener) => new LocalCore(plan, parts(), listener),
      listener: {
        onFailure: (error) => {
          throw error;
        },
      },
    });
  }

  async play(steps: number): Promise<void> {
    await this.session.start();
    for (let step = 0; step < steps; step += 1) {
      await this.accept();
      this.happen();
      // Many things come within one of the clock's milliseconds.
      if (this.random.nextBelow(2) === 0)
        await this.venue.advance(1000 * (this.random.nextBelow(20) === 0 ? this.random.nextBelow(8000) : 1));
    }
  }

  /** Ends with a row: of what time brings after the last one a backtest does not hear. */
  async end(): Promise<string> {
    while (!this.isUp) {
      await this.accept();
      await this.venue.advance(SECOND / 10);
    }
    this.venue.socket.say(quoteText(this.ids + 1, text(9_000), text(9_001)));
    await this.venue.advance(1000);
    return this.session.stop();
  }

  private get isUp(): boolean {
    return !this.isCut && !this.venue.socket.isTerminated && this.accepted === this.venue.sockets.length;
  }

  private happen(): void {
    const { random, venue } = this;
    const price = 9_000 + random.nextBelow(200);
    this.ids += 1;
    switch (random.nextBelow(40)) {
      case 0:
        this.isCut = true;
        return venue.socket.close();
      case 1:
        return venue.clock.advanceTo(venue.clock.now() + 30 * SECOND);
      default:
        if (random.nextBelow(2) === 0) venue.socket.say(quoteText(this.ids, text(price), text(price + 1 + random.nextBelow(5))));
        else venue.socket.say(tradeText(this.ids, text(price), `${1 + random.nextBelow(9)}.00000000`));
    }
  }

  private async accept(): Promise<void> {
    if (this.accepted === this.venue.sockets.length || this.random.nextBelow(3) > 0) return;
    this.accepted = this.venue.sockets.length;
    this.isCut = false;
    this.venue.socket.accept();
    await settled();
  }
}

function text(cents: number): string {
  return (cents / 100).toFixed(8);
}

interface Heard {
  readonly rows: readonly MarketBlock[];
  readonly gaps: number;
}

/** What a journal says came. */
function heard(journal: MemoryJournal): Heard {
  const inputs = journal.records.slice(PLAN_SEQUENCE).map((record) => decodeInput(record));
  return {
    rows: inputs.flatMap((input) => (input.kind === 'ROWS' ? [input.block] : [])),
    gaps: inputs.filter(({ kind }) => kind === 'GAP').length,
  };
}

function reader(blocks: readonly MarketBlock[]): BlockReader {
  const left = [...blocks];
  return { next: () => left.shift() ?? null, close: () => {} };
}

function backtested(rows: readonly MarketBlock[]): Backtest {
  const streams = [BlockKind.QUOTES, BlockKind.TRADES].map((kind) => reader(rows.filter((block) => block.kind === kind)));
  const spec = { ...loopSpecOf(PLAN, parts()), name: 'again', streams, accountEvents: [], atEnd: 'leaveOpen', stepRowsMax: 64 } as const;
  const backtest = new Backtest(spec);
  while (!backtest.advance(1_000_000));
  return backtest;
}

function replayed(journal: MemoryJournal): string {
  const core = new SessionCore(PLAN, parts());
  for (const record of journal.records.slice(PLAN_SEQUENCE)) core.take(record.sequence, decodeInput(record));
  return core.digest();
}

describe('INV-16 a session on a live feed', () => {
  it('S-20, S-25: cut off, killed and started again, has decided what a replay of its journal decides, and what a backtest on the rows that it heard does', async () => {
    let fills = 0;
    let gaps = 0;
    for (let seed = 1; seed <= 15; seed += 1) {
      const random = seededStream(seed, 'live-session');
      const first = new MemoryJournal();
      const before = new Listened(first, random, START, 0);
      await before.play(150);
      const journal = first.cutAt(1 + random.nextBelow(first.lastSequence));
      const after = new Listened(journal, random, before.venue.clock.now() + random.nextBelow(60) * SECOND, 10_000);
      await after.play(150);
      const digest = await after.end();
      expect([seed, replayed(journal)]).toEqual([seed, digest]);
      const { rows, gaps: heardGaps } = heard(journal);
      const backtest = backtested(rows);
      expect([seed, backtest.digest()]).toEqual([seed, digest]);
      gaps += heardGaps;
      fills += backtest.recorder.fills.length;
    }
    // There was something to be wrong about.
    expect([fills > 150, gaps > 100]).toEqual([true, true]);
  });
});
