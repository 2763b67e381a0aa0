import { describe, expect, it } from 'vitest';
import { checkLatencyModel, Latency, type LatencyModel } from './latency.ts';

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

  it('that is no whole number is the nearest', () => {
    // Between e^(-0.05 × 6) = 0.74 and e^(0.05 × 6) = 1.35 lie all of 20,000 draws.
    expect(new Set(draws({ kind: 'logNormal', medianUs: 1, sigma: 0.05, maxUs: 9, seed: 3 }))).toEqual(new Set([1]));
    const latency = new Latency({ kind: 'measured', ts: Float64Array.of(100, 200), us: Float64Array.of(10, 11) }, 'feed');
    expect([101, 149, 150, 199].map((ts) => latency.at(ts))).toEqual([10, 10, 11, 11]);
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

describe('a law of latency', () => {
  const logNormal = { kind: 'logNormal', medianUs: 10, sigma: 1, maxUs: 20, seed: 1 } as const;
  const measured = (ts: readonly number[], us: readonly number[]): LatencyModel => ({
    kind: 'measured',
    ts: Float64Array.from(ts),
    us: Float64Array.from(us),
  });

  it.each<LatencyModel>([
    { kind: 'constant', us: 0 },
    { kind: 'uniform', minUs: 5, maxUs: 5, seed: 1 },
    { ...logNormal, sigma: 0 },
    { ...logNormal, sigma: 10 },
    { ...logNormal, maxUs: 0 },
    measured([5], [0]),
    measured([5, 6], [1, 1]),
  ])('is one: %o', (model) => {
    expect(() => checkLatencyModel(model)).not.toThrow();
  });

  it.each<LatencyModel>([
    { kind: 'constant', us: -1 },
    { kind: 'constant', us: 0.5 },
    { kind: 'uniform', minUs: 6, maxUs: 5, seed: 1 },
    { ...logNormal, sigma: -0.001 },
    { ...logNormal, sigma: 10.001 },
    { ...logNormal, sigma: Number.NaN },
    { ...logNormal, medianUs: 0 },
    { ...logNormal, maxUs: -1 },
    measured([], []),
    measured([5, 6], [1]),
    measured([5, 5], [1, 1]),
    measured([5], [-1]),
  ])('is none: %o', (model) => {
    expect(() => checkLatencyModel(model)).toThrow();
  });
});
