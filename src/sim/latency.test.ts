import { describe, expect, it } from 'vitest';
import { Latency, type LatencyModel } from './latency.ts';

function draws(model: LatencyModel, count = 20_000): number[] {
  const latency = new Latency(model, 'feed');
  return Array.from({ length: count }, () => latency.at(0)).sort((a, b) => a - b);
}

describe('a latency', () => {
  it('that is constant is always the same', () => {
    expect(new Set(draws({ kind: 'constant', us: 7 }, 5))).toEqual(new Set([7]));
  });

  it('that is uniform takes every length between the two, each as often', () => {
    const lengths = draws({ kind: 'uniform', minUs: 3, maxUs: 6, seed: 1 });
    for (const us of [3, 4, 5, 6]) {
      // 20,000 draws of one in four: a deviation of 61; five of them.
      expect(Math.abs(lengths.filter((each) => each === us).length - 5000)).toBeLessThan(306);
    }
    expect([lengths[0], lengths.at(-1)]).toEqual([3, 6]);
  });

  it('that is log-normal has its median in the middle, its deviation around it, and its longest as the most', () => {
    const lengths = draws({ kind: 'logNormal', medianUs: 10_000, sigma: 0.5, maxUs: 20_000, seed: 2 });
    expect(Math.abs(lengths[10_000]! - 10_000)).toBeLessThan(200);
    // A sixth part lies below one deviation: 10,000 × e^-0.5 is 6065.
    expect(Math.abs(lengths[Math.round(20_000 * 0.158655)]! - 6065)).toBeLessThan(150);
    // Beyond ln 2 ÷ 0.5 = 1.386 deviations, 8.28 % of all, it is cut.
    const cut = lengths.filter((us) => us === 20_000).length / 20_000;
    expect(Math.abs(cut - 0.0828)).toBeLessThan(0.01);
  });

  it('that was measured lies on the line between two of its times, and is the first and the last outside', () => {
    const latency = new Latency({ kind: 'measured', ts: Float64Array.of(100, 200), us: Float64Array.of(10, 30) }, 'feed');
    expect([0, 100, 150, 175, 200, 900].map((ts) => latency.at(ts))).toEqual([10, 10, 20, 25, 30, 30]);
  });

  it('draws for itself on each way', () => {
    const lengths = (['feed', 'orderEntry', 'response'] as const).map((way) => {
      const latency = new Latency({ kind: 'uniform', minUs: 0, maxUs: 1e6, seed: 5 }, way);
      return Array.from({ length: 50 }, () => latency.at(0)).join();
    });
    expect(new Set(lengths).size).toBe(3);
  });

  it('is the same for the same seed and another for another', () => {
    const model = { kind: 'uniform', minUs: 0, maxUs: 1e6 } as const;
    expect(draws({ ...model, seed: 5 }, 50)).toEqual(draws({ ...model, seed: 5 }, 50));
    expect(draws({ ...model, seed: 5 }, 50)).not.toEqual(draws({ ...model, seed: 6 }, 50));
  });
});
