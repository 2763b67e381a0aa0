import { type Bar, type ParameterDescriptors, Strategy } from 'quanthybrid';

const parameters = {
  every: { type: 'text', default: '1d', description: 'Bars to look at.' },
  weight: { type: 'number', default: 1, min: 0, max: 2, description: 'Share of equity to hold from the first bar on.' },
} as const satisfies ParameterDescriptors;

/** Takes a share of the equity at the first bar and keeps it. */
export class BuyShareOnce extends Strategy<typeof parameters> {
  static override readonly parameters = parameters;
  private isInvested = false;

  override onStart(): void {
    for (const instrument of this.instruments) this.subscribeBars(instrument, this.parameters.every);
  }

  override onBar(bar: Bar): void {
    if (this.isInvested) return;
    this.isInvested = true;
    this.targetWeight(bar.instrument, this.parameters.weight);
  }
}
