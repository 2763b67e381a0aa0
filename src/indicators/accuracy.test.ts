import { describe, expect, it } from 'vitest';
import { BollingerBands } from './bollinger-bands.ts';
import { DonchianChannel } from './donchian-channel.ts';
import { Ema } from './ema.ts';
import { LinearRegression } from './linear-regression.ts';
import { RollingVwap } from './rolling-vwap.ts';
import { Sma } from './sma.ts';
import { Vwap } from './vwap.ts';
import { Wma } from './wma.ts';
import { ZScore } from './z-score.ts';

/** The window after `count` updates holds the same eight values whatever came before, at another place of the ring for each `count`. */
const WINDOW = [0.1, 0.7, 0.2, 0.3, 0.9, 0.4, 0.8, 0.6];
const MEAN = 4 / 8;

/** Feeds `count` values of a walk that visits 1e15 and back, then the window. */
function feed(update: (value: number) => unknown, count: number): void {
  let state = 12345;
  for (let step = 0; step < count; step += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    update((state % 1000) * 0.1 + (state % 7 === 0 ? 1e15 : 0));
  }
  for (const value of WINDOW) update(value);
}

describe('windows forget exactly', () => {
  it.each([0, 1, 5, 1000, 1003, 2_000_001])('what came before the window leaves no trace after %d updates of up to 1e15', (count) => {
    const sma = new Sma(8);
    const wma = new Wma(8);
    const bands = new BollingerBands(8);
    const line = new LinearRegression(8);
    const vwap = new RollingVwap(8);
    feed((value) => sma.update(value), count);
    feed((value) => wma.update(value), count);
    feed((value) => bands.update(value), count);
    feed((value) => line.update(value), count);
    feed((value) => vwap.update(value, 2), count);
    // Σ k × value: 0.1 + 1.4 + 0.6 + 1.2 + 4.5 + 2.4 + 5.6 + 4.8 = 20.6, over 36.
    // Σ squares about 0.5: 0.16 + 0.04 + 0.09 + 0.04 + 0.16 + 0.01 + 0.09 + 0.01 = 0.6.
    // Σ (position − 3.5) × value = 20.6 − 4.5 × 4 = 2.6, over 42.
    expect(sma.value).toBeCloseTo(MEAN, 14);
    expect(wma.value).toBeCloseTo(20.6 / 36, 14);
    expect(bands.middle).toBeCloseTo(MEAN, 14);
    expect(bands.deviation).toBeCloseTo(Math.sqrt(0.6 / 8), 14);
    expect(line.slope).toBeCloseTo(2.6 / 42, 14);
    expect(line.rSquared).toBeCloseTo(2.6 ** 2 / (42 * 0.6), 13);
    expect(vwap.value).toBeCloseTo(MEAN, 14);
  });

  it('the cumulative VWAP of two million updates of 0.1 and 0.3 is 0.2 to the last digits', () => {
    const vwap = new Vwap();
    for (let step = 0; step < 1_000_000; step += 1) {
      vwap.update(0.1, 0.1);
      vwap.update(0.3, 0.1);
    }
    expect(Math.abs(vwap.value - 0.2)).toBeLessThan(1e-16);
  });
});

describe('extreme inputs', () => {
  it.each([1e-150, 0.1, 1e15, 1e150])(
    'a constant series of %d has mean, bands and channel at the constant and no deviation',
    (constant) => {
      const sma = new Sma(7);
      const ema = new Ema(7);
      const bands = new BollingerBands(7);
      const score = new ZScore(7);
      const line = new LinearRegression(7);
      const channel = new DonchianChannel(7);
      for (let step = 0; step < 50; step += 1) {
        for (const indicator of [sma, ema, bands, score, line]) indicator.update(constant);
        channel.update(constant, constant);
      }
      expect(sma.value / constant).toBeCloseTo(1, 14);
      expect(ema.value / constant).toBeCloseTo(1, 14);
      expect([bands.lower, bands.middle, bands.upper, bands.deviation]).toEqual([constant, constant, constant, 0]);
      expect([score.value, line.slope, line.rSquared]).toEqual([0, 0, 0]);
      expect([channel.lower, channel.middle, channel.upper]).toEqual([constant, constant, constant]);
    },
  );

  it.each([1, 1e-140, 1e140])('results scale with the values: everything times %d', (scale) => {
    const bands = new BollingerBands(8);
    const line = new LinearRegression(8);
    for (const value of WINDOW) {
      bands.update(value * scale);
      line.update(value * scale);
    }
    expect(bands.deviation / scale).toBeCloseTo(Math.sqrt(0.6 / 8), 13);
    expect(line.slope / scale).toBeCloseTo(2.6 / 42, 13);
    expect(line.rSquared).toBeCloseTo(2.6 ** 2 / (42 * 0.6), 13);
  });

  // A double at 1e9 has steps of 1.2e-7, and the mean is one; sums of squares (1e18, steps of 128) would lose the deviation altogether.
  it('a small deviation far from zero survives: 1e9 and 1e9 + 1 in turn deviate by one half', () => {
    const bands = new BollingerBands(10);
    for (let step = 0; step < 1001; step += 1) bands.update(1e9 + (step % 2));
    expect(bands.deviation).toBeCloseTo(0.5, 8);
  });

  it('a window of one has no deviation', () => {
    const bands = new BollingerBands(1);
    for (const value of [3, 1e9, -7]) {
      bands.update(value);
      expect([bands.middle, bands.deviation]).toEqual([value, 0]);
    }
  });
});
