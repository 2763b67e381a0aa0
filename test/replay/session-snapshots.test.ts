import v8 from 'node:v8';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { Chance } from '../properties/scenario.fixture.ts';
import { LiveGraph } from './live-graph.fixture.ts';
import { planOfWorld, type PlayedSession, playWorld, WORLD_PARTS, worldOf } from './session-world.fixture.ts';
import { EXCEPTIONS } from './snapshot-exceptions.fixture.ts';
import { readerOf, START } from '../simulation/world.fixture.ts';
import { Strategy } from '../../src/core/strategy/strategy.ts';
import type { SessionOutput } from '../../src/model/session-output.ts';
import { HandClock } from '../../src/runtime/hand-clock.fixture.ts';
import { decodeInput } from '../../src/runtime/session/input-codec.ts';
import { LocalCore } from '../../src/runtime/session/local-core.ts';
import { MemoryJournal } from '../../src/runtime/session/memory-journal.fixture.ts';
import { replayFeed } from '../../src/runtime/session/replay-feed.ts';
import { Session } from '../../src/runtime/session/session.ts';
import { SessionCore, type SessionCoreState } from '../../src/runtime/session/session-core.ts';
import { SessionMirror } from '../../src/runtime/session/session-mirror.ts';
import { decodeSnapshot, encodeSnapshot, type SnapshotParts } from '../../src/runtime/session/snapshot-codec.ts';

const NEVER = { inputs: Infinity, journalBytes: Infinity, everyUs: Infinity };
const OFTEN = { ...NEVER, inputs: 25 };
const SEEDS = [1, 2, 3, 4];

const graph = new LiveGraph({
  ...EXCEPTIONS,
  'SessionCore.parts': ['skip', 'the parts, which are given'],
  'SessionCore.plan': ['skip', 'as the parts'],
  'TradingLoop.spec': ['skip', 'as the parts'],
  'EngineOptions.strategies': ['skip', 'as the parts'],
});
afterAll(() => graph.close());

const whole = new Map<number, PlayedSession>();
/** A session that was never saved and never stopped. */
async function wholeOf(seed: number): Promise<PlayedSession> {
  const known = whole.get(seed) ?? (await playWorld(seed, { snapshots: NEVER }));
  whole.set(seed, known);
  return known;
}

const upTo = (outputs: readonly SessionOutput[], from: number, to: number): readonly SessionOutput[] =>
  outputs.filter(({ sequence }) => sequence > from && sequence <= to);

/** The journal of a session that was killed after a record, with every snapshot that it had. */
async function killedAt(seed: number, record: number): Promise<MemoryJournal> {
  const { journal } = await playWorld(seed, { snapshots: OFTEN });
  return journal.cutAt(Math.min(record, journal.lastSequence - 1));
}

/** Snapshot `at` of a journal, newest first, with something in it changed. */
async function changeSnapshot(journal: MemoryJournal, at: number, change: (parts: SnapshotParts) => SnapshotParts): Promise<number> {
  const place = journal.saved.length - 1 - at;
  const { sequence, state } = journal.saved[place]!;
  journal.saved[place] = { sequence, state: await encodeSnapshot(change(decodeSnapshot(state))) };
  return sequence;
}

const recoveryOf = ({ news }: PlayedSession) => news.filter(({ kind }) => kind === 'passedOver' || kind === 'recovered');

