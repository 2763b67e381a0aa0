import { makeCurrency } from '../src/model/currency.ts';
import { makeInstrument } from '../src/model/instrument.ts';
import type { SessionFacts, SessionOutput } from '../src/model/session-output.ts';

/** Fills of one order, one after the other. */
const FILLS_PER_ORDER = 20;
/** Things that the output of a fill tells: the fill, its order, its position, two balances. */
const THINGS_PER_FILL = 5;

const USD = makeCurrency('USD', 10);
const BTC = makeCurrency('BTC');
const INSTRUMENT = makeInstrument(
  {
    id: 'BTC-USD.SIM',
    kind: 'SPOT',
    base: BTC,
    quote: USD,
    settlement: USD,
    priceDecimals: 2,
    quantityDecimals: 8,
    priceIncrement: 1,
    lotSize: 1,
    quantityMin: 0,
    quantityMax: 0,
    notionalMin: 0n,
    multiplier: 1,
    multiplierDecimals: 0,
    calendar: null,
    expiryTs: null,
  },
  0,
);

/** The session of one round. */
export function factsOf(sessionId: string): SessionFacts {
  return {
    sessionId,
    name: 'bench',
    mode: 'PAPER',
    startedTs: 1_700_000_000_000_000,
    instruments: [INSTRUMENT],
    strategies: [{ name: 'bench', source: 'bench', bundleHash: '' }],
    accounts: [{ venue: 'SIM', type: 'CASH', baseCurrency: USD }],
    currencies: [USD, BTC],
  };
}

/** How many fills go into a batch of so many things. */
export function fillsPerBatch(rowsMax: number): number {
  return Math.floor(rowsMax / THINGS_PER_FILL);
}

/** What a session gives after the input n + 1, which brought its n-th fill, n from 1: all that changes by a fill. */
export function fillOutput(n: number): SessionOutput {
  const order = Math.ceil(n / FILLS_PER_ORDER);
  const done = ((n - 1) % FILLS_PER_ORDER) + 1;
  const ts = 1_700_000_000_000_000 + n;
  const quantity = 1_000_000 + (n % 977);
  const price = 4_200_000 + (n % 1013);
  const isLast = done === FILLS_PER_ORDER;
  const { index } = INSTRUMENT;
  return {
    sequence: n + 1,
    ts,
    records: [
      {
        kind: isLast ? 'OrderFilled' : 'OrderPartiallyFilled',
        clientOrderId: order,
        strategy: 0,
        instrument: index,
        tsEvent: ts - 1,
        tsInit: ts,
        tradeId: `T-${n}`,
        side: 1,
        lastQty: quantity,
        lastPx: price,
        cumQty: done * 1_000_000,
        leavesQty: (FILLS_PER_ORDER - done) * 1_000_000,
        commission: BigInt(n) * 1_234n,
        liquiditySide: 2,
        tag: 'entry',
      },
    ],
    orders: [
      {
        clientOrderId: order,
        venueOrderId: `V-${order}`,
        strategy: 0,
        instrument: index,
        side: 1,
        orderType: 2,
        timeInForce: 2,
        status: isLast ? 9 : 8,
        flags: 0,
        orderQty: FILLS_PER_ORDER * 1_000_000,
        cumQty: done * 1_000_000,
        leavesQty: (FILLS_PER_ORDER - done) * 1_000_000,
        limitPrice: 4_300_000,
        stopPrice: 0,
        expireTs: 0,
        filledPxQty: BigInt(done) * 4_200_000_000_000n,
        tsInit: ts - done,
        tsLast: ts,
        tag: 'entry',
      },
    ],
    positions: [
      {
        strategy: 0,
        instrument: index,
        positionSide: 0,
        quantity: n * 1_000_000,
        cost: BigInt(n) * 4_200_000_000_000n,
        avgPx: { numerator: 4_200_000n, denominator: 1n },
        openTs: 1_700_000_000_000_000,
        realizedPnl: 0n,
        commission: BigInt(n) * 1_234n,
        dividend: 0n,
        funding: 0n,
      },
    ],
    balances: [
      { account: 0, currency: 'USD', total: 10n ** 18n - BigInt(n), locked: 0n, free: 10n ** 18n - BigInt(n) },
      { account: 0, currency: 'BTC', total: BigInt(n) * 1_000_000n, locked: 0n, free: BigInt(n) * 1_000_000n },
    ],
    equity: [],
    strategies: [],
  };
}
