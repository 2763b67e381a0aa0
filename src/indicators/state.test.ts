import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Adx } from './adx.ts';
import { Atr } from './atr.ts';
import { BollingerBands } from './bollinger-bands.ts';
import { DonchianChannel } from './donchian-channel.ts';
import { Ema } from './ema.ts';
import type { Indicator, IndicatorState } from './indicator.ts';
import { KeltnerChannel } from './keltner-channel.ts';
import { LinearRegression } from './linear-regression.ts';
import { Macd } from './macd.ts';
import { RealizedVolatility } from './realized-volatility.ts';
import { RollingVwap } from './rolling-vwap.ts';
import { Rsi } from './rsi.ts';
import { SlidingMaximum } from './sliding-maximum.ts';
import { SlidingMoments } from './sliding-moments.ts';
import { Sma } from './sma.ts';
import { Stochastic } from './stochastic.ts';
import { Vwap } from './vwap.ts';
import { WilderAverage } from './wilder-average.ts';
import { Wma } from './wma.ts';
import { ZScore } from './z-score.ts';

interface Driven extends Indicator {
  update(first: number, second: number, third: number): number;
}

/** Every indicator class, made with a period that takes part in the property, and once more with another argument. */
const CASES: readonly { readonly name: string; readonly make: (period: number) => Driven }[] = [
  { name: 'Sma', make: (period) => new Sma(period) },
  { name: 'Ema', make: (period) => new Ema(period) },
  { name: 'Ema', make: (period) => new Ema(period, { seed: 'sma' }) },
  { name: 'Wma', make: (period) => new Wma(period) },
  { name: 'WilderAverage', make: (period) => new WilderAverage(period) },
  { name: 'Rsi', make: (period) => new Rsi(period) },
  { name: 'Atr', make: (period) => new Atr(period) },
  { name: 'Macd', make: (period) => new Macd({ fastPeriod: period, slowPeriod: period + 3, signalPeriod: 2 }) },
  { name: 'BollingerBands', make: (period) => new BollingerBands(period, 1.5) },
  { name: 'Adx', make: (period) => new Adx(period) },
  { name: 'Stochastic', make: (period) => new Stochastic({ period, smoothingPeriod: 2, signalPeriod: 3 }) },
  { name: 'Vwap', make: () => new Vwap() },
  { name: 'RollingVwap', make: (period) => new RollingVwap(period) },
  { name: 'DonchianChannel', make: (period) => new DonchianChannel(period) },
  { name: 'KeltnerChannel', make: (period) => new KeltnerChannel({ period, atrPeriod: 3 }) },
  { name: 'ZScore', make: (period) => new ZScore(period + 1, { deviation: 'sample' }) },
  { name: 'LinearRegression', make: (period) => new LinearRegression(period + 1) },
  { name: 'RealizedVolatility', make: (period) => new RealizedVolatility(period) },
  { name: 'SlidingMoments', make: (period) => new SlidingMoments(period) },
  { name: 'SlidingMaximum', make: (period) => new SlidingMaximum(period) },
];

/** All public numbers and flags, so that a forgotten field shows. */
function visible(indicator: Indicator): Record<string, unknown> {
  return Object.fromEntries(Object.entries(indicator).filter(([, value]) => typeof value === 'number' || typeof value === 'boolean'));
}

const bar = fc
  .tuple(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 }))
  .map(([low, range, place]): [number, number, number] => [(low + range) / 8, low / 8, (low + Math.min(range, place)) / 8]);

describe.each(CASES)('$name', ({ name, make }) => {
  it('goes on after saving and loading exactly as it would have gone on, through JSON and at any moment', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.array(bar, { maxLength: 40 }), fc.nat({ max: 40 }), (period, bars, cut) => {
        const whole = make(period);
        const first = make(period);
        for (const inputs of bars.slice(0, cut)) first.update(...inputs);
        const resumed = make(period);
        for (const inputs of bars.slice(0, 3)) resumed.update(...inputs);
        resumed.load(JSON.parse(JSON.stringify(first.save())) as IndicatorState);
        expect(visible(resumed)).toStrictEqual(visible(first));
        for (const inputs of bars.slice(0, cut)) whole.update(...inputs);
        for (const inputs of bars.slice(cut)) {
          expect(resumed.update(...inputs)).toBe(whole.update(...inputs));
          expect(visible(resumed)).toStrictEqual(visible(whole));
        }
        expect(resumed.save()).toStrictEqual(whole.save());
      }),
      { numRuns: 60 },
    );
  });

  it('after a reset is as new', () => {
    const indicator = make(3);
    expect(indicator.value).toBeNaN();
    for (let step = 1; step < 20; step += 1) indicator.update(step + 1, step, step + 0.5);
    expect(indicator.isReady).toBe(true);
    indicator.reset();
    expect(indicator.save()).toStrictEqual(make(3).save());
    expect(indicator.isReady).toBe(false);
    expect(indicator.value).toBeNaN();
  });

  it('refuses the state of another class, of other arguments, and a damaged one', () => {
    const state = make(3).save();
    expect(state.indicator).toBe(name);
    expect(() => make(3).load({ ...state, indicator: 'Other' })).toThrow('This state was saved by Other');
    expect(() => make(3).load({ ...state, values: state.values.slice(0, -1) })).toThrow('damaged');
    expect(() => make(3).load({ ...state, values: [...state.values, 0] })).toThrow('it holds more than this version reads');
    expect(() => make(3).load({ ...state, values: state.values.map(() => 'x') })).toThrow('damaged: value 1 is "x"');
    if (name !== 'Vwap') expect(() => make(4).load(state)).toThrow(/was saved with \w+ 3|was saved with period 4/);
  });
});

describe('IndicatorState', () => {
  it('is plain JSON that brings NaN, the infinities and minus zero back', () => {
    const maximum = new SlidingMaximum(2);
    const text = JSON.stringify(maximum.save());
    expect(text).toContain('"NaN"');
    expect(text).toContain('"-Infinity"');
    const other = new SlidingMaximum(2);
    other.update(5);
    other.load(JSON.parse(text) as IndicatorState);
    expect(other.save()).toStrictEqual(maximum.save());
    maximum.update(-0);
    maximum.update(-0);
    other.load(JSON.parse(JSON.stringify(maximum.save())) as IndicatorState);
    expect(Object.is(other.value, -0)).toBe(true);
  });

  it('refuses a ring position outside the window', () => {
    const state = new Sma(3).save();
    const values = [...state.values];
    values[4] = 3;
    expect(() => new Sma(3).load({ ...state, values })).toThrow('value 5 is 3, outside 0 to 2');
  });
});
