import { describe, expect, it } from 'vitest';
import { NOTES_MAX, RECORD_NUMBERS, RunRecorder } from './run-recorder.ts';
import type { Recorded } from '../core/effects.ts';

const BASE = { clientOrderId: 1, strategy: 0, instrument: 0, tsEvent: 10, tsInit: 11 };
const REQUEST = {
  strategy: 0,
  instrument: 0,
  side: 1,
  orderType: 2,
  timeInForce: 2,
  orderQty: 5,
  limitPrice: 100,
  stopPrice: 0,
  expireTs: 0,
  flags: 0,
  targetWeightPpb: 0,
  tag: 'entry',
} as const;
const FILL = {
  ...BASE,
  kind: 'OrderFilled',
  side: 1,
  lastQty: 5,
  lastPx: 100,
  cumQty: 5,
  leavesQty: 0,
  liquiditySide: 2,
  commission: 7n,
  tradeId: 'T1',
  tag: '',
} as unknown as Recorded & { readonly kind: 'OrderFilled' };

function digestOf(
  records: readonly Recorded[],
  identity: readonly string[] = ['v1'],
  ledger: readonly string[] = ['CASH|0|USD|1'],
): string {
  const recorder = new RunRecorder(identity);
  for (const record of records) recorder.take(record);
  return recorder.digestWith(ledger);
}

/** The record with one field changed: numbers by one, texts and big integers by something. */
function changed<R extends object>(record: R, field: string): R {
  const value = (record as Record<string, unknown>)[field];
  const other = typeof value === 'number' ? value + 1 : typeof value === 'bigint' ? value + 1n : `${String(value)}x`;
  return { ...record, [field]: other };
}

describe('what the venue rejected', () => {
  it('is kept, and counted by reason', () => {
    const recorder = new RunRecorder(['v1']);
    const rejected = { ...BASE, kind: 'OrderRejected', reason: 'VENUE_SIZE_ZERO' } as const;
    recorder.take(rejected);
    recorder.take(rejected);
    expect(recorder.rejections).toEqual([rejected, rejected]);
    expect([...recorder.rejectionCounts]).toEqual([['VENUE_SIZE_ZERO', 2]]);
  });
});

describe('what the venue canceled', () => {
  it('is kept, and counted by reason; what a strategy canceled is not', () => {
    const recorder = new RunRecorder(['v1']);
    const canceled = { ...BASE, kind: 'OrderCanceled', reason: 'VENUE_SIZE_ZERO' } as const;
    for (const record of [canceled, { ...canceled, reason: '' }, canceled]) recorder.take(record);
    expect(recorder.cancellations).toEqual([canceled, canceled]);
    expect([...recorder.cancellationCounts]).toEqual([['VENUE_SIZE_ZERO', 2]]);
  });
});

describe('the log', () => {
  it('counts warnings apart', () => {
    const recorder = new RunRecorder(['v1']);
    for (const level of ['info', 'warn', 'info'] as const) recorder.take({ kind: 'LogLine', strategy: 0, level, message: 'm', tsInit: 1 });
    expect([recorder.logLineCount, recorder.logWarningCount]).toEqual([3, 1]);
  });
});

