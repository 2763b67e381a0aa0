import { assert, unreachable } from '../../base/assert.ts';
import { formatDecimal } from '../../base/decimal.ts';
import type { Money } from '../../model/currency.ts';
import type { AccountEvent, DataGap, Fill, OrderEvent } from '../../model/events.ts';
import type { Instrument } from '../../model/instrument.ts';
import { LIQUIDITY_SIDE_NAMES, ORDER_TYPE_NAMES, SIDE_NAMES, TIME_IN_FORCE_NAMES } from '../../model/order.ts';
import { isOpenStatus, ORDER_STATUS_NAMES } from '../../model/order-status.ts';
import { averagePriceText, POSITION_SIDE_NAMES, type PositionSnapshot } from '../../model/position.ts';
import { TRADING_STATE_NAMES, type TradingScope, type TradingSwitch } from '../../model/trading-state.ts';
import type { BalanceState, EquitySample, OrderState, SessionFacts, SessionOutput, StrategyState } from '../../model/session-output.ts';
import { jsonText } from './array-literal.ts';
import { ColumnBatch } from './column-batch.ts';
import {
  BALANCE_COLUMNS,
  EQUITY_COLUMNS,
  FILL_COLUMNS,
  INSTRUMENT_EVENT_COLUMNS,
  LOG_LINE_COLUMNS,
  ORDER_COLUMNS,
  ORDER_EVENT_COLUMNS,
  POSITION_COLUMNS,
  RISK_EVENT_COLUMNS,
  STRATEGY_COLUMNS,
  TRADING_SWITCH_COLUMNS,
} from './projection-columns.ts';

/** Gathers the rows of a batch, table by table, in the words and decimals of the database. Of what is kept as it stands, the last state counts. */
export class OutputRows {
  readonly orderEvents = new ColumnBatch('order_events', ORDER_EVENT_COLUMNS);
  readonly fills = new ColumnBatch('fills', FILL_COLUMNS);
  readonly riskEvents = new ColumnBatch('risk_events', RISK_EVENT_COLUMNS);
  readonly instrumentEvents = new ColumnBatch('instrument_events', INSTRUMENT_EVENT_COLUMNS);
  readonly logLines = new ColumnBatch('log_lines', LOG_LINE_COLUMNS);
  readonly #facts: SessionFacts;
  readonly #instruments: readonly Instrument[];
  readonly #orders = new Map<number, OrderState>();
  readonly #positions = new Map<string, { readonly position: PositionSnapshot; readonly ts: number }>();
  readonly #balances = new Map<string, { readonly balance: BalanceState; readonly ts: number }>();
  readonly #equity = new Map<string, EquitySample>();
  readonly #strategies = new Map<number, { readonly state: StrategyState; readonly ts: number }>();
  #switches: { readonly all: readonly TradingSwitch[]; readonly ts: number } | null = null;

  /** @param instruments of the facts, made once for all batches */
  constructor(facts: SessionFacts, instruments: readonly Instrument[]) {
    this.#facts = facts;
    this.#instruments = instruments;
  }

  add(output: SessionOutput): void {
    const { sequence, ts } = output;
    for (const [ordinal, record] of output.records.entries()) {
      switch (record.kind) {
        case 'OrderPartiallyFilled':
        case 'OrderFilled':
          this.#addFill(sequence, ordinal, record);
          break;
        case 'Alert':
          this.riskEvents.add(sequence, ordinal, 'ALERT', record.code, record.message, null, null, null, record.tsInit);
          break;
        case 'LogLine':
          this.logLines.add(sequence, ordinal, this.#strategy(record.strategy), record.level, record.message, record.tsInit);
          break;
        case 'DataGap':
        case 'DividendPaid':
        case 'SplitEffective':
        case 'FundingApplied':
          this.#addInstrumentEvent(sequence, ordinal, record);
          break;
        default:
          this.#addOrderEvent(sequence, ordinal, record);
      }
    }
    for (const order of output.orders) this.#orders.set(order.clientOrderId, order);
    for (const position of output.positions)
      this.#positions.set(`${position.strategy}/${position.instrument}/${position.positionSide}`, { position, ts });
    for (const balance of output.balances) this.#balances.set(`${balance.account}/${balance.currency}`, { balance, ts });
    for (const sample of output.equity) this.#equity.set(`${sample.account}/${sample.ts}`, sample);
    for (const state of output.strategies) this.#strategies.set(state.strategy, { state, ts });
    if (output.tradingSwitches !== undefined) this.#switches = { all: output.tradingSwitches, ts };
  }

  /** All scopes that do not trade freely were told anew: those that are stored are no longer so. */
  get hasSwitches(): boolean {
    return this.#switches !== null;
  }

  /** Every table that has rows; those of things as they stand are written over. */
  batches(): readonly ColumnBatch[] {
    return [
      this.#orderRows(),
      this.orderEvents,
      this.fills,
      this.#positionRows(),
      this.#balanceRows(),
      this.#equityRows(),
      this.riskEvents,
      this.instrumentEvents,
      this.#strategyRows(),
      this.#switchRows(),
      this.logLines,
    ].filter((batch) => batch.rowCount > 0);
  }

  #addFill(sequence: number, ordinal: number, fill: Fill): void {
    const instrument = this.#instruments[fill.instrument]!;
    const { quantityDecimals, settlement } = instrument;
    this.fills.add(
      sequence,
      ordinal,
      fill.clientOrderId,
      fill.tradeId,
      this.#strategy(fill.strategy),
      instrument.id,
      SIDE_NAMES[fill.side],
      formatDecimal(fill.lastQty, quantityDecimals),
      formatDecimal(fill.lastPx, instrument.priceDecimals),
      formatDecimal(fill.cumQty, quantityDecimals),
      formatDecimal(fill.leavesQty, quantityDecimals),
      formatDecimal(fill.commission, settlement.decimals),
      settlement.code,
      LIQUIDITY_SIDE_NAMES[fill.liquiditySide],
      fill.tsEvent,
      fill.tsInit,
      fill.tag,
    );
  }

