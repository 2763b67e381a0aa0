import { unreachable } from '../../../base/assert.ts';
import { BookFlag, BookSide } from '../../../model/book-delta.ts';
import { BlockKind, kindName } from '../../../model/blocks.ts';
import type { Price } from '../../../model/instrument.ts';
import { inputError } from '../input-problem.ts';
import { type OpenRecordingOptions, type RecordDecoder, RecordingReader } from './recording-reader.ts';
import type { RecordedKind, RowBuffer } from './row-buffer.ts';
import { PRICE_TWICE, SidePrices } from './side-prices.ts';
import { TableChoice } from './table-choice.ts';
import { type TardisColumns, tardisColumns } from './tardis-columns.ts';
import { TableScanner, textsOf, wordBytes } from './table-scanner.ts';

const BOOLEANS = wordBytes('false', 'true');
const BOOK_SIDES = wordBytes('ask', 'bid');
const TRADE_SIDES = wordBytes('sell', 'unknown', 'buy');
/** No time is equal to it. */
const NO_TIME = -1;

/**
 * Opens CSV files of Tardis: incremental_book_L2 and book_snapshot_N as book deltas, trades, quotes and book_ticker as quotes. The header tells
 * which; files in a list are of one kind.
 *
 * @throws InputError from `next()`, with file, line and column
 * Source: https://docs.tardis.dev/downloadable-csv-files/data-types and https://docs.tardis.dev/faq/data (how a book is rebuilt)
 */
export function openTardis(options: OpenRecordingOptions): RecordingReader {
  const table = new TableScanner(textsOf(options.path, options.member), options.instrument);
  return new RecordingReader(table, new TardisDecoder(table, options), options);
}

class TardisDecoder implements RecordDecoder {
  private readonly table: TableScanner;
  private readonly symbol: TableChoice;
  /** Two venues may call different books by one symbol. */
  private readonly venue = new TableChoice('exchange', undefined);
  private readonly kind: RecordedKind;
  private readonly priceDecimals: number;
  private readonly quantityDecimals: number;
  private columns: TardisColumns | null = null;
  /** A row that has been split and belongs to the next record. */
  private isPending = false;
  private wasSnapshot = false;
  /** Of an incremental file: no row of a snapshot has come yet. */
  private isBeforeSnapshot = true;
  private readonly snapshotPrices = new SidePrices();
  /** Line of the first change that came before a snapshot; 0 for none. */
  private earlyLine = 0;

  constructor(table: TableScanner, { symbol, kind, instrument }: OpenRecordingOptions) {
    this.table = table;
    this.symbol = new TableChoice('symbol', symbol);
    this.kind = kind;
    this.priceDecimals = instrument.priceDecimals;
    this.quantityDecimals = instrument.quantityDecimals;
  }

  decode(rows: RowBuffer): boolean {
    while (!this.nextRow(rows)) {
      this.finishFile();
      if (!this.startFile()) return false;
    }
    const columns = this.columns!;
    this.table.beginRecord();
    switch (columns.type) {
      case 'incremental_book_L2':
        this.message(rows, columns);
        break;
      case 'book_snapshot':
        this.snapshot(rows, columns);
        break;
      case 'trades':
        this.trade(rows, columns);
        break;
      case 'quotes':
        this.quote(rows, columns);
        break;
      default:
        return unreachable(columns);
    }
    return true;
  }

  private startFile(): boolean {
    if (!this.table.startFile()) {
      this.symbol.finish(this.table.file);
      return false;
    }
    const columns = tardisColumns(this.table);
    const kind = KIND_OF[columns.type];
    if (kind !== this.kind) {
      throw inputError('KIND_UNSUPPORTED', {
        file: this.table.file,
        line: this.table.line,
        value: columns.type,
        rule: `Tardis files of this data type hold ${kindName(kind)}, not ${kindName(this.kind)}.`,
        fix: `Ask for ${kindName(kind)}, or give a file of another data type.`,
      });
    }
    this.columns = columns;
    // Each file begins with a snapshot of its own: that of the day before ends with its file.
    this.wasSnapshot = false;
    this.isBeforeSnapshot = true;
    this.earlyLine = 0;
    return true;
  }

  private finishFile(): void {
    if (this.columns?.type !== 'incremental_book_L2' || !this.isBeforeSnapshot || this.earlyLine === 0) return;
    throw inputError('BOOK_SNAPSHOT_MISSING', { file: this.table.file, line: this.earlyLine, column: 'is_snapshot' });
  }

  /** Splits the next row of the wanted symbol; false at the end of the file. */
  private nextRow(rows: RowBuffer): boolean {
    const columns = this.columns;
    if (columns === null) return false;
    if (this.isPending) {
      this.isPending = false;
      return true;
    }
    while (this.table.nextRow(columns.width)) {
      this.venue.isChosen(this.table, columns.exchange);
      if (this.symbol.isChosen(this.table, columns.symbol)) return true;
      rows.countFiltered();
    }
    return false;
  }

