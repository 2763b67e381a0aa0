import { describe, expect, it } from 'vitest';
import { book, run, runDenied, runLate, SECOND } from './book-run.fixture.ts';
import { CrossVenueArbitrage } from './cross-venue-arbitrage.ts';
import { makeCurrency } from '../model/currency.ts';
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
    const dearer = { minEdge: 0.021, quantity: '1', maxPosition: '9' };
    expect(fillsOf(run(CrossVenueArbitrage, dearer, { deltas: cheap }, { deltas: dear }))).toEqual([]);
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

  /** The two that are offered are gone after the first trade, though the book goes on showing them; the bids at the other venue are not. */
  const shown = (...seconds: readonly number[]): DeltaRow[] => seconds.flatMap((second) => book(second, [[9900, 3]], [[10000, 2]]));
  const even = { quantity: '2', minEdge: 0.01, maxPosition: '5' };
  const naked = [`BUY 2 @ 10000 at ${SECOND}`, `SELL 2 @ 10200 at ${SECOND}`, `SELL 2 @ 10200 at ${2 * SECOND}`];

  it('buys what it lacks where it is cheapest, before it trades on', () => {
    // At 3 it lacks 2; the dear venue asks 103.00. Of the four at 100.50 two are left to be traded against the last 5 bids at 4.
    const deltas = [...shown(1, 2), ...book(3, [[9900, 3]], [[10050, 4]]), ...book(4, [[9900, 3]], [[10050, 4]])];
    const [first, second] = [fillsOf(run(CrossVenueArbitrage, even, { deltas }, { deltas: dear })), [`BUY 2 @ 10050 at ${3 * SECOND}`]];
    expect(first.slice(0, 4)).toEqual([...naked, ...second]);
    expect(first.slice(4)).toEqual([`BUY 1 @ 10050 at ${4 * SECOND}`, `SELL 1 @ 10200 at ${4 * SECOND}`]);
    // Where the dear venue asks less, it is bought back there.
    const costly = [...shown(1, 2), ...book(3, [[9900, 3]], [[10400, 4]])];
    expect(fillsOf(run(CrossVenueArbitrage, even, { deltas: costly }, { deltas: dear }))).toEqual([
      ...naked,
      `BUY 2 @ 10300 at ${3 * SECOND}`,
    ]);
  });

  it('sells what it has too much of, where it gets most', () => {
    // The mirror image: the bids of the dear venue are gone after the first trade.
    const dearShown = [1, 2].flatMap((second) => book(second, [[10200, 2]], [[10300, 3]]));
    const cheapDeltas = book(1, [[9900, 9]], [[10000, 9]]);
    const better = [...dearShown, ...book(3, [[10100, 4]], [[10300, 3]])];
    const long = [`BUY 2 @ 10000 at ${SECOND}`, `SELL 2 @ 10200 at ${SECOND}`, `BUY 2 @ 10000 at ${2 * SECOND}`];
    expect(fillsOf(run(CrossVenueArbitrage, even, { deltas: cheapDeltas }, { deltas: better }))).toEqual([
      ...long,
      `SELL 2 @ 10100 at ${3 * SECOND}`,
    ]);
    const worse = [...dearShown, ...book(3, [[9800, 4]], [[10300, 3]])];
    expect(fillsOf(run(CrossVenueArbitrage, even, { deltas: cheapDeltas }, { deltas: worse }))).toEqual([
      ...long,
      `SELL 2 @ 9900 at ${3 * SECOND}`,
    ]);
  });

  it('takes back the leg that is in excess at the market where buying what lacks got nothing', () => {
    expect(fillsOf(run(CrossVenueArbitrage, even, { deltas: shown(1, 2, 3, 4) }, { deltas: dear }))).toEqual([
      ...naked,
      `BUY 2 @ 10300 at ${4 * SECOND}`,
    ]);
  });

  it('goes on buying what it lacks where the other leg has too coarse a lot to be taken back', () => {
    // One of three is left at 2, none at 3; at 4 there are others.
    const deltas = [...[1, 2, 3].flatMap((second) => book(second, [[9900, 3]], [[10000, 3]])), ...book(4, [[9900, 3]], [[10250, 4]])];
    const backtest = run(CrossVenueArbitrage, even, { deltas }, { deltas: dear, instrument: { lotSize: 2 } });
    expect(fillsOf(backtest).slice(4)).toEqual([`BUY 1 @ 10250 at ${4 * SECOND}`]);
  });

  it('leaves a remainder below the smallest order, and is neither longer nor shorter for it than it may be', () => {
    // Of three, shown all the time, one is left at 2: 3 are bought and 4 sold, of 5. One more could be traded, which is below the smallest order.
    const deltas = [1, 2, 3, 4].flatMap((second) => book(second, [[9900, 3]], [[10000, 3]]));
    const instrument = { quantityMin: 2 };
    expect(fillsOf(run(CrossVenueArbitrage, even, { deltas, instrument }, { deltas: dear, instrument }))).toEqual([
      ...[`BUY 2 @ 10000 at ${SECOND}`, `SELL 2 @ 10200 at ${SECOND}`],
      ...[`BUY 1 @ 10000 at ${2 * SECOND}`, `SELL 2 @ 10200 at ${2 * SECOND}`],
    ]);
    // The mirror image.
    const bids = [1, 2, 3, 4].flatMap((second) => book(second, [[10200, 3]], [[10300, 9]]));
    const asks = book(1, [[9900, 9]], [[10000, 9]]);
    expect(fillsOf(run(CrossVenueArbitrage, even, { deltas: asks, instrument }, { deltas: bids, instrument }))).toEqual([
      ...[`BUY 2 @ 10000 at ${SECOND}`, `SELL 2 @ 10200 at ${SECOND}`],
      ...[`BUY 2 @ 10000 at ${2 * SECOND}`, `SELL 1 @ 10200 at ${2 * SECOND}`],
    ]);
  });

  it.each([
    ['are quoted in USD and EUR', { quote: makeCurrency('EUR'), settlement: makeCurrency('EUR') }],
    ['have the multipliers 1 and 0.1', { multiplier: 1, multiplierDecimals: 1 }],
    ['are a linear and an inverse contract', { kind: 'INVERSE_PERPETUAL', settlement: makeCurrency('UNIT') }],
  ] as const)('refuses instruments that %s', (difference, instrument) => {
    expect(() => run(CrossVenueArbitrage, even, { deltas: cheap }, { deltas: dear, instrument })).toThrow(`M.V0 and M.V1 ${difference}`);
  });

  it('orders no more at once than the largest order of either', () => {
    const instrument = { quantityMax: 1 };
    expect(fillsOf(run(CrossVenueArbitrage, even, { deltas: cheap }, { deltas: dear, instrument }))).toEqual([
      `BUY 1 @ 10000 at ${SECOND}`,
      `SELL 1 @ 10200 at ${SECOND}`,
    ]);
  });

  it('waits ten seconds after an order that was denied', () => {
    const deltas = shown(1, 2, 3, 10.9, 11);
    const limits = { everyInstrument: { maxOrderQty: 1 } };
    const backtest = runDenied(limits, CrossVenueArbitrage, even, { deltas }, { deltas: dear });
    expect(backtest.recorder.denials.map(({ tsEvent }) => tsEvent / SECOND)).toEqual([1, 1, 11, 11]);
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
