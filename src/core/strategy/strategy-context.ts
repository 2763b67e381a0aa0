import type { Instrument, InstrumentIndex } from '../../model/instrument.ts';
import type { ClientOrderId } from '../../model/order.ts';
import type { BarHistory, QuoteBarHistory } from '../market-data/bar-history.ts';
import type { QuoteHistory, TradeHistory } from '../market-data/tick-history.ts';
import type { Book } from './book-view.ts';
import type { OrderView } from '../orders/order-view.ts';

export type SideName = 'BUY' | 'SELL';
export type TimeInForceName = 'DAY' | 'GTC' | 'IOC' | 'FOK' | 'GTD';
/** A decimal in the instrument's units. A text is read exactly; a number must be within a millionth of a step of a representable value. */
export type Decimal = number | string;
/** How a value between two steps is brought to one. */
export type RoundingWay = 'nearest' | 'down' | 'up';
/** A series of bars: what `subscribeBars` returns and what `bar.series` says. Bars of bid and ask are counted by themselves. */
export type SeriesIndex = number;

export interface OrderOptions {
  /** Default GTC. */
  readonly timeInForce?: TimeInForceName;
  /** With GTD: microseconds since the epoch. */
  readonly expireAt?: number;
  /** Never takes liquidity: the venue refuses the order where it would. Limit orders only. */
  readonly postOnly?: boolean;
  /** Never opens or increases a position. */
  readonly reduceOnly?: boolean;
  /** Free text that comes back with the fill ("entry", "stop"). */
  readonly tag?: string;
}

export interface TargetOptions extends OrderOptions {
  /**
   * When the quantity is worked out. `decision` (default): now, from the last price. `fill`: in the step of the fill, from the equity and
   * price of that moment; risk approves a stated maximum now and looks again then.
   */
  readonly sizeAt?: 'decision' | 'fill';
  /** With `sizeAt: 'fill'`: the stated maximum, as a multiple of the quantity at the decision price. Default 1.5. */
  readonly quantityMaxFactor?: number;
}

/** What counts where nothing is said: known at a glance, so that most orders are not looked at for options. */
export const NO_OPTIONS: TargetOptions = Object.freeze({});

export interface OrderChange {
  /** The new whole quantity, what is filled included. */
  readonly quantity?: Decimal;
  readonly limitPrice?: Decimal;
  readonly stopPrice?: Decimal;
}

/** What the engine gives a strategy: {@link Strategy} passes everything on to it. Kept apart so that a strategy holds no engine. */
export interface StrategyContext {
  readonly now: number;
  readonly isWarmingUp: boolean;
  instrument(index: InstrumentIndex): Instrument;
  instrumentById(id: string): InstrumentIndex;
  subscribeTrades(instrument: InstrumentIndex): void;
  unsubscribeTrades(instrument: InstrumentIndex): void;
  subscribeQuotes(instrument: InstrumentIndex): void;
  unsubscribeQuotes(instrument: InstrumentIndex): void;
  subscribeBook(instrument: InstrumentIndex): void;
  unsubscribeBook(instrument: InstrumentIndex): void;
  book(instrument: InstrumentIndex): Book;
  subscribeBars(instrument: InstrumentIndex, every: string, from: BarSource): SeriesIndex;
  unsubscribeBars(series: SeriesIndex): void;
  subscribeQuoteBars(instrument: InstrumentIndex): void;
  unsubscribeQuoteBars(instrument: InstrumentIndex): void;
  bars(series: SeriesIndex): BarHistory;
  quoteBars(series: SeriesIndex): QuoteBarHistory;
  trades(instrument: InstrumentIndex): TradeHistory;
  quotes(instrument: InstrumentIndex): QuoteHistory;
  lastPrice(instrument: InstrumentIndex): number;
  bestBid(instrument: InstrumentIndex): number;
  bestAsk(instrument: InstrumentIndex): number;
  isGapped(instrument: InstrumentIndex): boolean;
  isStale(instrument: InstrumentIndex, ageMaxUs: number): boolean;
  submit(order: OrderDraft): ClientOrderId;
  target(draft: TargetDraft): ClientOrderId;
  cancel(id: ClientOrderId): void;
  cancelAll(instrument: InstrumentIndex | null): void;
  modify(id: ClientOrderId, change: OrderChange): void;
  position(instrument: InstrumentIndex): number;
  averagePrice(instrument: InstrumentIndex): number;
  unrealizedPnl(instrument: InstrumentIndex): number;
  openOrders(instrument: InstrumentIndex | null): readonly OrderView[];
  order(id: ClientOrderId): OrderView;
  equity(venue: string | null): number;
  cash(currency: string, venue: string | null): string;
  setTimer(name: string, at: number): void;
  setInterval(name: string, everyUs: number): void;
  cancelTimer(name: string): void;
  log(level: 'info' | 'warn', message: string): void;
}

export type BarSource = 'auto' | 'trades' | 'quotes' | 'bars';

export interface OrderDraft {
  readonly instrument: InstrumentIndex;
  readonly side: SideName;
  readonly orderType: 'MARKET' | 'LIMIT' | 'STOP' | 'STOP_LIMIT';
  readonly quantity: Decimal;
  readonly limitPrice?: Decimal;
  readonly stopPrice?: Decimal;
  readonly options: OrderOptions;
}

export interface TargetDraft {
  readonly instrument: InstrumentIndex;
  /** Exactly one: a position in units, a share of equity, or nothing at all. */
  readonly goal:
    | { readonly kind: 'position'; readonly quantity: Decimal }
    | { readonly kind: 'weight'; readonly weight: number }
    | { readonly kind: 'flat' };
  readonly options: TargetOptions;
}
