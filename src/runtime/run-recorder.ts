import { unreachable } from '../base/assert.ts';
import { Digest } from '../base/digest.ts';
import { TextNumbers } from '../base/text-numbers.ts';
import type {
  AccountEvent,
  Alert,
  DataGap,
  Fill,
  LogLine,
  OrderCanceled,
  OrderDenied,
  OrderEvent,
  OrderInitialized,
  OrderModified,
  OrderPendingModify,
  OrderRejected,
  Recorded,
} from '../model/events.ts';
import { FillLog, type FillLogState } from './fill-log.ts';

/** Log lines, alerts, denials, rejections, cancellations and gaps kept for the report, each; further ones are counted only. */
export const NOTES_MAX = 10_000;

/** Tags, reasons and codes that enter the digest by their characters once and then by number; past the bound, by characters each time. */
export const DIGEST_TEXTS_MAX = 65_536;

/** Rows that every order event begins with in the digest. */
const HEAD_ROWS = 4;
/** Of a word that says kind and instrument: kinds up to 63, instruments up to 2^26. */
const KIND_BITS = 6;

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

type Counts = readonly (readonly [text: string, count: number])[];

export interface RunRecorderState {
  readonly digest: readonly number[];
  readonly texts: readonly string[];
  readonly fills: FillLogState;
  readonly denials: readonly OrderDenied[];
  readonly rejections: readonly OrderRejected[];
  readonly cancellations: readonly OrderCanceled[];
  readonly alerts: readonly Alert[];
  readonly gaps: readonly DataGap[];
  readonly logLines: readonly LogLine[];
  readonly denialCount: number;
  readonly denialCounts: Counts;
  readonly rejectionCounts: Counts;
  readonly cancellationCounts: Counts;
  readonly alertCount: number;
  readonly gapCount: number;
  readonly logLineCount: number;
  readonly logWarningCount: number;
}

/**
 * Keeps what a run produced and folds it into the digest as it comes: two runs with the same digest made the same decisions, had the
 * same fills and end with the same ledger.
 */
export class RunRecorder {
  readonly fills: FillLog;
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
  private readonly texts = new TextNumbers();

  /**
   * @param identity what the run is made of: strategy bundle hashes, parameters, data set digests
   * @param fillsMax fills kept, the newest; all where left out
   */
  constructor(identity: readonly string[], fillsMax?: number) {
    this.fills = new FillLog(fillsMax);
    for (const part of identity) this.digest.addText(part);
  }

