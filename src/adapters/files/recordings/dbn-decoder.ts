import { BlockKind } from '../../../model/blocks.ts';
import { BookAction, BookFlag, BookSide } from '../../../model/book-delta.ts';
import type { Instrument, Price } from '../../../model/instrument.ts';
import { DbnFlag, HEADER, LEVEL, MBO, MBP } from './dbn-layout.ts';
import type { DbnFile } from './dbn-file.ts';
import { DbnNumbers, orderIdOf, priceText, timeOf } from './dbn-numbers.ts';
import type { RowBuffer } from './row-buffer.ts';
import { SeenKeys } from './seen-keys.ts';
import { SidePrices } from './side-prices.ts';

/** Letters of the fields `action` and `side`. */
const ADD = 65;
const CANCEL = 67;
const FILL = 70;
const MODIFY = 77;
const NONE = 78;
const CLEAR = 82;
const TRADE = 84;
const ASK = 65;
const BID = 66;

/** True for records that change the book of their instrument. */
function changesBook(action: number): boolean {
  return action === ADD || action === CANCEL || action === MODIFY || action === CLEAR;
}

/** Turns the records of one instrument into rows; it is given them one by one, files apart. */
export class DbnDecoder {
  private readonly numbers: DbnNumbers;
  /** A book order by order has begun. */
  private hasBook = false;
  /** No record of the file has changed the book yet. */
  private isFileFresh = true;
  /** The book is worth nothing until the next clearing. */
  private isGapped = false;
  /** Of the snapshot at hand, order by order. */
  private readonly snapshotOrders = new SeenKeys();
  private readonly prices = new SidePrices();

  constructor(instrument: Instrument) {
    this.numbers = new DbnNumbers(instrument);
  }

  startFile(): void {
    this.isFileFresh = true;
  }

  /** When the recording machine had the record. */
  receivedTs(file: DbnFile): number {
    return timeOf(file, file.schema.name === 'mbo' ? MBO.TS_RECV : MBP.TS_RECV, 'ts_recv');
  }

  /**
   * Appends the rows of the record.
   *
   * @returns true where more of the same event follows, which may bring no rows and yet end it
   * @throws InputError with the record's number and place
   */
  decode(file: DbnFile, tsInit: number, rows: RowBuffer): boolean {
    if (rows.kind === BlockKind.QUOTES) this.addQuote(file, tsInit, rows);
    else if (rows.kind === BlockKind.TRADES) this.addTrade(file, tsInit, rows);
    else if (file.schema.levels > 0) this.addLevels(file, tsInit, rows);
    else return this.addOrder(file, tsInit, rows);
    return false;
  }

  /** True where the record ends its event: for records that bring no rows. */
  static endsEvent(file: DbnFile): boolean {
    return (flagsOf(file) & DbnFlag.LAST) !== 0;
  }

  /** True for records of orders that cannot bring rows: trades, fills and those that only carry flags. */
  static isWithoutRows(file: DbnFile): boolean {
    return !changesBook(actionOf(file)) && (flagsOf(file) & DbnFlag.MAYBE_BAD_BOOK) === 0;
  }

