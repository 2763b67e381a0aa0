import type { EquityPoint } from '../state/desk.ts';

export interface SecondPoint {
  /** Seconds since the epoch. */
  readonly time: number;
  readonly value: number;
}

/** The last point of each second: a chart wants times that rise. */
export function onePerSecond(points: readonly EquityPoint[]): readonly SecondPoint[] {
  const seconds: SecondPoint[] = [];
  for (const { ts, value } of points) {
    const time = Math.floor(ts / 1e6);
    const last = seconds.at(-1);
    if (last !== undefined && time < last.time) continue;
    if (last?.time === time) seconds.pop();
    seconds.push({ time, value });
  }
  return seconds;
}

/** Share below the highest so far, 0 or negative. */
export function drawdownsOf(points: readonly SecondPoint[]): readonly SecondPoint[] {
  let high = Number.NEGATIVE_INFINITY;
  return points.map(({ time, value }) => {
    high = Math.max(high, value);
    return { time, value: high > 0 ? value / high - 1 : 0 };
  });
}
