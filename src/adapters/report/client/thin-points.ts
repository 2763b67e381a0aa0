/**
 * Which points to draw so that nothing visible is lost: of each of `bucketCount` equal stretches of time the first, the lowest, the highest and
 * the last point, in order; the neighbours just outside are kept so that lines run to the edge.
 *
 * `ts` never falls. `low` and `high` may be one array. A point that is NaN counts as neither lowest nor highest.
 * Closed: its compiled text is part of the page (see client-script.ts).
 * Source: U. Jugel, Z. Jerzak, G. Hackenbroich, V. Markl, M4: A Visualization-Oriented Time Series Data Aggregation, VLDB 2014
 */
export function thinPoints(
  ts: ArrayLike<number>,
  low: ArrayLike<number>,
  high: ArrayLike<number>,
  range: { readonly from: number; readonly to: number },
  bucketCount: number,
): number[] {
  const before = (time: number): number => {
    let a = 0;
    let b = ts.length;
    while (a < b) {
      const middle = (a + b) >>> 1;
      if (ts[middle]! < time) a = middle + 1;
      else b = middle;
    }
    return a;
  };
  const start = Math.max(0, before(range.from) - 1);
  let end = before(range.to);
  while (end < ts.length && ts[end]! <= range.to) end += 1;
  end = Math.min(ts.length, end + 1);
  const kept: number[] = [];
  if (end - start <= bucketCount * 4) {
    for (let index = start; index < end; index += 1) kept.push(index);
    return kept;
  }
  const scale = bucketCount / (range.to - range.from);
  let index = start;
  while (index < end) {
    const bucket = Math.floor((ts[index]! - range.from) * scale);
    const first = index;
    let lowest = index;
    let highest = index;
    while (index < end && Math.floor((ts[index]! - range.from) * scale) === bucket) {
      if (!(low[index]! >= low[lowest]!)) lowest = low[index] === low[index] ? index : lowest;
      if (!(high[index]! <= high[highest]!)) highest = high[index] === high[index] ? index : highest;
      index += 1;
    }
    const middle = [Math.min(lowest, highest), Math.max(lowest, highest)];
    for (const point of [first, ...middle, index - 1]) if (point !== kept[kept.length - 1]) kept.push(point);
  }
  return kept;
}