  /**
   * Source: https://databento.com/docs/examples/order-book/limit-order-book: trades and fills leave the book as it is, because cancels follow them.
   */
  private addOrder(file: DbnFile, tsInit: number, rows: RowBuffer): boolean {
    const action = actionOf(file);
    const flags = flagsOf(file);
    rows.startEvent({ tsEvent: timeOf(file, HEADER.TS_EVENT, 'ts_event'), tsInit });
    if (action === CLEAR) {
      this.isGapped = false;
      this.hasBook = true;
      this.isFileFresh = false;
      this.snapshotOrders.clear();
      rows.addClear(rowFlags(flags));
      return (flags & DbnFlag.LAST) === 0;
    }
    if (this.isGapped) return false;
    if ((flags & DbnFlag.MAYBE_BAD_BOOK) !== 0) {
      this.isGapped = true;
      rows.addGap();
      return false;
    }
    if (!changesBook(action)) return false;
    this.refuseLevels(file, flags);
    this.clearFirst(flags, rows);
    const side = sideOf(file, MBO.SIDE);
    if (side === BookSide.NONE)
      throw file.problem('SIDE_UNKNOWN', 'changes the book and names no side', 'side', 'N', 'Fetch the file again.');
    const orderId = orderIdOf(file, MBO.ORDER_ID);
    if (action === ADD && (flags & DbnFlag.SNAPSHOT) !== 0 && !this.snapshotOrders.add(orderId))
      throw file.problem('RECORD_DAMAGED', 'tells an order of the snapshot a second time', 'order_id', String(orderId));
    const isCancel = action === CANCEL;
    const price = isCancel ? this.numbers.price(file, MBO.PRICE, 'price') : this.numbers.priceNeeded(file, MBO.PRICE, 'price');
    const quantity =
      action === MODIFY ? this.numbers.quantity(file, MBO.SIZE, 'size') : this.numbers.quantityNeeded(file, MBO.SIZE, 'size');
    const delta = isCancel ? BookAction.REDUCE : action === ADD ? BookAction.ADD : BookAction.MODIFY;
    rows.addOrder(delta, side, price, quantity, orderId, rowFlags(flags));
    return (flags & DbnFlag.LAST) === 0;
  }

  /**
   * A snapshot starts with a clearing by Databento's rules, but files of 2023 start with the orders themselves. A file that goes on where
   * another ended has no snapshot and keeps the book.
   */
  private clearFirst(flags: number, rows: RowBuffer): void {
    const isSnapshot = (flags & DbnFlag.SNAPSHOT) !== 0;
    if (!this.hasBook || (this.isFileFresh && isSnapshot)) {
      this.snapshotOrders.clear();
      rows.addClear(isSnapshot ? BookFlag.SNAPSHOT : 0);
    }
    this.hasBook = true;
    this.isFileFresh = false;
  }

  /** Venues without orders are told as one record per level or side, whose rules are others. */
  private refuseLevels(file: DbnFile, flags: number): void {
    if ((flags & (DbnFlag.TOP_OF_BOOK | DbnFlag.LEVEL)) === 0) return;
    const what = 'stands for a level or the top of the book (F_TOB, F_MBP), not for an order';
    throw file.problem('RECORD_UNKNOWN', what, 'flags', String(flags), 'Take the schema mbp-1 or mbp-10 of this venue.');
  }

  /** The levels of a record are the whole book that it knows: each is a snapshot. Those of a trade are as they were before it. */
  private addLevels(file: DbnFile, tsInit: number, rows: RowBuffer): void {
    if (actionOf(file) === TRADE) return;
    rows.startEvent({ tsEvent: timeOf(file, HEADER.TS_EVENT, 'ts_event'), tsInit });
    rows.addClear(BookFlag.SNAPSHOT);
    this.prices.clear();
    for (let level = 0; level < file.schema.levels; level += 1) {
      const at = MBP.LEVELS + level * LEVEL.BYTES;
      const bid = this.numbers.price(file, at + LEVEL.BID_PRICE, 'bid_px');
      if (bid !== 0) this.addLevel(file, BookSide.BID, bid, at, rows);
      const ask = this.numbers.price(file, at + LEVEL.ASK_PRICE, 'ask_px');
      if (ask !== 0) this.addLevel(file, BookSide.ASK, ask, at, rows);
    }
    rows.endEvent();
  }

  /** @param at where the level begins in the record */
  private addLevel(file: DbnFile, side: BookSide, price: Price, at: number, rows: RowBuffer): void {
    const isBid = side > 0;
    if (!this.prices.add(side, price)) {
      const text = priceText(file, file.at + at + (isBid ? LEVEL.BID_PRICE : LEVEL.ASK_PRICE));
      throw file.problem('RECORD_DAMAGED', 'has a price of a side twice', isBid ? 'bid_px' : 'ask_px', text);
    }
    const quantity = this.numbers.quantityNeeded(file, at + (isBid ? LEVEL.BID_SIZE : LEVEL.ASK_SIZE), isBid ? 'bid_sz' : 'ask_sz');
    rows.addLevel(side, price, quantity, BookFlag.SNAPSHOT);
  }