  #addOrderEvent(sequence: number, ordinal: number, event: Exclude<OrderEvent, Fill>): void {
    const instrument = this.#instruments[event.instrument]!;
    const { code, reason, venueOrderId, terms } = saidBy(event);
    this.orderEvents.add(
      sequence,
      ordinal,
      event.clientOrderId,
      event.kind,
      code,
      reason,
      venueOrderId,
      terms === null ? null : formatDecimal(terms.orderQty, instrument.quantityDecimals),
      terms === null ? null : priceText(terms.limitPrice, instrument),
      terms === null ? null : priceText(terms.stopPrice, instrument),
      event.tsEvent,
      event.tsInit,
    );
    if (event.kind !== 'OrderDenied') return;
    const strategy = this.#strategy(event.strategy);
    this.riskEvents.add(sequence, ordinal, 'DENIAL', event.code, event.reason, strategy, instrument.id, event.clientOrderId, event.tsInit);
  }

  #addInstrumentEvent(sequence: number, ordinal: number, event: AccountEvent | DataGap): void {
    const instrument = this.#instruments[event.instrument]!;
    const detail = jsonText(detailOf(event, instrument));
    this.instrumentEvents.add(sequence, ordinal, event.kind, instrument.id, detail, event.tsEvent, event.tsInit);
  }

  #orderRows(): ColumnBatch {
    const batch = new ColumnBatch('orders', ORDER_COLUMNS, ['client_order_id']);
    for (const order of this.#orders.values()) {
      const instrument = this.#instruments[order.instrument]!;
      const { priceDecimals, quantityDecimals } = instrument;
      batch.add(
        order.clientOrderId,
        order.venueOrderId,
        this.#strategy(order.strategy),
        instrument.id,
        SIDE_NAMES[order.side],
        ORDER_TYPE_NAMES[order.orderType],
        TIME_IN_FORCE_NAMES[order.timeInForce],
        ORDER_STATUS_NAMES[order.status],
        isOpenStatus(order.status),
        order.flags,
        formatDecimal(order.orderQty, quantityDecimals),
        formatDecimal(order.cumQty, quantityDecimals),
        formatDecimal(order.leavesQty, quantityDecimals),
        priceText(order.limitPrice, instrument),
        priceText(order.stopPrice, instrument),
        formatDecimal(order.filledPxQty, priceDecimals + quantityDecimals),
        order.expireTs === 0 ? null : order.expireTs,
        order.tsInit,
        order.tsLast,
        order.tag,
      );
    }
    return batch;
  }

  #positionRows(): ColumnBatch {
    const batch = new ColumnBatch('positions', POSITION_COLUMNS, ['strategy', 'instrument_id', 'position_side']);
    for (const { position, ts } of this.#positions.values()) {
      const instrument = this.#instruments[position.instrument]!;
      const { settlement } = instrument;
      const money = (amount: Money): string => formatDecimal(amount, settlement.decimals);
      batch.add(
        this.#strategy(position.strategy),
        instrument.id,
        POSITION_SIDE_NAMES[position.positionSide],
        formatDecimal(position.quantity, instrument.quantityDecimals),
        money(position.cost),
        position.avgPx === null ? null : averagePriceText(position.avgPx, instrument),
        position.openTs === 0 ? null : position.openTs,
        money(position.realizedPnl),
        money(position.commission),
        money(position.dividend),
        money(position.funding),
        settlement.code,
        ts,
      );
    }
    return batch;
  }

  #balanceRows(): ColumnBatch {
    const batch = new ColumnBatch('balances', BALANCE_COLUMNS, ['account', 'currency']);
    for (const { balance, ts } of this.#balances.values()) {
      const { currency, total, locked, free } = balance;
      const known = this.#facts.currencies.find(({ code }) => code === currency);
      assert(known !== undefined, `${currency} is among the currencies of the session`);
      const money = (amount: Money | null): string | null => (amount === null ? null : formatDecimal(amount, known.decimals));
      batch.add(this.#facts.accounts[balance.account]!.venue, currency, money(total), money(locked), money(free), ts);
    }
    return batch;
  }

  #equityRows(): ColumnBatch {
    const batch = new ColumnBatch('equity', EQUITY_COLUMNS, ['account', 'ts']);
    for (const { account, ts, amount } of this.#equity.values()) {
      const { venue, baseCurrency } = this.#facts.accounts[account]!;
      batch.add(venue, ts, formatDecimal(amount, baseCurrency.decimals), baseCurrency.code);
    }
    return batch;
  }

  #strategyRows(): ColumnBatch {
    const batch = new ColumnBatch('strategy_state', STRATEGY_COLUMNS, ['strategy']);
    for (const { state, ts } of this.#strategies.values()) {
      const { name, source, bundleHash } = this.#facts.strategies[state.strategy]!;
      batch.add(name, source, bundleHash, state.status, jsonText(state.parameters), state.reason, ts);
    }
    return batch;
  }

  #switchRows(): ColumnBatch {
    const batch = new ColumnBatch('trading_switches', TRADING_SWITCH_COLUMNS, ['scope_kind', 'subject']);
    const { all, ts } = this.#switches ?? { all: [], ts: 0 };
    for (const { scope, state, isKilled, isFlattening } of all)
      batch.add(scope.kind, this.#subject(scope), TRADING_STATE_NAMES[state], isKilled, isFlattening, ts);
    return batch;
  }

  #subject(scope: TradingScope): string {
    switch (scope.kind) {
      case 'FIRM':
        return '';
      case 'ACCOUNT':
        return scope.venue;
      case 'STRATEGY':
        return this.#strategy(scope.strategy);
      case 'INSTRUMENT':
        return this.#instruments[scope.instrument]!.id;
      default:
        return unreachable(scope);
    }
  }

  /** −1 is the venue itself. */
  #strategy(index: number): string {
    return this.#facts.strategies[index]?.name ?? '';
  }
}

