import { describe, expect, it } from 'vitest';
import { specOf } from '../properties/engine-side.fixture.ts';
import { Chance, drawScenario, type Scenario } from '../properties/scenario.fixture.ts';
import { instrumentWith } from '../../src/model/instrument.fixture.ts';
import type { RiskLimits } from '../../src/core/risk/limits.ts';
import type { StrategyClass } from '../../src/core/strategy/strategy.ts';
import { Backtest } from '../../src/runtime/backtest.ts';
import { HandClock } from '../../src/runtime/hand-clock.fixture.ts';
import { LocalCore } from '../../src/runtime/session/local-core.ts';
import { MemoryJournal } from '../../src/runtime/session/memory-journal.fixture.ts';
import { replayFeed } from '../../src/runtime/session/replay-feed.ts';
import { Session } from '../../src/runtime/session/session.ts';
import { SESSION_PLAN_VERSION, type SessionPlan } from '../../src/runtime/session/session-plan.ts';
import type { AccountEvent } from '../../src/model/events.ts';
import type { SessionOutput } from '../../src/model/session-output.ts';

/** What is given besides a scenario. */
interface Terms {
  readonly limits?: RiskLimits;
  readonly accountEvents?: readonly AccountEvent[];
}

/** A scenario of the twin tests as a session and as a backtest: the operator's desk, which asks for nothing, is a strategy of both. */
function worldOf(
  scenario: Scenario,
  { limits = {}, accountEvents = [] }: Terms = {},
): {
  readonly spec: () => ConstructorParameters<typeof Backtest>[0];
  readonly plan: SessionPlan;
  readonly classOf: () => StrategyClass;
} {
  const instrument = instrumentWith({
    id: 'TWIN.SIM',
    kind: scenario.instrument.kind,
    priceIncrement: scenario.instrument.tick,
    lotSize: scenario.instrument.lot,
    multiplier: scenario.instrument.multiplier,
  });
  const spec = () => {
    const made = specOf(scenario, instrument, { blockRows: 8, stepRowsMax: 4096 });
    return { ...made, accountEvents, engine: { ...made.engine, limits } };
  };
  const { engine, venues, fees, sampling } = spec();
  const plan: SessionPlan = {
    version: SESSION_PLAN_VERSION,
    name: 'twin',
    identity: [],
    startTs: 0,
    tradingFromTs: 0,
    instruments: [instrument],
    calendars: [null],
    fees,
    accounts: engine.accounts,
    weightBufferPpb: engine.weightBufferPpb,
    series: engine.series,
    conversions: [],
    kinds: [[...new Set(scenario.rows.map(({ kind }) => ({ bar: 7, quote: 4, trade: 6 })[kind]))] as never],
    limits,
    marketData: {},
    historyRows: engine.historyRows,
    venues,
    sampling,
    strategies: engine.strategies.map(({ name }) => ({ name, source: { kind: 'shipped', name }, parameters: {}, instruments: [0] })),
  };
  return {
    spec,
    plan,
    classOf: () => specOf(scenario, instrument, { blockRows: 8, stepRowsMax: 4096 }).engine.strategies[0]!.strategyClass,
  };
}

/** But at the end. */
const NO_SNAPSHOTS = { inputs: Infinity, journalBytes: Infinity, everyUs: Infinity };

interface Played {
  readonly digest: string;
  readonly journal: MemoryJournal;
  readonly outputs: readonly SessionOutput[];
}

/** Plays a scenario as a session, by a clock that goes in steps of chance. */
async function playSession(seed: number, journal = new MemoryJournal(), terms: Terms = {}): Promise<Played> {
  const scenario = drawScenario(seed);
  const { spec, plan, classOf } = worldOf(scenario, terms);
  const chance = new Chance(seed);
  const lastTs = scenario.rows.at(-1)!.ts;
  const clock = new HandClock(0);
  const outputs: SessionOutput[] = [];
  const script = classOf();
  const session = new Session({
    plan,
    journal,
    clock,
    speed: 1,
    goesOnAlone: false,
    openFeed: replayFeed(() => spec().streams, terms.accountEvents),
    snapshots: NO_SNAPSHOTS,
    connect: (made, listener) =>
      new LocalCore(
        made,
        {
          calendarOf: () => {
            throw new Error('no calendars');
          },
          classOf: () => script,
        },
        listener,
      ),
    listener: {
      onOutputs: (given) => outputs.push(...given),
      onFailure: (error) => {
        throw error;
      },
    },
  });
  await session.start();
  // Not past the last row: what is due after it no backtest hears of.
  while (session.now() < lastTs) {
    const now = clock.now() + Math.min(lastTs - session.now(), 1 + chance.below(200_000_000));
    if (chance.below(2) === 0) clock.advanceTo(now);
    else clock.jumpTo(now);
  }
  return { digest: await session.stop(), journal, outputs };
}

function playBacktest(seed: number, terms: Terms = {}): string {
  const { spec } = worldOf(drawScenario(seed), terms);
  const backtest = new Backtest(spec());
  while (!backtest.advance(1_000_000));
  return backtest.digest();
}

/** Limits of C-07, C-22 and C-23 that such scenarios come to. */
const TIGHT: RiskLimits = {
  strategies: { 0: { maxNewOrders: { count: 3, windowUs: 60_000_000 }, maxModifies: { count: 1, windowUs: 60_000_000 } } },
  firm: { maxDailyLossPpm: 200, maxDrawdownPpm: 300 },
};

