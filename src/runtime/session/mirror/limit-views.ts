import { usedExposure } from './used-exposure.ts';
import type { SessionPlan } from '../session-plan.ts';
import { formatDecimalShort } from '../../../base/decimal.ts';
import { type AnyLimitName, LIMIT_FORMS, limitText, type LimitValue } from '../../../core/risk/limit-values.ts';
import type { InstrumentLimits, MoneyLimit, RiskLimits, ScopeLimits } from '../../../core/risk/limits.ts';
import { quantityText } from '../../../core/risk/control.ts';
import type { Instrument } from '../../../model/instrument.ts';
import { Side } from '../../../model/order.ts';
import type { OrderState } from '../../../model/session-output.ts';
import type { LimitScope } from '../../../model/trading-state.ts';
import type { LimitView, SessionView } from '../../../ports/session-view.ts';

type Seen = Pick<SessionView, 'instruments' | 'markPx' | 'openOrders' | 'positions' | 'strategies'>;

/** Whose orders and positions a limit counts. */
interface Whose {
  readonly scope: string;
  readonly target: LimitScope;
  readonly counts: (what: { readonly strategy: number; readonly instrument: number }) => boolean;
}

/** The limits that are set, one by one, and what stands against those that count orders or quantities. */
export function limitViews(limits: RiskLimits, plan: SessionPlan, seen: Seen): readonly LimitView[] {
  const views: LimitView[] = [];
  const names = seen.strategies().map(({ name }) => name);
  const venueOf = (instrument: number): string => seen.instruments[instrument]!.venue;
  addScope(views, limits.firm ?? {}, { scope: 'firm', target: { kind: 'FIRM' }, counts: () => true }, seen);
  for (const [venue, own] of Object.entries(limits.accounts ?? {}))
    addScope(
      views,
      own,
      { scope: `account ${venue}`, target: { kind: 'ACCOUNT', venue }, counts: ({ instrument }) => venueOf(instrument) === venue },
      seen,
    );
  for (const [strategy, own] of Object.entries(limits.strategies ?? {})) {
    const scope = `strategy ${names[Number(strategy)] ?? strategy}`;
    const isOwn: Whose['counts'] = (what) => what.strategy === Number(strategy);
    addScope(views, own, { scope, target: { kind: 'STRATEGY', strategy: Number(strategy) }, counts: isOwn }, seen);
    for (const [id, each] of Object.entries(own.instruments ?? {}))
      addInstrument(views, each, instrumentWhose(seen, id, Number(strategy), `${scope}, instrument ${id}`, isOwn), seen, id);
  }
  for (const { id } of plan.instruments) {
    const each = { ...limits.everyInstrument, ...limits.instruments?.[id] };
    addInstrument(
      views,
      each,
      instrumentWhose(seen, id, null, `instrument ${id}`, () => true),
      seen,
      id,
    );
  }
  return views;
}

function instrumentWhose(seen: Seen, id: string, strategy: number | null, scope: string, counts: Whose['counts']): Whose {
  const index = seen.instruments.findIndex((instrument) => instrument.id === id);
  return {
    scope,
    target: { kind: 'INSTRUMENT', instrument: index, strategy },
    counts: (what) => what.instrument === index && counts(what),
  };
}

function addScope(views: LimitView[], limits: ScopeLimits, whose: Whose, seen: Seen): void {
  for (const [name, limit] of Object.entries(limits) as readonly (readonly [AnyLimitName | 'instruments', LimitValue])[]) {
    if (name === 'instruments') continue;
    const [text, unit] = limitText(name, limit, null);
    const used = name === 'maxExposure' ? exposureText(limit as MoneyLimit, whose, seen) : usedCount(name, whose, seen);
    views.push({ ...viewOf(whose, name, text, unit), used });
  }
}

function viewOf({ scope, target }: Whose, name: AnyLimitName, limit: string, unit: string): Omit<LimitView, 'used'> {
  return { scope, target, name, limit, unit, value: LIMIT_FORMS[name].kind === 'MONEY' ? `${limit} ${unit}` : limit };
}

function exposureText(limit: MoneyLimit, { counts }: Whose, seen: Seen): string | null {
  const { decimals, displayDecimals } = limit.currency;
  const used = usedExposure(limit, counts, seen);
  return used === null ? null : formatDecimalShort(used, decimals, displayDecimals);
}

function usedCount(name: string, { counts }: Whose, seen: Seen): string | null {
  const open = seen.openOrders().filter(counts);
  if (name === 'maxOpenOrders') return String(open.length);
  if (name !== 'maxOpenPositions') return null;
  const held = seen.positions().filter(({ snapshot }) => snapshot.quantity !== 0 && counts(snapshot));
  return String(new Set([...open.map(({ instrument }) => instrument), ...held.map(({ snapshot }) => snapshot.instrument)]).size);
}

function addInstrument(views: LimitView[], limits: InstrumentLimits, whose: Whose, seen: Seen, id: string): void {
  const instrument = seen.instruments.find((each) => each.id === id)!;
  for (const [name, limit] of Object.entries(limits) as readonly (readonly [AnyLimitName, LimitValue])[]) {
    const [text, unit] = limitText(name, limit, instrument);
    views.push({ ...viewOf(whose, name, text, unit), used: usedQuantity(name, instrument, whose, seen) });
  }
}

/** The worst position that open orders could lead to, as the control judges it. */
function usedQuantity(name: string, instrument: Instrument, { counts }: Whose, seen: Seen): string | null {
  if (name !== 'maxLongQty' && name !== 'maxShortQty') return null;
  const held = seen.positions().reduce((sum, { snapshot }) => sum + (counts(snapshot) ? snapshot.quantity : 0), 0);
  const side = name === 'maxLongQty' ? Side.BUY : Side.SELL;
  const isOn = (order: OrderState): boolean => order.side === side && counts(order);
  const open = seen.openOrders().reduce((sum, order) => sum + (isOn(order) ? order.leavesQty : 0), 0);
  return quantityText(instrument, Math.max(0, held * side + open));
}
