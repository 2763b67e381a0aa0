import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alwaysOpenCalendarData, TradingCalendar } from './calendar.ts';
import { DAY_US } from './civil-date.ts';

/** Two days with a lunch break, in microseconds: [10,20) [30,40) on day 1, [60,70) [70,80) on days 2 and 3, without a pause between. */
function lunchCalendar(): TradingCalendar {
  return new TradingCalendar({
    name: 'lunch',
    zone: 'UTC',
    spanFromTs: 0,
    spanToTs: 100,
    sessionOpen: Float64Array.of(10, 30, 60, 70),
    sessionClose: Float64Array.of(20, 40, 70, 80),
    sessionDay: Float64Array.of(1, 1, 2, 3),
  });
}

describe('a trading calendar', () => {
  it('is open from each open up to, not at, the close', () => {
    const calendar = lunchCalendar();
    expect([9, 10, 19, 20, 29, 30, 39, 40, 69, 70, 79, 80].map((ts) => calendar.sessionAt(ts))).toEqual([
      -1, 0, 0, -1, -1, 1, 1, -1, 2, 3, 3, -1,
    ]);
  });

  it('answers the same in any order of asking as a search from the start', () => {
    const opens = [10, 30, 60, 70];
    const closes = [20, 40, 70, 80];
    const calendar = lunchCalendar();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 99 }), (ts, other) => {
        const session = opens.findIndex((open, i) => open <= ts && ts < closes[i]!);
        expect(calendar.sessionAt(ts)).toBe(session);
        expect(calendar.nextOpen(ts)).toBe(opens.find((open) => open > ts) ?? Infinity);
        expect(calendar.nextClose(ts)).toBe(closes.find((close) => close > ts) ?? Infinity);
        expect(calendar.tradingDay(ts)).toBe([1, 1, 2, 3][closes.findIndex((close) => close > ts)] ?? -1);
        const [from, to] = ts < other ? [ts, other] : [other, ts];
        let openTime = 0;
        for (let t = from; t < to; t += 1) openTime += opens.some((open, i) => open <= t && t < closes[i]!) ? 1 : 0;
        expect(calendar.openTimeBetween(from, to)).toBe(openTime);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses to guess outside the span it was built for', () => {
    expect(() => lunchCalendar().isOpen(100)).toThrow('outside the span');
    expect(() => lunchCalendar().isOpen(-1)).toThrow('outside the span');
  });

  it('refuses sessions that overlap or end before they begin', () => {
    const data = { name: 'x', zone: 'UTC', spanFromTs: 0, spanToTs: 9, sessionDay: Float64Array.of(1, 2) };
    expect(() => new TradingCalendar({ ...data, sessionOpen: Float64Array.of(1, 2), sessionClose: Float64Array.of(3, 4) })).toThrow(
      'overlaps',
    );
    expect(() => new TradingCalendar({ ...data, sessionOpen: Float64Array.of(1, 5), sessionClose: Float64Array.of(1, 6) })).toThrow(
      'closes before',
    );
  });

  it('never closes around the clock, and its trading days are those of UTC', () => {
    const calendar = new TradingCalendar(alwaysOpenCalendarData(-2, 3));
    for (const ts of [-2 * DAY_US, -1, 0, DAY_US - 1, DAY_US]) expect(calendar.isOpen(ts)).toBe(true);
    expect(calendar.tradingDay(-1)).toBe(-1);
    expect(calendar.nextClose(0)).toBe(DAY_US);
    expect(calendar.openTimeBetween(0, DAY_US + 5)).toBe(DAY_US + 5);
  });
});
