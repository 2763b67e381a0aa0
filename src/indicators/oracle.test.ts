import {
  ADX,
  ATR,
  BollingerBands as TheirBands,
  DonchianChannels,
  EMA,
  getZScore,
  KeltnerChannels,
  LinearRegression as TheirLine,
} from 'trading-signals';
import { MACD, RSI, SMA, StochasticOscillator, VWAP, WMA, WSMA } from 'trading-signals';
import { describe, expect, it } from 'vitest';
import { Adx } from './adx.ts';
import { Atr } from './atr.ts';
import { BollingerBands } from './bollinger-bands.ts';
import { DonchianChannel } from './donchian-channel.ts';
import { Ema } from './ema.ts';
import { KeltnerChannel } from './keltner-channel.ts';
import { LinearRegression } from './linear-regression.ts';
import { Macd } from './macd.ts';
import { RealizedVolatility } from './realized-volatility.ts';
import { RollingVwap } from './rolling-vwap.ts';
import { Rsi } from './rsi.ts';
import { Sma } from './sma.ts';
import { Stochastic } from './stochastic.ts';
import { Vwap } from './vwap.ts';
import { WilderAverage } from './wilder-average.ts';
import { Wma } from './wma.ts';
import { ZScore } from './z-score.ts';

interface TestBar {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** A walk from a linear congruential generator (Numerical Recipes' constants), so that every run sees the same bars. */
function walk(seed: number, count: number): TestBar[] {
  let state = seed >>> 0;
  const draw = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const bars: TestBar[] = [];
  let open = 100;
  for (let bar = 0; bar < count; bar += 1) {
    const close = open * (1 + (draw() - 0.5) * 0.04);
    bars.push({
      open,
      close,
      high: Math.max(open, close) + draw(),
      low: Math.min(open, close) - draw(),
      volume: Math.floor(draw() * 50) + 1,
    });
    open = close;
  }
  return bars;
}

type Step = (bar: TestBar) => readonly (number | null | undefined)[];
interface Case {
  readonly name: string;
  readonly ours: () => Step;
  /** The same from all bars so far, recomputed from the definition; empty while it does not apply. */
  readonly naive?: (bars: readonly TestBar[]) => readonly number[];
  readonly theirs?: () => Step;
  /** Bars that the other seed needs to fade below the tolerance. */
  readonly theirsAfter?: number;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;
const closes = (bars: readonly TestBar[]): number[] => bars.map((bar) => bar.close);
const squares = (values: readonly number[]): number => sum(values.map((value) => (value - mean(values)) ** 2));
const typical = (bar: TestBar): number => (bar.high + bar.low + bar.close) / 3;

/** The recursion's closed form: weights alpha (1 − alpha)^k, the rest on the first value. */
function emaOf(values: readonly number[], period: number): number {
  const alpha = 2 / (period + 1);
  const last = values.length - 1;
  return sum(values.map((value, index) => value * (index === 0 ? 1 : alpha) * (1 - alpha) ** (last - index)));
}

/** Wilder's average as weights: the first window's mean fades, each later value counts 1/period. */
function wilderOf(values: readonly number[], period: number): number {
  const later = values.slice(period);
  const keep = 1 - 1 / period;
  const start = mean(values.slice(0, period)) * keep ** later.length;
  return start + sum(later.map((value, index) => (value / period) * keep ** (later.length - 1 - index)));
}

function rangesOf(bars: readonly TestBar[]): number[] {
  return bars.map((bar, index) => {
    const before = bars[index - 1]?.close;
    const gaps = before === undefined ? [] : [Math.abs(bar.high - before), Math.abs(bar.low - before)];
    return Math.max(bar.high - bar.low, ...gaps);
  });
}

function rsiOf(values: readonly number[], period: number): number[] {
  if (values.length <= period) return [];
  const changes = values.slice(1).map((value, index) => value - values[index]!);
  const up = wilderOf(
    changes.map((change) => (change > 0 ? change : 0)),
    period,
  );
  const down = wilderOf(
    changes.map((change) => (change < 0 ? -change : 0)),
    period,
  );
  return [100 - 100 / (1 + up / down)];
}

function directionsOf(bars: readonly TestBar[], period: number): [number, number] {
  const moves = bars.slice(1).map((bar, index) => ({ up: bar.high - bars[index]!.high, down: bars[index]!.low - bar.low }));
  const range = wilderOf(rangesOf(bars).slice(1), period);
  const plus = wilderOf(
    moves.map(({ up, down }) => (up > down ? Math.max(up, 0) : 0)),
    period,
  );
  const minus = wilderOf(
    moves.map(({ up, down }) => (down > up ? Math.max(down, 0) : 0)),
    period,
  );
  return [(100 * plus) / range, (100 * minus) / range];
}

function adxOf(bars: readonly TestBar[], period: number): number[] {
  if (bars.length < 2 * period) return [];
  const indexes: number[] = [];
  for (let count = period + 1; count <= bars.length; count += 1) {
    const [plus, minus] = directionsOf(bars.slice(0, count), period);
    indexes.push((100 * Math.abs(plus - minus)) / (plus + minus));
  }
  return [wilderOf(indexes, period), ...directionsOf(bars, period)];
}

function stochasticOf(bars: readonly TestBar[], period: number, smoothing: number, signal: number): number[] {
  if (bars.length < period + smoothing + signal - 2) return [];
  const raw = (end: number): number => {
    const window = bars.slice(end - period, end);
    const low = Math.min(...window.map((bar) => bar.low));
    return (100 * (bars[end - 1]!.close - low)) / (Math.max(...window.map((bar) => bar.high)) - low);
  };
  const k = (end: number): number => mean(Array.from({ length: smoothing }, (_, back) => raw(end - back)));
  return [k(bars.length), mean(Array.from({ length: signal }, (_, back) => k(bars.length - back)))];
}

/** Normal equations on centered positions, in the order of the definition. */
function lineOf(values: readonly number[]): number[] {
  const middle = (values.length - 1) / 2;
  const covariance = sum(values.map((value, index) => (index - middle) * (value - mean(values))));
  const slope = covariance / sum(values.map((_, index) => (index - middle) ** 2));
  const residuals = sum(values.map((value, index) => (value - mean(values) - slope * (index - middle)) ** 2));
  return [mean(values) + slope * middle, slope, 1 - residuals / squares(values)];
}

const last = <T>(values: readonly T[], count: number): readonly T[] => values.slice(values.length - count);
const full = (count: number, of: (bars: readonly TestBar[]) => readonly number[]) => (bars: readonly TestBar[]) =>
  bars.length < count ? [] : of(last(bars, count));

const SERIES: readonly Case[] = [
  {
    name: 'Sma',
    ours: () => ((sma) => (bar) => [sma.update(bar.close)])(new Sma(20)),
    naive: full(20, (bars) => [mean(closes(bars))]),
    theirs: () => ((sma) => (bar) => [sma.add(bar.close)])(new SMA(20)),
  },
  {
    name: 'Ema',
    ours: () => ((ema) => (bar) => [ema.update(bar.close)])(new Ema(20)),
    naive: (bars) => (bars.length < 20 ? [] : [emaOf(closes(bars), 20)]),
    theirs: () => ((ema) => (bar) => (ema.add(bar.close), [ema.isStable ? ema.getResult() : null]))(new EMA(20)),
  },
  {
    name: 'Ema seeded with the mean',
    ours: () => ((ema) => (bar) => [ema.update(bar.close)])(new Ema(20, { seed: 'sma' })),
    naive: (bars) => (bars.length < 20 ? [] : [emaOf([mean(closes(bars).slice(0, 20)), ...closes(bars).slice(20)], 20)]),
  },
  {
    name: 'Wma',
    ours: () => ((wma) => (bar) => [wma.update(bar.close)])(new Wma(13)),
    naive: full(13, (bars) => [sum(closes(bars).map((close, index) => close * (index + 1))) / 91]),
    theirs: () => ((wma) => (bar) => [wma.add(bar.close)])(new WMA(13)),
  },
  {
    name: 'WilderAverage',
    ours: () => ((average) => (bar) => [average.update(bar.close)])(new WilderAverage(9)),
    naive: (bars) => (bars.length < 9 ? [] : [wilderOf(closes(bars), 9)]),
    theirs: () => ((average) => (bar) => [average.add(bar.close)])(new WSMA(9)),
  },
  {
    name: 'Rsi',
    ours: () => ((rsi) => (bar) => [rsi.update(bar.close)])(new Rsi(14)),
    naive: (bars) => rsiOf(closes(bars), 14),
    theirs: () => ((rsi) => (bar) => [rsi.add(bar.close)])(new RSI(14)),
  },
  {
    name: 'Macd',
    ours: () => ((macd) => (bar) => (macd.update(bar.close), macd.isReady ? [macd.macd, macd.signal, macd.histogram] : []))(new Macd()),
    naive: (bars) => {
      if (bars.length < 26 + 9 - 1) return [];
      const lines = bars
        .map((_, index) => closes(bars.slice(0, index + 1)))
        .slice(25)
        .map((values) => emaOf(values, 12) - emaOf(values, 26));
      const signal = emaOf(lines, 9);
      return [lines.at(-1)!, signal, lines.at(-1)! - signal];
    },
    theirs: () =>
      ((macd, count) => (bar: TestBar) => {
        const result = macd.add(bar.close);
        count += 1;
        return result === null || count < 34 ? [] : [result.macd, result.signal, result.histogram];
      })(new MACD(new EMA(12), new EMA(26), new EMA(9)), 0),
  },
  {
    name: 'BollingerBands',
    ours: () => ((bands) => (bar) => (bands.update(bar.close), [bands.lower, bands.middle, bands.upper]))(new BollingerBands(20, 2)),
    naive: full(20, (bars) => {
      const distance = 2 * Math.sqrt(squares(closes(bars)) / 20);
      return [mean(closes(bars)) - distance, mean(closes(bars)), mean(closes(bars)) + distance];
    }),
    theirs: () =>
      ((bands) => (bar: TestBar) => {
        const result = bands.add(bar.close);
        return [result?.lower, result?.middle, result?.upper];
      })(new TheirBands(20, 2)),
  },
  {
    name: 'ZScore',
    ours: () => ((score) => (bar) => [score.update(bar.close)])(new ZScore(15)),
    naive: full(15, (bars) => [(bars.at(-1)!.close - mean(closes(bars))) / Math.sqrt(squares(closes(bars)) / 15)]),
    theirs: () =>
      ((window: number[]) => (bar: TestBar) => {
        window.push(bar.close);
        return window.length < 15 ? [] : [getZScore(window.slice(-15))];
      })([]),
  },
  {
    name: 'LinearRegression',
    ours: () => ((line) => (bar) => (line.update(bar.close), [line.value, line.slope, line.rSquared]))(new LinearRegression(17)),
    naive: full(17, (bars) => lineOf(closes(bars))),
  },
  {
    name: 'LinearRegression value and slope',
    ours: () => ((line) => (bar) => (line.update(bar.close), [line.value, line.slope]))(new LinearRegression(17)),
    theirs: () =>
      ((line) => (bar: TestBar) => {
        const result = line.add(bar.close);
        // Theirs predicts the next value, one slope further.
        return result === null ? [] : [result.prediction - result.slope, result.slope];
      })(new TheirLine(17)),
  },
  {
    name: 'RealizedVolatility',
    ours: () =>
      ((volatility) => (bar) => [volatility.update(bar.close)])(new RealizedVolatility(20, { center: 'mean', periodsPerYear: 252 })),
    naive: full(21, (bars) => {
      const returns = closes(bars)
        .slice(1)
        .map((close, index) => Math.log(close) - Math.log(bars[index]!.close));
      return [Math.sqrt((252 * squares(returns)) / 19)];
    }),
  },
];

const BARS: readonly Case[] = [
  {
    name: 'Atr',
    ours: () => ((atr) => (bar) => [atr.update(bar.high, bar.low, bar.close)])(new Atr(14)),
    naive: (bars) => (bars.length < 14 ? [] : [wilderOf(rangesOf(bars), 14)]),
    theirs: () => ((atr) => (bar) => [atr.add(bar)])(new ATR(14)),
  },
  {
    name: 'Adx',
    ours: () =>
      ((adx) => (bar) => (adx.update(bar.high, bar.low, bar.close), adx.isReady ? [adx.value, adx.plusDi, adx.minusDi] : []))(new Adx(7)),
    naive: (bars) => adxOf(bars, 7),
    // Theirs lets the first bar's range into the average and gives ±DI as shares; the start fades by 6/7 per bar.
    theirs: () => ((adx) => (bar) => [adx.add(bar), (adx.pdi ?? 0) * 100, (adx.mdi ?? 0) * 100])(new ADX(7)),
    theirsAfter: 250,
  },
  {
    name: 'Stochastic',
    ours: () =>
      ((stochastic) => (bar: TestBar) => {
        stochastic.update(bar.high, bar.low, bar.close);
        return stochastic.isReady ? [stochastic.k, stochastic.d] : [];
      })(new Stochastic({ period: 14, smoothingPeriod: 3, signalPeriod: 5 })),
    naive: (bars) => stochasticOf(bars, 14, 3, 5),
    theirs: () =>
      ((stochastic) => (bar: TestBar) => {
        const result = stochastic.add(bar);
        return result === null ? [] : [result.stochK, result.stochD];
      })(new StochasticOscillator({ kPeriod: 14, kSlowingPeriod: 3, dPeriod: 5 })),
  },
  {
    name: 'DonchianChannel',
    ours: () =>
      ((channel) => (bar) => (channel.update(bar.high, bar.low), [channel.upper, channel.middle, channel.lower]))(new DonchianChannel(20)),
    naive: full(20, (bars) => {
      const upper = Math.max(...bars.map((bar) => bar.high));
      const lower = Math.min(...bars.map((bar) => bar.low));
      return [upper, (upper + lower) / 2, lower];
    }),
    theirs: () =>
      ((channel) => (bar: TestBar) => {
        const result = channel.add(bar);
        return [result?.upper, result?.middle, result?.lower];
      })(new DonchianChannels(20)),
  },
  {
    name: 'KeltnerChannel',
    ours: () =>
      ((channel) => (bar: TestBar) => {
        channel.update(bar.high, bar.low, bar.close);
        return [channel.upper, channel.middle, channel.lower];
      })(new KeltnerChannel({ period: 20, atrPeriod: 10, width: 1.5 })),
    naive: (bars) => {
      if (bars.length < 20) return [];
      const middle = emaOf(closes(bars), 20);
      const distance = 1.5 * wilderOf(rangesOf(bars), 10);
      return [middle + distance, middle, middle - distance];
    },
    theirs: () =>
      ((channel) => (bar: TestBar) => {
        const result = channel.add(bar);
        return [result?.upper, result?.middle, result?.lower];
      })(new KeltnerChannels({ emaInterval: 20, atrInterval: 10, multiplier: 1.5 })),
  },
  {
    name: 'Vwap',
    ours: () => ((vwap) => (bar) => [vwap.update(typical(bar), bar.volume)])(new Vwap()),
    naive: (bars) => [sum(bars.map((bar) => typical(bar) * bar.volume)) / sum(bars.map((bar) => bar.volume))],
    theirs: () => ((vwap) => (bar) => [vwap.add(bar)])(new VWAP()),
  },
  {
    name: 'RollingVwap',
    ours: () => ((vwap) => (bar) => [vwap.update(bar.close, bar.volume)])(new RollingVwap(11)),
    naive: full(11, (bars) => [sum(bars.map((bar) => bar.close * bar.volume)) / sum(bars.map((bar) => bar.volume))]),
  },
];

const present = (values: readonly (number | null | undefined)[]): number[] =>
  values.filter((value) => value != null && !Number.isNaN(value)) as number[];

function expectSame(actual: readonly number[], expected: readonly number[], bar: number): void {
  expect(actual.length, `results at bar ${bar}`).toBe(expected.length);
  actual.forEach((value, index) => {
    const tolerance = 1e-9 * Math.max(1, Math.abs(expected[index]!));
    expect(Math.abs(value - expected[index]!), `result ${index} at bar ${bar}: ${value} against ${expected[index]}`).toBeLessThan(
      tolerance,
    );
  });
}

const CASES = [...SERIES, ...BARS];
const DEFINED = CASES.flatMap(({ naive, ...others }) => (naive === undefined ? [] : [{ naive, ...others }]));
const PACKAGED = CASES.flatMap(({ theirs, ...others }) => (theirs === undefined ? [] : [{ theirs, ...others }]));

describe('the definition, recomputed over all bars at every bar', () => {
  it.each(DEFINED)('is what $name gives, from the first bar on', ({ ours, naive }) => {
    for (const seed of [1, 2]) {
      const bars = walk(seed, 120);
      const step = ours();
      bars.forEach((bar, index) => expectSame(present(step(bar)), naive(bars.slice(0, index + 1)), index));
    }
  });
});

describe('the trading-signals package', () => {
  it.each(PACKAGED)('gives what $name gives', ({ ours, theirs, theirsAfter }) => {
    for (const seed of [3, 4]) {
      const step = ours();
      const theirStep = theirs();
      walk(seed, 500).forEach((bar, index) => {
        const mine = present(step(bar));
        const other = present(theirStep(bar));
        if (index >= (theirsAfter ?? 0)) expectSame(mine, other, index);
      });
    }
  });
});
