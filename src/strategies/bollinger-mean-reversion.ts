import { type Bar, Strategy } from '../core/strategy/strategy.ts';
import { BollingerBands } from '../indicators/bollinger-bands.ts';
import type { ParameterDescriptors } from '../model/parameters.ts';

const parameters = {
  period: { type: 'integer', default: 20, min: 2, max: 1000, description: 'Bars in the average and the deviation.' },
  deviations: { type: 'number', default: 2, min: 0.1, max: 10, description: 'Width of the bands in standard deviations.' },
  every: { type: 'text', default: '1d', description: 'Bars to trade on, such as 1m, 1h, 1d.' },
  weight: { type: 'number', default: 1, min: 0, max: 10, description: 'Share of equity to hold, split over the instruments.' },
  allowShort: { type: 'boolean', default: true, description: 'Sell short above the upper band; otherwise only buy below the lower one.' },
} as const satisfies ParameterDescriptors;

/**
 * Buys when the close falls below the lower Bollinger band and sells when it is back at the average; the mirror image above the upper band.
 */
export class BollingerMeanReversion extends Strategy<typeof parameters> {
  static override readonly parameters = parameters;

  private readonly bands = this.instruments.map(() => new BollingerBands(this.parameters.period, this.parameters.deviations));

  override onStart(): void {
    for (const instrument of this.instruments) this.subscribeBars(instrument, this.parameters.every);
  }

  override onBar(bar: Bar): void {
    const bands = this.bands[this.instruments.indexOf(bar.instrument)]!;
    bands.update(bar.close);
    if (!bands.isReady) return;
    const position = this.position(bar.instrument);
    if (position > 0 && bar.close >= bands.middle) this.flatten(bar.instrument, { tag: 'mean reached' });
    else if (position < 0 && bar.close <= bands.middle) this.flatten(bar.instrument, { tag: 'mean reached' });
    else if (position === 0 && bar.close < bands.lower) this.enter(bar.instrument, 1);
    else if (position === 0 && bar.close > bands.upper && this.parameters.allowShort) this.enter(bar.instrument, -1);
  }

  private enter(instrument: number, direction: 1 | -1): void {
    const weight = (direction * this.parameters.weight) / this.instruments.length;
    this.targetWeight(instrument, weight, { sizeAt: 'fill', tag: 'band crossed' });
  }
}
