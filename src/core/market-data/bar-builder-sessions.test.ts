import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shippedCalendar } from '../../adapters/time-zones/shipped-calendars.ts';
import { parseDate } from '../../model/civil-date.ts';
import { type BarBuilder, makeBarBuilder } from './bar-builder.ts';
import { build, builderOf, MINUTE, naiveTimeBars, pieces, specification, utc } from './bar-builder.fixture.ts';
import { type BarRow, barBlock, testInstrument, tradeBlock, type TradeRow } from './market-data.fixture.ts';

describe('bars built from trades, with a calendar', () => {
  it('end with a session, start with it, and leave other trades out (us-equity, early close included)', () => {
    const calendar = shippedCalendar('us-equity', parseDate('2024-11-01')!, parseDate('2024-12-10')!);
    // Friday 29 November 2024: 09:30 to 13:00 New York, UTC−5.
    const rows: TradeRow[] = [
      [utc('2024-11-29T14:29:59'), 1, 1],
      [utc('2024-11-29T14:30:00'), 2, 1],
      [utc('2024-11-29T17:59:59'), 3, 1],
      [utc('2024-11-29T18:00:00'), 4, 1],
      [utc('2024-12-02T14:31:00'), 5, 1],
    ];
    const hours = builderOf('1h', 'trades', calendar);
    expect(
      build(hours, tradeBlock(rows), utc('2024-12-03T00:00:00')).rows.map(([open, close, , , , price]) => [open, close, price]),
    ).toEqual([
      [utc('2024-11-29T14:30:00'), utc('2024-11-29T15:30:00'), 2],
      [utc('2024-11-29T17:30:00'), utc('2024-11-29T18:00:00'), 3],
      [utc('2024-12-02T14:30:00'), utc('2024-12-02T15:30:00'), 5],
    ]);
    expect(hours.outOfSessionCount).toBe(2);
    expect(
      build(builderOf('1d', 'trades', calendar), tradeBlock(rows), utc('2024-12-03T00:00:00')).rows.map(
        ([open, close, , , , price, volume]) => [open, close, price, volume],
      ),
    ).toEqual([
      [utc('2024-11-29T14:30:00'), utc('2024-11-29T18:00:00'), 3, 2],
      [utc('2024-12-02T14:30:00'), utc('2024-12-02T21:00:00'), 5, 1],
    ]);
    // Thanksgiving week ends on Friday 13:00; the next on Friday 16:00.
    expect(
      build(builderOf('1w', 'trades', calendar), tradeBlock(rows), utc('2024-12-09T00:00:00')).rows.map(([open, close, , , , , volume]) => [
        open,
        close,
        volume,
      ]),
    ).toEqual([
      [utc('2024-11-25T14:30:00'), utc('2024-11-29T18:00:00'), 2],
      [utc('2024-12-02T14:30:00'), utc('2024-12-06T21:00:00'), 1],
    ]);
  });

  it('leave trades between the sessions of a week out of the weekly bar', () => {
    const calendar = shippedCalendar('us-equity', parseDate('2024-12-01')!, parseDate('2024-12-10')!);
    // Monday 15:00 UTC, Monday 22:00 UTC (closed since 21:00), Tuesday 15:00 UTC.
    const rows: TradeRow[] = [
      [utc('2024-12-02T15:00:00'), 5, 1],
      [utc('2024-12-02T22:00:00'), 99, 10],
      [utc('2024-12-03T15:00:00'), 6, 2],
    ];
    expect(
      build(builderOf('1w', 'trades', calendar), tradeBlock(rows), utc('2024-12-09T00:00:00')).rows.map((row) => row.slice(2)),
    ).toEqual([[5, 6, 5, 6, 3]]);
  });

  it('agree with the obvious twin over sessions, on days when the clock changes too', () => {
    const calendar = shippedCalendar('cme-globex', parseDate('2024-03-01')!, parseDate('2024-03-20')!);
    const opens = Array.from(calendar.sessionOpen);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 * 86_400 }), { minLength: 1, maxLength: 60 }), pieces, (offsets, cuts) => {
        const rows = offsets
          .sort((a, b) => a - b)
          .map((second, i): TradeRow => [utc('2024-03-07T00:00:00') + second * 1e6, 100 + (i % 5), 1]);
        const built = build(builderOf('4h', 'trades', calendar), tradeBlock(rows), utc('2024-03-19T00:00:00'), cuts);
        const step = 4 * 3_600_000_000;
        expect(built.rows).toEqual(
          naiveTimeBars(rows, (ts) => {
            const i = opens.findLastIndex((open) => open <= ts);
            const close = calendar.sessionClose[i]!;
            if (ts >= close) return null;
            const start = opens[i]! + Math.floor((ts - opens[i]!) / step) * step;
            return [start, Math.min(start + step, close)];
          }),
        );
      }),
      { numRuns: 150 },
    );
  });
});

