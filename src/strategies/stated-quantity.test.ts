import { describe, expect, it } from 'vitest';
import { BookImbalance } from './book-imbalance.ts';
import { CrossVenueArbitrage } from './cross-venue-arbitrage.ts';
import { Grid } from './grid.ts';
import { MarketMaking } from './market-making.ts';
import { assertOrderable, assertTradable, leastWorth } from './stated-quantity.ts';
import type { StrategyClass } from '../core/strategy/strategy.ts';
import { makeCurrency } from '../model/currency.ts';
import { BookAction, BookFlag } from '../model/book-delta.ts';
import { resolveParameters } from '../model/parameters.ts';
import type { BlockReader } from '../ports/block-reader.ts';
import { accountOf, deltasOf, type DeltaRow, DOLLAR, futureOf, runAll } from '../runtime/backtest.fixture.ts';
import type { FeedBlock } from '../sim/depth/venue-feed.ts';

// Lots of 0.05; orders of 0.2 at least.
const M = futureOf({ id: 'M.V0', quantityDecimals: 2, lotSize: 5, quantityMin: 20 });

describe('a stated quantity', () => {
  it.each(['0.2', '0.25', '0.30', '7'])('of %s is taken', (text) => {
    assertOrderable('quantity', text, M);
  });

  it.each(['0.15', '0', '-1'])('of %s is less than the smallest order', (text) => {
    expect(() => assertTradable('maxPosition', text, M)).toThrow(
      `maxPosition is ${text}, less than the smallest order of M.V0: write 0.2 or more`,
    );
  });

  it('is no more than the largest order where it is that of an order', () => {
    const bounded = futureOf({ id: 'M.V0', quantityDecimals: 2, lotSize: 5, quantityMin: 20, quantityMax: 50 });
    assertOrderable('quantity', '0.5', bounded);
    assertTradable('maxPosition', '0.55', bounded);
    expect(() => assertOrderable('quantity', '0.55', bounded)).toThrow(
      'quantity is 0.55, more than the largest order of M.V0: write 0.5 or less',
    );
  });

  it('is worth the smallest order at the price that there is, or whatever the price where contracts are inverse', () => {
    // 30 USD: at 60 half a unit, or five contracts of a tenth of a unit.
    expect(leastWorth(futureOf({ notionalMin: 30n * DOLLAR }), 60)).toBe(0.5);
    expect(leastWorth(futureOf({ notionalMin: 30n * DOLLAR, multiplier: 1, multiplierDecimals: 1 }), 60)).toBe(5);
    expect(leastWorth(futureOf(), 60)).toBe(0);
    // Three contracts of 10 USD each.
    const inverse = futureOf({ kind: 'INVERSE_PERPETUAL', settlement: makeCurrency('UNIT'), multiplier: 10, notionalMin: 30n * DOLLAR });
    expect(leastWorth(inverse, 60)).toBe(3);
  });

  it('is a whole number of lots where it is that of an order', () => {
    assertTradable('maxPosition', '0.27', M);
    expect(() => assertOrderable('quantity', '0.27', M)).toThrow(
      'quantity is 0.27, no whole number of lots of M.V0: write a multiple of 0.05',
    );
  });
});

/** A book of 9 at each side, whole at every second; its middle rises. */
const ROWS: readonly DeltaRow[] = [1, 2].flatMap((second): DeltaRow[] => [
  [second * 1_000_000, BookAction.CLEAR, 0, 0, 0, BookFlag.SNAPSHOT],
  [second * 1_000_000, BookAction.SET, 1, 9900 + 10 * second, 9, BookFlag.SNAPSHOT],
  [second * 1_000_000, BookAction.SET, -1, 10_100 + 10 * second, 9, BookFlag.SNAPSHOT | BookFlag.LAST],
]);

/** Quantities of the orders that a strategy sends, in lots of 0.1. */
function quantitiesOf(strategyClass: StrategyClass, given: Readonly<Record<string, string>>, count = 1): number[] {
  const { values } = resolveParameters(strategyClass.parameters ?? {}, given);
  const indexes = Array.from({ length: count }, (_, index) => index);
  const readers = (): BlockReader<FeedBlock>[] => indexes.map((index) => deltasOf(ROWS, index) as BlockReader<FeedBlock>);
  const { engine } = runAll({
    instruments: indexes.map((index) => futureOf({ id: `M.V${index}`, quantityDecimals: 1 }, index)),
    accounts: indexes.map((index) => accountOf({ venue: `V${index}` })),
    streams: readers(),
    recorded: readers,
    strategies: [{ strategyClass, parameters: values }],
    latencyUs: { orderEntryUs: 0, responseUs: 0 },
  });
  return Array.from({ length: engine.orders.table.length - 1 }, (_, at) => engine.orders.view(at + 1)!.orderQty);
}

describe('a shipped strategy that could never trade says so at its start', () => {
  it.each<[string, StrategyClass, Readonly<Record<string, string>>, string, number]>([
    ['MarketMaking', MarketMaking, { quantity: '0.15' }, 'quantity is 0.15, no whole number of lots of M.V0', 1],
    ['MarketMaking', MarketMaking, { maxPosition: '0.05' }, 'maxPosition is 0.05, less than the smallest order of M.V0', 1],
    [
      'MarketMaking',
      MarketMaking,
      { quantity: '2', maxPosition: '1' },
      'maxPosition is 1, less than the quantity of a quote: write 2 or more',
      1,
    ],
    ['BookImbalance', BookImbalance, { quantity: '0.05' }, 'quantity is 0.05, less than the smallest order of M.V0', 1],
    ['Grid', Grid, { quantity: '0.15', data: 'book' }, 'quantity is 0.15, no whole number of lots of M.V0', 1],
    ['CrossVenueArbitrage', CrossVenueArbitrage, { quantity: '0.05' }, 'quantity is 0.05, less than the smallest order of M.V0', 2],
    [
      'CrossVenueArbitrage',
      CrossVenueArbitrage,
      { quantity: '1', maxPosition: '0.05' },
      'maxPosition is 0.05, less than the smallest order of M.V0',
      2,
    ],
    [
      'CrossVenueArbitrage',
      CrossVenueArbitrage,
      {},
      'cross-venue-arbitrage trades exactly two instruments, and the run file gives it 1',
      1,
    ],
  ])('%s', (_, strategyClass, given, message, count) => {
    expect(() => quantitiesOf(strategyClass, given, count)).toThrow(message);
  });

  it('MarketMaking quotes no more by default than it may hold', () => {
    expect(quantitiesOf(MarketMaking, { maxPosition: '0.3' })).toEqual([3, 3]);
  });
});
