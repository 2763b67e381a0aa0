import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divideRounded, type Rounding } from '../base/decimal.ts';
import { makeCurrency } from './currency.ts';
import { commissionOf, estimateFee, EXACT_FEES, type FeeContext, feeDecimalsNeeded, type FeeSchedule, parseBillionths } from './fees.ts';
import type { Instrument } from './instrument.ts';
import { instrumentWith } from './instrument.fixture.ts';
import { LiquiditySide } from './order.ts';

const USDT = makeCurrency('USDT', 9);
const BTC = makeCurrency('BTC', 8);

const SHARE = instrumentWith();
const COIN = instrumentWith({ id: 'BTC-USDT.X', kind: 'SPOT', quote: USDT, settlement: USDT, priceDecimals: 1, quantityDecimals: 3 });
const FX = instrumentWith({ id: 'AUD-USD.X', kind: 'FX', priceDecimals: 5 });
const display = { to: 'decimals', decimals: 'display', mode: 'half-even' } as const;

function fill(instrument: Instrument, price: number, quantity: number, change: Partial<FeeContext> = {}): FeeContext {
  return {
    instrument,
    price,
    quantity,
    liquiditySide: LiquiditySide.TAKER,
    closingQty: 0,
    orderQtyBefore: 0,
    orderValueBefore: 0n,
    tradedValue: 0n,
    ...change,
  };
}

const ib: FeeSchedule = {
  kind: 'perShare',
  rateBillionths: 5_000_000,
  minBillionths: 1_000_000_000,
  maxRatePpb: 5_000_000,
  whenMinExceedsMax: 'max',
  rounding: EXACT_FEES,
};

describe('parseBillionths', () => {
  it('reads 0.002 as exactly two million billionths', () => expect(parseBillionths('0.002')).toBe(2_000_000));
  it('reads a rebate', () => expect(parseBillionths('-0.00025')).toBe(-250_000));
  it('refuses a tenth decimal', () => expect(parseBillionths('0.0000000001')).toBe('TOO_MANY_DECIMALS'));
});

describe('commissionOf', () => {
  it('charges nothing where there is no fee', () => expect(commissionOf({ kind: 'none' }, fill(SHARE, 100, 1))).toBe(0n));

  it('keeps 0.2 % of 59 × 169.02 to the fifth decimal (R1.3: 9,972.18 × 0.002 = 19.94436)', () => {
    const schedule: FeeSchedule = { kind: 'percentage', ratePpb: 2_000_000, on: 'both', rounding: EXACT_FEES };
    expect(commissionOf(schedule, fill(SHARE, 169_02, 59))).toBe(1_994_436_000n);
  });

  it('charges an entry-only percentage on what opens, an exit-only one on what closes', () => {
    // 10 shares at 50.00, 4 of them close a position: 6 × 50 × 1 % = 3.00 and 4 × 50 × 1 % = 2.00.
    const context = fill(SHARE, 50_00, 10, { closingQty: 4 });
    expect(commissionOf({ kind: 'percentage', ratePpb: 10_000_000, on: 'entry', rounding: EXACT_FEES }, context)).toBe(3_00000000n);
    expect(commissionOf({ kind: 'percentage', ratePpb: 10_000_000, on: 'exit', rounding: EXACT_FEES }, context)).toBe(2_00000000n);
  });

  it.each([
    ['697 shares cost 3.485 (R3.2)', 14_000, 697, 3_48500000n],
    ['688 shares cost 3.44 (R3.1)', 14_478, 688, 3_44000000n],
    ['100 shares cost the minimum of 1 USD', 30_000, 100, 1_00000000n],
    ['10 shares at 3.00 cost the cap of 0.5 %, 0.15', 300, 10, 15000000n],
    ['1,000 shares at 0.50 cost the cap of 0.5 %, 2.50', 50, 1000, 2_50000000n],
  ])('per share: %s', (_, price, quantity, expected) => expect(commissionOf(ib, fill(SHARE, price, quantity))).toBe(expected));

  it('lets the minimum beat the cap where the schedule says so', () => {
    expect(commissionOf({ ...ib, whenMinExceedsMax: 'min' }, fill(SHARE, 300, 10))).toBe(1_00000000n);
    expect(commissionOf({ ...ib, whenMinExceedsMax: 'min' }, fill(SHARE, 50, 1000))).toBe(2_50000000n);
  });

  it('charges the minimum once for an order that fills in three parts', () => {
    // 300 shares at 100.00: 1.50. After 100: 1.00 (minimum). After 250: 1.25. After 300: 1.50.
    const value = (quantity: number): bigint => BigInt(quantity) * 100_00000000n;
    const parts = [
      [0, 100],
      [100, 150],
      [250, 50],
    ].map(([before, quantity]) =>
      commissionOf(ib, fill(SHARE, 100_00, quantity!, { orderQtyBefore: before!, orderValueBefore: value(before!) })),
    );
    expect(parts).toEqual([1_00000000n, 25000000n, 25000000n]);
  });

  it('charges R1.11: 10 + 1 % of 100 × 1, then 10 + 1 % of 100 × 4, together 25', () => {
    const schedule: FeeSchedule = {
      kind: 'fixedPlusPercentage',
      fixedBillionths: 10_000_000_000,
      ratePpb: 10_000_000,
      rounding: EXACT_FEES,
    };
    const entry = commissionOf(schedule, fill(SHARE, 1_00, 100));
    const exit = commissionOf(schedule, fill(SHARE, 4_00, 100, { closingQty: 100 }));
    expect([entry, exit, entry + exit]).toEqual([11_00000000n, 14_00000000n, 25_00000000n]);
  });

  it('charges 2.0 per contract (R2.2)', () => {
    const future = instrumentWith({ id: 'FESX.X', kind: 'FUTURE', multiplier: 10 });
    expect(commissionOf({ kind: 'perContract', amountBillionths: 2_000_000_000, rounding: EXACT_FEES }, fill(future, 364_335, 3))).toBe(
      6_00000000n,
    );
  });

  it('charges takers and pays makers', () => {
    const schedule: FeeSchedule = { kind: 'makerTaker', makerPpb: -100_000, takerPpb: 500_000, rounding: EXACT_FEES };
    // 10 BTC at 46,377.0 is 463,770 USDT: 0.05 % is 231.885 (R4.2), a rebate of 0.01 % is 46.377.
    expect(commissionOf(schedule, fill(COIN, 463_770, 10_000))).toBe(231_885000000n);
    expect(commissionOf(schedule, fill(COIN, 463_770, 10_000, { liquiditySide: LiquiditySide.MAKER }))).toBe(-46_377000000n);
  });

  it('goes to the tier whose beginning the traded value has reached', () => {
    const schedule: FeeSchedule = {
      kind: 'tiers',
      windowDays: 30,
      rounding: EXACT_FEES,
      tiers: [
        { fromValue: 0, makerPpb: 1_000_000, takerPpb: 2_000_000 },
        { fromValue: 1000, makerPpb: 500_000, takerPpb: 1_000_000 },
      ],
    };
    const fee = (tradedValue: bigint): bigint => commissionOf(schedule, fill(SHARE, 100_00, 10, { tradedValue }));
    expect([fee(0n), fee(999_99999999n), fee(1000_00000000n)]).toEqual([2_00000000n, 2_00000000n, 1_00000000n]);
  });

  it('rounds half to even to the display decimals: 0.002 % of 70,020 USD is 1.4004, charged as 1.40 (R4.8)', () => {
    const schedule: FeeSchedule = { kind: 'makerTaker', makerPpb: 20_000, takerPpb: 20_000, rounding: display };
    expect(commissionOf(schedule, fill(FX, 70_020, 100_000))).toBe(1_40000000n);
    expect(commissionOf({ ...schedule, rounding: EXACT_FEES }, fill(FX, 70_020, 100_000))).toBe(1_40040000n);
  });

  it.each([
    [1, 0n],
    [3, 2000000n],
    [-1, 0n],
    [-3, -2000000n],
  ])('rounds %i half cents to the even cent', (halfCents, expected) => {
    // A value of 1.00 at a rate of 0.5 % is half a cent.
    const schedule: FeeSchedule = { kind: 'percentage', ratePpb: 5_000_000 * halfCents, on: 'both', rounding: display };
    expect(commissionOf(schedule, fill(SHARE, 1_00, 1))).toBe(expected);
  });

  it('charges an inverse contract in coin: 100 contracts of 100 USD at 50,000 are 0.2 BTC, 0.05 % is 0.0001 BTC', () => {
    const inverse = instrumentWith({
      id: 'BTC-USD-PERP.X',
      kind: 'INVERSE_PERPETUAL',
      base: BTC,
      settlement: BTC,
      priceDecimals: 1,
      multiplier: 100,
    });
    const schedule: FeeSchedule = { kind: 'makerTaker', makerPpb: 0, takerPpb: 500_000, rounding: EXACT_FEES };
    expect(commissionOf(schedule, fill(inverse, 500_000, 100))).toBe(10_000n);
  });
});

