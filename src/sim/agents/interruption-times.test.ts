import { describe, expect, it } from 'vitest';
import { BookAction } from '../../model/book-delta.ts';
import { delta, rowsOf } from '../market-rows.fixture.ts';
import { AgentMarketData } from './agent-data.ts';
import { AgentMarket } from './agent-market.ts';
import { type AgentMarketSettings, agentMarketSettings } from './agent-settings.ts';
import { InterruptionTimes } from './interruption-times.ts';

const MINUTE = 60_000_000;
const START = 19_700 * 1440 * MINUTE;
const END = START + 20 * MINUTE;
/** Two microseconds part events, so that what was asked for comes as much later where something has just happened. */
const LATE_US = 4;

function settings(overrides: Partial<AgentMarketSettings>): AgentMarketSettings {
  return agentMarketSettings({ seed: 2, startTs: START, startPrice: 10_000, ...overrides });
}

/** When trading stopped and when it went on, in microseconds after the times expected, which these are as many as. */
function phaseChanges(market: AgentMarket, expected: readonly number[]): number[] {
  const found: number[] = [];
  let { phase } = market.engine.book;
  while (market.nextTs < END) {
    market.step();
    if (market.engine.book.phase === phase) continue;
    ({ phase } = market.engine.book);
    found.push(market.ts - expected[found.length]!);
  }
  expect(found.length).toBe(expected.length);
  return found;
}

function expectInTime(late: readonly number[]): void {
  for (const us of late) {
    expect(us).toBeGreaterThanOrEqual(0);
    expect(us).toBeLessThanOrEqual(LATE_US);
  }
}

const haltsAt = (...minutes: readonly number[]): Partial<AgentMarketSettings> => ({
  halts: { perDay: 0, at: minutes.map((minute) => START + minute * MINUTE), lastingUs: 3 * MINUTE },
});

describe('a halt of an agent-based market', () => {
  it.each([
    ['alone lasts as long as was asked for', [5], [5, 8]],
    ['inside another goes on for as long from its own beginning', [5, 7], [5, 10]],
    ['inside one that is inside another does so too', [5, 7, 9], [5, 12]],
    ['that begins when another ends is one of its own, after the auction', [5, 8], [5, 8, 8, 11]],
  ] as const)('%s', (_, at, changes) => {
    expectInTime(
      phaseChanges(
        new AgentMarket(settings(haltsAt(...at))),
        changes.map((minute) => START + minute * MINUTE),
      ),
    );
  });

  it('by chance inside one that was asked for goes on for as long from its own beginning', () => {
    // The chance's own times; each prolongs what has not ended by then.
    const chance = { perDay: 700, at: [] };
    const asked = START + 5 * MINUTE;
    const times = [asked];
    const generator = new InterruptionTimes(2, 'agents 0 halts', chance, START);
    for (; generator.nextTs < END; generator.passTo(generator.nextTs)) times.push(generator.nextTs);
    times.sort((one, other) => one - other);
    const changes: number[] = [];
    for (const ts of times) {
      if (changes.length > 0 && ts < changes.at(-1)!) changes[changes.length - 1] = ts + 3 * MINUTE;
      else changes.push(ts, ts + 3 * MINUTE);
    }
    expect(changes.length).toBeLessThan(2 * times.length);
    const halts = { ...chance, at: [asked], lastingUs: 3 * MINUTE };
    const within = changes.filter((ts) => ts < END);
    expectInTime(phaseChanges(new AgentMarket(settings({ halts })), within));
  });

  it('at the first microsecond of a market happens, and so does one at the last that is told of', () => {
    expectInTime(phaseChanges(new AgentMarket(settings(haltsAt(1 / MINUTE))), [START + 1, START + 1 + 3 * MINUTE]));
    expectInTime(phaseChanges(new AgentMarket(settings(haltsAt(20 - 4 / MINUTE))), [END - 4]));
  });
});

describe('a gap of an agent-based market', () => {
  /** Rows that begin a gap, and those that tell the book again, after the first. */
  const boundsOf = (...at: readonly number[]): [string, number][] => {
    const data = new AgentMarketData(settings({ gaps: { perDay: 0, at, lastingUs: 3 * MINUTE } }), END, {
      instrument: 0,
      priceIncrement: 1,
      lotSize: 1,
    });
    return rowsOf(data.deltas('levels'), delta).flatMap(([ts, action]): [string, number][] =>
      action === BookAction.GAP ? [['GAP', ts!]] : action === BookAction.CLEAR && ts! > START ? [['SNAPSHOT', ts!]] : [],
    );
  };

  it.each([
    ['alone', [5], [5, 8]],
    ['inside another', [5, 7], [5, 10]],
    ['that begins when another ends', [5, 8], [5, 11]],
  ] as const)('%s is told from its first beginning to its last end', (_, at, [from, to]) => {
    const [gap, snapshot, ...more] = boundsOf(...at.map((minute) => START + minute * MINUTE));
    expect(more).toEqual([]);
    expect([gap![0], snapshot![0]]).toEqual(['GAP', 'SNAPSHOT']);
    expectInTime([gap![1] - START - from * MINUTE]);
    expectInTime([snapshot![1] - START - to * MINUTE]);
  });

  it('at the first microsecond of a market hides all but the first book; one at the last that is told of is told', () => {
    expect(boundsOf(START + 1).map(([name]) => name)).toEqual(['GAP', 'SNAPSHOT']);
    expectInTime([boundsOf(START + 1)[0]![1] - START - 1]);
    expect(boundsOf(END - 2)).toEqual([['GAP', END - 2]]);
  });
});

describe('a jump of the value of an agent-based market', () => {
  it.each([[[1]], [[1, 2]], [[MINUTE, MINUTE + 1, MINUTE + 2]]])(
    'happens as often as asked for: %j microseconds after the beginning',
    (at) => {
      const jumps = { perDay: 0, at: at.map((us) => START + us), size: 0.01 };
      const market = new AgentMarket(settings({ jumps, annualVolatility: 0.0001 }));
      let before = market.fundamentalValue;
      let moves = 0;
      while (market.nextTs < START + 2 * MINUTE) {
        market.step();
        // A jump is half to one and a half times the size; steps of the value are a millionth of that.
        if (Math.abs(market.fundamentalValue / before - 1) > 0.004) moves += 1;
        before = market.fundamentalValue;
      }
      expect(moves).toBe(at.length);
    },
  );
});