/** Dividends and splits of a scenario's share: at times of rows, between two, at one time together, and after the last. */
function drawAccountEvents(seed: number): AccountEvent[] {
  const chance = new Chance(seed + 31);
  const { rows } = drawScenario(seed);
  const events = Array.from({ length: 8 }, (): AccountEvent => {
    const ts = rows[chance.below(rows.length)]!.ts + (chance.oneIn(2) ? 0 : chance.below(50_000_000));
    const stamps = { instrument: 0, tsEvent: ts, tsInit: ts };
    if (chance.oneIn(3)) return { kind: 'SplitEffective', numerator: 1 + chance.below(3), denominator: 1 + chance.below(2), ...stamps };
    return { kind: 'DividendPaid', amountPerUnit: BigInt(1 + chance.below(1000)) * 1_000_000n, ...stamps };
  });
  return events.sort((a, b) => a.tsInit - b.tsInit || (a.kind < b.kind ? 1 : -1));
}

const SEEDS = Array.from({ length: 30 }, (_, index) => 900_000 + index);

describe('INV-16 a session', () => {
  it('decides what a backtest of the same rows decides, however its clock goes', async () => {
    for (const seed of SEEDS) expect([seed, (await playSession(seed)).digest]).toEqual([seed, playBacktest(seed)]);
  });

  it('C-07, C-22, C-23: does so where limits of messages and losses stop it', async () => {
    const seen = new Set<string>();
    for (const seed of SEEDS.slice(0, 10)) {
      const { digest, outputs } = await playSession(seed, new MemoryJournal(), { limits: TIGHT });
      expect([seed, digest]).toEqual([seed, playBacktest(seed, { limits: TIGHT })]);
      for (const record of outputs.flatMap(({ records }) => records))
        if (record.kind === 'Alert' || record.kind === 'OrderDenied') seen.add(record.code);
    }
    for (const code of ['RATE_LIMIT_EXCEEDED', 'DAILY_LOSS_LIMIT', 'DRAWDOWN_LIMIT']) expect(seen).toContain(code);
  });

  it('decides the same where shares pay dividends and split, and where it is killed in between', async () => {
    const seeds = SEEDS.filter((seed) => drawScenario(seed).instrument.kind === 'EQUITY').slice(0, 8);
    let paid = 0;
    for (const seed of seeds) {
      const accountEvents = drawAccountEvents(seed);
      const whole = await playSession(seed, new MemoryJournal(), { accountEvents });
      expect([seed, whole.digest]).toEqual([seed, playBacktest(seed, { accountEvents })]);
      const records = whole.outputs.flatMap((output) => output.records);
      paid += records.filter(({ kind }) => kind === 'DividendPaid' || kind === 'SplitEffective').length;
      const killedAt = 1 + new Chance(seed + 2).below(whole.journal.lastSequence);
      const again = await playSession(seed, whole.journal.cutAt(killedAt), { accountEvents });
      expect([seed, killedAt, again.digest]).toEqual([seed, killedAt, whole.digest]);
    }
    expect(paid).toBeGreaterThan(seeds.length * 4);
    expect(seeds.length).toBeGreaterThan(3);
  });

  it('INV-09, INV-12: that is killed anywhere and started again decides the same, and says the same of what it decided before', async () => {
    for (const seed of SEEDS) {
      const whole = await playSession(seed);
      const chance = new Chance(seed + 1);
      const killedAt = 1 + chance.below(whole.journal.lastSequence);
      const again = await playSession(seed, whole.journal.cutAt(killedAt));
      expect([seed, killedAt, again.digest]).toEqual([seed, killedAt, whole.digest]);
      const told = (outputs: readonly SessionOutput[]) => outputs.filter(({ sequence }) => sequence <= killedAt);
      expect(told(again.outputs)).toEqual(told(whole.outputs));
      expect(again.outputs.map(({ sequence }) => sequence)).toEqual(again.outputs.map((_, index) => index + 2));
    }
  });
});

describe('S-69 a session whose journal fails', () => {
  it('decides nothing more and says why, whoever asked', async () => {
    const { plan, classOf, spec } = worldOf(drawScenario(SEEDS[0]!));
    const script = classOf();
    const journal = new MemoryJournal();
    const failures: Error[] = [];
    const session = new Session({
      plan,
      journal,
      clock: new HandClock(0),
      speed: 1,
      goesOnAlone: false,
      openFeed: replayFeed(() => spec().streams),
      connect: (made, listener) => new LocalCore(made, { calendarOf: noCalendars, classOf: () => script }, listener),
      listener: { onFailure: (error) => failures.push(error) },
    });
    await session.start();
    const { sequence } = session;
    journal.commit = () => {
      throw new Error('no space left');
    };
    const asked = { kind: 'CancelAll', strategy: null, instrument: null } as const;
    expect(await session.command('ann', asked)).toEqual({ isDone: false, code: 'SESSION_FAILED', reason: 'no space left' });
    expect([session.phase, failures.map(({ message }) => message)]).toEqual(['FAILED', ['no space left']]);
    expect(await session.command('ann', asked)).toMatchObject({ isDone: false, code: 'SESSION_STOPPED' });
    expect(await session.stop()).toBe('');
    expect(journal.cutAt(journal.lastSequence).lastSequence).toBe(sequence);
  });
});

function noCalendars(): never {
  throw new Error('no calendars');
}
