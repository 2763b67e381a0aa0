import { portableExp } from '../../base/elementary.ts';
import type { Price, Quantity } from '../../model/instrument.ts';

/** Beyond so many half-lives nothing is left of a quantity below 2^53. */
const HALF_LIVES_MAX = 60;

/** Missing at a time; with a half-life a fraction, so that nothing is lost to rounding however often a level is told. */
interface TakenLevel {
  readonly quantity: number;
  readonly ts: number;
}

/** By side × price. */
export type TakenLiquidityState = readonly (readonly [key: number, level: TakenLevel])[];

/**
 * What our orders took from recorded levels. The recording does not know of it and goes on showing it: it is gone for us all the same, until the
 * recorded flow replaces it (the level grows, or ends and comes again) or, where a half-life is given, others would have filled it up.
 *
 * Only levels that the book shows are remembered: one that ends is forgotten, so there are no more than the book has.
 */
export class TakenLiquidity {
  private readonly levels = new Map<number, TakenLevel>();
  private readonly halfLifeUs: number;

  /** @param halfLifeUs after which half of what was taken is taken for replaced; Infinity for never */
  constructor(halfLifeUs: number) {
    this.halfLifeUs = halfLifeUs;
  }

  get isEmpty(): boolean {
    return this.levels.size === 0;
  }

  get levelCount(): number {
    return this.levels.size;
  }

  has(side: number, price: Price): boolean {
    return this.levels.has(side * price);
  }

  /** @param side of the book that was taken from: +1 bids, −1 asks */
  take(side: number, price: Price, quantity: Quantity, ts: number): void {
    this.levels.set(side * price, { quantity: this.missing(side * price, ts) + quantity, ts });
  }

  /** How much of what the level shows is not there for us at `ts`; a whole number, rounded up. */
  at(side: number, price: Price, ts: number): Quantity {
    return Math.ceil(this.missing(side * price, ts));
  }

  /** A level shows `quantity` now: no more than that can be missing of it. Growth is new, and there. */
  levelChanged(side: number, price: Price, quantity: Quantity, ts: number): void {
    const key = side * price;
    if (!this.levels.has(key)) return;
    const missing = Math.min(this.missing(key, ts), quantity);
    if (missing === 0) this.levels.delete(key);
    else this.levels.set(key, { quantity: missing, ts });
  }

  /** The whole book was told anew: each level shows what `quantityAt` says. */
  madeAnew(quantityAt: (side: number, price: Price) => Quantity, ts: number): void {
    for (const key of [...this.levels.keys()]) {
      const side = Math.sign(key);
      const price = Math.abs(key);
      this.levelChanged(side, price, quantityAt(side, price), ts);
    }
  }

  saveState(): TakenLiquidityState {
    return [...this.levels];
  }

  loadState(levels: TakenLiquidityState): void {
    this.levels.clear();
    for (const [key, level] of levels) this.levels.set(key, level);
  }

  private missing(key: number, ts: number): number {
    const level = this.levels.get(key);
    if (level === undefined) return 0;
    if (this.halfLifeUs === Number.POSITIVE_INFINITY) return level.quantity;
    const halfLives = (ts - level.ts) / this.halfLifeUs;
    return halfLives > HALF_LIVES_MAX ? 0 : level.quantity * portableExp(-Math.LN2 * halfLives);
  }
}
