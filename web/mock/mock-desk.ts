import type { AuditInfo, LogLineInfo, RunInfo } from '../../src/contract/api/operations.ts';
import type { Denial, FillInfo, Order, OrderEventInfo, PlaceOrder } from '../../src/contract/api/orders.ts';
import type { AccountSummary, Balance, Position } from '../../src/contract/api/portfolio.ts';
import type { AlertInfo, DenialInfo, LimitInfo, Scope, TradingStateInfo, TradingSwitchInfo } from '../../src/contract/api/risk.ts';
import type { StrategyInfo } from '../../src/contract/api/strategies.ts';
import type { Channel } from '../../src/contract/api/stream.ts';
import { MockHoldings, START_EQUITY } from './mock-holdings.ts';
import { MAX_ORDER_VALUE, mockLimits } from './mock-limits.ts';
import { MockChance, type MockInstrument } from './mock-market.ts';
import { MOCK_STRATEGIES, mockRuns } from './mock-settings.ts';

interface HeldOrder {
  order: Order;
  denial: Denial | null;
  readonly events: OrderEventInfo[];
}

const FEE = 0.0004;
const OPEN = new Set(['ACCEPTED', 'PARTIALLY_FILLED', 'PENDING_CANCEL']);

export type Publish = (channel: Exclude<Channel, 'market'>, data: unknown) => void;

/** A desk that trades by chance: enough of an engine to show every page something that moves. Never shipped. */
export class MockDesk {
  readonly orders = new Map<string, HeldOrder>();
  readonly fills: FillInfo[] = [];
  readonly denials: DenialInfo[] = [];
  readonly alerts: AlertInfo[] = [];
  readonly log: LogLineInfo[] = [];
  readonly audit: AuditInfo[] = [];
  readonly runs: RunInfo[];
  readonly equity: { ts: number; value: number }[] = [];
  readonly switches: TradingSwitchInfo[] = [];
  readonly strategies: StrategyInfo[];
  private readonly holdings: MockHoldings;
  private readonly chance = new MockChance(77);
  private readonly market: readonly MockInstrument[];
  private publish: Publish = () => undefined;
  private lastId = 0;

  constructor(market: readonly MockInstrument[], nowUs: number) {
    this.market = market;
    this.holdings = new MockHoldings(market);
    this.strategies = MOCK_STRATEGIES.map((strategy) => ({ ...strategy }));
    this.runs = [...mockRuns(nowUs)];
    this.past(nowUs);
  }

  tell(publish: Publish): void {
    this.publish = publish;
  }

  /** What strategies do of their own accord, once in a while. */
  step(ts: number): void {
    this.match(ts);
    const strategy = this.strategies[Math.floor(this.chance.next() * 4)]!;
    if (strategy.status === 'RUNNING' && !strategy.isManual && this.chance.next() < 0.12 && !this.isHeldBack(strategy.strategy))
      this.trade(strategy, ts);
    this.sample(ts);
  }

  instrument(id: string): MockInstrument | undefined {
    return this.market.find(({ info }) => info.instrument === id);
  }

  place(request: PlaceOrder, strategy: string, ts: number): HeldOrder {
    const { instrument, side, orderType, quantity, limitPrice = null, stopPrice = null } = request;
    this.lastId += 1;
    const clientOrderId = `O-${this.lastId}`;
    const born = { kind: 'OrderInitialized', tsEvent: ts, tsInit: ts, orderQty: quantity, ...(limitPrice === null ? {} : { limitPrice }) };
    const order: Order = {
      clientOrderId,
      venueOrderId: '',
      strategy,
      instrument,
      side,
      orderType,
      timeInForce: request.timeInForce ?? 'GTC',
      status: 'INITIALIZED',
      postOnly: request.postOnly === true,
      reduceOnly: request.reduceOnly === true,
      orderQty: quantity,
      cumQty: '0',
      leavesQty: quantity,
      limitPrice,
      stopPrice,
      avgPx: null,
      tsExpire: null,
      tsInit: ts,
      tsLast: ts,
      tag: request.tag ?? '',
    };
    const held: HeldOrder = { order, denial: null, events: [born] };
    this.orders.set(clientOrderId, held);
    const denial = this.judge(held);
    if (denial !== null) this.deny(held, denial, ts + 9);
    else {
      this.event(held, { kind: 'OrderSubmitted', tsEvent: ts + 41, tsInit: ts + 41 }, { status: 'SUBMITTED' });
      this.event(
        held,
        { kind: 'OrderAccepted', tsEvent: ts + 2410, tsInit: ts + 3120 },
        { status: 'ACCEPTED', venueOrderId: `V${800_000 + this.lastId}` },
      );
      if (orderType === 'MARKET') this.fill(held, Number(quantity), this.instrument(instrument)!.price, ts + 4870);
    }
    return held;
  }

