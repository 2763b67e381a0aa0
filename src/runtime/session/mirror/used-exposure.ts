import type { MoneyLimit } from '../../../core/risk/limits.ts';
import type { Money } from '../../../model/currency.ts';
import { Side } from '../../../model/order.ts';
import { notionalValue } from '../../../model/valuation.ts';
import type { SessionView } from '../../../ports/session-view.ts';

type Seen = Pick<SessionView, 'instruments' | 'openOrders' | 'positions' | 'markPx'>;
type Counts = (what: { readonly strategy: number; readonly instrument: number }) => boolean;

/**
 * What stands against a limit of exposure (C-13): over the instruments, the value at the mark of the worst position that open orders could lead to.
 * Null where the view cannot say it as the control does: a price is missing, or a value is in another currency than the limit.
 */
export function usedExposure({ currency }: MoneyLimit, counts: Counts, seen: Seen): Money | null {
  const { instruments } = seen;
  const [held, bought, sold] = [instruments, instruments, instruments].map((each) => each.map(() => 0)) as [number[], number[], number[]];
  for (const { snapshot } of seen.positions()) if (counts(snapshot)) held[snapshot.instrument]! += snapshot.quantity;
  for (const order of seen.openOrders()) if (counts(order)) (order.side === Side.BUY ? bought : sold)[order.instrument]! += order.leavesQty;
  let sum = 0n;
  for (const instrument of instruments) {
    const { index, isInverse, settlement } = instrument;
    const worst = Math.max(held[index]! + bought[index]!, sold[index]! - held[index]!);
    if (worst === 0) continue;
    const price = seen.markPx(index);
    if (price === null || isInverse || settlement.code !== currency.code) return null;
    sum += notionalValue(instrument, price, worst);
  }
  return sum;
}