  /** Hot: three or four records for every order. One switch decides, so that each leaf sees one shape of event. */
  take(record: Recorded): void {
    switch (record.kind) {
      case 'OrderInitialized':
        return this.takeBorn(record);
      case 'OrderSubmitted':
        return this.takeBare(RECORD_NUMBERS.OrderSubmitted, record);
      case 'OrderAccepted':
        return this.takeBare(RECORD_NUMBERS.OrderAccepted, record);
      case 'OrderFilled':
        return this.takeFill(RECORD_NUMBERS.OrderFilled, record);
      case 'OrderPartiallyFilled':
        return this.takeFill(RECORD_NUMBERS.OrderPartiallyFilled, record);
      case 'OrderTriggered':
      case 'OrderPendingCancel':
      case 'OrderExpired':
        return this.takeBare(RECORD_NUMBERS[record.kind], record);
      case 'OrderModified':
      case 'OrderPendingModify':
        return this.takeRestated(RECORD_NUMBERS[record.kind], record);
      case 'OrderDenied':
        return this.takeDenial(record);
      case 'OrderRejected':
        return this.takeRejection(record);
      case 'ModifyRejected':
      case 'CancelRejected':
        return this.addReasoned(RECORD_NUMBERS[record.kind], record, record.reason);
      case 'OrderCanceled':
        return this.takeCancellation(record);
      case 'DividendPaid':
      case 'SplitEffective':
      case 'FundingApplied':
        return this.takeAccountEvent(RECORD_NUMBERS[record.kind], record);
      case 'Alert':
        return this.takeAlert(record);
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

  private takeBare(kind: number, event: OrderEvent): void {
    const { digest } = this;
    digest.putPair(0, event.clientOrderId, (event.instrument << KIND_BITS) | kind);
    digest.putPair(1, event.strategy, 0);
    digest.put(2, event.tsEvent);
    digest.put(3, event.tsInit);
    digest.add(HEAD_ROWS);
  }

  private takeBorn(event: OrderInitialized): void {
    const { digest } = this;
    const { request } = event;
    const tag = this.textNumber(request.tag);
    const terms = (request.side & 0xff) | (request.orderType << 8) | (request.timeInForce << 16) | (request.flags << 24);
    digest.putPair(0, event.clientOrderId, (event.instrument << KIND_BITS) | RECORD_NUMBERS.OrderInitialized);
    digest.putPair(1, event.strategy, terms);
    digest.put(2, event.tsEvent);
    digest.put(3, event.tsInit);
    digest.putAny(4, request.orderQty);
    digest.putAny(5, request.limitPrice);
    digest.putAny(6, request.stopPrice);
    digest.putAny(7, request.expireTs);
    digest.putAny(8, request.targetWeightPpb);
    digest.putPair(9, request.strategy, tag);
    digest.add(10);
  }

  private takeFill(kind: number, event: Fill): void {
    const { digest } = this;
    const tradeId = this.fills.push(event);
    if (tradeId < 0) digest.addText(event.tradeId);
    digest.putPair(0, event.clientOrderId, (event.instrument << KIND_BITS) | kind);
    digest.putPair(1, event.strategy, (event.side & 0xff) | (event.liquiditySide << 8));
    digest.put(2, event.tsEvent);
    digest.put(3, event.tsInit);
    digest.put(4, event.lastQty);
    digest.put(5, event.lastPx);
    digest.put(6, event.cumQty);
    digest.put(7, event.leavesQty);
    digest.putBigint(8, event.commission);
    digest.put(9, tradeId);
    digest.add(10);
  }

  private takeRestated(kind: number, event: OrderModified | OrderPendingModify): void {
    const { digest } = this;
    digest.putPair(0, event.clientOrderId, (event.instrument << KIND_BITS) | kind);
    digest.putPair(1, event.strategy, 0);
    digest.put(2, event.tsEvent);
    digest.put(3, event.tsInit);
    digest.putAny(4, event.orderQty);
    digest.putAny(5, event.limitPrice);
    digest.putAny(6, event.stopPrice);
    digest.put(7, 0);
    digest.add(8);
  }

  private takeDenial(event: OrderDenied): void {
    this.addReasoned(RECORD_NUMBERS.OrderDenied, event, event.code);
    this.denialCount += 1;
    this.denialCounts.set(event.code, (this.denialCounts.get(event.code) ?? 0) + 1);
    if (this.denials.length < NOTES_MAX) this.denials.push(event);
  }

  private takeRejection(event: OrderRejected): void {
    this.addReasoned(RECORD_NUMBERS.OrderRejected, event, event.reason);
    this.rejectionCounts.set(event.reason, (this.rejectionCounts.get(event.reason) ?? 0) + 1);
    if (this.rejections.length < NOTES_MAX) this.rejections.push(event);
  }

  private takeCancellation(event: OrderCanceled): void {
    this.addReasoned(RECORD_NUMBERS.OrderCanceled, event, event.reason);
    if (event.reason === '') return;
    this.cancellationCounts.set(event.reason, (this.cancellationCounts.get(event.reason) ?? 0) + 1);
    if (this.cancellations.length < NOTES_MAX) this.cancellations.push(event);
  }

  private takeAlert(alert: Alert): void {
    this.alertCount += 1;
    if (this.alerts.length < NOTES_MAX) this.alerts.push(alert);
    const { digest } = this;
    const code = this.textNumber(alert.code);
    digest.putPair(0, RECORD_NUMBERS.Alert, code);
    digest.put(1, alert.tsInit);
    digest.add(2);
  }

  private takeAccountEvent(kind: number, event: AccountEvent): void {
    const { digest } = this;
    digest.putPair(0, kind, event.instrument);
    digest.put(1, event.tsInit);
    digest.add(2);
  }

  saveState(): RunRecorderState {
    const { denialCount, alertCount, gapCount, logLineCount, logWarningCount } = this;
    return {
      digest: this.digest.saveState(),
      texts: this.texts.saveState(),
      fills: this.fills.saveState(),
      denials: [...this.denials],
      rejections: [...this.rejections],
      cancellations: [...this.cancellations],
      alerts: [...this.alerts],
      gaps: [...this.gaps],
      logLines: [...this.logLines],
      denialCount,
      denialCounts: [...this.denialCounts],
      rejectionCounts: [...this.rejectionCounts],
      cancellationCounts: [...this.cancellationCounts],
      alertCount,
      gapCount,
      logLineCount,
      logWarningCount,
    };
  }

  /** Of a recorder that has taken nothing. */
  loadState(state: RunRecorderState): void {
    this.digest.loadState(state.digest);
    this.texts.loadState(state.texts);
    this.fills.loadState(state.fills);
    this.denials.push(...state.denials);
    this.rejections.push(...state.rejections);
    this.cancellations.push(...state.cancellations);
    this.alerts.push(...state.alerts);
    this.gaps.push(...state.gaps);
    this.logLines.push(...state.logLines);
    for (const [code, count] of state.denialCounts) this.denialCounts.set(code, count);
    for (const [reason, count] of state.rejectionCounts) this.rejectionCounts.set(reason, count);
    for (const [reason, count] of state.cancellationCounts) this.cancellationCounts.set(reason, count);
    this.denialCount = state.denialCount;
    this.alertCount = state.alertCount;
    this.gapCount = state.gapCount;
    this.logLineCount = state.logLineCount;
    this.logWarningCount = state.logWarningCount;
  }

  private addReasoned(kind: number, event: OrderEvent, reason: string): void {
    const { digest } = this;
    const text = this.textNumber(reason);
    digest.putPair(0, event.clientOrderId, (event.instrument << KIND_BITS) | kind);
    digest.putPair(1, event.strategy, text);
    digest.put(2, event.tsEvent);
    digest.put(3, event.tsInit);
    digest.add(HEAD_ROWS);
  }

  /** What stands for a text that comes again and again. Its characters enter the digest where it comes first. */
  private textNumber(text: string): number {
    const { count } = this.texts;
    if (count === DIGEST_TEXTS_MAX) {
      this.digest.addText(text);
      return DIGEST_TEXTS_MAX;
    }
    const number = this.texts.numberFor(text);
    if (number === count) this.digest.addText(text);
    return number;
  }
}
