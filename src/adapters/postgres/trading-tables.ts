import { bigint, boolean, index, integer, jsonb, numeric, pgSchema, primaryKey, text } from 'drizzle-orm/pg-core';

/*
 * What the trading tables hold is a projection of journals: it can be deleted and built again, the same to the last digit. So nothing in them is numbered
 * by the database: a row is known by its session (`run_id`), the journal's number of the input that it came of (`sequence`) and its place among what
 * that input came to (`ordinal`).
 *
 * Prices, quantities and money are `numeric` without a scale, which keeps every digit that was written. Times are `bigint` microseconds since the epoch,
 * as everywhere else in the program: exact in every driver (a `timestamptz` reaches JavaScript as milliseconds), and the same whatever zone a session sets.
 */

/** Everything of ours, so that a database can be shared and a role be given rights to all of it at once. */
export const SCHEMA = pgSchema('quanthybrid');

/** Microseconds since the epoch, and journal numbers: within what a double holds exactly. */
const whole = (name: string) => bigint(name, { mode: 'number' });

export const RUNS = SCHEMA.table(
  'runs',
  {
    runId: text('run_id').primaryKey(),
    kind: text('kind').notNull(),
    name: text('name').notNull(),
    status: text('status').notNull(),
    startedTs: whole('started_ts').notNull(),
    endedTs: whole('ended_ts'),
    digest: text('digest'),
    result: jsonb('result'),
  },
  (table) => [index('runs_by_start').on(table.startedTs, table.runId)],
);

export const JOURNAL_POSITION = SCHEMA.table('journal_position', {
  runId: text('run_id').primaryKey(),
  sequence: whole('sequence').notNull(),
  ts: whole('ts').notNull(),
});

export const INSTRUMENTS = SCHEMA.table(
  'instruments',
  {
    runId: text('run_id').notNull(),
    instrumentId: text('instrument_id').notNull(),
    position: integer('position').notNull(),
    kind: text('kind').notNull(),
    base: text('base').notNull(),
    quote: text('quote').notNull(),
    settlement: text('settlement').notNull(),
    priceDecimals: integer('price_decimals').notNull(),
    quantityDecimals: integer('quantity_decimals').notNull(),
    priceIncrement: numeric('price_increment').notNull(),
    lotSize: numeric('lot_size').notNull(),
    quantityMin: numeric('quantity_min').notNull(),
    quantityMax: numeric('quantity_max').notNull(),
    notionalMin: numeric('notional_min').notNull(),
    multiplier: numeric('multiplier').notNull(),
    calendar: text('calendar'),
    expiryTs: whole('expiry_ts'),
  },
  (table) => [primaryKey({ name: 'instruments_pkey', columns: [table.runId, table.instrumentId] })],
);

export const ORDERS = SCHEMA.table(
  'orders',
  {
    runId: text('run_id').notNull(),
    clientOrderId: whole('client_order_id').notNull(),
    venueOrderId: text('venue_order_id').notNull(),
    strategy: text('strategy').notNull(),
    instrumentId: text('instrument_id').notNull(),
    side: text('side').notNull(),
    orderType: text('order_type').notNull(),
    timeInForce: text('time_in_force').notNull(),
    status: text('status').notNull(),
    isOpen: boolean('is_open').notNull(),
    flags: integer('flags').notNull(),
    orderQty: numeric('order_qty').notNull(),
    cumQty: numeric('cum_qty').notNull(),
    leavesQty: numeric('leaves_qty').notNull(),
    limitPrice: numeric('limit_price'),
    stopPrice: numeric('stop_price'),
    filledValue: numeric('filled_value').notNull(),
    expireTs: whole('expire_ts'),
    tsInit: whole('ts_init').notNull(),
    tsLast: whole('ts_last').notNull(),
    tag: text('tag').notNull(),
  },
  (table) => [
    primaryKey({ name: 'orders_pkey', columns: [table.runId, table.clientOrderId] }),
    index('orders_by_time').on(table.runId, table.tsInit, table.clientOrderId),
    index('orders_by_strategy').on(table.runId, table.strategy, table.tsInit, table.clientOrderId),
    index('orders_by_instrument').on(table.runId, table.instrumentId, table.tsInit, table.clientOrderId),
    index('orders_by_status').on(table.runId, table.status, table.tsInit, table.clientOrderId),
  ],
);

