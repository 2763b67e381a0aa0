import { describe, expect, it } from 'vitest';
import { RealizedVolatility } from './realized-volatility.ts';

describe('RealizedVolatility', () => {
  const a = Math.log(1.1);
  const b = Math.log(0.9);

  it('about zero is the root mean square of log returns, annualized', () => {
    const volatility = new RealizedVolatility(2, { periodsPerYear: 4 });
    volatility.update(100);
    volatility.update(110);
    expect(volatility.isReady).toBe(false);
    expect(volatility.update(99)).toBeCloseTo(2 * Math.sqrt((a * a + b * b) / 2), 13);
    expect(volatility.isReady).toBe(true);
  });

  it('about the mean is the sample standard deviation', () => {
    const volatility = new RealizedVolatility(2, { center: 'mean', periodsPerYear: 1 });
    for (const price of [100, 110, 99]) volatility.update(price);
    // Two values lie (a − b)/2 either side of their mean, and the divisor is 1.
    expect(volatility.value).toBeCloseTo((a - b) / Math.SQRT2, 13);
  });

  it('stops at a price without a logarithm', () => {
    const volatility = new RealizedVolatility(2);
    volatility.update(100);
    expect(() => volatility.update(0)).toThrow('logarithm');
  });

  it('refuses a window without a deviation, an unknown center and a year without periods', () => {
    expect(() => new RealizedVolatility(0)).toThrow('RealizedVolatility period is 0');
    expect(() => new RealizedVolatility(1, { center: 'mean' })).toThrow('give a whole number from 2');
    expect(() => new RealizedVolatility(5, { center: 'median' as 'mean' })).toThrow("give 'zero' or 'mean'");
    expect(() => new RealizedVolatility(5, { periodsPerYear: 0 })).toThrow('periodsPerYear is 0');
  });
});
