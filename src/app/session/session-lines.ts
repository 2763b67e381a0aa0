import { countText } from '../terminal/number-text.ts';
import { formatDecimalShort } from '../../base/decimal.ts';
import { unreachable } from '../../base/assert.ts';
import type { Fill, Recorded } from '../../model/events.ts';
import { instantText } from '../../model/instant.ts';
import { LiquiditySide } from '../../model/order.ts';
import type { SessionOutput } from '../../model/session-output.ts';
import { OPERATOR_NAME, type SessionPlan } from '../../runtime/session/session-plan.ts';

/**
 * What a session did, as lines for a terminal: one for every fill, refusal, alert and line of a strategy. Orders that were denied because history was being
 * replayed are counted, and told when trading begins: a strategy that orders on every row would say nothing else.
 */
export class SessionLines {
  private readonly plan: SessionPlan;
  /** By strategy: orders denied in the warm-up that have not been told. */
  private readonly deniedWarmingUp = new Map<number, number>();

  constructor(plan: SessionPlan) {
    this.plan = plan;
  }

  of(output: SessionOutput): readonly string[] {
    const lines = output.ts < this.plan.tradingFromTs ? [] : this.warmUpEnded();
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
        if (record.code === 'WARMING_UP') return this.countDenied(record.strategy);
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

  private countDenied(strategy: number): null {
    this.deniedWarmingUp.set(strategy, (this.deniedWarmingUp.get(strategy) ?? 0) + 1);
    return null;
  }

  private warmUpEnded(): string[] {
    if (this.deniedWarmingUp.size === 0) return [];
    const ts = instantText(this.plan.tradingFromTs);
    const lines = [...this.deniedWarmingUp].map(([strategy, count]) => {
      const orders = count === 1 ? '1 order' : `${countText(count)} orders`;
      return `${ts}  ${this.strategy(strategy)}: ${orders} denied while history was replayed [WARMING_UP]`;
    });
    this.deniedWarmingUp.clear();
    return lines;
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
