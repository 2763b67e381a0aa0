import { must } from './target.ts';
import { BLOCK_ROWS, type MarketBlock } from '../../src/model/blocks.ts';
import type { BlockReader } from '../../src/ports/block-reader.ts';

/** No input that is made here has so many rows. */
const ROWS_MAX = 5_000_000;
/** What a row may lack: the time or the quantity that its source did not give. */
const MAY_BE_ABSENT = new Set(['tsOpen']);

/** Reads a file to its end and looks at each value: a whole number that a double holds exactly. @returns rows */
export function drained(reader: BlockReader<MarketBlock>): number {
  let rows = 0;
  try {
    for (let block = reader.next(); block !== null; block = reader.next()) {
      must(block.length >= 1 && block.length <= BLOCK_ROWS, `a block of ${block.length} rows`);
      rows += block.length;
      must(rows < ROWS_MAX, 'the rows have no end');
      for (const [name, column] of Object.entries(block)) if (column instanceof Float64Array) lookAt(name, column, block.length);
    }
  } finally {
    reader.close();
  }
  return rows;
}

function lookAt(name: string, column: Float64Array, length: number): void {
  for (let row = 0; row < length; row += 1) {
    const value = column[row]!;
    must(Number.isSafeInteger(value) || (MAY_BE_ABSENT.has(name) && Number.isNaN(value)), `${name} of row ${row} is ${value}`);
    if (name === 'tsInit' && row > 0) must(value >= column[row - 1]!, 'times do not fall');
  }
}
