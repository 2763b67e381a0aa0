import { describe, expect, it } from 'vitest';
import { SystemClock } from '../../src/adapters/clock/system-clock.ts';
import { LiveMarketDriver } from '../../src/runtime/live-market-driver.ts';
import { AgentMarketData } from '../../src/sim/agents/agent-data.ts';
import { agentMarketSettings } from '../../src/sim/agents/agent-settings.ts';
import { RowKeeper } from '../../src/sim/agents/live-rows.fixture.ts';
import { delta, rowsOf, trade } from '../../src/sim/market-rows.fixture.ts';

const MINUTE = 60_000_000;
const START = 19_700 * 1440 * MINUTE;
const END = START + 20 * MINUTE;

describe("a live market by the machine's clock", () => {
  it('tells the rows of its seed', async () => {
    const settings = agentMarketSettings({
      seed: 5,
      startTs: START,
      startPrice: 10_000,
      halts: { perDay: 0, at: [START + 8 * MINUTE], lastingUs: 2 * MINUTE },
      gaps: { perDay: 0, at: [START + 4 * MINUTE], lastingUs: MINUTE },
    });
    const kept = new RowKeeper();
    const driver = new LiveMarketDriver({ clock: new SystemClock(), settings, listener: kept, speed: 4000, endTs: END });
    expect(await driver.run()).toBe('ended');
    const data = new AgentMarketData(settings, END, { instrument: 0, priceIncrement: 1, lotSize: 1 });
    expect(kept.trades).toEqual(rowsOf(data.trades(), trade));
    expect(kept.deltas).toEqual(rowsOf(data.deltas('orders'), delta));
  });

  it('stops while it waits, and lets the process end', async () => {
    const settings = agentMarketSettings({ seed: 5, startTs: START, startPrice: 10_000, eventsPerSecond: 0.1 });
    const driver = new LiveMarketDriver({ clock: new SystemClock(), settings, listener: new RowKeeper(), speed: 0.001, endTs: END });
    const run = driver.run();
    driver.stop();
    expect(await run).toBe('stopped');
  });
});
