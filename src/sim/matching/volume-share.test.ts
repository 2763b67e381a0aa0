import fc from 'fast-check';
import { expect, it } from 'vitest';
import { VolumeShare } from './volume-share.ts';

it('a share of a quantity is rounded down to lots, exactly for any safe integers: 1/3 of 100 in lots of 10 is 30', () => {
  expect(new VolumeShare({ numerator: 1, denominator: 3 }, 10).of(100)).toBe(30);
  const count = fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }));
  fc.assert(
    fc.property(count, count, count, fc.integer({ min: 1, max: 1000 }), (quantity, numerator, denominator, lotSize) => {
      const lot = BigInt(lotSize);
      const lots = (BigInt(quantity) * BigInt(numerator)) / (BigInt(denominator) * lot);
      expect(new VolumeShare({ numerator, denominator }, lotSize).of(quantity)).toBe(Number(lots * lot));
    }),
    { numRuns: 2000 },
  );
});
