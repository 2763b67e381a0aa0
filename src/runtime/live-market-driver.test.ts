import { describe, expect, it } from 'vitest';
import { AgentMarketData, eventsEndTs } from '../sim/agents/agent-data.ts';
import { AgentMarket } from '../sim/agents/agent-market.ts';
import { agentMarketSettings, type AgentMarketSettings } from '../sim/agents/agent-settings.ts';
import { PLAIN, RowKeeper } from '../sim/agents/live-rows.fixture.ts';
import { ReportKind } from '../sim/exchange/exchange-reports.ts';
import { delta, rowsOf, trade } from '../sim/market-rows.fixture.ts';
import { HandClock } from './hand-clock.fixture.ts';
import { LIVE_LATE_US_MAX, LIVE_TURN_STEPS_MAX, LiveMarketDriver, type LiveMarketDriverOptions } from './live-market-driver.ts';

const SECOND = 1_000_000;
const START = 19_700 * 86_400 * SECOND;
const END = START + 120 * SECOND;
/** What the clock shows at first: nothing of the market's time. */
const CLOCK = 1_234_567_890_123_456;

const SETTINGS = agentMarketSettings({
  seed: 11,
  startTs: START,
  startPrice: 10_000,
  halts: { perDay: 0, at: [START + 40 * SECOND], lastingUs: 15 * SECOND },
  gaps: { perDay: 0, at: [START + 20 * SECOND, START + 100 * SECOND], lastingUs: 10 * SECOND },
});

function recorded(settings: AgentMarketSettings, endTs: number): Pick<RowKeeper, 'trades' | 'deltas'> {
  const data = new AgentMarketData(settings, endTs, { instrument: 0, priceIncrement: 1, lotSize: 1 });
  return { trades: rowsOf(data.trades(), trade), deltas: rowsOf(data.deltas('orders'), delta) };
}

/** Steps of the market itself up to its end, whether they bring a row or not. */
function stepsOf(settings: AgentMarketSettings, endTs: number): number {
  const market = new AgentMarket(settings);
  let steps = 0;
  for (; market.nextTs < endTs - 1; steps += 1) market.step();
  return steps;
}

interface Play {
  readonly clock: HandClock;
  readonly driver: LiveMarketDriver;
  readonly kept: RowKeeper;
  /** Of `run`: what it has come to by now. */
  ended(): Promise<string>;
}

function play(options: Partial<LiveMarketDriverOptions> & { readonly kept?: RowKeeper; readonly clock?: HandClock } = {}): Play {
  const { kept = new RowKeeper(), clock = new HandClock(CLOCK) } = options;
  const driver = new LiveMarketDriver({ settings: SETTINGS, listener: kept, speed: 1, endTs: END, ...options, clock });
  const run = driver.run();
  run.catch(() => undefined);
  return { clock, driver, kept, ended: () => Promise.race([run, Promise.resolve('runs')]) };
}

