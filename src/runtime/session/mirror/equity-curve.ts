import type { CurveView } from '../../../ports/session-view.ts';

/** Points kept of the equity curve of an account. */
export const MIRROR_EQUITY_POINTS_MAX = 20_000;
/** Points of which two stay when the curve is thinned: the lowest and the highest, so that no drawdown becomes smaller. */
const THINNED = 4;

export interface EquityCurveState {
  readonly ts: Float64Array;
  readonly value: Float64Array;
}

/** A curve that never grows beyond its bound: where it would, older points give way, never the lowest and highest of their stretch. */
export class EquityCurve {
  private ts: number[] = [];
  private value: number[] = [];

  saveState(): EquityCurveState {
    return { ts: Float64Array.from(this.ts), value: Float64Array.from(this.value) };
  }

  loadState({ ts, value }: EquityCurveState): void {
    this.ts = Array.from(ts);
    this.value = Array.from(value);
  }

  add(ts: number, value: number): void {
    const last = this.ts.length - 1;
    if (last >= 0 && this.ts[last] === ts) {
      this.value[last] = value;
      return;
    }
    if (this.ts.length >= MIRROR_EQUITY_POINTS_MAX) this.thin();
    this.ts.push(ts);
    this.value.push(value);
  }

  get view(): CurveView {
    return { ts: this.ts, value: this.value };
  }

  /** The first point is where returns begin; it stays. */
  private thin(): void {
    const kept = [0];
    for (let from = 1; from < this.ts.length; from += THINNED) {
      let low = from;
      let high = from;
      for (let at = from; at < Math.min(from + THINNED, this.ts.length); at += 1) {
        if (this.value[at]! < this.value[low]!) low = at;
        if (this.value[at]! > this.value[high]!) high = at;
      }
      kept.push(Math.min(low, high));
      if (low !== high) kept.push(Math.max(low, high));
    }
    this.ts = kept.map((at) => this.ts[at]!);
    this.value = kept.map((at) => this.value[at]!);
  }
}
