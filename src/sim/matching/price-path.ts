import { unreachable } from '../../base/assert.ts';
import { BlockKind, isBarKind, type PricedBlock } from '../../model/blocks.ts';
import type { Price } from '../../model/instrument.ts';
import type { Side } from '../../model/order.ts';
import type { InstrumentDesk } from '../orders/instrument-desk.ts';
import type { PathRule } from './fill-rules.ts';

/**
 * The way prices are assumed to take through one row: a bar's open, its two extremes and its close; a single point for a trade or a quote.
 * The first point is reached by a jump (nothing trades between the last price and it), each later one by moving through every price between.
 * Bars of trades have one price, kept as equal bid and ask. Times never fall: the open stands at the bar's start (not before the last bar's
 * close), the extremes at one and two thirds of the interval, the close at its end.
 */
export class PricePath {
  isBar = false;
  private hasOnePrice = true;
  pointCount = 0;
  /** The point being approached. */
  next = 0;
  readonly bid = new Float64Array(4);
  readonly ask = new Float64Array(4);
  readonly ts = new Float64Array(4);
  /** Where the prices stand: before the jump the last prices known, 0 for none. */
  bidNow: Price = 0;
  askNow: Price = 0;

  get isJump(): boolean {
    return this.next === 0;
  }

  /** An order takes part in the present move when it had arrived by this time. */
  get startTs(): number {
    return this.ts[this.isJump ? 0 : this.next - 1]!;
  }

  /** Time that everything in the present move bears: that of the point it leads to. */
  get eventTs(): number {
    return this.ts[this.next]!;
  }

  from(side: Side): Price {
    return side > 0 ? this.askNow : this.bidNow;
  }

  to(side: Side): Price {
    return side > 0 ? this.ask[this.next]! : this.bid[this.next]!;
  }

  /** The price at which an order that arrives now could trade; a jump has happened as soon as the row begins. */
  priceNow(side: Side): Price {
    return this.isJump ? this.to(side) : this.from(side);
  }

  /** Moves to where an order's own side stands at `price`; the other side goes the same share of its way. */
  moveTo(side: Side, price: Price, fraction: number): void {
    if (this.isJump) return;
    const other = (from: Price, to: Price): Price => from + Math.round((to - from) * fraction);
    this.bidNow = side < 0 ? price : other(this.bidNow, this.bid[this.next]!);
    this.askNow = side > 0 ? price : other(this.askNow, this.ask[this.next]!);
    if (!this.hasOnePrice) return;
    this.bidNow = price;
    this.askNow = price;
  }

  /** Completes the present move; false when the row is over. */
  arrive(): boolean {
    this.bidNow = this.bid[this.next]!;
    this.askNow = this.ask[this.next]!;
    this.next += 1;
    return this.next < this.pointCount;
  }

  begin(desk: InstrumentDesk, block: PricedBlock, row: number, position: number): void {
    const { market } = desk;
    this.isBar = isBarKind(block.kind);
    this.next = 0;
    this.pointCount = this.isBar ? 4 : 1;
    this.hasOnePrice = block.kind === BlockKind.TRADES || block.kind === BlockKind.BARS;
    this.bidNow = this.hasOnePrice ? market.last : market.bid;
    this.askNow = this.hasOnePrice ? market.last : market.ask;
    switch (block.kind) {
      case BlockKind.TRADES:
        this.ts[0] = block.tsEvent[row]!;
        this.setPrices(0, block.price[row]!, block.price[row]!);
        return;
      case BlockKind.QUOTES:
        this.ts[0] = block.tsEvent[row]!;
        this.setPrices(0, block.bidPrice[row]!, block.askPrice[row]!);
        return;
      case BlockKind.BARS: {
        const { open, high, low, close } = block;
        const isHighFirst = highComesFirst(desk, position, 2 * open[row]!, 2 * high[row]!, 2 * low[row]!);
        this.setTimes(desk, block.tsOpen[row]!, block.tsEvent[row]!);
        this.setPrices(0, open[row]!, open[row]!);
        this.setPrices(isHighFirst ? 1 : 2, high[row]!, high[row]!);
        this.setPrices(isHighFirst ? 2 : 1, low[row]!, low[row]!);
        this.setPrices(3, close[row]!, close[row]!);
        return;
      }
      case BlockKind.QUOTE_BARS: {
        const { bidOpen, bidHigh, bidLow, bidClose, askOpen, askHigh, askLow, askClose } = block;
        const isHighFirst = highComesFirst(
          desk,
          position,
          bidOpen[row]! + askOpen[row]!,
          bidHigh[row]! + askHigh[row]!,
          bidLow[row]! + askLow[row]!,
        );
        this.setTimes(desk, block.tsOpen[row]!, block.tsEvent[row]!);
        this.setPrices(0, bidOpen[row]!, askOpen[row]!);
        this.setPrices(isHighFirst ? 1 : 2, bidHigh[row]!, askHigh[row]!);
        this.setPrices(isHighFirst ? 2 : 1, bidLow[row]!, askLow[row]!);
        this.setPrices(3, bidClose[row]!, askClose[row]!);
        return;
      }
      default:
        return unreachable(block);
    }
  }

  private setPrices(point: number, bid: Price, ask: Price): void {
    this.bid[point] = bid;
    this.ask[point] = ask;
  }

  private setTimes(desk: InstrumentDesk, tsOpen: number, tsClose: number): void {
    const start = Math.min(Math.max(tsOpen, desk.market.lastBarClose), tsClose);
    const third = (tsClose - start) / 3;
    this.ts[0] = start;
    this.ts[1] = start + Math.floor(third);
    this.ts[2] = start + Math.floor(2 * third);
    this.ts[3] = tsClose;
  }
}

/** Open, high and low are sums of bid and ask: where the middle goes. */
function highComesFirst(desk: InstrumentDesk, position: number, open: number, high: number, low: number): boolean {
  const rule: PathRule = desk.config.rules.path;
  const isHighNearest = high - open <= open - low;
  switch (rule) {
    case 'openHighLowClose':
      return true;
    case 'openLowHighClose':
      return false;
    case 'nearestFirst':
      return isHighNearest;
    case 'worstFirst': {
      if (position !== 0) return position < 0;
      const side = commonSide(desk);
      return side !== 0 ? side > 0 : isHighNearest;
    }
    default:
      return unreachable(rule);
  }
}

/** The side of all working orders; 0 where they differ or there is none. */
function commonSide(desk: InstrumentDesk): number {
  let side = 0;
  for (const order of desk.orders) {
    if (side !== 0 && order.side !== side) return 0;
    side = order.side;
  }
  return side;
}
