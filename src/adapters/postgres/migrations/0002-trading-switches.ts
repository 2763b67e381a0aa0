/** Scopes that do not trade freely. */
export const TRADING_SWITCHES_TABLE = `
create table quanthybrid.trading_switches (
  run_id text not null,
  scope_kind text not null,
  subject text not null,
  state text not null,
  is_killed boolean not null,
  is_flattening boolean not null,
  changed_ts bigint not null,
  constraint trading_switches_pkey primary key (run_id, scope_kind, subject)
)
`;
