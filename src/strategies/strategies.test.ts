import { describe, expect, it } from 'vitest';
import { BollingerMeanReversion } from './bollinger-mean-reversion.ts';
import { DonchianBreakout } from './donchian-breakout.ts';
import { MovingAverageCrossover } from './moving-average-crossover.ts';
import { Pairs } from './pairs.ts';
import { RegimeSwitch } from './regime-switch.ts';
import type { StrategyClass } from '../core/strategy/strategy.ts';
import { resolveParameters } from '../model/parameters.ts';
import type { Backtest } from '../runtime/backtest.ts';
import { backtestOf, flatBars, futureOf } from '../runtime/backtest.fixture.ts';

type Given = Readonly<Record<string, number | boolean | string>>;

function prepared(strategyClass: StrategyClass, given: Given, markets: readonly (readonly number[])[]): Backtest {
  const { values, refusals } = resolveParameters(strategyClass.parameters ?? {}, { every: '1m', ...given });
  expect(refusals).toEqual([]);
  return backtestOf({
    instruments: markets.map((_, index) => futureOf({ id: `M${index}.XNYS` }, index)),
    streams: markets.map((closes, index) => flatBars(closes, { instrument: index, series: index })),
    series: markets.map((_, instrument) => ({ instrument, every: '1m' })),
    strategies: [{ strategyClass, parameters: values }],
  });
}

/** Fills as `instrument: side quantity in bar n` (bars count from 1; a decision on bar n fills in bar n + 1). */
function trades(strategyClass: StrategyClass, given: Given, ...markets: readonly (readonly number[])[]): string[] {
  const backtest = prepared(strategyClass, given, markets);
  while (!backtest.advance(1000));
  backtest.finish();
  expect(backtest.recorder.denials).toEqual([]);
  return backtest.recorder.fills.map(
    (fill) => `${fill.instrument}: ${fill.side > 0 ? 'BUY' : 'SELL'} ${fill.lastQty} in ${fill.tsInit / 60_000_000}`,
  );
}

describe('MovingAverageCrossover', () => {
  // Averages of 1 and 3: the spread is below zero at bars 3 and 4, above at 5, below at 8.
  const CLOSES = [1200, 1100, 1000, 900, 1100, 1200, 1200, 1000, 1000, 1000];
  it('buys when the fast average crosses above the slow one, and turns when it crosses back', () => {
    // Decided on 11.00, sized at the fill at 12.00: 10 000 / 12 = 833. Turned at 10.00: equity 10 000 − 833 × 2 = 8334, and 833 short.
    expect(trades(MovingAverageCrossover, { fast: 1, slow: 3 }, CLOSES)).toEqual([
      '0: BUY 833 in 6',
      '0: SELL 833 in 9',
      '0: SELL 833 in 9',
    ]);
  });
  it('only closes where selling short is not allowed, and sizes at the decision when told', () => {
    // 10 000 / 11 = 909
    expect(trades(MovingAverageCrossover, { fast: 1, slow: 3, allowShort: false, sizeAt: 'decision' }, CLOSES)).toEqual([
      '0: BUY 909 in 6',
      '0: SELL 909 in 9',
    ]);
  });
});

describe('BollingerMeanReversion', () => {
  it('buys below the lower band and sells at the average; the mirror image above', () => {
    // Of 4 closes 10, 10, 10, 8: mean 9.5, deviation 0.87 (√0.75); one deviation below is 8.63 > 8.
    const low = [1000, 1000, 1000, 1000, 800, 800, 1000, 1000, 1000];
    expect(trades(BollingerMeanReversion, { period: 4, deviations: 1 }, low)).toEqual(['0: BUY 1250 in 6', '0: SELL 1250 in 8']);
    const high = low.map((close) => 2000 - close);
    expect(trades(BollingerMeanReversion, { period: 4, deviations: 1 }, high)).toEqual(['0: SELL 833 in 6', '0: BUY 833 in 8']);
    expect(trades(BollingerMeanReversion, { period: 4, deviations: 1, allowShort: false }, high)).toEqual([]);
  });
});

describe('DonchianBreakout', () => {
  it('enters beyond the channel of the bars before and leaves through the shorter one', () => {
    // Highs of 3 bars are at most 10.10 before bar 5 closes at 11; lows of 2 bars are 11 before bar 8 closes at 10.
    const closes = [1000, 1010, 1000, 1010, 1100, 1100, 1100, 1000, 1000];
    const fills = trades(DonchianBreakout, { entryPeriod: 3, exitPeriod: 2, atrPeriod: 2, riskPerTrade: 1 }, closes);
    // Risk of everything is bounded at a weight of 1: 10 000 / 11 = 909.
    expect(fills.slice(0, 2)).toEqual(['0: BUY 909 in 6', '0: SELL 909 in 9']);
  });
  it('sizes so that two average true ranges cost the share at risk', () => {
    // True ranges 0, 0.10, 0.10, 0.10 of two bars smooth to 0.05, 0.075, 0.0875 (Wilder). 1 % over 2 × 0.0875 at 10.20 is a weight of
    // 0.582857, and 5828.57 / 10.20 = 571.4.
    expect(trades(DonchianBreakout, { entryPeriod: 3, exitPeriod: 2, atrPeriod: 2 }, [1000, 1010, 1000, 1010, 1020, 1020, 1020])).toEqual([
      '0: BUY 571 in 6',
    ]);
  });
});

