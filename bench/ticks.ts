import { importInto } from '../src/adapters/store/import-into.ts';
import { openTrades } from '../src/adapters/store/open-data-set.ts';
import { findDataSet, openStore, type StoredDataSet } from '../src/adapters/store/store.ts';
import { BLOCK_ROWS, BlockKind, makeTradeBlock, type TradeBlock } from '../src/model/blocks.ts';
import type { BlockReader } from '../src/ports/block-reader.ts';

/** The instrument of all tick rows: prices in cents, quantities in thousandths. */
export const TICK_INSTRUMENT_ID = 'BTC-USD.SIM';
const KEY = { instrumentId: TICK_INSTRUMENT_ID, kind: BlockKind.TRADES, every: null };
const FIRST_TS = 1_700_000_000_000_000;
const PRICE_FIRST = 5_000_000;
const PRICE_MIN = 100_000;

/**
 * A seeded walk of trades, made as it is read: steps of −10 to +10 cents from 50,000.00, 1 to 1,999 microseconds apart, so that every time is
 * another one and a fill's row is known by it. Linear congruential generator modulo 2^32 with the constants of Numerical Recipes.
 */
export class WalkReader implements BlockReader<TradeBlock> {
  private readonly block: TradeBlock;
  private readonly rows: number;
  private row = 0;
  private state = 12_345;
  private ts = FIRST_TS;
  private price = PRICE_FIRST;

  constructor(rows: number, blockRows = BLOCK_ROWS) {
    this.rows = rows;
    this.block = makeTradeBlock(0, blockRows);
  }

  next(): TradeBlock | null {
    const { block } = this;
    const length = Math.min(block.tsEvent.length, this.rows - this.row);
    if (length <= 0) return null;
    let { state, ts, price } = this;
    for (let row = 0; row < length; row += 1) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
      price = Math.max(PRICE_MIN, price + ((state >>> 24) % 21) - 10);
      ts += 1 + ((state >>> 8) & 0xffff) % 1999;
      block.tsEvent[row] = ts;
      block.tsInit[row] = ts;
      block.price[row] = price;
      block.quantity[row] = 1 + (state >>> 28);
      block.aggressorSide[row] = (state & 0x80_0000) === 0 ? -1 : 1;
    }
    this.state = state;
    this.ts = ts;
    this.price = price;
    this.row += length;
    block.length = length;
    return block;
  }

  close(): void {}
}

/** Writes the walk into a store, the way every import does. */
export function storeTicks(root: string, rows: number): void {
  const instrument = { id: TICK_INSTRUMENT_ID, priceDecimals: 2, quantityDecimals: 3, priceIncrement: 1, lotSize: 1 };
  const provenance = { source: 'generated', zone: null, stamp: null, files: [], options: { walk: 'bench/ticks.ts' } };
  importInto(openStore(root), new WalkReader(rows, 65_536), { instrument, kind: BlockKind.TRADES, every: null, provenance, createdBy: 'bench' });
}

export function storedTicks(root: string): StoredDataSet {
  return findDataSet(openStore(root), KEY);
}

/** The first rows of the stored ticks in one block, in memory. */
export function ticksInMemory(root: string, rows: number): TradeBlock {
  const reader = openTrades(storedTicks(root), { instrument: 0, verifyChecksums: false, blockRows: rows });
  const block = reader.next();
  reader.close();
  if (block === null || block.length !== rows) throw new Error(`the store under ${root} holds fewer than ${rows} ticks`);
  return block;
}

/** Hands out the first rows of a block that is in memory, once. */
export function readerOver(block: TradeBlock, rows: number): BlockReader<TradeBlock> {
  let isDone = false;
  return {
    next: () => {
      if (isDone) return null;
      isDone = true;
      block.length = rows;
      return block;
    },
    close: () => {},
  };
}
