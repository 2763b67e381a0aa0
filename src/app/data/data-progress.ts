import { rateOf, secondsLeftAt, SLICE_MS } from '../terminal/pace.ts';

/** How far a data command has got; numbers for whoever draws the bar. */
export interface DataProgress {
  readonly rows: number;
  readonly bytes: number;
  /** 0 to 1. */
  readonly fraction: number;
  readonly secondsElapsed: number;
  readonly rowsPerSecond: number;
  /** By the rate so far; null until 1 % is done. */
  readonly secondsLeft: number | null;
}

/** Paces a long command: measures, reports and lets the event loop breathe. */
export class Pacer {
  private readonly onProgress: ((progress: DataProgress) => void) | undefined;
  private readonly signal: AbortSignal | undefined;
  private readonly startMs = performance.now();
  private sliceMs = this.startMs;

  constructor(onProgress: ((progress: DataProgress) => void) | undefined, signal: AbortSignal | undefined) {
    this.onProgress = onProgress;
    this.signal = signal;
  }

  get secondsElapsed(): number {
    return (performance.now() - this.startMs) / 1000;
  }

  /** True when a slice is over and {@link rest} is due. */
  isDue(): boolean {
    return performance.now() - this.sliceMs >= SLICE_MS;
  }

  /**
   * Reports and yields once.
   *
   * @throws the signal's reason when the command was canceled
   */
  async rest(rows: number, bytes: number, fraction: number): Promise<void> {
    this.report(rows, bytes, fraction);
    await new Promise((resolve) => setImmediate(resolve));
    this.signal?.throwIfAborted();
    this.sliceMs = performance.now();
  }

  report(rows: number, bytes: number, fraction: number): void {
    const secondsElapsed = this.secondsElapsed;
    this.onProgress?.({
      rows,
      bytes,
      fraction,
      secondsElapsed,
      rowsPerSecond: rateOf(rows, secondsElapsed),
      secondsLeft: secondsLeftAt(fraction, secondsElapsed),
    });
  }
}
