import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barsOf, BUY, limit, market, SELL, stop, VenuePlayer } from '../simulated-venue.fixture.ts';
import { type Slippage, slippedPrice } from './slippage.ts';

describe('slippedPrice', () => {
  it.each<[string, Slippage, 1 | -1, number, number, number]>([
    ['none leaves a price off the increment as it is', { kind: 'none' }, BUY, 10_003, 5, 10_003],
    ['2 ticks of 5 up for a buy', { kind: 'ticks', ticks: 2 }, BUY, 10_000, 5, 10_010],
    ['2 ticks of 5 down for a sell', { kind: 'ticks', ticks: 2 }, SELL, 10_000, 5, 9_990],
    [
      '3 bps of 10,001 is 3.0003: a buy pays 10,005 (up to 10,004.0003, then to the increment)',
      { kind: 'bps', bps: 3 },
      BUY,
      10_001,
      5,
      10_005,
    ],
    ['3 bps of 10,001: a sell gets 9,995 (9,997.9997 down to the increment)', { kind: 'bps', bps: 3 }, SELL, 10_001, 5, 9_995],
    // 50 of 1,000 is 1/20; squared 1/400; × 0.1 = 0.00025; 10,000 × 0.00025 = 2.5.
    ['volume impact moves 10,000 by 2.5, a buy pays 10,003', { kind: 'volumeImpact', coefficientPpb: 100_000_000 }, BUY, 10_000, 1, 10_003],
    ['volume impact moves 10,000 by 2.5, a sell gets 9,997', { kind: 'volumeImpact', coefficientPpb: 100_000_000 }, SELL, 10_000, 1, 9_997],
    ['a sell never falls below one increment', { kind: 'ticks', ticks: 9 }, SELL, 10, 5, 5],
  ])('%s', (_, slippage, side, price, increment, expected) =>
    expect(slippedPrice(slippage, side, price, increment, 50, 1000)).toBe(expected),
  );

  it('by volume is that of the whole volume for an order that is larger, and where no volume is known', () => {
    const impact: Slippage = { kind: 'volumeImpact', coefficientPpb: 100_000_000 };
    // A share of 1, squared, times 0.1: 10,000 becomes 11,000.
    for (const [quantity, volume] of [
      [1000, 1000],
      [5000, 1000],
      [1, 0],
    ] as const)
      expect(slippedPrice(impact, BUY, 10_000, 1, quantity, volume)).toBe(11_000);
  });

  it('by ticks and by basis points is exact for any safe integers, as a twin in big integers shows', () => {
    const count = fc.oneof(
      fc.integer({ min: 1, max: 100_000 }),
      fc.maxSafeNat().filter((value) => value > 0),
    );
    const model = fc.oneof(
      fc.record({ kind: fc.constant('ticks' as const), ticks: fc.integer({ min: 1, max: 1000 }) }),
      fc.record({ kind: fc.constant('bps' as const), bps: fc.integer({ min: 1, max: 9999 }) }),
    );
    fc.assert(
      fc.property(model, fc.constantFrom(BUY, SELL), count, fc.integer({ min: 1, max: 1000 }), (slippage, side, price, increment) => {
        const [dividend, divisor] =
          slippage.kind === 'ticks'
            ? [BigInt(price) + BigInt(side * slippage.ticks * increment), BigInt(increment)]
            : [BigInt(price) * BigInt(10_000 + side * slippage.bps), 10_000n * BigInt(increment)];
        let steps = dividend / divisor;
        if (dividend % divisor !== 0n && side > 0 === dividend > 0n) steps += BigInt(side);
        const expected = Math.max(Number(steps) * increment, increment);
        expect(slippedPrice(slippage, side, price, increment, 1, 1)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it('counts an unknown volume as a share of one', () => {
    expect(slippedPrice({ kind: 'volumeImpact', coefficientPpb: 100_000_000 }, BUY, 10_000, 1, 50, 0)).toBe(11_000);
  });
});

describe('slippage at the venue', () => {
  const rules = { slippage: { kind: 'ticks', ticks: 3 } } as const;

  it('worsens market and stop fills, not resting limits', () => {
    const player = new VenuePlayer({ rules });
    player.play(barsOf([[100, 100, 100, 100]]));
    player.send(market(1, BUY, 1), stop(2, SELL, 1, 95), limit(3, BUY, 1, 97));
    player.play(barsOf([[100, 101, 90, 100]], 60_000_000));
    expect(player.fills()).toEqual(['1 1@103 TAKER', '3 1@97 MAKER', '2 1@92 TAKER']);
  });

  it('leaves a resting limit the better price of an open', () => {
    const player = new VenuePlayer({ rules });
    player.play(barsOf([[100, 100, 100, 100]]));
    player.send(limit(1, BUY, 1, 97));
    player.play(barsOf([[90, 91, 89, 90]], 60_000_000));
    expect(player.fills()).toEqual(['1 1@90 MAKER']);
  });

  it('never carries a limit order that takes beyond its limit', () => {
    const player = new VenuePlayer({ rules });
    player.play(barsOf([[100, 100, 100, 100]]));
    player.send(limit(1, BUY, 1, 102), limit(2, BUY, 1, 110));
    player.play(barsOf([[100, 100, 100, 100]], 60_000_000));
    expect(player.fills()).toEqual(['1 1@102 TAKER', '2 1@103 TAKER']);
  });
});
