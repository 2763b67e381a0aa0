import { checkedPeriod } from './indicator.ts';
import type { Indicator, IndicatorState } from './indicator.ts';
import { StateReader, StateWriter } from './state.ts';

/**
 * Linearly weighted moving average: weights 1 (oldest) to `period` (newest), divided by period × (period + 1) / 2.
 *
 * Kept as in {@link Sma}: suffix results for the older half, running sums for the newer, never a subtraction. In the older half the
 * oldest value left has weight 1, so `weighted[k]` = Σ (j − k + 1) × value j.
 */
export class Wma implements Indicator {
  readonly period: number;
  value = Number.NaN;
  isReady = false;
  private readonly weightSum: number;
  private readonly weighted: Float64Array;
  private newerSum = Number.NaN;
  private newerWeighted = Number.NaN;
  private position = 0;

  /** @param period 1 to {@link INDICATOR_PERIOD_MAX} updates */
  constructor(period: number) {
    this.period = checkedPeriod('Wma period', period);
    this.weightSum = (period * (period + 1)) / 2;
    this.weighted = new Float64Array(period + 1);
    this.reset();
  }

  update(value: number): number {
    const next = this.position + 1;
    this.weighted[this.position] = value;
    this.newerSum += value;
    this.newerWeighted += next * value;
    const olderCount = this.period - next;
    const average = (this.weighted[next]! + olderCount * this.newerSum + this.newerWeighted) / this.weightSum;
    this.position = next;
    this.value = average;
    if (next === this.period) this.turn();
    return average;
  }

  reset(): void {
    this.weighted.fill(Number.NaN);
    this.weighted[this.period] = 0;
    this.newerSum = 0;
    this.newerWeighted = 0;
    this.position = 0;
    this.value = Number.NaN;
    this.isReady = false;
  }

  save(): IndicatorState {
    return new StateWriter('Wma')
      .number(this.period)
      .number(this.value)
      .boolean(this.isReady)
      .number(this.newerSum)
      .number(this.newerWeighted)
      .number(this.position)
      .array(this.weighted)
      .finish();
  }

  load(state: IndicatorState): void {
    const reader = new StateReader('Wma', state).argument('period', this.period);
    this.value = reader.number();
    this.isReady = reader.boolean();
    this.newerSum = reader.number();
    this.newerWeighted = reader.number();
    this.position = reader.count(this.period - 1);
    reader.array(this.weighted).finish();
  }

  private turn(): void {
    let sum = 0.0;
    let weighted = 0.0;
    for (let index = this.period - 1; index >= 0; index -= 1) {
      sum += this.weighted[index]!;
      weighted += sum;
      this.weighted[index] = weighted;
    }
    this.newerSum = 0;
    this.newerWeighted = 0;
    this.position = 0;
    this.isReady = true;
  }
}
