import { describe, expect, it } from 'vitest';
import type { InstrumentInfo } from '../../../../src/contract/api/market.ts';
import type { LimitInfo } from '../../../../src/contract/api/risk.ts';
import { limitWarnings, type TicketFields, ticketProblems, ticketValue } from './ticket-check.ts';

const INSTRUMENT: InstrumentInfo = {
  instrument: 'BTC-USDT.SIM',
  symbol: 'BTC-USDT',
  venue: 'SIM',
  kind: 'SPOT',
  base: 'BTC',
  quote: 'USDT',
  settlement: 'USDT',
  priceDecimals: 2,
  quantityDecimals: 3,
  priceIncrement: '0.05',
  lotSize: '0.001',
  quantityMin: '0.01',
  quantityMax: '100',
  notionalMin: null,
  multiplier: '1',
  tsExpiry: null,
};
const FIELDS: TicketFields = { side: 'BUY', orderType: 'LIMIT', quantity: '0.5', limitPrice: '100.05', stopPrice: '' };
const MARKET = {
  instrument: 'BTC-USDT.SIM',
  ts: 1,
  price: '100.00',
  dayOpen: null,
  quote: { ts: 1, bidPrice: '99.95', askPrice: '100.10', bidSize: '1', askSize: '1' },
};

describe('an order by hand before it is sent', () => {
  it('has nothing wrong with it where increments and bounds are kept', () => {
    expect(ticketProblems(FIELDS, INSTRUMENT)).toEqual({});
  });

  it.each([
    [{ quantity: '0.0005' }, ['quantity']],
    [{ quantity: '0.009' }, ['quantity']],
    [{ quantity: '100.001' }, ['quantity']],
    [{ limitPrice: '100.01' }, ['limitPrice']],
    [{ orderType: 'STOP_LIMIT' }, ['stopPrice']],
    [{ orderType: 'MARKET', limitPrice: 'x' }, []],
  ] as const)('with %o is refused in %o', (change, names) => {
    expect(Object.keys(ticketProblems({ ...FIELDS, ...change }, INSTRUMENT))).toEqual(names);
  });

  it('comes to its own price times quantity; at the market, to the best price of the other side', () => {
    expect([
      ticketValue(FIELDS, INSTRUMENT, MARKET),
      ticketValue({ ...FIELDS, orderType: 'MARKET' }, INSTRUMENT, MARKET),
      ticketValue({ ...FIELDS, orderType: 'MARKET', side: 'SELL' }, INSTRUMENT, MARKET),
      ticketValue({ ...FIELDS, orderType: 'MARKET' }, INSTRUMENT, undefined),
    ]).toEqual(['50.025', '50.050', '49.975', null]);
  });

  it('is warned of at a limit on the value of one order, in its own currency, and not at the limit itself', () => {
    const limit: LimitInfo = {
      scope: 'firm',
      target: { kind: 'FIRM' },
      name: 'maxOrderValue',
      limit: '50.025',
      value: '50.025 USDT',
      used: null,
      unit: 'USDT',
    };
    const other = { ...limit, unit: 'EUR', limit: '1' };
    expect([limitWarnings('50.025', [limit, other], 'USDT').length, limitWarnings('50.026', [limit, other], 'USDT').length]).toEqual([
      0, 1,
    ]);
  });
});