interface Said {
  readonly code: string | null;
  readonly reason: string | null;
  readonly venueOrderId: string | null;
  readonly terms: { readonly orderQty: number; readonly limitPrice: number; readonly stopPrice: number } | null;
}

const NOTHING_SAID: Said = { code: null, reason: null, venueOrderId: null, terms: null };

/** What an order event says besides what all say. */
function saidBy(event: Exclude<OrderEvent, Fill>): Said {
  switch (event.kind) {
    case 'OrderInitialized':
      return { ...NOTHING_SAID, terms: event.request };
    case 'OrderPendingModify':
    case 'OrderModified':
      return { ...NOTHING_SAID, terms: event };
    case 'OrderDenied':
      return { ...NOTHING_SAID, code: event.code, reason: event.reason };
    case 'OrderRejected':
    case 'OrderCanceled':
    case 'CancelRejected':
    case 'ModifyRejected':
      return { ...NOTHING_SAID, reason: event.reason };
    case 'OrderAccepted':
      return { ...NOTHING_SAID, venueOrderId: event.venueOrderId };
    case 'OrderSubmitted':
    case 'OrderTriggered':
    case 'OrderPendingCancel':
    case 'OrderExpired':
      return NOTHING_SAID;
    default:
      return unreachable(event);
  }
}

/** 0 stands for a price that orders of the type do not have. */
function priceText(price: number, { priceDecimals }: Pick<Instrument, 'priceDecimals'>): string | null {
  return price === 0 ? null : formatDecimal(price, priceDecimals);
}

function detailOf(event: AccountEvent | DataGap, instrument: Instrument): Readonly<Record<string, string | number>> {
  switch (event.kind) {
    case 'DividendPaid':
      return { amountPerUnit: formatDecimal(event.amountPerUnit, instrument.quote.decimals), currency: instrument.quote.code };
    case 'SplitEffective':
      return { numerator: event.numerator, denominator: event.denominator };
    case 'FundingApplied':
      return { rate: formatDecimal(event.ratePpt, 12), markPrice: formatDecimal(event.markPrice, instrument.priceDecimals) };
    case 'DataGap':
      return { tsFrom: event.tsFrom, tsTo: event.tsTo, reason: event.reason };
    default:
      return unreachable(event);
  }
}
