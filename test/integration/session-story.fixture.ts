import { fillWith, orderWith, outputWith } from '../../src/model/session-output.fixture.ts';
import type { OrderRequest } from '../../src/model/order.ts';
import type { SessionOutput } from '../../src/model/session-output.ts';

/* A short session in which each kind of record comes once at least; what the tables must say of it is worked out by hand in the tests. */

const REQUEST: OrderRequest = {
  strategy: 0,
  instrument: 0,
  side: 1,
  orderType: 2,
  timeInForce: 2,
  orderQty: 150_000_000,
  limitPrice: 4_200_050,
  stopPrice: 0,
  expireTs: 0,
  flags: 1,
  targetWeightPpb: 0,
  tag: 'entry "a\\b", {c}',
};

const told = (clientOrderId: number, ts: number) => ({ clientOrderId, strategy: 0, instrument: 0, tsEvent: ts, tsInit: ts });

/** The n-th output is of the input n + 1, since the first input is the session itself; its time is that of n. */
const output = (n: number, change: Partial<SessionOutput> = {}): SessionOutput => ({ ...outputWith(n, change), sequence: n + 1 });

/** Sequence numbers 2 to 9; 6 came to nothing. */
export const STORY: readonly SessionOutput[] = [
  output(1, {
    strategies: [
      { strategy: 0, status: 'RUNNING', parameters: { fast: 10, label: 'a\u0000b', isLong: true }, reason: '' },
      { strategy: 1, status: 'STOPPED', parameters: {}, reason: 'asked to' },
    ],
    balances: [{ account: 0, currency: 'USD', total: 1_000_000_0000000000n, locked: null, free: null }],
    equity: [{ account: 0, ts: 1_000_001, amount: 1_000_000_0000000000n }],
  }),
  output(2, {
    records: [
      { kind: 'OrderInitialized', request: REQUEST, ...told(1, 1_000_002) },
      { kind: 'OrderSubmitted', ...told(1, 1_000_002) },
    ],
    orders: [orderWith(1, { status: 3, flags: 1, tag: REQUEST.tag, tsInit: 1_000_002, tsLast: 1_000_002 })],
  }),
  output(3, {
    records: [
      { kind: 'OrderAccepted', venueOrderId: 'V-9', ...told(1, 1_000_003) },
      fillWith(1, 'T-1', { tsEvent: 1_000_002, tsInit: 1_000_003 }),
    ],
    orders: [
      orderWith(1, {
        status: 8,
        flags: 1,
        tag: REQUEST.tag,
        venueOrderId: 'V-9',
        cumQty: 50_000_000,
        leavesQty: 100_000_000,
        filledPxQty: 4_200_050n * 50_000_000n,
        tsInit: 1_000_002,
        tsLast: 1_000_003,
      }),
    ],
    positions: [
      {
        strategy: 0,
        instrument: 0,
        positionSide: 0,
        quantity: 50_000_000,
        cost: 21_000_25_00000000n,
        avgPx: { numerator: 4_200_050n, denominator: 1n },
        openTs: 1_000_003,
        realizedPnl: 0n,
        commission: 12_345n,
        dividend: 0n,
        funding: 0n,
      },
    ],
    balances: [
      { account: 0, currency: 'USD', total: 978_999_7499987655n, locked: 42_000_5000000000n, free: 936_999_2499987655n },
      { account: 0, currency: 'BTC', total: 50_000_000n, locked: 0n, free: 50_000_000n },
    ],
  }),
  output(4, {
    records: [
      { kind: 'OrderInitialized', request: { ...REQUEST, tag: '' }, ...told(2, 1_000_004) },
      { kind: 'OrderDenied', code: 'TRADING_HALTED', reason: 'halted; limit 0, observed 1', ...told(2, 1_000_004) },
      { kind: 'Alert', code: 'KILL_SWITCH_ON', message: 'thrown by a\u0000nobody', tsInit: 1_000_004 },
      { kind: 'LogLine', strategy: 1, level: 'warn', message: 'half a pair: \ud800', tsInit: 1_000_004 },
    ],
    orders: [orderWith(2, { status: 2, leavesQty: 0, tsInit: 1_000_004, tsLast: 1_000_004 })],
    tradingSwitches: [
      { scope: { kind: 'FIRM' }, state: 3, isKilled: true, isFlattening: true },
      { scope: { kind: 'ACCOUNT', venue: 'SIM' }, state: 3, isKilled: false, isFlattening: false },
    ],
  }),
  output(5),
  output(6, {
    records: [
      { kind: 'DividendPaid', instrument: 1, amountPerUnit: 2_5000000000n, tsEvent: 1_000_006, tsInit: 1_000_006 },
      { kind: 'DataGap', instrument: 1, tsFrom: 5, tsTo: 6, reason: 'TIME', tsEvent: 1_000_006, tsInit: 1_000_006 },
    ],
  }),
  output(7, {
    records: [
      { kind: 'OrderPendingModify', orderQty: 120_000_000, limitPrice: 4_100_000, stopPrice: 0, ...told(1, 1_000_007) },
      { kind: 'OrderPendingCancel', ...told(1, 1_000_007) },
      { kind: 'OrderCanceled', reason: 'asked', ...told(1, 1_000_007) },
    ],
    orders: [
      orderWith(1, {
        status: 10,
        flags: 1,
        tag: REQUEST.tag,
        venueOrderId: 'V-9',
        cumQty: 50_000_000,
        leavesQty: 0,
        filledPxQty: 4_200_050n * 50_000_000n,
        tsInit: 1_000_002,
        tsLast: 1_000_007,
      }),
    ],
    tradingSwitches: [
      { scope: { kind: 'STRATEGY', strategy: 1 }, state: 2, isKilled: false, isFlattening: false },
      { scope: { kind: 'INSTRUMENT', instrument: 1 }, state: 3, isKilled: false, isFlattening: false },
    ],
    equity: [
      { account: 0, ts: 1_000_001, amount: 999_999_9999987655n },
      { account: 0, ts: 1_000_007, amount: -1n },
    ],
  }),
  output(8, {
    records: [fillWith(1, 'T-2', { kind: 'OrderFilled', side: -1, liquiditySide: 1, lastPx: 1, commission: -5n, strategy: -1 })],
  }),
];
