import { describe, expect, it } from 'vitest';
import { Side } from '../../../model/order.ts';
import { House, limit, request, testInstrument, usd } from '../../orders/orders.fixture.ts';
import { both, cash, hold, limitHolds, type LimitCase, open } from '../limit-case.fixture.ts';

const SELL = { side: Side.SELL };

const CASES: readonly LimitCase[] = [
  {
    control: 'C-14',
    what: 'cash for a purchase, its fee, and other open purchases with theirs',
    options: { fee: usd(1) },
    prepare: both(cash(usd(100)), open(limit(40, 50))),
    at: limit(78, 100),
    beyond: limit(79, 100),
    code: 'NOTIONAL_EXCEEDS_FREE_BALANCE',
    figures: ['100.00 USD', '101.00 USD'],
  },
  {
    control: 'C-14',
    what: 'quantity for a sale beside other sales',
    options: {},
    prepare: both(cash(usd(100)), hold(0, 50), open(limit(20, 110, SELL))),
    at: request(30, SELL),
    beyond: request(31, SELL),
    code: 'NOTIONAL_EXCEEDS_FREE_BALANCE',
    figures: ['50.00 T0', '51.00 T0'],
  },
  {
    control: 'C-14',
    what: 'margin for the worst case and the fee',
    options: { fee: usd(1) },
    prepare: (house) => void (house.portfolio.cash = usd(100)),
    at: request(99),
    beyond: request(100),
    code: 'MARGIN_EXCEEDS_FREE_BALANCE',
    figures: ['100.00 USD', '101.00 USD'],
  },
  {
    control: 'C-14',
    what: 'a buffer of one percent',
    options: { limits: { accounts: { TEST: { balanceBufferPpm: 10_000 } } } },
    prepare: cash(usd(101)),
    at: request(100),
    beyond: request(101),
    code: 'NOTIONAL_EXCEEDS_FREE_BALANCE',
    figures: ['101.00 USD', '102.01 USD'],
  },
];

describe.each(CASES)('$control: $what', limitHolds);

describe('a cash account', () => {
  it('C-14: trades nothing that is held on margin, long or short, opening or closing', () => {
    const house = new House({ instruments: [testInstrument(0, { kind: 'PERPETUAL' })] });
    cash(usd(1_000_000))(house);
    for (const wish of [request(1), request(1, SELL)]) expect(house.codeOf(wish)).toBe('MARGIN_EXCEEDS_FREE_BALANCE');
    house.portfolio.kind = 'MARGIN';
    expect(house.codeOf(request(1))).toBeNull();
  });
});

describe('what else is in flight', () => {
  it('C-14: open orders in other instruments of the account reserve their margin', () => {
    const prepared = (): House => {
      const house = new House();
      house.portfolio.cash = usd(100);
      house.place(limit(60, 100, { instrument: 1, ...SELL }));
      return house;
    };
    expect(prepared().codeOf(request(40))).toBeNull();
    expect(prepared().codeOf(request(41))).toBe('MARGIN_EXCEEDS_FREE_BALANCE');
  });
});

describe('ways out stay open', () => {
  it('C-14: after a loss of free margin a new price for the same quantity passes and a larger quantity does not', () => {
    const house = new House();
    house.portfolio.cash = usd(100);
    const id = house.place(limit(100, 100));
    house.accept(id);
    house.portfolio.cash = usd(50);
    expect(house.modify(id, { orderQty: 101, limitPrice: 100, stopPrice: 0 })).toBe('MARGIN_EXCEEDS_FREE_BALANCE');
    expect(house.modify(id, { orderQty: 100, limitPrice: 90, stopPrice: 0 })).toBeNull();
  });
});
