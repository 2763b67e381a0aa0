import type { Currency, Money } from '../model/currency.ts';
import type { Alert, DataGap, Fill, LogLine, OrderDenied, OrderEvent } from '../model/events.ts';
import type { Instrument, InstrumentIndex, Price, Quantity } from '../model/instrument.ts';
import type { ClientOrderId } from '../model/order.ts';
import type { ParameterDescriptors } from '../model/parameters.ts';
import type { PositionSnapshot } from '../model/position.ts';
import type { BalanceState, EquitySample, OrderState, SessionMode, SessionOutput, StrategyState } from '../model/session-output.ts';
import type { LimitScope, TradingSwitch } from '../model/trading-state.ts';

/** What a session is doing. */
export type ViewPhase = 'RECOVERING' | 'WARMING_UP' | 'RUNNING' | 'STOPPED' | 'FAILED';

/** Lengths of candles that are kept, by name. */
export const CANDLE_INTERVALS = { '1m': 60e6, '5m': 300e6, '15m': 900e6, '1h': 3600e6, '1d': 86_400e6 } as const;
export type CandleInterval = keyof typeof CANDLE_INTERVALS;

/** Prices and quantities are counts of the instrument, times microseconds since the epoch. */
export interface Candle {
  readonly tsOpen: number;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
  readonly volume: Quantity;
}

export interface QuoteView {
  readonly ts: number;
  /** 0 stands for an absent side, of prices and sizes. */
  readonly bidPrice: Price;
  readonly askPrice: Price;
  readonly bidSize: Quantity;
  readonly askSize: Quantity;
}

export interface TradeView {
  /** From 1 for each instrument. */
  readonly sequence: number;
  readonly ts: number;
  readonly price: Price;
  readonly quantity: Quantity;
  /** +1 buyer, −1 seller, 0 unknown. */
  readonly aggressorSide: number;
}

export interface BookLevelView {
  readonly price: Price;
  readonly quantity: Quantity;
}

export interface BookView {
  readonly ts: number;
  /** Best first. */
  readonly bids: readonly BookLevelView[];
  readonly asks: readonly BookLevelView[];
  /** False where only the best prices are known, from quotes. */
  readonly isDepth: boolean;
  /** False while changes are missing: nothing in it may be relied upon. */
  readonly isWhole: boolean;
}

/** An order and what happened to it, in order. */
export interface OrderView {
  readonly state: OrderState;
  readonly events: readonly OrderEvent[];
  /** Events that are no longer kept, the oldest. */
  readonly eventsForgotten: number;
  /** Why our risk refused it; null where it did not. */
  readonly denial: OrderDenied | null;
}

/** A position at the last price. Null where there is no price yet. */
export interface PositionView {
  readonly snapshot: PositionSnapshot;
  readonly markPx: Price | null;
  /** Signed value at the mark, settlement money. */
  readonly value: Money | null;
  readonly unrealizedPnl: Money | null;
}

export interface StrategyView {
  readonly index: number;
  readonly name: string;
  /** The shipped strategy's name or the file's, for people. */
  readonly source: string;
  readonly state: StrategyState;
  readonly descriptors: ParameterDescriptors;
  readonly instruments: readonly InstrumentIndex[];
  /** Orders by hand belong to it: it decides nothing, and is neither started nor stopped. */
  readonly isManual: boolean;
}

export interface AccountView {
  readonly index: number;
  readonly venue: string;
  readonly type: string;
  readonly baseCurrency: Currency;
  readonly balances: readonly BalanceState[];
  /** The last that was told; null before the first. */
  readonly equity: EquitySample | null;
  /** Equity where trading began, and at the last midnight UTC or where trading began since. */
  readonly equityStart: Money | null;
  readonly equityDayStart: Money | null;
}

/** A risk limit that is set. Decimals in `unit`; `used` is null where nothing stands against it between orders. */
export interface LimitView {
  /** `firm`, `account BINANCE`, `strategy trend`, `instrument BTC-USDT.BINANCE`, or both of the last two. */
  readonly scope: string;
  readonly target: LimitScope;
  readonly name: string;
  readonly limit: string;
  /** As who changes it writes it: `1000.00 USD`, `0.05`, `100 per 1s`. */
  readonly value: string;
  readonly used: string | null;
  readonly unit: string;
}

/** Statistics of an account: floats, for judging. NaN where one is not defined; `reasons` says why. */
export interface MetricsView {
  readonly values: Readonly<Record<string, number>>;
  readonly reasons: Readonly<Record<string, string>>;
}

