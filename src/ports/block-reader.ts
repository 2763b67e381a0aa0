import type { MarketBlock } from '../model/blocks.ts';

/**
 * A recorded stream of one kind, for one instrument, in order of `tsInit`. Reading is synchronous: a backtest never awaits.
 *
 * @typeParam B the kind of block it yields
 */
export interface BlockReader<B extends MarketBlock = MarketBlock> {
  /** The next rows, or null at the end. The block (and its arrays) is the same object every time: what it held before is gone. */
  next(): B | null;
  close(): void;
}
