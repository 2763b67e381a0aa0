import { describe, expect, it } from 'vitest';
import { civilFromDays, DAY_US, daysFromCivil, ZoneClock } from './zone.ts';

const HOUR_US = 3_600_000_000;
const utc = (text: string): number => Date.parse(text) * 1000;

describe('ZoneClock', () => {
  const newYork = new ZoneClock('America/New_York');

  it('09:30 in New York is 14:30 UTC in winter and 13:30 UTC in summer', () => {
    expect(newYork.toUtcUs(2013, 1, 7, 9, 30, 0, 0)).toBe(utc('2013-01-07T14:30:00Z'));
    expect(newYork.toUtcUs(2013, 10, 7, 9, 30, 0, 0)).toBe(utc('2013-10-07T13:30:00Z'));
  });

  it('a time that occurs twice means the first, and the second can be asked for', () => {
    // Clocks in New York went from 02:00 EDT back to 01:00 EST on 2013-11-03 (06:00 UTC).
    const local = utc('2013-11-03T01:30:00Z');
    expect(newYork.localToUtcUs(local)).toBe(utc('2013-11-03T05:30:00Z'));
    expect(newYork.laterUtcUs(local)).toBe(utc('2013-11-03T06:30:00Z'));
    expect(newYork.laterUtcUs(utc('2013-11-03T00:59:59Z'))).toBeNaN();
    expect(newYork.localToUtcUs(utc('2013-11-03T02:00:00Z'))).toBe(utc('2013-11-03T07:00:00Z'));
  });

  it('a time that does not occur moves on by the gap', () => {
    // Clocks went from 02:00 EST to 03:00 EDT on 2013-03-10 (07:00 UTC): 02:30 is 03:30 EDT.
    expect(newYork.localToUtcUs(utc('2013-03-10T02:30:00Z'))).toBe(utc('2013-03-10T07:30:00Z'));
    expect(newYork.localToUtcUs(utc('2013-03-10T03:00:00Z'))).toBe(utc('2013-03-10T07:00:00Z'));
  });

  it('fixed offsets and UTC need no table', () => {
    expect(new ZoneClock('-05:00').toUtcUs(2014, 5, 6, 0, 0, 0, 1)).toBe(utc('2014-05-06T05:00:00Z') + 1);
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
        for (let us = utc(`${year}-01-01T00:15:00Z`); us < utc(`${year + 1}-01-02T00:00:00Z`); us += 3 * HOUR_US) {
          const local = utc(`${format.format(us / 1000).replace(' ', 'T')}Z`);
          if (clock.utcToLocalUs(us) !== local) throw new Error(`${zone} at ${us}: ${clock.utcToLocalUs(us)} is not ${local}`);
          const back = clock.localToUtcUs(local);
          if (back !== us && clock.laterUtcUs(local) !== us) throw new Error(`${zone} at ${us}: back to ${back}`);
        }
      }
    }
  });

  it('days and dates convert both ways from 1900 to 2199 as Date has them', () => {
    for (let days = daysFromCivil(1900, 1, 1); days <= daysFromCivil(2199, 12, 31); days += 17) {
      const date = new Date(days * (DAY_US / 1000));
      const { year, month, day } = civilFromDays(days);
      if (year !== date.getUTCFullYear() || month !== date.getUTCMonth() + 1 || day !== date.getUTCDate()) throw new Error(`day ${days}`);
      if (daysFromCivil(year, month, day) !== days) throw new Error(`date of day ${days}`);
    }
    expect(daysFromCivil(2000, 3, 1)).toBe(11_017);
  });
});
