import { assert } from '../base/assert.ts';
import type { TimeSeries } from './run-series.ts';

/**
 * Indexes of the last sample of each span that has one: the spans are [0, period), [period, 2 × period), … from the epoch, in UTC.
 * Spans without a sample are left out, not filled.
 *
 * @param ts microseconds since the epoch, never falling
 * @param periodUs length of a span in microseconds, > 0
 */
export function lastIndexPerPeriod(ts: Float64Array, periodUs: number): Uint32Array {
  assert(periodUs > 0, 'a period is above zero');
  return lastIndexes(ts, (stamp) => Math.floor(stamp / periodUs));
}

/**
 * The same with spans that are given: span k reaches from boundaries[k] (included) to boundaries[k + 1] (excluded). What lies before the
 * first boundary is one span, what lies from the last on another. For trading days: the opens of the sessions, from the calendar.
 *
 * @param boundaries microseconds since the epoch, rising
 */
export function lastIndexPerBoundary(ts: Float64Array, boundaries: ArrayLike<number>): Uint32Array {
  for (let index = 1; index < boundaries.length; index += 1) assert(boundaries[index]! > boundaries[index - 1]!, 'boundaries rise');
  let span = 0;
  return lastIndexes(ts, (stamp) => {
    while (span < boundaries.length && boundaries[span]! <= stamp) span += 1;
    return span;
  });
}

/** The samples of a series at the given indexes, copied. */
export function takeSamples(series: TimeSeries, indexes: Uint32Array): TimeSeries {
  return { ts: takeValues(series.ts, indexes), value: takeValues(series.value, indexes) };
}

export function takeValues(values: Float64Array, indexes: Uint32Array): Float64Array {
  const taken = new Float64Array(indexes.length);
  for (let index = 0; index < indexes.length; index += 1) taken[index] = values[indexes[index]!]!;
  return taken;
}

function lastIndexes(ts: Float64Array, spanOf: (stamp: number) => number): Uint32Array {
  const indexes: number[] = [];
  let spanBefore = Number.NaN;
  for (let index = 0; index < ts.length; index += 1) {
    assert(index === 0 || ts[index]! >= ts[index - 1]!, 'stamps never fall');
    const span = spanOf(ts[index]!);
    if (span === spanBefore) indexes[indexes.length - 1] = index;
    else indexes.push(index);
    spanBefore = span;
  }
  return Uint32Array.from(indexes);
}
