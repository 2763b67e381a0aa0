import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlockKind, MarketBlock } from '../../model/blocks.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import type { ImportTarget } from './import-into.ts';
import { COLUMNS, columnsOf, makeBlock } from './layout.ts';

/** Rows for tests: one array of numbers per row, in the order of the kind's columns. */
export type Rows = readonly (readonly number[])[];

/** A reader over rows in memory; `closed` counts calls of close. */
export class RowsReader implements BlockReader {
  closed = 0;
  private readonly block: MarketBlock;
  private readonly rows: Rows;
  private at = 0;

  constructor(kind: BlockKind, rows: Rows, blockRows = 7) {
    this.block = makeBlock(kind, 0, 0, blockRows, false);
    this.rows = rows;
  }

  next(): MarketBlock | null {
    const columns = columnsOf(this.block);
    const length = Math.min(columns[0]!.length, this.rows.length - this.at);
    if (length <= 0) return null;
    for (let row = 0; row < length; row += 1) columns.forEach((column, index) => (column[row] = this.rows[this.at + row]![index]!));
    this.at += length;
    this.block.length = length;
    return this.block;
  }

  close(): void {
    this.closed += 1;
  }
}

/** Everything a reader gives, as rows. */
export function drain(reader: BlockReader): number[][] {
  const rows: number[][] = [];
  for (let block = reader.next(); block !== null; block = reader.next()) {
    const columns = columnsOf(block);
    for (let row = 0; row < block.length; row += 1) rows.push(columns.map((column) => column[row]!));
  }
  reader.close();
  return rows;
}

/** `count` valid rows of a kind with values that differ from column to column; tsInit is tsEvent + `delay`. */
export function sampleRows(kind: BlockKind, count: number, delay = 0): number[][] {
  return Array.from({ length: count }, (_, row) => {
    const ts = 1_700_000_000_000_000 + row * 60_000_000;
    return COLUMNS[kind].map(({ name }, at) => {
      if (name === 'tsEvent') return ts;
      if (name === 'tsInit') return ts + delay;
      if (name === 'tsOpen') return ts - 60_000_000;
      if (name === 'aggressorSide') return (row % 3) - 1;
      if (name === 'action') return row % 6;
      // A clearing and a gap have no side.
      if (name === 'side') return [0, -1, 1, -1, 1, 0][row % 6]!;
      if (name === 'flags') return row % 4;
      const low = 5_000_000_000_000 + row * 1000;
      if (/low$/i.test(name)) return low;
      if (/high$/i.test(name)) return low + 900;
      return low + 100 + at;
    });
  });
}

/** What a test stores its rows as. */
export function targetOf(kind: BlockKind, every: string | null, instrumentId = 'BTC-USDT.BINANCE'): ImportTarget {
  return {
    instrument: { id: instrumentId, priceDecimals: 2, quantityDecimals: 8, priceIncrement: 1, lotSize: 1 },
    kind,
    every,
    createdBy: 'test 1',
    provenance: { source: 'test', zone: 'UTC', stamp: every === null ? null : 'open', files: [], options: {} },
  };
}

/** Runs a test in a folder of its own, removed afterwards. */
export function inTempFolder<T>(act: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'quanthybrid-store-'));
  try {
    return act(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Paths of all files below a folder, relative, sorted, with their content. */
export function filesBelow(folder: string, prefix = ''): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) for (const [below, content] of filesBelow(path, `${prefix}${name}/`)) files.set(below, content);
    else files.set(`${prefix}${name}`, readFileSync(path));
  }
  return files;
}
