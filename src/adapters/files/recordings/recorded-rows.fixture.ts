import type { BookDeltaBlock, QuoteBlock, TradeBlock } from '../../../model/blocks.ts';
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

/** All rows that a reader has, copied out of its borrowed block. */
export function deltasOf(reader: RecordingReader): readonly DeltaRow[] {
  return rowsOf(reader, (block, row) => {
    const { tsEvent, tsInit, action, side, price, quantity, orderId, flags } = block as BookDeltaBlock;
    return {
      tsEvent: tsEvent[row]!,
      tsInit: tsInit[row]!,
      action: action[row]!,
      side: side[row]!,
      price: price[row]!,
      quantity: quantity[row]!,
      orderId: orderId[row]!,
      flags: flags[row]!,
    };
  });
}

export function quotesOf(reader: RecordingReader): readonly QuoteRow[] {
  return rowsOf(reader, (block, row) => {
    const { tsEvent, tsInit, bidPrice, askPrice, bidSize, askSize } = block as QuoteBlock;
    return {
      tsEvent: tsEvent[row]!,
      tsInit: tsInit[row]!,
      bidPrice: bidPrice[row]!,
      askPrice: askPrice[row]!,
      bidSize: bidSize[row]!,
      askSize: askSize[row]!,
    };
  });
}

export function tradesOf(reader: RecordingReader): readonly TradeRow[] {
  return rowsOf(reader, (block, row) => {
    const { tsEvent, tsInit, price, quantity, aggressorSide } = block as TradeBlock;
    return {
      tsEvent: tsEvent[row]!,
      tsInit: tsInit[row]!,
      price: price[row]!,
      quantity: quantity[row]!,
      aggressorSide: aggressorSide[row]!,
    };
  });
}

function rowsOf<R>(
  reader: RecordingReader,
  rowOf: (block: NonNullable<ReturnType<RecordingReader['next']>>, row: number) => R,
): readonly R[] {
  const rows: R[] = [];
  for (let block = reader.next(); block !== null; block = reader.next()) {
    for (let row = 0; row < block.length; row += 1) rows.push(rowOf(block, row));
  }
  return rows;
}

/** Reads to the end and forgets what it reads. */
export function drain(reader: RecordingReader): number {
  let rows = 0;
  for (let block = reader.next(); block !== null; block = reader.next()) rows += block.length;
  return rows;
}

export const { BOOK_DELTAS, QUOTES, TRADES } = BlockKind;