  cancel(held: HeldOrder, ts: number): void {
    this.event(held, { kind: 'OrderPendingCancel', tsEvent: ts, tsInit: ts }, { status: 'PENDING_CANCEL' });
    this.event(
      held,
      { kind: 'OrderCanceled', tsEvent: ts + 2100, tsInit: ts + 2900, reason: 'asked for' },
      { status: 'CANCELED', leavesQty: '0' },
    );
  }

  modify(held: HeldOrder, changes: { quantity?: string; limitPrice?: string; stopPrice?: string }, ts: number): void {
    const orderQty = changes.quantity ?? held.order.orderQty;
    const limitPrice = changes.limitPrice ?? held.order.limitPrice;
    const detail = { orderQty, ...(limitPrice === null ? {} : { limitPrice }) };
    this.event(held, { kind: 'OrderPendingModify', tsEvent: ts, tsInit: ts, ...detail }, {});
    const left = Number(orderQty) - Number(held.order.cumQty);
    const leavesQty = this.instrument(held.order.instrument)!.quantityText(left);
    this.event(held, { kind: 'OrderModified', tsEvent: ts + 2200, tsInit: ts + 2700, ...detail }, { orderQty, limitPrice, leavesQty });
  }

  open(): Order[] {
    return [...this.orders.values()].map(({ order }) => order).filter(({ status }) => OPEN.has(status));
  }

  setSwitch(scope: Scope, change: Omit<TradingSwitchInfo, 'scope'> | null): void {
    const at = this.switches.findIndex((row) => JSON.stringify(row.scope) === JSON.stringify(scope));
    if (at >= 0) this.switches.splice(at, 1);
    if (change !== null) this.switches.push({ scope, ...change });
    this.publish('risk', { tradingState: this.tradingState(), denials: [], alerts: [] });
  }

  kill(scope: Scope, flatten: boolean, ts: number): void {
    for (const order of this.open())
      if (scope.kind === 'FIRM' || (scope.kind === 'STRATEGY' && scope.strategy === order.strategy))
        this.cancel(this.orders.get(order.clientOrderId)!, ts);
    if (flatten) {
      for (const { strategy, instrument } of this.holdings.all())
        if (scope.kind !== 'STRATEGY' || scope.strategy === strategy) this.flatten(instrument.info.instrument, strategy, ts);
    }
    this.setSwitch(scope, { state: 'HALTED', isKilled: true, isFlattening: flatten });
  }

  flatten(instrument: string, strategy: string, ts: number): HeldOrder | null {
    const held = this.holdings.quantityOf(strategy, instrument);
    const quantity = this.instrument(instrument)!.quantityText(Math.abs(held));
    const side = held > 0 ? 'SELL' : 'BUY';
    return held === 0 ? null : this.place({ instrument, side, orderType: 'MARKET', quantity, tag: 'flatten' }, strategy, ts);
  }

  setStrategy(name: string, change: Partial<StrategyInfo>): StrategyInfo {
    const at = this.strategies.findIndex(({ strategy }) => strategy === name);
    const next = { ...this.strategies[at]!, ...change };
    this.strategies[at] = next;
    this.publish('strategies', next);
    return next;
  }

  record(actor: string, action: string, subject: string, after: string, ts: number): void {
    const sequence = this.audit.length + 1;
    this.audit.unshift({
      sequence,
      ts,
      actor,
      address: '127.0.0.1',
      action,
      subject,
      before: '',
      after,
      hash: sequence.toString(16).padStart(64, '0'),
    });
  }

  tradingState(): TradingStateInfo {
    const firm = this.switches.find(({ scope }) => scope.kind === 'FIRM');
    return { state: firm?.state ?? 'ACTIVE', isKilled: firm?.isKilled ?? false, switches: [...this.switches] };
  }

  positions(): Position[] {
    return this.holdings.positions();
  }

  balances(): Balance[] {
    return this.holdings.balances(this.open());
  }

  account(ts: number): AccountSummary {
    const equity = this.holdings.worth();
    return {
      venue: 'SIM',
      type: 'CASH',
      currency: 'USDT',
      tsEquity: ts,
      equity: equity.toFixed(2),
      pnl: (equity - START_EQUITY).toFixed(2),
      pnlToday: (equity - this.dayStart()).toFixed(2),
      openPositions: this.holdings.all().filter(({ quantity }) => quantity !== 0).length,
      openOrders: this.open().length,
    };
  }

