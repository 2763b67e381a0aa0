import { describe, expect, it } from 'vitest';
import { makeCurrency } from '../../model/currency.ts';
import type { FeeSchedule } from '../../model/fees.ts';
import { OrderFlag } from '../../model/order.ts';
import type { Backtest } from '../../runtime/backtest.ts';
import { fillsOf, futureOf, instrumentOf, type RunOptions, runAll, scripted, tradesOf } from '../../runtime/backtest.fixture.ts';
import type { OrderOptions, SideName, Strategy, TimeInForceName } from '../strategy/strategy.ts';

/** Trades at 100.00 (10 000 counts) every 10 microseconds; `act` is called once at 10, `later` at 30. */
function orderOnce(act: (s: Strategy) => void, change: Partial<RunOptions> & { readonly later?: (s: Strategy) => void } = {}): Backtest {
  const { later, ...options } = change;
  return runAll({
    streams: [tradesOf(Array.from({ length: 8 }, (_, i) => [10 + i * 10, 10_000]))],
    strategies: [
      scripted({
        onStart: (s) => s.subscribeTrades(0),
        onTrade: (s, trade) => {
          if (trade.tsInit === 10) act(s);
          if (trade.tsInit === 30) later?.(s);
        },
      }),
    ],
    ...options,
  });
}

const denials = (backtest: Backtest): string[] => backtest.recorder.denials.map(({ code }) => code);
const positionOf = (backtest: Backtest): number => backtest.engine.portfolio.positions.quantity(0, 0);

describe('target position', () => {
  it.each([
    ['flat', 0, 5, ['BUY 5 @ 10000 at 40']],
    ['flat to short', 0, -5, ['SELL 5 @ 10000 at 40']],
    ['long, further', 3, 5, ['BUY 2 @ 10000 at 40']],
    ['long, back', 5, 2, ['SELL 3 @ 10000 at 40']],
    ['long to short', 5, -2, ['SELL 7 @ 10000 at 40']],
    ['short to long', -4, 4, ['BUY 8 @ 10000 at 40']],
    ['short to flat', -4, 0, ['BUY 4 @ 10000 at 40']],
    ['where it is', 4, 4, []],
  ])('from %s (%i) to %i sends the one order between them', (_name, from, to, fills) => {
    const backtest = orderOnce((s) => s.targetPosition(0, from), { later: (s) => s.targetPosition(0, to) });
    expect(fillsOf(backtest).slice(from === 0 ? 0 : 1)).toEqual(fills);
    expect(positionOf(backtest)).toBe(to);
  });

  it('counts market orders in flight as done', () => {
    const backtest = orderOnce((s) => {
      s.marketOrder(0, 'BUY', 5);
      s.targetPosition(0, 3);
      expect(s.targetPosition(0, 3)).toBe(0);
    });
    expect(fillsOf(backtest)).toEqual(['BUY 5 @ 10000 at 20', 'SELL 2 @ 10000 at 20']);
  });

  it('does not count limit orders, which may never fill', () => {
    const backtest = orderOnce((s) => {
      s.limitOrder(0, 'BUY', 5, 1);
      s.targetPosition(0, 3);
    });
    expect(positionOf(backtest)).toBe(3);
  });
});

describe('flatten', () => {
  it('closes what is held by an order sized at the fill, and does nothing when flat', () => {
    const backtest = orderOnce(
      (s) => {
        expect(s.flatten(0)).toBe(0);
        s.marketOrder(0, 'SELL', 4);
      },
      { later: (s) => s.flatten(0, { tag: 'out' }) },
    );
    expect(fillsOf(backtest)).toEqual(['SELL 4 @ 10000 at 20', 'BUY 4 @ 10000 at 40']);
    const request = backtest.engine.orders.table.request(2);
    expect([request.tag, request.flags]).toEqual(['out', OrderFlag.FLATTEN | OrderFlag.SIZE_AT_FILL]);
  });
});

