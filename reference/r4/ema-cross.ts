import { type Bar, Ema, type ParameterDescriptors, Strategy } from 'quanthybrid';

const parameters = {
  fast: { type: 'integer', default: 10, min: 1, max: 1000, description: 'Bars in the fast average.' },
  slow: { type: 'integer', default: 20, min: 2, max: 5000, description: 'Bars in the slow average.' },
  quantity: { type: 'decimal', default: '1', description: 'What is bought and sold each time.' },
} as const satisfies ParameterDescriptors;

/**
 * Long while the fast exponential average is at or above the slow one, short while it is below. Bars that stand still are passed over;
 * at the end the position is closed.
 */
export class EmaCross extends Strategy<typeof parameters> {
  static override readonly parameters = parameters;
  private readonly fast = new Ema(this.parameters.fast);
  private readonly slow = new Ema(this.parameters.slow);

  override onStart(): void {
    for (const instrument of this.instruments) this.subscribeBars(instrument, '1m');
  }

  override onBar(bar: Bar): void {
    const fast = this.fast.update(bar.close);
    const slow = this.slow.update(bar.close);
    if (!this.slow.isReady || (bar.open === bar.high && bar.high === bar.low && bar.low === bar.close)) return;
    this.hold(bar.instrument, fast >= slow ? 1 : -1);
  }

  override onStop(): void {
    for (const instrument of this.instruments) this.flatten(instrument);
  }

  private hold(instrument: number, direction: 1 | -1): void {
    const held = this.position(instrument);
    if (held * direction > 0) return;
    if (held !== 0) this.flatten(instrument);
    this.marketOrder(instrument, direction > 0 ? 'BUY' : 'SELL', this.parameters.quantity);
  }
}
