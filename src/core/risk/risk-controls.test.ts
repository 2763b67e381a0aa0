import { describe, expect, it } from 'vitest';
import { makeCurrency } from '../../model/currency.ts';
import { OrderFlag, OrderType, Side, TimeInForce, type OrderRequest } from '../../model/order.ts';
import { House, limit, request, testInstrument, usd } from '../orders/orders.fixture.ts';
import { both, cash, dollars, hold, limitHolds, type LimitCase, open } from './limit-case.fixture.ts';
import { TradingState } from '../../model/trading-state.ts';

const SELL = { side: Side.SELL };
const lots = testInstrument(0, { lotSize: 10, quantityMin: 20, priceIncrement: 5, notionalMin: usd(20) });
const reducing = (house: House): void => void house.risk.setTradingState({ kind: 'FIRM' }, TradingState.REDUCING, 'test', 1);
const REDUCE = { flags: OrderFlag.REDUCE_ONLY };

const CASES: readonly LimitCase[] = [
  {
    control: 'C-03',
    what: 'our limit',
    options: { limits: { everyInstrument: { maxOrderQty: 100 } } },
    at: request(100),
    beyond: request(101),
    code: 'QUANTITY_EXCEEDS_MAXIMUM',
    figures: ['100 T0', '101 T0'],
  },
  {
    control: 'C-03',
    what: "the strategy's limit",
    options: { limits: { strategies: { 0: { instruments: { 'T0.TEST': { maxOrderQty: 9 } } } } } },
    at: request(9),
    beyond: request(10),
    code: 'QUANTITY_EXCEEDS_MAXIMUM',
    figures: ['9 T0', '10 T0'],
  },
  {
    control: 'C-03',
    what: "the instrument's maximum",
    options: { instruments: [testInstrument(0, { quantityMax: 50 })] },
    at: request(50),
    beyond: request(51),
    code: 'QUANTITY_EXCEEDS_MAXIMUM',
    figures: ['50 T0', '51 T0'],
  },
  {
    control: 'C-03',
    what: 'what can be counted exactly',
    options: {},
    prepare: both(hold(0, Number.MAX_SAFE_INTEGER - 100), cash(10n ** 40n)),
    at: request(100),
    beyond: request(101),
    code: 'QUANTITY_EXCEEDS_MAXIMUM',
    figures: ['100 T0', '101 T0'],
  },
  {
    control: 'C-04',
    what: 'firm',
    options: { limits: { firm: { maxOrderValue: dollars(100) } } },
    at: limit(50, 200),
    beyond: limit(40, 251),
    code: 'NOTIONAL_EXCEEDS_MAX_PER_ORDER',
    figures: ['100.00 USD', '100.40 USD'],
  },
  {
    control: 'C-04',
    what: 'account, a sale counts at the mark where that is higher',
    options: { limits: { accounts: { TEST: { maxOrderValue: dollars(100) } } } },
    at: limit(100, 50, SELL),
    beyond: limit(101, 50, SELL),
    code: 'NOTIONAL_EXCEEDS_MAX_PER_ORDER',
    figures: ['100.00 USD', '101.00 USD'],
  },
  {
    control: 'C-05',
    what: 'minimum quantity',
    options: { instruments: [lots] },
    at: request(20),
    beyond: request(10),
    code: 'QUANTITY_BELOW_MINIMUM',
    figures: ['20 T0', '10 T0'],
  },
  {
    control: 'C-05',
    what: 'lot',
    options: { instruments: [lots] },
    at: request(30),
    beyond: request(31),
    code: 'QUANTITY_NOT_MULTIPLE_OF_LOT',
    figures: ['10 T0', '31 T0'],
  },
  {
    control: 'C-05',
    what: 'tick',
    options: { instruments: [lots] },
    at: limit(30, 105),
    beyond: limit(30, 106),
    code: 'PRICE_PRECISION',
    figures: ['0.05 USD', '1.06 USD'],
  },
  {
    control: 'C-05',
    what: 'minimum value',
    options: { instruments: [lots] },
    at: limit(20, 100),
    beyond: limit(20, 95),
    code: 'NOTIONAL_BELOW_MINIMUM',
    figures: ['20.00 USD', '19.00 USD'],
  },
  {
    control: 'C-12',
    what: 'long, with open buys',
    options: { limits: { instruments: { 'T0.TEST': { maxLongQty: 100 } } } },
    prepare: both(hold(0, 30), open(limit(20, 90))),
    at: request(50),
    beyond: request(51),
    code: 'POSITION_LIMIT',
    figures: ['100 T0', '101 T0'],
  },
  {
    control: 'C-12',
    what: 'short, with open sells',
    options: { limits: { everyInstrument: { maxShortQty: 100 } } },
    prepare: both(hold(0, -30), open(limit(20, 110, SELL))),
    at: request(50, SELL),
    beyond: request(51, SELL),
    code: 'POSITION_LIMIT',
    figures: ['100 T0', '101 T0'],
  },
  {
    control: 'C-12',
    what: 'gross over strategies that offset each other',
    options: { limits: { everyInstrument: { maxGrossQty: 100 } } },
    prepare: both(hold(0, 40), hold(1, -40)),
    at: request(20),
    beyond: request(21),
    code: 'POSITION_LIMIT',
    figures: ['100 T0', '101 T0'],
  },
  {
    control: 'C-12',
    what: 'long value',
    options: { limits: { everyInstrument: { maxLongValue: dollars(100) } } },
    at: request(100),
    beyond: request(101),
    code: 'POSITION_LIMIT',
    figures: ['100.00 USD', '101.00 USD'],
  },
  {
    control: 'C-12',
    what: "the strategy's own position",
    options: { limits: { strategies: { 0: { instruments: { 'T0.TEST': { maxLongQty: 10 } } } } } },
    prepare: hold(1, 500),
    at: request(10),
    beyond: request(11),
    code: 'POSITION_LIMIT',
    figures: ['10 T0', '11 T0'],
  },
  {
    control: 'C-13',
    what: 'firm, over instruments',
    options: { limits: { firm: { maxExposure: dollars(100) } } },
    prepare: both(hold(0, -40), open(limit(10, 90, { instrument: 1 }))),
    at: request(50, { instrument: 1 }),
    beyond: request(51, { instrument: 1 }),
    code: 'EXPOSURE_LIMIT',
    figures: ['100.00 USD', '101.00 USD'],
  },
  {
    control: 'C-13',
    what: 'account',
    options: { limits: { accounts: { TEST: { maxExposure: dollars(100) } } } },
    at: request(100, SELL),
    beyond: request(101, SELL),
    code: 'EXPOSURE_LIMIT',
    figures: ['100.00 USD', '101.00 USD'],
  },
  {
    control: 'C-13',
    what: 'strategy',
    options: { limits: { strategies: { 0: { maxExposure: dollars(100) } } } },
    prepare: hold(1, 900),
    at: request(100),
    beyond: request(101),
    code: 'EXPOSURE_LIMIT',
    figures: ['100.00 USD', '101.00 USD'],
  },
  {
    control: 'C-26',
    what: 'a position of 50 with 20 of it on offer',
    options: {},
    prepare: both(hold(0, 50), open(limit(20, 110, SELL)), reducing),
    at: request(30, SELL),
    beyond: request(31, SELL),
    code: 'TRADING_STATE_REDUCING',
    figures: ['50 T0', '51 T0'],
  },
  {
    control: 'C-28',
    what: 'beside another reduce-only order',
    options: {},
    prepare: both(hold(0, 50), open(limit(20, 110, { ...SELL, ...REDUCE }))),
    at: request(30, { ...SELL, ...REDUCE }),
    beyond: request(31, { ...SELL, ...REDUCE }),
    code: 'REDUCE_ONLY_WOULD_INCREASE',
    figures: ['50 T0', '51 T0'],
  },
  {
    control: 'C-28',
    what: 'no position on the other side',
    options: {},
    prepare: hold(0, -1),
    at: request(1, REDUCE),
    beyond: request(1, { ...SELL, ...REDUCE }),
    code: 'REDUCE_ONLY_WOULD_INCREASE',
    figures: ['0 T0', '1 T0'],
  },
];

