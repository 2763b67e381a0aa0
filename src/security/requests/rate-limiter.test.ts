import { describe, expect, it } from 'vitest';
import { RATE_OWNERS_MAX, RateLimiter } from './rate-limiter.ts';

const SECOND = 1_000_000;

describe('the rate limiter', () => {
  it('SEC-20: lets the burst pass, then as much as fills in, and says when the next passes', () => {
    const limiter = new RateLimiter({ burst: 10, perSecond: 2 });
    expect(Array.from({ length: 10 }, () => limiter.take(['u'], 1, 0).ok)).toEqual(Array(10).fill(true));
    expect(limiter.take(['u'], 1, 0)).toMatchObject({ ok: false, code: 'RATE_LIMITED', retryAfterUs: 500_000 });
    expect(limiter.take(['u'], 1, 499_999).ok).toBe(false);
    expect(limiter.take(['u'], 1, 500_000).ok).toBe(true);
    expect(limiter.take(['u'], 1, 500_000).ok).toBe(false);
    // It never holds more than the burst.
    expect(Array.from({ length: 11 }, () => limiter.take(['u'], 1, 3600 * SECOND).ok).filter(Boolean)).toHaveLength(10);
  });

  it('SEC-20: costs are weighted', () => {
    const limiter = new RateLimiter({ burst: 10, perSecond: 2 });
    expect([limiter.take(['u'], 5, 0).ok, limiter.take(['u'], 5, 0).ok]).toEqual([true, true]);
    // 5 at 2 a second.
    expect(limiter.take(['u'], 5, 0)).toMatchObject({ retryAfterUs: 2_500_000 });
  });

  it('SEC-20: users do not share, and the keys of a user share the rate of their owner', () => {
    const limiter = new RateLimiter({ burst: 2, perSecond: 1 });
    expect([limiter.take(['a', 'key1'], 2, 0).ok, limiter.take(['a', 'key2'], 1, 0).ok, limiter.take(['b'], 2, 0).ok]).toEqual([
      true,
      false,
      true,
    ]);
    // What was refused took nothing, from the key either.
    expect(limiter.take(['c', 'key2'], 2, 0).ok).toBe(true);
  });

  it('a clock that goes back gives nothing', () => {
    const limiter = new RateLimiter({ burst: 1, perSecond: 1 });
    expect([limiter.take(['u'], 1, 10 * SECOND).ok, limiter.take(['u'], 1, 0).ok, limiter.take(['u'], 1, 10.5 * SECOND).ok]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('forgets whoever has not asked for longest, and nobody else, when there are too many', () => {
    const limiter = new RateLimiter({ burst: 1, perSecond: 0.001 });
    for (let i = 0; i < RATE_OWNERS_MAX; i += 1) limiter.take([`u${i}`], 1, 0);
    limiter.take(['u0'], 1, 0);
    limiter.take(['one more'], 1, 0);
    expect([limiter.take(['u0'], 1, 0).ok, limiter.take(['u2'], 1, 0).ok, limiter.take(['u1'], 1, 0).ok]).toEqual([false, false, true]);
  });
});
