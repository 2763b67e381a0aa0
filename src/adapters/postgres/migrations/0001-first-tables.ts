/**
 * The first tables. A migration that has gone out is never changed: what comes later comes in a file of its own.
 *
 * Statements are split at blank lines. PostgreSQL 13 runs all of it.
 */
export const FIRST_TABLES = `
create table quanthybrid.runs (
  run_id text primary key,
  kind text not null,
  name text not null,
  status text not null,
  started_ts bigint not null,
  ended_ts bigint,
  digest text,
  result jsonb
)

create index runs_by_start on quanthybrid.runs (started_ts, run_id)

create table quanthybrid.journal_position (
  run_id text primary key,
  sequence bigint not null,
  ts bigint not null
)

create table quanthybrid.instruments (
  run_id text not null,
  instrument_id text not null,
  position integer not null,
  kind text not null,
  base text not null,
  quote text not null,
  settlement text not null,
  price_decimals integer not null,
  quantity_decimals integer not null,
  price_increment numeric not null,
  lot_size numeric not null,
  quantity_min numeric not null,
  quantity_max numeric not null,
  notional_min numeric not null,
  multiplier numeric not null,
  calendar text,
  expiry_ts bigint,
  constraint instruments_pkey primary key (run_id, instrument_id)
)

create table quanthybrid.orders (
  run_id text not null,
  client_order_id bigint not null,
  venue_order_id text not null,
  strategy text not null,
  instrument_id text not null,
  side text not null,
  order_type text not null,
  time_in_force text not null,
  status text not null,
  is_open boolean not null,
  flags integer not null,
  order_qty numeric not null,
  cum_qty numeric not null,
  leaves_qty numeric not null,
  limit_price numeric,
  stop_price numeric,
  filled_value numeric not null,
  expire_ts bigint,
  ts_init bigint not null,
  ts_last bigint not null,
  tag text not null,
  constraint orders_pkey primary key (run_id, client_order_id)
)

create index orders_by_time on quanthybrid.orders (run_id, ts_init, client_order_id)

create index orders_by_strategy on quanthybrid.orders (run_id, strategy, ts_init, client_order_id)

create index orders_by_instrument on quanthybrid.orders (run_id, instrument_id, ts_init, client_order_id)

create index orders_by_status on quanthybrid.orders (run_id, status, ts_init, client_order_id)

create table quanthybrid.order_events (
  run_id text not null,
  sequence bigint not null,
  ordinal integer not null,
  client_order_id bigint not null,
  kind text not null,
  code text,
  reason text,
  venue_order_id text,
  order_qty numeric,
  limit_price numeric,
  stop_price numeric,
  ts_event bigint not null,
  ts_init bigint not null,
  constraint order_events_pkey primary key (run_id, sequence, ordinal)
)

create index order_events_by_order on quanthybrid.order_events (run_id, client_order_id, sequence, ordinal)

create table quanthybrid.fills (
  run_id text not null,
  sequence bigint not null,
  ordinal integer not null,
  client_order_id bigint not null,
  trade_id text not null,
  strategy text not null,
  instrument_id text not null,
  side text not null,
  last_qty numeric not null,
  last_px numeric not null,
  cum_qty numeric not null,
  leaves_qty numeric not null,
  commission numeric not null,
  commission_currency text not null,
  liquidity_side text not null,
  ts_event bigint not null,
  ts_init bigint not null,
  tag text not null,
  constraint fills_pkey primary key (run_id, sequence, ordinal)
)

create index fills_by_order on quanthybrid.fills (run_id, client_order_id, sequence, ordinal)

create index fills_by_strategy on quanthybrid.fills (run_id, strategy, ts_init, sequence, ordinal)

create index fills_by_instrument on quanthybrid.fills (run_id, instrument_id, ts_init, sequence, ordinal)

create index fills_by_time on quanthybrid.fills (run_id, ts_init, sequence, ordinal)

create table quanthybrid.positions (
  run_id text not null,
  strategy text not null,
  instrument_id text not null,
  position_side text not null,
  quantity numeric not null,
  cost numeric not null,
  average_price numeric,
  open_ts bigint,
  realized_pnl numeric not null,
  commission numeric not null,
  dividend numeric not null,
  funding numeric not null,
  currency text not null,
  changed_ts bigint not null,
  constraint positions_pkey primary key (run_id, strategy, instrument_id, position_side)
)

create table quanthybrid.balances (
  run_id text not null,
  account text not null,
  currency text not null,
  total numeric not null,
  locked numeric,
  free numeric,
  changed_ts bigint not null,
  constraint balances_pkey primary key (run_id, account, currency)
)

create table quanthybrid.equity (
  run_id text not null,
  account text not null,
  ts bigint not null,
  amount numeric not null,
  currency text not null,
  constraint equity_pkey primary key (run_id, account, ts)
)

create table quanthybrid.risk_events (
  run_id text not null,
  sequence bigint not null,
  ordinal integer not null,
  kind text not null,
  code text not null,
  message text not null,
  strategy text,
  instrument_id text,
  client_order_id bigint,
  ts_init bigint not null,
  constraint risk_events_pkey primary key (run_id, sequence, ordinal)
)

create index risk_events_by_code on quanthybrid.risk_events (run_id, code, ts_init, sequence, ordinal)

create index risk_events_by_time on quanthybrid.risk_events (run_id, ts_init, sequence, ordinal)

create table quanthybrid.instrument_events (
  run_id text not null,
  sequence bigint not null,
  ordinal integer not null,
  kind text not null,
  instrument_id text not null,
  detail jsonb not null,
  ts_event bigint not null,
  ts_init bigint not null,
  constraint instrument_events_pkey primary key (run_id, sequence, ordinal)
)

create index instrument_events_by_instrument on quanthybrid.instrument_events (run_id, instrument_id, sequence, ordinal)

create table quanthybrid.strategy_state (
  run_id text not null,
  strategy text not null,
  source text not null,
  bundle_hash text not null,
  status text not null,
  parameters jsonb not null,
  reason text not null,
  changed_ts bigint not null,
  constraint strategy_state_pkey primary key (run_id, strategy)
)

create table quanthybrid.log_lines (
  run_id text not null,
  sequence bigint not null,
  ordinal integer not null,
  strategy text not null,
  level text not null,
  message text not null,
  ts_init bigint not null,
  constraint log_lines_pkey primary key (run_id, sequence, ordinal)
)

create index log_lines_by_strategy on quanthybrid.log_lines (run_id, strategy, sequence, ordinal)

create table quanthybrid.users (
  user_id text primary key,
  name text not null,
  role text not null,
  is_disabled boolean not null,
  password_hash text not null,
  one_time_until bigint,
  totp text not null,
  totp_step_used bigint not null,
  recovery_hashes text[] not null,
  known_addresses text[] not null,
  ts_created bigint not null,
  access_epoch integer not null,
  revision integer not null
)

create unique index users_by_name on quanthybrid.users (name)

create table quanthybrid.sessions (
  session_id text primary key,
  user_id text not null,
  access_epoch integer not null,
  address text not null,
  ts_created bigint not null,
  ts_used bigint not null,
  ts_end bigint not null,
  end_reason text
)

create index sessions_by_user on quanthybrid.sessions (user_id, ts_created)

create index sessions_by_time on quanthybrid.sessions (ts_created)

create table quanthybrid.refresh_tokens (
  token_hash text primary key,
  session_id text not null,
  is_spent boolean not null
)

create index refresh_tokens_by_session on quanthybrid.refresh_tokens (session_id)

create table quanthybrid.api_keys (
  key_id text primary key,
  user_id text not null,
  label text not null,
  secret_hash text not null,
  scopes text[] not null,
  addresses text[] not null,
  ts_created bigint not null,
  ts_end bigint not null,
  is_revoked boolean not null,
  ts_used bigint,
  address_used text
)

create index api_keys_by_user on quanthybrid.api_keys (user_id, ts_created)

create table quanthybrid.secrets (
  user_id text not null,
  venue text not null,
  key_id text not null,
  master_version integer not null,
  wrapped_key text not null,
  body text not null,
  revision integer not null,
  constraint secrets_pkey primary key (user_id, venue, key_id)
)

create index secrets_by_master_version on quanthybrid.secrets (master_version)

create table quanthybrid.master_key (
  number integer primary key,
  version integer not null,
  checks jsonb not null,
  rotating_from integer,
  revision integer not null
)

create table quanthybrid.idempotency (
  owner text not null,
  key text not null,
  body_hash text not null,
  ts_created bigint not null,
  outcome text,
  constraint idempotency_pkey primary key (owner, key)
)

create index idempotency_by_time on quanthybrid.idempotency (ts_created)

create table quanthybrid.audit (
  sequence bigint primary key,
  ts bigint not null,
  actor text not null,
  address text not null,
  action text not null,
  subject text not null,
  before text not null,
  after text not null,
  previous_hash text not null,
  hash text not null
)

create index audit_by_actor on quanthybrid.audit (actor, sequence)

create index audit_by_action on quanthybrid.audit (action, sequence)

create index audit_by_time on quanthybrid.audit (ts, sequence)

create table quanthybrid.audit_head (
  number integer primary key,
  sequence bigint not null,
  hash text not null
)

create function quanthybrid.refuse_change() returns trigger language plpgsql as $$ begin
  raise exception 'records of % are never changed or deleted', tg_table_name using errcode = 'insufficient_privilege';
end $$

create trigger audit_is_append_only before update or delete or truncate on quanthybrid.audit
  for each statement execute function quanthybrid.refuse_change()

alter table quanthybrid.audit enable always trigger audit_is_append_only

create function quanthybrid.refuse_other_head() returns trigger language plpgsql as $$ begin
  if new.sequence <> old.sequence + 1 then
    raise exception 'the end of the audit log moves on by one record at a time' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$

create trigger audit_head_moves_on before update on quanthybrid.audit_head
  for each row execute function quanthybrid.refuse_other_head()

alter table quanthybrid.audit_head enable always trigger audit_head_moves_on

create trigger audit_head_stays before delete or truncate on quanthybrid.audit_head
  for each statement execute function quanthybrid.refuse_change()

alter table quanthybrid.audit_head enable always trigger audit_head_stays
`;
