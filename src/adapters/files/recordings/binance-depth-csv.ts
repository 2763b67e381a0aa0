import { BinanceFuturesSequence } from '../../../book/binance-futures-sequence.ts';
import { DepthVerdict, NO_BOOK } from '../../../book/depth-sequence.ts';
import { BookFlag, BookSide } from '../../../model/book-delta.ts';
import { BlockKind } from '../../../model/blocks.ts';
import { inputError } from '../input-problem.ts';
import { type OpenRecordingOptions, type RecordDecoder, RecordingReader, requireKind } from './recording-reader.ts';
import type { RowBuffer } from './row-buffer.ts';
import { PRICE_TWICE, SidePrices } from './side-prices.ts';
import { TableChoice } from './table-choice.ts';
import { TableScanner, textsOf, wordBytes } from './table-scanner.ts';

const COLUMNS = ['symbol', 'timestamp', 'first_update_id', 'last_update_id', 'side', 'update_type', 'price', 'qty', 'pu'] as const;
const [SYMBOL, TIMESTAMP, FIRST_ID, LAST_ID, SIDE, UPDATE_TYPE, PRICE, QTY, PREVIOUS_ID] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;
const SIDES = wordBytes('a', 'b');
const UPDATE_TYPES = wordBytes('snap', 'set');
const SNAP = 0;

/**
 * Opens CSV files of Binance's historical order books of futures: a file of snapshots, then those of updates, in the order of their ids.
 *
 * Which updates belong on which snapshot is the rule of the streams ({@link BinanceFuturesSequence}). Where it tells a gap, what follows is left
 * out, and counted as filtered, until the next snapshot; so is a snapshot that is older than the book, or than the update that told the gap.
 *
 * @throws InputError `KIND_UNSUPPORTED` here for other kinds than book deltas; the rest from `next()`
 * Source: https://github.com/binance/binance-public-data/tree/master/Futures_Order_Book_Download (columns)
 */
export function openBinanceDepthCsv(options: OpenRecordingOptions): RecordingReader {
  requireKind(options, [BlockKind.BOOK_DELTAS], 'Depth files of Binance hold book-deltas only.', 'Ask for book-deltas.');
  const table = new TableScanner(textsOf(options.path, options.member), options.instrument);
  return new RecordingReader(table, new BinanceDepthDecoder(table, options), options);
}

class BinanceDepthDecoder implements RecordDecoder {
  private readonly table: TableScanner;
  private readonly symbol: TableChoice;
  private readonly priceDecimals: number;
  private readonly quantityDecimals: number;
  private isPending = false;
  private readonly sequence = new BinanceFuturesSequence();
  private hasBegun = false;
  private readonly snapshotPrices = new SidePrices();

  constructor(table: TableScanner, { symbol, instrument }: OpenRecordingOptions) {
    this.table = table;
    this.symbol = new TableChoice('symbol', symbol);
    this.priceDecimals = instrument.priceDecimals;
    this.quantityDecimals = instrument.quantityDecimals;
  }

  /** A record is the rows of one snapshot or update: those with the same ids. */
  decode(rows: RowBuffer): boolean {
    const table = this.table;
    while (!this.nextRow(rows)) {
      if (!table.startFile()) {
        this.symbol.finish(table.file);
        return false;
      }
      this.readHeader();
    }
    table.beginRecord();
    const firstId = table.count(FIRST_ID, 0);
    const lastId = table.count(LAST_ID, 0);
    const type = this.updateType();
    const ts = table.time(TIMESTAMP, 3);
    const previousId = type === SNAP ? NO_BOOK : table.count(PREVIOUS_ID, 0);
    rows.startEvent({ tsEvent: ts, tsInit: ts });
    const isApplied = type === SNAP ? this.takeSnapshot(rows, lastId) : this.takeUpdate(rows, firstId, lastId, previousId);
    const flags = type === SNAP ? BookFlag.SNAPSHOT : 0;
    this.snapshotPrices.clear();
    do {
      if (table.count(FIRST_ID, 0) !== firstId || table.count(LAST_ID, 0) !== lastId || this.updateType() !== type) {
        this.isPending = true;
        break;
      }
      this.refuseOtherEvent(ts, previousId);
      const side = this.side();
      const price = table.positive(PRICE, this.priceDecimals);
      const quantity = type === SNAP ? table.positive(QTY, this.quantityDecimals) : table.count(QTY, this.quantityDecimals);
      if (type === SNAP && !this.snapshotPrices.add(side, price)) throw table.problem('RECORD_DAMAGED', PRICE, PRICE_TWICE);
      if (isApplied) rows.addLevel(side, price, quantity, flags);
      else rows.countFiltered();
    } while (this.nextRow(rows));
    if (isApplied) rows.endEvent();
    return true;
  }

