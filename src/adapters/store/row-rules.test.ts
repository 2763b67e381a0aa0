import { describe, expect, it } from 'vitest';
import { BlockKind } from '../../model/blocks.ts';
import { COLUMNS } from './layout.ts';
import { RowRules } from './row-rules.ts';
import type { RowFault } from './row-rules.ts';
import { RowsReader, sampleRows } from './store.fixture.ts';

/** The fault found when one value of row 5 of ten is changed. */
function faultOf(kind: BlockKind, column: string, value: number): RowFault | null {
  const rows = sampleRows(kind, 10);
  rows[5]![COLUMNS[kind].findIndex((spec) => spec.name === column)] = value;
  return new RowRules().check(new RowsReader(kind, rows, 10).next()!);
}

describe('the rules of stored rows', () => {
  it('let sound rows of every kind pass', () => {
    for (const kind of Object.values(BlockKind)) {
      expect(new RowRules().check(new RowsReader(kind, sampleRows(kind, 10, 5), 10).next()!)).toBeNull();
    }
  });

  it('name column, row and value of what is not a whole count, not above zero, or not a side', () => {
    const cases: readonly (readonly [BlockKind, string, number])[] = [
      [BlockKind.TRADES, 'price', 0],
      [BlockKind.TRADES, 'price', -5],
      [BlockKind.TRADES, 'price', NaN],
      [BlockKind.TRADES, 'price', Infinity],
      [BlockKind.TRADES, 'price', 1.5],
      [BlockKind.TRADES, 'price', 2 ** 53],
      [BlockKind.TRADES, 'quantity', 0],
      [BlockKind.TRADES, 'aggressorSide', 2],
      [BlockKind.TRADES, 'tsEvent', 0.5],
      [BlockKind.QUOTES, 'bidPrice', -1],
      [BlockKind.QUOTES, 'askPrice', NaN],
      [BlockKind.QUOTES, 'bidSize', -1],
      [BlockKind.QUOTES, 'askSize', 0.5],
      [BlockKind.BARS, 'volume', -1],
      [BlockKind.BARS, 'open', 0],
      [BlockKind.BARS, 'tsOpen', NaN],
      [BlockKind.QUOTE_BARS, 'bidSize', -1],
      [BlockKind.QUOTE_BARS, 'askSize', 1.5],
      [BlockKind.QUOTE_BARS, 'askClose', -1],
    ];
    for (const [kind, column, value] of cases) expect(faultOf(kind, column, value)).toMatchObject({ row: 5, column, value });
  });

  it('find a high below open or close, a low above them, and a bar that closes before it opens or is known before it closes', () => {
    for (const [kind, prefix] of [
      [BlockKind.BARS, ''],
      [BlockKind.QUOTE_BARS, 'bid'],
      [BlockKind.QUOTE_BARS, 'ask'],
    ] as const) {
      const name = (word: string): string => (prefix === '' ? word.toLowerCase() : `${prefix}${word}`);
      expect(faultOf(kind, name('High'), 5_000_000_005_050)).toMatchObject({ row: 5, column: name('High') });
      expect(faultOf(kind, name('Low'), 5_000_000_005_500)).toMatchObject({ row: 5, column: name('Open') });
      expect(faultOf(kind, name('Close'), 5_000_000_004_000)).toMatchObject({ row: 5, column: name('Close') });
      expect(faultOf(kind, name('Open'), 5_000_000_009_000)).toMatchObject({ row: 5, column: name('High') });
      expect(faultOf(kind, name('Low'), prefix === '' ? -1 : 0)).toMatchObject({ row: 5, column: name('Low') });
    }
    expect(faultOf(BlockKind.BARS, 'tsOpen', 2_000_000_000_000_000)).toMatchObject({ row: 5, column: 'tsEvent' });
    expect(faultOf(BlockKind.BARS, 'tsEvent', 1_700_000_300_000_001)).toMatchObject({ row: 5, column: 'tsInit' });
  });

  it('take four zeros for an absent side of a quote bar and zero for an absent side of a quote', () => {
    const rows = sampleRows(BlockKind.QUOTE_BARS, 10);
    for (let at = 3; at < 7; at += 1) rows[5]![at] = 0;
    expect(new RowRules().check(new RowsReader(BlockKind.QUOTE_BARS, rows, 10).next()!)).toBeNull();
    expect(faultOf(BlockKind.QUOTES, 'bidPrice', 0)).toBeNull();
  });

  it('find time going back within a block and from one block to the next, and let equal times pass', () => {
    const rows = sampleRows(BlockKind.TRADES, 10);
    rows[5]![1] = rows[4]![1]!;
    expect(new RowRules().check(new RowsReader(BlockKind.TRADES, rows, 10).next()!)).toBeNull();
    rows[5]![1] = rows[4]![1]! - 1;
    expect(new RowRules().check(new RowsReader(BlockKind.TRADES, rows, 10).next()!)).toMatchObject({ row: 5, column: 'tsInit' });
    const rules = new RowRules();
    const reader = new RowsReader(BlockKind.TRADES, rows, 5);
    expect(rules.check(reader.next()!)).toBeNull();
    expect(rules.check(reader.next()!)).toMatchObject({ row: 0, column: 'tsInit' });
  });

  it('report the earliest row when several are wrong', () => {
    const rows = sampleRows(BlockKind.TRADES, 10);
    rows[3]![4] = 7;
    rows[6]![2] = -1;
    expect(new RowRules().check(new RowsReader(BlockKind.TRADES, rows, 10).next()!)).toMatchObject({ row: 3, column: 'aggressorSide' });
  });
});