describe('Pairs', () => {
  const FLAT = Array.from({ length: 12 }, () => 1000);
  it('sells what has become expensive against the other and closes when they have come together', () => {
    const first = [1000, 1010, 1000, 1010, 1000, 1200, 1200, 1010, 1005, 1005, 1005, 1005];
    const fills = trades(Pairs, { period: 5, entry: 1.5, exit: 0.7 }, first, FLAT);
    expect(fills.slice(0, 2).map((fill) => fill.replace(/\d+ in/, 'in'))).toEqual(['0: SELL in 7', '1: BUY in 7']);
    expect(fills.slice(2).map((fill) => fill.slice(0, 6))).toEqual(['0: BUY', '1: SEL']);
  });
  it.each([1, 3])('refuses %i instruments in a sentence', (count) => {
    const markets = Array.from({ length: count }, () => FLAT);
    expect(() => prepared(Pairs, {}, markets).advance(1)).toThrow(`Pairs trades exactly two instruments; the run file gives it ${count}`);
  });
});

describe('RegimeSwitch', () => {
  const GIVEN = { adxPeriod: 3, fast: 2, slow: 5, bandPeriod: 4, deviations: 1 };
  it('holds the side of the fast average in a trend and turns with it', () => {
    const up = Array.from({ length: 20 }, (_, i) => 1000 + i * 10);
    const down = Array.from({ length: 20 }, (_, i) => 1190 - i * 10);
    expect(trades(RegimeSwitch, GIVEN, up).map((fill) => fill.slice(0, 6))).toEqual(['0: BUY']);
    expect(trades(RegimeSwitch, GIVEN, [...up, ...down.slice(1)]).map((fill) => fill.replace(/\d+ in \d+/, ''))).toEqual([
      '0: BUY ',
      '0: SELL ',
      '0: SELL ',
    ]);
    expect(trades(RegimeSwitch, { ...GIVEN, allowShort: false }, down)).toEqual([]);
  });
  it('fades the extremes where there is no trend', () => {
    const sideways = Array.from({ length: 30 }, (_, i) => 1000 + (i % 2 === 0 ? 0 : 10));
    // The ADX of an even swing is next to nothing; a drop below the band is bought before the drop makes a trend of it.
    const fills = trades(RegimeSwitch, { ...GIVEN, trendAbove: 100, rangeBelow: 100 }, [...sideways, 980, 1000, 1010, 1010, 1010]);
    expect(fills.length).toBeGreaterThan(0);
    const [buy] = fills.filter((fill) => fill.endsWith('in 32'));
    expect(buy).toMatch(/^0: BUY/);
  });
});

const SHIPPED: readonly (readonly [string, StrategyClass, Given, number])[] = [
  ['MovingAverageCrossover', MovingAverageCrossover, { fast: 3, slow: 9 }, 1],
  ['BollingerMeanReversion', BollingerMeanReversion, { period: 8, deviations: 1 }, 2],
  ['DonchianBreakout', DonchianBreakout, { entryPeriod: 6, exitPeriod: 3, atrPeriod: 4 }, 2],
  ['Pairs', Pairs, { period: 8, entry: 1, exit: 0.3 }, 2],
  ['RegimeSwitch', RegimeSwitch, { adxPeriod: 4, fast: 3, slow: 8, bandPeriod: 6, deviations: 1 }, 1],
];

describe.each(SHIPPED)('%s', (_name, strategyClass, given, count) => {
  const markets = Array.from({ length: count }, (_, k) =>
    Array.from({ length: 240 }, (_v, i) => Math.round(1000 + 200 * Math.sin(i / (5 + k)) + 60 * Math.sin(i * (1.3 + k)))),
  );

  it('has valid defaults, ranges that hold them, and a description of every parameter', () => {
    const descriptors = strategyClass.parameters!;
    expect(resolveParameters(descriptors, {}).refusals).toEqual([]);
    for (const descriptor of Object.values(descriptors)) {
      expect(descriptor.description).toMatch(/^[A-Z].*\.$/);
      if ('min' in descriptor) expect(descriptor.min).toBeLessThan(descriptor.max);
    }
  });

  it('goes on after a restart as if nothing had happened', () => {
    const digestOf = (restartAfter: number): string => {
      const backtest = prepared(strategyClass, given, markets);
      if (restartAfter > 0) {
        backtest.advance(restartAfter);
        backtest.engine.strategies.restart(0);
      }
      while (!backtest.advance(1000));
      backtest.finish();
      expect(backtest.recorder.fills.length).toBeGreaterThan(3);
      return backtest.digest();
    };
    expect([1, 5, 60, 133, 239].map(digestOf)).toEqual(Array.from({ length: 5 }, () => digestOf(0)));
  });
});
