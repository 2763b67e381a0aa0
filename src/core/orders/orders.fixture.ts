import type { TradingCalendar } from '../../model/calendar.ts';
import { makeCurrency, type Currency, type Money } from '../../model/currency.ts';
import type { Alert, OrderEvent } from '../../model/events.ts';
import type { Instrument, InstrumentDefinition, InstrumentIndex, Price, Quantity } from '../../model/instrument.ts';
import { instrumentWith } from '../../model/instrument.fixture.ts';
import { LiquiditySide, OrderType, Side, TimeInForce, type ClientOrderId, type OrderRequest } from '../../model/order.ts';
import type { FillReport, VenueReport } from '../../model/reports.ts';
import { notionalValue } from '../../model/valuation.ts';
import { Effects } from '../effects.ts';
import type { AccountKind, PortfolioView } from '../risk/portfolio-view.ts';
import type { RiskLimits } from '../risk/limits.ts';
import { RiskManager, type OrderChange } from '../risk/risk-manager.ts';
import { OrderManager } from './order-manager.ts';

export const USD = makeCurrency('USD');
export const BTC = makeCurrency('BTC');

/** One price count is one cent and one quantity count one share, so that tests add up in the head. */
export function testInstrument(index: number, change: Partial<InstrumentDefinition> = {}): Instrument {
  return instrumentWith({ id: `T${index}.TEST`, ...change }, index);
}

/** Whole dollars as money. */
export function usd(dollars: number): Money {
  return BigInt(dollars) * 10n ** 8n;
}

/** A portfolio that counts positions and cash from fills and is marked at stated prices; leverage 1. */
export class TestPortfolio implements PortfolioView {
  readonly instruments: readonly Instrument[];
  kind: AccountKind = 'MARGIN';
  cash: Money = usd(1_000_000_000);
  rate: Money | null = null;
  /** By strategy. */
  readonly profits: Money[] = [];
  readonly marks: Price[];
  readonly positions = new Map<string, Quantity>();

  constructor(instruments: readonly Instrument[]) {
    this.instruments = instruments;
    this.marks = instruments.map(() => 100);
  }

  book(strategy: number, instrument: InstrumentIndex, signedQty: Quantity, price: Price): void {
    const key = `${strategy}/${instrument}`;
    this.positions.set(key, (this.positions.get(key) ?? 0) + signedQty);
    this.cash -= notionalValue(this.instruments[instrument]!, price, signedQty);
  }

  netQty(instrument: InstrumentIndex): Quantity {
    let sum = 0;
    for (const [key, quantity] of this.positions) if (key.endsWith(`/${instrument}`)) sum += quantity;
    return sum;
  }

  strategyQty(strategy: number, instrument: InstrumentIndex): Quantity {
    return this.positions.get(`${strategy}/${instrument}`) ?? 0;
  }

  markPrice(instrument: InstrumentIndex): Price {
    return this.marks[instrument]!;
  }

  accountKind(): AccountKind {
    return this.kind;
  }

  accountCurrency(): Currency {
    return USD;
  }

  freeCash(_venue: string, currency: Currency): Money {
    if (currency.code === 'USD') return this.cash;
    const instrument = this.instruments.find((candidate) => candidate.base.code === currency.code)!;
    return BigInt(this.netQty(instrument.index)) * 10n ** 8n;
  }

  equity(): Money {
    let sum = this.cash;
    for (const { index } of this.instruments) sum += notionalValue(this.instruments[index]!, this.marks[index]!, this.netQty(index));
    return sum;
  }

  /** As a test says. */
  strategyProfit(strategy: number): Money {
    return this.profits[strategy] ?? 0n;
  }

  marginFree(): Money {
    let free = this.cash;
    for (const { index } of this.instruments) {
      const net = this.netQty(index);
      free += notionalValue(this.instruments[index]!, this.marks[index]!, net) - this.marginFor(index, this.marks[index]!, net);
    }
    return free;
  }

  marginFor(instrument: InstrumentIndex, price: Price, signedQty: Quantity): Money {
    return notionalValue(this.instruments[instrument]!, price, Math.abs(signedQty));
  }

  convert(amount: Money): Money | null {
    return this.rate === null ? null : amount * this.rate;
  }
}

/** A market order of strategy 0 to buy `orderQty` of instrument 0, changed as asked. */
export function request(orderQty: Quantity, change: Partial<OrderRequest> = {}): OrderRequest {
  return {
    strategy: 0,
    instrument: 0,
    side: Side.BUY,
    orderType: OrderType.MARKET,
    timeInForce: TimeInForce.GTC,
    orderQty,
    limitPrice: 0,
    stopPrice: 0,
    expireTs: 0,
    flags: 0,
    targetWeightPpb: 0,
    tag: '',
    ...change,
  };
}

export function limit(orderQty: Quantity, limitPrice: Price, change: Partial<OrderRequest> = {}): OrderRequest {
  return request(orderQty, { orderType: OrderType.LIMIT, limitPrice, ...change });
}

export interface HouseOptions {
  readonly instruments?: readonly Instrument[];
  readonly limits?: RiskLimits;
  readonly fee?: Money;
  readonly tradeIdsMax?: number;
  readonly calendars?: readonly (TradingCalendar | null)[];
}

