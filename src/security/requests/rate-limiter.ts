import { assert } from '../../base/assert.ts';
import { granted, type Outcome, refused } from '../outcome.ts';

/** Users and API keys whose rates are followed. */
export const RATE_OWNERS_MAX = 10_000;

export interface Rate {
  /** Cost that may come at once. */
  readonly burst: number;
  /** Cost that may come per second in the long run. */
  readonly perSecond: number;
}

interface Bucket {
  left: number;
  ts: number;
}

/** A bucket of tokens for each user and each API key: it fills steadily, and a request takes what it costs from every bucket that it belongs to, or from none. */
export class RateLimiter {
  private readonly rate: Rate;
  /** In the order of their last use. */
  private readonly buckets = new Map<string, Bucket>();

  constructor(rate: Rate) {
    assert(rate.burst > 0 && rate.perSecond > 0, 'a rate is above zero');
    this.rate = rate;
  }

  /**
   * @param owners the user, and the API key if it was one
   * @param cost at most the burst
   * @param now microseconds
   * @returns RATE_LIMITED with the time after which the request passes if nothing else comes
   */
  take(owners: readonly string[], cost: number, now: number): Outcome<null> {
    assert(cost > 0 && cost <= this.rate.burst, 'a cost lies within the burst');
    const filled = owners.map((owner) => this.filledBucket(owner, now));
    const left = Math.min(...filled.map((bucket) => bucket.left));
    if (left < cost) {
      const retryAfterUs = Math.ceil(((cost - left) / this.rate.perSecond) * 1e6);
      return refused('RATE_LIMITED', 'More was asked for than the rate allows.', retryAfterUs);
    }
    for (const bucket of filled) bucket.left -= cost;
    return granted(null);
  }

  private filledBucket(owner: string, now: number): Bucket {
    const bucket = this.buckets.get(owner) ?? { left: this.rate.burst, ts: now };
    bucket.left = Math.min(this.rate.burst, bucket.left + (Math.max(0, now - bucket.ts) / 1e6) * this.rate.perSecond);
    bucket.ts = Math.max(bucket.ts, now);
    this.buckets.delete(owner);
    this.buckets.set(owner, bucket);
    // Who has not asked for longest is the fullest, so the least is forgiven.
    if (this.buckets.size > RATE_OWNERS_MAX) this.buckets.delete(this.buckets.keys().next().value!);
    return bucket;
  }
}
