/**
 * The prices of one side of a snapshot, or the ids of its orders: tells one that comes twice. Levels stand in the order of their prices nearly always,
 * and beyond all that came before nothing needs to be looked for; hot.
 */
export class SeenKeys {
  private readonly keys: number[] = [];
  private least = Number.POSITIVE_INFINITY;
  private most = Number.NEGATIVE_INFINITY;
  /** Those up to `inSet`, made when one lies between others. */
  private readonly set = new Set<number>();
  private inSet = 0;

  clear(): void {
    this.keys.length = 0;
    this.least = Number.POSITIVE_INFINITY;
    this.most = Number.NEGATIVE_INFINITY;
    if (this.inSet !== 0) this.set.clear();
    this.inSet = 0;
  }

  /** @returns false where it has been added since the last clearing */
  add(key: number): boolean {
    if (key >= this.least && key <= this.most && this.has(key)) return false;
    this.least = Math.min(this.least, key);
    this.most = Math.max(this.most, key);
    this.keys.push(key);
    return true;
  }

  private has(key: number): boolean {
    const { keys, set } = this;
    for (; this.inSet < keys.length; this.inSet += 1) set.add(keys[this.inSet]!);
    return set.has(key);
  }
}
