import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divideFill } from './fill-parts.ts';
import { BTC, instrument, USDT } from './portfolio.fixture.ts';

const PERP = instrument('PERPETUAL', 'BTC-USDT.X', BTC, USDT, { priceDecimals: 1, quantityDecimals: 3 });
/** Small ones whose product is safe, and ones so large that it is not. */
const count = fc.oneof(fc.integer({ min: 1, max: 90_000_000 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }));
const signed = fc.tuple(count, fc.constantFrom(1, -1)).map(([size, sign]) => size * sign);

/** 0.1 × 0.001 of a currency with 8 decimals: a count of price times a count of quantity is 10^-4, or 10^4 counts of money. */
function valueOf(price: number, quantity: number): bigint {
  return BigInt(price) * BigInt(quantity) * 10_000n;
}

describe('parts of a fill', () => {
  it('close and opening sum to the fill, the close is what is held or less, and each part has its own value', () => {
    const held = fc.oneof(fc.constant(0), signed);
    const commission = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
    fc.assert(
      fc.property(held, count, signed, commission, (quantity, price, filled, fee) => {
        const parts = divideFill({ instrument: PERP, quantity }, price, filled, fee);
        expect(BigInt(parts.closeQuantity) + BigInt(parts.openQuantity)).toBe(BigInt(filled));
        const isAgainst = quantity < 0 === filled > 0 && quantity !== 0;
        expect(Math.abs(parts.closeQuantity)).toBe(isAgainst ? Math.min(Math.abs(quantity), Math.abs(filled)) : 0);
        expect(parts.closeValue).toBe(valueOf(price, -parts.closeQuantity));
        expect(parts.openValue).toBe(valueOf(price, parts.openQuantity));
        expect(parts.closeCommission + parts.openCommission).toBe(fee);
      }),
      { numRuns: 1000 },
    );
  });

  it('divides the commission in proportion, half to even', () => {
    const odd = divideFill({ instrument: PERP, quantity: 10 }, 100, -20, 5n); // 2.5 → 2
    expect([odd.closeCommission, odd.openCommission]).toEqual([2n, 3n]);
    const third = divideFill({ instrument: PERP, quantity: -10 }, 100, 30, 100n);
    expect([third.closeCommission, third.openCommission]).toEqual([33n, 67n]);
  });
});
