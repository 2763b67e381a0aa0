import type { BookDeltaBlock, QuoteBlock, TradeBlock } from '../../../model/blocks.ts';
import { BlockKind } from '../../../model/blocks.ts';
import { testInstrument } from '../../../../test/files-kit.ts';
import { openDbn } from './dbn-reader.ts';
import type { OpenRecordingOptions } from './recording-reader.ts';

type More = Partial<OpenRecordingOptions>;
type Path = string | readonly string[];

/** Rows as lists: tsEvent, tsInit, then the columns of the kind in the order of their names in the block. */
function rowsOf(path: Path, kind: OpenRecordingOptions['kind'], more: More): number[][] {
  const reader = openDbn({ path, kind, instrument: testInstrument(2), ...more });
  const rows: number[][] = [];
  for (let block = reader.next(); block !== null; block = reader.next()) {
    const columns = columnsOf(block);
    for (let row = 0; row < block.length; row += 1) rows.push(columns.map((column) => column[row]!));
  }
  return rows;
}

function columnsOf(block: BookDeltaBlock | TradeBlock | QuoteBlock): readonly ArrayLike<number>[] {
  const { tsEvent, tsInit } = block;
  switch (block.kind) {
    case BlockKind.BOOK_DELTAS:
      return [tsEvent, tsInit, block.action, block.side, block.price, block.quantity, block.orderId, block.flags];
    case BlockKind.TRADES:
      return [tsEvent, tsInit, block.price, block.quantity, block.aggressorSide];
    default:
      return [tsEvent, tsInit, block.bidPrice, block.askPrice, block.bidSize, block.askSize];
  }
}

export const deltasOf = (path: Path, more: More = {}): number[][] => rowsOf(path, BlockKind.BOOK_DELTAS, more);
export const tradesOf = (path: Path, more: More = {}): number[][] => rowsOf(path, BlockKind.TRADES, more);
export const quotesOf = (path: Path, more: More = {}): number[][] => rowsOf(path, BlockKind.QUOTES, more);
