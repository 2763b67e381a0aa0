import { describe, expect, it } from 'vitest';
import { TradingPhase } from '../../src/sim/exchange/exchange-order.ts';
import { REPORT_BITS, REPORT_KIND, REPORT_PRICE, REPORT_QUANTITY, ReportKind } from '../../src/sim/exchange/exchange-reports.ts';
import { AgentMarket } from '../../src/sim/agents/agent-market.ts';
import { type AgentMarketSettings, agentMarketSettings } from '../../src/sim/agents/agent-settings.ts';

const MINUTE = 60_000_000;
const START = 19_700 * 1440 * MINUTE;
const HALT = { perDay: 0, at: [START + 60 * MINUTE], lastingUs: 10 * MINUTE };
const JUMP = { perDay: 0, at: [START + 63 * MINUTE], size: 0.03 };
const NEVER = { perDay: 0, at: [], size: 0.01 };
/** Four usual spreads, increments. */
const FEW_SPREADS = 8;

interface Reopening {
  /** The lowest and the highest of the last price before the halt and of what the instrument was worth during it. */
  readonly lowest: number;
  readonly highest: number;
  readonly prices: readonly number[];
  readonly lots: number;
  /** Lots at the best price after the auction, of the side that has fewer: 0 where it is empty. */
  readonly least: number;
}

/** Lets a market come to the end of its halt and says how it reopened. */
function reopeningOf(seed: number, jumps: AgentMarketSettings['jumps']): Reopening {
  const market = new AgentMarket(agentMarketSettings({ seed, startTs: START, startPrice: 10_000, halts: HALT, jumps }));
  const { book, reports } = market.engine;
  while (book.phase === TradingPhase.CONTINUOUS) market.step();
  let lowest = book.lastPrice;
  let highest = book.lastPrice;
  while (book.phase === TradingPhase.HALTED) {
    lowest = Math.min(lowest, market.fundamentalValue);
    highest = Math.max(highest, market.fundamentalValue);
    market.step();
  }
  const prices: number[] = [];
  let lots = 0;
  for (let at = 0; at < reports.length << REPORT_BITS; at += 1 << REPORT_BITS) {
    if (reports.rows[at | REPORT_KIND] !== ReportKind.TRADE) continue;
    prices.push(reports.rows[at | REPORT_PRICE]!);
    lots += reports.rows[at | REPORT_QUANTITY]!;
  }
  const least = Math.min(...[book.bids, book.asks].map((side) => (side.best < 0 ? 0 : side.quantity[side.best]!)));
  return { lowest, highest, prices, lots, least };
}

describe('the auction after a halt of an agent-based market', () => {
  it.each([NEVER, JUMP])('trades at one price near the last one and the value, and leaves both sides of the book (%o)', (jumps) => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const { lowest, highest, prices, lots, least } = reopeningOf(seed, jumps);
      const what = `seed ${seed}: ${prices.length} prints at ${prices[0]}, between ${lowest} and ${highest}`;
      expect(new Set(prices).size, what).toBe(1);
      expect(lots, what).toBeGreaterThan(100);
      expect(prices[0], what).toBeGreaterThan(lowest - FEW_SPREADS);
      expect(prices[0], what).toBeLessThan(highest + FEW_SPREADS);
      expect(least, what).toBeGreaterThan(0);
    }
  });
});
