import { unreachable } from '../../base/assert.ts';
import type { Recorded } from '../../model/events.ts';
import type { Effects } from '../effects.ts';
import type { StrategyHost } from './strategy-host.ts';
import { endless } from '../strategy/strategy-mistake.ts';

/** Order events in one step; more is a strategy that answers each of its own (a denial, say) with another order. */
export const RECORDS_PER_STEP_MAX = 200_000;

/** Tells of a record whoever it concerns: an order's strategy, or who watches an instrument; the rest is for the outside only. */
function tellStrategies(hosts: readonly StrategyHost[], record: Recorded): void {
  switch (record.kind) {
    // Hot: cases are compared from above, so what nearly every order goes through comes first.
    case 'OrderInitialized':
    case 'OrderSubmitted':
    case 'OrderAccepted':
    case 'OrderFilled':
    case 'OrderPartiallyFilled':
    case 'OrderDenied':
    case 'OrderCanceled':
    case 'OrderPendingCancel':
    case 'OrderPendingModify':
    case 'OrderModified':
    case 'OrderTriggered':
    case 'OrderRejected':
    case 'OrderExpired':
    case 'ModifyRejected':
    case 'CancelRejected':
      hosts[record.strategy]?.tellOrder(record);
      return;
    case 'DataGap':
      for (const host of hosts) host.tellGap(record);
      return;
    case 'Alert':
    case 'LogLine':
    case 'DividendPaid':
    case 'SplitEffective':
    case 'FundingApplied':
      return;
    default:
      unreachable(record);
  }
}

/**
 * Tells strategies what has happened to their orders, and what that led to, until nothing new happens. Hot: where no strategy has a handler for
 * it there is nobody to tell.
 *
 * @param hasGap a gap is among the records, which also strategies without such handlers are told of
 */
export function tellRecords(hosts: readonly StrategyHost[], effects: Effects, hasGap: boolean): void {
  const { records } = effects;
  if (!hasGap && !isAnyoneListening(hosts)) {
    effects.notified = records.length;
    // As many as are let through where there is somebody to tell.
    if (effects.notified - effects.stepStart > RECORDS_PER_STEP_MAX + 1) throw tooMany();
    return;
  }
  while (effects.notified < records.length) {
    if (effects.notified - effects.stepStart > RECORDS_PER_STEP_MAX) throw tooMany();
    const record = records[effects.notified]!;
    effects.notified += 1;
    tellStrategies(hosts, record);
  }
}

function tooMany(): Error {
  return endless(`more than ${RECORDS_PER_STEP_MAX} order events in one step`);
}

/** True where a strategy has a handler for what happens to its orders. */
function isAnyoneListening(hosts: readonly StrategyHost[]): boolean {
  for (let at = 0; at < hosts.length; at += 1) if (hosts[at]!.hearsOrders) return true;
  return false;
}