describe('target weight', () => {
  const ONE_PERCENT: FeeSchedule = { kind: 'percentage', ratePpb: 10_000_000, on: 'both', rounding: { to: 'exact' } };

  // Equity 10 000.00, price 100.00.
  it.each([
    ['all of it', 1, undefined, 0, 100],
    ['a third, rounded down', 1 / 3, undefined, 0, 33],
    ['half of it short', -0.5, undefined, 0, -50],
    // The largest n with 100 n × 1.01 ≤ 10 000 is 99 (9 999.00).
    ['all of it with a fee of 1 %', 1, ONE_PERCENT, 0, 99],
    // 2 % stay aside: 9 800 / 100.
    ['all of it with a buffer of 2 %', 1, undefined, 20_000_000, 98],
    // 9 800 / 101 = 97.03
    ['all of it with buffer and fee', 1, ONE_PERCENT, 20_000_000, 97],
    ['nothing', 0, undefined, 0, 0],
  ])('of %s fits value and fee into the share', (_name, weight, fee, buffer, quantity) => {
    const backtest = orderOnce((s) => s.targetWeight(0, weight), {
      ...(fee === undefined ? {} : { fee }),
      engine: { weightBufferPpb: [buffer] },
    });
    expect(positionOf(backtest)).toBe(quantity);
  });

  /** The price moves between decision (10) and fill (20). */
  const moved = (price: number, act: (s: Strategy) => void): Backtest =>
    orderOnce(act, {
      streams: [
        tradesOf([
          [10, 10_000],
          [20, price],
          [30, price],
        ]),
      ],
    });

  it('sized at the decision keeps its quantity when the price moves; sized at the fill it follows the price', () => {
    expect(fillsOf(moved(8_000, (s) => s.targetWeight(0, 1)))).toEqual(['BUY 100 @ 8000 at 20']);
    expect(fillsOf(moved(8_000, (s) => s.targetWeight(0, 1, { sizeAt: 'fill' })))).toEqual(['BUY 125 @ 8000 at 20']);
    // 10 000 / 125 = 80
    expect(fillsOf(moved(12_500, (s) => s.targetWeight(0, 1, { sizeAt: 'fill' })))).toEqual(['BUY 80 @ 12500 at 20']);
  });

  it('sized at the fill never passes the stated maximum: 1.5 times the decision unless said otherwise', () => {
    expect(fillsOf(moved(5_000, (s) => s.targetWeight(0, 1, { sizeAt: 'fill' })))).toEqual(['BUY 150 @ 5000 at 20']);
    expect(fillsOf(moved(5_000, (s) => s.targetWeight(0, 1, { sizeAt: 'fill', quantityMaxFactor: 1.1 })))).toEqual([
      'BUY 110 @ 5000 at 20',
    ]);
    expect(fillsOf(moved(5_000, (s) => s.targetWeight(0, 1, { sizeAt: 'fill', quantityMaxFactor: 3 })))).toEqual(['BUY 200 @ 5000 at 20']);
  });

  it('sized at the fill values what is held at the price of the fill', () => {
    const backtest = orderOnce((s) => s.targetPosition(0, 50), {
      instruments: [futureOf()],
      streams: [
        tradesOf([
          [10, 10_000],
          [20, 10_000],
          [30, 10_000],
          [40, 8_000],
          [50, 8_000],
        ]),
      ],
      later: (s) => s.targetWeight(0, 1, { sizeAt: 'fill' }),
    });
    // 50 held lose 20.00 each by then: 9 000 / 80 = 112, less 50.
    expect(fillsOf(backtest)[1]).toBe('BUY 62 @ 8000 at 40');
  });

  it('flattens and turns in one instant: the reversal is sized on the equity that the closing left', () => {
    const backtest = orderOnce((s) => s.targetWeight(0, 1), {
      instruments: [futureOf()],
      streams: [
        tradesOf([
          [10, 10_000],
          [20, 10_000],
          [30, 10_000],
          [40, 9_000],
          [50, 9_000],
        ]),
      ],
      later: (s) => {
        s.flatten(0);
        s.targetWeight(0, -1, { sizeAt: 'fill' });
      },
    });
    // 100 long lose 10.00 each: equity 9 000, and 9 000 / 90 = 100 short.
    expect(fillsOf(backtest)).toEqual(['BUY 100 @ 10000 at 20', 'SELL 100 @ 9000 at 40', 'SELL 100 @ 9000 at 40']);
  });

  it('is denied before the first price', () => {
    const backtest = runAll({ streams: [tradesOf([[10, 100]])], strategies: [scripted({ onStart: (s) => s.targetWeight(0, 1) })] });
    expect(backtest.recorder.denials).toMatchObject([{ code: 'REFERENCE_PRICE_MISSING', reason: expect.stringContaining('no price') }]);
  });

  it('is denied where no rate states the equity in the currency of the instrument', () => {
    const abroad = instrumentOf({ quote: makeCurrency('EUR'), settlement: makeCurrency('EUR') });
    const backtest = orderOnce((s) => s.targetWeight(0, 1), { instruments: [abroad] });
    expect(backtest.recorder.denials).toMatchObject([{ code: 'CURRENCY_RATE_MISSING', reason: expect.stringContaining('EUR') }]);
  });
});

