import type { AccountEvent } from '../../model/events.ts';
import { MarketPhase } from '../../model/market-phase.ts';
import type { MarketGap, PhaseChange, SessionCommand } from '../../model/session-input.ts';

type Judge = (value: unknown) => boolean;

const isText: Judge = (value) => typeof value === 'string';
const isFlag: Judge = (value) => typeof value === 'boolean';
const isCount: Judge = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const orNull =
  (judge: Judge): Judge =>
  (value) =>
    value === null || judge(value);
const orAbsent =
  (judge: Judge): Judge =>
  (value) =>
    value === undefined || judge(value);
const oneOf =
  (...words: readonly unknown[]): Judge =>
  (value) =>
    words.includes(value);

function fits(value: unknown, fields: Readonly<Record<string, Judge>>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const own = value as Readonly<Record<string, unknown>>;
  return Object.keys(own).every((name) => Object.hasOwn(fields, name)) && Object.entries(fields).every(([name, judge]) => judge(own[name]));
}

const isOrder: Judge = (value) =>
  fits(value, {
    instrument: isCount,
    side: oneOf('BUY', 'SELL'),
    orderType: oneOf('MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT'),
    quantity: isText,
    limitPrice: orAbsent(isText),
    stopPrice: orAbsent(isText),
    timeInForce: orAbsent(oneOf('DAY', 'GTC', 'IOC', 'FOK')),
    postOnly: orAbsent(isFlag),
    reduceOnly: orAbsent(isFlag),
    tag: orAbsent(isText),
  });
const isScope: Judge = (value) =>
  fits(value, { kind: oneOf('FIRM') }) ||
  fits(value, { kind: oneOf('ACCOUNT'), venue: isText }) ||
  fits(value, { kind: oneOf('STRATEGY'), strategy: isCount }) ||
  fits(value, { kind: oneOf('INSTRUMENT'), instrument: isCount });
const isLimitScope: Judge = (value) =>
  fits(value, { kind: oneOf('INSTRUMENT'), instrument: isCount, strategy: orNull(isCount) }) ||
  (isScope(value) && (value as { readonly kind: string }).kind !== 'INSTRUMENT');
const isParameters: Judge = (value) =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((each) => ['number', 'boolean', 'string'].includes(typeof each));

/** By kind: the fields of a command, all of them and no others. */
const SHAPES: { readonly [K in SessionCommand['kind']]: Readonly<Record<string, Judge>> } = {
  PlaceOrder: { order: isOrder },
  CancelOrder: { clientOrderId: isCount },
  ModifyOrder: { clientOrderId: isCount, quantity: orAbsent(isText), limitPrice: orAbsent(isText), stopPrice: orAbsent(isText) },
  CancelAll: { strategy: orNull(isCount), instrument: orNull(isCount) },
  FlattenPosition: { strategy: isCount, instrument: isCount, tag: isText },
  StopStrategy: { strategy: isCount, openOrders: oneOf('cancel', 'keep'), reason: isText },
  StartStrategy: { strategy: isCount, parameters: isParameters },
  SetTradingState: { scope: isScope, state: oneOf(1, 2, 3), reason: isText },
  Kill: { scope: isScope, flatten: isFlag, reason: isText },
  Release: { scope: isScope, reason: isText },
  ChangeLimit: { scope: isLimitScope, name: isText, value: orNull(isText), mayRaise: isFlag, reason: isText },
};

/** Whether plain data is a command of a session: what the journal holds was written by some program, which need not be this one. */
export function isSessionCommand(value: unknown): value is SessionCommand {
  if (typeof value !== 'object' || value === null) return false;
  const { kind } = value as { readonly kind?: unknown };
  return (
    typeof kind === 'string' && Object.hasOwn(SHAPES, kind) && fits(value, { kind: isText, ...SHAPES[kind as SessionCommand['kind']] })
  );
}

const isTs: Judge = (value) => Number.isSafeInteger(value);
const isIndexList: Judge = (value) => Array.isArray(value) && value.every(isCount);

/** Whether plain data is a gap. Its reason may be one that this program does not know: it is for people. */
export function isMarketGap(value: unknown): value is MarketGap {
  return fits(value, { tsFrom: isTs, tsTo: isTs, instruments: orNull(isIndexList), reason: isText });
}

const ACCOUNT_EVENT = { instrument: isCount, tsEvent: isTs, tsInit: isTs };
const isMoney: Judge = (value) => typeof value === 'bigint';
const isWhole: Judge = (value) => Number.isSafeInteger(value);

/** Whether plain data moves positions or money without an order. */
export function isAccountEvent(value: unknown): value is AccountEvent {
  return (
    fits(value, { kind: oneOf('DividendPaid'), ...ACCOUNT_EVENT, amountPerUnit: isMoney }) ||
    fits(value, { kind: oneOf('SplitEffective'), ...ACCOUNT_EVENT, numerator: isCount, denominator: isCount }) ||
    fits(value, { kind: oneOf('FundingApplied'), ...ACCOUNT_EVENT, ratePpt: isWhole, markPrice: isWhole })
  );
}

/** Whether plain data says what a venue does with an instrument. */
export function isPhaseChange(value: unknown): value is PhaseChange {
  return fits(value, { instrument: isCount, phase: oneOf(...Object.values(MarketPhase)), reason: isText });
}
