import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frontAfterCancel, type QueueModel, type QueueWeight } from './queue-position.ts';

const power = (exponent: number): QueueWeight => ({ kind: 'power', exponent });
const probability = (ratio: 'sides' | 'whole' | 'share', weight: QueueWeight): QueueModel => ({ kind: 'probability', ratio, weight });

describe('what is before an order after others canceled', () => {
  it.each<[string, QueueModel, number]>([
    // 4 of 20 canceled, 5 before and 15 behind. Worked out from the formulas: what is left is 5 − 4 × (1 − p).
    ['risk-averse', { kind: 'riskAverse' }, 5],
    ['sides, power 1: p = 15 ÷ 20', probability('sides', power(1)), 5 - 4 * (1 - 15 / 20)],
    ['sides, power 2: p = 225 ÷ 250', probability('sides', power(2)), 5 - 4 * (1 - 225 / 250)],
    ['sides, power 3: p = 3375 ÷ 3500', probability('sides', power(3)), 5 - 4 * (1 - 3375 / 3500)],
    [
      'sides, log: p = ln 16 ÷ (ln 6 + ln 16)',
      probability('sides', { kind: 'log' }),
      5 - 4 * (1 - Math.log(16) / (Math.log(6) + Math.log(16))),
    ],
    ['whole, power 2: p = 225 ÷ 400', probability('whole', power(2)), 5 - 4 * (1 - 225 / 400)],
    ['whole, log: p = ln 16 ÷ ln 21', probability('whole', { kind: 'log' }), 5 - 4 * (1 - Math.log(16) / Math.log(21))],
    ['share, power 2: p = 1 − (5 ÷ 20)²', probability('share', power(2)), 5 - 4 * (1 / 16)],
  ])('%s', (_, model, expected) => {
    expect(frontAfterCancel(model, 5, 15, 4)).toBeCloseTo(expected, 12);
  });

  it.each([
    // 8 of 20 canceled, 5 before and 15 behind: the example of docs/concepts/depth.md. Behind us were 6; 0.9 × 8 = 7.2, 0.5625 × 8 = 4.5, 0.9375 × 8 = 7.5.
    [1, { sides: 3, whole: 3, share: 3 }],
    [2, { sides: 4.2, whole: 1.5, share: 4.5 }],
  ])('with exponent %d is as the table says', (exponent, left) => {
    for (const ratio of ['sides', 'whole', 'share'] as const)
      expect(frontAfterCancel(probability(ratio, power(exponent)), 5, 15, 8)).toBeCloseTo(left[ratio], 12);
  });

  it('is taken from before where nothing is behind, and from before for what is more than is behind', () => {
    for (const model of [{ kind: 'riskAverse' } as const, probability('sides', power(2))]) {
      expect(frontAfterCancel(model, 5, 0, 3)).toBe(2);
      expect(frontAfterCancel(model, 0, 9, 3)).toBe(0);
    }
    expect(frontAfterCancel({ kind: 'riskAverse' }, 5, 2, 3)).toBe(4);
  });

  it('never grows, and never leaves fewer behind than none', () => {
    const weight = fc.oneof(
      fc.constantFrom<QueueWeight>(power(1), power(2), { kind: 'log' }),
      fc.record({ kind: fc.constant('power' as const), exponent: fc.double({ min: 0.1, max: 10, noNaN: true }) }),
    );
    const model = fc.oneof(
      fc.constant<QueueModel>({ kind: 'riskAverse' }),
      fc.record({
        kind: fc.constant('probability' as const),
        ratio: fc.constantFrom('sides' as const, 'whole' as const, 'share' as const),
        weight,
      }),
    );
    fc.assert(
      fc.property(
        model,
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        fc.nat(1e9),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (each, front, back, share) => {
          const canceled = share * (front + back);
          const after = frontAfterCancel(each, front, back, canceled);
          expect(after).toBeGreaterThanOrEqual(0);
          expect(after).toBeLessThanOrEqual(front);
          expect(after).toBeLessThanOrEqual((front + back - canceled) * (1 + 1e-9) + 1e-6);
        },
      ),
    );
  });
});
