import { type Book, OrderStatus, type OrderView, Strategy, type ParameterDescriptors } from 'quanthybrid';

const parameters = {
  quantity: { type: 'decimal', default: '1', description: 'Quantity of each quote, in units of the instrument.' },
  maxPosition: { type: 'decimal', default: '5', description: 'Position, long or short, beyond which the side that adds is not quoted.' },
  against: {
    type: 'number',
    default: 0.6,
    min: 0,
    max: 1,
    description: 'Imbalance of the book against a side from which on it is not quoted.',
  },
} as const satisfies ParameterDescriptors;

/** Waits at the best price of both sides of the book, except where the other side outweighs it or enough is held. */
export class BookMaker extends Strategy<typeof parameters> {
  static override readonly parameters = parameters;

  override onStart(): void {
    for (const instrument of this.instruments) this.subscribeBook(instrument);
  }

  override onBook(book: Book): void {
    // On paper a generated market has a day behind it, which is played first: orders in it would all be denied.
    if (this.isWarmingUp) return;
    const { maxPosition, quantity, against } = this.parameters;
    const held = this.position(book.instrument);
    const imbalance = book.imbalance(3);
    const room = (signed: number): boolean => Number(maxPosition) - signed >= Number(quantity);
    this.keep(book.instrument, 'BUY', book.bidPrice, imbalance > -against && room(held));
    this.keep(book.instrument, 'SELL', book.askPrice, imbalance < against && room(-held));
  }

  /** Brings the quote of a side to its price. The book is seen late, so the venue may have moved: post-only keeps a late quote from taking. */
  private keep(instrument: number, side: 'BUY' | 'SELL', price: number, isWanted: boolean): void {
    const quote = this.openOrders(instrument).find((order) => order.side === (side === 'BUY' ? 1 : -1));
    if (quote === undefined) {
      if (isWanted && price > 0) this.limitOrder(instrument, side, this.parameters.quantity, price, { postOnly: true, tag: 'quote' });
    } else if (isAnswered(quote)) {
      const { priceScale } = this.instrument(instrument);
      if (!isWanted) this.cancelOrder(quote.clientOrderId);
      else if (price > 0 && quote.limitPrice !== Math.round(price * priceScale))
        this.modifyOrder(quote.clientOrderId, { limitPrice: price });
    }
  }

  override onStop(): void {
    this.cancelAllOrders();
  }
}

/** Open orders are also those whose command or cancel is still on its way: one that has not been answered is left alone. */
function isAnswered({ status }: OrderView): boolean {
  return status === OrderStatus.ACCEPTED || status === OrderStatus.PARTIALLY_FILLED;
}
