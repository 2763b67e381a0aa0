import { describe, expect, it } from 'vitest';
import { BookAction, BookFlag } from '../../model/book-delta.ts';
import { AgentMarketData } from '../../sim/agents/agent-data.ts';
import { agentMarketSettings } from '../../sim/agents/agent-settings.ts';
import { DeltaRows } from '../../sim/agents/delta-rows.ts';
import { LiveMarket } from '../../sim/agents/live-market.ts';
import { quote, rowsOf, trade } from '../../sim/market-rows.fixture.ts';
import { LiveLines } from './live-lines.ts';

const START = Date.UTC(2024, 0, 1) * 1000;
const DECIMALS = { price: 2, quantity: 3 };

function rows(flags: number, ...all: readonly (readonly [BookAction, number, number, number, number])[]): DeltaRows {
  const made = new DeltaRows();
  made.flags = flags;
  for (const row of all) made.add(...row);
  return made;
}

/** Keeps lines, and takes no more than `room` until {@link LiveLines.drained}. */
class Paper {
  readonly lines: string[] = [];
  room: number;

  constructor(room = Number.POSITIVE_INFINITY) {
    this.room = room;
  }

  write(line: string): boolean {
    this.lines.push(line.replace('\n', ''));
    this.room -= 1;
    return this.room > 0;
  }
}

const SNAPSHOT = rows(
  BookFlag.SNAPSHOT,
  [BookAction.CLEAR, 0, 0, 0, 0],
  [BookAction.ADD, 1, 9_999, 1_500, 1],
  [BookAction.ADD, 1, 9_998, 7_000, 2],
  [BookAction.ADD, -1, 10_001, 250, 3],
);

describe('lines of a live market', () => {
  it('says the best prices, the last trade and who took, and nothing where none of it changes', () => {
    const paper = new Paper();
    const lines = new LiveLines(paper, DECIMALS);
    lines.onBook(START, SNAPSHOT);
    // Behind the best price.
    lines.onBook(START + 10, rows(0, [BookAction.REDUCE, 1, 9_998, 7_000, 2]));
    lines.onTrade(START + 1_000_020, 10_001, 250, 1);
    lines.onBook(START + 1_000_021, rows(0, [BookAction.REDUCE, -1, 10_001, 250, 3]));
    lines.onTrade(START + 3_600_000_000, 9_999, 500, -1);
    lines.onTrade(START + 3_600_000_000, 9_999, 500, -1);
    lines.onBook(START + 3_600_000_001, rows(0, [BookAction.GAP, 0, 0, 0, 0]));
    lines.onBook(START + 3_700_000_000, SNAPSHOT);
    lines.onTrade(START + 3_700_000_001, 10_000, 4, 0);
    expect(paper.lines).toEqual([
      '2024-01-01T00:00:00.000000Z  bid 99.99 x 1.500  ask 100.01 x 0.250  last —',
      '2024-01-01T00:00:01.000020Z  bid 99.99 x 1.500  ask 100.01 x 0.250  last 100.01 x 0.250 buy',
      '2024-01-01T00:00:01.000021Z  bid 99.99 x 1.500  ask —  last 100.01 x 0.250 buy',
      '2024-01-01T01:00:00.000000Z  bid 99.99 x 1.500  ask —  last 99.99 x 0.500 sell',
      '2024-01-01T01:00:00.000000Z  bid 99.99 x 1.500  ask —  last 99.99 x 0.500 sell',
      '2024-01-01T01:00:00.000001Z  no book  last 99.99 x 0.500 sell',
      '2024-01-01T01:01:40.000000Z  bid 99.99 x 1.500  ask 100.01 x 0.250  last 99.99 x 0.500 sell',
      '2024-01-01T01:01:40.000001Z  bid 99.99 x 1.500  ask 100.01 x 0.250  last 100.00 x 0.004 auction',
    ]);
    expect([lines.lines, lines.trades, lines.passedOver]).toEqual([8, 4, 0]);
  });

  it('gives a slow reader the newest line once it has room, and counts those it passed over', () => {
    const paper = new Paper(1);
    const lines = new LiveLines(paper, DECIMALS);
    lines.onBook(START, SNAPSHOT);
    for (let count = 1; count <= 5; count += 1) lines.onTrade(START + count, 10_001, count, 1);
    expect(paper.lines).toHaveLength(1);
    paper.room = 9;
    lines.drained();
    expect(paper.lines[1]).toMatch(/\.000005Z .* last 100\.01 x 0\.005 buy$/);
    expect([paper.lines.length, lines.lines, lines.trades, lines.passedOver]).toEqual([2, 2, 5, 4]);
    lines.drained();
    lines.onTrade(START + 6, 10_001, 6, 1);
    expect(paper.lines[2]).toMatch(/0\.006 buy$/);
    expect(paper.lines).toHaveLength(3);
  });

  it('says the quotes and trades that the data of the same seed has', () => {
    const endTs = START + 600_000_000;
    const gaps = { perDay: 0, at: [START + 100_000_000], lastingUs: 60_000_000 };
    const settings = agentMarketSettings({ seed: 21, startTs: START, startPrice: 10_000, gaps });
    const paper = new Paper();
    const lines = new LiveLines(paper, { price: 0, quantity: 0 });
    new LiveMarket(settings, lines).advanceTo(endTs - 2);
    const told = paper.lines.flatMap((line) => {
      const best = /bid (\d+) x (\d+) {2}ask (\d+) x (\d+)/.exec(line);
      return best === null ? [] : [best.slice(1).join(' ')];
    });
    const data = new AgentMarketData(settings, endTs, { instrument: 0, priceIncrement: 1, lotSize: 1 });
    const quotes = rowsOf(data.quotes(), quote).map(([, bid, ask, bidSize, askSize]) => `${bid} ${bidSize} ${ask} ${askSize}`);
    expect(quotes.length).toBeGreaterThan(500);
    expect(told.filter((each, at) => each !== told[at - 1])).toEqual(quotes);
    expect(lines.trades).toBe(rowsOf(data.trades(), trade).length);
    expect(paper.lines.filter((line) => line.includes('no book'))).toHaveLength(1);
  });
});
