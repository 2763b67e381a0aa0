import { assert, unreachable } from '../../base/assert.ts';
import { BlockKind, type PricedBlock } from '../../model/blocks.ts';
import type { InstrumentIndex } from '../../model/instrument.ts';
import { checkAgo, copyColumn, copySides, RingPosition, type RowCursor } from './ring-position.ts';

/** The rows that are kept, oldest first. */
export interface HistoryState {
  readonly columns: readonly Float64Array[];
  /** Of executions: beside each row, the aggressor's side; else null. */
  readonly sides: Int8Array | null;
}

/**
 * The newest rows of one stream: what every history has behind its getters. Rows behind the cursor are looked at in place; only those that have
 * left it lie in the ring, whose storage is a block too, so that a getter reads the same column in both.
 *
 * `at(ago)` finds the block and `row` the row in it: `rings.at(ago).close[rings.row]`.
 */
export class HistoryRing<B extends PricedBlock> {
  row = 0;
  private readonly cursor: RowCursor;
  private readonly position: RingPosition;
  private readonly ring: B;
  private readonly columns: readonly Float64Array[];
  /** The columns of the block that rows last came from, in the same order; blocks are reused, so they are looked up once. */
  private source: B;
  private sourceColumns: readonly Float64Array[];
  /**
   * Rows behind the cursor that went by before the history was made. How many they are is a matter of how rows are handed over, not of the
   * market, so they do not belong to it.
   */
  private skipped: number;

  /**
   * @param ring a block of as many rows as are kept, of the stream's kind and instrument or series
   * @param begins `withRow`: with the row in hand, made because a handler asked; `withCursor`: with every row that has not left the cursor
   */
  constructor(cursor: RowCursor, ring: B, begins: 'withRow' | 'withCursor') {
    this.cursor = cursor;
    this.ring = ring;
    this.position = new RingPosition(ring.tsInit.length);
    this.columns = columnsOf(ring);
    this.source = ring;
    this.sourceColumns = this.columns;
    this.skipped = begins === 'withRow' && this.isLive() ? Math.max(0, cursor.cursorRow - cursor.cursorFrom) : 0;
  }

  get instrument(): InstrumentIndex {
    return this.ring.instrument;
  }

  get rowsMax(): number {
    return this.position.capacity;
  }

  get length(): number {
    return Math.min(this.position.capacity, this.position.count + this.pendingRows());
  }

  at(ago: number): B {
    const pending = this.pendingRows();
    checkAgo(ago, Math.min(this.position.capacity, this.position.count + pending));
    if (ago < pending) {
      this.row = this.cursor.cursorRow - ago;
      return this.cursor.cursorBlock as B;
    }
    this.row = this.position.slot(ago - pending);
    return this.ring;
  }

  /** Takes rows [fromRow, to) in: they leave the cursor. */
  append(block: B, fromRow: number, to: number): void {
    const { position, columns } = this;
    const { capacity } = position;
    const from = Math.max(fromRow + this.skipped, to - capacity);
    this.skipped = 0;
    const at = position.next;
    if (block !== this.source) {
      this.source = block;
      this.sourceColumns = columnsOf(block);
    }
    for (let index = 0; index < columns.length; index += 1) {
      copyColumn(this.sourceColumns[index]!, from, to, columns[index]!, at, capacity);
    }
    if (block.kind === BlockKind.TRADES && this.ring.kind === BlockKind.TRADES)
      copySides(block.aggressorSide, from, to, this.ring.aggressorSide, at, capacity);
    position.advance(to - from);
  }

  saveState(): HistoryState {
    assert(this.pendingRows() === 0 && this.skipped === 0, 'state is saved when all rows have left the cursor');
    const { count } = this.position;
    const slots = Array.from({ length: count }, (_, row) => this.position.slot(count - 1 - row));
    return {
      columns: this.columns.map((column) => Float64Array.from(slots, (slot) => column[slot]!)),
      sides: this.ring.kind === BlockKind.TRADES ? sidesAt(this.ring.aggressorSide, slots) : null,
    };
  }

  /** Of a history of the same kind that keeps as many rows. */
  loadState({ columns, sides }: HistoryState): void {
    columns.forEach((column, at) => this.columns[at]!.set(column));
    if (this.ring.kind === BlockKind.TRADES && sides !== null) this.ring.aggressorSide.set(sides);
    this.position.reset(columns[0]!.length);
    this.source = this.ring;
    this.sourceColumns = this.columns;
    this.skipped = 0;
  }

  /** Rows of this stream are in hand. */
  private isLive(): boolean {
    const { ring } = this;
    const block = this.cursor.cursorBlock;
    if (block === null || block.kind !== ring.kind || block.instrument !== ring.instrument) return false;
    return !('series' in block) || block.series === (ring as typeof block).series;
  }

  private pendingRows(): number {
    return this.isLive() ? Math.max(0, this.cursor.cursorRow - this.cursor.cursorFrom + 1 - this.skipped) : 0;
  }
}

function sidesAt(sides: Int8Array, slots: readonly number[]): Int8Array {
  return Int8Array.from(slots, (slot) => sides[slot]!);
}

function columnsOf(block: PricedBlock): readonly Float64Array[] {
  const { tsEvent, tsInit } = block;
  switch (block.kind) {
    case BlockKind.TRADES:
      return [tsEvent, tsInit, block.price, block.quantity];
    case BlockKind.QUOTES:
      return [tsEvent, tsInit, block.bidPrice, block.askPrice, block.bidSize, block.askSize];
    case BlockKind.BARS:
      return [tsEvent, tsInit, block.tsOpen, block.open, block.high, block.low, block.close, block.volume];
    case BlockKind.QUOTE_BARS: {
      const { tsOpen, bidOpen, bidHigh, bidLow, bidClose, askOpen, askHigh, askLow, askClose, bidSize, askSize } = block;
      return [tsEvent, tsInit, tsOpen, bidOpen, bidHigh, bidLow, bidClose, askOpen, askHigh, askLow, askClose, bidSize, askSize];
    }
    default:
      return unreachable(block);
  }
}
