import { assert } from '../../base/assert.ts';
import { bigOf } from '../../base/exact-integer.ts';
import { RowStore, type RowStoreState } from '../../base/row-store.ts';
import { TextNumbers } from '../../base/text-numbers.ts';
import type { Money } from '../../model/currency.ts';
import type { Fill } from '../../model/events.ts';
import type { Side } from '../../model/order.ts';
import type { ClosedTrade, PositionSide } from '../../model/position.ts';

/** The fields of a row; who begins one with {@link ClosedTradeLog.begin} writes those that are exported. */
const STRATEGY = 0;
const INSTRUMENT = 1;
/** Position side, side and kind of money: twice the position side plus one, 1 for BUY, 8 where money is not in doubles. */
const BITS = 2;
export const QUANTITY = 3;
export const ENTRY_TS = 4;
const EXIT_TS = 5;
export const ENTRY_NUMERATOR = 6;
export const ENTRY_DENOMINATOR = 7;
const EXIT_PX = 8;
export const ENTRY_VALUE = 9;
export const EXIT_VALUE = 10;
export const ENTRY_COMMISSION = 11;
export const EXIT_COMMISSION = 12;
export const GROSS_PNL = 13;
export const PNL = 14;
const ENTRY_TAG = 15;
const EXIT_TAG = 16;
const FIELD_COUNT = 17;

const IS_BUY = 1;
const IS_LONG_MONEY = 8;

export interface ClosedTradeLogState {
  readonly rows: RowStoreState;
  readonly tags: readonly string[];
}

/**
 * Closed trades, one for each closing fill, oldest first: less than 150 bytes each; whole trades are made when they are asked for. The money of a row is
 * all in doubles, which are cheap to write, or all in big integers.
 */
export class ClosedTradeLog {
  private readonly rows: RowStore;
  private readonly tags = new TextNumbers();

  /** @param rowsMax trades kept; the oldest are forgotten, and counted */
  constructor(rowsMax?: number) {
    this.rows = new RowStore(FIELD_COUNT, rowsMax);
  }

  /** How many there have been. */
  get length(): number {
    return this.rows.length;
  }

  push(trade: ClosedTrade): void {
    const { rows, tags } = this;
    const start = rows.append();
    const { doubles } = rows;
    doubles[start + STRATEGY] = trade.strategy;
    doubles[start + INSTRUMENT] = trade.instrument;
    doubles[start + BITS] = IS_LONG_MONEY | (2 * (trade.positionSide + 1)) | (trade.side > 0 ? IS_BUY : 0);
    doubles[start + QUANTITY] = trade.quantity;
    doubles[start + ENTRY_TS] = trade.entryTs;
    doubles[start + EXIT_TS] = trade.exitTs;
    doubles[start + EXIT_PX] = trade.exitPx;
    doubles[start + ENTRY_TAG] = tags.numberFor(trade.entryTag);
    doubles[start + EXIT_TAG] = tags.numberFor(trade.exitTag);
    rows.putBigint(start, ENTRY_NUMERATOR, trade.entryPx.numerator);
    rows.putBigint(start, ENTRY_DENOMINATOR, trade.entryPx.denominator);
    rows.putBigint(start, ENTRY_VALUE, trade.entryValue);
    rows.putBigint(start, EXIT_VALUE, trade.exitValue);
    rows.putBigint(start, ENTRY_COMMISSION, trade.entryCommission);
    rows.putBigint(start, EXIT_COMMISSION, trade.exitCommission);
    rows.putBigint(start, GROSS_PNL, trade.grossPnl);
    rows.putBigint(start, PNL, trade.pnl);
  }

  /**
   * Begins a trade whose money is all in safe integers: the caller writes it into {@link doubles}, each exported field at what is returned
   * plus the field, with the meaning that it has in a {@link ClosedTrade}. Hot: every fill that turns a position does, and makes no object.
   */
  begin(fill: Fill, positionSide: PositionSide, side: Side, entryTag: string): number {
    const { rows, tags } = this;
    const start = rows.append();
    const { doubles } = rows;
    doubles[start + STRATEGY] = fill.strategy;
    doubles[start + INSTRUMENT] = fill.instrument;
    doubles[start + BITS] = 2 * (positionSide + 1) + (side > 0 ? IS_BUY : 0);
    doubles[start + EXIT_TS] = fill.tsEvent;
    doubles[start + EXIT_PX] = fill.lastPx;
    doubles[start + ENTRY_TAG] = tags.numberFor(entryTag);
    doubles[start + EXIT_TAG] = tags.numberFor(fill.tag);
    return start;
  }

  /** Where the trade is written that was begun last. */
  get doubles(): Float64Array {
    return this.rows.doubles;
  }

  /** @throws InvariantError where there is no such trade */
  at(row: number): ClosedTrade {
    const { rows, tags } = this;
    assert(Number.isInteger(row) && row >= rows.firstRow && row < rows.length, `closed trade ${row} of ${rows.length}`);
    const bits = rows.double(row, BITS);
    const isLongMoney = (bits & IS_LONG_MONEY) !== 0;
    const money = (field: number): Money => (isLongMoney ? rows.bigint(row, field) : bigOf(rows.double(row, field)));
    return {
      strategy: rows.double(row, STRATEGY),
      instrument: rows.double(row, INSTRUMENT),
      positionSide: (((bits >> 1) & 3) - 1) as PositionSide,
      side: ((bits & IS_BUY) === 0 ? -1 : 1) satisfies Side,
      quantity: rows.double(row, QUANTITY),
      entryTs: rows.double(row, ENTRY_TS),
      exitTs: rows.double(row, EXIT_TS),
      entryPx: { numerator: money(ENTRY_NUMERATOR), denominator: money(ENTRY_DENOMINATOR) },
      exitPx: rows.double(row, EXIT_PX),
      entryValue: money(ENTRY_VALUE),
      exitValue: money(EXIT_VALUE),
      entryCommission: money(ENTRY_COMMISSION),
      exitCommission: money(EXIT_COMMISSION),
      grossPnl: money(GROSS_PNL),
      pnl: money(PNL),
      entryTag: tags.text(rows.double(row, ENTRY_TAG)),
      exitTag: tags.text(rows.double(row, EXIT_TAG)),
    };
  }

  saveState(): ClosedTradeLogState {
    return { rows: this.rows.saveState(), tags: this.tags.saveState() };
  }

  /** Of a log without trades. */
  loadState({ rows, tags }: ClosedTradeLogState): void {
    this.rows.loadState(rows);
    this.tags.loadState(tags);
  }

  map<T>(make: (trade: ClosedTrade, row: number) => T): T[] {
    const made: T[] = [];
    for (let row = this.rows.firstRow; row < this.length; row += 1) made.push(make(this.at(row), row));
    return made;
  }

  *[Symbol.iterator](): Generator<ClosedTrade, void, undefined> {
    for (let row = this.rows.firstRow; row < this.length; row += 1) yield this.at(row);
  }
}
