import type { Instrument } from '../../model/instrument.ts';
import type { CostMethod } from '../../model/position.ts';

/*
 * A slow twin of the accounts, in rational numbers: nothing of the code under test is used. It works from decimal definitions (a price count is
 * price / 10^priceDecimals), keeps unrounded costs, and counts how often an exact cost could not be an integer count of money.
 */

/** A fraction in lowest terms; d > 0. */
export interface Fraction {
  readonly n: bigint;
  readonly d: bigint;
}

export function fraction(n: bigint, d = 1n): Fraction {
  let a = n < 0n ? -n : n;
  let b = d < 0n ? -d : d;
  while (b !== 0n) [a, b] = [b, a % b];
  const sign = d < 0n ? -1n : 1n;
  return a === 0n ? { n: 0n, d: 1n } : { n: (sign * n) / a, d: (sign * d) / a };
}

export const ZERO = fraction(0n);
export const add = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.d + b.n * a.d, a.d * b.d);
export const negate = (a: Fraction): Fraction => fraction(-a.n, a.d);
export const times = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.n, a.d * b.d);
export const over = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.d, a.d * b.n);
export const isWhole = (a: Fraction): boolean => a.d === 1n;

/** Nearest integer; of two equally near, the even one. */
export function nearest(a: Fraction): bigint {
  const below = a.n >= 0n ? a.n / a.d : -((-a.n + a.d - 1n) / a.d);
  const rest = 2n * (a.n - below * a.d);
  if (rest === a.d) return below % 2n === 0n ? below : below + 1n;
  return rest > a.d ? below + 1n : below;
}

const ten = (exponent: number): bigint => 10n ** BigInt(exponent);

/** Value of a signed quantity at a price, in counts of settlement money: unrounded for linear instruments and inverse ones alike. */
export function exactValue(of: Instrument, price: Fraction, quantity: Fraction): Fraction {
  const units = times(quantity, fraction(BigInt(of.multiplier), ten(of.quantityDecimals + of.multiplierDecimals)));
  const px = over(price, fraction(ten(of.priceDecimals)));
  const value = of.kind === 'INVERSE_PERPETUAL' ? over(units, px) : times(units, px);
  return times(value, fraction(ten(of.settlement.decimals)));
}

/** As booked: an inverse value is rounded half to even when it comes about. */
export function bookedValue(of: Instrument, price: number, quantity: bigint): Fraction {
  return fraction(nearest(exactValue(of, fraction(BigInt(price)), fraction(quantity))));
}

interface OracleLot {
  quantity: bigint;
  cost: Fraction;
}

/** One position: Σ of fills, unrounded cost. */
export class OracleBook {
  readonly of: Instrument;
  readonly method: CostMethod;
  quantity = 0n;
  /** Σ of booked values of fills, signed as bought. */
  flow: Fraction = ZERO;
  /** Roundings that the exact cost may differ by (one count each at most) from a cost kept in whole counts; 0 again when flat. */
  roundings = 0;
  lots: OracleLot[] = [];

  constructor(of: Instrument, method: CostMethod) {
    this.of = of;
    this.method = method;
  }

  get cost(): Fraction {
    return this.lots.reduce((sum, lot) => add(sum, lot.cost), ZERO);
  }

  fill(quantity: bigint, price: number): void {
    const against = this.quantity * quantity < 0n;
    const size = (q: bigint): bigint => (q < 0n ? -q : q);
    const closing = against ? (size(quantity) < size(this.quantity) ? quantity : -this.quantity) : 0n;
    if (closing !== 0n) this.#close(closing, price);
    if (quantity !== closing) this.#open(quantity - closing, price);
    this.quantity += quantity;
    if (this.quantity === 0n) this.roundings = 0;
  }

  #open(quantity: bigint, price: number): void {
    const value = bookedValue(this.of, price, quantity);
    this.flow = add(this.flow, value);
    const only = this.lots[0];
    if (this.method === 'AVERAGE' && only !== undefined) this.lots = [{ quantity: only.quantity + quantity, cost: add(only.cost, value) }];
    else this.lots.push({ quantity, cost: value });
  }

  #close(quantity: bigint, price: number): void {
    this.flow = add(this.flow, bookedValue(this.of, price, quantity));
    let rest = -quantity;
    while (rest !== 0n) {
      const lot = this.lots[0]!;
      const all = lot.quantity < 0n ? lot.quantity >= rest : lot.quantity <= rest;
      const part = all ? lot.quantity : rest;
      const taken = times(lot.cost, fraction(part, lot.quantity));
      if (!isWhole(taken) || (!all && this.roundings > 0)) this.roundings += 1;
      lot.quantity -= part;
      lot.cost = add(lot.cost, negate(taken));
      rest -= part;
      if (all) this.lots.shift();
    }
  }

  /** A split: lot boundaries fall on whole increments (cut down), cost is a straight line within a lot, what is beyond `after` is sold. */
  split(numerator: bigint, denominator: bigint, after: bigint): void {
    const sign = this.quantity < 0n ? -1n : 1n;
    const costTo = (x: Fraction): Fraction => {
      // Cost of the first x (old quantity, unsigned).
      let left = x;
      let sum = ZERO;
      for (const lot of this.lots) {
        const size = fraction(lot.quantity * sign);
        const takes = left.n * size.d < size.n * left.d ? left : size;
        sum = add(sum, times(lot.cost, over(takes, size)));
        left = add(left, negate(takes));
      }
      return sum;
    };
    const boundaries: bigint[] = [];
    let old = 0n;
    for (const lot of this.lots) {
      old += lot.quantity * sign;
      const cut = (old * numerator) / denominator;
      boundaries.push(cut < after * sign ? cut : after * sign);
    }
    if (boundaries.length > 0) boundaries[boundaries.length - 1] = after * sign;
    const lots: OracleLot[] = [];
    let from = 0n;
    for (const to of boundaries) {
      if (to === from) continue;
      const cost = (x: bigint): Fraction => costTo(fraction(x * denominator, numerator));
      lots.push({ quantity: (to - from) * sign, cost: add(cost(to), negate(cost(from))) });
      from = to;
    }
    this.roundings += 2 * this.lots.length;
    this.lots = lots;
    this.quantity = after;
    if (after === 0n) this.roundings = 0;
  }
}