/** The curve of an account: stamps, and doubles in units of its base currency. */
export interface CurveView {
  readonly ts: readonly number[];
  readonly value: readonly number[];
}

/** What is held in one instrument, or in all of a currency (null), and what it would earn under each shock. */
export interface ScenarioRow {
  readonly instrument: InstrumentIndex | null;
  readonly value: Money;
  /** In the order of the shocks. */
  readonly pnl: readonly Money[];
}

/** What is held now over the hours of the past. Doubles in units of the currency, positive for a loss. */
export interface HistoricalRisk {
  readonly horizonUs: number;
  readonly stepUs: number;
  /** Overlapping stretches of the horizon's length that were looked at, and where the first begins. */
  readonly windows: number;
  readonly tsFrom: number;
  readonly valueAtRisk95: number;
  readonly valueAtRisk99: number;
  readonly expectedShortfall95: number;
}

/** What is held in instruments that settle in one currency, under other prices. */
export interface ScenarioView {
  readonly currency: Currency;
  /** Everything first, where more than one instrument is held. */
  readonly rows: readonly ScenarioRow[];
  /** Null while there is too little history. */
  readonly historical: HistoricalRisk | null;
}

/** A kept thing with its place: numbers rise by one for each of its kind. */
export interface Numbered<T> {
  readonly sequence: number;
  readonly item: T;
}

/** Newest first. */
export interface PageOf<T> {
  readonly items: readonly T[];
  /** Ask for what comes before it; null where there is nothing older. */
  readonly before: number | null;
}

export interface PageRequest {
  /** Only what has a lower number; absent for the newest. */
  readonly before?: number;
  readonly limit: number;
}

export interface OrderFilter {
  /** `any`: whatever they stand at. */
  readonly standing: 'any' | 'open' | 'closed' | 'denied';
  readonly instrument: InstrumentIndex | null;
  readonly strategy: number | null;
}

export type Refusal = OrderDenied | Alert;

/** Who is told when something has changed. Called in the step of the change; must not throw. */
export interface ViewListener {
  onOutput(output: SessionOutput): void;
  onMarket(instrument: InstrumentIndex): void;
  onPhase(phase: ViewPhase): void;
}

/** A session as the outside may read it: everything is as of the last output. */
export interface SessionView {
  readonly name: string;
  readonly mode: SessionMode;
  readonly phase: ViewPhase;
  /** Number and time of the last output. */
  readonly sequence: number;
  readonly ts: number;
  readonly instruments: readonly Instrument[];
  readonly currencies: ReadonlyMap<string, Currency>;
  /** The session's time now. */
  now(): number;
  instrumentOf(id: string): Instrument | undefined;

  order(id: ClientOrderId): OrderView | null;
  orders(filter: OrderFilter, page: PageRequest): PageOf<OrderState>;
  openOrders(): readonly OrderState[];
  fills(filter: Pick<OrderFilter, 'instrument' | 'strategy'>, page: PageRequest): PageOf<Numbered<Fill>>;
  positions(): readonly PositionView[];
  accounts(): readonly AccountView[];
  equityCurve(account: number): CurveView;
  metrics(account: number): MetricsView;
  strategies(): readonly StrategyView[];
  /** Null for what no strategy did. */
  strategyNameOf(strategy: number): string | null;
  tradingSwitches(): readonly TradingSwitch[];
  limits(): readonly LimitView[];
  /** Shocks of the stress table in parts per million, and what is held under them, by currency. */
  scenarios(): { readonly shocksPpm: readonly number[]; readonly currencies: readonly ScenarioView[] };
  denials(page: PageRequest): PageOf<Numbered<OrderDenied>>;
  alerts(page: PageRequest): PageOf<Numbered<Alert>>;
  gaps(page: PageRequest): PageOf<Numbered<DataGap>>;
  log(page: PageRequest): PageOf<Numbered<LogLine>>;

  /** When the last row of an instrument came; null before the first. */
  marketTs(instrument: InstrumentIndex): number | null;
  markPx(instrument: InstrumentIndex): Price | null;
  quote(instrument: InstrumentIndex): QuoteView | null;
  trades(instrument: InstrumentIndex, limit: number): readonly TradeView[];
  /** The newest that open before a time, oldest first. */
  candles(instrument: InstrumentIndex, interval: CandleInterval, tsBefore: number, limit: number): readonly Candle[];
  book(instrument: InstrumentIndex, levels: number): BookView | null;

  /** @returns stops the listening */
  listen(listener: ViewListener): () => void;
}
