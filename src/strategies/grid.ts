import { type Book, Strategy, type StrategyFill, type QuoteTick, type TradeTick } from '../core/strategy/strategy.ts';
import type { ParameterDescriptors } from '../model/parameters.ts';
import { assertOrderable } from './stated-quantity.ts';

const parameters = {
  levels: { type: 'integer', default: 5, min: 1, max: 200, description: 'Orders on each side of the first price.' },
  spacing: {
    type: 'number',
    default: 0.002,
    min: 0.00001,
    max: 1,
    description: 'Distance of two levels, as a share of the first price; rounded up to price increments.',
  },
  quantity: { type: 'decimal', default: '0.01', description: 'Quantity of each order, in units of the instrument.' },
  data: {
    type: 'choice',
    default: 'trades',
    choices: ['trades', 'quotes', 'book'],
    description: 'What the first price is taken from; the grid then lives by its fills alone.',
  },
} as const satisfies ParameterDescriptors;

/**
 * Lays buy orders below the first price and sell orders above it, evenly apart. A purchase that has filled whole is offered one level higher, a sale is
 * bought back one level lower, so that every swing through a level earns the spacing; a trend leaves it holding against the trend.
 */
export class Grid extends Strategy<typeof parameters> {
  static override readonly parameters = parameters;

  /** Per instrument: distance of two levels, in whole price increments so that no level moves when it is rounded; 0 until the first price. */
  private readonly step: number[] = this.instruments.map(() => 0);

  override onStart(): void {
    const { data, quantity } = this.parameters;
    for (const instrument of this.instruments) {
      assertOrderable('quantity', quantity, this.instrument(instrument));
      if (data === 'trades') this.subscribeTrades(instrument);
      else if (data === 'quotes') this.subscribeQuotes(instrument);
      else this.subscribeBook(instrument);
    }
  }

  override onTrade(trade: TradeTick): void {
    this.begin(trade.instrument, trade.price);
  }

  override onQuote(quote: QuoteTick): void {
    this.begin(quote.instrument, quote.midPrice);
  }

  override onBook(book: Book): void {
    this.begin(book.instrument, book.midPrice);
  }

  override onFill(fill: StrategyFill): void {
    if (fill.leavesQuantity > 0) return;
    const step = this.step[this.instruments.indexOf(fill.instrument)]!;
    // From the level of the order, which may have filled at a better price.
    const level = this.order(fill.clientOrderId).limitPrice / this.instrument(fill.instrument).priceScale;
    if (fill.side === 'BUY') this.layOrder(fill.instrument, 'SELL', level + step);
    else this.layOrder(fill.instrument, 'BUY', level - step);
  }

  private begin(instrument: number, price: number): void {
    const at = this.instruments.indexOf(instrument);
    if (this.step[at] !== 0 || Number.isNaN(price) || this.isWarmingUp) return;
    const { levels, spacing } = this.parameters;
    const middle = this.roundPrice(instrument, price);
    const step = this.roundPrice(instrument, price * spacing, 'up');
    this.step[at] = step;
    for (let level = 1; level <= levels; level += 1) {
      this.layOrder(instrument, 'BUY', middle - level * step);
      this.layOrder(instrument, 'SELL', middle + level * step);
    }
  }

  private layOrder(instrument: number, side: 'BUY' | 'SELL', price: number): void {
    const rounded = this.roundPrice(instrument, price);
    if (rounded > 0) this.limitOrder(instrument, side, this.parameters.quantity, rounded, { tag: 'grid' });
  }
}
