import { type Static, Type } from '@sinclair/typebox';
import { Count, exactly, oneOf, orNull, pageOf, StrategyName, Text, Ts } from './scalars.ts';

export const LogLineInfo = exactly({
  sequence: Type.Integer({ minimum: 1 }),
  strategy: orNull(StrategyName),
  level: oneOf(['info', 'warn']),
  message: Text,
  tsInit: Ts,
});
export type LogLineInfo = Static<typeof LogLineInfo>;
export const LogPage = pageOf(LogLineInfo);

export const AuditInfo = exactly({
  sequence: Type.Integer({ minimum: 1 }),
  ts: Ts,
  actor: Text,
  address: Text,
  action: Text,
  subject: Text,
  before: Text,
  after: Text,
  hash: Text,
});
export type AuditInfo = Static<typeof AuditInfo>;
export const AuditPage = pageOf(AuditInfo);

export const RunInfo = exactly({
  run: Text,
  kind: oneOf(['backtest', 'session']),
  name: Text,
  note: Text,
  status: Text,
  tsStarted: Ts,
  digest: Text,
  hasReport: Type.Boolean(),
  currency: Text,
  equity: Type.Array(Type.Number()),
  figures: Type.Record(Type.String(), orNull(Type.Number())),
});
export type RunInfo = Static<typeof RunInfo>;
export const RunPage = pageOf(RunInfo);

export const Component = exactly({
  name: Text,
  state: oneOf(['OK', 'DEGRADED', 'DOWN', 'ABSENT']),
  detail: Text,
});
export type Component = Static<typeof Component>;

export const Live = exactly({ live: Type.Literal(true) });
export const Ready = exactly({ ready: Type.Boolean() });

export const Health = exactly({
  state: oneOf(['OK', 'DEGRADED', 'DOWN']),
  session: exactly({
    name: Text,
    mode: oneOf(['PAPER', 'LIVE']),
    phase: oneOf(['RECOVERING', 'WARMING_UP', 'RUNNING', 'STOPPED', 'FAILED']),
    sequence: Count,
    ts: Ts,
    now: Ts,
  }),
  marketData: Type.Array(exactly({ instrument: Text, ageUs: orNull(Count) })),
  components: Type.Array(Component),
});
export type Health = Static<typeof Health>;
