/*
 * A slow, obvious twin of trading against a recorded book of levels, with the risk-averse queue: everything is kept in plain lists and looked for anew at
 * every step. It shares no code with what it checks.
 */

export type TwinEvent =
  | { readonly kind: 'level'; readonly side: 1 | -1; readonly price: number; readonly quantity: number }
  | { readonly kind: 'trade'; readonly price: number; readonly quantity: number; readonly taker: 1 | -1 }
  | { readonly kind: 'limit'; readonly id: number; readonly side: 1 | -1; readonly price: number; readonly quantity: number }
  | { readonly kind: 'market'; readonly id: number; readonly side: 1 | -1; readonly quantity: number }
  | { readonly kind: 'cancel'; readonly id: number };

interface Resting {
  readonly id: number;
  readonly side: 1 | -1;
  readonly price: number;
  left: number;
  ahead: number;
}

export class DepthTwin {
  /** `id quantity@price MAKER|TAKER`, in order. */
  readonly fills: string[] = [];
  private levels: { side: 1 | -1; price: number; quantity: number; taken: number; traded: number; displaced: number }[] = [];
  private resting: Resting[] = [];
  /** Orders that came while the book was crossed. */
  private waiting: { id: number; side: 1 | -1; limit: number; quantity: number }[] = [];

  play(event: TwinEvent): void {
    if (event.kind === 'level') this.setLevel(event.side, event.price, event.quantity);
    else if (event.kind === 'trade') this.trade(event.price, event.quantity, event.taker);
    else if (event.kind === 'cancel') {
      this.resting = this.resting.filter((order) => order.id !== event.id);
      this.waiting = this.waiting.filter((order) => order.id !== event.id);
    } else this.arrive(event.id, event.side, event.kind === 'limit' ? event.price : null, event.quantity);
  }

  /** Best first. */
  private side(side: 1 | -1): typeof this.levels {
    return this.levels.filter((level) => level.side === side && level.quantity > 0).sort((a, b) => side * (b.price - a.price));
  }

  private get isCrossed(): boolean {
    const [bid, ask] = [this.side(1)[0], this.side(-1)[0]];
    return bid !== undefined && ask !== undefined && bid.price >= ask.price;
  }

  private setLevel(side: 1 | -1, price: number, quantity: number): void {
    let level = this.levels.find((each) => each.side === side && each.price === price);
    if (level === undefined) {
      level = { side, price, quantity: 0, taken: 0, traded: 0, displaced: 0 };
      this.levels.push(level);
    }
    const before = level.quantity;
    level.quantity = quantity;
    const canceled = Math.max(0, before - quantity - level.traded);
    this.forgetDisplaced();
    const stood = quantity + canceled + level.displaced;
    const isEnd = quantity === 0 && this.isBeyond(side, price);
    for (const order of this.resting) {
      if (isEnd || order.side !== side || order.price !== price) continue;
      const front = Math.min(order.ahead, stood);
      const behind = stood - front;
      order.ahead = front - Math.max(0, canceled - behind);
    }
    level.taken = Math.min(level.taken, quantity);
    level.traded = 0;
    if (this.isCrossed) return;
    const { waiting } = this;
    this.waiting = [];
    for (const order of waiting) this.arrive(order.id, order.side, order.limit, order.quantity);
    this.meetBook();
  }

  /** The recording shows something on the side, and nothing at the price or behind it. */
  private isBeyond(side: 1 | -1, price: number): boolean {
    const shown = this.side(side);
    return shown.length > 0 && shown.every((level) => side * (level.price - price) > 0);
  }

  private static there(level: { quantity: number; taken: number; traded: number }): number {
    return Math.max(0, level.quantity - level.taken - level.traded);
  }

  private trade(price: number, quantity: number, taker: 1 | -1): void {
    const side = -taker as 1 | -1;
    let left = quantity;
    const inLine = [...this.resting].filter((order) => order.side === side && side * (order.price - price) >= 0);
    inLine.sort((a, b) => side * (b.price - a.price));
    for (const order of inLine) {
      if (left <= 0) break;
      const reaching = order.price === price ? left - order.ahead : left;
      if (order.price === price) order.ahead = Math.max(0, order.ahead - left);
      left -= this.fillResting(order, Math.max(0, reaching));
    }
    for (const better of this.side(side)) if (side * (better.price - price) > 0) better.traded = better.quantity;
    const level = this.levels.find((each) => each.side === side && each.price === price);
    const ours = quantity - left;
    if (level === undefined) this.levels.push({ side, price, quantity: 0, taken: 0, traded: quantity, displaced: ours });
    else {
      level.traded += quantity;
      level.displaced += ours;
    }
    this.forgetDisplaced();
  }

  /** Those whom the recording let go for lots of ours stay as long as any order of ours rests there. */
  private forgetDisplaced(): void {
    for (const level of this.levels)
      if (!this.resting.some((order) => order.side === level.side && order.price === level.price)) level.displaced = 0;
  }

  private fillResting(order: Resting, most: number): number {
    const quantity = Math.min(order.left, most);
    if (quantity === 0) return 0;
    this.fills.push(`${order.id} ${quantity}@${order.price} MAKER`);
    order.left -= quantity;
    if (order.left === 0) this.resting = this.resting.filter((each) => each !== order);
    return quantity;
  }

  private meetBook(): void {
    for (const side of [1, -1] as const) {
      const inLine = this.resting.filter((order) => order.side === side).sort((a, b) => side * (b.price - a.price));
      for (const order of inLine) {
        for (const level of this.side(-side as 1 | -1)) {
          if (side * (order.price - level.price) < 0) break;
          level.taken += this.fillResting(order, DepthTwin.there(level));
        }
      }
    }
  }

  private arrive(id: number, side: 1 | -1, limit: number | null, quantity: number): void {
    if (this.isCrossed) {
      if (limit !== null) this.waiting.push({ id, side, limit, quantity });
      return;
    }
    let left = quantity;
    const reaches = (price: number): boolean => limit === null || side * (limit - price) >= 0;
    const meetsOwn = (price: number): boolean => this.resting.some((order) => order.side === -side && side * (order.price - price) <= 0);
    for (const level of this.side(-side as 1 | -1)) {
      if (left === 0 || !reaches(level.price)) break;
      // Levels that we have emptied are not there for us; an own order would be met before what lies behind it.
      if (DepthTwin.there(level) === 0 && !this.isLaterLevelThere(side, level.price, limit)) break;
      if (meetsOwn(level.price)) return;
      const filled = Math.min(left, DepthTwin.there(level));
      if (filled > 0) this.fills.push(`${id} ${filled}@${level.price} TAKER`);
      level.taken += filled;
      left -= filled;
    }
    if (left === 0 || limit === null || meetsOwn(limit)) return;
    const level = this.levels.find((each) => each.side === side && each.price === limit);
    this.forgetDisplaced();
    const ahead = this.isBeyond(side, limit) ? Infinity : level === undefined ? 0 : DepthTwin.there(level) + level.displaced;
    this.resting.push({ id, side, price: limit, left, ahead });
  }

  /** Something that the order may take lies at this level or behind it. */
  private isLaterLevelThere(side: 1 | -1, from: number, limit: number | null): boolean {
    return this.side(-side as 1 | -1).some(
      (level) => side * (level.price - from) >= 0 && DepthTwin.there(level) > 0 && (limit === null || side * (limit - level.price) >= 0),
    );
  }
}
