import { describe, expect, it } from 'vitest';
import { book, ordersOf, run, runDenied, runLate, SECOND } from './book-run.fixture.ts';
import { BookImbalance } from './book-imbalance.ts';
import { DOLLAR, fillsOf } from '../runtime/backtest.fixture.ts';

describe('BookImbalance', () => {
  it('buys where bids outweigh asks, and closes when the weight has gone', () => {
    // (9 − 1) ÷ 10 = 0.8; then (1 − 9) ÷ 10, so far away in time that it is the whole average.
    const deltas = [...book(1, [[99, 9]], [[101, 1]]), ...book(2, [[99, 9]], [[101, 1]]), ...book(60, [[99, 1]], [[101, 9]])];
    const backtest = run(
      BookImbalance,
      { quantity: '1', levels: 1, entry: 0.5, exit: 0 },
      { deltas: [...deltas, ...book(61, [[99, 5]], [[101, 5]])] },
    );
    expect(fillsOf(backtest)).toEqual([`BUY 1 @ 101 at ${SECOND}`, `SELL 1 @ 99 at ${60 * SECOND}`]);
  });

  it.each([
    // From 0 on 0.8 weighs a half after one second: 0.4, 0.6 and 0.7 are the averages.
    [1, 3],
    // After a half of the half-life it weighs 1 − 2^-0.5: 0.234, 0.4, 0.517 and 0.6.
    [2, 5],
  ])('follows the average, in which an imbalance counts half after %d seconds', (halfLife, enteredAt) => {
    const deltas = [2, 3, 4, 5, 6].flatMap((second) => book(second, [[99, 9]], [[101, 1]]));
    const given = { quantity: '1', levels: 1, entry: 0.55, halfLife };
    const backtest = run(BookImbalance, given, { deltas: [...book(1, [[99, 5]], [[101, 5]]), ...deltas] });
    expect(fillsOf(backtest)).toEqual([`BUY 1 @ 101 at ${enteredAt * SECOND}`]);
  });

  it('sells where asks outweigh bids, and buys back when the weight has gone', () => {
    const deltas = [...book(1, [[99, 1]], [[101, 9]]), ...book(2, [[99, 1]], [[101, 9]]), ...book(60, [[99, 9]], [[101, 1]])];
    const backtest = run(BookImbalance, { quantity: '1', levels: 1, entry: 0.5, exit: 0 }, { deltas });
    expect(fillsOf(backtest)).toEqual([`SELL 1 @ 99 at ${SECOND}`, `BUY 1 @ 101 at ${60 * SECOND}`]);
  });

  it('holds at least as long as it is told', () => {
    const deltas = [...book(1, [[99, 9]], [[101, 1]]), ...book(60, [[99, 1]], [[101, 9]]), ...book(70, [[99, 2]], [[101, 9]])];
    const backtest = run(BookImbalance, { quantity: '1', levels: 1, entry: 0.79, exit: 0, holdAtLeast: 65 }, { deltas });
    expect(fillsOf(backtest)[1]).toBe(`SELL 1 @ 99 at ${70 * SECOND}`);
  });

  it.each([0.3, 0.9])('refuses an exit of %d, which is not less than the entry', (exit) => {
    const deltas = book(1, [[99, 7]], [[101, 3]]);
    expect(() => run(BookImbalance, { entry: 0.3, exit }, { deltas })).toThrow(`exit is ${exit}, entry 0.3`);
  });

  it('waits ten seconds after an order that was denied', () => {
    const deltas = [1, 2, 10.9, 11, 12].flatMap((second) => book(second, [[99, 9]], [[101, 1]]));
    const limits = { instruments: { 'M.V0': { maxOrderQty: 1 } } };
    const backtest = runDenied(limits, BookImbalance, { quantity: '2', levels: 1, entry: 0.5 }, { deltas });
    expect(backtest.recorder.denials.map(({ tsEvent }) => tsEvent / SECOND)).toEqual([1, 11]);
    // An instrument does not wait for another's.
    const other = { deltas: book(2, [[99, 9]], [[101, 2]]) };
    const two = runDenied(limits, BookImbalance, { quantity: '2', levels: 1, entry: 0.5 }, { deltas }, other);
    expect(fillsOf(two)).toEqual([`BUY 2 @ 101 at ${2 * SECOND}`]);
  });

  it('waits ten seconds after an order that the venue rejected', () => {
    // One at the middle, 1.00, is worth what an order must be; the house lets it pass. The venue counts the 0.99 that it would be sold at.
    const deltas = [1, 2, 10.9, 11, 12].flatMap((second) => book(second, [[99, 1]], [[101, 9]]));
    const instrument = { notionalMin: DOLLAR };
    const backtest = run(BookImbalance, { quantity: '1', levels: 1, entry: 0.5 }, { deltas, instrument });
    expect(backtest.recorder.rejections.map(({ tsEvent, reason }) => [tsEvent / SECOND, reason])).toEqual([
      [1, 'VENUE_NOTIONAL_BELOW_MINIMUM'],
      [11, 'VENUE_NOTIONAL_BELOW_MINIMUM'],
    ]);
  });

  it('waits for the answer to its order', () => {
    const deltas = [1, 1.2, 1.4].flatMap((second) => book(second, [[99, 9]], [[101, 1]]));
    const backtest = runLate(1, BookImbalance, { quantity: '1', levels: 1, entry: 0.5 }, { deltas });
    expect(ordersOf(backtest).length).toBe(1);
  });
});
