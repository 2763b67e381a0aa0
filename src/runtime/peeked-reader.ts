import type { MarketBlock } from '../model/blocks.ts';
import { BlockKind } from '../model/blocks.ts';
import type { BlockReader } from '../ports/block-reader.ts';

/** Hands out a reader's blocks unchanged, but has looked at the first: when the data begins is known before the run does. */
export class PeekedReader implements BlockReader {
  /** Start of the first row (of a bar: its opening), microseconds since the epoch; Infinity without any. */
  readonly firstTs: number;
  /** Of the first block; −1 without any. */
  readonly instrument: number;
  private readonly reader: BlockReader;
  private first: MarketBlock | null;

  constructor(reader: BlockReader) {
    this.reader = reader;
    this.first = reader.next();
    this.instrument = this.first === null ? -1 : this.first.instrument;
    this.firstTs = this.first === null ? Number.POSITIVE_INFINITY : startOf(this.first);
  }

  next(): MarketBlock | null {
    const { first } = this;
    if (first === null) return this.reader.next();
    this.first = null;
    return first;
  }

  close(): void {
    this.reader.close();
  }
}

function startOf(block: MarketBlock): number {
  return block.kind === BlockKind.BARS || block.kind === BlockKind.QUOTE_BARS ? block.tsOpen[0]! : block.tsInit[0]!;
}
