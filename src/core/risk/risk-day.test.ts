import { describe, expect, it } from 'vitest';
import { alwaysOpenCalendarData, TradingCalendar } from '../../model/calendar.ts';
import { DAY_US, dayNumberOf, HOUR_US, MINUTE_US } from '../../model/civil-date.ts';
import { zoneClock } from '../../ports/zone-clock.ts';
import { MIDNIGHT_UTC, nextDayStart, type RiskDay } from './risk-day.ts';

const day = (zone: string, beginsUs: number): RiskDay => ({ kind: 'ZONE', zone, beginsUs, offsets: zoneClock(zone).offsets(1970, 2050) });
const at = (text: string): number => Date.parse(text) * 1_000;

describe('S-75 when a day begins', () => {
  it('at midnight UTC where nothing is said, strictly after the time asked about', () => {
    expect(nextDayStart(MIDNIGHT_UTC, [], 0)).toBe(DAY_US);
    expect(nextDayStart(MIDNIGHT_UTC, [], DAY_US - 1)).toBe(DAY_US);
    expect(nextDayStart(MIDNIGHT_UTC, [], -1)).toBe(0);
  });

  it('in New York at 17:00: 23 hours when clocks go forward, 25 when they go back', () => {
    const newYork = day('America/New_York', 17 * HOUR_US);
    const starts = (from: string, count: number): number[] => {
      const found = [nextDayStart(newYork, [], at(from))];
      while (found.length < count) found.push(nextDayStart(newYork, [], found.at(-1)!));
      return found;
    };
    // 10 March and 3 November 2024, at 02:00.
    expect(starts('2024-03-09T00:00:00Z', 3)).toEqual(['2024-03-09T22:00:00Z', '2024-03-10T21:00:00Z', '2024-03-11T21:00:00Z'].map(at));
    expect(starts('2024-11-02T00:00:00Z', 3)).toEqual(['2024-11-02T21:00:00Z', '2024-11-03T22:00:00Z', '2024-11-04T22:00:00Z'].map(at));
  });

  it('at a time that a day lacks, by the clock from before; at one that it has twice, at the first', () => {
    expect(nextDayStart(day('America/New_York', 2 * HOUR_US + 30 * MINUTE_US), [], at('2024-03-10T00:00:00-05:00'))).toBe(
      at('2024-03-10T07:30:00Z'),
    );
    expect(nextDayStart(day('America/New_York', HOUR_US + 30 * MINUTE_US), [], at('2024-11-03T00:00:00-04:00'))).toBe(
      at('2024-11-03T05:30:00Z'),
    );
  });

  it('is, for every day of two years in zones of all kinds, the instant that the zone clock says', () => {
    for (const zone of ['UTC', 'America/New_York', 'Europe/Zurich', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Pacific/Apia', '-05:00']) {
      for (const beginsUs of [0, 2 * HOUR_US + 15 * MINUTE_US, 17 * HOUR_US, DAY_US - 1]) {
        const rule = day(zone, beginsUs);
        const clock = zoneClock(zone);
        let start = nextDayStart(rule, [], dayNumberOf(2023, 1, 1) * DAY_US);
        for (let dayNumber = Math.round((start - DAY_US) / DAY_US); start < dayNumberOf(2025, 1, 1) * DAY_US; ) {
          const expected = [0, 1, 2, 3].map((more) => clock.localToUtcUs((dayNumber + more) * DAY_US + beginsUs));
          expect([zone, beginsUs, expected.includes(start)]).toEqual([zone, beginsUs, true]);
          const next = nextDayStart(rule, [], start);
          expect([zone, beginsUs, start, next]).toEqual([zone, beginsUs, start, Math.min(...expected.filter((ts) => ts > start))]);
          expect(nextDayStart(rule, [], next - 1)).toBe(next);
          start = next;
          dayNumber = Math.round((start - DAY_US) / DAY_US);
        }
      }
    }
  });

  it('by a calendar: where the last session of the trading day has closed', () => {
    const calendar = new TradingCalendar({
      name: 'lunch',
      zone: 'UTC',
      spanFromTs: 0,
      spanToTs: 10_000,
      sessionOpen: Float64Array.of(100, 300, 1_100),
      sessionClose: Float64Array.of(200, 400, 1_200),
      sessionDay: Float64Array.of(0, 0, 1),
    });
    const rule: RiskDay = { kind: 'CALENDAR', instrument: 1 };
    const calendars = [null, calendar];
    expect([0, 150, 250, 399, 400, 1_150].map((ts) => nextDayStart(rule, calendars, ts))).toEqual([400, 400, 400, 400, 1_200, 1_200]);
    expect(nextDayStart(rule, calendars, 1_200)).toBe(1_200 + DAY_US);
    const always = new TradingCalendar(alwaysOpenCalendarData(0, 10));
    expect(nextDayStart(rule, [null, always], 5)).toBe(DAY_US);
    expect(nextDayStart(rule, [], 5)).toBe(DAY_US);
  });
});