  limits(): LimitInfo[] {
    const worth = this.holdings.worth();
    const losses = { day: Math.max(0, this.dayStart() - worth), drawdown: Math.max(0, this.high() - worth) };
    return mockLimits(this.holdings.positions(), this.open().length, losses);
  }

  private dayStart(): number {
    const last = this.equity.at(-1)?.ts ?? 0;
    return this.equity.find(({ ts }) => ts >= Math.floor(last / 86_400e6) * 86_400e6)?.value ?? START_EQUITY;
  }

  private high(): number {
    return this.equity.reduce((most, { value }) => Math.max(most, value), START_EQUITY);
  }

  private isHeldBack(strategy: string): boolean {
    return this.switches.some(({ scope }) => scope.kind === 'FIRM' || (scope.kind === 'STRATEGY' && scope.strategy === strategy));
  }

  private judge({ order }: HeldOrder): Denial | null {
    const instrument = this.instrument(order.instrument)!;
    const value = Number(order.orderQty) * Number(order.limitPrice ?? instrument.price);
    if (this.isHeldBack(order.strategy ?? '') && order.tag !== 'flatten')
      return { code: 'TRADING_HALTED', reason: 'The kill switch of the firm was thrown.', limit: null, observed: null, unit: '' };
    if (value <= MAX_ORDER_VALUE) return null;
    const reason = `The order's value is above maxOrderValue of the firm. Limit ${MAX_ORDER_VALUE} USDT, observed ${value.toFixed(2)} USDT.`;
    return { code: 'NOTIONAL_EXCEEDS_MAX_PER_ORDER', reason, limit: String(MAX_ORDER_VALUE), observed: value.toFixed(2), unit: 'USDT' };
  }

  private deny(held: HeldOrder, denial: Denial, ts: number): void {
    held.denial = denial;
    const { clientOrderId, strategy, instrument } = held.order;
    this.denials.unshift({ sequence: this.denials.length + 1, clientOrderId, strategy, instrument, tsInit: ts, denial });
    this.event(
      held,
      { kind: 'OrderDenied', tsEvent: ts, tsInit: ts, code: denial.code, reason: denial.reason },
      { status: 'DENIED', leavesQty: '0' },
    );
    this.publish('risk', { tradingState: this.tradingState(), denials: [this.denials[0]], alerts: [] });
  }

  private event(held: HeldOrder, event: OrderEventInfo, change: Partial<Order>): void {
    held.events.push(event);
    held.order = { ...held.order, ...change, tsLast: event.tsInit };
    this.publish('orders', { order: held.order, denial: held.denial, events: [event] });
  }

  private fill(held: HeldOrder, quantity: number, price: number, ts: number): void {
    const instrument = this.instrument(held.order.instrument)!;
    const { order } = held;
    const filled = Number(order.cumQty) + quantity;
    const left = Math.max(0, Number(order.orderQty) - filled);
    const isDone = Number(instrument.quantityText(left)) === 0;
    const average = (Number(order.avgPx ?? 0) * Number(order.cumQty) + price * quantity) / filled;
    const [cumQty, leavesQty] = [instrument.quantityText(filled), isDone ? '0' : instrument.quantityText(left)];
    const [lastQty, lastPx] = [instrument.quantityText(quantity), instrument.priceText(price)];
    const commission = quantity * price * FEE;
    const tradeId = `T${this.fills.length + 1}`;
    this.holdings.book(order, instrument, order.side === 'BUY' ? quantity : -quantity, price, commission, ts);
    const kind = isDone ? 'OrderFilled' : 'OrderPartiallyFilled';
    this.event(
      held,
      { kind, tsEvent: ts, tsInit: ts + 610, tradeId, lastQty, lastPx, cumQty, leavesQty },
      { status: isDone ? 'FILLED' : 'PARTIALLY_FILLED', cumQty, leavesQty, avgPx: instrument.priceText(average) },
    );
    this.fills.unshift({
      sequence: this.fills.length + 1,
      tradeId,
      clientOrderId: order.clientOrderId,
      strategy: order.strategy,
      instrument: order.instrument,
      side: order.side,
      lastQty,
      lastPx,
      cumQty,
      leavesQty,
      commission: commission.toFixed(8),
      commissionCurrency: 'USDT',
      liquiditySide: order.orderType === 'MARKET' ? 'TAKER' : 'MAKER',
      tsEvent: ts,
      tsInit: ts + 610,
      tag: order.tag,
    });
    this.publish('fills', this.fills[0]);
    this.publish('positions', { positions: this.holdings.positions().filter((row) => row.instrument === order.instrument) });
  }

