import { describe, expect, it } from 'vitest';
import { rateOf, secondsLeftAt } from './pace.ts';

describe('the pace of long work', () => {
  it('is a count per second, 0 before time has passed', () => {
    expect([rateOf(300, 2), rateOf(300, 0)]).toEqual([150, 0]);
  });

  it('tells what is left from 1 % on: after a quarter in 10 s, 30 s', () => {
    expect(secondsLeftAt(0.25, 10)).toBe(30);
    expect(secondsLeftAt(1, 10)).toBe(0);
    expect([secondsLeftAt(0.009, 10), secondsLeftAt(null, 10)]).toEqual([null, null]);
  });
});