describe('what cannot be read or contradicts itself', () => {
  const options = (value: object): OrderOptions => value as OrderOptions;
  it.each<[string, (s: Strategy) => void, string]>([
    ['a fraction of a share', (s) => s.marketOrder(0, 'BUY', 1.5), 'QUANTITY_PRECISION'],
    ['no quantity', (s) => s.marketOrder(0, 'BUY', Number.NaN), 'QUANTITY_PRECISION'],
    ['a text that is no number', (s) => s.marketOrder(0, 'BUY', 'ten'), 'QUANTITY_PRECISION'],
    ['a price between two ticks of storage', (s) => s.limitOrder(0, 'BUY', 1, 100.001), 'PRICE_PRECISION'],
    ['a stop price that is none', (s) => s.stopOrder(0, 'BUY', 1, Number.POSITIVE_INFINITY), 'PRICE_PRECISION'],
    ['a quantity below zero', (s) => s.marketOrder(0, 'BUY', -1), 'QUANTITY_BELOW_MINIMUM'],
    ['a target that is no number', (s) => s.targetPosition(0, Number.NaN), 'QUANTITY_PRECISION'],
    ['a weight that is no number', (s) => s.targetWeight(0, Number.NaN), 'QUANTITY_PRECISION'],
    ['a weight of more than a thousand', (s) => s.targetWeight(0, 1001), 'QUANTITY_PRECISION'],
    ['a maximum that is no number', (s) => s.targetWeight(0, 1, { sizeAt: 'fill', quantityMaxFactor: Number.NaN }), 'ORDER_INVALID'],
    [
      'a maximum without end',
      (s) => s.targetWeight(0, 1, { sizeAt: 'fill', quantityMaxFactor: Number.POSITIVE_INFINITY }),
      'ORDER_INVALID',
    ],
    ['a maximum below zero', (s) => s.targetWeight(0, 1, { sizeAt: 'fill', quantityMaxFactor: -1 }), 'ORDER_INVALID'],
    ['a word for when to size that is none', (s) => s.targetWeight(0, 1, options({ sizeAt: 'later' })), 'ORDER_INVALID'],
    ['reduce-only as a text', (s) => s.marketOrder(0, 'BUY', 1, options({ reduceOnly: 'true' })), 'ORDER_INVALID'],
    ['reduce-only in small letters', (s) => s.marketOrder(0, 'BUY', 1, options({ reduceonly: true })), 'ORDER_INVALID'],
    ['post-only as a number', (s) => s.limitOrder(0, 'BUY', 1, 99, options({ postOnly: 1 })), 'ORDER_INVALID'],
    ['options that are a text', (s) => s.marketOrder(0, 'BUY', 1, 'abc' as never), 'ORDER_INVALID'],
    ['options that are nothing', (s) => s.targetPosition(0, 1, null as never), 'ORDER_INVALID'],
    ['an option of targets on an order', (s) => s.marketOrder(0, 'BUY', 1, options({ sizeAt: 'fill' })), 'ORDER_INVALID'],
    ['a tag that is no text', (s) => s.marketOrder(0, 'BUY', 1, options({ tag: 7 })), 'ORDER_INVALID'],
    ['a tag that is no text on a target', (s) => s.targetPosition(0, 1, options({ tag: { toString: () => 'x' } })), 'ORDER_INVALID'],
    ['a side in small letters', (s) => s.marketOrder(0, 'buy' as SideName, 1), 'ORDER_INVALID'],
    ['an unknown time in force', (s) => s.marketOrder(0, 'BUY', 1, { timeInForce: 'SOON' as TimeInForceName }), 'ORDER_INVALID'],
    ['GTD without expiry', (s) => s.limitOrder(0, 'BUY', 1, 99, { timeInForce: 'GTD' }), 'ORDER_INVALID'],
    ['an expiry without GTD', (s) => s.limitOrder(0, 'BUY', 1, 99, { expireAt: 100 }), 'ORDER_INVALID'],
    ['an expiry without GTD on a target', (s) => s.targetPosition(0, 1, { expireAt: 100 }), 'ORDER_INVALID'],
    ['an expiry that is no time', (s) => s.limitOrder(0, 'BUY', 1, 99, { timeInForce: 'GTD', expireAt: Number.NaN }), 'ORDER_INVALID'],
    ['an expiry between two microseconds', (s) => s.limitOrder(0, 'BUY', 1, 99, { timeInForce: 'GTD', expireAt: 99.5 }), 'ORDER_INVALID'],
    ['an expiry in the past', (s) => s.limitOrder(0, 'BUY', 1, 99, { timeInForce: 'GTD', expireAt: 10 }), 'ORDER_FIELDS_INVALID'],
    ['post-only on a market order', (s) => s.marketOrder(0, 'BUY', 1, { postOnly: true }), 'ORDER_INVALID'],
    ['post-only on a stop', (s) => s.stopOrder(0, 'BUY', 1, 110, { postOnly: true }), 'ORDER_INVALID'],
    [
      'post-only that may not rest',
      (s) => s.limitOrder(0, 'BUY', 1, 99, options({ postOnly: true, timeInForce: 'IOC' })),
      'ORDER_FIELDS_INVALID',
    ],
  ])('%s is denied with a code, and nothing leaves', (_name, act, code) => {
    const backtest = orderOnce(act);
    expect(denials(backtest)).toEqual([code]);
    expect(backtest.recorder.fills.length).toBe(0);
    expect(backtest.engine.orders.openOrders({})).toEqual([]);
  });

  it('an instrument that is not in the run stops the strategy by name', () => {
    expect(() => orderOnce((s) => s.marketOrder(7, 'BUY', 1))).toThrow('no instrument 7 in this run');
  });

  it('a float that stands for a count is read as that count', () => {
    const coin = instrumentOf({ quantityDecimals: 1, priceDecimals: 1 });
    const backtest = orderOnce((s) => s.limitOrder(0, 'BUY', 0.1 + 0.2, 1.1 * 3), { instruments: [coin] });
    expect(backtest.engine.orders.openOrders({})).toMatchObject([{ orderQty: 3, limitPrice: 33 }]);
  });
});