describe('weekly bars built from daily ones, with a calendar', () => {
  const calendar = shippedCalendar('us-equity', parseDate('2004-08-01')!, parseDate('2004-12-31')!);
  const weeks = (): BarBuilder =>
    makeBarBuilder({
      specification: specification('1w', 'bars'),
      source: specification('1d', 'bars'),
      instrument: testInstrument(),
      calendar,
    });
  const day = (date: string, open: number, high: number, low: number, close: number, volume: number): BarRow => [
    utc(`${date}T00:00:00`),
    utc(`${date}T00:00:00`) + 24 * 60 * MINUTE,
    open,
    high,
    low,
    close,
    volume,
  ];
  // GOOG's first days of trading, 19 August (a Thursday) to 9 September 2004; Monday 6 September was Labor Day.
  const google = [
    day('2004-08-19', 100_00, 104_06, 95_96, 100_34, 22_351_900),
    day('2004-08-20', 101_01, 109_08, 100_50, 108_31, 11_428_600),
    day('2004-08-23', 110_75, 113_48, 109_05, 109_40, 9_137_200),
    day('2004-08-24', 111_24, 111_60, 103_57, 104_87, 7_631_300),
    day('2004-08-25', 104_96, 108_00, 103_88, 106_00, 4_598_900),
    day('2004-08-26', 104_95, 107_95, 104_66, 107_91, 3_551_000),
    day('2004-08-27', 108_10, 108_62, 105_69, 106_15, 3_109_000),
  ];

  it('hold the days that cover their sessions, though these close at midnight, and are known with the last of them', () => {
    const built = build(weeks(), barBlock(google), utc('2004-09-10T00:00:00'));
    expect(built.rows).toEqual([
      [utc('2004-08-16T13:30:00'), utc('2004-08-21T00:00:00'), 100_00, 109_08, 95_96, 108_31, 33_780_500],
      [utc('2004-08-23T00:00:00'), utc('2004-08-28T00:00:00'), 110_75, 113_48, 103_57, 106_15, 28_027_400],
    ]);
    expect(built.tsInits).toEqual([utc('2004-08-21T00:00:00'), utc('2004-08-28T00:00:00')]);
  });

  it('wait for the day that is missing until it would have closed, and not until the session has', () => {
    const builder = weeks();
    builder.accumulate(barBlock(google.slice(2, 4)), 0, 2);
    expect(builder.isComplete).toBe(false);
    expect(builder.nextCloseTs).toBe(utc('2004-08-28T00:00:00') + 1);
    const friday = barBlock(google.slice(6));
    builder.accumulate(friday, 0, 1);
    expect(builder.isComplete).toBe(true);
  });

  it('end with Thursday where Friday is a holiday, and with the early close where the file says so', () => {
    // Good Friday is out of the span; Thanksgiving week 2004 ends on Friday 26 November at 13:00, New York (18:00 UTC).
    const until = (date: string, hour: string): BarRow => [utc(`${date}T14:30:00`), utc(`${date}T${hour}:00:00`), 5, 5, 5, 5, 1];
    const rows = [until('2004-11-24', '21'), until('2004-11-26', '18'), until('2004-11-29', '21')];
    const built = build(weeks(), barBlock(rows), utc('2004-12-05T00:00:00'));
    expect(built.rows.map((row) => [row[1], row[6]])).toEqual([
      [utc('2004-11-26T18:00:00'), 2],
      [utc('2004-12-03T21:00:00'), 1],
    ]);
    // Christmas Eve 2004, a Friday, was the holiday: the week's last day is Thursday.
    const christmas = build(weeks(), barBlock([day('2004-12-22', 1, 1, 1, 1, 1), day('2004-12-23', 2, 2, 2, 2, 1)]), 0);
    expect(christmas.rows.map((row) => [row[1], row[6]])).toEqual([[utc('2004-12-24T00:00:00'), 2]]);
  });

  it('leave out, and count, only days that cover no session: Saturdays and holidays', () => {
    const builder = weeks();
    const rows = [
      ...google.slice(2),
      day('2004-08-28', 1, 1, 1, 1, 1),
      day('2004-09-06', 1, 1, 1, 1, 1),
      day('2004-09-07', 101_01, 102_00, 99_61, 101_58, 5_000_000),
    ];
    const built = build(builder, barBlock(rows), utc('2004-09-12T00:00:00'), [1, 2, 3]);
    expect(built.rows.map((row) => row[6])).toEqual([28_027_400, 5_000_000]);
    expect(builder.outOfSessionCount).toBe(2);
  });

  it('count a day of UTC to the trading day that it covers most of, where sessions begin the evening before', () => {
    const forex = shippedCalendar('cme-globex', parseDate('2024-02-20')!, parseDate('2024-03-20')!);
    const builder = makeBarBuilder({
      specification: specification('1w', 'bars'),
      source: specification('1d', 'bars'),
      instrument: testInstrument(),
      calendar: forex,
    });
    // Sunday 3 March 2024 holds the first hour of Monday's session; Saturday nothing.
    const days = ['03-01', '03-02', '03-03', '03-04', '03-05', '03-06', '03-07', '03-08', '03-10'];
    const rows = days.map((date, i) => day(`2024-${date}`, 1, 1, 1, 1, 10 ** i));
    const built = build(builder, barBlock(rows), utc('2024-03-17T00:00:00'));
    expect(built.rows.map((row) => [row[1], row[6]])).toEqual([
      [utc('2024-03-02T00:00:00'), 1],
      [utc('2024-03-09T00:00:00'), 11_111_100],
      [utc('2024-03-16T00:00:00'), 100_000_000],
    ]);
    expect(builder.outOfSessionCount).toBe(1);
  });

  it('have their volume counted into bars of volume too', () => {
    const volumes = makeBarBuilder({
      specification: specification('30000000v', 'bars'),
      source: specification('1d', 'bars'),
      instrument: testInstrument(),
      calendar,
    });
    const built = build(volumes, barBlock([...google.slice(0, 2), day('2004-08-21', 1, 1, 1, 1, 9)]), 0);
    expect(built.rows.map((row) => row[6])).toEqual([33_780_500]);
    expect(volumes.outOfSessionCount).toBe(1);
  });
});
