import { describe, expect, it } from 'vitest';
import { DonchianChannel } from './donchian-channel.ts';

describe('DonchianChannel', () => {
  it('is the highest high and the lowest low of the last two bars', () => {
    const channel = new DonchianChannel(2);
    channel.update(10, 5);
    expect([channel.upper, channel.lower, channel.isReady]).toEqual([Number.NaN, Number.NaN, false]);
    channel.update(9, 6);
    expect([channel.upper, channel.middle, channel.lower, channel.isReady]).toEqual([10, 7.5, 5, true]);
    channel.update(8, 7);
    expect([channel.upper, channel.middle, channel.lower, channel.value]).toEqual([9, 7.5, 6, 7.5]);
  });

  it('refuses a period of 0', () => {
    expect(() => new DonchianChannel(0)).toThrow('DonchianChannel period is 0');
  });
});
