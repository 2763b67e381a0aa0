import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StreamMerge } from './stream-merge.ts';
import { BlockKind, makeBarBlock, makeQuoteBlock, makeTradeBlock, type MarketBlock } from '../model/blocks.ts';
import type { BlockReader } from '../ports/block-reader.ts';

interface Row {
  readonly ts: number;
  readonly kind: number;
  readonly stream: number;
  readonly row: number;
}

function readerOf(kind: number, times: readonly number[], rowsPerBlock: number): BlockReader {
  const block: MarketBlock =
    kind === BlockKind.TRADES
      ? makeTradeBlock(0, rowsPerBlock)
      : kind === BlockKind.QUOTES
        ? makeQuoteBlock(0, rowsPerBlock)
        : makeBarBlock(0, 0, rowsPerBlock);
  let next = 0;
  return {
    next() {
      if (next >= times.length) return null;
      block.length = Math.min(rowsPerBlock, times.length - next);
      for (let row = 0; row < block.length; row += 1) {
        block.tsInit[row] = times[next + row]!;
        block.tsEvent[row] = next + row; // the row's number in its stream, so that the test can name it
      }
      next += block.length;
      return block;
    },
    close() {},
  };
}

/** The slow twin: every row of every stream, sorted by the documented key. */
function sorted(streams: readonly { readonly kind: number; readonly times: readonly number[] }[]): Row[] {
  const rows = streams.flatMap(({ kind, times }, stream) => times.map((ts, row) => ({ ts, kind, stream, row })));
  return rows.sort((a, b) => a.ts - b.ts || a.kind - b.kind || a.stream - b.stream || a.row - b.row);
}

describe('StreamMerge', () => {
  it('hands out rows in the total order (tsInit, kind, stream, row), whatever the streams and block sizes', () => {
    const stream = fc.record({
      kind: fc.constantFrom<number>(BlockKind.QUOTES, BlockKind.TRADES, BlockKind.BARS),
      times: fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 20 }).map((times) => times.sort((a, b) => a - b)),
      rowsPerBlock: fc.integer({ min: 1, max: 7 }),
    });
    fc.assert(
      fc.property(fc.array(stream, { maxLength: 6 }), fc.integer({ min: 1, max: 5 }), (streams, stride) => {
        const merge = new StreamMerge(streams.map(({ kind, times, rowsPerBlock }) => readerOf(kind, times, rowsPerBlock)));
        const seen: string[] = [];
        while (merge.block !== null) {
          const end = Math.min(merge.rowEnd, merge.row + stride);
          for (let row = merge.row; row < end; row += 1)
            seen.push(`${merge.block.tsInit[row]}/${merge.block.kind}/${merge.block.tsEvent[row]}`);
          merge.advanceTo(end);
        }
        expect(seen).toEqual(sorted(streams).map(({ ts, kind, row }) => `${ts}/${kind}/${row}`));
      }),
    );
  });
});
