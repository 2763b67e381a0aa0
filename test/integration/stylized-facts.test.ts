import { describe, expect, it } from 'vitest';
import { AGENT_BEHAVIOR, type AgentBehavior, agentMarketSettings } from '../../src/sim/agents/agent-settings.ts';
import { DAY, factsOf, type StylizedFacts } from './stylized-facts.fixture.ts';

/** As docs/concepts/generated-markets.md states them, for one day of the default market. */
const STATED: Readonly<Record<keyof StylizedFacts, readonly [number, number]>> = {
  kurtosis: [1.5, 30],
  returnsAt1: [-0.1, 0.25],
  returnsAt2To20: [-0.05, 0.06],
  sizesAt1: [0.2, 0.6],
  sizesAt5To15: [0.13, 0.4],
  sizesAt45To75: [-0.05, 0.25],
  spreadOneShare: [0.01, 0.35],
  spreadUsualShare: [0.6, 0.99],
  spreadMean: [1.6, 2.6],
  spread99: [3, 6],
  signsAt1: [0.17, 0.3],
  signsAt10: [0.09, 0.18],
  signsAt80To120: [0.018, 0.07],
  signsAfterMove: [0.07, 0.13],
  clustering: [1.4, 2.2],
  depthBest: [0.6, 0.95],
  depthTen: [0.25, 0.65],
  volatility: [0.25, 1.2],
};

/** Facts out of their range, by name. */
function missed(seed: number, behavior: Partial<AgentBehavior> = {}): string[] {
  const settings = agentMarketSettings({
    seed,
    startTs: 19_700 * DAY,
    startPrice: 10_000,
    behavior: { ...AGENT_BEHAVIOR, ...behavior },
  });
  return Object.entries(factsOf(settings, 1))
    .filter(([name, value]) => {
      const [least, most] = STATED[name as keyof StylizedFacts];
      return !(value >= least && value <= most);
    })
    .map(([name]) => name);
}

describe('a market of agents', { timeout: 120_000 }, () => {
  it.each([1, 2, 3, 4])('with seed %i shows the stylized facts in the stated ranges', (seed) => {
    expect(missed(seed)).toEqual([]);
  });

  it('misses them where the part of its behavior that makes them is off', () => {
    expect(missed(1, { clustering: 0 })).toContain('clustering');
    expect(missed(1, { splitting: 0 })).toContain('signsAt80To120');
    expect(missed(1, { trendFollowing: 0 })).toContain('signsAfterMove');
    const steady = missed(1, { volatilityOfVolatility: 0 });
    for (const name of ['kurtosis', 'sizesAt1', 'sizesAt5To15']) expect(steady).toContain(name);
  });
});
