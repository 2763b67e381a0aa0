import { describe, expect, it } from 'vitest';
import { ZoneClock, zoneClock } from './zone-clock.ts';
import { civilDateOf, DAY_US, dayNumberOf } from '../model/civil-date.ts';

const HOUR_US = 3_600_000_000;
const instant = (text: string): number => Date.parse(text) * 1000;

describe('ZoneClock', () => {
  const newYork = new ZoneClock('America/New_York');

  it('09:30 in New York is 14:30 UTC in winter and 13:30 UTC in summer', () => {
    expect(newYork.toUtcUs(2013, 1, 7, 9, 30, 0, 0)).toBe(instant('2013-01-07T14:30:00Z'));
    expect(newYork.toUtcUs(2013, 10, 7, 9, 30, 0, 0)).toBe(instant('2013-10-07T13:30:00Z'));
  });

  it('a time that occurs twice means the first, and the second can be asked for', () => {
    // Clocks in New York went from 02:00 EDT back to 01:00 EST on 2013-11-03 (06:00 UTC).
    const local = instant('2013-11-03T01:30:00Z');
    expect(newYork.localToUtcUs(local)).toBe(instant('2013-11-03T05:30:00Z'));
    expect(newYork.laterUtcUs(local)).toBe(instant('2013-11-03T06:30:00Z'));
    expect(newYork.laterUtcUs(instant('2013-11-03T00:59:59Z'))).toBeNaN();
    expect(newYork.localToUtcUs(instant('2013-11-03T02:00:00Z'))).toBe(instant('2013-11-03T07:00:00Z'));
  });

  it('a time that does not occur moves on by the gap', () => {
    // Clocks went from 02:00 EST to 03:00 EDT on 2013-03-10 (07:00 UTC): 02:30 is 03:30 EDT.
    expect(newYork.localToUtcUs(instant('2013-03-10T02:30:00Z'))).toBe(instant('2013-03-10T07:30:00Z'));
    expect(newYork.localToUtcUs(instant('2013-03-10T03:00:00Z'))).toBe(instant('2013-03-10T07:00:00Z'));
  });

  it('fixed offsets and UTC need no table', () => {
    expect(new ZoneClock('-05:00').toUtcUs(2014, 5, 6, 0, 0, 0, 1)).toBe(instant('2014-05-06T05:00:00Z') + 1);
    expect(new ZoneClock('+05:30').utcToLocalUs(0)).toBe(5.5 * HOUR_US);
    expect(new ZoneClock('UTC').localToUtcUs(123)).toBe(123);
  });

  it('agrees with Intl formatting on every hour of years with changes, in zones of both hemispheres and of half hours', () => {
    for (const zone of [
      'America/New_York',
      'Europe/Berlin',
      'Australia/Lord_Howe',
      'Africa/Casablanca',
      'Asia/Kolkata',
      'America/Sao_Paulo',
    ]) {
      const clock = new ZoneClock(zone);
      const format = new Intl.DateTimeFormat('sv-SE', {
        timeZone: zone,
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
      });
      for (const year of [2006, 2018]) {
        for (let us = instant(`${year}-01-01T00:15:00Z`); us < instant(`${year + 1}-01-02T00:00:00Z`); us += 3 * HOUR_US) {
          const local = instant(`${format.format(us / 1000).replace(' ', 'T')}Z`);
          if (clock.utcToLocalUs(us) !== local) throw new Error(`${zone} at ${us}: ${clock.utcToLocalUs(us)} is not ${local}`);
          const back = clock.localToUtcUs(local);
          if (back !== us && clock.laterUtcUs(local) !== us) throw new Error(`${zone} at ${us}: back to ${back}`);
        }
      }
    }
  });

  it('days and dates convert both ways from 1900 to 2199 as Date has them', () => {
    for (let days = dayNumberOf(1900, 1, 1); days <= dayNumberOf(2199, 12, 31); days += 17) {
      const date = new Date(days * (DAY_US / 1000));
      const { year, month, day } = civilDateOf(days);
      if (year !== date.getUTCFullYear() || month !== date.getUTCMonth() + 1 || day !== date.getUTCDate()) throw new Error(`day ${days}`);
      if (dayNumberOf(year, month, day) !== days) throw new Error(`date of day ${days}`);
    }
    expect(dayNumberOf(2000, 3, 1)).toBe(11_017);
  });
});

const offsetAt = (clock: ReturnType<typeof zoneClock>, ts: number): number => clock.utcToLocalUs(ts) - ts;
const utc = (text: string): number => Date.parse(`${text}Z`) * 1000;

describe('the clock of a zone', () => {
  it('knows both sides of the changes of 2024 in New York', () => {
    const clock = zoneClock('America/New_York');
    // 2024-03-10 02:00 EST = 07:00 UTC, 2024-11-03 02:00 EDT = 06:00 UTC.
    expect(clock.utcToLocalUs(utc('2024-03-10T06:59:59.999999')) - utc('2024-03-10T06:59:59.999999')).toBe(-5 * 3_600_000_000);
    expect(offsetAt(clock, utc('2024-03-10T06:59:59'))).toBe(-5 * 3_600_000_000);
    expect(offsetAt(clock, utc('2024-03-10T07:00:00'))).toBe(-4 * 3_600_000_000);
    expect(offsetAt(clock, utc('2024-11-03T05:59:59'))).toBe(-4 * 3_600_000_000);
    expect(offsetAt(clock, utc('2024-11-03T06:00:00'))).toBe(-5 * 3_600_000_000);
  });

  it('reads a skipped wall-clock time with the old offset and one shown twice as the first', () => {
    const clock = zoneClock('America/New_York');
    expect(clock.localToUtcUs(utc('2024-03-10T02:30:00'))).toBe(utc('2024-03-10T07:30:00'));
    expect(clock.localToUtcUs(utc('2024-11-03T01:30:00'))).toBe(utc('2024-11-03T05:30:00'));
    expect(clock.localToUtcUs(utc('2024-11-03T02:00:00'))).toBe(utc('2024-11-03T07:00:00'));
  });

  it('goes there and back through a year, in zones with half hours, southern summers and none', () => {
    for (const zone of ['America/New_York', 'Europe/London', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC', 'America/Sao_Paulo']) {
      const clock = zoneClock(zone);
      for (let ts = utc('2018-01-01T00:00:00'); ts < utc('2019-01-01T00:00:00'); ts += 7 * 3_600_000_000 + 123_456_000) {
        const again = clock.localToUtcUs(clock.utcToLocalUs(ts));
        // The repeated hour of autumn has two instants; the first is chosen.
        if (again !== ts) expect(clock.utcToLocalUs(again)).toBe(clock.utcToLocalUs(ts));
        expect(again).toBeLessThanOrEqual(ts);
      }
    }
    expect(zoneClock('Asia/Kolkata').utcToLocalUs(0)).toBe(5.5 * 3_600_000_000);
  });

  it('refuses a zone that does not exist, with a code', () => {
    expect(() => zoneClock('America/Gotham')).toThrow('ZONE_UNKNOWN');
  });
});