/** Order manager, risk manager and portfolio joined as the engine joins them. */
export class House {
  readonly effects = new Effects();
  readonly instruments: readonly Instrument[];
  readonly orders: OrderManager;
  readonly portfolio: TestPortfolio;
  /** What risk is told of market data. */
  readonly data: { isGapped: boolean; isStale: boolean; unfitBookReason: string | null; ageUs: number; isCrossed: boolean } = {
    isGapped: false,
    isStale: false,
    unfitBookReason: null,
    ageUs: 0,
    isCrossed: false,
  };
  readonly marketData = {
    isGapped: () => this.data.isGapped,
    isStale: (_instrument: number, _now: number, ageMaxUs?: number) =>
      ageMaxUs === undefined ? this.data.isStale : this.data.ageUs > ageMaxUs,
    unfitBookReason: () => this.data.unfitBookReason,
    ageUs: () => this.data.ageUs,
    isCrossed: () => this.data.isCrossed,
  };
  readonly risk: RiskManager;
  ts = 1_000;

  constructor(options: HouseOptions = {}) {
    this.instruments = options.instruments ?? [testInstrument(0), testInstrument(1)];
    const { effects, instruments } = this;
    const tradeIds = options.tradeIdsMax === undefined ? {} : { tradeIdsMax: options.tradeIdsMax };
    this.orders = new OrderManager({ instruments, strategyCount: 2, effects, ...tradeIds });
    this.portfolio = new TestPortfolio(instruments);
    this.risk = new RiskManager({
      instruments,
      strategyCount: 2,
      orders: this.orders,
      portfolio: this.portfolio,
      marketData: this.marketData,
      effects,
      limits: options.limits ?? {},
      estimateFee: () => options.fee ?? 0n,
      ...(options.calendars === undefined ? {} : { calendars: options.calendars }),
    });
  }

  /** Creates, judges, and submits or denies. */
  place(wish: OrderRequest, decisionQty?: Quantity): ClientOrderId {
    const id = this.orders.create(wish, this.ts);
    const verdict = this.risk.assess(id, this.ts, decisionQty);
    if ('kind' in verdict) this.orders.deny(id, verdict.code, verdict.reason, this.ts);
    else this.orders.submit(verdict, this.ts);
    return id;
  }

  /** The code that the wish is denied with; null where it was sent. */
  codeOf(wish: OrderRequest, decisionQty?: Quantity): string | null {
    const id = this.place(wish, decisionQty);
    const denied = this.events().find((event) => event.kind === 'OrderDenied' && event.clientOrderId === id);
    return denied?.kind === 'OrderDenied' ? denied.code : null;
  }

  modify(id: ClientOrderId, change: OrderChange): string | null {
    const verdict = this.risk.assessModify(id, change, this.ts);
    if (!('kind' in verdict)) {
      this.orders.requestModify(verdict, this.ts);
      return null;
    }
    this.orders.denyModify(id, verdict.code, verdict.reason, this.ts);
    return verdict.code;
  }

  /** Takes a report; a fill is booked in the same step. */
  report(report: VenueReport): OrderEvent | null {
    this.ts += 1;
    const event = this.orders.onReport(report, this.ts);
    if (event !== null && (event.kind === 'OrderFilled' || event.kind === 'OrderPartiallyFilled')) {
      this.portfolio.book(event.strategy, event.instrument, event.side * event.lastQty, event.lastPx);
    }
    return event;
  }

  accept(id: ClientOrderId): OrderEvent | null {
    return this.report({ kind: 'Accepted', clientOrderId: id, tsEvent: this.ts, venueOrderId: `V-${id}` });
  }

  fill(id: ClientOrderId, tradeId: string, lastQty: Quantity, lastPx: Price = 100, more: Partial<FillReport> = {}): OrderEvent | null {
    return this.report({
      kind: 'Fill',
      clientOrderId: id,
      tsEvent: this.ts,
      tradeId,
      lastQty,
      lastPx,
      commission: 0n,
      liquiditySide: LiquiditySide.TAKER,
      ...more,
    });
  }

  canceled(id: ClientOrderId): OrderEvent | null {
    return this.report({ kind: 'Canceled', clientOrderId: id, tsEvent: this.ts, reason: 'asked' });
  }

  cancelRejected(id: ClientOrderId): OrderEvent | null {
    return this.report({ kind: 'CancelRejected', clientOrderId: id, tsEvent: this.ts, reason: 'too late' });
  }

  modified(id: ClientOrderId, orderQty: Quantity, limitPrice: Price): OrderEvent | null {
    return this.report({ kind: 'Modified', clientOrderId: id, tsEvent: this.ts, orderQty, limitPrice, stopPrice: 0 });
  }

  modifyRejected(id: ClientOrderId): OrderEvent | null {
    return this.report({ kind: 'ModifyRejected', clientOrderId: id, tsEvent: this.ts, reason: 'too late' });
  }

  events(): OrderEvent[] {
    return this.effects.records.filter((record): record is OrderEvent => 'clientOrderId' in record);
  }

  alerts(): string[] {
    return this.effects.records.filter((record): record is Alert => record.kind === 'Alert').map((alert) => alert.code);
  }

  /** A strategy asks to cancel. */
  cancel(id: ClientOrderId): string {
    return this.orders.requestCancel(id, this.ts, this.risk);
  }

  /** Kinds of the commands sent for an order. */
  sent(id: ClientOrderId): string[] {
    return this.effects.commands.filter((command) => command.clientOrderId === id).map((command) => command.kind);
  }
}
