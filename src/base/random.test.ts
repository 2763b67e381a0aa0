import { describe, expect, it } from 'vitest';
import { InvariantError } from './assert.ts';
import { murmurOf } from './murmur.ts';
import { Random, stream } from './random.ts';

const DRAWS = 200_000;

function meanAndVariance(draw: () => number): { readonly mean: number; readonly variance: number } {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < DRAWS; i += 1) {
    const x = draw();
    sum += x;
    squares += x * x;
  }
  return { mean: sum / DRAWS, variance: squares / DRAWS - (sum / DRAWS) ** 2 };
}

function meanOfFourth(random: Random): number {
  let sum = 0;
  for (let i = 0; i < DRAWS; i += 1) sum += random.nextNormal() ** 4;
  return sum / DRAWS;
}

describe('Random', () => {
  it("gives the sequence of the authors' C code from the state 1 2 3 4, also after a million draws", () => {
    // Printed by the reference implementation compiled with gcc.
    const random = new Random([1, 2, 3, 4]);
    const first = Array.from({ length: 10 }, () => random.nextUint32());
    expect(first).toEqual([11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804]);
    for (let i = 10; i < 1_000_000; i += 1) random.nextUint32();
    expect(random.nextUint32()).toBe(3175353485);
  });

  it('draws doubles on [0, 1) with mean 1/2 and variance 1/12 (bounds: five standard errors)', () => {
    const random = stream(1, 'double');
    const { mean, variance } = meanAndVariance(() => {
      const x = random.nextDouble();
      if (x < 0 || x >= 1) throw new Error(`out of range: ${x}`);
      return x;
    });
    expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / DRAWS));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / DRAWS));
  });

  it('draws below n without bias: 3·2^30 splits 2^32 unevenly, yet each third gets its share', () => {
    const random = stream(2, 'below');
    const counts = [0, 0, 0];
    for (let i = 0; i < 30_000; i += 1) counts[Math.floor(random.nextBelow(3 * 2 ** 30) / 2 ** 30)]! += 1;
    // Expected 10,000 each with a deviation of 82; a plain remainder would give 15,000, 7,500, 7,500.
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(410);
    expect(random.nextBelow(1)).toBe(0);
    for (const n of [0, -1, 1.5, 2 ** 32 + 1]) expect(() => random.nextBelow(n)).toThrow(InvariantError);
  });

  it('draws normals with mean 0, variance 1, and the right share beyond 0.5, 2 and 3.5 deviations (bounds: five standard errors)', () => {
    const random = stream(3, 'normal');
    // Two-sided tail probabilities of the normal distribution, from tables; 3.5 lies in the tail's own method.
    const shares = [
      [0.5, 0.61708],
      [2, 0.0455],
      [3.5, 0.00046526],
    ] as const;
    const beyond = [0, 0, 0];
    const { mean, variance } = meanAndVariance(() => {
      const x = random.nextNormal();
      shares.forEach(([edge], at) => (beyond[at]! += Math.abs(x) > edge ? 1 : 0));
      return x;
    });
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(DRAWS));
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / DRAWS));
    expect(meanOfFourth(random)).toBeCloseTo(3, 0);
    shares.forEach(([, share], at) =>
      expect(Math.abs(beyond[at]! / DRAWS - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / DRAWS)),
    );
  });

  it("draws normals whose histogram has the bell's shape (chi-squared over 120 bins) and whose far tail is thin enough", () => {
    const random = stream(8, 'shape');
    const draws = 4_000_000;
    const bins = new Float64Array(120);
    let far = 0;
    for (let i = 0; i < draws; i += 1) {
      const x = random.nextNormal();
      const bin = Math.floor((x + 3) * 20);
      if (bin >= 0 && bin < 120) bins[bin]! += 1;
      if (Math.abs(x) > 4) far += 1;
    }
    const density = (x: number): number => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
    let chiSquared = 0;
    bins.forEach((seen, bin) => {
      const left = bin / 20 - 3;
      // Simpson's rule over the bin.
      const wanted = (draws * 0.05 * (density(left) + 4 * density(left + 0.025) + density(left + 0.05))) / 6;
      chiSquared += (seen - wanted) ** 2 / wanted;
    });
    // 120 degrees of freedom: mean 120, deviation 15.5; five deviations.
    expect(chiSquared).toBeLessThan(198);
    // P(|X| > 4) = 6.334e-5 (tables): 253 with a deviation of 16; an exponential tail would give 338.
    expect(Math.abs(far - 253)).toBeLessThan(64);
  });

  it('draws exponentials with mean 3 and deviation 3', () => {
    const random = stream(4, 'exponential');
    const { mean, variance } = meanAndVariance(() => random.nextExponential(3));
    expect(Math.abs(mean - 3)).toBeLessThan((5 * 3) / Math.sqrt(DRAWS));
    expect(Math.abs(variance / 9 - 1)).toBeLessThan(5 * Math.sqrt(8 / DRAWS));
  });

  it('draws Pareto variables: none below the scale, one in eight beyond twice the scale at shape 3', () => {
    const random = stream(5, 'pareto');
    let beyond = 0;
    for (let i = 0; i < DRAWS; i += 1) {
      const x = random.nextPareto(10, 3);
      if (x < 10) throw new Error(`below the scale: ${x}`);
      if (x > 20) beyond += 1;
    }
    expect(Math.abs(beyond / DRAWS - 0.125)).toBeLessThan(5 * Math.sqrt((0.125 * 0.875) / DRAWS));
  });

  it('goes on after saving and loading through JSON as if it had not stopped', () => {
    for (const before of [0, 1, 2, 3]) {
      const straight = stream(6, 'state');
      const stopped = stream(6, 'state');
      for (let i = 0; i < before; i += 1) expect(stopped.nextNormal()).toBe(straight.nextNormal());
      const resumed = new Random([9, 9, 9, 9]);
      resumed.nextNormal();
      resumed.loadState(JSON.parse(JSON.stringify(stopped.saveState())) as number[]);
      for (let i = 0; i < 5; i += 1) expect(resumed.nextNormal()).toBe(straight.nextNormal());
    }
  });

  it('gives different sequences for another seed and for another name, the same for the same', () => {
    const draw = (seed: number, name: string): number[] =>
      Array.from({ length: 4 }, () => 0).map(
        (
          (r) => () =>
            r.nextUint32()
        )(stream(seed, name)),
      );
    expect(draw(7, 'a')).toEqual(draw(7, 'a'));
    expect(draw(7, 'a')).not.toEqual(draw(8, 'a'));
    expect(draw(7, 'a')).not.toEqual(draw(7, 'b'));
    expect(() => stream(0.5, 'a')).toThrow(InvariantError);
  });

  it('begins a stream where MurmurHash3 of its seed, its length and its name says: that is for all time', () => {
    // 3 is 0x40080000 00000000 as a double.
    expect(stream(3, 'abc').saveState()).toEqual(new Random(murmurOf([0, 0x40080000, 3, 0x00620061, 0x63])).saveState());
  });

  it('refuses a state of four zeros, which it could never leave', () => {
    expect(() => new Random([0, 0, 0, 0])).toThrow(InvariantError);
  });
});