describe('a live market by the clock', () => {
  const wanted = recorded(SETTINGS, END);

  it('tells every row of the recorded form in its order, at any speed, and ends when its time has come', async () => {
    expect(wanted.trades.length).toBeGreaterThan(20);
    for (const speed of [1, 0.3, 7, 1000]) {
      const { clock, kept, ended } = play({ speed });
      clock.advanceTo(CLOCK + Math.floor((120 * SECOND) / speed) - 1);
      expect(await ended()).toBe('runs');
      clock.advanceTo(CLOCK + Math.ceil((120 * SECOND) / speed));
      expect(await ended()).toBe('ended');
      expect(kept.trades).toEqual(wanted.trades);
      expect(kept.deltas).toEqual(wanted.deltas);
      expect(clock.waitingCount).toBe(0);
    }
  });

  it('tells a row when it is due, not before and no more than a microsecond of the clock after', () => {
    for (const speed of [1, 7, 25]) {
      const clock = new HandClock(CLOCK);
      const late: number[] = [];
      const told = (ts: number): void => void late.push(START + (clock.now() - CLOCK) * speed - ts);
      class Late extends RowKeeper {
        override onTrade(ts: number): void {
          told(ts);
        }
        override onBook(ts: number): void {
          told(ts);
        }
      }
      play({ clock, kept: new Late(), speed });
      clock.advanceTo(CLOCK + 120 * SECOND);
      expect(late.length).toBeGreaterThan(500);
      expect(Math.min(...late)).toBe(0);
      // A trade waits for the book that it leaves: a microsecond of the market more.
      expect(Math.max(...late)).toBeLessThanOrEqual(speed + 1);
    }
  });

  it('is called once for each step of the market and once at its end, and does nothing in between', () => {
    const { clock } = play({ speed: 3 });
    clock.advanceTo(CLOCK + 50 * SECOND);
    const steps = stepsOf(SETTINGS, END);
    expect(clock.calls).toBeLessThanOrEqual(steps + 1);
    // Steps a microsecond apart share a call; there are few.
    expect(clock.calls).toBeGreaterThan(steps / 2);
  });

  it('makes up at once for what was missed in a short sleep, and loses nothing', async () => {
    const { clock, kept, driver, ended } = play();
    clock.advanceTo(CLOCK + 60 * SECOND);
    clock.jumpTo(CLOCK + 69 * SECOND);
    expect(driver.stoodStillUs).toBe(0);
    expect(driver.now()).toBe(START + 69 * SECOND);
    const until = wanted.deltas.filter(([ts]) => ts! <= START + 69 * SECOND);
    expect(kept.deltas).toEqual(until);
    clock.advanceTo(CLOCK + 120 * SECOND);
    expect(await ended()).toBe('ended');
    expect(kept.deltas).toEqual(wanted.deltas);
  });

  it('makes up for ten seconds of a long sleep; for the rest its time has stood still, and no row is lost or changed', async () => {
    const { clock, kept, driver, ended } = play();
    clock.advanceTo(CLOCK + 60 * SECOND);
    const nextTs = driver.market.nextTs;
    clock.jumpTo(CLOCK + 3660 * SECOND);
    // An hour and a minute have passed; the oldest step that was due is ten seconds late from here on.
    expect(LIVE_LATE_US_MAX).toBe(10 * SECOND);
    expect(driver.now()).toBe(nextTs + 10 * SECOND);
    expect(driver.stoodStillUs).toBe(3660 * SECOND - (nextTs + 10 * SECOND - START));
    expect(kept.deltas).toEqual(wanted.deltas.filter(([ts]) => ts! <= nextTs + 10 * SECOND));
    const endUs = CLOCK + 120 * SECOND + driver.stoodStillUs;
    clock.advanceTo(endUs - 1);
    expect(await ended()).toBe('runs');
    clock.advanceTo(endUs);
    expect(await ended()).toBe('ended');
    expect(kept.deltas).toEqual(wanted.deltas);
    expect(kept.trades).toEqual(wanted.trades);
  });

  it('lets the process do other things between turns, however much is due', async () => {
    const endTs = START + 9000 * SECOND;
    const { clock, driver, ended } = play({
      speed: 1000,
      endTs,
      settings: agentMarketSettings({ seed: 3, startTs: START, startPrice: 10_000 }),
    });
    const steps = stepsOf(agentMarketSettings({ seed: 3, startTs: START, startPrice: 10_000 }), endTs);
    expect(steps).toBeGreaterThan(10 * LIVE_TURN_STEPS_MAX);
    // Nine seconds asleep: 9,000 seconds of the market are due.
    clock.callAt(CLOCK + 9 * SECOND, () => driver.stop());
    clock.jumpTo(CLOCK + 9 * SECOND);
    expect(await ended()).toBe('stopped');
    expect(clock.calls).toBe(2);
    const alone = new AgentMarket(agentMarketSettings({ seed: 3, startTs: START, startPrice: 10_000 }));
    for (let step = 0; step < LIVE_TURN_STEPS_MAX; step += 1) alone.step();
    expect(driver.market.nextTs).toBe(alone.nextTs);
    // What it has come to in these nine seconds.
    expect(driver.speedReached).toBe((alone.nextTs - START) / (9 * SECOND));
  });

  it('says how fast it has gone: as asked for where it was awake, less where its time has stood still', async () => {
    const awake = play({ speed: 4 });
    awake.clock.advanceTo(CLOCK + 30 * SECOND);
    expect(await awake.ended()).toBe('ended');
    expect(awake.driver.speedReached).toBeCloseTo(4, 5);
    const stopped = play({ speed: 4 });
    stopped.clock.advanceTo(CLOCK + 7 * SECOND);
    expect(stopped.driver.speedReached).toBeNaN();
    stopped.driver.stop();
    expect(stopped.driver.speedReached).toBe(4);
    // 120 seconds of the market within 3660 and what was left to play.
    const asleep = play();
    asleep.clock.advanceTo(CLOCK + 60 * SECOND);
    asleep.clock.jumpTo(CLOCK + 3660 * SECOND);
    asleep.clock.advanceTo(CLOCK + 120 * SECOND + asleep.driver.stoodStillUs);
    expect(await asleep.ended()).toBe('ended');
    expect(asleep.driver.speedReached).toBeCloseTo((120 * SECOND) / (120 * SECOND + asleep.driver.stoodStillUs), 6);
  });

  it('stops when it is told to, also by its listener, and then tells nothing and waits for nothing', async () => {
    const { clock, kept, driver, ended } = play();
    clock.advanceTo(CLOCK + 10 * SECOND);
    const told = kept.deltas.length;
    driver.stop();
    driver.stop();
    expect(await ended()).toBe('stopped');
    expect(clock.waitingCount).toBe(0);
    clock.advanceTo(CLOCK + 120 * SECOND);
    expect(kept.deltas).toHaveLength(told);

    class Stopper extends RowKeeper {
      override onTrade(...row: [number, number, number, number]): void {
        super.onTrade(...row);
        this.stop();
      }
      stop: () => void = () => undefined;
    }
    const stopper = new Stopper();
    const other = play({ kept: stopper });
    stopper.stop = () => other.driver.stop();
    other.clock.jumpTo(CLOCK + 9 * SECOND);
    expect(await other.ended()).toBe('stopped');
    expect(new Set(stopper.trades.map(([ts]) => ts)).size).toBe(1);
    expect(other.clock.waitingCount).toBe(0);
  });

  it('fails with what its listener throws, and waits for nothing then', async () => {
    class Thrower extends RowKeeper {
      override onTrade(): void {
        throw new Error('the listener is broken');
      }
    }
    const { clock, ended } = play({ kept: new Thrower() });
    clock.advanceTo(CLOCK + 120 * SECOND);
    await expect(ended()).rejects.toThrow('the listener is broken');
    expect(clock.waitingCount).toBe(0);
  });

  it('swallows nothing where its listener stops it and then throws', () => {
    class StoppingThrower extends RowKeeper {
      override onTrade(): void {
        driver.stop();
        throw new Error('the listener is broken');
      }
    }
    const { clock, driver } = play({ kept: new StoppingThrower() });
    expect(() => clock.advanceTo(CLOCK + 120 * SECOND)).toThrow('the listener is broken');
  });

  it('takes orders at its time', () => {
    const { clock, kept, driver } = play({ speed: 2 });
    clock.advanceTo(CLOCK + 5 * SECOND);
    expect(driver.now()).toBe(START + 10 * SECOND);
    const id = driver.market.submit(driver.now(), { ...PLAIN, limitPrice: 9_000 });
    expect(kept.reports).toMatchObject([{ kind: ReportKind.ACCEPTED, orderId: id, ts: START + 10 * SECOND }]);
    clock.advanceTo(CLOCK + 60 * SECOND);
    expect(kept.deltas.at(-1)![0]).toBeGreaterThan(START + 119 * SECOND);
  });

  it('refuses what it cannot run', () => {
    for (const speed of [0, -1, Number.NaN, 1_000_001]) expect(() => play({ speed })).toThrow(/times as fast/);
    expect(() => play({ endTs: START })).toThrow(/ends after it starts/);
    // 10 events a second for 1e8 seconds are the 1e9 that it can number.
    expect(eventsEndTs(SETTINGS)).toBe(START + 1e8 * SECOND);
    expect(() => play({ endTs: START + 1e8 * SECOND })).not.toThrow();
    expect(() => play({ endTs: START + 1e8 * SECOND + 1 })).toThrow(/number its orders/);
    const { driver } = play();
    expect(() => driver.run()).toThrow(/once/);
  });
});
