import { parseDecimal } from '../../../base/decimal.ts';
import type { ServedSnapshot } from './served-market.ts';

type Level = readonly [string, string];

/** Decimals that levels are sorted by. */
const SORT_DECIMALS = 8;

/** The book of a symbol as its diffs make it, for `GET /api/v3/depth`. Prices and quantities stay the texts that came. */
export class ServedBook {
  lastUpdateId = -1;
  private readonly bids = new Map<string, string>();
  private readonly asks = new Map<string, string>();
  /** Diffs that came before the first snapshot. */
  private early: string[] = [];

  get isThere(): boolean {
    return this.lastUpdateId >= 0;
  }

  replace({ lastUpdateId, bids, asks }: ServedSnapshot): void {
    if (lastUpdateId <= this.lastUpdateId) return;
    this.lastUpdateId = lastUpdateId;
    this.bids.clear();
    this.asks.clear();
    setAll(this.bids, bids);
    setAll(this.asks, asks);
    for (const data of this.early.splice(0)) this.diff(data);
  }

  /** @param data a depthUpdate, JSON */
  diff(data: string): void {
    if (!this.isThere) {
      this.early.push(data);
      return;
    }
    const { u, b, a } = JSON.parse(data) as { readonly u: number; readonly b: readonly Level[]; readonly a: readonly Level[] };
    if (u <= this.lastUpdateId) return;
    this.lastUpdateId = u;
    setAll(this.bids, b);
    setAll(this.asks, a);
  }

  /** The best levels of both sides, JSON. */
  snapshot(limit: number): string {
    const { lastUpdateId } = this;
    const best = (side: ReadonlyMap<string, string>, sign: number): Level[] =>
      [...side].sort(([a], [b]) => sign * (keyOf(a) - keyOf(b))).slice(0, limit);
    return JSON.stringify({ lastUpdateId, bids: best(this.bids, -1), asks: best(this.asks, 1) });
  }
}

function setAll(side: Map<string, string>, levels: readonly Level[]): void {
  for (const [price, quantity] of levels) {
    if (/[1-9]/.test(quantity)) side.set(price, quantity);
    else side.delete(price);
  }
}

function keyOf(price: string): number {
  return parseDecimal(price, SORT_DECIMALS) as number;
}
