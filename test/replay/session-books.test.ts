import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../files-kit.ts';
import { Chance } from '../properties/scenario.fixture.ts';
import { resolveRun, type ResolvedRun } from '../../src/app/backtest/resolve-run.ts';
import { readRunFile } from '../../src/app/run-file/read-run-file.ts';
import { planParts } from '../../src/app/session/plan-parts.ts';
import { sessionPlanOf } from '../../src/app/session/plan-session.ts';
import { loadStrategyFile } from '../../src/app/strategies/load-strategy-file.ts';
import { OrderBook } from '../../src/book/order-book.ts';
import { BlockKind, type MarketBlock } from '../../src/model/blocks.ts';
import type { SessionInput } from '../../src/model/session-input.ts';
import type { SessionOutput } from '../../src/model/session-output.ts';
import type { BlockReader } from '../../src/ports/block-reader.ts';
import { Backtest } from '../../src/runtime/backtest.ts';
import { HandClock } from '../../src/runtime/hand-clock.fixture.ts';
import { copyRows, decodeInput } from '../../src/runtime/session/input-codec.ts';
import { LocalCore } from '../../src/runtime/session/local-core.ts';
import { MemoryJournal } from '../../src/runtime/session/memory-journal.fixture.ts';
import { replayFeed } from '../../src/runtime/session/replay-feed.ts';
import { Session } from '../../src/runtime/session/session.ts';
import { loopSpecOf, type SessionPlan } from '../../src/runtime/session/session-plan.ts';

const folder = makeFolder();
afterAll(folder.remove);

const MINUTE_US = 60_000_000;
const TICK_US = 10_000;
const SEEDS = [1, 2];

/** An hour of a made-up market whose book is told by orders or by levels, market making in it, and somebody who takes. */
async function worldOf(seed: number, latency: string): Promise<{ readonly plan: SessionPlan; readonly resolved: ResolvedRun }> {
  const generated = `market: agents, seed: ${seed}, startPrice: 100, eventsPerSecond: 4`;
  const book = seed % 2 === 0 ? 'orders' : 'levels';
  const file = folder.write(
    `run-${seed}.yaml`,
    `period: { from: 2024-01-01, to: 2024-01-01T01:00:00Z }
instruments: [{ id: ABC-USD.SIM, kind: spot, priceDecimals: 2, quantityDecimals: 2 }]
accounts: [{ balances: { USD: 100000 } }]
venues: [{ name: SIM, latency: ${latency}, fees: { kind: makerTaker, maker: 0, taker: 0.0005 } }]
data:
  - { kind: book-deltas, generated: { ${generated}, book: ${book} } }
  - { kind: trades, generated: { ${generated} } }
strategies:
  - { use: market-making }
  - { use: moving-average-crossover, parameters: { fast: 3, slow: 9, every: 5s, weight: 0.3 } }
`,
  );
  const loaded = readRunFile(file);
  const resolved = await resolveRun(loaded, loadStrategyFile);
  return { resolved, plan: sessionPlanOf(loaded, resolved, resolved.open()) };
}

/** Clocks of exchanges are coarse: trades, and the changes of the book that they made, come at one time. */
function coarse<B extends MarketBlock>(reader: BlockReader<B>): BlockReader<B> {
  return {
    next: () => {
      const block = reader.next();
      if (block === null) return null;
      const rows = copyRows(block, 0, block.length) as B;
      for (const times of [rows.tsInit, rows.tsEvent]) for (let row = 0; row < rows.length; row += 1) times[row]! -= times[row]! % TICK_US;
      return rows;
    },
    close: () => reader.close(),
  };
}

function streamsOf(resolved: ResolvedRun): readonly BlockReader[] {
  return resolved.open().spec.streams.map(coarse);
}

interface Played {
  readonly digest: string;
  readonly journal: MemoryJournal;
  readonly outputs: readonly SessionOutput[];
  readonly core: LocalCore;
}

interface Way {
  readonly journal?: MemoryJournal;
  /** Where the clock begins, and where it ends. */
  readonly fromTs: number;
  readonly toTs: number;
  readonly goesOnAlone?: boolean;
}

async function play({ plan, resolved }: Awaited<ReturnType<typeof worldOf>>, seed: number, way: Way): Promise<Played> {
  const { journal = new MemoryJournal(), fromTs, toTs, goesOnAlone = false } = way;
  const chance = new Chance(seed);
  const clock = new HandClock(fromTs);
  const outputs: SessionOutput[] = [];
  const cores: LocalCore[] = [];
  const session = new Session({
    plan,
    journal,
    clock,
    speed: 1,
    goesOnAlone,
    // Often, so that what is killed begins from one.
    snapshots: { inputs: 300, journalBytes: 1e9, everyUs: 1e12 },
    openFeed: replayFeed(() => streamsOf(resolved)),
    connect: (made, listener) => {
      cores.push(new LocalCore(made, planParts(), listener));
      return cores[0]!;
    },
    listener: {
      onOutputs: (given) => outputs.push(...given),
      onFailure: (error) => {
        throw error;
      },
    },
  });
  await session.start();
  while (session.now() < toTs) {
    const now = clock.now() + Math.min(toTs - session.now(), 1 + chance.below(3 * MINUTE_US));
    if (chance.below(2) === 0) clock.advanceTo(now);
    else clock.jumpTo(now);
  }
  return { digest: await session.stop(), journal, outputs, core: cores[0]! };
}

