import { Digest } from '../base/digest.ts';
import { unreachable } from '../base/assert.ts';
import type { LogLine, Recorded } from '../core/effects.ts';
import type { Alert, DataGap, Fill, OrderDenied, OrderEvent, OrderRejected } from '../model/events.ts';

/** Log lines, alerts, denials, rejections and gaps kept for the report, each; further ones are counted only. */
export const NOTES_MAX = 10_000;

/**
 * Keeps what a run produced and folds it into the digest as it comes: two runs with the same digest made the same decisions, had the
 * same fills and end with the same ledger.
 */
export class RunRecorder {
  readonly fills: Fill[] = [];
  readonly denials: OrderDenied[] = [];
  readonly rejections: OrderRejected[] = [];
  readonly alerts: Alert[] = [];
  readonly gaps: DataGap[] = [];
  readonly logLines: LogLine[] = [];
  denialCount = 0;
  /** Of all denials, by code in the order of their first. */
  readonly denialCounts = new Map<string, number>();
  /** Of all rejections, by the venue's reason in the order of their first. */
  readonly rejectionCounts = new Map<string, number>();
  alertCount = 0;
  gapCount = 0;
  logLineCount = 0;
  private readonly digest = new Digest();

  /** @param identity what the run is made of: strategy bundle hashes, parameters, data set digests */
  constructor(identity: readonly string[]) {
    for (const part of identity) this.digest.addText(part);
  }

  take(record: Recorded): void {
    switch (record.kind) {
      case 'LogLine':
        this.logLineCount += 1;
        if (this.logLines.length < NOTES_MAX) this.logLines.push(record);
        return;
      case 'Alert':
        this.alertCount += 1;
        if (this.alerts.length < NOTES_MAX) this.alerts.push(record);
        this.digest.addText(record.code);
        return;
      case 'DataGap':
        this.gapCount += 1;
        if (this.gaps.length < NOTES_MAX) this.gaps.push(record);
        return;
      case 'DividendPaid':
      case 'SplitEffective':
      case 'FundingApplied':
        this.digest.addText(record.kind);
        this.digest.addNumber(record.tsInit);
        return;
      default:
        this.takeOrderEvent(record);
    }
  }

  /** The digest so far with the ledger's final rows; the recorder can go on. */
  digestWith(ledgerRows: readonly string[]): string {
    const copy = new Digest();
    copy.loadState(this.digest.saveState());
    for (const row of ledgerRows) copy.addText(row);
    return copy.hex();
  }

  private takeOrderEvent(event: OrderEvent): void {
    const { digest } = this;
    digest.addText(event.kind);
    digest.addNumber(event.clientOrderId);
    digest.addNumber(event.instrument);
    digest.addNumber(event.tsEvent);
    digest.addNumber(event.tsInit);
    switch (event.kind) {
      case 'OrderInitialized': {
        const { strategy, side, orderType, timeInForce, orderQty, limitPrice, stopPrice, expireTs, flags, targetWeightPpb } = event.request;
        for (const value of [strategy, side, orderType, timeInForce, orderQty, limitPrice, stopPrice, expireTs, flags, targetWeightPpb])
          digest.addNumber(value);
        digest.addText(event.request.tag);
        return;
      }
      case 'OrderPartiallyFilled':
      case 'OrderFilled':
        for (const value of [event.side, event.lastQty, event.lastPx, event.cumQty, event.leavesQty, event.liquiditySide])
          digest.addNumber(value);
        digest.addBigInt(event.commission);
        digest.addText(event.tradeId);
        this.fills.push(event);
        return;
      case 'OrderDenied':
        digest.addText(event.code);
        this.denialCount += 1;
        this.denialCounts.set(event.code, (this.denialCounts.get(event.code) ?? 0) + 1);
        if (this.denials.length < NOTES_MAX) this.denials.push(event);
        return;
      case 'OrderModified':
      case 'OrderPendingModify':
        for (const value of [event.orderQty, event.limitPrice, event.stopPrice]) digest.addNumber(value);
        return;
      case 'OrderRejected':
        digest.addText(event.reason);
        this.rejectionCounts.set(event.reason, (this.rejectionCounts.get(event.reason) ?? 0) + 1);
        if (this.rejections.length < NOTES_MAX) this.rejections.push(event);
        return;
      case 'ModifyRejected':
      case 'CancelRejected':
      case 'OrderCanceled':
        digest.addText(event.reason);
        return;
      case 'OrderSubmitted':
      case 'OrderAccepted':
      case 'OrderTriggered':
      case 'OrderPendingCancel':
      case 'OrderExpired':
        return;
      default:
        unreachable(event);
    }
  }
}
