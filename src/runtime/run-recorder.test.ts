import { describe, expect, it } from 'vitest';
import { ORDERS_MAX } from '../core/orders/order-table.ts';
import type { OrderEvent, Recorded } from '../model/events.ts';
import { DIGEST_TEXTS_MAX, NOTES_MAX, RECORD_NUMBERS, RunRecorder } from './run-recorder.ts';

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
const VALUES = { orderQty: 1, limitPrice: 2, stopPrice: 3 };
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

  const EVENTS: readonly (Recorded & OrderEvent)[] = [
    { ...BASE, kind: 'OrderInitialized', request: REQUEST },
    { ...BASE, kind: 'OrderDenied', code: 'POSITION_LIMIT', reason: 'too much' },
    { ...BASE, kind: 'OrderSubmitted' },
    { ...BASE, kind: 'OrderAccepted', venueOrderId: 'V-1' },
    { ...BASE, kind: 'OrderRejected', reason: 'X' },
    { ...BASE, kind: 'OrderTriggered' },
    { ...BASE, kind: 'OrderPendingCancel' },
    { ...BASE, kind: 'OrderPendingModify', ...VALUES },
    { ...BASE, kind: 'OrderModified', ...VALUES },
    { ...BASE, kind: 'ModifyRejected', reason: 'X' },
    { ...BASE, kind: 'CancelRejected', reason: 'X' },
    { ...BASE, kind: 'OrderCanceled', reason: 'X' },
    { ...BASE, kind: 'OrderExpired' },
    FILL,
    { ...FILL, kind: 'OrderPartiallyFilled' },
  ];
  /** Said by another record (the tag of an order by its first), by its number (the venue's id) or by a code (a sentence for people). */
  const LEFT_OUT = new Set(['OrderInitialized request', 'OrderDenied reason', 'OrderAccepted venueOrderId', 'OrderFilled tag']);
  const FIELDS = EVENTS.flatMap((event) =>
    Object.keys(event)
      .filter((field) => field !== 'kind' && !LEFT_OUT.has(`${event.kind.replace('Partially', '')} ${field}`))
      .map((field) => ({ kind: event.kind, field, event })),
  );

  it.each(FIELDS)('changes with the $field of $kind', ({ field, event }) => {
    expect(digestOf([changed(event, field)])).not.toBe(digestOf([event]));
  });

  it('is another for each kind of event with the same content', () => {
    const all = { ...FILL, ...VALUES, code: 'POSITION_LIMIT', reason: 'POSITION_LIMIT', venueOrderId: '', request: REQUEST };
    expect(new Set(EVENTS.map(({ kind }) => digestOf([{ ...all, kind } as unknown as Recorded]))).size).toBe(EVENTS.length);
  });

  it('tells ids and instruments apart up to their bounds, and times of today by the microsecond', () => {
    const ids = [1, 2, ORDERS_MAX - 1, ORDERS_MAX, 2 ** 31 - 1];
    const instruments = [0, 1, 63, 64, 65, 2 ** 26 - 1];
    const times = [0, 1_700_000_000_000_000, 1_700_000_000_000_001, Number.MAX_SAFE_INTEGER];
    const digests = ids.flatMap((clientOrderId) =>
      instruments.flatMap((instrument) =>
        times.map((tsInit) => digestOf([{ ...BASE, kind: 'OrderExpired', clientOrderId, instrument, tsInit }])),
      ),
    );
    expect(new Set(digests).size).toBe(ids.length * instruments.length * times.length);
  });

  it.each(Object.keys(REQUEST).filter((field) => field !== 'instrument'))('changes with the %s of what was asked', (field) => {
    const born = (request: object): Recorded => ({ ...BASE, kind: 'OrderInitialized', request }) as unknown as Recorded;
    expect(digestOf([born(changed(REQUEST, field))])).not.toBe(digestOf([born(REQUEST)]));
  });

  it.each(['orderQty', 'limitPrice', 'stopPrice', 'expireTs', 'targetWeightPpb'])(
    'is one for every NaN as %s, and another than for 0',
    (field) => {
      const born = (value: number): string =>
        digestOf([{ ...BASE, kind: 'OrderInitialized', request: { ...REQUEST, [field]: value } } as Recorded]);
      const odd = new Float64Array(new BigUint64Array([0xfff8_0000_0000_0001n]).buffer)[0]!;
      expect(born(odd)).toBe(born(Number.NaN));
      expect(born(0)).toBe(born(-0));
      expect(born(Number.NaN)).not.toBe(born(0));
    },
  );

  it.each(['orderQty', 'limitPrice', 'stopPrice'])('is one for every NaN as %s of a change that is asked for', (field) => {
    const asked = (value: number): string => digestOf([{ ...BASE, kind: 'OrderPendingModify', ...VALUES, [field]: value }]);
    const odd = new Float64Array(new BigUint64Array([0xfff8_0000_0000_0001n]).buffer)[0]!;
    expect(asked(odd)).toBe(asked(Number.NaN));
    expect(asked(Number.NaN)).not.toBe(asked(0));
  });

  it('tells trade ids apart that are numbers, that look like numbers, and that are long texts', () => {
    const ids = ['T-1', 'T-2', 'T-01', 'T1', '', 'T-', '1', 'T-123456789012345', 'T-1234567890123456', 'T-1234567890123457', 'T--1'];
    expect(new Set(ids.map((tradeId) => digestOf([{ ...FILL, tradeId }]))).size).toBe(ids.length);
  });

  it.each(EVENTS.filter((event) => 'reason' in event))('tells reasons of $kind apart that come again', (event) => {
    const field = event.kind === 'OrderDenied' ? 'code' : 'reason';
    const of = (...reasons: string[]): string => digestOf(reasons.map((reason) => ({ ...event, [field]: reason }) as Recorded));
    expect(new Set([of('A', 'B', 'A'), of('A', 'B', 'B'), of('A', 'A', 'B')]).size).toBe(3);
  });

  it('tells codes of alerts apart that come again, and an alert that comes again from an account event', () => {
    const alert = (code: string): Recorded => ({ kind: 'Alert', code, message: '', tsInit: 1 }) as Recorded;
    const times = { instrument: 0, tsEvent: 1, tsInit: 1 } as const;
    const after = (last: Recorded): string => digestOf([alert('LATE_FILL'), alert('OVERFILL'), last]);
    const lasts: Recorded[] = [
      alert('LATE_FILL'),
      alert('OVERFILL'),
      { kind: 'DividendPaid', amountPerUnit: 1n, ...times },
      { kind: 'SplitEffective', numerator: 2, denominator: 1, ...times },
      { kind: 'FundingApplied', ratePpt: 1, markPrice: 1, ...times },
    ];
    expect(new Set(lasts.map(after)).size).toBe(lasts.length);
  });

  it('tells tags apart that come again in another order, within its bound of texts and past it', () => {
    const born = (tag: string): Recorded => ({ ...BASE, kind: 'OrderInitialized', request: { ...REQUEST, tag } });
    const of = (...tags: string[]): string => digestOf(tags.map(born));
    expect(new Set([of('a', 'b', 'a'), of('a', 'b', 'b'), of('b', 'a', 'b'), of('a', 'a', 'b'), of('a', 'b', 'c')]).size).toBe(5);
    const filled = (...tags: string[]): string => {
      const recorder = new RunRecorder([]);
      for (let n = 0; n < DIGEST_TEXTS_MAX; n += 1) recorder.take(born(`${n}`));
      for (const tag of tags) recorder.take(born(tag));
      return recorder.digestWith([]);
    };
    expect(new Set([filled(), filled('a'), filled('b'), filled('a', 'a'), filled('a', 'b'), filled('0')]).size).toBe(6);
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
  });

  it('changes with kind, instrument and time of an account event, and with code and time of an alert', () => {
    const times = { instrument: 0, tsEvent: 1, tsInit: 1 } as const;
    const funding = { kind: 'FundingApplied', ratePpt: 1, markPrice: 1, ...times } as const;
    const alert = { kind: 'Alert', code: 'LIQUIDATION', message: '', tsInit: 1 } as const;
    const records: Recorded[] = [
      funding,
      { ...funding, instrument: 1 },
      { ...funding, tsInit: 2 },
      { kind: 'SplitEffective', numerator: 2, denominator: 1, ...times },
      { kind: 'DividendPaid', amountPerUnit: 1n, ...times },
      alert,
      { ...alert, code: 'LATE_FILL' },
      { ...alert, tsInit: 2 },
    ];
    expect(new Set(records.map((record) => digestOf([record]))).size).toBe(records.length);
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
