import type { Assessment } from '../assessment.ts';
import { deny, type Control, type Denial } from '../control.ts';
import type { LossKind } from '../loss-watch.ts';
import { scopeText } from '../trading-state.ts';
import { onlyReduces } from './halts.ts';

/**
 * C-22: while the loss of the day, realized and at the marks, is above its limit, orders pass that only reduce. It holds at the moment of the decision;
 * what else is done about it, the loss watch does.
 */
export const DAILY_LOSS: Control = {
  id: 'C-22',
  name: 'daily loss',
  codes: ['DAILY_LOSS_LIMIT', 'REFERENCE_PRICE_MISSING', 'CURRENCY_RATE_MISSING'],
  parameters: [
    'strategies.maxDailyLoss',
    'accounts.maxDailyLoss',
    'accounts.maxDailyLossShare',
    'firm.maxDailyLoss',
    'firm.maxDailyLossShare',
  ],
  onlyWith: ['maxDailyLoss', 'maxDailyLossPpm'],
  check: (a) => checkLoss(a, 'DAY'),
};

/** C-23: the same while the equity is further below its highest than it may be. */
export const DRAWDOWN: Control = {
  id: 'C-23',
  name: 'drawdown',
  codes: ['DRAWDOWN_LIMIT', 'REFERENCE_PRICE_MISSING', 'CURRENCY_RATE_MISSING'],
  parameters: ['accounts.maxDrawdown', 'accounts.drawdownDays', 'firm.maxDrawdown', 'firm.drawdownDays'],
  onlyWith: ['maxDrawdownPpm'],
  check: (a) => checkLoss(a, 'DRAWDOWN'),
};

function checkLoss(a: Assessment, kind: LossKind): Denial | null {
  // A fill of what was judged before it is a fact; and the way out must not hang on what a position is worth.
  if (a.mode === 'FILL' || onlyReduces(a)) return null;
  const found = a.world.losses.breach(kind, a.strategy, a.instrument);
  if (found === null) return null;
  const { limit, observed, unit } = found.breach;
  const whose = scopeText(found.scope, a.world.instruments);
  const sentence = `The ${kind === 'DAY' ? 'daily loss' : 'drawdown'} of ${whose} is above its limit: only orders that reduce the position pass.`;
  const [control, code] = kind === 'DAY' ? (['C-22', 'DAILY_LOSS_LIMIT'] as const) : (['C-23', 'DRAWDOWN_LIMIT'] as const);
  return deny(control, code, sentence, limit, observed, unit);
}