describe('modify', () => {
  it('changes what is named and keeps the rest', () => {
    const backtest = orderOnce((s) => s.limitOrder(0, 'BUY', 5, 90), { later: (s) => s.modifyOrder(1, { limitPrice: '90.50' }) });
    expect(backtest.engine.orders.openOrders({})).toMatchObject([{ orderQty: 5, limitPrice: 9050 }]);
  });

  it('of unreadable values or of an order that has ended is refused, and the order stays as it is', () => {
    const refused: string[] = [];
    const run = (id: number): Backtest =>
      runAll({
        streams: [
          tradesOf([
            [10, 10_000],
            [20, 10_000],
            [30, 10_000],
            [40, 10_000],
          ]),
        ],
        strategies: [
          scripted({
            onStart: (s) => s.subscribeTrades(0),
            onTrade: (s, trade) => {
              if (trade.tsInit === 10) {
                s.limitOrder(0, 'BUY', 5, 90);
                s.marketOrder(0, 'BUY', 1);
              }
              if (trade.tsInit === 30) s.modifyOrder(id, { limitPrice: 90.001 });
              if (trade.tsInit === 30) s.modifyOrder(id, { quantity: Number.NaN });
              if (trade.tsInit === 30) s.modifyOrder(id, null as never);
              if (trade.tsInit === 30) s.modifyOrder(id, { limitprice: 91 } as never);
              if (trade.tsInit === 40) s.modifyOrder(2, { quantity: 3 });
            },
            onOrderEvent: (_s, event) => {
              if (event.kind === 'ModifyRejected') refused.push(event.reason.split(':')[0]!);
            },
          }),
        ],
      });
    expect(run(1).engine.orders.openOrders({})).toMatchObject([{ clientOrderId: 1, orderQty: 5, limitPrice: 9000 }]);
    expect(refused).toEqual(['PRICE_PRECISION', 'QUANTITY_PRECISION', 'ORDER_INVALID', 'ORDER_INVALID', 'ORDER_NOT_MODIFIABLE']);
  });

  it("of an order that is not there, or is another strategy's, stops the strategy", () => {
    expect(() => orderOnce((s) => s.modifyOrder(9, { quantity: 1 }))).toThrow('there is no order 9');
    const other = scripted({ onStart: (s) => s.subscribeTrades(0), onTrade: (s, trade) => trade.tsInit === 30 && s.cancelOrder(1) });
    const first = scripted({ onStart: (s) => s.limitOrder(0, 'BUY', 1, 1) });
    expect(() =>
      runAll({
        streams: [
          tradesOf([
            [10, 1000],
            [30, 1000],
          ]),
        ],
        strategies: [first, other],
      }),
    ).toThrow('order 1 belongs to another strategy');
  });
});
