import { describe, expect, it } from 'vitest';
import { zoneClock } from './zone-clock.ts';

const utc = (text: string): number => Date.parse(`${text}Z`) * 1000;

describe('the clock of a zone', () => {
  it('knows both sides of the changes of 2024 in New York', () => {
    const clock = zoneClock('America/New_York');
    // 2024-03-10 02:00 EST = 07:00 UTC, 2024-11-03 02:00 EDT = 06:00 UTC.
    expect(clock.toLocal(utc('2024-03-10T06:59:59.999999')) - utc('2024-03-10T06:59:59.999999')).toBe(-5 * 3_600_000_000);
    expect(clock.offsetAt(utc('2024-03-10T06:59:59'))).toBe(-5 * 3_600_000_000);
    expect(clock.offsetAt(utc('2024-03-10T07:00:00'))).toBe(-4 * 3_600_000_000);
    expect(clock.offsetAt(utc('2024-11-03T05:59:59'))).toBe(-4 * 3_600_000_000);
    expect(clock.offsetAt(utc('2024-11-03T06:00:00'))).toBe(-5 * 3_600_000_000);
  });

  it('reads a skipped wall-clock time with the old offset and one shown twice as the first', () => {
    const clock = zoneClock('America/New_York');
    expect(clock.toUtc(utc('2024-03-10T02:30:00'))).toBe(utc('2024-03-10T07:30:00'));
    expect(clock.toUtc(utc('2024-11-03T01:30:00'))).toBe(utc('2024-11-03T05:30:00'));
    expect(clock.toUtc(utc('2024-11-03T02:00:00'))).toBe(utc('2024-11-03T07:00:00'));
  });

  it('goes there and back through a year, in zones with half hours, southern summers and none', () => {
    for (const zone of ['America/New_York', 'Europe/London', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC', 'America/Sao_Paulo']) {
      const clock = zoneClock(zone);
      for (let ts = utc('2018-01-01T00:00:00'); ts < utc('2019-01-01T00:00:00'); ts += 7 * 3_600_000_000 + 123_456_000) {
        const again = clock.toUtc(clock.toLocal(ts));
        // The repeated hour of autumn has two instants; the first is chosen.
        if (again !== ts) expect(clock.toLocal(again)).toBe(clock.toLocal(ts));
        expect(again).toBeLessThanOrEqual(ts);
      }
    }
    expect(zoneClock('Asia/Kolkata').offsetAt(0)).toBe(5.5 * 3_600_000_000);
  });

  it('refuses a zone that does not exist, with a code', () => {
    expect(() => zoneClock('America/Gotham')).toThrow('CALENDAR_ZONE_UNKNOWN');
  });
});
