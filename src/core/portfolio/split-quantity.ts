import { assert } from '../../base/assert.ts';
import type { Quantity } from '../../model/instrument.ts';

/** Seven-for-one: numerator 7, denominator 1. */
interface SplitRatio {
  readonly numerator: number;
  readonly denominator: number;
  readonly lotSize: Quantity;
}

/** quantity × numerator ÷ denominator, cut to whole lots towards zero. */
export function splitQuantity(quantity: Quantity, { numerator, denominator, lotSize }: SplitRatio): Quantity {
  const lots = (BigInt(quantity) * BigInt(numerator)) / (BigInt(denominator) * BigInt(lotSize));
  const after = Number(lots) * lotSize;
  assert(Number.isSafeInteger(after), 'position out of range after a split');
  return after;
}

/**
 * As {@link splitQuantity} for several holders whose quantities must still sum to `total`: lots lost between them by cutting go, one each,
 * to the largest fractions (of equal ones, to the first).
 *
 * One lot each is enough: each fraction is below one lot, so the lots missing are no more than the holders with a fraction of their sign.
 *
 * @param total the holders' sum after the split, cut to whole lots towards zero
 */
export function splitQuantities(quantities: readonly Quantity[], total: Quantity, ratio: SplitRatio): readonly Quantity[] {
  const after = quantities.map((quantity) => splitQuantity(quantity, ratio));
  let missing = total;
  for (const quantity of after) missing -= quantity;
  if (missing === 0) return after;
  const sign = missing < 0 ? -1 : 1;
  const fractions = quantities.map((quantity, holder) => {
    const fraction = BigInt(quantity) * BigInt(ratio.numerator) - BigInt(after[holder]!) * BigInt(ratio.denominator);
    return { holder, size: fraction * BigInt(sign) };
  });
  fractions.sort((a, b) => (a.size === b.size ? a.holder - b.holder : a.size > b.size ? -1 : 1));
  for (const { holder } of fractions) {
    if (missing === 0) break;
    after[holder]! += sign * ratio.lotSize;
    missing -= sign * ratio.lotSize;
  }
  assert(missing === 0, 'a split lost a lot between the holders');
  return after;
}
