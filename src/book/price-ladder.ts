import { assert } from '../base/assert.ts';
import { KEY, NEXT, type OrderPool, PREVIOUS, QUANTITY, ROW_BITS } from './order-pool.ts';

/** Prices that stand in the window: a power of 32 times a small number, so that three levels of bits find the best. */
const WINDOW = 65_536;
/** Where a new window puts the best price, so that there is room for better ones. */
const MARGIN = WINDOW / 4;
const WORDS = WINDOW / 32;
const GROUPS = WORDS / 32;
const HALVES = GROUPS / 32;

/** A price level outside the window. */
interface FarLevel {
  head: number;
  tail: number;
  quantity: number;
}

/**
 * Queues of orders by price: one side of a book, or orders that wait for a price.
 *
 * Prices are keys, whole numbers of which the lowest is the best: count of increments for what is sold, the negative of it for what is bought. So
 * both sides are the same code. Near the best price a level is a place in an array and three levels of bits say which are occupied; levels
 * more than {@link WINDOW} keys away, or left behind by the market, are kept in a sorted list until the window moves to them.
 *
 * Hot: adding, removing and finding the next best level take the same time however many levels there are (bench row matching/cpp).
 * Source: docs/decisions/0019-matching-engine.md
 */
export class PriceLadder {
  /** Index of the best level in the window, −1 for none. Then there is no far level either. */
  best = -1;
  /** First order of each level of the window, by index; 0 for none. */
  readonly head = new Int32Array(WINDOW);
  readonly tail = new Int32Array(WINDOW);
  /** Lots shown on each level of the window. */
  readonly quantity = new Float64Array(WINDOW);
  /** Key of index 0. */
  base = 0;
  private readonly pool: OrderPool;
  private readonly words = new Int32Array(WORDS);
  private readonly groups = new Int32Array(GROUPS);
  private readonly halves = new Int32Array(HALVES);
  /** Keys of far levels, the best last. All are behind the window. */
  private readonly farKeys: number[] = [];
  private readonly farLevels = new Map<number, FarLevel>();

  constructor(pool: OrderPool) {
    this.pool = pool;
  }

  get isEmpty(): boolean {
    return this.best < 0;
  }

  /** Key of the best level; Infinity of an empty ladder. */
  get bestKey(): number {
    return this.best < 0 ? Number.POSITIVE_INFINITY : this.firstKey;
  }

  /** Key of the best level of a ladder that is not empty; of an empty one it makes no sense. Hot: always a number of one kind, unlike {@link bestKey}. */
  get firstKey(): number {
    return this.base + this.best;
  }

  /** True where the best level is at this key or a better one. */
  reaches(key: number): boolean {
    return this.best >= 0 && this.firstKey <= key;
  }

  /** First order of the best level, 0 for none. */
  get bestOrder(): number {
    return this.best < 0 ? 0 : this.head[this.best]!;
  }

  /** Puts an order, with its quantity, behind all others of its key. */
  append(slot: number, key: number): void {
    this.pool.numbers[(slot << ROW_BITS) | KEY] = key;
    const place = key - this.base;
    if (place >= 0 && place < WINDOW && this.best >= 0) this.link(slot, place | 0);
    else this.appendOutside(slot, key);
  }

  /** Takes an order out, wherever it stands in its queue. Its quantity goes with it. */
  remove(slot: number): void {
    const { numbers, links } = this.pool;
    const row = slot << ROW_BITS;
    const place = numbers[row | KEY]! - this.base;
    if (!(place < WINDOW)) {
      this.removeFar(slot);
      return;
    }
    const at = place | 0;
    const next = links[row | NEXT]!;
    const previous = links[row | PREVIOUS]!;
    if (next !== 0) links[(next << ROW_BITS) | PREVIOUS] = previous;
    else this.tail[at] = previous;
    if (previous !== 0) links[(previous << ROW_BITS) | NEXT] = next;
    else {
      this.head[at] = next;
      if (next === 0) {
        this.vacate(at);
        return;
      }
    }
    this.quantity[at]! -= numbers[row | QUANTITY]!;
  }

  /** The order shows so many lots more (or, below 0, fewer), and keeps its place. */
  change(slot: number, lots: number): void {
    const { numbers } = this.pool;
    const row = slot << ROW_BITS;
    numbers[row | QUANTITY]! += lots;
    const place = numbers[row | KEY]! - this.base;
    if (place < WINDOW) this.quantity[place | 0]! += lots;
    else this.farLevels.get(numbers[row | KEY]!)!.quantity += lots;
  }

  /** Lots shown at a key; 0 where there is no such level. */
  quantityAt(key: number): number {
    const place = key - this.base;
    if (place >= 0 && place < WINDOW) return this.head[place] === 0 ? 0 : this.quantity[place]!;
    return this.farLevels.get(key)?.quantity ?? 0;
  }

  /** First order at a key, 0 for none. Go on through the pool's links. */
  headAt(key: number): number {
    const place = key - this.base;
    if (place >= 0 && place < WINDOW) return this.head[place]!;
    return this.farLevels.get(key)?.head ?? 0;
  }

  /** The next worse key that has a level; Infinity where there is none. */
  keyAfter(key: number): number {
    const place = key - this.base + 1;
    if (place < 0) return this.bestKey;
    const found = place < WINDOW ? this.occupiedFrom(place) : -1;
    if (found >= 0) return this.base + found;
    const { farKeys } = this;
    for (let at = farKeys.length - 1; at >= 0; at -= 1) if (farKeys[at]! > key) return farKeys[at]!;
    return Number.POSITIVE_INFINITY;
  }