export const ORDER_EVENTS = SCHEMA.table(
  'order_events',
  {
    runId: text('run_id').notNull(),
    sequence: whole('sequence').notNull(),
    ordinal: integer('ordinal').notNull(),
    clientOrderId: whole('client_order_id').notNull(),
    kind: text('kind').notNull(),
    code: text('code'),
    reason: text('reason'),
    venueOrderId: text('venue_order_id'),
    orderQty: numeric('order_qty'),
    limitPrice: numeric('limit_price'),
    stopPrice: numeric('stop_price'),
    tsEvent: whole('ts_event').notNull(),
    tsInit: whole('ts_init').notNull(),
  },
  (table) => [
    primaryKey({ name: 'order_events_pkey', columns: [table.runId, table.sequence, table.ordinal] }),
    index('order_events_by_order').on(table.runId, table.clientOrderId, table.sequence, table.ordinal),
  ],
);

export const FILLS = SCHEMA.table(
  'fills',
  {
    runId: text('run_id').notNull(),
    sequence: whole('sequence').notNull(),
    ordinal: integer('ordinal').notNull(),
    clientOrderId: whole('client_order_id').notNull(),
    tradeId: text('trade_id').notNull(),
    strategy: text('strategy').notNull(),
    instrumentId: text('instrument_id').notNull(),
    side: text('side').notNull(),
    lastQty: numeric('last_qty').notNull(),
    lastPx: numeric('last_px').notNull(),
    cumQty: numeric('cum_qty').notNull(),
    leavesQty: numeric('leaves_qty').notNull(),
    commission: numeric('commission').notNull(),
    commissionCurrency: text('commission_currency').notNull(),
    liquiditySide: text('liquidity_side').notNull(),
    tsEvent: whole('ts_event').notNull(),
    tsInit: whole('ts_init').notNull(),
    tag: text('tag').notNull(),
  },
  (table) => [
    primaryKey({ name: 'fills_pkey', columns: [table.runId, table.sequence, table.ordinal] }),
    index('fills_by_order').on(table.runId, table.clientOrderId, table.sequence, table.ordinal),
    index('fills_by_strategy').on(table.runId, table.strategy, table.tsInit, table.sequence, table.ordinal),
    index('fills_by_instrument').on(table.runId, table.instrumentId, table.tsInit, table.sequence, table.ordinal),
    index('fills_by_time').on(table.runId, table.tsInit, table.sequence, table.ordinal),
  ],
);

export const POSITIONS = SCHEMA.table(
  'positions',
  {
    runId: text('run_id').notNull(),
    strategy: text('strategy').notNull(),
    instrumentId: text('instrument_id').notNull(),
    positionSide: text('position_side').notNull(),
    quantity: numeric('quantity').notNull(),
    cost: numeric('cost').notNull(),
    averagePrice: numeric('average_price'),
    openTs: whole('open_ts'),
    realizedPnl: numeric('realized_pnl').notNull(),
    commission: numeric('commission').notNull(),
    dividend: numeric('dividend').notNull(),
    funding: numeric('funding').notNull(),
    currency: text('currency').notNull(),
    changedTs: whole('changed_ts').notNull(),
  },
  (table) => [primaryKey({ name: 'positions_pkey', columns: [table.runId, table.strategy, table.instrumentId, table.positionSide] })],
);

export const BALANCES = SCHEMA.table(
  'balances',
  {
    runId: text('run_id').notNull(),
    account: text('account').notNull(),
    currency: text('currency').notNull(),
    total: numeric('total').notNull(),
    locked: numeric('locked'),
    free: numeric('free'),
    changedTs: whole('changed_ts').notNull(),
  },
  (table) => [primaryKey({ name: 'balances_pkey', columns: [table.runId, table.account, table.currency] })],
);

