/** Bucket `i` holds delays from `BASE_US × GROWTH ** i` on: 2 % apart, from 50 microseconds to more than an hour. */
const BASE_US = 50;
const GROWTH = 1.02;
const BUCKETS = 1000;

/** Delays counted in buckets: a quantile is right to 2 %, whatever their number. */
export class Delays {
  readonly counts: number[];
  count = 0;

  constructor(counts: readonly number[] = []) {
    this.counts = Array.from({ length: BUCKETS }, (_, at) => counts[at] ?? 0);
    this.count = this.counts.reduce((sum, each) => sum + each, 0);
  }

  add(delayUs: number): void {
    const at = Math.floor(Math.log(Math.max(delayUs, BASE_US) / BASE_US) / Math.log(GROWTH));
    this.counts[Math.min(BUCKETS - 1, at)]! += 1;
    this.count += 1;
  }

  /** @returns the upper edge of the bucket in which the delay of that rank lies; NaN of none */
  quantile(share: number): number {
    const rank = Math.ceil(share * this.count);
    let seen = 0;
    for (let at = 0; at < BUCKETS; at += 1) {
      seen += this.counts[at]!;
      if (seen >= rank && this.count > 0) return BASE_US * GROWTH ** (at + 1);
    }
    return Number.NaN;
  }
}
