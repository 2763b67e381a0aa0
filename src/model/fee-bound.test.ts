import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rounding } from '../base/decimal.ts';
import { makeCurrency } from './currency.ts';
import { FeeBound } from './fee-bound.ts';
import { estimateFee, EXACT_FEES, type FeeRounding, type FeeSchedule } from './fees.ts';
import { instrumentWith } from './instrument.fixture.ts';

const BTC = makeCurrency('BTC', 8);
const SHARE = instrumentWith();
const PERPETUAL = instrumentWith({
  id: 'BTC-USD.X',
  kind: 'PERPETUAL',
  base: BTC,
  quantityDecimals: 3,
  multiplier: 5,
  multiplierDecimals: 1,
});
/** Its money carries 27 decimals with a percentage fee, far more than a double counts. */
const FINE = instrumentWith({
  id: 'DOGE-USDT.X',
  kind: 'SPOT',
  base: makeCurrency('DOGE', 12),
  quote: makeCurrency('USDT', 33),
  priceDecimals: 12,
  quantityDecimals: 12,
});
const INVERSE = instrumentWith({ id: 'BTC-USD-PERP.X', kind: 'INVERSE_PERPETUAL', base: BTC, settlement: BTC, multiplier: 100 });

const rate = fc.integer({ min: -5_000_000, max: 50_000_000 });
const amount = fc.integer({ min: 0, max: 3_000_000_000 });
const rounding: fc.Arbitrary<FeeRounding> = fc.oneof(
  fc.constant(EXACT_FEES),
  fc.record({
    to: fc.constant('decimals' as const),
    decimals: fc.constantFrom<number | 'display'>('display', 0, 2, 5),
    mode: fc.constantFrom<Rounding>('half-even', 'half-up', 'down', 'up', 'floor', 'ceiling'),
  }),
);
const schedules: fc.Arbitrary<FeeSchedule> = fc.oneof(
  fc.constant<FeeSchedule>({ kind: 'none' }),
  fc.record({ kind: fc.constant('percentage' as const), ratePpb: rate, on: fc.constantFrom('both', 'entry', 'exit'), rounding }),
  fc.record({ kind: fc.constant('makerTaker' as const), makerPpb: rate, takerPpb: rate, rounding }),
  fc.record({ kind: fc.constant('perContract' as const), amountBillionths: amount, rounding }),
  fc.record({ kind: fc.constant('fixedPlusPercentage' as const), fixedBillionths: amount, ratePpb: rate, rounding }),
  fc.record({
    kind: fc.constant('perShare' as const),
    rateBillionths: amount,
    minBillionths: amount,
    maxRatePpb: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 20_000_000 })),
    whenMinExceedsMax: fc.constantFrom('max', 'min'),
    rounding,
  }),
  fc.tuple(rate, rate, rate).map(
    ([first, second, third]): FeeSchedule => ({
      kind: 'tiers',
      windowDays: 30,
      tiers: [first, second, third].map((takerPpb, place) => ({ fromValue: place * 1000, makerPpb: 0, takerPpb })),
      rounding: EXACT_FEES,
    }),
  ),
);
const price = fc.integer({ min: 1, max: 10_000_000 });
const quantity = fc.integer({ min: 1, max: 1_000_000 });

describe('the bound on a fee', () => {
  it('is never below the fee, whatever the schedule, the part that closes and the tier', () => {
    const worlds = fc.tuple(schedules, fc.constantFrom(SHARE, PERPETUAL, FINE), price, quantity, fc.nat(100), fc.nat(5000));
    fc.assert(
      fc.property(worlds, ([schedule, instrument, px, qty, closingPercent, traded]) => {
        const closing = Math.floor((qty * closingPercent) / 100);
        const tradedValue = BigInt(traded) * 10n ** BigInt(instrument.settlement.decimals);
        const bound = new FeeBound(schedule, instrument).of(px, qty);
        expect(bound).toBeGreaterThanOrEqual(0);
        expect(BigInt(Math.floor(bound))).toBeGreaterThanOrEqual(estimateFee(schedule, instrument, px, qty, closing, tradedValue));
      }),
      { numRuns: 3000 },
    );
  });

  it('is the fee and no more than what rounding could add: 0.2 % of 59 × 169.02 is 19.94436', () => {
    const schedule: FeeSchedule = { kind: 'percentage', ratePpb: 2_000_000, on: 'both', rounding: EXACT_FEES };
    const bound = new FeeBound(schedule, SHARE).of(169_02, 59);
    expect(bound - 1_994_436_000).toBeGreaterThan(0);
    expect(bound - 1_994_436_000).toBeLessThan(2);
  });

  it('of nothing is 0, of an inverse contract it is not told', () => {
    const schedule: FeeSchedule = { kind: 'fixedPlusPercentage', fixedBillionths: 1_000_000_000, ratePpb: 1_000_000, rounding: EXACT_FEES };
    expect(new FeeBound(schedule, SHARE).of(100, 0)).toBe(0);
    expect(new FeeBound(schedule, INVERSE).of(100, 1)).toBeNaN();
  });
});
