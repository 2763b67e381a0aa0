import { unreachable } from '../../base/assert.ts';
import { BlockKind } from '../../model/blocks.ts';
import { BookAction, BookFlag, BookSide } from '../../model/book-delta.ts';
import type { BookDeltaBlock, MarketBlock, QuoteBarBlock } from '../../model/blocks.ts';

/*
 * What every stored row keeps: of trades and changes of books all that MarketDataManager asks for too, so that a run need not look again. Crossed quotes and prices off the increment are not refused here: feeds do record them, and
 * MarketDataManager counts and refuses them row by row at run time. Prices of trades and bars are above zero;
 * in quotes 0 stands for an absent side.
 */

/** The first row of a block that breaks a rule. `row` counts within the block. */
export interface RowFault {
  readonly row: number;
  readonly column: string;
  readonly value: number;
  readonly rule: string;
}

type Column = Float64Array | Int8Array;

/** Checks the blocks of one stream in order; remembers the last time between blocks. */
export class RowRules {
  private lastTs = -Infinity;
  private fault: RowFault | null = null;
  private end = 0;

  /** @returns the first row that breaks a rule, or null */
  check(block: MarketBlock): RowFault | null {
    this.fault = null;
    this.end = block.length;
    this.isCount('tsEvent', block.tsEvent, Number.MIN_SAFE_INTEGER, 'A time is a whole number of microseconds.');
    this.isCount('tsInit', block.tsInit, Number.MIN_SAFE_INTEGER, 'A time is a whole number of microseconds.');
    this.inOrder(block.tsInit);
    switch (block.kind) {
      case BlockKind.TRADES:
        this.isCount('price', block.price, 1, 'A price is a whole count above zero.');
        this.isCount('quantity', block.quantity, 1, 'A quantity is a whole count above zero.');
        this.isWithin('aggressorSide', block.aggressorSide, -1, 1, 'The aggressor is 1 (buyer), -1 (seller) or 0 (unknown).');
        break;
      case BlockKind.QUOTES:
        this.isCount('bidPrice', block.bidPrice, 0, 'A bid is a whole count, or 0 when absent.');
        this.isCount('askPrice', block.askPrice, 0, 'An ask is a whole count, or 0 when absent.');
        this.isCount('bidSize', block.bidSize, 0, 'A size is a whole count, 0 or more.');
        this.isCount('askSize', block.askSize, 0, 'A size is a whole count, 0 or more.');
        break;
      case BlockKind.BOOK_DELTAS:
        this.delta(block);
        break;
      case BlockKind.BARS:
        this.times(block.tsOpen, block.tsEvent, block.tsInit);
        this.prices(['open', 'high', 'low', 'close'], [block.open, block.high, block.low, block.close], 1);
        this.isCount('volume', block.volume, 0, 'A volume is a whole count, 0 or more.');
        break;
      case BlockKind.QUOTE_BARS:
        this.quoteBar(block);
        break;
      default:
        return unreachable(block);
    }
    if (block.length > 0) this.lastTs = block.tsInit[block.length - 1]!;
    return this.fault;
  }

  private delta(block: BookDeltaBlock): void {
    this.isWithin('action', block.action, BookAction.CLEAR, BookAction.GAP, 'An action is one of those that exist.');
    this.isWithin('side', block.side, BookSide.ASK, BookSide.BID, 'A side is 1 (bid), -1 (ask) or 0 (neither).');
    this.isWithin('flags', block.flags, 0, BookFlag.LAST | BookFlag.SNAPSHOT, 'Flags are those that exist.');
    this.isCount('price', block.price, 0, 'A price is a whole count.');
    this.isCount('quantity', block.quantity, 0, 'A quantity is a whole count, 0 or more.');
    this.isCount('orderId', block.orderId, 0, 'An order id is a whole number, 0 or more.');
    this.deltaNamesLevel(block);
  }