export const EQUITY = SCHEMA.table(
  'equity',
  {
    runId: text('run_id').notNull(),
    account: text('account').notNull(),
    ts: whole('ts').notNull(),
    amount: numeric('amount').notNull(),
    currency: text('currency').notNull(),
  },
  (table) => [primaryKey({ name: 'equity_pkey', columns: [table.runId, table.account, table.ts] })],
);

export const RISK_EVENTS = SCHEMA.table(
  'risk_events',
  {
    runId: text('run_id').notNull(),
    sequence: whole('sequence').notNull(),
    ordinal: integer('ordinal').notNull(),
    kind: text('kind').notNull(),
    code: text('code').notNull(),
    message: text('message').notNull(),
    strategy: text('strategy'),
    instrumentId: text('instrument_id'),
    clientOrderId: whole('client_order_id'),
    tsInit: whole('ts_init').notNull(),
  },
  (table) => [
    primaryKey({ name: 'risk_events_pkey', columns: [table.runId, table.sequence, table.ordinal] }),
    index('risk_events_by_code').on(table.runId, table.code, table.tsInit, table.sequence, table.ordinal),
    index('risk_events_by_time').on(table.runId, table.tsInit, table.sequence, table.ordinal),
  ],
);

/** Dividends, splits, funding, and gaps in market data. */
export const INSTRUMENT_EVENTS = SCHEMA.table(
  'instrument_events',
  {
    runId: text('run_id').notNull(),
    sequence: whole('sequence').notNull(),
    ordinal: integer('ordinal').notNull(),
    kind: text('kind').notNull(),
    instrumentId: text('instrument_id').notNull(),
    detail: jsonb('detail').notNull(),
    tsEvent: whole('ts_event').notNull(),
    tsInit: whole('ts_init').notNull(),
  },
  (table) => [
    primaryKey({ name: 'instrument_events_pkey', columns: [table.runId, table.sequence, table.ordinal] }),
    index('instrument_events_by_instrument').on(table.runId, table.instrumentId, table.sequence, table.ordinal),
  ],
);

export const STRATEGY_STATE = SCHEMA.table(
  'strategy_state',
  {
    runId: text('run_id').notNull(),
    strategy: text('strategy').notNull(),
    source: text('source').notNull(),
    bundleHash: text('bundle_hash').notNull(),
    status: text('status').notNull(),
    parameters: jsonb('parameters').notNull(),
    reason: text('reason').notNull(),
    changedTs: whole('changed_ts').notNull(),
  },
  (table) => [primaryKey({ name: 'strategy_state_pkey', columns: [table.runId, table.strategy] })],
);

/** Scopes that do not trade freely; `subject`: venue, strategy or instrument, empty for the firm. */
export const TRADING_SWITCHES = SCHEMA.table(
  'trading_switches',
  {
    runId: text('run_id').notNull(),
    scopeKind: text('scope_kind').notNull(),
    subject: text('subject').notNull(),
    state: text('state').notNull(),
    isKilled: boolean('is_killed').notNull(),
    isFlattening: boolean('is_flattening').notNull(),
    changedTs: whole('changed_ts').notNull(),
  },
  (table) => [primaryKey({ name: 'trading_switches_pkey', columns: [table.runId, table.scopeKind, table.subject] })],
);

export const LOG_LINES = SCHEMA.table(
  'log_lines',
  {
    runId: text('run_id').notNull(),
    sequence: whole('sequence').notNull(),
    ordinal: integer('ordinal').notNull(),
    strategy: text('strategy').notNull(),
    level: text('level').notNull(),
    message: text('message').notNull(),
    tsInit: whole('ts_init').notNull(),
  },
  (table) => [
    primaryKey({ name: 'log_lines_pkey', columns: [table.runId, table.sequence, table.ordinal] }),
    index('log_lines_by_strategy').on(table.runId, table.strategy, table.sequence, table.ordinal),
  ],
);
