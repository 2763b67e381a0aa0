/** First row of [from, to) whose time is at or after `ts`, else `to`; times never fall. Hot: mostly answered by the last row. */
export function firstRowAtOrAfter(times: Float64Array, from: number, to: number, ts: number): number {
  if (from >= to || times[to - 1]! < ts) return to;
  let low = from;
  let high = to - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! >= ts) high = middle;
    else low = middle + 1;
  }
  return low;
}