  /** Every change but a clearing and a gap is of something: a side and a price, and of an order that joins, a quantity. */
  private deltaNamesLevel({ action, side, price, quantity }: BookDeltaBlock): void {
    const end = this.end;
    for (let row = 0; row < end; row += 1) {
      const kind = action[row]!;
      if (kind === BookAction.CLEAR || kind === BookAction.GAP) continue;
      if (side[row] === BookSide.NONE) return this.found(row, 'side', side[row]!, 'A change of a level or an order has a side.');
      if (price[row] === 0) return this.found(row, 'price', 0, 'A change of a level or an order has a price above zero.');
      if (kind === BookAction.ADD && quantity[row] === 0) return this.found(row, 'quantity', 0, 'An order that joins has a quantity.');
    }
  }

  private quoteBar(block: QuoteBarBlock): void {
    this.times(block.tsOpen, block.tsEvent, block.tsInit);
    this.prices(['bidOpen', 'bidHigh', 'bidLow', 'bidClose'], [block.bidOpen, block.bidHigh, block.bidLow, block.bidClose], 0);
    this.prices(['askOpen', 'askHigh', 'askLow', 'askClose'], [block.askOpen, block.askHigh, block.askLow, block.askClose], 0);
    this.isCount('bidSize', block.bidSize, 0, 'A size is a whole count, 0 or more.');
    this.isCount('askSize', block.askSize, 0, 'A size is a whole count, 0 or more.');
  }

  private times(tsOpen: Column, tsEvent: Column, tsInit: Column): void {
    this.isCount('tsOpen', tsOpen, Number.MIN_SAFE_INTEGER, 'A time is a whole number of microseconds.');
    this.notBelow('tsEvent', tsEvent, tsOpen, 'A bar closes no earlier than it opens.');
    this.notBelow('tsInit', tsInit, tsEvent, 'A bar is known no earlier than it closes.');
  }

  private prices(names: readonly [string, string, string, string], columns: readonly [Column, Column, Column, Column], min: 0 | 1): void {
    const rule =
      min === 1 ? 'A price is a whole count above zero.' : 'A price is a whole count, or all four are 0 when the side is absent.';
    const [open, high, low, close] = columns;
    for (let at = 0; at < 4; at += 1) this.isCount(names[at]!, columns[at]!, min, rule);
    this.notBelow(names[1], high, open, 'The high is at or above the open.');
    this.notBelow(names[1], high, close, 'The high is at or above the close.');
    this.notBelow(names[0], open, low, 'The low is at or below the open.');
    this.notBelow(names[3], close, low, 'The low is at or below the close.');
    if (min === 0) this.isAbsentTogether(names[2], low, high);
  }

  /** Leaf loop over one column, as the others below: stops at the first fault or at the earliest found so far. */
  private isCount(name: string, column: Column, min: number, rule: string): void {
    const end = this.end;
    for (let row = 0; row < end; row += 1) {
      const value = column[row]!;
      if (value >= min && value <= Number.MAX_SAFE_INTEGER && Math.floor(value) === value) continue;
      this.found(row, name, value, rule);
      return;
    }
  }

  private inOrder(tsInit: Column): void {
    let before = this.lastTs;
    const end = this.end;
    for (let row = 0; row < end; row += 1) {
      const ts = tsInit[row]!;
      if (ts < before) {
        this.found(row, 'tsInit', ts, `Time does not go back: the row before has ${before}.`);
        return;
      }
      before = ts;
    }
  }

  private notBelow(name: string, upper: Column, lower: Column, rule: string): void {
    const end = this.end;
    for (let row = 0; row < end; row += 1) {
      if (upper[row]! >= lower[row]!) continue;
      this.found(row, name, upper[row]!, rule);
      return;
    }
  }

  private isAbsentTogether(name: string, low: Column, high: Column): void {
    const end = this.end;
    for (let row = 0; row < end; row += 1) {
      if (low[row]! > 0 || high[row] === 0) continue;
      this.found(row, name, low[row]!, 'All four prices of a side are 0, or none is.');
      return;
    }
  }

  private isWithin(name: string, column: Column, least: number, most: number, rule: string): void {
    const end = this.end;
    for (let row = 0; row < end; row += 1) {
      const value = column[row]!;
      if (value >= least && value <= most) continue;
      this.found(row, name, value, rule);
      return;
    }
  }

  private found(row: number, column: string, value: number, rule: string): void {
    this.fault = { row, column, value, rule };
    this.end = row;
  }
}
