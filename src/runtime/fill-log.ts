import { assert } from '../base/assert.ts';
import { RowStore, type RowStoreState } from '../base/row-store.ts';
import { TextNumbers } from '../base/text-numbers.ts';
import type { Fill } from '../model/events.ts';
import type { LiquiditySide, Side } from '../model/order.ts';

/** The fields of a row. */
const CLIENT_ORDER_ID = 0;
const STRATEGY = 1;
const INSTRUMENT = 2;
const TS_EVENT = 3;
const TS_INIT = 4;
const LAST_QTY = 5;
const LAST_PX = 6;
const CUM_QTY = 7;
const LEAVES_QTY = 8;
const COMMISSION = 9;
/** Number n of a trade id `T-n`, from 1; else −1 less the number of the text. */
const TRADE_ID = 10;
const TAG = 11;
/** Kind, side and liquidity side: 4 for OrderFilled, 2 for BUY, 1 for TAKER. */
const BITS = 12;
const FIELD_COUNT = 13;

/** What the simulated venue's trade ids begin with, and its two characters. */
const TRADE_ID_PREFIX = 'T-';
const LETTER_T = 84;
const HYPHEN = 45;
/** More digits might not be a safe integer. */
const TRADE_ID_DIGITS_MAX = 15;
const DIGIT_0 = 48;

export interface FillLogState {
  readonly rows: RowStoreState;
  readonly tags: readonly string[];
  readonly otherTradeIds: readonly string[];
}

/** The fills of a run in the order in which they were booked: about a hundred bytes each; whole fills are made when they are asked for. */
export class FillLog {
  private readonly rows: RowStore;
  private readonly tags = new TextNumbers();
  private readonly otherTradeIds: string[] = [];

  /** @param rowsMax fills kept; the oldest are forgotten, and counted */
  constructor(rowsMax?: number) {
    this.rows = new RowStore(FIELD_COUNT, rowsMax);
  }

  /** How many there have been. */
  get length(): number {
    return this.rows.length;
  }

  /**
   * @returns the number that stands for the trade id from here on: n of `T-n`, negative for another text; its characters need not be read
   * again
   */
  push(fill: Fill): number {
    const { rows } = this;
    const tradeId = this.tradeIdNumber(fill.tradeId);
    const start = rows.append();
    const { doubles } = rows;
    doubles[start + CLIENT_ORDER_ID] = fill.clientOrderId;
    doubles[start + STRATEGY] = fill.strategy;
    doubles[start + INSTRUMENT] = fill.instrument;
    doubles[start + TS_EVENT] = fill.tsEvent;
    doubles[start + TS_INIT] = fill.tsInit;
    doubles[start + LAST_QTY] = fill.lastQty;
    doubles[start + LAST_PX] = fill.lastPx;
    doubles[start + CUM_QTY] = fill.cumQty;
    doubles[start + LEAVES_QTY] = fill.leavesQty;
    doubles[start + TRADE_ID] = tradeId;
    doubles[start + TAG] = this.tags.numberFor(fill.tag);
    doubles[start + BITS] = (fill.kind === 'OrderFilled' ? 4 : 0) | (fill.side > 0 ? 2 : 0) | (fill.liquiditySide - 1);
    rows.putBigint(start, COMMISSION, fill.commission);
    return tradeId;
  }

  /** @throws InvariantError where there is no such fill */
  at(row: number): Fill {
    const { rows } = this;
    assert(Number.isInteger(row) && row >= rows.firstRow && row < rows.length, `fill ${row} of ${rows.length}`);
    const bits = rows.double(row, BITS);
    // Not in the order in which events are made: these numbers come out of columns of doubles, and objects of one layout with the events would
    // have the machine keep the events' numbers as doubles too, which made every later run of the process a quarter slower.
    return {
      tradeId: this.tradeIdText(rows.double(row, TRADE_ID)),
      kind: (bits & 4) !== 0 ? 'OrderFilled' : 'OrderPartiallyFilled',
      side: ((bits & 2) !== 0 ? 1 : -1) satisfies Side,
      lastQty: rows.double(row, LAST_QTY),
      lastPx: rows.double(row, LAST_PX),
      cumQty: rows.double(row, CUM_QTY),
      leavesQty: rows.double(row, LEAVES_QTY),
      commission: rows.bigint(row, COMMISSION),
      liquiditySide: ((bits & 1) !== 0 ? 2 : 1) satisfies LiquiditySide,
      tag: this.tags.text(rows.double(row, TAG)),
      clientOrderId: rows.double(row, CLIENT_ORDER_ID),
      strategy: rows.double(row, STRATEGY),
      instrument: rows.double(row, INSTRUMENT),
      tsEvent: rows.double(row, TS_EVENT),
      tsInit: rows.double(row, TS_INIT),
    };
  }

  saveState(): FillLogState {
    return { rows: this.rows.saveState(), tags: this.tags.saveState(), otherTradeIds: [...this.otherTradeIds] };
  }

  /** Of a log without fills. */
  loadState({ rows, tags, otherTradeIds }: FillLogState): void {
    this.rows.loadState(rows);
    this.tags.loadState(tags);
    this.otherTradeIds.push(...otherTradeIds);
  }

  map<T>(make: (fill: Fill, row: number) => T): T[] {
    const made: T[] = [];
    for (let row = this.rows.firstRow; row < this.length; row += 1) made.push(make(this.at(row), row));
    return made;
  }

  *[Symbol.iterator](): Generator<Fill, void, undefined> {
    for (let row = this.rows.firstRow; row < this.length; row += 1) yield this.at(row);
  }

  private tradeIdNumber(tradeId: string): number {
    const number = countedTradeId(tradeId);
    if (number > 0) return number;
    this.otherTradeIds.push(tradeId);
    return -this.otherTradeIds.length;
  }

  private tradeIdText(number: number): string {
    return number > 0 ? `${TRADE_ID_PREFIX}${number}` : this.otherTradeIds[-1 - number]!;
  }
}

/** n of a text that is exactly `T-n` as numbers are written; 0 for any other. */
function countedTradeId(tradeId: string): number {
  const digits = tradeId.length - TRADE_ID_PREFIX.length;
  if (digits < 1 || digits > TRADE_ID_DIGITS_MAX) return 0;
  if (tradeId.charCodeAt(0) !== LETTER_T || tradeId.charCodeAt(1) !== HYPHEN) return 0;
  // A number is written without zeros before it.
  let number = tradeId.charCodeAt(TRADE_ID_PREFIX.length) - DIGIT_0;
  if (number < 1 || number > 9) return 0;
  for (let at = TRADE_ID_PREFIX.length + 1; at < tradeId.length; at += 1) {
    const digit = tradeId.charCodeAt(at) - DIGIT_0;
    if (digit < 0 || digit > 9) return 0;
    number = number * 10 + digit;
  }
  return number;
}
