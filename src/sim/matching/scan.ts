import { unreachable } from '../../base/assert.ts';
import { BlockKind, type PricedBlock } from '../../model/blocks.ts';
import type { InstrumentDesk } from '../orders/instrument-desk.ts';

/*
 * Hot: these loops run over every row of an instrument that has working orders (bench row engine/c). Columns and scalars only,
 * two comparisons a row on bars and trades, four on quotes. A price of 0 is an absent side and reaches nothing.
 */

function scanRange(low: Float64Array, high: Float64Array, from: number, to: number, downMax: number, upMin: number): number {
  for (let row = from; row < to; row += 1) {
    if (low[row]! <= downMax || high[row]! >= upMin) return row;
  }
  return to;
}

function scanTouch(
  bidLow: Float64Array,
  bidHigh: Float64Array,
  askLow: Float64Array,
  askHigh: Float64Array,
  from: number,
  to: number,
  desk: InstrumentDesk,
): number {
  const { buyLimitMax, sellLimitMin, buyStopMin, sellStopMax } = desk;
  for (let row = from; row < to; row += 1) {
    const ask = askLow[row]!;
    const bid = bidLow[row]!;
    if ((ask <= buyLimitMax && ask > 0) || (bid <= sellStopMax && bid > 0)) return row;
    if (askHigh[row]! >= buyStopMin || bidHigh[row]! >= sellLimitMin) return row;
  }
  return to;
}

/** Bars under the `through` rule: an open beyond a limit counts as well as the extremes. */
function scanOpens(bid: Float64Array, ask: Float64Array, from: number, to: number, desk: InstrumentDesk): number {
  const { restingBuyMax, restingSellMin } = desk;
  for (let row = from; row < to; row += 1) {
    if ((ask[row]! < restingBuyMax && ask[row]! > 0) || bid[row]! > restingSellMin) return row;
  }
  return to;
}

/** First row of [from, to) at which a working order of the desk could react, else `to`. */
export function scanDesk(desk: InstrumentDesk, block: PricedBlock, from: number, to: number): number {
  if (desk.orders.length === 0 || from >= to) return to;
  if (desk.actsOnNextRow) return from;
  const downMax = Math.max(desk.buyLimitMax, desk.sellStopMax);
  const upMin = Math.min(desk.sellLimitMin, desk.buyStopMin);
  const isThrough = desk.throughOffset > 0;
  switch (block.kind) {
    case BlockKind.TRADES:
      return scanRange(block.price, block.price, from, to, downMax, upMin);
    case BlockKind.BARS: {
      const hit = scanRange(block.low, block.high, from, to, downMax, upMin);
      return isThrough ? scanOpens(block.open, block.open, from, hit, desk) : hit;
    }
    case BlockKind.QUOTES:
      return scanTouch(block.bidPrice, block.bidPrice, block.askPrice, block.askPrice, from, to, desk);
    case BlockKind.QUOTE_BARS: {
      const hit = scanTouch(block.bidLow, block.bidHigh, block.askLow, block.askHigh, from, to, desk);
      return isThrough ? scanOpens(block.bidOpen, block.askOpen, from, hit, desk) : hit;
    }
    default:
      return unreachable(block);
  }
}
