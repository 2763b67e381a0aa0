import { unreachable } from '../../base/assert.ts';
import type { Recorded } from '../effects.ts';
import type { StrategyHost } from './strategy-host.ts';

/** Tells of a record whoever it concerns: an order's strategy, or who watches an instrument; the rest is for the outside only. */
export function tellStrategies(hosts: readonly StrategyHost[], record: Recorded): void {
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

/** True where a strategy has a handler for what happens to its orders. */
export function isAnyoneListening(hosts: readonly StrategyHost[]): boolean {
  for (let at = 0; at < hosts.length; at += 1) if (hosts[at]!.hearsOrders) return true;
  return false;
}
