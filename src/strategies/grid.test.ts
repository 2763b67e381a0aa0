import { describe, expect, it } from 'vitest';
import { book, ordersOf, run, SECOND } from './book-run.fixture.ts';
import { Grid } from './grid.ts';
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