  private link(slot: number, at: number): void {
    const { numbers, links } = this.pool;
    const row = slot << ROW_BITS;
    const last = this.tail[at]!;
    links[row | NEXT] = 0;
    links[row | PREVIOUS] = last;
    this.tail[at] = slot;
    if (last !== 0) {
      links[(last << ROW_BITS) | NEXT] = slot;
      this.quantity[at]! += numbers[row | QUANTITY]!;
      return;
    }
    this.head[at] = slot;
    this.quantity[at] = numbers[row | QUANTITY]!;
    this.occupy(at);
    if (at < this.best || this.best < 0) this.best = at;
  }

  private occupy(at: number): void {
    const word = at >> 5;
    this.words[word]! |= 1 << (at & 31);
    this.groups[word >> 5]! |= 1 << (word & 31);
    this.halves[word >> 10]! |= 1 << ((word >> 5) & 31);
  }

  /** The level has lost its last order. */
  private vacate(at: number): void {
    const word = at >> 5;
    if ((this.words[word]! &= ~(1 << (at & 31))) === 0) {
      const group = word >> 5;
      if ((this.groups[group]! &= ~(1 << (word & 31))) === 0) this.halves[group >> 5]! &= ~(1 << (group & 31));
    }
    if (at !== this.best) return;
    this.best = this.occupiedFrom(at);
    if (this.best < 0 && this.farKeys.length > 0) this.moveWindow(this.farKeys.at(-1)! - MARGIN);
  }

  /** First occupied index at or after `from`, −1 for none. */
  private occupiedFrom(from: number): number {
    const word = from >> 5;
    const here = this.words[word]! & (-1 << (from & 31));
    if (here !== 0) return (word << 5) | lowestBit(here);
    const nextWord = this.wordFrom(word + 1);
    return nextWord < 0 ? -1 : (nextWord << 5) | lowestBit(this.words[nextWord]!);
  }

  private wordFrom(from: number): number {
    if (from >= WORDS) return -1;
    const group = from >> 5;
    const here = this.groups[group]! & (-1 << (from & 31));
    if (here !== 0) return (group << 5) | lowestBit(here);
    for (let next = group + 1; next < GROUPS; next = ((next >> 5) + 1) << 5) {
      const bits = this.halves[next >> 5]! & (-1 << (next & 31));
      if (bits === 0) continue;
      const found = ((next >> 5) << 5) | lowestBit(bits);
      return (found << 5) | lowestBit(this.groups[found]!);
    }
    return -1;
  }

  private appendOutside(slot: number, key: number): void {
    if (this.best < 0) {
      assert(this.farKeys.length === 0, 'an empty window has no levels behind it');
      this.base = key - MARGIN;
    } else if (key < this.base) this.moveWindow(key - MARGIN);
    else if (this.best > 2 * MARGIN) this.moveWindow(this.base + this.best - MARGIN);
    const place = key - this.base;
    if (place < WINDOW) this.link(slot, place | 0);
    else this.appendFar(slot, key);
  }

  private appendFar(slot: number, key: number): void {
    const { numbers, links } = this.pool;
    const row = slot << ROW_BITS;
    links[row | NEXT] = 0;
    const level = this.farLevels.get(key);
    if (level === undefined) {
      links[row | PREVIOUS] = 0;
      this.farLevels.set(key, { head: slot, tail: slot, quantity: numbers[row | QUANTITY]! });
      this.farKeys.splice(this.farPlace(key), 0, key);
      return;
    }
    links[row | PREVIOUS] = level.tail;
    links[(level.tail << ROW_BITS) | NEXT] = slot;
    level.tail = slot;
    level.quantity += numbers[row | QUANTITY]!;
  }

  private removeFar(slot: number): void {
    const { numbers, links } = this.pool;
    const row = slot << ROW_BITS;
    const key = numbers[row | KEY]!;
    const level = this.farLevels.get(key)!;
    const next = links[row | NEXT]!;
    const previous = links[row | PREVIOUS]!;
    if (next !== 0) links[(next << ROW_BITS) | PREVIOUS] = previous;
    else level.tail = previous;
    if (previous !== 0) links[(previous << ROW_BITS) | NEXT] = next;
    else level.head = next;
    level.quantity -= numbers[row | QUANTITY]!;
    if (level.head !== 0) return;
    this.farLevels.delete(key);
    this.farKeys.splice(this.farPlace(key), 1);
  }

  /** Where a key stands in the falling list of far keys, or would. */
  private farPlace(key: number): number {
    const { farKeys } = this;
    let low = 0;
    let high = farKeys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (farKeys[middle]! > key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Moves the window, with what stands in it. Levels that fall behind it become far ones, far ones that it reaches come in. Rare. */
  private moveWindow(base: number): void {
    const { farKeys, farLevels } = this;
    for (let at = this.occupiedFrom(0); at >= 0; at = at + 1 < WINDOW ? this.occupiedFrom(at + 1) : -1) {
      const key = this.base + at;
      farLevels.set(key, { head: this.head[at]!, tail: this.tail[at]!, quantity: this.quantity[at]! });
      farKeys.push(key);
      this.head[at] = 0;
      this.tail[at] = 0;
    }
    farKeys.sort((a, b) => b - a);
    this.words.fill(0);
    this.groups.fill(0);
    this.halves.fill(0);
    this.base = base;
    this.best = -1;
    while (farKeys.length > 0 && farKeys.at(-1)! - base < WINDOW) {
      const key = farKeys.pop()!;
      const { head, tail, quantity } = farLevels.get(key)!;
      farLevels.delete(key);
      const at = key - base;
      this.head[at] = head;
      this.tail[at] = tail;
      this.quantity[at] = quantity;
      this.occupy(at);
      if (this.best < 0) this.best = at;
    }
  }
}

/** Place of the lowest bit that is set; of 0 it makes no sense. */
const lowestBit = (bits: number): number => 31 - Math.clz32(bits & -bits);
