import { type Bar, Strategy } from '../core/strategy/strategy.ts';
import { Sma } from '../indicators/sma.ts';
import type { ParameterDescriptors } from '../model/parameters.ts';

const parameters = {
  fast: { type: 'integer', default: 10, min: 1, max: 1000, description: 'Bars in the fast average.' },
  slow: { type: 'integer', default: 30, min: 2, max: 5000, description: 'Bars in the slow average; more than in the fast one.' },
  every: { type: 'text', default: '1d', description: 'Bars to trade on, such as 1m, 1h, 1d.' },
  weight: {
    type: 'number',
    default: 1,
    min: 0,
    max: 10,
    description: 'Share of equity to hold, long or short, split over the instruments.',
  },
  allowShort: { type: 'boolean', default: true, description: 'Sell short on a down-cross; otherwise only close.' },
  sizeAt: {
    type: 'choice',
    default: 'fill',
    choices: ['decision', 'fill'],
    description: 'Work the quantity out when deciding, or in the step of the fill.',
  },
} as const satisfies ParameterDescriptors;

/**
 * Two simple averages of the close. When the fast one crosses above the slow one: close what is short and buy; when it crosses below:
 * close what is long and sell short.
 */
export class MovingAverageCrossover extends Strategy<typeof parameters> {
  static override readonly parameters = parameters;

  private readonly fast = this.instruments.map(() => new Sma(this.parameters.fast));
  private readonly slow = this.instruments.map(() => new Sma(this.parameters.slow));
  /** Fast minus slow at the bar before; NaN until both exist, and NaN crosses nothing. */
  private readonly spread = this.instruments.map(() => Number.NaN);

  override onStart(): void {
    for (const instrument of this.instruments) this.subscribeBars(instrument, this.parameters.every);
  }

  override onBar(bar: Bar): void {
    const place = this.instruments.indexOf(bar.instrument);
    const before = this.spread[place]!;
    const spread = this.fast[place]!.update(bar.close) - this.slow[place]!.update(bar.close);
    this.spread[place] = spread;
    if (before < 0 && spread > 0) this.turn(bar.instrument, 1);
    else if (before > 0 && spread < 0) this.turn(bar.instrument, -1);
  }

  private turn(instrument: number, direction: 1 | -1): void {
    const { weight, allowShort, sizeAt } = this.parameters;
    const isEntered = direction > 0 || allowShort;
    // A target that is decided now counts what is held; one that is decided at its fill finds the position closed.
    if (sizeAt === 'fill' || !isEntered) this.flatten(instrument);
    if (isEntered) this.targetWeight(instrument, (direction * weight) / this.instruments.length, { sizeAt, tag: 'entry' });
  }
}