describe('a share of the value', () => {
  it('is the exact product rounded once, at any size, rate and rounding: in doubles where they hold it and beyond them', () => {
    const size = fc.oneof(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.integer({ min: 1, max: 10_000_000_000 }),
      fc.integer({ min: 1, max: 2 ** 53 - 1 }),
    );
    const rate = fc.oneof(fc.integer({ min: -1_000_000, max: 10_000_000 }), fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }));
    const decimals = fc.constantFrom<number | 'display' | null>(null, 'display', 0, 1, 3, 8, 12);
    const modes = fc.constantFrom<Rounding>('half-even', 'half-up', 'down', 'up', 'floor', 'ceiling');
    fc.assert(
      fc.property(size, size, rate, decimals, modes, (price, quantity, ratePpb, to, mode) => {
        const rounding = to === null ? EXACT_FEES : ({ to: 'decimals', decimals: to, mode } as const);
        const kept = to === null ? 8 : Math.min(8, to === 'display' ? 2 : to);
        const scale = 10n ** BigInt(8 - kept);
        // Cents times shares are 10^6 of 10^-8 dollars.
        const wide = BigInt(price) * BigInt(quantity) * 1_000_000n * BigInt(ratePpb);
        const expected = divideRounded(wide, 1_000_000_000n * scale, to === null ? 'half-even' : mode) * scale;
        const context = fill(SHARE, price, quantity);
        expect(commissionOf({ kind: 'percentage', ratePpb, on: 'both', rounding }, context)).toBe(expected);
        expect(commissionOf({ kind: 'makerTaker', makerPpb: 0, takerPpb: ratePpb, rounding }, context)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('estimateFee', () => {
  it('is the charge of a taker that fills at once', () => expect(estimateFee(ib, SHARE, 14_000, 697)).toBe(3_48500000n));
});

describe('feeDecimalsNeeded', () => {
  it('is 5 for 0.2 % on prices of two decimals (R1.3)', () => {
    expect(feeDecimalsNeeded({ kind: 'percentage', ratePpb: 2_000_000, on: 'both', rounding: EXACT_FEES }, SHARE)).toBe(5);
  });
});
