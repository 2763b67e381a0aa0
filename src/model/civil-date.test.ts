import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { civilDateOf, dayNumberOf, formatDate, mondayOf, parseDate, weekdayOf, weekNumberOf } from './civil-date.ts';

describe('dates as day numbers', () => {
  it('agree with the platform calendar over ten thousand years', () => {
    fc.assert(
      fc.property(fc.integer({ min: -700_000, max: 2_900_000 }), (day) => {
        const platform = new Date(day * 86_400_000);
        expect(civilDateOf(day)).toEqual({
          year: platform.getUTCFullYear(),
          month: platform.getUTCMonth() + 1,
          day: platform.getUTCDate(),
        });
        expect(dayNumberOf(platform.getUTCFullYear(), platform.getUTCMonth() + 1, platform.getUTCDate())).toBe(day);
        expect(weekdayOf(day)).toBe(platform.getUTCDay());
      }),
      { numRuns: 2000 },
    );
  });

  it('read only dates that exist', () => {
    expect(parseDate('1970-01-01')).toBe(0);
    expect(parseDate('2024-02-29')).toBe(19_782);
    for (const text of ['2023-02-29', '2024-13-01', '2024-00-10', '24-01-01', '2024-1-1', '']) expect(parseDate(text)).toBeNull();
    expect(formatDate(-1)).toBe('1969-12-31');
  });

  it('count weeks from Monday to Sunday', () => {
    const monday = parseDate('2024-01-01')!;
    expect(weekNumberOf(monday + 6)).toBe(weekNumberOf(monday));
    expect(weekNumberOf(monday - 1)).toBe(weekNumberOf(monday) - 1);
    for (const day of [monday, monday + 3, monday + 6]) expect(mondayOf(weekNumberOf(day))).toBe(monday);
    expect(formatDate(mondayOf(0))).toBe('1969-12-29');
  });
});
