import { assert } from '../../base/assert.ts';
import { RowStore } from '../../base/row-store.ts';
import { TextNumbers } from '../../base/text-numbers.ts';
import type { Side } from '../../model/order.ts';
import type { ClosedTrade, PositionSide } from '../../model/position.ts';

/** The fields of a row. */
const STRATEGY = 0;
const INSTRUMENT = 1;
/** Position side and side: twice the position side plus one, and 1 for BUY. */
const SIDES = 2;
const QUANTITY = 3;
const ENTRY_TS = 4;
const EXIT_TS = 5;
const ENTRY_NUMERATOR = 6;
const ENTRY_DENOMINATOR = 7;
const EXIT_PX = 8;
const ENTRY_VALUE = 9;
const EXIT_VALUE = 10;
const ENTRY_COMMISSION = 11;
const EXIT_COMMISSION = 12;
const GROSS_PNL = 13;
const PNL = 14;
const ENTRY_TAG = 15;
const EXIT_TAG = 16;
const FIELD_COUNT = 17;

/** Round trips that were closed, oldest first: less than 150 bytes each; whole trades are made when they are asked for. */
export class ClosedTradeLog {
  private readonly rows = new RowStore(FIELD_COUNT);
  private readonly tags = new TextNumbers();

  get length(): number {
    return this.rows.length;
  }

  push(trade: ClosedTrade): void {
    const { rows, tags } = this;
    const start = rows.append();
    const { doubles } = rows;
    doubles[start + STRATEGY] = trade.strategy;
    doubles[start + INSTRUMENT] = trade.instrument;
    doubles[start + SIDES] = 2 * (trade.positionSide + 1) + (trade.side > 0 ? 1 : 0);
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

  /** @throws InvariantError where there is no such trade */
  at(row: number): ClosedTrade {
    const { rows, tags } = this;
    assert(Number.isInteger(row) && row >= 0 && row < rows.length, `closed trade ${row} of ${rows.length}`);
    const sides = rows.double(row, SIDES);
    return {
      strategy: rows.double(row, STRATEGY),
      instrument: rows.double(row, INSTRUMENT),
      positionSide: ((sides >> 1) - 1) as PositionSide,
      side: ((sides & 1) === 1 ? 1 : -1) satisfies Side,
      quantity: rows.double(row, QUANTITY),
      entryTs: rows.double(row, ENTRY_TS),
      exitTs: rows.double(row, EXIT_TS),
      entryPx: { numerator: rows.bigint(row, ENTRY_NUMERATOR), denominator: rows.bigint(row, ENTRY_DENOMINATOR) },
      exitPx: rows.double(row, EXIT_PX),
      entryValue: rows.bigint(row, ENTRY_VALUE),
      exitValue: rows.bigint(row, EXIT_VALUE),
      entryCommission: rows.bigint(row, ENTRY_COMMISSION),
      exitCommission: rows.bigint(row, EXIT_COMMISSION),
      grossPnl: rows.bigint(row, GROSS_PNL),
      pnl: rows.bigint(row, PNL),
      entryTag: tags.text(rows.double(row, ENTRY_TAG)),
      exitTag: tags.text(rows.double(row, EXIT_TAG)),
    };
  }

  map<T>(make: (trade: ClosedTrade, row: number) => T): T[] {
    const made: T[] = [];
    for (let row = 0; row < this.length; row += 1) made.push(make(this.at(row), row));
    return made;
  }

  *[Symbol.iterator](): Generator<ClosedTrade, void, undefined> {
    for (let row = 0; row < this.length; row += 1) yield this.at(row);
  }
}
