import { describe, expect, it } from 'vitest';
import { KeltnerChannel } from './keltner-channel.ts';

describe('KeltnerChannel', () => {
  // EMA(3) of 9, 11, 13: 9, 10, 11.5. ATR(2): ranges 2, max(12, 9) − min(10, 9) = 3 → 2.5, max(14, 11) − min(12, 11) = 3 → 2.75.
  it('lies two average true ranges from the average close', () => {
    const channel = new KeltnerChannel({ period: 3, atrPeriod: 2, width: 2 });
    channel.update(10, 8, 9);
    channel.update(12, 10, 11);
    expect([channel.middle, channel.upper, channel.lower, channel.isReady]).toEqual([Number.NaN, Number.NaN, Number.NaN, false]);
    channel.update(14, 12, 13);
    expect([channel.middle, channel.upper, channel.lower, channel.isReady]).toEqual([11.5, 17, 6, true]);
  });

  it('refuses periods and a width of 0', () => {
    expect(() => new KeltnerChannel({ period: 0 })).toThrow('KeltnerChannel period is 0');
    expect(() => new KeltnerChannel({ atrPeriod: 0 })).toThrow('KeltnerChannel atrPeriod is 0');
    expect(() => new KeltnerChannel({ width: -1 })).toThrow('KeltnerChannel width is -1');
  });
});
