/** Ids are kept in 32 bits. */
export const ID_MAX = 0x7fff_ffff;
const CAPACITY_FIRST = 2048;

/**
 * Finds the slot of an order by its id, a whole number from 1 to {@link ID_MAX}: open addressing with linear probing, at most half full; what is
 * taken out leaves no mark behind. Ids are counted up, so that their lowest bits are spread as they are.
 *
 * Hot: two lookups for an order's life (bench row matching/cpp).
 */
export class IdIndex {
  size = 0;
  private mask = CAPACITY_FIRST - 1;
  private ids = new Int32Array(CAPACITY_FIRST);
  private slots = new Int32Array(CAPACITY_FIRST);

  /** @param id not in the index yet */
  set(id: number, slot: number): void {
    if (this.size * 2 > this.mask) this.grow();
    this.size += 1;
    this.place(id, slot);
  }

  /** 0 where the id is not in the index. */
  get(id: number): number {
    const { ids, mask } = this;
    let at = id & mask;
    for (let held = ids[at]!; held !== 0; held = ids[at]!) {
      if (held === id) return this.slots[at]!;
      at = (at + 1) & mask;
    }
    return 0;
  }

  /** Takes an id out. @returns its slot, 0 where it is not in the index */
  delete(id: number): number {
    const { ids, slots, mask } = this;
    let hole = id & mask;
    for (let held = ids[hole]!; held !== id; held = ids[hole]!) {
      if (held === 0) return 0;
      hole = (hole + 1) & mask;
    }
    const slot = slots[hole]!;
    this.size -= 1;
    // What follows and may stand nearer to its own place moves up, so that no walk ends early.
    for (let at = (hole + 1) & mask; ids[at] !== 0; at = (at + 1) & mask) {
      const home = ids[at]! & mask;
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      ids[hole] = ids[at]!;
      slots[hole] = slots[at]!;
      hole = at;
    }
    ids[hole] = 0;
    return slot;
  }

  /** All ids, rising. Rare. */
  sortedIds(): readonly number[] {
    return [...this.ids.filter((id) => id !== 0)].sort((a, b) => a - b);
  }

  private place(id: number, slot: number): void {
    const { ids, mask } = this;
    let at = id & mask;
    while (ids[at] !== 0) at = (at + 1) & mask;
    ids[at] = id;
    this.slots[at] = slot;
  }

  private grow(): void {
    const { ids, slots } = this;
    const capacity = ids.length * 2;
    this.mask = capacity - 1;
    this.ids = new Int32Array(capacity);
    this.slots = new Int32Array(capacity);
    for (let at = 0; at < ids.length; at += 1) if (ids[at] !== 0) this.place(ids[at]!, slots[at]!);
  }
}