describe('the digest of a run', () => {
  it('is the same for the same records, and asking for it changes nothing', () => {
    const recorder = new RunRecorder(['v1']);
    recorder.take(FILL);
    expect(recorder.digestWith(['a'])).toBe(recorder.digestWith(['a']));
    recorder.take(FILL);
    expect(recorder.digestWith([])).toBe(digestOf([FILL, FILL], ['v1'], []));
  });

  it.each([
    'side',
    'lastQty',
    'lastPx',
    'cumQty',
    'leavesQty',
    'liquiditySide',
    'commission',
    'tradeId',
    'clientOrderId',
    'instrument',
    'tsEvent',
    'tsInit',
  ])('changes with the %s of a fill', (field) => {
    expect(digestOf([changed(FILL, field)])).not.toBe(digestOf([FILL]));
  });

  it.each(Object.keys(REQUEST).filter((field) => field !== 'instrument'))('changes with the %s of what was asked', (field) => {
    const born = (request: object): Recorded => ({ ...BASE, kind: 'OrderInitialized', request }) as unknown as Recorded;
    expect(digestOf([born(changed(REQUEST, field))])).not.toBe(digestOf([born(REQUEST)]));
  });

  it('changes with order, number and kind of records, with what went in, and with the ledger at the end', () => {
    const accepted = { ...BASE, kind: 'OrderAccepted', venueOrderId: 'V' } as Recorded;
    const denied = { ...BASE, kind: 'OrderDenied', code: 'POSITION_LIMIT', reason: '' } as Recorded;
    const digests = [
      digestOf([]),
      digestOf([accepted]),
      digestOf([FILL, accepted]),
      digestOf([accepted, FILL]),
      digestOf([accepted, FILL, FILL]),
      digestOf([denied]),
      digestOf([{ ...denied, code: 'EXPOSURE_LIMIT' } as Recorded]),
      digestOf([{ ...BASE, kind: 'OrderExpired' }]),
      digestOf([], ['v2']),
      digestOf([], ['v', '1']),
      digestOf([], ['v1'], ['CASH|0|USD|2']),
      digestOf([{ kind: 'DividendPaid', instrument: 0, amountPerUnit: 1n, tsEvent: 1, tsInit: 1 }]),
      digestOf([{ kind: 'Alert', code: 'LIQUIDATION', message: '', tsInit: 1 }]),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });

  it('writes kinds as numbers that are never given anew, each another', () => {
    expect(RECORD_NUMBERS).toEqual({
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
    });
    const kinds = ['OrderSubmitted', 'OrderTriggered', 'OrderPendingCancel', 'OrderExpired', 'OrderAccepted'] as const;
    expect(new Set(kinds.map((kind) => digestOf([{ ...BASE, kind } as Recorded]))).size).toBe(kinds.length);
    const fills = ['OrderFilled', 'OrderPartiallyFilled'] as const;
    expect(new Set(fills.map((kind) => digestOf([{ ...FILL, kind } as Recorded]))).size).toBe(fills.length);
    const modifies = ['OrderModified', 'OrderPendingModify'] as const;
    const sizes = { orderQty: 1, limitPrice: 2, stopPrice: 3 };
    expect(new Set(modifies.map((kind) => digestOf([{ ...BASE, ...sizes, kind } as Recorded]))).size).toBe(modifies.length);
    const refusals = ['ModifyRejected', 'CancelRejected', 'OrderCanceled', 'OrderRejected'] as const;
    expect(new Set(refusals.map((kind) => digestOf([{ ...BASE, reason: 'X', kind } as Recorded]))).size).toBe(refusals.length);
  });

  it('changes with the instrument of an account event', () => {
    const funding = { kind: 'FundingApplied', instrument: 0, ratePpt: 1, markPrice: 1, tsEvent: 1, tsInit: 1 } as const;
    expect(digestOf([{ ...funding, instrument: 1 }])).not.toBe(digestOf([funding]));
  });

  it('does not change with what a strategy logs', () => {
    expect(digestOf([{ kind: 'LogLine', strategy: 0, level: 'info', message: 'hello', tsInit: 1 }])).toBe(digestOf([]));
  });
});

describe('notes', () => {
  it('are kept up to their bound and counted beyond it', () => {
    const recorder = new RunRecorder([]);
    for (let i = 0; i < NOTES_MAX + 5; i += 1)
      recorder.take({ kind: 'LogLine', strategy: 0, level: 'info', message: String(i), tsInit: i });
    expect([recorder.logLines.length, recorder.logLineCount, recorder.logLines[NOTES_MAX - 1]!.message]).toEqual([10_000, 10_005, '9999']);
  });

  it('counts denials by code beyond the bound too', () => {
    const recorder = new RunRecorder([]);
    const denied = (code: string): Recorded => ({ ...BASE, kind: 'OrderDenied', code, reason: '' }) as Recorded;
    for (let i = 0; i < NOTES_MAX; i += 1) recorder.take(denied('POSITION_LIMIT'));
    for (let i = 0; i < 3; i += 1) recorder.take(denied('EXPOSURE_LIMIT'));
    recorder.take(denied('POSITION_LIMIT'));
    expect(Object.fromEntries(recorder.denialCounts)).toEqual({ POSITION_LIMIT: 10_001, EXPOSURE_LIMIT: 3 });
    expect([recorder.denials.length, recorder.denialCount]).toEqual([10_000, 10_004]);
  });
});
