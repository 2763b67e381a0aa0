import { usedExposure } from './used-exposure.ts';
import type { SessionPlan } from '../session-plan.ts';
import { formatDecimalShort } from '../../../base/decimal.ts';
import type { InstrumentLimits, MoneyLimit, RiskLimits, ScopeLimits } from '../../../core/risk/limits.ts';
import { quantityText, quantityUnit } from '../../../core/risk/control.ts';
import type { Instrument } from '../../../model/instrument.ts';
import { Side } from '../../../model/order.ts';
import type { OrderState } from '../../../model/session-output.ts';
import type { LimitView, SessionView } from '../../../ports/session-view.ts';

type Seen = Pick<SessionView, 'instruments' | 'markPx' | 'openOrders' | 'positions' | 'strategies'>;

/** Whose orders and positions a limit counts. */
interface Whose {
  readonly scope: string;
  readonly counts: (what: { readonly strategy: number; readonly instrument: number }) => boolean;
}

/** The limits that are set, one by one, and what stands against those that count orders or quantities. */
export function limitViews(limits: RiskLimits, plan: SessionPlan, seen: Seen): readonly LimitView[] {
  const views: LimitView[] = [];
  const names = seen.strategies().map(({ name }) => name);
  const venueOf = (instrument: number): string => seen.instruments[instrument]!.venue;
  addScope(views, limits.firm ?? {}, { scope: 'firm', counts: () => true }, seen);
  for (const [venue, own] of Object.entries(limits.accounts ?? {}))
    addScope(views, own, { scope: `account ${venue}`, counts: ({ instrument }) => venueOf(instrument) === venue }, seen);
  for (const [strategy, own] of Object.entries(limits.strategies ?? {})) {
    const scope = `strategy ${names[Number(strategy)] ?? strategy}`;
    const isOwn: Whose['counts'] = (what) => what.strategy === Number(strategy);
    addScope(views, own, { scope, counts: isOwn }, seen);
    for (const [id, each] of Object.entries(own.instruments ?? {}))
      addInstrument(views, each, instrumentWhose(seen, id, `${scope}, instrument ${id}`, isOwn), seen, id);
  }
  for (const { id } of plan.instruments) {
    const each = { ...limits.everyInstrument, ...limits.instruments?.[id] };
    addInstrument(
      views,
      each,
      instrumentWhose(seen, id, `instrument ${id}`, () => true),
      seen,
      id,
    );
  }
  return views;
}

function instrumentWhose(seen: Seen, id: string, scope: string, counts: Whose['counts']): Whose {
  const index = seen.instruments.findIndex((instrument) => instrument.id === id);
  return { scope, counts: (what) => what.instrument === index && counts(what) };
}

function addScope(views: LimitView[], limits: ScopeLimits, whose: Whose, seen: Seen): void {
  for (const [name, limit] of Object.entries(limits) as readonly (readonly [string, unknown])[]) {
    if (name === 'instruments') continue;
    if (typeof limit === 'number') {
      const unit = name === 'balanceBufferPpm' ? 'ppm' : name === 'maxOpenOrders' ? 'orders' : 'positions';
      views.push({ scope: whose.scope, name, limit: String(limit), used: usedCount(name, whose, seen), unit });
    } else views.push(scopeMoneyView(name, limit as MoneyLimit, whose, seen));
  }
}

function scopeMoneyView(name: string, limit: MoneyLimit, { scope, counts }: Whose, seen: Seen): LimitView {
  const { decimals, displayDecimals } = limit.currency;
  const used = name === 'maxExposure' ? usedExposure(limit, counts, seen) : null;
  return { ...moneyView(scope, name, limit), used: used === null ? null : formatDecimalShort(used, decimals, displayDecimals) };
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
  for (const [name, limit] of Object.entries(limits) as readonly (readonly [string, unknown])[]) {
    if (typeof limit === 'boolean') continue;
    if (typeof limit !== 'number') views.push(moneyView(whose.scope, name, limit as MoneyLimit));
    else {
      const used = usedQuantity(name, instrument, whose, seen);
      views.push({ scope: whose.scope, name, limit: quantityText(instrument, limit), used, unit: quantityUnit(instrument) });
    }
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

function moneyView(scope: string, name: string, { amount, currency }: MoneyLimit): LimitView {
  const { decimals, displayDecimals, code } = currency;
  return { scope, name, limit: formatDecimalShort(amount, decimals, displayDecimals), used: null, unit: code };
}