/** The time of the last row, which ends a backtest: what is due after it no backtest hears of. */
function lastTsOf(resolved: ResolvedRun): number {
  let lastTs = 0;
  for (const stream of streamsOf(resolved))
    for (let block = stream.next(); block !== null; block = stream.next()) lastTs = Math.max(lastTs, block.tsInit[block.length - 1]!);
  return lastTs;
}

function inputsOf(journal: MemoryJournal): readonly SessionInput[] {
  return journal.records.slice(1).map((record) => decodeInput(record));
}

const LATENCIES = ['{ feed: 0ms, orderEntry: 0ms, response: 0ms }', '{ feed: 0ms, orderEntry: 20ms, response: 30ms }'];

describe.each(LATENCIES)('a session on order books, with %s', (latency) => {
  it('decides what a backtest decides that reads the books for itself, however its clock goes', async () => {
    for (const seed of SEEDS) {
      const world = await worldOf(seed, latency);
      const { plan, resolved } = world;
      const { spec } = resolved.open();
      const { engine, identity, sampling } = loopSpecOf(plan, planParts());
      const streams = spec.streams.map(coarse);
      const venues = spec.venues.map((venue) => ({ ...venue, depth: { ...venue.depth!, open: () => venue.depth!.open!().map(coarse) } }));
      const backtest = new Backtest({ ...spec, engine, identity, sampling, streams, venues });
      while (!backtest.advance(1_000_000));
      const played = await play(world, seed, { fromTs: plan.tradingFromTs, toTs: lastTsOf(resolved) });
      expect([seed, played.digest]).toEqual([seed, backtest.digest()]);
      const fills = played.outputs.flatMap(({ records }) =>
        records.filter(({ kind }) => kind === 'OrderFilled' || kind === 'OrderPartiallyFilled'),
      );
      expect(fills.length).toBeGreaterThan(10);
    }
  });

  it('that is killed anywhere and started again decides the same', async () => {
    for (const seed of SEEDS) {
      const world = await worldOf(seed, latency);
      const way = { fromTs: world.plan.tradingFromTs, toTs: world.plan.tradingFromTs + 20 * MINUTE_US };
      const whole = await play(world, seed, way);
      const killedAt = 1 + new Chance(seed + 1).below(whole.journal.lastSequence);
      const again = await play(world, seed, { ...way, journal: whole.journal.cutAt(killedAt) });
      expect([seed, killedAt, again.digest]).toEqual([seed, killedAt, whole.digest]);
    }
  });
});

describe('a session on a market that went on without it', () => {
  it.each(SEEDS)('has the book of that time when it comes back, and again, and again (market %i)', async (seed) => {
    const world = await worldOf(seed, LATENCIES[1]!);
    const { plan, resolved } = world;
    const from = plan.tradingFromTs;
    let { journal } = await play(world, seed, { fromTs: from, toTs: from + 10 * MINUTE_US, goesOnAlone: true });
    let endedTs = 0;
    const short = [1, 2, 3, 4].map((tenMs) => 10 * MINUTE_US + tenMs * 10_000);
    const backs = [...short, 25 * MINUTE_US, 45 * MINUTE_US, 44 * MINUTE_US];
    for (const back of backs) {
      // A few rows have gone by in 10 ms, fewer than the book has levels.
      const staysUs = short.includes(back) ? 0 : 5 * MINUTE_US;
      const way = { fromTs: from + back, toTs: from + back + staysUs, goesOnAlone: true };
      endedTs = journal.records.at(-1)!.ts;
      const played = await play(world, seed, { ...way, journal: journal.cutAt(journal.lastSequence) });
      journal = played.journal;
      expect(bookOf(played.core)).toEqual(bookAt(resolved, played.core.core.now));
    }
    const gaps = inputsOf(journal).filter(({ kind }) => kind === 'GAP');
    // Where the clock stands behind the journal, it goes on from the next instant.
    expect(gaps.map(({ ts }) => ts - from)).toEqual([...backs.slice(0, -1), endedTs + 1 - from]);
  });
});

type Levels = readonly (readonly [price: number, quantity: number])[];

/** What the house has of the book. */
function bookOf({ core }: LocalCore): Levels {
  return levelsOf(core.loop.engine.marketData.books.of(0));
}

/** What the market has at a time. */
function bookAt(resolved: ResolvedRun, ts: number): Levels {
  const book = new OrderBook();
  for (const stream of streamsOf(resolved))
    for (let block = stream.next(); block !== null && block.tsInit[0]! <= ts; block = stream.next()) {
      if (block.kind !== BlockKind.BOOK_DELTAS) break;
      for (let row = 0; row < block.length && block.tsInit[row]! <= ts; row += 1) book.apply(block, row);
    }
  return levelsOf(book);
}

function levelsOf(book: OrderBook): Levels {
  expect(book.isUsable).toBe(true);
  return [1, -1].flatMap((side) => {
    const levels: (readonly [number, number])[] = [];
    for (let price = book.best(side); price !== 0; price = book.priceAfter(side, price)) levels.push([price, book.quantityAt(side, price)]);
    return levels;
  });
}
