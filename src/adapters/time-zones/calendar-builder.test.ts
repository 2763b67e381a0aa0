import { describe, expect, it } from 'vitest';
import { formatDate, parseDate } from '../../model/civil-date.ts';
import { buildCalendar, type CalendarDefinition } from './calendar-builder.ts';

const day = (text: string): number => parseDate(text)!;
const text = (ts: number): string => new Date(ts / 1000).toISOString().slice(0, 16);

function sessionsOf(definition: CalendarDefinition, from: string, to: string): string[] {
  const calendar = buildCalendar(definition, day(from), day(to));
  return Array.from(
    calendar.sessionOpen,
    (open, i) => `${formatDate(calendar.sessionDay[i]!)} ${text(open)} ${text(calendar.sessionClose[i]!)}`,
  ).filter((line) => line >= from && line < to);
}

describe('building a calendar', () => {
  it('keeps local hours across daylight saving, overnight sessions included', () => {
    const cme = {
      name: 'x',
      zone: 'America/Chicago',
      sessions: [{ days: [1, 2, 3, 4, 5], open: '17:00', close: '16:00', opensOnEve: true }],
    };
    // US clocks changed on Sunday 2024-03-10 at 02:00: Chicago went from UTC−6 to UTC−5.
    expect(sessionsOf(cme, '2024-03-08', '2024-03-12')).toEqual([
      '2024-03-08 2024-03-07T23:00 2024-03-08T22:00',
      '2024-03-11 2024-03-10T22:00 2024-03-11T21:00',
    ]);
  });

  it('cuts a day at lunch, and counts both parts to it', () => {
    const tokyo = {
      name: 'x',
      zone: 'Asia/Tokyo',
      sessions: [
        { days: [1], open: '09:00', close: '11:30' },
        { days: [1], open: '12:30', close: '15:00' },
      ],
    };
    expect(sessionsOf(tokyo, '2024-05-13', '2024-05-14')).toEqual([
      '2024-05-13 2024-05-13T00:00 2024-05-13T02:30',
      '2024-05-13 2024-05-13T03:30 2024-05-13T06:00',
    ]);
  });

  it('leaves holidays out, closes early, opens late, and drops a session that nothing is left of', () => {
    const base = {
      name: 'x',
      zone: 'UTC',
      sessions: [
        { days: [0, 1, 2, 3, 4, 5, 6], open: '08:00', close: '12:00' },
        { days: [2], open: '13:00', close: '24:00' },
      ],
    };
    const definition = {
      ...base,
      holidays: ['2024-01-01'],
      earlyCloses: { '2024-01-02': '12:30' },
      lateOpens: { '2024-01-03': '09:15:30' },
    };
    expect(sessionsOf(definition, '2024-01-01', '2024-01-04')).toEqual([
      '2024-01-02 2024-01-02T08:00 2024-01-02T12:00',
      '2024-01-03 2024-01-03T09:15 2024-01-03T12:00',
    ]);
    expect(sessionsOf(base, '2024-01-02', '2024-01-03')).toEqual([
      '2024-01-02 2024-01-02T08:00 2024-01-02T12:00',
      '2024-01-02 2024-01-02T13:00 2024-01-03T00:00',
    ]);
  });

  it('names everything that is wrong at once', () => {
    const wrong = {
      name: 'mine',
      zone: 'UTC',
      sessions: [
        { days: [7], open: '9:00', close: '16:00' },
        { days: [1], open: '16:00', close: '09:00' },
      ],
      holidays: ['2024-02-30'],
      earlyCloses: { '2024-01-02': '25:00' },
    };
    let message = '';
    try {
      buildCalendar(wrong, 0, 10);
    } catch (error) {
      message = String(error);
    }
    for (const part of ['weekdays', '9:00', '16:00 to 09:00', '2024-02-30', '25:00', 'CALENDAR_INVALID']) expect(message).toContain(part);
  });

  it('refuses sessions that overlap', () => {
    const twice = {
      name: 'x',
      zone: 'UTC',
      sessions: [
        { days: [1], open: '09:00', close: '16:00' },
        { days: [1], open: '15:00', close: '17:00' },
      ],
    };
    expect(() => buildCalendar(twice, day('2024-01-01'), day('2024-01-09'))).toThrow('overlap');
  });
});
