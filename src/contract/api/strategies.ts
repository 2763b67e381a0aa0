import { type Static, Type } from '@sinclair/typebox';
import { exactly, InstrumentName, oneOf, Reason, StrategyName, Text } from './scalars.ts';

const ParameterValue = Type.Union([Type.Number(), Type.Boolean(), Type.String({ maxLength: 1000 })]);
const description = Text;

/** What a form for a parameter is made from. */
export const ParameterInfo = Type.Union([
  exactly({ type: Type.Literal('integer'), default: Type.Number(), min: Type.Number(), max: Type.Number(), description }),
  exactly({ type: Type.Literal('number'), default: Type.Number(), min: Type.Number(), max: Type.Number(), description }),
  exactly({ type: Type.Literal('boolean'), default: Type.Boolean(), description }),
  exactly({ type: Type.Literal('choice'), default: Text, choices: Type.Array(Text), description }),
  exactly({ type: Type.Literal('decimal'), default: Text, description }),
  exactly({ type: Type.Literal('text'), default: Text, description }),
]);
export type ParameterInfo = Static<typeof ParameterInfo>;

export const StrategyInfo = exactly({
  strategy: StrategyName,
  source: Text,
  status: oneOf(['RUNNING', 'STOPPED', 'FAILED']),
  reason: Text,
  isManual: Type.Boolean({ description: 'orders by hand belong to it; it is neither started nor stopped' }),
  instruments: Type.Array(InstrumentName),
  parameters: Type.Record(Type.String(), ParameterValue),
  descriptors: Type.Record(Type.String(), ParameterInfo),
});
export type StrategyInfo = Static<typeof StrategyInfo>;

export const StrategyList = exactly({ items: Type.Array(StrategyInfo) });
export type StrategyList = Static<typeof StrategyList>;

/** Parameters of a strategy at most in a request. */
export const API_PARAMETERS_MAX = 100;

export const Parameters = Type.Record(Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_]{0,63}$' }), ParameterValue, {
  additionalProperties: false,
  maxProperties: API_PARAMETERS_MAX,
});
/** Parameters that are absent keep their values. */
export const StartStrategy = exactly({ parameters: Type.Optional(Parameters) });
export type StartStrategy = Static<typeof StartStrategy>;

export const StopStrategy = exactly({ openOrders: oneOf(['cancel', 'keep']), reason: Reason });
export type StopStrategy = Static<typeof StopStrategy>;

export const ChangeParameters = exactly({ parameters: Parameters });
export type ChangeParameters = Static<typeof ChangeParameters>;
