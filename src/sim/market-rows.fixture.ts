import type { BarBlock, BookDeltaBlock, MarketBlock, QuoteBlock, TradeBlock } from '../model/blocks.ts';
import type { BlockReader } from '../ports/block-reader.ts';

/** All rows that a reader has, copied out of its borrowed blocks, the columns that `pick` chooses. */
export function rowsOf<B extends MarketBlock>(reader: BlockReader<B>, pick: (block: B, row: number) => number[]): number[][] {
  const rows: number[][] = [];
  for (let block = reader.next(); block !== null; block = reader.next())
    for (let row = 0; row < block.length; row += 1) rows.push(pick(block, row));
  reader.close();
  return rows;
}

/** Every column; tsInit first and tsEvent last. */
export const delta = (b: BookDeltaBlock, r: number): number[] => [
  b.tsInit[r]!,
  b.action[r]!,
  b.side[r]!,
  b.price[r]!,
  b.quantity[r]!,
  b.orderId[r]!,
  b.flags[r]!,
  b.tsEvent[r]!,
];
export const trade = (b: TradeBlock, r: number): number[] => [
  b.tsInit[r]!,
  b.price[r]!,
  b.quantity[r]!,
  b.aggressorSide[r]!,
  b.tsEvent[r]!,
];
export const quote = (b: QuoteBlock, r: number): number[] => [
  b.tsInit[r]!,
  b.bidPrice[r]!,
  b.askPrice[r]!,
  b.bidSize[r]!,
  b.askSize[r]!,
  b.tsEvent[r]!,
];
/** tsOpen, tsInit, prices, volume: a bar's tsEvent is its close. */
export const bar = (b: BarBlock, r: number): number[] => [
  b.tsOpen[r]!,
  b.tsInit[r]!,
  b.open[r]!,
  b.high[r]!,
  b.low[r]!,
  b.close[r]!,
  b.volume[r]!,
];
