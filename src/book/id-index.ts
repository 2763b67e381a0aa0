const CAPACITY_FIRST = 1024;
/** An odd number near 2^32 ÷ the golden ratio: spreads ids of any step over the table (D. Knuth, The Art of Computer Programming 3, 6.4). */
const SPREAD = 0x9e37_79b1;
const TWO_POWER_32 = 4_294_967_296;

/**
 * Finds the slot of an order by its id, any safe integer; a slot is any whole number of 32 bits but 0. Open addressing with linear probing, at most
 * half full; what is taken out leaves no mark behind.
 */
export class IdIndex {
  size = 0;
  private ids = new Float64Array(CAPACITY_FIRST);
  /** 0 where the place is free. */
  private slots = new Int32Array(CAPACITY_FIRST);
  private mask = CAPACITY_FIRST - 1;
  private shift = Math.clz32(CAPACITY_FIRST - 1);

  /** 0 where the id is not in the index. */
  get(id: number): number {
    const { ids, slots, mask } = this;
    for (let at = homeOf(id, this.shift); ; at = (at + 1) & mask) {
      const slot = slots[at]!;
      if (slot === 0 || ids[at] === id) return slot;
    }
  }

  /** Puts an id in. @returns false where it is in already, and nothing is changed */
  add(id: number, slot: number): boolean {
    if (this.size * 2 >= this.mask) this.grow();
    const { ids, slots, mask } = this;
    let at = homeOf(id, this.shift);
    for (; slots[at] !== 0; at = (at + 1) & mask) if (ids[at] === id) return false;
    ids[at] = id;
    slots[at] = slot;
    this.size += 1;
    return true;
  }

  /** Takes an id out. @returns its slot, 0 where it is not in the index */
  delete(id: number): number {
    const { ids, slots, mask, shift } = this;
    let hole = homeOf(id, shift);
    for (; ids[hole] !== id || slots[hole] === 0; hole = (hole + 1) & mask) if (slots[hole] === 0) return 0;
    const slot = slots[hole]!;
    this.size -= 1;
    // What follows and may stand nearer to its own place moves up, so that no walk ends early.
    for (let at = (hole + 1) & mask; slots[at] !== 0; at = (at + 1) & mask) {
      const home = homeOf(ids[at]!, shift);
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      ids[hole] = ids[at]!;
      slots[hole] = slots[at]!;
      hole = at;
    }
    slots[hole] = 0;
    return slot;
  }

  /** All ids, rising. Rare. */
  sortedIds(): readonly number[] {
    return [...this.ids.filter((_, at) => this.slots[at] !== 0)].sort((a, b) => a - b);
  }

  clear(): void {
    this.slots.fill(0);
    this.size = 0;
  }

  private grow(): void {
    const { ids, slots } = this;
    const capacity = slots.length * 2;
    this.ids = new Float64Array(capacity);
    this.slots = new Int32Array(capacity);
    this.mask = capacity - 1;
    this.shift = Math.clz32(capacity - 1);
    this.size = 0;
    for (let at = 0; at < slots.length; at += 1) if (slots[at] !== 0) this.add(ids[at]!, slots[at]!);
  }
}

/** Where an id stands unless others do: the highest bits of a product, of as many bits as the table has places. */
export const homeOf = (id: number, shift: number): number => {
  const low = id | 0;
  const folded = low === id ? low : low ^ (id / TWO_POWER_32);
  return Math.imul(folded, SPREAD) >>> shift;
};
