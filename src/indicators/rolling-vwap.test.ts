import { describe, expect, it } from 'vitest';
import { RollingVwap } from './rolling-vwap.ts';

describe('RollingVwap', () => {
  it('weighs the last two prices only', () => {
    const vwap = new RollingVwap(2);
    expect([vwap.update(10, 1), vwap.update(20, 3), vwap.update(40, 1)]).toEqual([Number.NaN, 17.5, 25]);
    expect(vwap.isReady).toBe(true);
  });

  it('refuses a period of 0', () => {
    expect(() => new RollingVwap(0)).toThrow('RollingVwap period is 0');
  });
});
