import { unreachable } from '../base/assert.ts';
import { BlockKind, type MarketBlock } from '../model/blocks.ts';
import type { Price } from '../model/instrument.ts';

/**
 * Finds the first row whose price is not strictly inside a band, and remembers the extremes of the rows it has passed, so that rows asked for
 * again are not looked at again: after an order the run goes back to the row behind it, with another band, long before the row scanned last.
 *
 * The extremes answer while they lie inside the band that is asked for; where they do not, the rows are looked at one by one as ever.
 */
export class BandScan {
  private block: MarketBlock | null = null;
  /** The rows that the extremes are of. */
  private seenFrom = 0;
  private seenTo = 0;
  private lowest = Number.POSITIVE_INFINITY;
  private highest = Number.NEGATIVE_INFINITY;

  /** What was remembered holds no more: the block may be refilled with other rows. */
  forget(): void {
    this.block = null;
  }

  /** First row of [from, to) whose price is not strictly inside the band, else `to`; of quotes, the bid is held against `low` and the ask against `high`. */
  firstOutside(block: MarketBlock, from: number, to: number, low: Price, high: Price): number {
    const isSeen = this.block === block && from >= this.seenFrom && from <= this.seenTo && this.lowest > low && this.highest < high;
    if (!isSeen) {
      this.block = block;
      this.seenFrom = from;
      this.seenTo = from;
      this.lowest = Number.POSITIVE_INFINITY;
      this.highest = Number.NEGATIVE_INFINITY;
    }
    if (to <= this.seenTo) return to;
    switch (block.kind) {
      case BlockKind.TRADES:
        return this.look(block.price, block.price, to, low, high);
      case BlockKind.BARS:
        return this.look(block.close, block.close, to, low, high);
      case BlockKind.QUOTES:
        return this.look(block.bidPrice, block.askPrice, to, low, high);
      case BlockKind.QUOTE_BARS:
        return this.look(block.bidClose, block.askClose, to, low, high);
      default:
        return unreachable(block);
    }
  }

  /**
   * Hot: goes on from the last row seen. The extremes lie inside the band, so only a row that is a new extreme can leave it: two comparisons a
   * row, as without remembering.
   */
  private look(lows: Float64Array, highs: Float64Array, to: number, low: Price, high: Price): number {
    let { lowest, highest } = this;
    let row = this.seenTo;
    for (; row < to; row += 1) {
      const down = lows[row]!;
      const up = highs[row]!;
      if (down < lowest) {
        if (down <= low) break;
        lowest = down;
      }
      if (up > highest) {
        if (up >= high) break;
        highest = up;
      }
    }
    this.seenTo = row;
    this.lowest = lowest;
    this.highest = highest;
    return row;
  }
}