describe.each(CASES)('$control: $what', limitHolds);

describe('controls that count', () => {
  it('C-17: the strategy may have two open orders, the third is denied, and one that ends makes room', () => {
    const house = new House({ limits: { strategies: { 0: { maxOpenOrders: 2 } } } });
    const first = house.place(limit(1, 90));
    expect(house.codeOf(limit(1, 90, { instrument: 1 }))).toBeNull();
    expect(house.codeOf(limit(1, 90))).toBe('MAX_OPEN_ORDERS');
    expect(house.codeOf(limit(1, 90, { strategy: 1 }))).toBeNull();
    expect(house.events().find((event) => event.kind === 'OrderDenied')).toMatchObject({
      reason: expect.stringContaining('Limit 2 orders, observed 3 orders.'),
    });
    house.fill(first, 'T1', 1);
    expect(house.codeOf(limit(1, 90))).toBeNull();
  });

  it('C-17: account and firm count the orders of all strategies', () => {
    for (const limits of [{ firm: { maxOpenOrders: 1 } }, { accounts: { TEST: { maxOpenOrders: 1 } } }]) {
      const house = new House({ limits });
      house.place(limit(1, 90));
      expect(house.codeOf(limit(1, 90, { strategy: 1 }))).toBe('MAX_OPEN_ORDERS');
    }
  });

  it('C-17: one position is permitted: the same instrument passes, another is denied while an order or a position is there', () => {
    const house = new House({ limits: { firm: { maxOpenPositions: 1 } } });
    const id = house.place(limit(1, 90));
    expect(house.codeOf(limit(1, 90))).toBeNull();
    expect(house.codeOf(limit(1, 90, { instrument: 1 }))).toBe('MAX_OPEN_POSITIONS');
    house.fill(id, 'T1', 1);
    house.orders.cancelAll({}, house.ts);
    house.canceled(2);
    expect(house.codeOf(limit(1, 90, { instrument: 1 }))).toBe('MAX_OPEN_POSITIONS');
    expect(house.codeOf(request(1, SELL))).toBeNull();
    house.fill(house.orders.table.length - 1, 'T2', 1);
    expect(house.codeOf(limit(1, 90, { instrument: 1 }))).toBeNull();
  });

  it('C-21: where the limits say so, nothing opens or adds while data is missing or too old, and what reduces passes', () => {
    for (const [limits, data] of [
      [{ everyInstrument: { denyOnGap: true } }, { isGapped: true, isStale: false }],
      [{ instruments: { 'T0.TEST': { denyOnStale: true } } }, { isGapped: false, isStale: true }],
    ] as const) {
      const house = new House({ limits });
      hold(0, 5)(house);
      expect(house.codeOf(limit(1, 90))).toBeNull();
      Object.assign(house.data, data);
      expect(house.codeOf(limit(1, 90))).toBe('STALE_MARKET_DATA');
      expect(house.codeOf(limit(5, 110, SELL))).toBeNull();
      expect(house.codeOf(limit(1, 110, SELL))).toBe('STALE_MARKET_DATA');
      Object.assign(house.data, { isGapped: !data.isGapped, isStale: !data.isStale });
      expect(house.codeOf(limit(1, 90))).toBeNull();
    }
  });

  it('C-21, INV-14, S-58, S-59: whatever the limits, nothing opens or adds while an order book that is looked at is unfit', () => {
    const house = new House();
    hold(0, 5)(house);
    house.data.unfitBookReason = 'is crossed or locked';
    expect(house.codeOf(limit(1, 90))).toBe('STALE_MARKET_DATA');
    expect(house.codeOf(limit(5, 110, SELL))).toBeNull();
    house.data.unfitBookReason = null;
    expect(house.codeOf(limit(1, 90))).toBeNull();
  });

  it('C-21: data of exactly the age that is permitted passes, older does not, and the record says how old it was', () => {
    const house = new House({ limits: { everyInstrument: { maxDataAgeUs: 10_000_000 } } });
    hold(0, 5)(house);
    house.data.ageUs = 10_000_000;
    expect(house.codeOf(limit(1, 90))).toBeNull();
    house.data.ageUs = 10_000_001;
    expect(house.codeOf(limit(1, 90))).toBe('STALE_MARKET_DATA');
    expect(house.events().at(-1)).toMatchObject({ reason: expect.stringContaining('Limit 10s, observed 10000001us.') });
    expect(house.codeOf(limit(5, 110, SELL))).toBeNull();
  });

  it('C-21: a crossed or locked quote denies what opens, where the limits say so', () => {
    for (const denyOnCrossed of [true, false]) {
      const house = new House({ limits: { everyInstrument: { denyOnCrossed } } });
      hold(0, 5)(house);
      expect(house.codeOf(limit(1, 90))).toBeNull();
      house.data.isCrossed = true;
      expect(house.codeOf(limit(1, 90))).toBe(denyOnCrossed ? 'STALE_MARKET_DATA' : null);
    }
  });

  it('C-21: without these limits bad data denies nothing', () => {
    const house = new House();
    Object.assign(house.data, { isGapped: true, isStale: true });
    expect(house.codeOf(limit(1, 90))).toBeNull();
  });

  it('C-10, INV-10: an id is judged and sent once; the second asking is denied and alerted, and the living order is left alone', () => {
    const house = new House();
    const id = house.place(limit(10, 90));
    const verdict = house.risk.assess(id, house.ts);
    expect(verdict).toMatchObject({ kind: 'Denial', code: 'DUPLICATE_CLIENT_ORDER_ID', limit: '1', observed: '2' });
    if ('kind' in verdict) house.orders.deny(id, verdict.code, verdict.reason, house.ts);
    expect(house.orders.openBuyQty(0)).toBe(10);
    expect(house.alerts()).toEqual(['DUPLICATE_CLIENT_ORDER_ID']);
    expect(house.sent(id)).toEqual(['SubmitOrder']);
  });

  it('C-05: fields that contradict each other are denied', () => {
    const house = new House();
    const wrong: readonly OrderRequest[] = [
      request(1, { limitPrice: 100 }),
      request(1, { orderType: OrderType.LIMIT }),
      request(1, { orderType: OrderType.STOP }),
      limit(1, 90, { stopPrice: 95 }),
      limit(1, 90, { timeInForce: TimeInForce.GTD, expireTs: house.ts }),
      limit(1, 90, { expireTs: 5_000 }),
      limit(1, 90, { timeInForce: TimeInForce.IOC, flags: OrderFlag.POST_ONLY }),
      request(1, { flags: OrderFlag.POST_ONLY }),
      request(1.5),
      limit(1, -90),
    ];
    expect(wrong.map((wish) => house.codeOf(wish))).toEqual(wrong.map(() => 'ORDER_FIELDS_INVALID'));
    expect(house.codeOf(limit(1, 90, { timeInForce: TimeInForce.GTD, expireTs: house.ts + 1 }))).toBeNull();
    expect(house.codeOf(request(0))).toBe('QUANTITY_BELOW_MINIMUM');
  });

  it('C-04, C-13: a limit that cannot be computed denies: no price yet, no rate between currencies', () => {
    const house = new House({ limits: { firm: { maxExposure: { amount: 100n, currency: makeCurrency('EUR') } } } });
    expect(house.codeOf(request(1))).toBe('CURRENCY_RATE_MISSING');
    const unpriced = new House({ limits: { firm: { maxOrderValue: dollars(100) } } });
    unpriced.portfolio.marks[0] = 0;
    expect(unpriced.codeOf(request(1))).toBe('REFERENCE_PRICE_MISSING');
    expect(unpriced.codeOf(limit(1, 90))).toBeNull();
  });

  it('an exception inside a control denies: what cannot be judged does not go', () => {
    const house = new House();
    house.portfolio.marginFree = () => {
      throw new Error('the ledger is away');
    };
    const id = house.place(request(1));
    expect(house.sent(id)).toEqual([]);
    expect(house.events().at(-1)).toMatchObject({ code: 'RISK_CHECK_FAILED', reason: expect.stringContaining('the ledger is away') });
  });

  it('a limit that names something that is not in the run is refused, because it would protect nothing', () => {
    expect(() => new House({ limits: { instruments: { 'T9.TEST': {} } } })).toThrow('T9.TEST');
    expect(() => new House({ limits: { accounts: { ELSEWHERE: {} } } })).toThrow('ELSEWHERE');
    expect(() => new House({ limits: { firm: { maxOpenOrders: -1 } } })).toThrow('maxOpenOrders');
  });
});

