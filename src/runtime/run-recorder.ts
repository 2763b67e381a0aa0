import { Digest } from '../base/digest.ts';
import { FillLog } from './fill-log.ts';
import { unreachable } from '../base/assert.ts';
import type { LogLine, Recorded } from '../core/effects.ts';
import type { Alert, DataGap, Fill, OrderCanceled, OrderDenied, OrderInitialized, OrderRejected } from '../model/events.ts';

/** Log lines, alerts, denials, rejections, cancellations and gaps kept for the report, each; further ones are counted only. */
export const NOTES_MAX = 10_000;

/**
 * What stands for a kind of record in the digest. Numbers are never given anew: a run of an older version would seem to have done something
 * else.
 */
export const RECORD_NUMBERS = {
  OrderInitialized: 1,
  OrderDenied: 2,
  OrderSubmitted: 3,
  OrderAccepted: 4,
  OrderRejected: 5,
  OrderTriggered: 6,
  OrderPendingCancel: 7,
  OrderPendingModify: 8,
  OrderModified: 9,
  ModifyRejected: 10,
  CancelRejected: 11,
  OrderCanceled: 12,
  OrderExpired: 13,
  OrderPartiallyFilled: 14,
  OrderFilled: 15,
  Alert: 16,
  DividendPaid: 17,
  SplitEffective: 18,
  FundingApplied: 19,
} as const satisfies Readonly<Record<Exclude<Recorded['kind'], 'LogLine' | 'DataGap'>, number>>;

/**
 * Keeps what a run produced and folds it into the digest as it comes: two runs with the same digest made the same decisions, had the
 * same fills and end with the same ledger.
 */
export class RunRecorder {
  readonly fills = new FillLog();
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
  /** What the venue canceled of its own accord; what a strategy asked to cancel has no reason. */
  readonly cancellations: OrderCanceled[] = [];
  /** Of all of these, by the venue's reason in the order of their first. */
  readonly cancellationCounts = new Map<string, number>();
  alertCount = 0;
  gapCount = 0;
  logLineCount = 0;
  /** Of all log lines, those by `this.warn`. */
  logWarningCount = 0;
  private readonly digest = new Digest();

  /** @param identity what the run is made of: strategy bundle hashes, parameters, data set digests */
  constructor(identity: readonly string[]) {
    for (const part of identity) this.digest.addText(part);
  }

  /** Hot: three or four records for every order. One switch decides, so that each leaf sees one shape of event. */
  take(record: Recorded): void {
    switch (record.kind) {
      case 'OrderInitialized':
        return this.takeBorn(record);
      case 'OrderSubmitted':
        return this.begin(RECORD_NUMBERS.OrderSubmitted, record.instrument, record.clientOrderId, record.tsEvent, record.tsInit);
      case 'OrderAccepted':
        return this.begin(RECORD_NUMBERS.OrderAccepted, record.instrument, record.clientOrderId, record.tsEvent, record.tsInit);
      case 'OrderFilled':
        return this.takeFill(RECORD_NUMBERS.OrderFilled, record);
      case 'OrderPartiallyFilled':
        return this.takeFill(RECORD_NUMBERS.OrderPartiallyFilled, record);
      case 'OrderTriggered':
      case 'OrderPendingCancel':
      case 'OrderExpired':
        return this.begin(RECORD_NUMBERS[record.kind], record.instrument, record.clientOrderId, record.tsEvent, record.tsInit);
      case 'OrderDenied':
        return this.takeDenial(record);
      case 'OrderRejected':
        return this.takeRejection(record);
      case 'OrderModified':
      case 'OrderPendingModify':
        this.begin(RECORD_NUMBERS[record.kind], record.instrument, record.clientOrderId, record.tsEvent, record.tsInit);
        this.digest.addNumber(record.orderQty);
        this.digest.addNumber(record.limitPrice);
        this.digest.addNumber(record.stopPrice);
        return;
      case 'ModifyRejected':
      case 'CancelRejected':
        this.begin(RECORD_NUMBERS[record.kind], record.instrument, record.clientOrderId, record.tsEvent, record.tsInit);
        this.digest.addText(record.reason);
        return;
      case 'OrderCanceled':
        return this.takeCancellation(record);
      case 'DividendPaid':
      case 'SplitEffective':
      case 'FundingApplied':
        this.digest.align();
        this.digest.addPair(RECORD_NUMBERS[record.kind], record.instrument);
        this.digest.addNumber(record.tsInit);
        return;
      case 'Alert':
        this.alertCount += 1;
        if (this.alerts.length < NOTES_MAX) this.alerts.push(record);
        this.digest.align();
        this.digest.addUint32(RECORD_NUMBERS.Alert);
        this.digest.addText(record.code);
        return;
      case 'LogLine':
        this.logLineCount += 1;
        if (record.level === 'warn') this.logWarningCount += 1;
        if (this.logLines.length < NOTES_MAX) this.logLines.push(record);
        return;
      case 'DataGap':
        this.gapCount += 1;
        if (this.gaps.length < NOTES_MAX) this.gaps.push(record);
        return;
      default:
        unreachable(record);
    }
  }

