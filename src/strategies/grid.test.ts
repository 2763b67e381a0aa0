import { describe, expect, it } from 'vitest';
import { book, ordersOf, run, runLate, SECOND } from './book-run.fixture.ts';
import { Grid } from './grid.ts';
import type { Backtest } from '../runtime/backtest.ts';
import { fillsOf, type TradeRow } from '../runtime/backtest.fixture.ts';

describe('Grid', () => {
  it('offers higher what it bought, and buys back lower what it sold', () => {
    // First price 100.00, levels a whole apart. A sale at 98.99 fills the bid at 99, which is offered at 100; a purchase at 100.10 takes it.
    const deltas = book(1, [[9990, 9]], [[10010, 9]]);
    const backtest = run(
      Grid,
      { quantity: '1', levels: 1, spacing: 0.01, data: 'book' },
      {
        deltas,
        trades: [
          [2 * SECOND, 9899, 1],
          [3 * SECOND, 10010, 5],
        ],
      },
    );
    expect(ordersOf(backtest).map(({ side, limitPrice }) => [side, limitPrice])).toEqual([
      [1, 9900],
      [-1, 10100],
      [-1, 10000],
      [1, 9900],
    ]);
  });
});

describe('a Grid that fills in parts', () => {
  it.each([
    [
      'a purchase',
      9899,
      [
        [1, 9900],
        [-1, 10100],
        [-1, 10000],
      ],
    ],
    [
      'a sale',
      10101,
      [
        [1, 9900],
        [-1, 10100],
        [1, 10000],
      ],
    ],
  ] as const)('lays one order for %s when it is whole', (_, price, orders) => {
    const trades: TradeRow[] = [2, 3].map((second) => [second * SECOND, price, 1]);
    const given = { quantity: '2', levels: 1, spacing: 0.01, data: 'book' };
    const part = run(Grid, given, { deltas: book(1, [[9990, 9]], [[10010, 9]]), trades: trades.slice(0, 1) });
    expect(ordersOf(part).length).toBe(2);
    const whole = run(Grid, given, { deltas: book(1, [[9990, 9]], [[10010, 9]]), trades });
    expect(fillsOf(whole).length).toBe(2);
    expect(ordersOf(whole).map(({ side, limitPrice }) => [side, limitPrice])).toEqual(orders);
  });
});

describe('the levels of a Grid', () => {
  const pricesOf = (backtest: Backtest): string[] =>
    ordersOf(backtest).map(({ side, limitPrice }) => `${side > 0 ? 'BUY' : 'SELL'} ${limitPrice}`);

  it('stay where they are through every swing, whatever part of an increment the spacing is', () => {
    // 0.015 % of 100.00 is an increment and a half: two. Sales through 99.98 and purchases through 100.00 take turns.
    const trades = Array.from({ length: 6 }, (_, n): TradeRow => [(2 + n) * SECOND, n % 2 === 0 ? 9989 : 10011, 1]);
    const given = { quantity: '1', levels: 1, spacing: 0.00015, data: 'book' };
    const backtest = run(Grid, given, { deltas: book(1, [[9990, 9]], [[10010, 9]]), trades });
    const swing = ['SELL 10000', 'BUY 9998'];
    expect(pricesOf(backtest)).toEqual(['BUY 9998', 'SELL 10002', ...swing, ...swing, ...swing]);
  });

  it('lie whole increments apart where the first price is half of one', () => {
    // 100.005 is laid at 100.01.
    const given = { quantity: '1', levels: 2, spacing: 0.0001, data: 'book' };
    const backtest = run(Grid, given, { deltas: book(1, [[9990, 9]], [[10011, 9]]) });
    expect(pricesOf(backtest)).toEqual(['BUY 9999', 'SELL 10003', 'BUY 9997', 'SELL 10005']);
  });

  it('do not follow an order that filled at a better price', () => {
    // The purchase at 99.00 is heard of half a second late, when 100.50 is bid: offered at 100.00 it is sold there, and bought back at 99.00.
    const given = { quantity: '1', levels: 1, spacing: 0.01, data: 'book' };
    const risen = [2.3, 4].flatMap((second) => book(second, [[10050, 9]], [[10090, 9]]));
    const deltas = [...book(1, [[9990, 9]], [[10010, 9]]), ...risen];
    const backtest = runLate(0.5, Grid, given, { deltas, trades: [[2 * SECOND, 9899, 1]] });
    expect(fillsOf(backtest)).toEqual([`BUY 1 @ 9900 at ${2 * SECOND}`, `SELL 1 @ 10050 at ${2.5 * SECOND}`]);
    expect(pricesOf(backtest)).toEqual(['BUY 9900', 'SELL 10100', 'SELL 10000', 'BUY 9900']);
  });
});