describe('ways out stay open', () => {
  it('C-13: above the exposure limit, because the mark has moved, an order that reduces passes and one that raises does not', () => {
    const house = new House({ limits: { firm: { maxExposure: dollars(100) } } });
    house.portfolio.book(0, 0, 100, 100);
    house.portfolio.marks[0] = 200;
    expect(house.codeOf(request(10, SELL))).toBeNull();
    expect(house.codeOf(request(1))).toBe('EXPOSURE_LIMIT');
  });
});

describe('what else is in flight', () => {
  it('C-25: not even a flattening order is modified while its scope is killed', () => {
    const house = new House();
    house.portfolio.book(0, 0, 50, 100);
    house.risk.kill({ kind: 'FIRM' }, { flatten: true, reason: 'test' }, house.ts);
    // Without SIZE_AT_FILL, which would be denied as not modifiable before the kill switch is asked.
    const id = house.place({ ...house.risk.flattenRequests()[0]!, flags: OrderFlag.FLATTEN });
    house.accept(id);
    expect(house.sent(id)).toEqual(['SubmitOrder']);
    expect(house.modify(id, { orderQty: 40, limitPrice: 0, stopPrice: 0 })).toBe('TRADING_HALTED');
  });
});

describe('orders sized at the fill', () => {
  const sized = request(150, { flags: OrderFlag.SIZE_AT_FILL, targetWeightPpb: 1_000_000_000 });

  it('the stated maximum counts for positions, the decision quantity for the balance', () => {
    const tight = new House({ limits: { everyInstrument: { maxLongQty: 149 } } });
    expect(tight.codeOf(sized, 100)).toBe('POSITION_LIMIT');
    const house = new House();
    house.portfolio.cash = usd(100);
    expect(house.codeOf(sized, 101)).toBe('MARGIN_EXCEEDS_FREE_BALANCE');
    expect(house.codeOf(sized, 100)).toBeNull();
    expect(house.codeOf(sized, 151)).toBe('QUANTITY_EXCEEDS_MAXIMUM');
  });

  it('all controls judge the actual quantity again at the price of the fill', () => {
    const house = new House({ limits: { everyInstrument: { maxOrderValue: dollars(102) } } });
    house.portfolio.cash = usd(100);
    house.risk.setLimits({});
    const id = house.place(sized, 100);
    expect(house.risk.recheckAtFill(id, 98, 102, house.ts)).toBeNull();
    expect(house.risk.recheckAtFill(id, 99, 102, house.ts)).toMatchObject({
      code: 'MARGIN_EXCEEDS_FREE_BALANCE',
      limit: '100.00',
      observed: '100.98',
    });
    expect(house.risk.recheckAtFill(id, 151, 1, house.ts)).toMatchObject({ code: 'QUANTITY_EXCEEDS_MAXIMUM', limit: '150' });
    house.risk.kill({ kind: 'FIRM' }, { flatten: false, reason: 'test' }, house.ts);
    expect(house.risk.recheckAtFill(id, 98, 102, house.ts)).toMatchObject({ code: 'TRADING_HALTED' });
  });

  it('a reversal at the fill is paid from the equity at the price of the fill', () => {
    // Long 50 bought at 1.00 with 50.00 left; at 1.50 the equity is 125.00, which carries 83 short (124.50) and not 84 (126.00).
    const house = new House();
    house.portfolio.cash = usd(100);
    house.portfolio.book(0, 0, 50, 100);
    const id = house.place(request(150, { ...SELL, flags: OrderFlag.SIZE_AT_FILL, targetWeightPpb: -1_000_000_000 }), 150);
    expect(house.risk.recheckAtFill(id, 133, 150, house.ts)).toBeNull();
    expect(house.risk.recheckAtFill(id, 134, 150, house.ts)).toMatchObject({ code: 'MARGIN_EXCEEDS_FREE_BALANCE' });
  });
});
