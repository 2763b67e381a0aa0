import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { budgetForWeight, quantityForBudget, targetQuantityForWeight } from './sizing.ts';
import { testInstrument, usd } from './orders.fixture.ts';
import { Side } from '../../model/order.ts';

/** Adjusted prices carry eight decimals; money in this instrument's currency then needs no more than eight. */
const SPY = testInstrument(0, { priceDecimals: 8 });
const GOOG = testInstrument(0);
const NO_FEE = (): bigint => 0n;

describe('quantity for a budget', () => {
  it('buys 59 shares of GOOG at 169.02 with 10,000 and a fee of 0.2 %, as R1.3 publishes: floor(10000 / (169.02 × 1.002)) = 59', () => {
    const feeOf = (quantity: number): bigint => (BigInt(16_902 * quantity) * GOOG.notionalFactor * 2n) / 1000n;
    expect(quantityForBudget({ instrument: GOOG, price: 16_902, budget: usd(10_000), feeOf })).toBe(59);
  });

  it('buys 688 SPY at 144.78172417 with 0.9975 of 100,000 and a fee of max(1, 0.005 a share), as R3.1 publishes', () => {
    const feeOf = (quantity: number): bigint => (quantity < 200 ? usd(1) : BigInt(quantity) * 500_000n);
    const budget = budgetForWeight(usd(100_000), 997_500_000);
    expect(budget).toBe(usd(99_750));
    expect(quantityForBudget({ instrument: SPY, price: 14_478_172_417, budget, feeOf })).toBe(688);
  });

  it('takes a budget that fits exactly and one lot less where a cent is missing', () => {
    expect(quantityForBudget({ instrument: GOOG, price: 1000, budget: usd(100), feeOf: NO_FEE })).toBe(10);
    expect(quantityForBudget({ instrument: GOOG, price: 1000, budget: usd(100) - 1n, feeOf: NO_FEE })).toBe(9);
    expect(quantityForBudget({ instrument: testInstrument(0, { lotSize: 4 }), price: 1000, budget: usd(100), feeOf: NO_FEE })).toBe(8);
    expect(quantityForBudget({ instrument: GOOG, price: 1000, budget: usd(9), feeOf: NO_FEE })).toBe(0);
    expect(quantityForBudget({ instrument: GOOG, price: 1000, budget: usd(100), feeOf: NO_FEE, quantityMax: 7 })).toBe(7);
    expect(quantityForBudget({ instrument: GOOG, price: 1000, budget: -1n, feeOf: NO_FEE })).toBe(0);
  });

  it('agrees with trying every lot, for percentage fees with a minimum', () => {
    const inputs = [
      fc.integer({ min: 20, max: 5000 }),
      fc.integer({ min: 0, max: 200 }),
      fc.integer({ min: 1, max: 7 }),
      fc.nat(50),
      fc.nat(5),
    ] as const;
    fc.assert(
      fc.property(...inputs, (price, budgetDollars, lotSize, feePerMille, feeMin) => {
        const instrument = testInstrument(0, { lotSize });
        const feeOf = (quantity: number): bigint => {
          const fee = (BigInt(price * quantity) * 10n ** 6n * BigInt(feePerMille)) / 1000n;
          return fee < usd(feeMin) ? usd(feeMin) : fee;
        };
        let expected = 0;
        for (let q = lotSize; BigInt(price * q) * 10n ** 6n + feeOf(q) <= usd(budgetDollars); q += lotSize) expected = q;
        expect(quantityForBudget({ instrument, price, budget: usd(budgetDollars), feeOf })).toBe(expected);
      }),
      { numRuns: 200 },
    );
  });

  it('never asks for an order that has no count, however much money there is', () => {
    const asked: number[] = [];
    const feeOfOrder = (quantity: number): bigint => BigInt(asked.push(quantity)) * 0n;
    const sizing = { instrument: GOOG, price: 1, equity: 10n ** 40n, weightPpb: 1_000_000_000, bufferPpb: 0, feeOfOrder };
    for (const positionQty of [0, -5_000_000_000_000_000, 5_000_000_000_000_000]) {
      const target = targetQuantityForWeight({ ...sizing, positionQty });
      expect(Number.isSafeInteger(target - positionQty)).toBe(true);
    }
    expect(asked.every(Number.isSafeInteger)).toBe(true);
  });

  it('a reversal pays the fee of the whole way: short 50 to long, 10,000 at 100.00 and 1 % of the order', () => {
    // q × 100 + (q + 50) × 1 ≤ 10,000 gives q ≤ 9950 / 101 = 98.5.
    const feeOfOrder = (quantity: number): bigint => usd(quantity);
    const sizing = { instrument: GOOG, price: 10_000, equity: usd(10_000), bufferPpb: 0, feeOfOrder };
    expect(targetQuantityForWeight({ ...sizing, weightPpb: 1_000_000_000, positionQty: -50 })).toBe(98);
    expect(targetQuantityForWeight({ ...sizing, weightPpb: -1_000_000_000, positionQty: -50 })).toBe(-99);
    expect(targetQuantityForWeight({ ...sizing, weightPpb: 0, positionQty: -50 })).toBe(0);
  });

  it('asks the fee of the order from here to there by its own way: what reduces a long position is a sale', () => {
    // Half of 1000 at 10.00 is 50; a tenth on purchases only does not touch the sale of 50 out of 100.
    const feeOfOrder = (quantity: number, side: Side): bigint => (side === Side.BUY ? usd(quantity) : 0n);
    const sizing = { instrument: GOOG, price: 1000, equity: usd(1000), bufferPpb: 0, weightPpb: 500_000_000, feeOfOrder };
    expect(targetQuantityForWeight({ ...sizing, positionQty: 100 })).toBe(50);
    expect(targetQuantityForWeight({ ...sizing, positionQty: 0 })).toBe(45);
  });

  it('rounds a share of equity down and gives nothing of a loss', () => {
    expect(budgetForWeight(10n, 333_333_333)).toBe(3n);
    expect(budgetForWeight(1000n, 500_000_000, 2_500_000)).toBe(498n);
    expect(budgetForWeight(-5n, 1_000_000_000)).toBe(0n);
  });
});