describe('INV-09 a session that is saved while it runs', () => {
  it('decides and says what one decides that is not', async () => {
    for (const seed of SEEDS) {
      const [saved, plain] = [await playWorld(seed, { snapshots: OFTEN }), await wholeOf(seed)];
      expect([seed, saved.digest]).toEqual([seed, plain.digest]);
      expect(upTo(saved.outputs, 0, Infinity)).toEqual(plain.outputs);
      expect(saved.journal.saved.length).toBeGreaterThan(5);
      // The end is always there: whoever starts it again has nothing to replay.
      expect(saved.journal.saved.at(-1)!.sequence).toBe(saved.journal.lastSequence);
    }
  });

  it('INV-12, S-20: killed anywhere it goes on from its newest snapshot, replays the rest and nothing else, and comes to the same end', async () => {
    for (const seed of SEEDS) {
      const plain = await wholeOf(seed);
      const chance = new Chance(seed + 11);
      const journal = await killedAt(seed, 30 + chance.below(plain.journal.lastSequence - 60));
      const snapshot = journal.saved.at(-1)?.sequence ?? 1;
      const cut = journal.lastSequence;
      const again = await playWorld(seed, { journal, snapshots: OFTEN });
      const where = `seed ${seed}, killed after ${cut}, snapshot of ${snapshot}`;
      expect([where, again.digest]).toEqual([where, plain.digest]);
      expect(recoveryOf(again)).toEqual([expect.objectContaining({ kind: 'recovered', snapshot, replayed: cut - snapshot })]);
      expect([where, again.outputs[0]!.sequence]).toEqual([where, snapshot + 1]);
      expect(upTo(again.outputs, snapshot, cut)).toEqual(upTo(plain.outputs, snapshot, cut));
      // The dashboard shows what it would have shown.
      expect(again.mirror.saveState()).toEqual(plain.mirror.saveState());
    }
  });

  it('is saved when history has been played, if there was any to speak of', async () => {
    for (const [historyInputs, taken] of [
      [5, 1],
      [1_000_000, 0],
    ] as const) {
      const journal = new MemoryJournal();
      const clock = new HandClock(START);
      const session = new Session({
        plan: { ...planOfWorld(1), tradingFromTs: START + 600_000_000 },
        journal,
        clock,
        speed: 1,
        goesOnAlone: false,
        openFeed: replayFeed(() => worldOf(1).streams.map((stream) => readerOf(stream, 64))),
        connect: (made, listener) => new LocalCore(made, WORLD_PARTS, listener),
        snapshots: { ...NEVER, historyInputs },
        listener: {},
      });
      await session.start();
      clock.advanceTo(START + 1_000_000);
      await vi.waitUntil(() => session.phase === 'RUNNING' && journal.saved.length === taken);
      expect([historyInputs, journal.saved.length]).toEqual([historyInputs, taken]);
      await session.stop();
    }
  });

  it('is stopped and started again and again, and nobody could tell', async () => {
    const seed = SEEDS[1]!;
    const plain = await wholeOf(seed);
    const chance = new Chance(99);
    let journal = await killedAt(seed, 40);
    for (let cut = 60; cut < plain.journal.lastSequence - 20; cut += 40 + chance.below(60)) {
      const life = await playWorld(seed, { journal, snapshots: { ...OFTEN, inputs: 1 + chance.below(30) } });
      expect([cut, life.digest]).toEqual([cut, plain.digest]);
      journal = life.journal.cutAt(cut);
    }
  });
});

