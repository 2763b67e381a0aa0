import { type Bar, Strategy } from '../core/strategy/strategy.ts';
import { ZScore } from '../indicators/z-score.ts';
import type { ParameterDescriptors } from '../model/parameters.ts';

const parameters = {
  period: { type: 'integer', default: 60, min: 2, max: 5000, description: 'Bars in the mean and deviation of the log price ratio.' },
  entry: { type: 'number', default: 2, min: 0.1, max: 10, description: 'Deviations from the mean at which the pair is entered.' },
  exit: { type: 'number', default: 0.5, min: 0, max: 10, description: 'Deviations within which the pair is closed; less than entry.' },
  every: { type: 'text', default: '1d', description: 'Bars to trade on, such as 1m, 1h, 1d.' },
  weight: { type: 'number', default: 0.5, min: 0, max: 10, description: 'Share of equity in each leg.' },
} as const satisfies ParameterDescriptors;

/**
 * Trades the ratio of two instruments back to its mean: when the first has become expensive against the second it is sold and the second
 * bought, and the other way round. Needs exactly two instruments; decides when both have a bar of the same time.
 */
export class Pairs extends Strategy<typeof parameters> {
  static override readonly parameters = parameters;

  private readonly score = new ZScore(this.parameters.period);
  private readonly close = [Number.NaN, Number.NaN];
  private readonly closeTs = [0, 0];

  override onStart(): void {
    if (this.instruments.length !== 2)
      throw new RangeError(`Pairs trades exactly two instruments; the run file gives it ${this.instruments.length}`);
    for (const instrument of this.instruments) this.subscribeBars(instrument, this.parameters.every);
  }

  override onBar(bar: Bar): void {
    const place = this.instruments.indexOf(bar.instrument);
    this.close[place] = bar.close;
    this.closeTs[place] = bar.tsEvent;
    if (this.closeTs[0] !== this.closeTs[1]) return;
    const score = this.score.update(Math.log(this.close[0]! / this.close[1]!));
    if (this.score.isReady) this.decide(score);
  }

  private decide(score: number): void {
    const { entry, exit } = this.parameters;
    const isOpen = this.position(this.instruments[0]!) !== 0 || this.position(this.instruments[1]!) !== 0;
    if (isOpen && Math.abs(score) <= exit) this.closePair();
    else if (!isOpen && Math.abs(score) >= entry) this.openPair(score > 0 ? -1 : 1);
  }

  /** @param direction +1 buys the first and sells the second */
  private openPair(direction: 1 | -1): void {
    const weight = direction * this.parameters.weight;
    this.targetWeight(this.instruments[0]!, weight, { sizeAt: 'fill', tag: 'spread' });
    this.targetWeight(this.instruments[1]!, -weight, { sizeAt: 'fill', tag: 'spread' });
  }

  private closePair(): void {
    for (const instrument of this.instruments) this.flatten(instrument, { tag: 'converged' });
  }
}
