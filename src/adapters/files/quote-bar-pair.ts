import { BLOCK_ROWS, makeQuoteBarBlock, type BarBlock, type QuoteBarBlock } from '../../model/blocks.ts';
import { instantText } from '../../model/instant.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import { openCsvBars, type OpenCsvOptions } from './csv-reader.ts';
import type { FileReader } from './file-reader.ts';
import { inputError } from './input-problem.ts';

/** Paths as in {@link OpenCsvOptions}: of each side one file, or several that follow each other in time. */
export interface OpenPairOptions extends Omit<OpenCsvOptions, 'path'> {
  readonly bidPath: string | readonly string[];
  readonly askPath: string | readonly string[];
}

/**
 * Joins files of bid bars and files of ask bars, which must have the same times, into one stream of quote bars.
 *
 * The volumes, if any, become the sizes. `format` (of kind `bars`) describes both.
 *
 * @throws InputError `STAMPS_DIFFER`, `LENGTHS_DIFFER`, and what each file alone may throw
 */
export class QuoteBarPairReader implements BlockReader<QuoteBarBlock> {
  readonly bid: FileReader<BarBlock>;
  readonly ask: FileReader<BarBlock>;
  readonly #block: QuoteBarBlock;
  readonly #options: OpenPairOptions;
  #rowsBefore = 0;

  constructor(options: OpenPairOptions) {
    const { bidPath, askPath, instrument, series = 0, rowsPerBlock = BLOCK_ROWS, shared = false } = options;
    if (options.onDefect === 'skip') {
      throw inputError('FORMAT_INVALID', {
        rule: 'Rows of a bid and ask pair cannot be skipped: the files would no longer match.',
        fix: 'Leave onDefect out.',
      });
    }
    this.bid = openCsvBars({ ...options, path: bidPath });
    this.ask = openCsvBars({ ...options, path: askPath });
    this.#block = makeQuoteBarBlock(instrument.index, series, rowsPerBlock, shared);
    this.#options = options;
  }

  get progress(): number {
    return this.ask.progress;
  }

  next(): QuoteBarBlock | null {
    const bid = this.bid.next();
    const ask = this.ask.next();
    const bidRows = bid?.length ?? 0;
    const askRows = ask?.length ?? 0;
    const block = this.#block;
    for (let r = 0; r < Math.min(bidRows, askRows); r += 1) {
      if (bid!.tsOpen[r] !== ask!.tsOpen[r]) this.#refuse('STAMPS_DIFFER', this.#rowsBefore + r, bid!.tsOpen[r]!, ask!.tsOpen[r]!);
    }
    if (bidRows !== askRows) this.#refuse('LENGTHS_DIFFER', this.#rowsBefore + Math.min(bidRows, askRows), 0, 0);
    if (bid === null || ask === null) return null;
    this.#rowsBefore += bidRows;
    copy(block.tsOpen, bid.tsOpen, bidRows);
    copy(block.tsEvent, bid.tsEvent, bidRows);
    copy(block.tsInit, bid.tsInit, bidRows);
    copy(block.bidOpen, bid.open, bidRows);
    copy(block.bidHigh, bid.high, bidRows);
    copy(block.bidLow, bid.low, bidRows);
    copy(block.bidClose, bid.close, bidRows);
    copy(block.bidSize, bid.volume, bidRows);
    copy(block.askOpen, ask.open, bidRows);
    copy(block.askHigh, ask.high, bidRows);
    copy(block.askLow, ask.low, bidRows);
    copy(block.askClose, ask.close, bidRows);
    copy(block.askSize, ask.volume, bidRows);
    block.length = bidRows;
    return block;
  }

  close(): void {
    this.bid.close();
    this.ask.close();
  }

  #refuse(code: 'STAMPS_DIFFER' | 'LENGTHS_DIFFER', row: number, bidTs: number, askTs: number): never {
    this.close();
    const bid = textOf(this.#options.bidPath);
    const ask = textOf(this.#options.askPath);
    throw inputError(code, {
      file: ask,
      rule:
        code === 'STAMPS_DIFFER'
          ? `Row ${row + 1} of asks opens at ${instantText(askTs)}, that of bids in ${bid} at ${instantText(bidTs)}.`
          : `One of ${bid} and ${ask} ends after ${row} rows, the other goes on.`,
    });
  }
}

function textOf(path: string | readonly string[]): string {
  return typeof path === 'string' ? path : path.join(', ');
}

function copy(to: Float64Array, from: Float64Array, rows: number): void {
  to.set(rows === from.length ? from : from.subarray(0, rows));
}
