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
/** Ticks of a spell, in which the walk leans up or down in turn; in all it goes nowhere. */
const SPELL_ROWS = 65_536;
/** In so many of 256 ticks the step is one cent longer in the direction of the spell. */
const LEAN = 56;

/**
 * A seeded walk of trades, made as it is read, 1 to 1,999 microseconds apart, so that every time is another one and a fill's row is known by it.
 * Steps of −10 to +10 cents from 50,000.00, with a lean of 0.22 cents a step that changes its direction every 65,536 ticks: a crossover of EMA 100
 * and 500 then trades about 37 thousand times in 20 million ticks, as in the measurements that the gates come from.
 *
 * Source: G. Marsaglia, Xorshift RNGs, Journal of Statistical Software 8:14, 2003 (13, 17, 5)
 */
export class WalkReader implements BlockReader<TradeBlock> {
  private readonly block: TradeBlock;
  private readonly rows: number;
  private row = 0;
  private state = 123_456_789;
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
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      const direction = (Math.floor((this.row + row) / SPELL_ROWS) & 1) === 0 ? 1 : -1;
      const lean = ((state >>> 8) & 0xff) < LEAN ? direction : 0;
      price += Math.floor(((state >>> 0) * 21) / 4_294_967_296) - 10 + lean;
      ts += 1 + ((state & 0xffff) % 1999);
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
  importInto(openStore(root), new WalkReader(rows, 65_536), {
    instrument,
    kind: BlockKind.TRADES,
    every: null,
    provenance,
    createdBy: 'bench',
  });
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
