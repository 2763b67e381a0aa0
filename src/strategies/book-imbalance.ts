import { type Book, Strategy } from '../core/strategy/strategy.ts';
import { SECOND_US } from '../model/civil-date.ts';
import type { OrderEvent } from '../model/events.ts';
import type { ParameterDescriptors } from '../model/parameters.ts';
import { resumesAt } from './refused-orders.ts';
import { assertOrderable } from './stated-quantity.ts';

const parameters = {
  levels: { type: 'integer', default: 5, min: 1, max: 1000, description: 'Levels of each side whose quantities are weighed.' },
  entry: { type: 'number', default: 0.6, min: 0.01, max: 1, description: 'Imbalance, averaged, at which the heavier side is followed.' },
  exit: {
    type: 'number',
    default: 0.1,
    min: -1,
    max: 1,
    description: 'Imbalance in favor below which the position is closed; less than entry, else the run is refused.',
  },
  halfLife: {
    type: 'number',
    default: 1,
    min: 0.001,
    max: 3600,
    description: 'Seconds after which an imbalance counts half in the average.',
  },
  quantity: { type: 'decimal', default: '0.01', description: 'Position that is taken, in units of the instrument.' },
  holdAtLeast: { type: 'number', default: 1, min: 0, max: 86400, description: 'Seconds that a position is held before it may be closed.' },
} as const satisfies ParameterDescriptors;

/**
 * Follows the heavier side of the book: buys while bids outweigh asks by far, sells in the mirror image, closes when the weight has gone. Takes
 * liquidity with market orders, so it pays the spread and the taker's fee each way: an example of what imbalance says, not of what pays.
 *
 * Source: M. D. Gould and J. Bonart, Queue imbalance as a one-tick-ahead price predictor in a limit order book, arXiv:1512.03492, 2015, for the
 * imbalance at the best prices, (bids − asks) ÷ (bids + asks), as what tells the next move of the middle. Further levels, the average over time and the
 * thresholds are not theirs.
 */
export class BookImbalance extends Strategy<typeof parameters> {
  static override readonly parameters = parameters;

  private readonly average: number[] = this.instruments.map(() => Number.NaN);
  private readonly seenTs: number[] = this.instruments.map(() => 0);
  private readonly enteredTs: number[] = this.instruments.map(() => 0);
  private readonly waitsUntil: number[] = this.instruments.map(() => 0);

  override onStart(): void {
    const { entry, exit } = this.parameters;
    if (exit >= entry) throw new RangeError(`Book imbalance closes below what it enters at: exit is ${exit}, entry ${entry}`);
    for (const instrument of this.instruments) {
      assertOrderable('quantity', this.parameters.quantity, this.instrument(instrument));
      this.subscribeBook(instrument);
    }
  }

  override onBook(book: Book): void {
    const place = this.instruments.indexOf(book.instrument);
    const imbalance = book.imbalance(this.parameters.levels);
    if (Number.isNaN(imbalance)) return;
    const before = this.average[place]!;
    const weight = 1 - 2 ** (-(this.now - this.seenTs[place]!) / SECOND_US / this.parameters.halfLife);
    this.average[place] = Number.isNaN(before) ? imbalance : before + weight * (imbalance - before);
    this.seenTs[place] = this.now;
    this.decide(book.instrument, place, this.average[place]!);
  }

  override onOrderEvent(event: OrderEvent): void {
    const place = this.instruments.indexOf(event.instrument);
    this.waitsUntil[place] = Math.max(this.waitsUntil[place]!, resumesAt(event, this.now));
  }

  private decide(instrument: number, place: number, imbalance: number): void {
    if (this.now < this.waitsUntil[place]! || this.openOrders(instrument).length > 0) return;
    const { entry, exit, quantity, holdAtLeast } = this.parameters;
    const held = Math.sign(this.position(instrument));
    if (held === 0) {
      if (Math.abs(imbalance) < entry) return;
      this.marketOrder(instrument, imbalance > 0 ? 'BUY' : 'SELL', quantity, { tag: 'imbalance' });
      this.enteredTs[place] = this.now;
    } else if (held * imbalance < exit && this.now - this.enteredTs[place]! >= holdAtLeast * SECOND_US) {
      this.flatten(instrument, { tag: 'balanced' });
    }
  }
}