  private addTrade(file: DbnFile, tsInit: number, rows: RowBuffer): void {
    const isMbo = file.schema.name === 'mbo';
    if (actionOf(file) !== TRADE) return;
    rows.startEvent({ tsEvent: timeOf(file, HEADER.TS_EVENT, 'ts_event'), tsInit });
    const price = this.numbers.priceNeeded(file, isMbo ? MBO.PRICE : MBP.PRICE, 'price');
    const quantity = this.numbers.quantityNeeded(file, isMbo ? MBO.SIZE : MBP.SIZE, 'size');
    rows.addTrade(price, quantity, sideOf(file, isMbo ? MBO.SIDE : MBP.SIDE));
  }

  private addQuote(file: DbnFile, tsInit: number, rows: RowBuffer): void {
    const { name } = file.schema;
    const isSampled = name === 'bbo-1s' || name === 'bbo-1m';
    // What a trade of mbp-1 shows is the quote before it, which has been told.
    if (!isSampled && actionOf(file) === TRADE && name !== 'tbbo') return;
    // `ts_event` of a sample is the time of the last trade: what it shows is how things stood at the end of the interval.
    const tsEvent = isSampled ? tsInit : timeOf(file, HEADER.TS_EVENT, 'ts_event');
    const bidPrice = this.numbers.price(file, MBP.LEVELS + LEVEL.BID_PRICE, 'bid_px');
    const askPrice = this.numbers.price(file, MBP.LEVELS + LEVEL.ASK_PRICE, 'ask_px');
    const bidSize = bidPrice === 0 ? 0 : this.numbers.quantity(file, MBP.LEVELS + LEVEL.BID_SIZE, 'bid_sz');
    const askSize = askPrice === 0 ? 0 : this.numbers.quantity(file, MBP.LEVELS + LEVEL.ASK_SIZE, 'ask_sz');
    rows.startEvent({ tsEvent, tsInit });
    rows.addQuote(bidPrice, askPrice, bidSize, askSize);
  }
}

function flagsOf(file: DbnFile): number {
  return file.bytes[file.at + (file.schema.name === 'mbo' ? MBO.FLAGS : MBP.FLAGS)]!;
}

/** The letter of what happened, which must be one of the known. */
function actionOf(file: DbnFile): number {
  const { name } = file.schema;
  const action = file.bytes[file.at + (name === 'mbo' ? MBO.ACTION : MBP.ACTION)]!;
  const isOfTrades = name === 'trades' || name === 'tbbo';
  if (action === TRADE || (!isOfTrades && (changesBook(action) || action === FILL || action === NONE))) return action;
  const known = isOfTrades ? 'T' : 'A, C, M, R, T, F and N';
  throw file.problem('RECORD_UNKNOWN', `has an action that the schema ${name} does not have (${known})`, 'action', letter(action));
}

/** +1 for B, −1 for A, 0 for N. */
function sideOf(file: DbnFile, offset: number): BookSide {
  const side = file.bytes[file.at + offset]!;
  if (side === BID) return BookSide.BID;
  if (side === ASK) return BookSide.ASK;
  if (side === NONE) return BookSide.NONE;
  throw file.problem('SIDE_UNKNOWN', 'has a side that is none of A, B and N', 'side', letter(side), 'Fetch the file again.');
}

function rowFlags(flags: number): number {
  return ((flags & DbnFlag.LAST) !== 0 ? BookFlag.LAST : 0) | ((flags & DbnFlag.SNAPSHOT) !== 0 ? BookFlag.SNAPSHOT : 0);
}

function letter(byte: number): string {
  return byte > 32 && byte < 127 ? String.fromCharCode(byte) : `byte ${byte}`;
}
