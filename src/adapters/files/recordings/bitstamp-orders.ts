import { BookAction, BookFlag } from '../../../model/book-delta.ts';
import { BlockKind } from '../../../model/blocks.ts';
import { BitstampLog, BitstampAction } from './bitstamp-log.ts';
import {
  type OpenRecordingOptions,
  type RecordDecoder,
  RecordingReader,
  type RecordPlace,
  type RecordSource,
  requireKind,
} from './recording-reader.ts';
import type { RowBuffer } from './row-buffer.ts';

/**
 * Opens a log of Bitstamp's orders, each created, changed and deleted, as book deltas order by order.
 *
 * The log begins in the middle: the book starts empty, and orders that were there before are never known. Trades are not in it, and none are
 * inferred.
 *
 * @throws InputError `KIND_UNSUPPORTED` here for other kinds than book deltas; the rest from `next()`
 * Source: https://github.com/phil8192/ob-analytics (the recorder, and its loader R/event-processing.R)
 */
export function openBitstampOrders(options: OpenRecordingOptions): RecordingReader {
  const rule = 'The log has orders only: which of them met in a trade would have to be guessed.';
  requireKind(options, [BlockKind.BOOK_DELTAS], rule, 'Ask for book-deltas.');
  const recording = new BitstampRecording(options);
  return new RecordingReader(recording, recording, options);
}

class BitstampRecording implements RecordSource, RecordDecoder {
  private readonly options: OpenRecordingOptions;
  /** What is left of the orders in the book. */
  private readonly leaves = new Map<number, number>();
  private log: BitstampLog | null = null;
  private next = 0;

  constructor(options: OpenRecordingOptions) {
    this.options = options;
  }

  get progress(): number {
    return this.log === null ? 0 : this.next / this.log.length;
  }

  get place(): RecordPlace {
    return this.log === null || this.next === 0 ? { file: '' } : this.log.placeOf(this.next - 1);
  }

  close(): void {
    this.leaves.clear();
  }

  decode(rows: RowBuffer): boolean {
    const { instrument, path, member } = this.options;
    const log = this.log ?? new BitstampLog(path, member, instrument.priceDecimals, instrument.quantityDecimals);
    this.log = log;
    const row = this.next;
    if (row >= log.length) return false;
    this.next = row + 1;
    const tsInit = log.tsInit(row);
    const event = log.event(row);
    const id = log.id(row);
    const quantity = log.quantity(row);
    // The time of the venue is that of the order's creation: when it changed or went the venue does not say.
    const tsEvent = event === BitstampAction.CREATED ? log.createdTs(row) : tsInit;
    rows.startEvent({ tsEvent, tsInit });
    if (row === 0) rows.addClear(BookFlag.SNAPSHOT);
    if (event === BitstampAction.CREATED) {
      this.leaves.set(id, quantity);
      rows.addOrder(BookAction.ADD, log.side(row), log.price(row), quantity, id, BookFlag.LAST);
    } else if (event === BitstampAction.CHANGED) {
      if (this.leaves.has(id)) this.leaves.set(id, quantity);
      rows.addOrder(BookAction.MODIFY, log.side(row), log.price(row), quantity, id, BookFlag.LAST);
    } else {
      // A filled order is deleted with volume 0, a canceled one with what was left: either way all of it goes.
      const leaves = this.leaves.get(id) ?? quantity;
      this.leaves.delete(id);
      rows.addOrder(BookAction.REDUCE, log.side(row), log.price(row), leaves, id, BookFlag.LAST);
    }
    return true;
  }
}
