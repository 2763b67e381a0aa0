import { bigOf, doubleOf, numberOf } from './exact-integer.ts';

/**
 * Whole numbers of any size, by place. What a safe integer holds lies in `doubles`; where a place has NaN there, its number is a bigint kept
 * beside. So what is formed of `doubles` is never a wrong number: it is exact, or it is no number.
 *
 * Hot code reads and writes `doubles` itself, safe integers only.
 */
export class WholeNumbers {
  doubles: Float64Array;
  private readonly long = new Map<number, bigint>();

  /** @param length places, all of them 0 */
  constructor(length: number) {
    this.doubles = new Float64Array(length);
  }

  get(at: number): bigint {
    const value = this.doubles[at]!;
    return Number.isNaN(value) ? this.long.get(at)! : bigOf(value);
  }

  set(at: number, value: bigint): void {
    const double = numberOf(value);
    this.doubles[at] = double;
    if (Number.isNaN(double)) this.long.set(at, value);
  }

  /** The double nearest to a number: itself where it is a safe integer. */
  nearest(at: number): number {
    const value = this.doubles[at]!;
    return Number.isNaN(value) ? doubleOf(this.long.get(at)!) : value;
  }

  /** Makes room for twice as many, the new ones 0. */
  grow(): void {
    const { doubles } = this;
    this.doubles = new Float64Array(doubles.length * 2);
    this.doubles.set(doubles);
  }
}
