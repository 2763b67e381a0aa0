import type { Quantity } from '../../model/instrument.ts';
import type { FillRules } from './fill-rules.ts';

/** The share of a row's quantity that our own orders may take together, in whole lots. */
export class VolumeShare {
  private readonly lotSize: Quantity;
  private readonly numerator: number;
  /** Denominator × lot size. */
  private readonly divisor: number;
  private readonly hasSafeDivisor: boolean;
  private readonly bigLot: bigint;
  private readonly bigNumerator: bigint;
  private readonly bigDivisor: bigint;

  constructor(share: NonNullable<FillRules['volumeShare']>, lotSize: Quantity) {
    this.lotSize = lotSize;
    this.numerator = share.numerator;
    this.bigLot = BigInt(lotSize);
    this.bigNumerator = BigInt(share.numerator);
    this.bigDivisor = BigInt(share.denominator) * this.bigLot;
    this.divisor = share.denominator * lotSize;
    this.hasSafeDivisor = Number.isSafeInteger(this.divisor);
  }

  /** Rounded down to lots. */
  of(quantity: Quantity): Quantity {
    const product = quantity * this.numerator;
    // The quotient of two safe integers never rounds up to the next whole number: it lies at least 1 / divisor below it.
    if (Number.isSafeInteger(product) && this.hasSafeDivisor) return Math.floor(product / this.divisor) * this.lotSize;
    return Number(((BigInt(quantity) * this.bigNumerator) / this.bigDivisor) * this.bigLot);
  }
}
