/*
 * Bisections in a column that does not fall. Hot (bench row engine/c): the column is always a Float64Array, so that one layout meets the loop.
 */

/** First place in [from, to) whose value is >= limit; `to` if none. */
export function lowerBound(column: Float64Array, from: number, to: number, limit: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (column[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** First place in [from, to) whose value is > limit; `to` if none. */
export function upperBound(column: Float64Array, from: number, to: number, limit: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (column[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** As {@link lowerBound}, for questions that the last value mostly answers: it is looked at first. */
export function lowerBoundLastFirst(column: Float64Array, from: number, to: number, limit: number): number {
  return from >= to || column[to - 1]! < limit ? to : lowerBound(column, from, to - 1, limit);
}
