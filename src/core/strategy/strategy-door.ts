import type { Instrument, InstrumentIndex } from '../../model/instrument.ts';
import type { ClientOrderId } from '../../model/order.ts';
import type { BarHistory, QuoteBarHistory } from '../market-data/bar-history.ts';
import type { QuoteHistory, TradeHistory } from '../market-data/tick-history.ts';
import type { Book } from './book-view.ts';
import type { OrderView } from '../orders/order-view.ts';
import type { BarSource, OrderChange, OrderDraft, SeriesIndex, StrategyContext, TargetDraft } from './strategy-context.ts';

/**
 * The context as a strategy holds it: frozen, and with nothing of the engine behind it but these calls. A strategy is handed its context in
 * the constructor; were it the host itself, replacing one of the host's methods would switch a check off.
 *
 * A class rather than a literal of closures: the contexts of all runs have one layout, so that a process that makes many runs stays as fast.
 */
class StrategyDoor implements StrategyContext {
  readonly #host: StrategyContext;

  constructor(host: StrategyContext) {
    this.#host = host;
    Object.freeze(this);
  }

  get now(): number {
    return this.#host.now;
  }

  get isWarmingUp(): boolean {
    return this.#host.isWarmingUp;
  }

  instrument(index: InstrumentIndex): Instrument {
    return this.#host.instrument(index);
  }

  instrumentById(id: string): InstrumentIndex {
    return this.#host.instrumentById(id);
  }

  subscribeTrades(instrument: InstrumentIndex): void {
    this.#host.subscribeTrades(instrument);
  }

  unsubscribeTrades(instrument: InstrumentIndex): void {
    this.#host.unsubscribeTrades(instrument);
  }

  subscribeQuotes(instrument: InstrumentIndex): void {
    this.#host.subscribeQuotes(instrument);
  }

  unsubscribeQuotes(instrument: InstrumentIndex): void {
    this.#host.unsubscribeQuotes(instrument);
  }

  subscribeBook(instrument: InstrumentIndex): void {
    this.#host.subscribeBook(instrument);
  }

  unsubscribeBook(instrument: InstrumentIndex): void {
    this.#host.unsubscribeBook(instrument);
  }

  book(instrument: InstrumentIndex): Book {
    return this.#host.book(instrument);
  }

  subscribeBars(instrument: InstrumentIndex, every: string, from: BarSource): SeriesIndex {
    return this.#host.subscribeBars(instrument, every, from);
  }

  unsubscribeBars(series: SeriesIndex): void {
    this.#host.unsubscribeBars(series);
  }

  subscribeQuoteBars(instrument: InstrumentIndex): void {
    this.#host.subscribeQuoteBars(instrument);
  }

  unsubscribeQuoteBars(instrument: InstrumentIndex): void {
    this.#host.unsubscribeQuoteBars(instrument);
  }

  bars(series: SeriesIndex): BarHistory {
    return this.#host.bars(series);
  }

  quoteBars(series: SeriesIndex): QuoteBarHistory {
    return this.#host.quoteBars(series);
  }

  trades(instrument: InstrumentIndex): TradeHistory {
    return this.#host.trades(instrument);
  }

  quotes(instrument: InstrumentIndex): QuoteHistory {
    return this.#host.quotes(instrument);
  }

  lastPrice(instrument: InstrumentIndex): number {
    return this.#host.lastPrice(instrument);
  }

  bestBid(instrument: InstrumentIndex): number {
    return this.#host.bestBid(instrument);
  }

  bestAsk(instrument: InstrumentIndex): number {
    return this.#host.bestAsk(instrument);
  }

  isGapped(instrument: InstrumentIndex): boolean {
    return this.#host.isGapped(instrument);
  }

  isStale(instrument: InstrumentIndex, ageMaxUs: number): boolean {
    return this.#host.isStale(instrument, ageMaxUs);
  }

  submit(order: OrderDraft): ClientOrderId {
    return this.#host.submit(order);
  }

  target(draft: TargetDraft): ClientOrderId {
    return this.#host.target(draft);
  }

  cancel(id: ClientOrderId): void {
    this.#host.cancel(id);
  }

  cancelAll(instrument: InstrumentIndex | null): void {
    this.#host.cancelAll(instrument);
  }

  modify(id: ClientOrderId, change: OrderChange): void {
    this.#host.modify(id, change);
  }

  position(instrument: InstrumentIndex): number {
    return this.#host.position(instrument);
  }

  averagePrice(instrument: InstrumentIndex): number {
    return this.#host.averagePrice(instrument);
  }

  unrealizedPnl(instrument: InstrumentIndex): number {
    return this.#host.unrealizedPnl(instrument);
  }

  openOrders(instrument: InstrumentIndex | null): readonly OrderView[] {
    return this.#host.openOrders(instrument);
  }

  order(id: ClientOrderId): OrderView {
    return this.#host.order(id);
  }

  equity(venue: string | null): number {
    return this.#host.equity(venue);
  }

  cash(currency: string, venue: string | null): string {
    return this.#host.cash(currency, venue);
  }

  setTimer(name: string, at: number): void {
    this.#host.setTimer(name, at);
  }

  setInterval(name: string, everyUs: number): void {
    this.#host.setInterval(name, everyUs);
  }

  cancelTimer(name: string): void {
    this.#host.cancelTimer(name);
  }

  log(level: 'info' | 'warn', message: string): void {
    this.#host.log(level, message);
  }
}
// What all contexts share is as closed as each of them, its functions too: strategies leave no word for each other there.
for (const { value, get } of Object.values(Object.getOwnPropertyDescriptors(StrategyDoor.prototype))) {
  Object.freeze(value);
  Object.freeze(get);
}
Object.freeze(StrategyDoor.prototype);

export function closedContext(host: StrategyContext): StrategyContext {
  return new StrategyDoor(host);
}
