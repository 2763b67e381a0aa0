import { type Book, type InstrumentIndex, Strategy } from '../src/index.ts';
import type { OrderEvent } from '../src/model/events.ts';
import { unreachable } from '../src/base/assert.ts';

/** What each quote is for, in whole units, and what is taken at once. */
const QUOTE_QTY = 5;
const TAKE_QTY = 3;
/** Quotes move when the best price of their side has gone so many increments away from them. */
const REQUOTE_TICKS = 2;
/** Share by which one side of the best prices outweighs the other before the quote in its way is withdrawn, and before the lighter side is taken. */
const WITHDRAW_AT = 0.8;
const TAKE_AT = 0.95;
/** Microseconds between two orders that take, and after a refusal. */
const TAKE_PAUSE_US = 20_000;
const REFUSED_PAUSE_US = 50_000;
/** Microseconds between two excesses, and what each asks for, by the limits in path-run.ts; the last two exceed theirs at some positions only. */
const EXCESS_PAUSE_US = 200_000;
const EXCESS_QTY = 31;
const EXCESS_VALUE_QTY = 20;
const EXCESS_EXPOSURE_QTY = 24;
const EXCESS_MARGIN_QTY = 15;
/** Far through the touch: the venue lets none rest that risk lets pass, since they are post-only. A buy counts at its limit, a sale at the mark. */
const EXCESS_BUY_PRICE = 130_000;
const EXCESS_SELL_PRICE = 70_000;

/** One side's quote. */
interface Quote {
  /** 0 for none. */
  id: number;
  price: number;
  /** Something was asked and has not been answered. */
  isWaiting: boolean;
  /** Nothing is placed before. */
  pausedToTs: number;
}

/**
 * Quotes the best price of each side, follows it, withdraws from the side that the book leans against, and takes where it leans far. It does not look
 * at what it may hold: that is for the risk manager. Now and then it asks for more than one of the limits, so that every control has something to
 * deny. Written against the documented interface.
 */
export class PathStrategy extends Strategy {
  private readonly bid: Quote = { id: 0, price: 0, isWaiting: false, pausedToTs: 0 };
  private readonly ask: Quote = { id: 0, price: 0, isWaiting: false, pausedToTs: 0 };
  private takeId = 0;
  private takePausedToTs = 0;
  private excesses = 0;
  private excessPausedToTs = 0;

  override onStart(): void {
    this.subscribeBook(this.instruments[0] as InstrumentIndex);
  }

  override onBook(book: Book): void {
    const bidPrice = book.bidPriceExact;
    const askPrice = book.askPriceExact;
    if (bidPrice === 0 || askPrice === 0) return;
    const { bidSize, askSize } = book;
    const lean = (bidSize - askSize) / (bidSize + askSize);
    if ((lean > TAKE_AT || lean < -TAKE_AT) && this.takeId === 0 && this.now >= this.takePausedToTs) {
      this.takePausedToTs = this.now + TAKE_PAUSE_US;
      this.takeId = this.marketOrder(book.instrument, lean > 0 ? 'BUY' : 'SELL', TAKE_QTY);
    }
    this.keep(book, this.bid, 'BUY', bidPrice, lean >= -WITHDRAW_AT);
    this.keep(book, this.ask, 'SELL', askPrice, lean <= WITHDRAW_AT);
    if (this.now >= this.excessPausedToTs) this.exceed(book);
  }

  override onOrderEvent(event: OrderEvent): void {
    const id = event.clientOrderId;
    switch (event.kind) {
      case 'OrderAccepted':
      case 'OrderModified':
      case 'ModifyRejected': {
        const quote = this.quoteOf(id);
        if (quote !== null) quote.isWaiting = false;
        if (quote !== null && event.kind === 'ModifyRejected') quote.pausedToTs = this.now + REFUSED_PAUSE_US;
        return;
      }
      case 'OrderDenied':
      case 'OrderRejected':
        this.end(id, this.now + REFUSED_PAUSE_US);
        return;
      case 'OrderFilled':
      case 'OrderCanceled':
      case 'OrderExpired':
        this.end(id, 0);
        return;
      case 'OrderInitialized':
      case 'OrderSubmitted':
      case 'OrderTriggered':
      case 'OrderPendingCancel':
      case 'OrderPendingModify':
      case 'CancelRejected':
      case 'OrderPartiallyFilled':
        return;
      default:
        unreachable(event);
    }
  }

  /** Asks in turn for too many lots, too much value, too many open orders, too much exposure, more margin than is free. */
  private exceed(book: Book): void {
    this.excessPausedToTs = this.now + EXCESS_PAUSE_US;
    this.excesses += 1;
    switch (this.excesses % 5) {
      case 1:
        return this.excess(book, 'BUY', EXCESS_QTY);
      case 2:
        return this.excess(book, 'BUY', EXCESS_VALUE_QTY);
      case 3:
        this.excess(book, 'SELL', 1);
        return this.excess(book, 'SELL', 1);
      case 4:
        return this.excess(book, 'SELL', EXCESS_EXPOSURE_QTY);
      default:
        return this.excess(book, 'BUY', EXCESS_MARGIN_QTY);
    }
  }

  private excess(book: Book, side: 'BUY' | 'SELL', quantity: number): void {
    const price = side === 'BUY' ? EXCESS_BUY_PRICE : EXCESS_SELL_PRICE;
    this.limitOrder(book.instrument, side, quantity, price / 100, { postOnly: true });
  }

  private keep(book: Book, quote: Quote, side: 'BUY' | 'SELL', price: number, isWanted: boolean): void {
    if (quote.isWaiting || this.now < quote.pausedToTs) return;
    if (quote.id === 0) {
      if (!isWanted) return;
      quote.price = price;
      quote.isWaiting = true;
      quote.id = this.limitOrder(book.instrument, side, QUOTE_QTY, price / 100, { postOnly: true });
    } else if (!isWanted) {
      quote.isWaiting = true;
      this.cancelOrder(quote.id);
    } else if (Math.abs(price - quote.price) >= REQUOTE_TICKS) {
      quote.price = price;
      quote.isWaiting = true;
      this.modifyOrder(quote.id, { limitPrice: price / 100 });
    }
  }

  private quoteOf(id: number): Quote | null {
    if (this.bid.id === id) return this.bid;
    return this.ask.id === id ? this.ask : null;
  }

  private end(id: number, pausedToTs: number): void {
    if (id === this.takeId) this.takeId = 0;
    const quote = this.quoteOf(id);
    if (quote === null) return;
    quote.id = 0;
    quote.isWaiting = false;
    quote.pausedToTs = pausedToTs;
  }
}
