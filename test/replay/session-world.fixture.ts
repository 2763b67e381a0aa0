import { Chance } from '../properties/scenario.fixture.ts';
import { drawStreams, readerOf, specOf, START, trader } from '../simulation/world.fixture.ts';
import type { StrategyClass } from '../../src/core/strategy/strategy.ts';
import { BlockKind } from '../../src/model/blocks.ts';
import type { SessionCommand } from '../../src/model/session-input.ts';
import type { SessionOutput } from '../../src/model/session-output.ts';
import { TradingState } from '../../src/model/trading-state.ts';
import { HandClock } from '../../src/runtime/hand-clock.fixture.ts';
import { RecordKind } from '../../src/runtime/session/input-codec.ts';
import { LocalCore } from '../../src/runtime/session/local-core.ts';
import { MemoryJournal } from '../../src/runtime/session/memory-journal.fixture.ts';
import { replayFeed } from '../../src/runtime/session/replay-feed.ts';
import { Session, type SessionOptions } from '../../src/runtime/session/session.ts';
import { SessionMirror } from '../../src/runtime/session/session-mirror.ts';
import { type PlanParts, SESSION_PLAN_VERSION, type SessionPlan } from '../../src/runtime/session/session-plan.ts';
import type { SessionFollower, SnapshotNews } from '../../src/runtime/session/session-snapshots.ts';

/*
 * Sessions on the small exchange of the simulation tests: two strategies that trade at random, from all that they are shown, and a person who gives every
 * kind of command.
 */

const MINUTES = 40;
const END = START + MINUTES * 60_000_000;

/** Commands at their times, drawn from a seed. */
function drawCommands(seed: number): readonly { readonly ts: number; readonly command: SessionCommand }[] {
  const chance = new Chance(seed + 4_242);
  const scope = { kind: 'FIRM' } as const;
  const times = Array.from({ length: 14 }, () => START + 60_000_000 + chance.below(END - START - 120_000_000)).sort((a, b) => a - b);
  return times.map((ts) => ({
    ts,
    command: chance.pick<SessionCommand>([
      { kind: 'PlaceOrder', order: { instrument: 1, side: 'BUY', orderType: 'MARKET', quantity: '3' } },
      { kind: 'PlaceOrder', order: { instrument: 0, side: 'SELL', orderType: 'LIMIT', quantity: '2', limitPrice: '120' } },
      { kind: 'CancelAll', strategy: null, instrument: null },
      { kind: 'StopStrategy', strategy: 0, openOrders: 'cancel', reason: 'enough' },
      { kind: 'StartStrategy', strategy: 0, parameters: { seed: 1 + chance.below(99) } },
      { kind: 'SetTradingState', scope, state: TradingState.REDUCING, reason: 'lunch' },
      { kind: 'SetTradingState', scope, state: TradingState.ACTIVE, reason: 'back' },
      { kind: 'Kill', scope, flatten: false, reason: 'odd' },
      { kind: 'Release', scope, reason: 'looked at' },
      { kind: 'FlattenPosition', strategy: 0, instrument: 1, tag: 'by hand' },
      { kind: 'ChangeLimit', scope, name: 'maxOpenOrders', value: String(2 + chance.below(9)), mayRaise: true, reason: 'nerves' },
    ]),
  }));
}

export function planOfWorld(seed: number): SessionPlan {
  const { engine, venues, fees } = specOf(worldOf(seed));
  return {
    version: SESSION_PLAN_VERSION,
    name: 'world',
    identity: ['world'],
    startTs: START,
    tradingFromTs: START,
    instruments: engine.instruments,
    calendars: [null, null, null],
    fees,
    accounts: engine.accounts,
    weightBufferPpb: engine.weightBufferPpb,
    series: engine.series,
    conversions: [],
    kinds: [[BlockKind.BARS], [BlockKind.TRADES, BlockKind.QUOTES], [BlockKind.BARS]],
    limits: {},
    marketData: {},
    historyRows: engine.historyRows ?? 256,
    venues,
    sampling: { kind: 'interval', everyUs: 90_000_000 },
    strategies: engine.strategies.map(({ name, parameters, instruments }) => ({
      name,
      source: { kind: 'shipped', name: 'trader' },
      parameters: parameters as SessionPlan['strategies'][number]['parameters'],
      instruments,
    })),
  };
}

