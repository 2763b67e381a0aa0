import { describe, expect, it } from 'vitest';
import { type Bar, Strategy, type StrategyClass } from '../../src/core/strategy/strategy.ts';
import { Adx } from '../../src/indicators/adx.ts';
import { Atr } from '../../src/indicators/atr.ts';
import { BollingerBands } from '../../src/indicators/bollinger-bands.ts';
import { DonchianChannel } from '../../src/indicators/donchian-channel.ts';
import { Ema } from '../../src/indicators/ema.ts';
import { KeltnerChannel } from '../../src/indicators/keltner-channel.ts';
import { LinearRegression } from '../../src/indicators/linear-regression.ts';
import { Macd } from '../../src/indicators/macd.ts';
import { RealizedVolatility } from '../../src/indicators/realized-volatility.ts';
import { RollingVwap } from '../../src/indicators/rolling-vwap.ts';
import { Rsi } from '../../src/indicators/rsi.ts';
import { SlidingMaximum } from '../../src/indicators/sliding-maximum.ts';
import { SlidingMoments } from '../../src/indicators/sliding-moments.ts';
import { Sma } from '../../src/indicators/sma.ts';
import { Stochastic } from '../../src/indicators/stochastic.ts';
import { Vwap } from '../../src/indicators/vwap.ts';
import { WilderAverage } from '../../src/indicators/wilder-average.ts';
import { Wma } from '../../src/indicators/wma.ts';
import { ZScore } from '../../src/indicators/z-score.ts';
import type { StrategySlot } from '../../src/core/host/strategy-host.ts';
import { type ParameterDescriptors, resolveParameters } from '../../src/model/parameters.ts';
import type { Backtest } from '../../src/runtime/backtest.ts';
import { BollingerMeanReversion } from '../../src/strategies/bollinger-mean-reversion.ts';
import { DonchianBreakout } from '../../src/strategies/donchian-breakout.ts';
import { MovingAverageCrossover } from '../../src/strategies/moving-average-crossover.ts';
import { Pairs } from '../../src/strategies/pairs.ts';
import { RegimeSwitch } from '../../src/strategies/regime-switch.ts';
import { AAA, BBB, CCC, Dice, drawStreams, makeBacktest, runToEnd, slotOf, trader } from '../simulation/world.fixture.ts';

/** Every shipped indicator; a number for each bar that says where each of them stands. */
class AllIndicators extends Strategy {
  private readonly onClose = [
    new Sma(5),
    new Ema(5),
    new Wma(5),
    new WilderAverage(5),
    new Rsi(5),
    new Macd(),
    new BollingerBands(7),
    new SlidingMaximum(6),
    new SlidingMoments(6),
    new LinearRegression(6),
    new RealizedVolatility(6),
    new ZScore(8),
  ];
  private readonly onRange = [new Atr(5), new Adx(5), new KeltnerChannel(), new Stochastic()];
  private readonly channel = new DonchianChannel(5);
  private readonly weighted = [new Vwap(), new RollingVwap(6)];

  override onStart(): void {
    this.subscribeBars(AAA, '1m');
  }

  override onBar(bar: Bar): void {
    const values = [
      ...this.onClose.map((indicator) => indicator.update(bar.close)),
      ...this.onRange.map((indicator) => indicator.update(bar.high, bar.low, bar.close)),
      this.channel.update(bar.high, bar.low),
      ...this.weighted.map((indicator) => indicator.update(bar.close, bar.volume)),
    ];
    this.log(values.join(' '));
  }
}

const shipped = (
  strategyClass: { readonly parameters: ParameterDescriptors },
  instruments: readonly number[],
  chosen: Readonly<Record<string, unknown>>,
): StrategySlot =>
  slotOf(
    strategyClass as unknown as StrategyClass,
    instruments,
    resolveParameters(strategyClass.parameters, chosen).values as Readonly<Record<string, unknown>>,
  );

const SLOTS: readonly (readonly [string, StrategySlot])[] = [
  ['moving-average-crossover', shipped(MovingAverageCrossover, [AAA, CCC], { every: '1m', fast: 4, slow: 9 })],
  ['moving-average-crossover on built bars', shipped(MovingAverageCrossover, [BBB], { every: '1m', fast: 3, slow: 6, sizeAt: 'decision' })],
  ['donchian-breakout', shipped(DonchianBreakout, [AAA, BBB], { every: '1m', entryPeriod: 6, exitPeriod: 3, atrPeriod: 5 })],
  ['bollinger-mean-reversion', shipped(BollingerMeanReversion, [AAA, CCC], { every: '1m', period: 8, deviations: 1 })],
  ['pairs', shipped(Pairs, [AAA, CCC], { every: '1m', period: 12, entry: 1 })],
  ['regime-switch', shipped(RegimeSwitch, [AAA, CCC], { every: '1m', adxPeriod: 4, fast: 4, slow: 9, bandPeriod: 8, deviations: 1 })],
  ['a strategy that trades at random', trader(5)],
];

const MINUTES = 120;

/** @param restarts rows between restarts, drawn anew each time up to this many; 0 for none */
function run(slots: readonly StrategySlot[], seed: number, restarts: number): Backtest {
  const backtest = makeBacktest({ streams: drawStreams(seed, MINUTES), strategies: slots, orderEntryUs: 1_000, responseUs: 1_000 });
  if (restarts === 0) return runToEnd(backtest);
  const dice = new Dice(seed + restarts);
  while (!backtest.advance(1 + dice.below(restarts))) slots.forEach((_, index) => backtest.engine.strategies.restart(index));
  backtest.finish();
  return backtest;
}

describe('a strategy that is saved, made anew and loaded in the middle of a run', () => {
  for (const [name, slot] of SLOTS) {
    it(`goes on as if nothing had happened: ${name}`, () => {
      for (const seed of [11, 12]) {
        const whole = run([slot], seed, 0);
        expect(whole.recorder.fills.length).toBeGreaterThan(3);
        for (const restarts of [1, 40]) expect(run([slot], seed, restarts).digest()).toBe(whole.digest());
      }
    });
  }

  it('goes on as if nothing had happened: every indicator, to the last digit', () => {
    const slot = slotOf(AllIndicators as unknown as StrategyClass, [AAA], {});
    const lines = (restarts: number): readonly string[] => run([slot], 13, restarts).recorder.logLines.map((line) => line.message);
    expect(lines(0).length).toBe(MINUTES);
    expect(lines(0).at(-1)).not.toContain('NaN');
    expect(lines(1)).toEqual(lines(0));
    expect(lines(37)).toEqual(lines(0));
  });

  it('goes on as if nothing had happened: all of them together', () => {
    const slots = SLOTS.map(([, slot]) => slot);
    expect(run(slots, 14, 25).digest()).toBe(run(slots, 14, 0).digest());
  });
});
