import { describe, expect, it } from 'vitest';
import { stream } from '../../base/random.ts';
import { TradingCalendar } from '../../model/calendar.ts';
import { DAY_US } from '../../model/civil-date.ts';
import type { BarInput } from './bar-accumulator.ts';
import { type BarBuilder, loadBarBuilder, makeBarBuilder } from './bar-builder.ts';
import { build, builderOf, MINUTE, specification } from './bar-builder.fixture.ts';
import { barBlock, type BarRow, testInstrument, tradeBlock } from './market-data.fixture.ts';

const MONDAY = 4 * DAY_US;
const HOUR = 60 * MINUTE;
/** Sessions of six hours on weekdays, over four weeks. */
const DAYS = Array.from({ length: 28 }, (_, day) => day).filter((day) => day % 7 < 5);
const CALENDAR = new TradingCalendar({
  name: 'weekdays',
  zone: 'UTC',
  spanFromTs: 0,
  spanToTs: MONDAY + 60 * DAY_US,
  sessionOpen: Float64Array.from(DAYS, (day) => MONDAY + day * DAY_US + 9 * HOUR),
  sessionClose: Float64Array.from(DAYS, (day) => MONDAY + day * DAY_US + 15 * HOUR),
  sessionDay: Float64Array.from(DAYS, (day) => 4 + day),
});

const chance = stream(20240301, 'bar state');

/** Bars of a step; some come late, after the bar that they belong to has been closed. */
function drawnBars(fromTs: number, stepUs: number, count: number): BarInput {
  const rows = Array.from({ length: count }, (_, at): BarRow => {
    const [open, close] = [100 + chance.nextBelow(50), 100 + chance.nextBelow(50)];
    const ts = fromTs + (at + 1) * stepUs;
    return [ts - stepUs, ts, open, Math.max(open, close) + 3, Math.min(open, close) - 3, close, chance.nextBelow(100)];
  });
  const block = barBlock(rows);
  for (let row = 0; row < count; row += 1) {
    if (chance.nextBelow(5) === 0) block.tsInit[row] = block.tsEvent[row]! + Math.floor(stepUs / 2);
  }
  return block;
}

const trades = (): BarInput => {
  let ts = MONDAY + 8 * HOUR;
  return tradeBlock(
    Array.from({ length: 120 }, () => {
      ts += chance.nextBelow(20) * MINUTE;
      return [ts, 100 + chance.nextBelow(50), 1 + chance.nextBelow(30)] as const;
    }),
  );
};

/** Rows [from, to) of a block, as a block. */
function part(block: BarInput, from: number, to: number): BarInput {
  const cut = Object.fromEntries(
    Object.entries(block).map(([name, value]) => [name, ArrayBuffer.isView(value) ? (value as Float64Array).slice(from, to) : value]),
  );
  return { ...cut, length: to - from } as unknown as BarInput;
}

/** Row by row, as rows come that may close a bar each. */
function play(builder: BarBuilder, rows: BarInput, untilTs: number): readonly unknown[] {
  return build(builder, rows, untilTs, new Array<number>(rows.length).fill(1)).rows;
}

const weeks = (): BarBuilder =>
  makeBarBuilder({
    specification: specification('1w', 'bars'),
    source: specification('1d', 'bars'),
    instrument: testInstrument(),
    calendar: CALENDAR,
  });

const CASES: readonly (readonly [what: string, make: () => BarBuilder, rows: BarInput])[] = [
  ['time bars of trades', () => builderOf('10m'), trades()],
  ['time bars of trades in sessions', () => builderOf('10m', 'trades', CALENDAR), trades()],
  ['time bars that are repeated', () => builderOf('10m', 'trades', CALENDAR, 'repeat'), trades()],
  ['time bars of bars, some of them late', () => builderOf('3m', 'bars'), drawnBars(MONDAY, MINUTE, 90)],
  ['bars by rows', () => builderOf('7t', 'trades', CALENDAR), trades()],
  ['bars by quantity', () => builderOf('90v'), trades()],
  ['bars by value', () => builderOf('300n'), trades()],
  ['weeks of days, some of them late', weeks, drawnBars(MONDAY, DAY_US, 28)],
];

describe('a bar builder that is saved after any row, and loaded into a fresh one', () => {
  it.each(CASES)('goes on as if nothing had happened: %s', (_, make, rows) => {
    const counts = ({ outOfSessionCount, lateRowCount }: BarBuilder): unknown => [outOfSessionCount, lateRowCount];
    const endTs = MONDAY + 29 * DAY_US;
    const whole = make();
    const expected = play(whole, rows, endTs);
    expect(expected.length).toBeGreaterThan(2);
    for (let cut = 0; cut <= rows.length; cut += 3) {
      const first = make();
      const before = play(first, part(rows, 0, cut), Number.NEGATIVE_INFINITY);
      const second = make();
      loadBarBuilder(second, structuredClone(first.saveState()));
      expect(second.saveState()).toEqual(first.saveState());
      const after = play(second, part(rows, cut, rows.length), endTs);
      expect([cut, [...before, ...after]]).toEqual([cut, expected]);
      expect([cut, counts(second)]).toEqual([cut, counts(whole)]);
    }
  });

  it('is refused by a builder of another kind', () => {
    expect(() => loadBarBuilder(builderOf('10m'), builderOf('7t').saveState())).toThrow('bars of 10m were not built as count bars');
  });

  it('some of those rows came late, and some out of session', () => {
    const counted = CASES.map(([, make, rows]) => {
      const builder = make();
      play(builder, rows, MONDAY + 29 * DAY_US);
      return builder;
    });
    expect(counted.filter(({ lateRowCount }) => lateRowCount > 0).length).toBeGreaterThan(0);
    expect(counted.filter(({ outOfSessionCount }) => outOfSessionCount > 0).length).toBeGreaterThan(2);
  });
});