describe('a snapshot that does not serve', () => {
  const SEED = SEEDS[0]!;
  const core = (parts: SnapshotParts, change: (state: SessionCoreState) => unknown): SnapshotParts => ({
    ...parts,
    core: v8.serialize(change(v8.deserialize(parts.core) as SessionCoreState)),
  });

  it.each<[string, (parts: SnapshotParts) => SnapshotParts, RegExp]>([
    [
      'an engine of another version',
      (parts) => core(parts, (state) => ({ ...state, loop: { ...state.loop, engine: { ...state.loop.engine, version: 99 } } })),
      /version 99/,
    ],
    ['a core of another version', (parts) => core(parts, (state) => ({ ...state, version: 99 })), /version 99/],
    ['another form', ({ head, ...parts }) => ({ ...parts, head: { ...head, version: 99 } }), /version 99/],
    ['another mirror', ({ head, ...parts }) => ({ ...parts, head: { ...head, followerVersion: 99 } }), /version 99/],
    ['another session', ({ head, ...parts }) => ({ ...parts, head: { ...head, planHash: 'other' } }), /another session/],
    [
      'a journal that went another way',
      ({ head, ...parts }) => ({ ...parts, head: { ...head, recordChecksum: 1 } }),
      /not input \d+ of this/,
    ],
    ['an input at another time', ({ head, ...parts }) => ({ ...parts, head: { ...head, ts: head.ts + 1 } }), /not input \d+ of this/],
    [
      'a state that says something else',
      (parts) =>
        core(parts, (state) => ({ ...state, loop: { ...state.loop, recorder: { ...state.loop.recorder, digest: [1, 2, 3, 4] } } })),
      /another digest/,
    ],
    ['half a state', (parts) => core(parts, ({ loop: { venues: _, ...loop }, ...state }) => ({ ...state, loop })), /./],
    ['half a mirror', ({ follower: { markets: _, ...follower }, ...parts }) => ({ ...parts, follower }), /./],
    ['no state at all', (parts) => ({ ...parts, core: new Uint8Array([1, 2, 3]) }), /./],
  ])('%s: it is told of and passed over, and an older one serves', async (_, change, reason) => {
    const plain = await wholeOf(SEED);
    const journal = await killedAt(SEED, 150);
    const bad = await changeSnapshot(journal, 0, change);
    const older = journal.saved.at(-2)!.sequence;
    const again = await playWorld(SEED, { journal, snapshots: NEVER });
    expect(recoveryOf(again)).toEqual([
      { kind: 'passedOver', sequence: bad, reason: expect.stringMatching(reason) as string },
      expect.objectContaining({ kind: 'recovered', snapshot: older }),
    ]);
    expect(again.digest).toBe(plain.digest);
    expect(again.mirror.saveState()).toEqual(plain.mirror.saveState());
  });

  it('leaves the start, where none does', async () => {
    const plain = await wholeOf(SEED);
    const journal = await killedAt(SEED, 150);
    journal.saved = journal.saved.map(({ sequence }) => ({ sequence, state: new Uint8Array([31, 139, 0]) }));
    const bad = journal.saved.length;
    const again = await playWorld(SEED, { journal, snapshots: NEVER });
    expect(recoveryOf(again).map(({ kind }) => kind)).toEqual([...Array.from({ length: bad }, () => 'passedOver'), 'recovered']);
    expect(recoveryOf(again).at(-1)).toMatchObject({ snapshot: 0, replayed: journal.cutAt(150).lastSequence - 1 });
    expect(again.digest).toBe(plain.digest);
    expect(again.outputs[0]!.sequence).toBe(2);
  });

  it('is not taken where a strategy cannot be saved: the session says so and goes on', async () => {
    class Secretive extends Strategy {
      private readonly socket = Symbol('no data');

      override onStart(): void {
        this.subscribeTrades(1);
      }

      override onTrade(): void {
        this.log(String(this.socket));
      }
    }
    const parts = { ...WORLD_PARTS, classOf: () => Secretive as never };
    const played = await playWorld(SEED, { snapshots: OFTEN, connect: (plan, listener) => new LocalCore(plan, parts, listener) });
    expect(played.journal.saved).toEqual([]);
    expect(played.news[0]).toMatchObject({ kind: 'notTaken', reason: expect.stringContaining('socket') as string });
    expect(played.outputs.at(-1)!.sequence).toBe(played.journal.lastSequence);
  });
});

