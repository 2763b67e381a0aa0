import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { gunzipSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { TradingCalendar } from '../../model/calendar.ts';
import { formatDate, parseDate, weekdayOf } from '../../model/civil-date.ts';
import { sharedDataFolder } from '../../../reference/shared-data.ts';
import { shippedCalendar } from './shipped-calendars.ts';
import { easterSunday } from './us-holidays.ts';

const shared = pathToFileURL(`${sharedDataFolder()}/lean/`);
const hoursFile = new URL('market-hours/market-hours-database.json.gz', shared);
const dailyFile = new URL('equity/usa/daily/spy.zip', shared);
const hourlyFile = new URL('equity/usa/hour/spy.zip', shared);
const hasHours = existsSync(hoursFile);
const hasSpy = existsSync(dailyFile) && existsSync(hourlyFile);

const day = (text: string): number => parseDate(text)!;
const utc = (text: string): number => Date.parse(`${text}Z`) * 1000;

/** The text of a zip's only entry: local header, name, extra field, deflated bytes. */
function unzipText(file: URL): string {
  const bytes = readFileSync(file);
  return inflateRawSync(bytes.subarray(30 + bytes.readUInt16LE(26) + bytes.readUInt16LE(28))).toString('latin1');
}

/** Length of each trading day's session in hours, by date. */
function hoursByDate(calendar: TradingCalendar): Map<string, number> {
  return new Map(
    Array.from(calendar.sessionDay, (number, i) => [
      formatDate(number),
      (calendar.sessionClose[i]! - calendar.sessionOpen[i]!) / 3_600_000_000,
    ]),
  );
}

interface MarketHours {
  readonly holidays: readonly string[];
  readonly earlyCloses: Readonly<Record<string, string>>;
}

function marketHours(entry: string): MarketHours {
  return (JSON.parse(gunzipSync(readFileSync(hoursFile)).toString()) as { entries: Record<string, MarketHours> }).entries[entry]!;
}

/** `7/3/2025` as `2025-07-03`. */
function isoDate(american: string): string {
  const [month, date, year] = american.split('/');
  return `${year}-${month!.padStart(2, '0')}-${date!.padStart(2, '0')}`;
}

const isWeekday = (date: string): boolean => weekdayOf(day(date)) % 6 !== 0;

describe('the shipped calendars', () => {
  it('know Easter (dates published for 1998 to 2028)', () => {
    for (const date of ['1998-04-12', '2000-04-23', '2008-03-23', '2011-04-24', '2016-03-27', '2024-03-31', '2025-04-20', '2028-04-16']) {
      expect(formatDate(easterSunday(Number(date.slice(0, 4))))).toBe(date);
    }
  });

  it('open New York shares at 09:30 local time on both sides of a clock change', () => {
    const calendar = shippedCalendar('us-equity', day('2024-03-01'), day('2024-04-01'));
    expect(calendar.nextOpen(utc('2024-03-08T00:00:00'))).toBe(utc('2024-03-08T14:30:00'));
    expect(calendar.nextOpen(utc('2024-03-08T15:00:00'))).toBe(utc('2024-03-11T13:30:00'));
    expect(calendar.isOpen(utc('2024-03-11T19:59:59'))).toBe(true);
    expect(calendar.isOpen(utc('2024-03-11T20:00:00'))).toBe(false);
    // Good Friday, the weekend.
    expect(calendar.nextOpen(utc('2024-03-28T20:00:00'))).toBe(utc('2024-04-01T13:30:00'));
  });

  it('cut the foreign exchange week at 17:00 New York, Sunday to Friday', () => {
    const calendar = shippedCalendar('fx', day('2024-07-01'), day('2024-07-20'));
    expect(calendar.isOpen(utc('2024-07-07T20:59:59'))).toBe(false);
    expect(calendar.isOpen(utc('2024-07-07T21:00:00'))).toBe(true);
    expect(formatDate(calendar.tradingDay(utc('2024-07-07T21:00:00')))).toBe('2024-07-08');
    expect(formatDate(calendar.tradingDay(utc('2024-07-08T21:00:00')))).toBe('2024-07-09');
    expect(calendar.isOpen(utc('2024-07-12T20:59:59'))).toBe(true);
    expect(calendar.isOpen(utc('2024-07-12T21:00:00'))).toBe(false);
  });

  it('pause Globex from 16:00 to 17:00 Chicago and end holiday sessions at noon', () => {
    const calendar = shippedCalendar('cme-globex', day('2024-07-01'), day('2024-07-20'));
    expect(calendar.nextClose(utc('2024-07-01T12:00:00'))).toBe(utc('2024-07-01T21:00:00'));
    expect(calendar.nextOpen(utc('2024-07-01T12:00:00'))).toBe(utc('2024-07-01T22:00:00'));
    expect(calendar.nextClose(utc('2024-07-03T12:00:00'))).toBe(utc('2024-07-03T17:15:00'));
    expect(calendar.nextClose(utc('2024-07-04T12:00:00'))).toBe(utc('2024-07-04T17:00:00'));
    expect(calendar.nextOpen(utc('2024-07-04T18:00:00'))).toBe(utc('2024-07-04T22:00:00'));
  });

  it('refuse the years before their rules, rather than guess', () => {
    expect(() => shippedCalendar('us-equity', day('1992-01-01'), day('1993-01-01'))).toThrow('CALENDAR_INVALID');
  });

  it.skipIf(!hasSpy)('open New York on exactly the days on which SPY has a daily bar, 1998 to March 2021 (needs the shared data)', () => {
    const bars = unzipText(dailyFile)
      .trim()
      .split('\n')
      .map((line) => `${line.slice(0, 4)}-${line.slice(4, 6)}-${line.slice(6, 8)}`);
    const calendar = shippedCalendar('us-equity', day('1998-01-01'), day('2021-04-01'));
    const days = [...hoursByDate(calendar).keys()].filter((date) => date >= '1998-01-02' && date <= '2021-03-31');
    expect(days.filter((date) => !bars.includes(date))).toEqual([]);
    expect(bars.filter((date) => !days.includes(date))).toEqual([]);
    expect(bars.length).toBeGreaterThan(5800);
  });

  it.skipIf(!hasSpy)(
    'close New York early on exactly the days whose last hourly SPY bar is before 15:00, 2009 on (needs the shared data)',
    () => {
      const lastHour = new Map<string, number>();
      for (const line of unzipText(hourlyFile).trim().split('\n')) {
        lastHour.set(`${line.slice(0, 4)}-${line.slice(4, 6)}-${line.slice(6, 8)}`, Number(line.slice(9, 11)));
      }
      const observed = [...lastHour].filter(([date, hour]) => date >= '2009-01-01' && hour < 15).map(([date]) => date);
      const calendar = shippedCalendar('us-equity', day('1998-01-01'), day('2021-04-01'));
      const hours = hoursByDate(calendar);
      const early = [...hours].filter(([, length]) => length === 3.5).map(([date]) => date);
      const last = [...lastHour.keys()].at(-1)!;
      expect(early.filter((date) => date >= '2009-01-01' && date <= last)).toEqual(observed);
      // Before 2009 the bars include trading after the close on some of those days; what ends early must be in the calendar.
      expect(
        [...lastHour]
          .filter(([, hour]) => hour < 15)
          .map(([date]) => date)
          .filter((date) => !early.includes(date)),
      ).toEqual([]);
    },
  );

  it.skipIf(!hasHours)('agree with an independent list of NYSE holidays and early closes, 1998 to 2027 (needs the shared data)', () => {
    const { holidays, earlyCloses } = marketHours('Equity-usa-[*]');
    const calendar = shippedCalendar('us-equity', day('1998-01-01'), day('2028-01-01'));
    const hours = hoursByDate(calendar);
    const listed = new Set(holidays.map(isoDate).filter((date) => isWeekday(date) && date < '2028-01-01'));
    const closed: string[] = [];
    for (let number = day('1998-01-01'); number < day('2028-01-01'); number += 1) {
      const date = formatDate(number);
      if (isWeekday(date) && !hours.has(date)) closed.push(date);
    }
    expect(closed).toEqual([...listed].sort());
    const listedEarly = Object.keys(earlyCloses)
      .map(isoDate)
      .filter((date) => isWeekday(date) && date < '2028-01-01')
      .sort();
    const early = [...hours].filter(([, length]) => length === 3.5).map(([date]) => date);
    // The list begins with 26 November 1999 and lacks the last day of 1999; hourly SPY bars show that day and those of 1998 ending at 13:00.
    expect(early.filter((date) => date >= '1999-07-01' && date !== '1999-12-31')).toEqual(listedEarly);
  });

  it.skipIf(!hasHours)('end Globex holiday sessions as an independent list has them, June 2014 to 2023 (needs the shared data)', () => {
    const { earlyCloses } = marketHours('Future-cme-ES');
    const calendar = shippedCalendar('cme-globex', day('2014-06-01'), day('2024-01-01'));
    const listed = Object.entries(earlyCloses)
      .map(([date, time]) => `${isoDate(date)} ${time}`)
      .filter((line) => line >= '2014-06-01' && line < '2024' && isWeekday(line.slice(0, 10)))
      .sort();
    const wallClock = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/New_York', timeStyle: 'medium' });
    const ours = Array.from(calendar.sessionDay, (number, i) => {
      const newYork = wallClock.format(calendar.sessionClose[i]! / 1000);
      return `${formatDate(number)} ${newYork}`;
    }).filter((line) => line.slice(11) !== '17:00:00');
    // Stated in the calendar: Good Fridays with an employment report are closed here. The list lacks 3 July 2023.
    const reports = ['2015-04-03 09:15:00', '2021-04-02 09:15:00', '2023-04-07 09:15:00'];
    expect(listed.filter((line) => !ours.includes(line))).toEqual(reports);
    expect(ours.filter((line) => !listed.includes(line))).toEqual(['2023-07-03 13:15:00']);
  });
});
