/**
 * The stretch of time that all charts of the page show, and the moment under the pointer. Charts change it and are told of changes.
 *
 * Closed: its compiled text is part of the page (see client-script.ts).
 */
export class TimeView {
  from: number;
  to: number;
  /** Microseconds, or NaN while no pointer is on a chart. */
  cursor = Number.NaN;
  private readonly min: number;
  private readonly max: number;
  /** Nobody needs to see less than this. */
  private readonly spanMin: number;
  private readonly listeners: (() => void)[] = [];

  constructor(min: number, max: number, spanMin: number) {
    this.min = min;
    this.max = max > min ? max : min + 1;
    this.spanMin = Math.min(Math.max(spanMin, 1), this.max - this.min);
    this.from = this.min;
    this.to = this.max;
  }

  get isWhole(): boolean {
    return this.from <= this.min && this.to >= this.max;
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Shows `from` to `to`, moved and widened as far as the data and the smallest span ask for. */
  show(from: number, to: number): void {
    const span = Math.min(Math.max(to - from, this.spanMin), this.max - this.min);
    const middle = (from + to) / 2;
    this.from = Math.min(Math.max(middle - span / 2, this.min), this.max - span);
    this.to = this.from + span;
    this.tell();
  }

  /** Factor below 1 looks closer; the moment `at` stays where it is on the screen. */
  zoom(factor: number, at: number): void {
    const span = (this.to - this.from) * factor;
    if (span < this.spanMin && factor < 1) {
      if (this.to - this.from <= this.spanMin) return;
      this.zoom(this.spanMin / (this.to - this.from), at);
      return;
    }
    const from = at - (at - this.from) * factor;
    this.show(from, from + span);
  }

  /** By a share of what is shown; positive is later. */
  pan(share: number): void {
    const by = (this.to - this.from) * share;
    this.show(this.from + by, this.to + by);
  }

  showAll(): void {
    this.show(this.min, this.max);
  }

  pointAt(ts: number): void {
    this.cursor = ts;
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
