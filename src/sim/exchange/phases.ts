import { assert } from '../../base/assert.ts';
import { QUANTITY, ROW_BITS } from '../../book/order-pool.ts';
import type { PriceLadder } from '../../book/price-ladder.ts';
import { type AuctionOutcome, auctionOutcome } from './auction-price.ts';
import { ExchangeReason, ExchangeTimeInForce, TradingPhase } from './exchange-order.ts';
import { DISPLAY_QTY, HIDDEN, ICEBERG, OrderPlace, timeInForceOf } from './exchange-orders.ts';
import { ReportKind } from './exchange-reports.ts';
import type { ExchangeBook } from './exchange-book.ts';

const { CLOSED, OPENING, CONTINUOUS, CLOSING, HALTED } = TradingPhase;
/** Which phase may follow which. */
const FOLLOWING: Readonly<Record<TradingPhase, readonly TradingPhase[]>> = {
  [CLOSED]: [OPENING, CONTINUOUS],
  [OPENING]: [CONTINUOUS, CLOSED],
  [CONTINUOUS]: [HALTED, CLOSING, CLOSED],
  [HALTED]: [CONTINUOUS, CLOSING, CLOSED],
  [CLOSING]: [CLOSED],
};

/** The phases of an exchange book: which may follow which, the auctions between them, and what ends with each. */
export class Phases {
  private readonly book: ExchangeBook;
  /** Puts an order where it belongs in the present phase. */
  private readonly enter: (slot: number) => void;

  constructor(book: ExchangeBook, enter: (slot: number) => void) {
    this.book = book;
    this.enter = enter;
  }

  /** What an auction would do now. */
  private indicative(): AuctionOutcome {
    const { book } = this;
    const { orders, bids, asks, lastPrice, bandLow, bandHigh } = book;
    const lots = (slots: readonly number[]): number => slots.reduce((sum, slot) => sum + orders.leavesQty(slot), 0);
    return auctionOutcome({
      bids,
      asks,
      lotsAt: (ladder, key) => this.lotsAt(ladder, key),
      marketBuyQty: lots(this.book.marketBuys),
      marketSellQty: lots(this.book.marketSells),
      referencePrice: lastPrice,
      low: bandLow,
      high: bandHigh,
    });
  }

  changePhase(phase: TradingPhase): void {
    const { book } = this;
    const from = book.phase;
    assert(FOLLOWING[from].includes(phase), `phase ${phase} does not follow phase ${from}`);
    if (phase === CONTINUOUS && from !== CLOSED) this.auction(true);
    if (phase === CLOSED && from === CLOSING) this.auction(false);
    book.phase = phase;
    if (phase === CLOSING) {
      for (const slot of this.book.forClosing.splice(0)) this.enter(slot);
    } else if (phase === CONTINUOUS || phase === CLOSED) this.expire(phase);
  }

  /** Trades what can be traded at one price; again, where orders that were cut meanwhile have left the book crossed. */
  private auction(wakes: boolean): void {
    for (let { price } = this.indicative(); !Number.isNaN(price); { price } = this.indicative()) {
      this.trade(price);
      this.book.print(price, wakes);
    }
  }

  private trade(price: number): void {
    const { book } = this;
    const { orders, reports } = book;
    for (;;) {
      const buy = this.book.marketBuys[0] ?? eligible(book.bids, -price);
      const sell = this.book.marketSells[0] ?? eligible(book.asks, price);
      if (buy === 0 || sell === 0) return;
      const quantity = Math.min(orders.leavesQty(buy), orders.leavesQty(sell));
      reports.addTrade(orders.id(buy), orders.id(sell), price, quantity, 0);
      const buyer = orders.owner(buy);
      const seller = orders.owner(sell);
      this.fill(buy, quantity);
      this.fill(sell, quantity);
      book.settle(buyer, seller, quantity);
    }
  }

  /** Takes traded lots off an order; the whole of an iceberg takes part, at the place of what it shows. */
  private fill(slot: number, lots: number): void {
    const { book } = this;
    const { orders } = book;
    const { numbers } = orders.pool;
    const row = slot << ROW_BITS;
    const left = orders.leavesQty(slot) - lots;
    const isMarket = orders.place(slot) === OrderPlace.AUCTION;
    if (left === 0) {
      book.take(slot);
      book.forget(slot, orders.codes(slot));
    } else if (isMarket) numbers[row | QUANTITY] = left;
    else {
      const isIceberg = (orders.codes(slot) & ICEBERG) !== 0;
      const shown = isIceberg ? Math.min(numbers[row | DISPLAY_QTY]!, left) : left;
      book.ladderOf(slot).change(slot, shown - numbers[row | QUANTITY]!);
      if (isIceberg) numbers[row | HIDDEN] = left - shown;
    }
  }

  /** What its auction, or the day, has left over ends, the oldest first. */
  private expire(phase: TradingPhase): void {
    const { book } = this;
    const { orders } = book;
    for (const id of orders.index.sortedIds()) {
      const slot = orders.index.get(id);
      if (slot === 0) continue;
      const timeInForce = timeInForceOf(orders.codes(slot));
      const ofAuction =
        timeInForce === ExchangeTimeInForce.OPG || (timeInForce === ExchangeTimeInForce.CLO && phase === TradingPhase.CLOSED);
      if (ofAuction) book.end(slot, ReportKind.EXPIRED, ExchangeReason.AUCTION_OVER);
      else if (timeInForce === ExchangeTimeInForce.DAY && phase === TradingPhase.CLOSED)
        book.end(slot, ReportKind.EXPIRED, ExchangeReason.NONE);
      else if (orders.place(slot) === OrderPlace.AUCTION) book.end(slot, ReportKind.CANCELED, ExchangeReason.AUCTION_OVER);
    }
  }

  private lotsAt(ladder: PriceLadder, key: number): number {
    const { orders } = this.book;
    let sum = 0;
    for (let slot = ladder.headAt(key); slot !== 0; slot = orders.next(slot)) sum += orders.leavesQty(slot);
    return sum;
  }
}

/** The first order of a ladder that trades at this key or a better one; 0 for none. */
function eligible(ladder: PriceLadder, key: number): number {
  return ladder.reaches(key) ? ladder.bestOrder : 0;
}