  /** Limit orders fill when the price has come to them. */
  private match(ts: number): void {
    for (const order of this.open()) {
      const instrument = this.instrument(order.instrument)!;
      const limit = Number(order.limitPrice ?? 0);
      const isMet = limit > 0 && (order.side === 'BUY' ? instrument.bid <= limit : instrument.ask >= limit);
      if (!isMet) continue;
      const left = Number(order.leavesQty);
      const part = this.chance.next() < 0.5 ? left : Number(instrument.quantityText(left * 0.4));
      this.fill(this.orders.get(order.clientOrderId)!, part > 0 ? part : left, limit, ts);
    }
  }

  private trade({ strategy, instruments }: StrategyInfo, ts: number): void {
    const instrument = this.instrument(instruments[Math.floor(this.chance.next() * instruments.length)]!)!;
    const held = this.holdings.quantityOf(strategy, instrument.info.instrument);
    const lean = (held * instrument.price) / 12_000;
    const side = this.chance.next() - 0.45 > lean * 0.4 ? 'BUY' : 'SELL';
    const value = this.chance.next() < 0.04 ? 31_000 : 900 + this.chance.next() * 5200;
    const quantity = instrument.quantityText(value / instrument.price);
    const away = (this.chance.next() < 0.4 ? 0.0004 : 0.0018) * (side === 'BUY' ? -1 : 1);
    const isMarket = this.chance.next() < 0.3;
    const limitPrice = instrument.priceText(instrument.price * (1 + away));
    const tag = side === 'BUY' ? 'entry' : held > 0 ? 'take-profit' : 'entry';
    this.say(
      strategy,
      'info',
      `${instrument.info.symbol} at ${instrument.priceText(instrument.price)} ${side === 'BUY' ? 'above' : 'below'} its fast average: ${tag} ${quantity}`,
      ts,
    );
    this.place(
      {
        instrument: instrument.info.instrument,
        side,
        orderType: isMarket ? 'MARKET' : 'LIMIT',
        quantity,
        ...(isMarket ? {} : { limitPrice }),
        tag,
      },
      strategy,
      ts + 150,
    );
    const working = this.open().filter((order) => order.strategy === strategy);
    if (working.length > 3) this.cancel(this.orders.get(working[0]!.clientOrderId)!, ts + 400);
  }

  private say(strategy: string, level: 'info' | 'warn', message: string, ts: number): void {
    this.log.unshift({ sequence: this.log.length + 1, strategy, level, message, tsInit: ts });
    this.publish('log', { lines: [this.log[0]] });
  }

  private sample(ts: number): void {
    this.equity.push({ ts, value: this.holdings.worth() });
    this.publish('portfolio', { accounts: [this.account(ts)], balances: this.balances() });
  }

  /** A day that went before, so that a page that is opened is not empty. */
  private past(nowUs: number): void {
    let worth = START_EQUITY - 2200;
    for (let minute = 1440; minute > 5; minute -= 1) {
      worth += this.chance.normal() * 65 + 2.1;
      this.equity.push({ ts: nowUs - minute * 60e6, value: worth });
    }
    for (let step = 0; step < 420; step += 1) {
      const strategy = this.strategies[step % 4]!;
      if (this.chance.next() < 0.45) this.trade(strategy, nowUs - (420 - step) * 700_000);
      if (step % 6 === 0) this.match(nowUs - (420 - step) * 700_000);
    }
    const shift = this.holdings.worth() - worth;
    for (const point of this.equity) point.value += shift;
    const alert = (code: string, message: string, ago: number) =>
      this.alerts.unshift({ sequence: this.alerts.length + 1, code, message, tsInit: nowUs - ago });
    alert('MARKET_DATA_GAP', 'ETH-USDT.SIM: no market data for 31 s; bars that touch the gap are marked.', 5400e6);
    alert('STRATEGY_ORDER_REFUSED', 'crossover: an order was denied (NOTIONAL_EXCEEDS_MAX_PER_ORDER).', 640e6);
    this.say('makers', 'warn', 'Inventory of SOL-USDT is above its band; quoting the offer only', nowUs - 40e6);
    for (const [actor, action, subject, after, ago] of [
      ['system', 'SESSION_STARTED', 'desk', 'paper, sequence 1', 7200e6],
      ['anna', 'SIGNED_IN', 'anna', '', 3600e6],
      ['anna', 'PARAMETERS_CHANGED', 'crossover', '{"fast":12}', 1800e6],
      ['ben', 'SIGN_IN_FAILED', 'ben', '', 900e6],
      ['anna', 'ORDER_PLACED', 'BTC-USDT.SIM', '{"side":"BUY","quantity":"0.05"}', 300e6],
    ] as const)
      this.record(actor, action, subject, after, nowUs - ago);
  }
}