  /** Whether the snapshot becomes the book. */
  private takeSnapshot(rows: RowBuffer, lastId: number): boolean {
    if (this.sequence.onSnapshot(lastId) !== DepthVerdict.APPLY) return false;
    this.hasBegun = true;
    rows.addClear(BookFlag.SNAPSHOT);
    return true;
  }

  /** Whether the update belongs to the book as it stands. Adds the gap where one opens. */
  private takeUpdate(rows: RowBuffer, firstId: number, lastId: number, previousId: number): boolean {
    const { table, sequence } = this;
    if (lastId < firstId || previousId >= firstId) {
      const rule = 'The ids of an update rise from pu over first_update_id to last_update_id.';
      throw table.problem('RECORD_DAMAGED', lastId < firstId ? LAST_ID : PREVIOUS_ID, rule);
    }
    if (!this.hasBegun) {
      throw inputError('BOOK_SNAPSHOT_MISSING', { ...table.place, column: 'update_type', value: table.text(UPDATE_TYPE) });
    }
    // Nothing waits for the next snapshot: what follows it stands behind it.
    if (sequence.bookId === NO_BOOK) return false;
    const verdict = sequence.onDiff(firstId, lastId, previousId, 0);
    if (verdict === DepthVerdict.GAP) rows.addGap();
    return verdict === DepthVerdict.APPLY;
  }

  private refuseOtherEvent(ts: number, previousId: number): void {
    const table = this.table;
    if (table.time(TIMESTAMP, 3) !== ts) {
      throw table.problem('RECORD_DAMAGED', TIMESTAMP, 'Rows with the same ids are of one event, and this one has another time.');
    }
    if (previousId !== NO_BOOK && table.count(PREVIOUS_ID, 0) !== previousId) {
      throw table.problem('RECORD_DAMAGED', PREVIOUS_ID, 'Rows with the same ids are of one event, and this one has another pu.');
    }
  }

  private readHeader(): void {
    const names = this.table.readHeader();
    if (names.join(',') === COLUMNS.join(',')) return;
    throw inputError('RECORD_UNKNOWN', {
      file: this.table.file,
      line: this.table.line,
      value: names.join(','),
      rule: `A depth file of Binance has the columns ${COLUMNS.join(',')}; without pu nobody can tell whether updates are missing.`,
    });
  }

  /** Splits the next row of the wanted symbol; false at the end of the file, and before the first. */
  private nextRow(rows: RowBuffer): boolean {
    if (this.isPending) {
      this.isPending = false;
      return true;
    }
    while (this.table.nextRow(COLUMNS.length)) {
      if (this.symbol.isChosen(this.table, SYMBOL)) return true;
      rows.countFiltered();
    }
    return false;
  }

  private updateType(): number {
    const type = this.table.wordOf(UPDATE_TYPE, UPDATE_TYPES);
    if (type >= 0) return type;
    throw this.table.problem('RECORD_UNKNOWN', UPDATE_TYPE, 'Of depth files the update types snap and set are read.');
  }

  private side(): BookSide {
    const side = this.table.wordOf(SIDE, SIDES);
    if (side >= 0) return side === 1 ? BookSide.BID : BookSide.ASK;
    throw this.table.problem('SIDE_UNKNOWN', SIDE, 'The side of a level is a (ask) or b (bid).', 'Repair the row, or take it out.');
  }
}
