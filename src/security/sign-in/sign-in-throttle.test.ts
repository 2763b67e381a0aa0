import { describe, expect, it } from 'vitest';
import { addressKey } from './address-key.ts';
import { SignInThrottle } from './sign-in-throttle.ts';

const SECOND = 1e6;

/** Tries as soon as it is let, until a time; how many tries there were. */
function triesUntil(throttle: SignInThrottle, account: string, addresses: readonly string[], until: number): number {
  let tries = 0;
  let now = 0;
  while (now < until) {
    const waits = addresses.map((address) => {
      const wait = throttle.begin(account, address, false, now);
      if (wait === 0) tries += 1;
      return wait;
    });
    const least = Math.min(...waits);
    now += least === 0 ? 1 : least;
  }
  return tries;
}

describe('the throttle of sign-ins', () => {
  it('SEC-04: lets five tries of a pair through, then one after 1, 2, 4 … seconds, at most a quarter of an hour', () => {
    const throttle = new SignInThrottle();
    for (let i = 0; i < 5; i += 1) expect(throttle.begin('a', 'x', false, 0)).toBe(0);
    let now = 0;
    for (const seconds of [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]) {
      const wait = throttle.begin('a', 'x', true, now);
      expect(wait).toBe(seconds * SECOND);
      expect(throttle.begin('a', 'x', true, now + wait - 1)).toBe(1);
      now += wait;
      expect(throttle.begin('a', 'x', true, now)).toBe(0);
    }
  });

  it('SEC-04: a success forgets the mistakes of the pair', () => {
    const throttle = new SignInThrottle();
    for (let i = 0; i < 5; i += 1) throttle.begin('a', 'x', false, 0);
    expect(throttle.begin('a', 'x', false, SECOND)).toBe(0);
    throttle.succeeded('a', 'x');
    for (let i = 0; i < 5; i += 1) expect(throttle.begin('a', 'x', false, SECOND)).toBe(0);
    expect(throttle.begin('a', 'x', false, SECOND)).toBe(SECOND);
  });

  it('SEC-04: a thousand addresses get no more than about one try a minute at one account', () => {
    const addresses = Array.from({ length: 1000 }, (_, i) => `x${i}`);
    // 20 free, then waits of 1, 2, 4, 8, 16, 32 and 60 seconds: in an hour 20 + 6 + (3600 - 63) / 60.
    const tries = triesUntil(new SignInThrottle(), 'a', addresses, 3600 * SECOND);
    expect(tries).toBeGreaterThan(20);
    expect(tries).toBeLessThanOrEqual(20 + 6 + 1 + 59);
  });

  it('SEC-04: one address gets 50 tries at a thousand accounts, then waits', () => {
    const throttle = new SignInThrottle();
    const passed = Array.from({ length: 1000 }, (_, i) => throttle.begin(`a${i}`, 'x', false, 0)).filter((wait) => wait === 0);
    expect(passed).toHaveLength(50);
  });

  it('SEC-04: whatever others do, the owner waits a minute at most from a new address, and not at all from a known one', () => {
    const throttle = new SignInThrottle();
    triesUntil(
      throttle,
      'a',
      Array.from({ length: 50 }, (_, i) => `x${i}`),
      24 * 3600 * SECOND,
    );
    const now = 24 * 3600 * SECOND + 1;
    expect(throttle.begin('a', 'home', false, now)).toBeLessThanOrEqual(60 * SECOND);
    expect(throttle.begin('a', 'home', true, now)).toBe(0);
    expect(throttle.begin('a', 'elsewhere', false, now + 60 * SECOND)).toBe(0);
  });

  it('SEC-04: a try while waiting does not make the wait longer', () => {
    const throttle = new SignInThrottle();
    for (let i = 0; i < 8; i += 1) throttle.begin('a', 'x', false, i * 100 * SECOND);
    const wait = throttle.begin('a', 'x', false, 701 * SECOND);
    for (let i = 0; i < 100; i += 1) throttle.begin('a', 'x', false, 701 * SECOND);
    expect(throttle.begin('a', 'x', false, 701 * SECOND)).toBe(wait);
  });

  it('mistakes are forgotten after a day', () => {
    const throttle = new SignInThrottle();
    for (let i = 0; i < 5; i += 1) throttle.begin('a', 'x', false, 0);
    const later = 24 * 3600 * SECOND + 1;
    for (let i = 0; i < 5; i += 1) expect(throttle.begin('a', 'x', false, later)).toBe(0);
    expect(throttle.begin('a', 'x', false, later)).toBe(SECOND);
  });
});

describe('what counts as one address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['2001:0db8:0001:0002:ffff::', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['no address', 'no address'],
  ])('SEC-04: %s counts as %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });
});
