import type { FeedBlock } from './venue-feed.ts';
import type { BlockReader } from '../../ports/block-reader.ts';

/** Blocks of one stream that the venue was told of and has not read. */
class ToldStream implements BlockReader<FeedBlock> {
  private readonly blocks: FeedBlock[] = [];

  put(block: FeedBlock): void {
    this.blocks.push(block);
  }

  /** @returns null where there is nothing yet; there may be later */
  next(): FeedBlock | null {
    return this.blocks.shift() ?? null;
  }

  close(): void {
    this.blocks.length = 0;
  }
}

/** Where rows come as they happen and no recording lies there to be read: they wait here, by instrument and kind, until the venue plays them. */
export class ToldRows {
  private readonly streams = new Map<string, ToldStream>();

  /** @returns the stream of a block that is the first of it */
  put(block: FeedBlock): BlockReader<FeedBlock> | null {
    const name = `${block.instrument} ${block.kind}`;
    const known = this.streams.get(name);
    const stream = known ?? new ToldStream();
    stream.put(block);
    if (known !== undefined) return null;
    this.streams.set(name, stream);
    return stream;
  }
}
