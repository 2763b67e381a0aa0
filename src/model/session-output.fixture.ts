import { makeCurrency } from './currency.ts';
import type { Fill } from './events.ts';
import type { SessionFacts, SessionOutput, OrderState } from './session-output.ts';
import { instrumentWith } from './instrument.fixture.ts';

const USD = makeCurrency('USD', 10);
const BTC = makeCurrency('BTC');

/** BTC-USD counts prices in cents and quantities in 10^-8; AAA is a share, priced in cents, by whole numbers. Dollars have ten decimals, so that both are exact. */
export const FACTS: SessionFacts = {
  sessionId: 'session-1',
  name: 'two instruments',
  mode: 'PAPER',
  startedTs: 1_000_000,
  instruments: [
    instrumentWith({ id: 'BTC-USD.SIM', kind: 'SPOT', base: BTC, quote: USD, priceDecimals: 2, quantityDecimals: 8 }),
    instrumentWith({ id: 'AAA.SIM', quote: USD }, 1),
  ],
  strategies: [
    { name: 'first', source: 'two-averages', bundleHash: '' },
    { name: 'second', source: './mine.ts', bundleHash: 'abc' },
  ],
  accounts: [{ venue: 'SIM', type: 'CASH', baseCurrency: USD }],
  currencies: [USD, BTC],
};

/** An output that says nothing but what is named. */
export function outputWith(sequence: number, change: Partial<SessionOutput> = {}): SessionOutput {
  const nothing = { records: [], orders: [], positions: [], balances: [], equity: [], strategies: [] };
  return { sequence, ts: 1_000_000 + sequence, ...nothing, ...change };
}

export function orderWith(clientOrderId: number, change: Partial<OrderState> = {}): OrderState {
  return {
    clientOrderId,
    venueOrderId: '',
    strategy: 0,
    instrument: 0,
    side: 1,
    orderType: 2,
    timeInForce: 2,
    status: 4,
    flags: 0,
    orderQty: 150_000_000,
    cumQty: 0,
    leavesQty: 150_000_000,
    limitPrice: 4_200_050,
    stopPrice: 0,
    expireTs: 0,
    filledPxQty: 0n,
    tsInit: 1_000_000 + clientOrderId,
    tsLast: 1_000_000 + clientOrderId,
    tag: '',
    ...change,
  };
}

export function fillWith(clientOrderId: number, tradeId: string, change: Partial<Fill> = {}): Fill {
  return {
    kind: 'OrderPartiallyFilled',
    clientOrderId,
    strategy: 0,
    instrument: 0,
    tsEvent: 2_000_000,
    tsInit: 2_000_001,
    tradeId,
    side: 1,
    lastQty: 50_000_000,
    lastPx: 4_200_050,
    cumQty: 50_000_000,
    leavesQty: 100_000_000,
    commission: 12_345n,
    liquiditySide: 2,
    tag: '',
    ...change,
  };
}
