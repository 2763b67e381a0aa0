import { describe, expect, it } from 'vitest';
import { stream } from '../../base/random.ts';
import { MatchingEngine } from '../exchange/matching-engine.ts';
import { REPORT_BITS, REPORT_KIND, REPORT_QUANTITY, REPORT_REASON, ReportKind } from '../exchange/exchange-reports.ts';
import { AgentDesk } from './agent-desk.ts';
import { AGENT_BEHAVIOR, agentMarketSettings } from './agent-settings.ts';
import { Traders } from './traders.ts';

const SPREAD = 2;
const TYPICAL = 10;

/** A market with one deep price on each side, and takers who follow trends where they see one and nothing else. */
class TrendMarket {
  readonly traders: Traders;
  /** Lots bought, less lots sold. */
  net = 0;
  private readonly desk: AgentDesk;
  private middle = 0;

  constructor() {
    const engine = new MatchingEngine();
    this.desk = new AgentDesk(engine, stream(11, 'sizes'), TYPICAL);
    const behavior = { ...AGENT_BEHAVIOR, splitting: 0, trendFollowing: 1 };
    this.traders = new Traders(
      agentMarketSettings({ seed: 11, startTs: 0, startPrice: 10_000, quantityTypical: TYPICAL, behavior }),
      this.desk,
    );
  }

  /** The middle goes to a price and stays there for so many looks, four a second. */
  hold(middle: number, looks: number): void {
    const { engine } = this.desk;
    this.middle = middle;
    engine.book.orders.index.sortedIds().forEach((id) => engine.cancel(id));
    for (const side of [1, -1] as const) this.desk.limit(side, middle - side, 1e9);
    for (let look = 0; look < looks; look += 1) this.traders.look();
  }

  /** Takers send so many orders, at a value that asks for neither side. @returns the sides that took, in order */
  take(orders: number, deviation: number): number[] {
    const { reports } = this.desk.engine;
    const sides: number[] = [];
    for (let order = 0; order < orders; order += 1) {
      reports.clear();
      this.traders.take(this.middle, SPREAD, deviation);
      for (let at = 0; at < reports.length << REPORT_BITS; at += 1 << REPORT_BITS) {
        if (reports.rows[at | REPORT_KIND] !== ReportKind.TRADE) continue;
        sides.push(reports.rows[at | REPORT_REASON]!);
        this.net += reports.rows[at | REPORT_REASON]! * reports.rows[at | REPORT_QUANTITY]!;
      }
    }
    return sides;
  }
}

/*
 * A step of 100 seen for ten seconds of forty looks, after averages of 20 and 180 seconds have settled: the first has gone 100 (1 − (1 − 0.25/20)^40) = 39.5
 * of it, the second 100 (1 − (1 − 0.25/180)^40) = 5.4. The trend is 34.1: 3.4 deviations of 10, and 1.4 of 25.
 */
describe('trend followers', () => {
  it.each([
    ['buy what has risen', 10_100, 1],
    ['sell what has fallen', 9900, -1],
  ])('%s', (_, middle, side) => {
    const market = new TrendMarket();
    market.hold(10_000, 10);
    market.hold(middle, 40);
    expect(market.take(40, 10)).toEqual(Array.from({ length: 40 }, () => side));
  });

  it('see no trend below one and a half deviations of a second, nor in a price that has long stood still', () => {
    const market = new TrendMarket();
    market.hold(10_000, 10);
    market.hold(10_100, 40);
    const bought = market.take(40, 25).filter((side) => side > 0).length;
    // Each is as likely as not: outside 6 to 34 of 40 has a chance below 10^-5.
    expect(bought).toBeGreaterThanOrEqual(6);
    expect(bought).toBeLessThanOrEqual(34);
    market.hold(10_100, 10_000);
    expect(new Set(market.take(40, 10)).size).toBe(2);
  });

  it('stop at 400 typical quantities, and sell those again when the price falls', () => {
    const market = new TrendMarket();
    market.hold(10_000, 10);
    market.hold(10_100, 40);
    market.take(3000, 10);
    // The last order takes 40 typical quantities at most.
    expect(market.net).toBeGreaterThanOrEqual(400 * TYPICAL);
    expect(market.net).toBeLessThan(440 * TYPICAL);
    expect(market.take(100, 10)).toEqual([]);
    market.hold(9900, 40);
    expect(market.take(10, 10)).toEqual(Array.from({ length: 10 }, () => -1));
  });
});
