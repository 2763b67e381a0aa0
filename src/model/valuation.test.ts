import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeCurrency, moneyApprox } from './currency.ts';
import { type InstrumentDefinition, moneyDecimalsNeeded } from './instrument.ts';
import { instrumentWith } from './instrument.fixture.ts';
import { notionalValue, profitOf } from './valuation.ts';

const USD = makeCurrency('USD');
const BTC = makeCurrency('BTC');

function linear(change: Partial<InstrumentDefinition> = {}) {
  return instrumentWith({ id: 'ES.CME', kind: 'FUTURE', base: makeCurrency('ES'), priceIncrement: 25, multiplier: 50, ...change }, 3);
}

/** A contract of 100 USD, priced in dollars with one decimal, paid in bitcoin. */
const INVERSE = linear({
  id: 'BTC-USD-PERP.DERIBIT',
  kind: 'INVERSE_PERPETUAL',
  base: BTC,
  settlement: BTC,
  priceDecimals: 1,
  priceIncrement: 5,
  multiplier: 100,
});

describe('notionalValue', () => {
  it('of a linear instrument is price × quantity × multiplier, to the last digit', () => {
    // 4512.25 × 3 × 50 = 676 837.50
    expect(notionalValue(linear(), 451_225, 3)).toBe(676_837_50000000n);
    expect(notionalValue(linear(), 451_225, -3)).toBe(-676_837_50000000n);
    // 19.4 coins at 65 000.01, kept with 8 decimals, are past 2^53 as a product: 1 261 000.194
    const spot = linear({ kind: 'SPOT', multiplier: 1, quantityDecimals: 8, quote: makeCurrency('USD', 10) });
    expect(notionalValue(spot, 6_500_001, 1_940_000_000)).toBe(12_610_001_940_000_000n);
  });

  it('is the same product whether it fits a double or not, for any price, quantity and multiplier', () => {
    const size = fc.oneof(fc.integer({ min: 0, max: 1_000_000_000 }), fc.maxSafeNat());
    fc.assert(
      fc.property(
        size,
        fc.maxSafeInteger(),
        fc.constantFrom(1, 3, 50, Number.MAX_SAFE_INTEGER),
        fc.nat(12),
        (price, quantity, multiplier, places) => {
          const quote = makeCurrency('USD', 2 + places);
          const instrument = linear({ multiplier, quote, settlement: quote });
          const scale = 10n ** BigInt(quote.decimals - 2);
          const expected = BigInt(price) * BigInt(quantity) * BigInt(multiplier) * scale;
          expect(notionalValue(instrument, price, quantity)).toBe(expected);
          expect(profitOf(instrument, price, 0, quantity)).toBe(-expected);
        },
      ),
    );
    // 2^53 − 1 is the last that a double is trusted with; one more is a product of 2^27 and 2^26.
    const plain = linear({ multiplier: 1, quote: makeCurrency('USD', 8), priceDecimals: 8 });
    expect(notionalValue(plain, Number.MAX_SAFE_INTEGER, 1)).toBe(2n ** 53n - 1n);
    expect(notionalValue(plain, 134_217_729, 67_108_865)).toBe(134_217_729n * 67_108_865n);
  });

  it('of an inverse contract is contracts × face value ÷ price, in coins, rounded half to even', () => {
    // 5 × 100 / 40 000.0 = 0.0125
    expect(notionalValue(INVERSE, 400_000, 5)).toBe(1_250_000n);
    // 1 × 100 / 30 000 = 0.00333333|33 down; 2 × 100 / 30 000 = 0.00666666|67 up
    expect(notionalValue(INVERSE, 300_000, 1)).toBe(333_333n);
    expect(notionalValue(INVERSE, 300_000, 2)).toBe(666_667n);
    expect(notionalValue(INVERSE, 300_000, -2)).toBe(-666_667n);
  });

  it('of an inverse contract needs a price above zero', () => {
    expect(() => notionalValue(INVERSE, 0, 1)).toThrow('price above zero');
  });
});

