import { describe, expect, it } from 'vitest';
import { BlockKind, makeBarBlock, makeQuoteBarBlock, makeQuoteBlock, makeTradeBlock, type MarketBlock } from './blocks.ts';
import { clientOrderIdText, ORDER_TYPE_NAMES, OrderFlag, OrderType, Side, SIDE_NAMES, TIME_IN_FORCE_NAMES, TimeInForce } from './order.ts';

const BLOCKS: readonly (readonly [string, (rows: number, shared: boolean) => MarketBlock, number])[] = [
  ['trades', (rows, shared) => makeTradeBlock(2, rows, shared), BlockKind.TRADES],
  ['quotes', (rows, shared) => makeQuoteBlock(2, rows, shared), BlockKind.QUOTES],
  ['bars', (rows, shared) => makeBarBlock(2, 1, rows, shared), BlockKind.BARS],
  ['quote bars', (rows, shared) => makeQuoteBarBlock(2, 1, rows, shared), BlockKind.QUOTE_BARS],
];

describe('blocks', () => {
  it.each(BLOCKS)('of %s are empty, of one instrument and kind, with columns of the asked length', (_name, make, kind) => {
    const block = make(5, false);
    expect([block.kind, block.instrument, block.length]).toEqual([kind, 2, 0]);
    for (const column of Object.values(block)) if (ArrayBuffer.isView(column)) expect((column as Float64Array).length).toBe(5);
  });

  it.each(BLOCKS)('of %s lie in shared memory when asked, so that workers read one copy', (_name, make) => {
    for (const [isShared, kind] of [
      [true, SharedArrayBuffer],
      [false, ArrayBuffer],
    ] as const) {
      const columns = Object.values(make(3, isShared)).filter((column) => ArrayBuffer.isView(column));
      expect(columns.length).toBeGreaterThan(4);
      for (const column of columns) expect(column.buffer).toBeInstanceOf(kind);
    }
  });

  it('rank as the total order says: quotes, quote bars, trades, bars', () => {
    expect([BlockKind.QUOTES, BlockKind.QUOTE_BARS, BlockKind.TRADES, BlockKind.BARS]).toEqual([4, 5, 6, 7]);
  });
});

describe('order vocabulary', () => {
  it('makes side × quantity the signed quantity', () => {
    expect([Side.BUY * 5, Side.SELL * 5]).toEqual([5, -5]);
  });

  it('names every side, type and time in force', () => {
    expect(Object.entries(Side).map(([name, value]) => SIDE_NAMES[value] === name)).toEqual([true, true]);
    for (const [name, value] of Object.entries(OrderType)) expect(ORDER_TYPE_NAMES[value]).toBe(name);
    for (const [name, value] of Object.entries(TimeInForce)) expect(TIME_IN_FORCE_NAMES[value]).toBe(name);
  });

  it('gives each flag a bit of its own, and orders a text id', () => {
    expect(Object.values(OrderFlag).reduce((sum, flag) => sum + flag, 0)).toBe(15);
    expect(clientOrderIdText(17)).toBe('O-17');
  });
});
