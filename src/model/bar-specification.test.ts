import { describe, expect, it } from 'vitest';
import { barIntervalName, isBarSpecificationRefusal, parseBarInterval, parseBarSpecification } from './bar-specification.ts';

describe('a bar specification', () => {
  it('is read from a number and a letter, steps in microseconds or counts', () => {
    const read = (text: string): unknown => {
      const result = parseBarSpecification(text);
      return isBarSpecificationRefusal(result) ? result.reason : [result.unit, result.step, result.text];
    };
    expect(read('30s')).toEqual(['time', 30_000_000, '30s']);
    expect(read('1m')).toEqual(['time', 60_000_000, '1m']);
    expect(read('4h')).toEqual(['time', 14_400_000_000, '4h']);
    expect(read('1d')).toEqual(['time', 86_400_000_000, '1d']);
    expect(read('1w')).toEqual(['time', 604_800_000_000, '1w']);
    expect(read('100t')).toEqual(['tick', 100, '100t']);
    expect(read('1000v')).toEqual(['volume', 1000, '1000v']);
    expect(read('50000n')).toEqual(['value', 50_000, '50000n']);
  });

  it('is written in the largest unit that fits, so that 60m and 1h are one series', () => {
    expect(parseBarSpecification('60m')).toEqual(parseBarSpecification('1h'));
    expect(parseBarSpecification('50m')).toMatchObject({ reason: expect.stringContaining('divide a day') });
    expect(parseBarSpecification('7d')).toMatchObject({ text: '1w' });
  });

  it.each(['', '0m', '-5m', '1.5h', '5', 'm', '5M', '5x', '7m', '25h', '2d', '2w', '05m', ' 5m', '5m ', '1e3v', '9999999999999999t'])(
    'refuses %j with a reason',
    (text) => {
      const result = parseBarSpecification(text);
      expect(isBarSpecificationRefusal(result) && result.reason.endsWith('.')).toBe(true);
    },
  );

  it('refuses what the source cannot tell: quantity from quotes, single trades from bars', () => {
    expect(parseBarSpecification('1000v', 'quotes')).toHaveProperty('reason');
    expect(parseBarSpecification('1000n', 'quotes')).toHaveProperty('reason');
    expect(parseBarSpecification('100t', 'bars')).toHaveProperty('reason');
    expect(parseBarSpecification('100n', 'bars')).toHaveProperty('reason');
    expect(parseBarSpecification('100t', 'quotes')).toMatchObject({ from: 'quotes', unit: 'tick' });
    expect(parseBarSpecification('100v', 'bars')).toMatchObject({ from: 'bars', unit: 'volume' });
  });
});

describe('the interval of recorded bars', () => {
  it('is a count and one of s m h d w M, with its length', () => {
    expect(parseBarInterval('7m')).toEqual({ count: 7, unit: 'm', us: 420_000_000 });
    expect(parseBarInterval('2w')).toEqual({ count: 2, unit: 'w', us: 1_209_600_000_000 });
    expect(parseBarInterval('3M')).toEqual({ count: 3, unit: 'M', us: 7_776_000_000_000 });
    expect(parseBarInterval('86400s')?.us).toBe(86_400_000_000);
  });

  it('of months is written M, or mo as the store has it: one length in both writings', () => {
    expect(parseBarInterval('1mo')).toEqual({ count: 1, unit: 'M', us: 2_592_000_000_000 });
    expect(parseBarInterval('3mo')).toEqual(parseBarInterval('3M'));
  });

  it.each(['', '0m', '05m', '1.5h', 'm', '100t', '1000v', '1mO', '1month', '1y', ' 1m', '1201M', '1201mo', '9999999999d'])(
    'is not %j',
    (text) => expect(parseBarInterval(text)).toBeNull(),
  );

  it('has one name, by which 60m is 1h, a month is never taken for a minute, and which is its own name', () => {
    const names = { '60m': '1h', '90m': '90m', '14d': '2w', '1M': '1mo', '1m': '1m', '100t': '100t', '1mo': '1mo' };
    for (const [text, name] of Object.entries(names)) {
      expect(barIntervalName(text)).toBe(name);
      expect(barIntervalName(name)).toBe(name);
    }
    for (const text of ['', '100tick', '1month', '0m', '../1m']) expect(barIntervalName(text)).toBeNull();
  });
});