export function worldOf(seed: number): Parameters<typeof specOf>[0] {
  const delayUs = [0, 1_000, 3_000_000][seed % 3]!;
  const strategies = [trader(seed), { ...trader(seed + 50), name: 'second' }];
  return { streams: drawStreams(seed, MINUTES), strategies, orderEntryUs: delayUs, responseUs: delayUs, dollars: 20_000n };
}

export const WORLD_PARTS: PlanParts = {
  calendarOf: () => {
    throw new Error('no calendars');
  },
  classOf: () => trader(1).strategyClass as StrategyClass,
};

export interface PlayOptions {
  readonly journal?: MemoryJournal;
  readonly snapshots: SessionOptions['snapshots'];
  /** Another one than the core in this thread. */
  readonly connect?: SessionOptions['connect'];
}

export interface PlayedSession {
  readonly digest: string;
  readonly journal: MemoryJournal;
  readonly outputs: readonly SessionOutput[];
  readonly news: readonly SnapshotNews[];
  readonly mirror: SessionMirror;
}

/** Plays a session to its end by a clock that goes in steps of chance; one whose journal has something goes on with it. */
export async function playWorld(seed: number, { journal = new MemoryJournal(), snapshots, connect }: PlayOptions): Promise<PlayedSession> {
  const plan = planOfWorld(seed);
  const chance = new Chance(seed);
  const clock = new HandClock(0);
  const outputs: SessionOutput[] = [];
  const news: SnapshotNews[] = [];
  const given = journal.records.filter(({ kind }) => kind === RecordKind.COMMAND).length;
  const commands = drawCommands(seed).slice(given);
  const mirror = new SessionMirror({ plan, mode: 'PAPER', now: () => session.now(), descriptorsOf: () => ({}) });
  let begun = 0;
  const follower: SessionFollower = {
    stateVersion: mirror.stateVersion,
    checkState: (state) => mirror.checkState(state),
    loadState: (state) => mirror.loadState(state),
    saveState: () => {
      begun += 1;
      return mirror.saveState();
    },
  };
  const session: Session = new Session({
    plan,
    journal,
    clock,
    speed: 1,
    goesOnAlone: false,
    openFeed: replayFeed(() => worldOf(seed).streams.map((stream) => readerOf(stream, 64))),
    connect: connect ?? ((made, listener) => new LocalCore(made, WORLD_PARTS, listener)),
    follower,
    ...(snapshots === undefined ? {} : { snapshots }),
    listener: {
      onPhase: (phase) => mirror.onPhase(phase),
      onRows: (block) => mirror.onRows(block),
      onOutputs: (told) => {
        mirror.onOutputs(told);
        outputs.push(...told);
      },
      onSnapshot: (told) => news.push(told),
      onFailure: (error) => {
        throw error;
      },
    },
  });
  await session.start();
  const goTo = async (ts: number): Promise<void> => {
    while (session.now() < ts) {
      clock.advanceTo(clock.now() + Math.min(ts - session.now(), 1 + chance.below(200_000_000)));
      // What is done beside the session has its turn, to its end: so snapshots lie where they lay the last time.
      while (news.filter(({ kind }) => kind === 'taken' || kind === 'notTaken').length < begun)
        await new Promise((resolve) => setImmediate(resolve));
    }
  };
  for (const { ts, command } of commands) {
    await goTo(ts);
    await session.command('ann', command);
  }
  await goTo(END);
  return { digest: await session.stop(), journal, outputs, news, mirror };
}
