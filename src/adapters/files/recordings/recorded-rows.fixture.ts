import { BlockKind } from '../../../model/blocks.ts';
import type { RecordingReader } from './recording-reader.ts';

export interface DeltaRow {
  readonly tsEvent: number;
  readonly tsInit: number;
  readonly action: number;
  readonly side: number;
  readonly price: number;
  readonly quantity: number;
  readonly orderId: number;
  readonly flags: number;
}

export interface QuoteRow {
  readonly tsEvent: number;
  readonly tsInit: number;
  readonly bidPrice: number;
  readonly askPrice: number;
  readonly bidSize: number;
  readonly askSize: number;
}

export interface TradeRow {
  readonly tsEvent: number;
  readonly tsInit: number;
  readonly price: number;
  readonly quantity: number;
  readonly aggressorSide: number;
}

/** A row with the columns of its kind by name. */
export type Row = Readonly<Record<string, number>>;

/** All rows that a reader has, copied out of its borrowed block. */
export function rowsOf(reader: RecordingReader): Row[] {
  const rows: Row[] = [];
  for (let block = reader.next(); block !== null; block = reader.next()) {
    const columns = Object.entries(block).filter((entry): entry is [string, Float64Array | Int8Array] => ArrayBuffer.isView(entry[1]));
    for (let row = 0; row < block.length; row += 1) rows.push(Object.fromEntries(columns.map(([name, column]) => [name, column[row]!])));
  }
  return rows;
}

export function deltasOf(reader: RecordingReader): readonly DeltaRow[] {
  return rowsOf(reader) as unknown as readonly DeltaRow[];
}

export function quotesOf(reader: RecordingReader): readonly QuoteRow[] {
  return rowsOf(reader) as unknown as readonly QuoteRow[];
}

export function tradesOf(reader: RecordingReader): readonly TradeRow[] {
  return rowsOf(reader) as unknown as readonly TradeRow[];
}

/** Reads to the end and forgets what it reads. */
export function drain(reader: RecordingReader): number {
  let rows = 0;
  for (let block = reader.next(); block !== null; block = reader.next()) rows += block.length;
  return rows;
}

export const { BOOK_DELTAS, QUOTES, TRADES } = BlockKind;
