import { describe, expect, it } from 'vitest';
import { book, run, runLate, SECOND } from './book-run.fixture.ts';
import { CrossVenueArbitrage } from './cross-venue-arbitrage.ts';
import type { Backtest } from '../runtime/backtest.ts';
import { type DeltaRow, fillsOf } from '../runtime/backtest.fixture.ts';

describe('CrossVenueArbitrage', () => {
  const cheap = book(1, [[9900, 3]], [[10000, 2]]);
  const dear = book(1, [[10200, 9]], [[10300, 9]]);

  it('buys where it is cheap and sells where it is dear, no more than both books show', () => {
    const backtest = run(CrossVenueArbitrage, { quantity: '5', minEdge: 0.01, maxPosition: '9' }, { deltas: cheap }, { deltas: dear });
    expect(fillsOf(backtest)).toEqual([`BUY 2 @ 10000 at ${SECOND}`, `SELL 2 @ 10200 at ${SECOND}`]);
    const thin = book(1, [[10200, 1]], [[10300, 9]]);
    const less = run(CrossVenueArbitrage, { quantity: '5', minEdge: 0.01, maxPosition: '9' }, { deltas: cheap }, { deltas: thin });
    expect(fillsOf(less)).toEqual([`BUY 1 @ 10000 at ${SECOND}`, `SELL 1 @ 10200 at ${SECOND}`]);
  });

  it('leaves alone what does not earn the least gain, and what it holds enough of', () => {
    // 102 − 100 is 2 %.
    expect(fillsOf(run(CrossVenueArbitrage, { minEdge: 0.021, quantity: '1' }, { deltas: cheap }, { deltas: dear }))).toEqual([]);
    // Two of the four that are shown then are taken already.
    const again = [...cheap, ...book(2, [[9900, 3]], [[10000, 4]])];
    const backtest = run(CrossVenueArbitrage, { quantity: '2', minEdge: 0.01, maxPosition: '3' }, { deltas: again }, { deltas: dear });
    expect(fillsOf(backtest).filter((fill) => fill.startsWith('BUY'))).toEqual([
      `BUY 2 @ 10000 at ${SECOND}`,
      `BUY 1 @ 10000 at ${2 * SECOND}`,
    ]);
  });

  it('looks both ways: what is dear at the second may be dear at the first', () => {
    const backtest = run(CrossVenueArbitrage, { quantity: '5', minEdge: 0.01, maxPosition: '9' }, { deltas: dear }, { deltas: cheap });
    expect(fillsOf(backtest)).toEqual([`BUY 2 @ 10000 at ${SECOND}`, `SELL 2 @ 10200 at ${SECOND}`]);
  });

  it('sells no more than it may be short, however little it has bought', () => {
    // The two that are offered are gone after the first trade, though the book goes on showing them; the bids are not. Of 5 that it may be short, 4 are
    // sold by then.
    const shown = [1, 2, 3, 4].flatMap((second) => book(second, [[9900, 3]], [[10000, 2]]));
    const backtest = run(CrossVenueArbitrage, { quantity: '2', minEdge: 0.01, maxPosition: '5' }, { deltas: shown }, { deltas: dear });
    expect(fillsOf(backtest)).toEqual([
      `BUY 2 @ 10000 at ${SECOND}`,
      ...[`SELL 2 @ 10200 at ${SECOND}`, `SELL 2 @ 10200 at ${2 * SECOND}`, `SELL 1 @ 10200 at ${3 * SECOND}`],
    ]);
  });

  /** One more is offered every time, so that something is there. */
  const growing = (...seconds: readonly number[]): DeltaRow[] =>
    seconds.flatMap((second, at) => book(second, [[9900, 3]], [[10000, 2 + at]]));
  const buyTimes = (backtest: Backtest): string[] => fillsOf(backtest).flatMap((fill) => (fill.startsWith('BUY') ? [fill.slice(-7)] : []));

  it('pauses between two trades', () => {
    const given = { quantity: '1', minEdge: 0.01, maxPosition: '9', pause: 0.5 };
    const backtest = run(CrossVenueArbitrage, given, { deltas: growing(1, 1.499999, 1.5) }, { deltas: dear });
    expect(buyTimes(backtest)).toEqual(['1000000', '1500000']);
  });

  it('waits for the answers to its orders', () => {
    const given = { quantity: '1', minEdge: 0.01, maxPosition: '9', pause: 0 };
    // What is bought at 2.2 is not heard of any more.
    const backtest = runLate(0.5, CrossVenueArbitrage, given, { deltas: growing(1, 1.4, 1.6, 2.2) }, { deltas: dear });
    expect(buyTimes(backtest)).toEqual(['1000000', '1600000']);
  });
});