  /** The digest so far with the ledger's final rows; the recorder can go on. */
  digestWith(ledgerRows: readonly string[]): string {
    const copy = new Digest();
    copy.loadState(this.digest.saveState());
    for (const row of ledgerRows) copy.addText(row);
    return copy.hex();
  }

  /** What every order event has. Aligned, so that the numbers lie whole in the digest's buffer. */
  private begin(kind: number, instrument: number, clientOrderId: number, tsEvent: number, tsInit: number): void {
    const { digest } = this;
    digest.align();
    digest.addPair(kind, instrument);
    digest.addNumber(clientOrderId);
    digest.addNumber(tsEvent);
    digest.addNumber(tsInit);
  }

  private takeBorn(event: OrderInitialized): void {
    const { digest } = this;
    const { request } = event;
    this.begin(RECORD_NUMBERS.OrderInitialized, event.instrument, event.clientOrderId, event.tsEvent, event.tsInit);
    digest.addPair(request.strategy, request.side);
    digest.addPair(request.orderType, request.timeInForce);
    digest.addNumber(request.orderQty);
    digest.addNumber(request.limitPrice);
    digest.addNumber(request.stopPrice);
    digest.addNumber(request.expireTs);
    digest.addNumber(request.targetWeightPpb);
    digest.addUint32(request.flags);
    digest.addText(request.tag);
  }

  private takeFill(kind: number, event: Fill): void {
    const { digest } = this;
    this.begin(kind, event.instrument, event.clientOrderId, event.tsEvent, event.tsInit);
    digest.addPair(event.side, event.liquiditySide);
    digest.addNumber(event.lastQty);
    digest.addNumber(event.lastPx);
    digest.addNumber(event.cumQty);
    digest.addNumber(event.leavesQty);
    digest.addBigInt(event.commission);
    digest.addText(event.tradeId);
    this.fills.push(event);
  }

  private takeDenial(event: OrderDenied): void {
    this.begin(RECORD_NUMBERS.OrderDenied, event.instrument, event.clientOrderId, event.tsEvent, event.tsInit);
    this.digest.addText(event.code);
    this.denialCount += 1;
    this.denialCounts.set(event.code, (this.denialCounts.get(event.code) ?? 0) + 1);
    if (this.denials.length < NOTES_MAX) this.denials.push(event);
  }

  private takeRejection(event: OrderRejected): void {
    this.begin(RECORD_NUMBERS.OrderRejected, event.instrument, event.clientOrderId, event.tsEvent, event.tsInit);
    this.digest.addText(event.reason);
    this.rejectionCounts.set(event.reason, (this.rejectionCounts.get(event.reason) ?? 0) + 1);
    if (this.rejections.length < NOTES_MAX) this.rejections.push(event);
  }

  private takeCancellation(event: OrderCanceled): void {
    this.begin(RECORD_NUMBERS.OrderCanceled, event.instrument, event.clientOrderId, event.tsEvent, event.tsInit);
    this.digest.addText(event.reason);
    if (event.reason === '') return;
    this.cancellationCounts.set(event.reason, (this.cancellationCounts.get(event.reason) ?? 0) + 1);
    if (this.cancellations.length < NOTES_MAX) this.cancellations.push(event);
  }
}