  /** Rows with one local time came in one message: only after the last of them is the book what the venue has. */
  private message(rows: RowBuffer, columns: Extract<TardisColumns, { type: 'incremental_book_L2' }>): void {
    const table = this.table;
    let messageTs = NO_TIME;
    let isSnapshot = false;
    this.snapshotPrices.clear();
    do {
      const tsInit = table.time(columns.localTimestamp, 0);
      const isOfSnapshot = this.boolean(columns.isSnapshot);
      if (messageTs !== NO_TIME && (tsInit !== messageTs || isOfSnapshot !== isSnapshot)) {
        this.isPending = true;
        break;
      }
      messageTs = tsInit;
      isSnapshot = isOfSnapshot;
      // Updates that came in before the snapshot was sent are part of it. Source: the documentation of the data type.
      if (this.isBeforeSnapshot && !isSnapshot) {
        if (this.earlyLine === 0) this.earlyLine = table.line;
        rows.countFiltered();
        continue;
      }
      this.isBeforeSnapshot = false;
      rows.startEvent({ tsEvent: table.time(columns.timestamp, 0), tsInit });
      const flags = isSnapshot ? BookFlag.SNAPSHOT : 0;
      if (isSnapshot && !this.wasSnapshot) rows.addClear(flags);
      this.wasSnapshot = isSnapshot;
      const side = this.side(columns.side);
      const price = table.positive(columns.price, this.priceDecimals);
      if (isSnapshot) this.refuseTwice(side, price, columns.price);
      const quantity = table.count(columns.amount, this.quantityDecimals);
      rows.addLevel(side, price, quantity, flags);
    } while (this.nextRow(rows));
    if (!this.isBeforeSnapshot) rows.endEvent();
  }

  private snapshot(rows: RowBuffer, columns: Extract<TardisColumns, { type: 'book_snapshot' }>): void {
    const table = this.table;
    this.startEvent(rows, columns);
    rows.addClear(BookFlag.SNAPSHOT);
    this.snapshotPrices.clear();
    for (const { side, price: priceAt, amount } of columns.levels) {
      // A book with fewer levels leaves the cells of the others empty.
      if (table.isEmpty(priceAt) && table.isEmpty(amount)) continue;
      const price = table.positive(priceAt, this.priceDecimals);
      this.refuseTwice(side, price, priceAt);
      const quantity = table.positive(amount, this.quantityDecimals);
      rows.addLevel(side, price, quantity, BookFlag.SNAPSHOT);
    }
    rows.endEvent();
  }

  private refuseTwice(side: BookSide, price: Price, column: number): void {
    if (!this.snapshotPrices.add(side, price)) throw this.table.problem('RECORD_DAMAGED', column, PRICE_TWICE);
  }

  private trade(rows: RowBuffer, columns: Extract<TardisColumns, { type: 'trades' }>): void {
    const table = this.table;
    const aggressorSide = table.wordOf(columns.side, TRADE_SIDES) - 1;
    if (aggressorSide < -1) {
      throw table.problem('SIDE_UNKNOWN', columns.side, 'The side of a trade is buy, sell or unknown.', 'Repair the row, or take it out.');
    }
    this.startEvent(rows, columns);
    rows.addTrade(table.positive(columns.price, this.priceDecimals), table.positive(columns.amount, this.quantityDecimals), aggressorSide);
  }

  private quote(rows: RowBuffer, columns: Extract<TardisColumns, { type: 'quotes' }>): void {
    const table = this.table;
    const { bidPrice, bidAmount, askPrice, askAmount } = columns;
    const hasBid = !table.isEmpty(bidPrice) || !table.isEmpty(bidAmount);
    const hasAsk = !table.isEmpty(askPrice) || !table.isEmpty(askAmount);
    this.startEvent(rows, columns);
    rows.addQuote(
      hasBid ? table.positive(bidPrice, this.priceDecimals) : 0,
      hasAsk ? table.positive(askPrice, this.priceDecimals) : 0,
      hasBid ? table.positive(bidAmount, this.quantityDecimals) : 0,
      hasAsk ? table.positive(askAmount, this.quantityDecimals) : 0,
    );
  }

  private startEvent(rows: RowBuffer, { timestamp, localTimestamp }: TardisColumns): void {
    rows.startEvent({ tsEvent: this.table.time(timestamp, 0), tsInit: this.table.time(localTimestamp, 0) });
  }

  private boolean(column: number): boolean {
    const word = this.table.wordOf(column, BOOLEANS);
    if (word >= 0) return word === 1;
    throw this.table.problem('RECORD_DAMAGED', column, 'The value is neither true nor false.');
  }

  private side(column: number): BookSide {
    const word = this.table.wordOf(column, BOOK_SIDES);
    if (word >= 0) return word === 1 ? BookSide.BID : BookSide.ASK;
    throw this.table.problem('SIDE_UNKNOWN', column, 'The side of a level is bid or ask.', 'Repair the row, or take it out.');
  }
}

const KIND_OF = {
  incremental_book_L2: BlockKind.BOOK_DELTAS,
  book_snapshot: BlockKind.BOOK_DELTAS,
  trades: BlockKind.TRADES,
  quotes: BlockKind.QUOTES,
} as const satisfies Record<TardisColumns['type'], RecordedKind>;
