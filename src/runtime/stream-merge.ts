import { assert } from '../base/assert.ts';
import { lowerBound, upperBound } from '../base/sorted-search.ts';
import type { MarketBlock } from '../model/blocks.ts';
import type { BlockReader } from '../ports/block-reader.ts';

interface Stream {
  readonly reader: BlockReader;
  block: MarketBlock | null;
  row: number;
}

/**
 * Joins recorded streams into the one total order of inputs: (tsInit, kind, stream, row). Blocks are never copied: the merge says which
 * stream comes next and up to which row it may go before another's turn.
 *
 * Streams are few (tens to hundreds), so finding the next is a walk over their heads.
 */
export class StreamMerge {
  /** The stream whose turn it is: its block and the rows [row, rowEnd) that come before any other stream's head. Null at the end. */
  block: MarketBlock | null = null;
  row = 0;
  rowEnd = 0;
  /** When the next input was known; Infinity at the end. */
  tsNext = Number.POSITIVE_INFINITY;
  private readonly streams: Stream[];
  private current = -1;

  constructor(readers: readonly BlockReader[]) {
    this.streams = readers.map((reader) => ({ reader, block: null, row: 0 }));
    for (const stream of this.streams) load(stream);
    this.choose();
  }

  /** The rows before `row` are done. Chooses again when the turn is over. */
  advanceTo(row: number): void {
    const stream = this.streams[this.current];
    if (stream === undefined || row <= this.row || row > this.rowEnd) assert(false, 'a stream advances within its turn');
    stream.row = row;
    this.row = row;
    if (row < this.rowEnd) {
      this.tsNext = this.block!.tsInit[row]!;
      return;
    }
    if (stream.block !== null && row >= stream.block.length) load(stream);
    this.choose();
  }

  close(): void {
    for (const stream of this.streams) stream.reader.close();
  }

  private choose(): void {
    let best = -1;
    let second = -1;
    for (let index = 0; index < this.streams.length; index += 1) {
      if (this.streams[index]!.block === null) continue;
      if (best < 0 || this.comesBefore(index, best)) {
        second = best;
        best = index;
      } else if (second < 0 || this.comesBefore(index, second)) {
        second = index;
      }
    }
    this.current = best;
    const stream = this.streams[best];
    if (stream === undefined || stream.block === null) {
      this.block = null;
      this.row = 0;
      this.rowEnd = 0;
      this.tsNext = Number.POSITIVE_INFINITY;
      return;
    }
    this.block = stream.block;
    this.row = stream.row;
    this.rowEnd = this.turnEnd(best, second);
    this.tsNext = stream.block.tsInit[stream.row]!;
  }

  /** First row of `best` that comes after the head of `second`, the next in line. */
  private turnEnd(best: number, second: number): number {
    const { block, row } = this.streams[best]!;
    assert(block !== null, 'a chosen stream has rows');
    const other = this.streams[second];
    if (other === undefined || other.block === null) return block.length;
    const tsOther = other.block.tsInit[other.row]!;
    const winsTie = block.kind !== other.block.kind ? block.kind < other.block.kind : best < second;
    return winsTie ? upperBound(block.tsInit, row, block.length, tsOther) : lowerBound(block.tsInit, row, block.length, tsOther);
  }

  private comesBefore(a: number, b: number): boolean {
    const streamA = this.streams[a]!;
    const streamB = this.streams[b]!;
    const tsA = streamA.block!.tsInit[streamA.row]!;
    const tsB = streamB.block!.tsInit[streamB.row]!;
    if (tsA !== tsB) return tsA < tsB;
    const kindA = streamA.block!.kind;
    const kindB = streamB.block!.kind;
    return kindA === kindB ? a < b : kindA < kindB;
  }
}

function load(stream: Stream): void {
  let block = stream.reader.next();
  while (block !== null && block.length === 0) block = stream.reader.next();
  stream.block = block;
  stream.row = 0;
}
