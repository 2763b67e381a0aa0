/** Something that a clock was asked to call. */
export interface ClockCall {
  /** It will not be called; nothing where it has been. */
  cancel(): void;
}

/**
 * The time of the world. It jumps ahead where the machine slept or somebody set it, and never goes back. Whoever waits for time to pass asks for a
 * call, and does not look again and again.
 */
export interface Clock {
  /** Whole microseconds since the epoch. */
  now(): number;
  /**
   * Calls `work` once, when {@link now} is `ts` or later, and never before this has returned. A time that has passed means soon, after whatever else
   * waits to be done.
   */
  callAt(ts: number, work: () => void): ClockCall;
}