describe('profitOf', () => {
  it('of a linear instrument is the move × quantity × multiplier, the other way round for a short', () => {
    // From 4500.00 to 4510.50: 10.50 × 2 × 50 = 1050
    expect(profitOf(linear(), 450_000, 451_050, 2)).toBe(1050_00000000n);
    expect(profitOf(linear(), 450_000, 451_050, -2)).toBe(-1050_00000000n);
  });

  it('of an inverse contract is positive for a long when the price rises: face value × (1/entry − 1/exit)', () => {
    // 10 × 100 × (1/25 000 − 1/50 000) = 0.04 − 0.02 = 0.02
    expect(profitOf(INVERSE, 250_000, 500_000, 10)).toBe(2_000_000n);
    expect(profitOf(INVERSE, 250_000, 500_000, -10)).toBe(-2_000_000n);
  });

  it('adds up over a way point, linear and inverse alike', () => {
    const price = fc.integer({ min: 1, max: 10_000_000 });
    fc.assert(
      fc.property(price, price, price, fc.integer({ min: -1000, max: 1000 }), fc.boolean(), (a, b, c, quantity, isInverse) => {
        const instrument = isInverse ? INVERSE : linear();
        expect(profitOf(instrument, a, b, quantity) + profitOf(instrument, b, c, quantity)).toBe(profitOf(instrument, a, c, quantity));
      }),
    );
  });
});

describe('makeInstrument', () => {
  it('derives symbol, venue, scales and factor', () => {
    const es = linear({ multiplier: 5, multiplierDecimals: 1 });
    expect([es.symbol, es.venue, es.index, es.priceScale, es.quantityScale]).toEqual(['ES', 'CME', 3, 100, 1]);
    // A count of price × a count of quantity is 0.01 × 1 × 0.5 USD = 0.005 USD = 500 000 of 10^-8.
    expect([es.notionalFactor, es.notionalFactorDouble]).toEqual([500_000n, 500_000]);
    // A factor that no double holds gives no double at all, rather than one that is nearly right.
    expect(linear({ quote: makeCurrency('USD', 20) }).notionalFactorDouble).toBeNaN();
    expect([es.isDelivered, es.isInverse]).toEqual([false, false]);
    expect(linear({ kind: 'SPOT', multiplier: 1 }).isDelivered).toBe(true);
    expect([INVERSE.isInverse, INVERSE.notionalFactor]).toEqual([true, 100_00000000n]);
    expect(linear({ id: 'BRK.B.XNYS' })).toMatchObject({ symbol: 'BRK.B', venue: 'XNYS' });
  });

  it('is frozen: a strategy cannot change what a price means', () => {
    expect(Object.isFrozen(linear())).toBe(true);
  });

  it.each([
    [{ id: 'ES' }, 'SYMBOL.VENUE'],
    [{ id: '.CME' }, 'SYMBOL.VENUE'],
    [{ id: 'ES.' }, 'SYMBOL.VENUE'],
    [{ priceDecimals: 13 }, 'priceDecimals'],
    [{ quantityDecimals: -1 }, 'quantityDecimals'],
    [{ priceIncrement: 0 }, 'priceIncrement'],
    [{ lotSize: 0.5 }, 'lotSize'],
    [{ multiplier: 0 }, 'multiplier'],
    [{ lotSize: 10, quantityMin: 15 }, 'quantityMin'],
    [{ priceDecimals: 8, quantityDecimals: 8 }, 'needs more decimals than 8'],
  ] as const)('refuses %o', (change, message) => {
    expect(() => linear(change)).toThrow(message);
  });

  it('says how many decimals money needs for exact products', () => {
    expect(moneyDecimalsNeeded({ priceDecimals: 8, quantityDecimals: 6, multiplierDecimals: 1 })).toBe(15);
  });
});

describe('makeCurrency', () => {
  it('never carries fewer than 8 decimals, and knows how many people write', () => {
    expect(makeCurrency('USD', 2)).toEqual({ code: 'USD', decimals: 8, displayDecimals: 2 });
    expect(makeCurrency('JPY').displayDecimals).toBe(0);
    expect(makeCurrency('BTC', 16)).toEqual({ code: 'BTC', decimals: 16, displayDecimals: 8 });
    expect(() => makeCurrency('')).toThrow('code');
  });
});

describe('moneyApprox', () => {
  it('is the amount in units of its currency, whatever its size and decimals', () => {
    expect(moneyApprox(-150_000_000n, USD)).toBe(-1.5);
    expect(moneyApprox(1n, USD)).toBe(1e-8);
    expect(moneyApprox(10n ** 30n, USD)).toBe(1e22);
    // 3 ÷ 4 of a unit in 70 decimals: past the list of scales, and past 64 bits.
    expect(moneyApprox(75n * 10n ** 68n, makeCurrency('WEI', 70))).toBeCloseTo(0.75, 15);
  });
});
