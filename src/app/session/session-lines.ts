import { formatDecimalShort } from '../../base/decimal.ts';
import { unreachable } from '../../base/assert.ts';
import type { Fill, Recorded } from '../../model/events.ts';
import { instantText } from '../../model/instant.ts';
import { LiquiditySide } from '../../model/order.ts';
import type { SessionOutput } from '../../model/session-output.ts';
import { OPERATOR_NAME, type SessionPlan } from '../../runtime/session/session-plan.ts';

/** What a session did, as lines for a terminal: one for every fill, refusal, alert and line of a strategy. */
export class SessionLines {
  private readonly plan: SessionPlan;

  constructor(plan: SessionPlan) {
    this.plan = plan;
  }

  of(output: SessionOutput): readonly string[] {
    const lines: string[] = [];
    for (const record of output.records) {
      const said = this.say(record);
      if (said !== null) lines.push(`${instantText(record.tsInit)}  ${said}`);
    }
    for (const { strategy, status, reason } of output.strategies)
      if (status !== 'RUNNING')
        lines.push(`${instantText(output.ts)}  ${this.strategy(strategy)}: ${status.toLowerCase()}${reason === '' ? '' : `, ${reason}`}`);
    return lines;
  }

  private say(record: Recorded): string | null {
    switch (record.kind) {
      case 'OrderFilled':
      case 'OrderPartiallyFilled':
        return this.fill(record);
      case 'OrderDenied':
        return `${this.strategy(record.strategy)}: order ${record.clientOrderId} denied, ${record.reason} [${record.code}]`;
      case 'OrderRejected':
        return `${this.strategy(record.strategy)}: order ${record.clientOrderId} rejected by the venue, ${record.reason}`;
      case 'Alert':
        return `${record.message} [${record.code}]`;
      case 'LogLine':
        return `${this.strategy(record.strategy)}: ${record.message}`;
      case 'DataGap':
        return `${this.plan.instruments[record.instrument]!.id}: no market data since ${instantText(record.tsFrom)}`;
      case 'OrderInitialized':
      case 'OrderSubmitted':
      case 'OrderAccepted':
      case 'OrderTriggered':
      case 'OrderPendingCancel':
      case 'OrderPendingModify':
      case 'OrderModified':
      case 'ModifyRejected':
      case 'CancelRejected':
      case 'OrderCanceled':
      case 'OrderExpired':
      case 'DividendPaid':
      case 'SplitEffective':
      case 'FundingApplied':
        return null;
      default:
        return unreachable(record);
    }
  }

  private fill(fill: Fill): string {
    const { id, priceDecimals, quantityDecimals } = this.plan.instruments[fill.instrument]!;
    const quantity = formatDecimalShort(BigInt(fill.lastQty), quantityDecimals);
    const price = formatDecimalShort(BigInt(fill.lastPx), priceDecimals);
    const way = fill.side > 0 ? 'bought' : 'sold';
    const role = fill.liquiditySide === LiquiditySide.MAKER ? ', as maker' : '';
    return `${this.strategy(fill.strategy)}: ${way} ${quantity} ${id} at ${price}${role} (order ${fill.clientOrderId})`;
  }

  private strategy(index: number): string {
    return index < 0 ? 'venue' : (this.plan.strategies[index]?.name ?? OPERATOR_NAME);
  }
}
