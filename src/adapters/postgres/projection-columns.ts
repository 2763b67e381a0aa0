/* Columns of the tables that are written in batches, `run_id` left out. A test holds them to the tables. */

export const INSTRUMENT_COLUMNS = [
  ['instrument_id', 'text'],
  ['position', 'integer'],
  ['kind', 'text'],
  ['base', 'text'],
  ['quote', 'text'],
  ['settlement', 'text'],
  ['price_decimals', 'integer'],
  ['quantity_decimals', 'integer'],
  ['price_increment', 'numeric'],
  ['lot_size', 'numeric'],
  ['quantity_min', 'numeric'],
  ['quantity_max', 'numeric'],
  ['notional_min', 'numeric'],
  ['multiplier', 'numeric'],
  ['calendar', 'text'],
  ['expiry_ts', 'bigint'],
] as const;

export const ORDER_EVENT_COLUMNS = [
  ['sequence', 'bigint'],
  ['ordinal', 'integer'],
  ['client_order_id', 'bigint'],
  ['kind', 'text'],
  ['code', 'text'],
  ['reason', 'text'],
  ['venue_order_id', 'text'],
  ['order_qty', 'numeric'],
  ['limit_price', 'numeric'],
  ['stop_price', 'numeric'],
  ['ts_event', 'bigint'],
  ['ts_init', 'bigint'],
] as const;

export const FILL_COLUMNS = [
  ['sequence', 'bigint'],
  ['ordinal', 'integer'],
  ['client_order_id', 'bigint'],
  ['trade_id', 'text'],
  ['strategy', 'text'],
  ['instrument_id', 'text'],
  ['side', 'text'],
  ['last_qty', 'numeric'],
  ['last_px', 'numeric'],
  ['cum_qty', 'numeric'],
  ['leaves_qty', 'numeric'],
  ['commission', 'numeric'],
  ['commission_currency', 'text'],
  ['liquidity_side', 'text'],
  ['ts_event', 'bigint'],
  ['ts_init', 'bigint'],
  ['tag', 'text'],
] as const;

export const RISK_EVENT_COLUMNS = [
  ['sequence', 'bigint'],
  ['ordinal', 'integer'],
  ['kind', 'text'],
  ['code', 'text'],
  ['message', 'text'],
  ['strategy', 'text'],
  ['instrument_id', 'text'],
  ['client_order_id', 'bigint'],
  ['ts_init', 'bigint'],
] as const;

export const INSTRUMENT_EVENT_COLUMNS = [
  ['sequence', 'bigint'],
  ['ordinal', 'integer'],
  ['kind', 'text'],
  ['instrument_id', 'text'],
  ['detail', 'jsonb'],
  ['ts_event', 'bigint'],
  ['ts_init', 'bigint'],
] as const;

export const TRADING_SWITCH_COLUMNS = [
  ['scope_kind', 'text'],
  ['subject', 'text'],
  ['state', 'text'],
  ['is_killed', 'boolean'],
  ['is_flattening', 'boolean'],
  ['changed_ts', 'bigint'],
] as const;

export const LOG_LINE_COLUMNS = [
  ['sequence', 'bigint'],
  ['ordinal', 'integer'],
  ['strategy', 'text'],
  ['level', 'text'],
  ['message', 'text'],
  ['ts_init', 'bigint'],
] as const;

export const ORDER_COLUMNS = [
  ['client_order_id', 'bigint'],
  ['venue_order_id', 'text'],
  ['strategy', 'text'],
  ['instrument_id', 'text'],
  ['side', 'text'],
  ['order_type', 'text'],
  ['time_in_force', 'text'],
  ['status', 'text'],
  ['is_open', 'boolean'],
  ['flags', 'integer'],
  ['order_qty', 'numeric'],
  ['cum_qty', 'numeric'],
  ['leaves_qty', 'numeric'],
  ['limit_price', 'numeric'],
  ['stop_price', 'numeric'],
  ['filled_value', 'numeric'],
  ['expire_ts', 'bigint'],
  ['ts_init', 'bigint'],
  ['ts_last', 'bigint'],
  ['tag', 'text'],
] as const;

export const POSITION_COLUMNS = [
  ['strategy', 'text'],
  ['instrument_id', 'text'],
  ['position_side', 'text'],
  ['quantity', 'numeric'],
  ['cost', 'numeric'],
  ['average_price', 'numeric'],
  ['open_ts', 'bigint'],
  ['realized_pnl', 'numeric'],
  ['commission', 'numeric'],
  ['dividend', 'numeric'],
  ['funding', 'numeric'],
  ['currency', 'text'],
  ['changed_ts', 'bigint'],
] as const;

export const BALANCE_COLUMNS = [
  ['account', 'text'],
  ['currency', 'text'],
  ['total', 'numeric'],
  ['locked', 'numeric'],
  ['free', 'numeric'],
  ['changed_ts', 'bigint'],
] as const;

export const EQUITY_COLUMNS = [
  ['account', 'text'],
  ['ts', 'bigint'],
  ['amount', 'numeric'],
  ['currency', 'text'],
] as const;

export const STRATEGY_COLUMNS = [
  ['strategy', 'text'],
  ['source', 'text'],
  ['bundle_hash', 'text'],
  ['status', 'text'],
  ['parameters', 'jsonb'],
  ['reason', 'text'],
  ['changed_ts', 'bigint'],
] as const;
