import { type Bar, type ParameterDescriptors, Sma, Strategy } from 'quanthybrid';

const parameters = {
  period: { type: 'integer', default: 15, min: 1, max: 1000, description: 'Bars in the average.' },
} as const satisfies ParameterDescriptors;

/**
 * Long one unit while the close is above its simple average: buys when it crosses above, closes when it crosses below.
 * A close that equals the average leaves the side as it was.
 */
export class PriceCross extends Strategy<typeof parameters> {
  static override readonly parameters = parameters;
  private readonly average = new Sma(this.parameters.period);
  /** Where the close was last seen: +1 above, −1 below, 0 nowhere yet. */
  private side = 0;

  override onStart(): void {
    for (const instrument of this.instruments) this.subscribeBars(instrument, '1d');
  }

  override onBar(bar: Bar): void {
    const difference = bar.close - this.average.update(bar.close);
    const before = this.side;
    if (difference > 0) this.side = 1;
    else if (difference < 0) this.side = -1;
    if (before < 0 && this.side > 0 && this.position(bar.instrument) === 0) this.marketOrder(bar.instrument, 'BUY', 1);
    else if (before > 0 && this.side < 0) this.flatten(bar.instrument);
  }
}
