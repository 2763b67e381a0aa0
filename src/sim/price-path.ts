import { BlockKind, isBarKind, type MarketBlock } from '../model/blocks.ts';
import type { Price } from '../model/instrument.ts';
import type { Side } from '../model/order.ts';
import type { PathRule } from './fill-rules.ts';
import type { InstrumentDesk } from './instrument-desk.ts';

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

  begin(desk: InstrumentDesk, block: MarketBlock, row: number, position: number): void {
    const { market } = desk;
    this.isBar = isBarKind(block.kind);
    this.next = 0;
    this.pointCount = this.isBar ? 4 : 1;
    this.hasOnePrice = block.kind === BlockKind.TRADES || block.kind === BlockKind.BARS;
    this.bidNow = this.hasOnePrice ? market.last : market.bid;
    this.askNow = this.hasOnePrice ? market.last : market.ask;
    switch (block.kind) {
      case BlockKind.TRADES:
        this.setPoint(0, block.price[row]!, block.price[row]!, block.tsEvent[row]!);
        return;
      case BlockKind.QUOTES:
        this.setPoint(0, block.bidPrice[row]!, block.askPrice[row]!, block.tsEvent[row]!);
        return;
      case BlockKind.BARS: {
        const { open, high, low, close } = block;
        this.setBar(
          desk,
          position,
          block.tsOpen[row]!,
          block.tsEvent[row]!,
          [open[row]!, high[row]!, low[row]!, close[row]!],
          [open[row]!, high[row]!, low[row]!, close[row]!],
        );
        return;
      }
      default:
        this.setBar(
          desk,
          position,
          block.tsOpen[row]!,
          block.tsEvent[row]!,
          [block.bidOpen[row]!, block.bidHigh[row]!, block.bidLow[row]!, block.bidClose[row]!],
          [block.askOpen[row]!, block.askHigh[row]!, block.askLow[row]!, block.askClose[row]!],
        );
    }
  }

  private setPoint(point: number, bid: Price, ask: Price, ts: number): void {
    this.bid[point] = bid;
    this.ask[point] = ask;
    this.ts[point] = ts;
  }

  /** `bid` and `ask` are open, high, low, close. */
  private setBar(
    desk: InstrumentDesk,
    position: number,
    tsOpen: number,
    tsClose: number,
    bid: readonly Price[],
    ask: readonly Price[],
  ): void {
    const start = Math.min(Math.max(tsOpen, desk.market.lastBarClose), tsClose);
    const third = (tsClose - start) / 3;
    const isHighFirst = highComesFirst(desk, position, [bid[0]! + ask[0]!, bid[1]! + ask[1]!, bid[2]! + ask[2]!]);
    const first = isHighFirst ? 1 : 2;
    const second = isHighFirst ? 2 : 1;
    this.setPoint(0, bid[0]!, ask[0]!, start);
    this.setPoint(1, bid[first]!, ask[first]!, start + Math.floor(third));
    this.setPoint(2, bid[second]!, ask[second]!, start + Math.floor(2 * third));
    this.setPoint(3, bid[3]!, ask[3]!, tsClose);
  }
}

function highComesFirst(desk: InstrumentDesk, position: number, openHighLow: readonly Price[]): boolean {
  const rule: PathRule = desk.config.rules.path;
  const [open, high, low] = openHighLow as [Price, Price, Price];
  const isHighNearest = high - open <= open - low;
  switch (rule) {
    case 'openHighLowClose':
      return true;
    case 'openLowHighClose':
      return false;
    case 'nearestFirst':
      return isHighNearest;
    default: {
      if (position !== 0) return position < 0;
      const side = desk.orders.length === 0 ? 0 : desk.orders[0]!.side;
      return side !== 0 && desk.orders.every((order) => order.side === side) ? side > 0 : isHighNearest;
    }
  }
}