describe('INV-09 a session of a market that went on without it', () => {
  /** Goes on from a cut, five seconds later, for five minutes. */
  async function goOnFrom(cut: number, inputs: number): Promise<{ readonly digest: string; readonly sequence: number }> {
    const { journal: whole } = await wholeOf(1);
    const journal = whole.cutAt(cut);
    journal.saved.length = 0;
    const clock = new HandClock(journal.records.at(-1)!.ts + 5_000_000);
    const session = new Session({
      plan: planOfWorld(1),
      journal,
      clock,
      speed: 1,
      goesOnAlone: true,
      openFeed: replayFeed(() => worldOf(1).streams.map((stream) => readerOf(stream, 64))),
      connect: (made, listener) => new LocalCore(made, WORLD_PARTS, listener),
      snapshots: { ...NEVER, inputs },
      listener: {
        onFailure: (error) => {
          throw error;
        },
      },
    });
    await session.start();
    for (let second = 0; second < 300; second += 1) {
      clock.advanceTo(clock.now() + 1_000_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const digest = await session.stop();
    return { digest, sequence: session.sequence };
  }

  it('goes on where it must be saved first, and decides what it decides where it need not', async () => {
    for (const cut of [60, 75, 90, 111, 130]) {
      const plain = await goOnFrom(cut, Number.POSITIVE_INFINITY);
      expect(plain.sequence).toBeGreaterThan(cut + 5);
      expect([cut, await goOnFrom(cut, 25)]).toEqual([cut, plain]);
    }
  });
});

describe('what a snapshot holds', () => {
  it('is all that a core remembers: every field of every object of one that was loaded', async () => {
    for (const seed of SEEDS) {
      const { journal } = await wholeOf(seed);
      const most = 30 + new Chance(seed + 7).below(journal.lastSequence - 40);
      const inputs = journal.records.slice(1, most).map((record) => ({ record, input: decodeInput(record) }));
      // Where an instant is whole.
      const end = inputs.findLastIndex(({ input }) => input.kind !== 'ROWS' || input.goesOn !== true) + 1;
      const saved = new SessionCore(planOfWorld(seed), WORLD_PARTS);
      for (const { record, input } of inputs.slice(0, end)) saved.take(record.sequence, input);
      const loaded = new SessionCore(planOfWorld(seed), WORLD_PARTS);
      loaded.loadState(v8.deserialize(v8.serialize(saved.saveState())) as SessionCoreState);
      expect([seed, end, graph.differences(saved, loaded)]).toEqual([seed, end, []]);
      expect(loaded.saveState()).toEqual(saved.saveState());
      expect(loaded.digest()).toBe(saved.digest());
    }
  });

  it('is all that a mirror shows', async () => {
    const { mirror, journal } = await wholeOf(SEEDS[2]!);
    const plan = planOfWorld(SEEDS[2]!);
    const again = new SessionMirror({ plan, mode: 'PAPER', now: () => 0, descriptorsOf: () => ({}) });
    again.loadState(v8.deserialize(v8.serialize(mirror.saveState())) as Record<string, unknown>);
    const shown = (of: SessionMirror): unknown => ({
      ...{ sequence: of.sequence, ts: of.ts, positions: of.positions(), accounts: of.accounts(), strategies: of.strategies() },
      orders: of.orders({ standing: 'any', instrument: null, strategy: null }, { limit: 5_000 }),
      each: of
        .orders({ standing: 'any', instrument: null, strategy: null }, { limit: 5_000 })
        .items.map((order) => of.order(order.clientOrderId)),
      open: of.openOrders(),
      fills: of.fills({ instrument: null, strategy: null }, { limit: 5_000 }),
      notes: [of.denials({ limit: 500 }), of.alerts({ limit: 500 }), of.gaps({ limit: 500 }), of.log({ limit: 500 })],
      curve: of.equityCurve(0),
      metrics: of.metrics(0),
      limits: of.limits(),
      switches: of.tradingSwitches(),
      markets: [0, 1, 2].map((instrument) => ({
        ...{ ts: of.marketTs(instrument), mark: of.markPx(instrument), quote: of.quote(instrument), book: of.book(instrument, 5) },
        trades: of.trades(instrument, 500),
        candles: (['1m', '5m', '1h'] as const).map((interval) => of.candles(instrument, interval, Infinity, 500)),
      })),
    });
    expect(shown(again)).toEqual(shown(mirror));
    expect(journal.lastSequence).toBe(mirror.sequence);
    expect(mirror.fills({ instrument: null, strategy: null }, { limit: 5_000 }).items.length).toBeGreaterThan(20);
    expect(mirror.equityCurve(0).ts.length).toBeGreaterThan(10);
  });
});
