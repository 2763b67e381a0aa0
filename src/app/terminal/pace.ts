/** Long work is given back to the event loop this often, so that Ctrl-C is heard at once and a bar is drawn. */
export const SLICE_MS = 50;

/** Per second; 0 when no time has passed. */
export function rateOf(count: number, seconds: number): number {
  return seconds > 0 ? count / seconds : 0;
}

/** What is left by the rate so far; null where nobody knows how much there is, and until 1 % is done. */
export function secondsLeftAt(fraction: number | null, secondsElapsed: number): number | null {
  return fraction === null || fraction < 0.01 ? null : (secondsElapsed * (1 - fraction)) / fraction;
}
