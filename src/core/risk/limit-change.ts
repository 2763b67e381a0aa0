import type { Currency } from '../../model/currency.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { LimitScope } from '../../model/trading-state.ts';
import { type AnyLimitName, LIMIT_FORMS, limitText, type LimitValue, readLimit } from './limit-values.ts';
import type { RiskLimits } from './limits.ts';

/** A limit as a person states it. `value` as run files write it; null for no limit. */
export interface LimitChange {
  readonly scope: LimitScope;
  readonly name: string;
  readonly value: string | null;
}

/** What the limits of a session are said of. */
interface LimitWorld {
  readonly instruments: readonly Instrument[];
  readonly strategyNames: readonly string[];
  readonly currencies: ReadonlyMap<string, Currency>;
}

/** `from` and `to` as people write them; `none` for no limit. */
export interface ChangedLimits {
  readonly limits: RiskLimits;
  readonly whose: string;
  readonly from: string;
  readonly to: string;
  /** More is permitted than before. */
  readonly isRaised: boolean;
}

/** The limits with one changed; a sentence where that cannot be. */
export function changedLimits(limits: RiskLimits, { scope, name, value }: LimitChange, world: LimitWorld): ChangedLimits | string {
  const problem = scopeProblem(scope, world);
  if (problem !== null) return problem;
  if (!Object.hasOwn(LIMIT_FORMS, name)) return `There is no limit called ${name}.`;
  const known = name as AnyLimitName;
  if (!LIMIT_FORMS[known].of.includes(scope.kind)) return `${known} is no limit of ${scope.kind.toLowerCase()}s.`;
  const instrument = scope.kind === 'INSTRUMENT' ? world.instruments[scope.instrument]! : null;
  const read = value === null ? null : readLimit(known, value, instrument, world.currencies);
  if (typeof read === 'string') return read;
  const own = limitsOf(limits, scope, instrument);
  const written = (limit: LimitValue | null | undefined): string =>
    limit === null || limit === undefined ? 'none' : limitText(known, limit, instrument).join(' ').trim();
  return {
    limits: withOwn(limits, scope, instrument, replaced(own, known, read), world.instruments),
    whose: whoseText(scope, world),
    from: written(own[known]),
    to: written(read),
    isRaised: isRaised(known, own[known], read),
  };
}

/** Of what is tighter the more there is of it. */
const TIGHTER_ABOVE: ReadonlySet<AnyLimitName> = new Set<AnyLimitName>(['balanceBufferPpm', 'drawdownDays']);

function isRaised(name: AnyLimitName, from: LimitValue | undefined, to: LimitValue | null): boolean {
  // Without a window the drawdown counts from the highest of all days, which is the tightest.
  if (name === 'drawdownDays' && (from === undefined || to === null)) return from === undefined && to !== null;
  if (from === undefined) return false;
  if (to === null) return true;
  if (typeof from === 'boolean' || typeof to === 'boolean') return from === true && to === false;
  if (typeof from === 'number' || typeof to === 'number') return TIGHTER_ABOVE.has(name) ? to < from : to > from;
  if ('windowUs' in from || 'windowUs' in to)
    return !('windowUs' in from && 'windowUs' in to) || to.count > from.count || to.windowUs < from.windowUs;
  // What an amount is worth in another currency moves: a change of it counts as a raise.
  return from.currency.code !== to.currency.code || to.amount > from.amount;
}

type OwnLimits = Readonly<Partial<Record<AnyLimitName, LimitValue>>>;

function scopeProblem(scope: LimitScope, { instruments, strategyNames }: LimitWorld): string | null {
  switch (scope.kind) {
    case 'FIRM':
      return null;
    case 'ACCOUNT':
      return instruments.some(({ venue }) => venue === scope.venue) ? null : `There is no account at ${scope.venue}.`;
    case 'STRATEGY':
      return strategyNames[scope.strategy] === undefined ? `There is no strategy ${scope.strategy}.` : null;
    default: {
      if (instruments[scope.instrument] === undefined) return `There is no instrument ${scope.instrument}.`;
      if (scope.strategy === null || strategyNames[scope.strategy] !== undefined) return null;
      return `There is no strategy ${scope.strategy}.`;
    }
  }
}

function whoseText(scope: LimitScope, { instruments, strategyNames }: LimitWorld): string {
  switch (scope.kind) {
    case 'FIRM':
      return 'firm';
    case 'ACCOUNT':
      return `account ${scope.venue}`;
    case 'STRATEGY':
      return `strategy ${strategyNames[scope.strategy]!}`;
    default: {
      const { id } = instruments[scope.instrument]!;
      return scope.strategy === null ? `instrument ${id}` : `strategy ${strategyNames[scope.strategy]!}, instrument ${id}`;
    }
  }
}

function limitsOf(limits: RiskLimits, scope: LimitScope, instrument: Instrument | null): OwnLimits {
  switch (scope.kind) {
    case 'FIRM':
      return (limits.firm ?? {}) as OwnLimits;
    case 'ACCOUNT':
      return (limits.accounts?.[scope.venue] ?? {}) as OwnLimits;
    case 'STRATEGY':
      return (limits.strategies?.[scope.strategy] ?? {}) as OwnLimits;
    default: {
      const { id } = instrument!;
      if (scope.strategy !== null) return (limits.strategies?.[scope.strategy]?.instruments?.[id] ?? {}) as OwnLimits;
      return { ...limits.everyInstrument, ...limits.instruments?.[id] } as OwnLimits;
    }
  }
}

function replaced(own: OwnLimits, name: AnyLimitName, value: LimitValue | null): OwnLimits {
  const { [name]: _, ...others } = own;
  return value === null ? others : { ...others, [name]: value };
}

function withOwn(
  limits: RiskLimits,
  scope: LimitScope,
  instrument: Instrument | null,
  own: OwnLimits,
  instruments: readonly Instrument[],
): RiskLimits {
  switch (scope.kind) {
    case 'FIRM':
      return { ...limits, firm: own as RiskLimits['firm'] & object };
    case 'ACCOUNT':
      return { ...limits, accounts: { ...limits.accounts, [scope.venue]: own } as RiskLimits['accounts'] & object };
    case 'STRATEGY':
      return { ...limits, strategies: { ...limits.strategies, [scope.strategy]: own } as RiskLimits['strategies'] & object };
    default: {
      const { id } = instrument!;
      if (scope.strategy === null) return withInstrument(limits, id, own, instruments);
      const former = limits.strategies?.[scope.strategy];
      const strategy = { ...former, instruments: { ...former?.instruments, [id]: own } };
      return { ...limits, strategies: { ...limits.strategies, [scope.strategy]: strategy } as RiskLimits['strategies'] & object };
    }
  }
}

/** What is said of every instrument is said of each by itself then: one of them may be without it now. */
function withInstrument(
  { everyInstrument, ...limits }: RiskLimits,
  changed: string,
  own: OwnLimits,
  instruments: readonly Instrument[],
): RiskLimits {
  const each = instruments.map(({ id }) => [id, id === changed ? own : { ...everyInstrument, ...limits.instruments?.[id] }] as const);
  return { ...limits, instruments: Object.fromEntries(each) as RiskLimits['instruments'] & object };
}
