import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RowRules } from '../../src/adapters/store/row-rules.ts';
import { classifyRow } from '../../src/core/market-data/row-validation.ts';
import { type BookDeltaBlock, makeBookDeltaBlock, makeTradeBlock, type TradeBlock } from '../../src/model/blocks.ts';

/** Numbers of which most are fit, and some are what files and bugs bring. */
const COUNT = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 0.5, Number.NaN, Infinity, -Infinity, 2 ** 53, -(2 ** 53), Number.MAX_SAFE_INTEGER) },
);
const SMALL = fc.integer({ min: -2, max: 7 });

function fill<B extends BookDeltaBlock | TradeBlock>(block: B, columns: Partial<Record<keyof B, number>>): B {
  for (const [name, value] of Object.entries(columns)) (block as unknown as Record<string, Float64Array>)[name]![0] = value as number;
  block.length = 1;
  return block;
}

/** The store takes a row only where a run would; what it asks beyond that concerns columns that nothing is decided by. */
function expectSame(block: BookDeltaBlock | TradeBlock, isFitBesides: boolean): void {
  const isStored = new RowRules().check(block) === null;
  const isTaken = classifyRow(block, 0, -Infinity, -Infinity) === null;
  expect(isStored).toBe(isTaken && isFitBesides);
}

it('a change of a book is stored exactly where a run takes it', () => {
  const row = fc.record({
    tsInit: COUNT,
    tsEvent: COUNT,
    price: COUNT,
    quantity: COUNT,
    orderId: COUNT,
    action: SMALL,
    side: SMALL,
    flags: SMALL,
  });
  fc.assert(
    fc.property(row, (columns) => {
      const { flags, side, orderId, price, quantity } = columns;
      const isFitBesides = flags >= 0 && flags <= 3 && Math.abs(side) <= 1 && orderId >= 0 && price >= 0 && quantity >= 0;
      expectSame(fill(makeBookDeltaBlock(0, 1), columns), isFitBesides);
    }),
    { numRuns: 20_000 },
  );
});

it('a trade is stored exactly where a run takes it', () => {
  const row = fc.record({ tsInit: COUNT, tsEvent: COUNT, price: COUNT, quantity: COUNT, aggressorSide: SMALL });
  fc.assert(
    fc.property(row, (columns) => {
      expectSame(fill(makeTradeBlock(0, 1), columns), Math.abs(columns.aggressorSide) <= 1);
    }),
    { numRuns: 20_000 },
  );
});
