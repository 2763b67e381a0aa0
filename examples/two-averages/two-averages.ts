import { Ema, Strategy, type Bar, type ParameterDescriptors } from 'quanthybrid';

const parameters = {
  every: { type: 'text', default: '1h', description: 'Length of the bars to trade on, such as 1h or 1d.' },
  fast: { type: 'integer', default: 12, min: 1, max: 500, description: 'Bars in the fast average.' },
  slow: { type: 'integer', default: 48, min: 2, max: 2000, description: 'Bars in the slow average.' },
  weight: { type: 'number', default: 0.9, min: 0, max: 1, description: 'Share of equity to hold.' },
} as const satisfies ParameterDescriptors;

/** Holds the market while the fast average of the close is above the slow one, else nothing. */
export class TwoAverages extends Strategy<typeof parameters> {
  static override readonly parameters = parameters;

  private readonly fast = new Ema(this.parameters.fast);
  private readonly slow = new Ema(this.parameters.slow);
  private isLong = false;

  override onStart(): void {
    for (const instrument of this.instruments) this.subscribeBars(instrument, this.parameters.every);
  }

  override onBar(bar: Bar): void {
    const fast = this.fast.update(bar.close);
    const slow = this.slow.update(bar.close);
    if (!this.slow.isReady || fast > slow === this.isLong) return;
    this.isLong = fast > slow;
    if (this.isLong) this.targetWeight(bar.instrument, this.parameters.weight, { tag: 'enter' });
    else this.flatten(bar.instrument, { tag: 'leave' });
  }
}
