import { type Bar, Strategy } from '../core/strategy/strategy.ts';
import { Adx } from '../indicators/adx.ts';
import { BollingerBands } from '../indicators/bollinger-bands.ts';
import { Ema } from '../indicators/ema.ts';
import type { ParameterDescriptors } from '../model/parameters.ts';

const parameters = {
  adxPeriod: { type: 'integer', default: 14, min: 2, max: 500, description: 'Bars in the average directional index.' },
  trendAbove: { type: 'number', default: 25, min: 0, max: 100, description: 'ADX from which the market counts as trending.' },
  rangeBelow: {
    type: 'number',
    default: 20,
    min: 0,
    max: 100,
    description: 'ADX below which it counts as ranging; between the two the regime stays.',
  },
  fast: { type: 'integer', default: 50, min: 1, max: 5000, description: 'Bars in the fast exponential average (trend).' },
  slow: { type: 'integer', default: 200, min: 2, max: 10_000, description: 'Bars in the slow exponential average (trend).' },
  bandPeriod: { type: 'integer', default: 20, min: 2, max: 1000, description: 'Bars in the Bollinger bands (range).' },
  deviations: { type: 'number', default: 2, min: 0.1, max: 10, description: 'Width of the bands in standard deviations (range).' },
  every: { type: 'text', default: '1d', description: 'Bars to trade on, such as 1m, 1h, 1d.' },
  weight: { type: 'number', default: 1, min: 0, max: 10, description: 'Share of equity to hold, split over the instruments.' },
  allowShort: { type: 'boolean', default: true, description: 'Take short positions too.' },
} as const satisfies ParameterDescriptors;

type Regime = 'trend' | 'range' | 'unknown';

/**
 * Follows the trend where there is one (ADX high: hold the side of EMA 50 against EMA 200), fades the extremes where there is none
 * (ADX low: Bollinger bands back to their middle). A change of regime closes what the other one opened.
 */
export class RegimeSwitch extends Strategy<typeof parameters> {
  static override readonly parameters = parameters;

  private readonly adx = this.instruments.map(() => new Adx(this.parameters.adxPeriod));
  private readonly fast = this.instruments.map(() => new Ema(this.parameters.fast));
  private readonly slow = this.instruments.map(() => new Ema(this.parameters.slow));
  private readonly bands = this.instruments.map(() => new BollingerBands(this.parameters.bandPeriod, this.parameters.deviations));
  private readonly regime: Regime[] = this.instruments.map(() => 'unknown');

  override onStart(): void {
    for (const instrument of this.instruments) this.subscribeBars(instrument, this.parameters.every);
  }

  override onBar(bar: Bar): void {
    const place = this.instruments.indexOf(bar.instrument);
    const adx = this.adx[place]!;
    adx.update(bar.high, bar.low, bar.close);
    const fast = this.fast[place]!.update(bar.close);
    const slow = this.slow[place]!.update(bar.close);
    const bands = this.bands[place]!;
    bands.update(bar.close);
    if (!adx.isReady || !this.slow[place]!.isReady || !bands.isReady) return;
    const former = this.regime[place]!;
    const regime = this.judge(adx.value, former);
    this.regime[place] = regime;
    if (regime === 'trend') this.follow(bar.instrument, fast > slow ? 1 : -1);
    else if (regime === 'range' && former === 'trend') this.flatten(bar.instrument, { tag: 'trend over' });
    else if (regime === 'range') this.fade(bar, bands);
  }

  private judge(adx: number, former: Regime): Regime {
    if (adx >= this.parameters.trendAbove) return 'trend';
    return adx < this.parameters.rangeBelow ? 'range' : former;
  }

  private follow(instrument: number, direction: 1 | -1): void {
    const position = this.position(instrument);
    if (position * direction > 0) return;
    if (position !== 0) this.flatten(instrument, { tag: 'trend turned' });
    this.enter(instrument, direction, 'trend');
  }

  private fade(bar: Bar, bands: BollingerBands): void {
    const position = this.position(bar.instrument);
    const isBack = position > 0 ? bar.close >= bands.middle : bar.close <= bands.middle;
    if (position !== 0) {
      if (isBack) this.flatten(bar.instrument, { tag: 'middle band' });
      return;
    }
    if (bar.close < bands.lower) this.enter(bar.instrument, 1, 'range');
    else if (bar.close > bands.upper) this.enter(bar.instrument, -1, 'range');
  }

  private enter(instrument: number, direction: 1 | -1, tag: string): void {
    if (direction < 0 && !this.parameters.allowShort) return;
    this.targetWeight(instrument, (direction * this.parameters.weight) / this.instruments.length, { sizeAt: 'fill', tag });
  }
}
