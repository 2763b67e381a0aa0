import { readFileSync, writeFileSync } from 'node:fs';
import { stream } from '../src/base/random.ts';
import { ExchangeOrderType, plainOrder } from '../src/sim/exchange/exchange-order.ts';
import {
  type ExchangeReports,
  REPORT_BITS,
  REPORT_KIND,
  REPORT_ORDER_ID,
  REPORT_OTHER_ID,
  REPORT_PRICE,
  REPORT_QUANTITY,
  ReportKind,
} from '../src/sim/exchange/exchange-reports.ts';
import { MatchingEngine } from '../src/sim/exchange/matching-engine.ts';

/** What an operation asks for. */
export const FlowKind = { LIMIT: 0, CANCEL: 1, MARKET: 2 } as const;

/** Operations as rows of {@link FLOW_WORDS} numbers, the {@link FlowKind} first; the id of an order is the number of the orders sent up to it. */
export type OrderFlow = Int32Array;

export const FLOW_WORDS = 5;
/** +1 buys, −1 sells; 0 of a cancel. */
export const FLOW_SIDE = 1;
/** Increments; 0 of market orders and cancels. */
export const FLOW_PRICE = 2;
export const FLOW_QUANTITY = 3;
/** Of a cancel: the id of an order that lives. */
export const FLOW_ORDER_ID = 4;

const PRICE_FIRST = 100_000;
/** Shares of 100: limit orders, cancels; the rest are market orders. */
const LIMIT_SHARE = 60;
const CANCEL_SHARE = 35;
/** Limit orders lie within so many increments of the touch. */
const DEPTH = 20;
/** One of so many limit orders crosses the touch. */
const CROSSING = 14;
/** Orders that rest: beyond as many, market orders are large, below they are small. */
const RESTING = 4700;
const MARKET_LARGE = 900;
const MARKET_SMALL = 150;

/**
 * A seeded flow of 60 % limit orders near the touch, 35 % cancels of orders that live, and 5 % market orders. It is made by playing it, so that
 * cancels meet orders that live and prices follow the market.
 */
export function makeOrderFlow(operations: number): OrderFlow {
  const flow = new Int32Array(operations * FLOW_WORDS);
  const random = stream(7, 'order flow');
  const engine = new MatchingEngine();
  const order = plainOrder();
  const live: number[] = [];
  let middle = PRICE_FIRST;
  for (let at = 0; at < flow.length; at += FLOW_WORDS) {
    const { bids, asks } = engine.book;
    const bid = bids.isEmpty ? middle - 1 : -bids.bestKey;
    const ask = asks.isEmpty ? middle + 1 : asks.bestKey;
    middle = Math.round((bid + ask) / 2);
    const roll = random.nextUint32() % 100;
    const isCancel = roll >= LIMIT_SHARE && roll < LIMIT_SHARE + CANCEL_SHARE && live.length > 0;
    if (isCancel) {
      const id = pickLive(engine, live, random.nextUint32());
      if (id !== 0) {
        flow[at] = FlowKind.CANCEL;
        flow[at + FLOW_ORDER_ID] = id;
        engine.cancel(id);
        continue;
      }
    }
    const side = (random.nextUint32() & 1) === 0 ? 1 : -1;
    flow[at + FLOW_SIDE] = side;
    const isMarket = roll >= LIMIT_SHARE + CANCEL_SHARE;
    const sizeMax = isMarket ? (engine.book.orders.pool.count > RESTING ? MARKET_LARGE : MARKET_SMALL) : 100;
    flow[at + FLOW_QUANTITY] = 1 + (random.nextUint32() % sizeMax);
    flow[at] = isMarket ? FlowKind.MARKET : FlowKind.LIMIT;
    // The product of two even draws leans to the touch.
    const isCrossing = random.nextUint32() % CROSSING === 0;
    const away = isCrossing ? -2 : Math.floor(((random.nextUint32() / 2 ** 32) * random.nextUint32() * DEPTH) / 2 ** 32);
    if (!isMarket) flow[at + FLOW_PRICE] = side > 0 ? ask - 1 - away : bid + 1 + away;
    order.side = side;
    order.orderType = isMarket ? 1 : 2;
    order.limitPrice = flow[at + FLOW_PRICE]!;
    order.orderQty = flow[at + FLOW_QUANTITY]!;
    const id = engine.submit(order);
    if (!isMarket) live.push(id);
    engine.reports.clear();
  }
  return flow;
}

export function writeOrderFlow(flow: OrderFlow, file: string): void {
  writeFileSync(file, new Uint8Array(flow.buffer));
}

export function readOrderFlow(file: string, operations: number): OrderFlow {
  const bytes = readFileSync(file);
  return new Int32Array(bytes.buffer, bytes.byteOffset, operations * FLOW_WORDS).slice();
}

/** A random order of the list that still lives, taken out of it; 0 where none does. Orders that have filled are dropped on the way. */
function pickLive(engine: MatchingEngine, live: number[], roll: number): number {
  for (let draw = roll; live.length > 0; draw = (Math.imul(draw, 1_664_525) + 1_013_904_223) >>> 0) {
    const place = draw % live.length;
    const id = live[place]!;
    live[place] = live.at(-1)!;
    live.pop();
    if (engine.book.orders.index.get(id) !== 0) return id;
  }
  return 0;
}

/** What playing a flow came to; two programs did the same where all three agree. */
export interface FlowOutcome {
  readonly trades: number;
  /** Orders that rest at the end. */
  readonly resting: number;
  /** FNV-1a over maker, taker, price and quantity of every trade, 32 bits. */
  readonly checksum: string;
}

export const FLOW_HASH_START = 0x811c9dc5 | 0;
const FNV_FACTOR = 0x01000193;

/** Folds a trade into the checksum of a {@link FlowOutcome}. */
export const mixTrade = (hash: number, maker: number, taker: number, price: number, quantity: number): number => {
  const ids = Math.imul(Math.imul(hash ^ maker, FNV_FACTOR) ^ taker, FNV_FACTOR);
  return Math.imul(Math.imul(ids ^ price, FNV_FACTOR) ^ quantity, FNV_FACTOR);
};

export function hashText(hash: number): string {
  return (hash >>> 0).toString(16).padStart(8, '0');
}

const BLOCK_OPERATIONS = 4096;

/** Plays a flow; the reports are read after every operation, as a venue would hand them on. */
class FlowPlayer {
  readonly engine = new MatchingEngine();
  trades = 0;
  hash = FLOW_HASH_START;
  private readonly order = plainOrder();
  private readonly flow: OrderFlow;

  constructor(flow: OrderFlow) {
    this.flow = flow;
  }

  /** Hot (bench row matching/cpp): operations [from, to). */
  play(from: number, to: number): void {
    const { engine, order, flow } = this;
    for (let at = from * FLOW_WORDS; at < to * FLOW_WORDS; at += FLOW_WORDS) {
      const kind = flow[at]!;
      if (kind === FlowKind.CANCEL) engine.cancel(flow[at + FLOW_ORDER_ID]!);
      else {
        order.side = flow[at + FLOW_SIDE]! as 1 | -1;
        order.orderType = kind === FlowKind.MARKET ? ExchangeOrderType.MARKET : ExchangeOrderType.LIMIT;
        order.limitPrice = flow[at + FLOW_PRICE]!;
        order.orderQty = flow[at + FLOW_QUANTITY]!;
        engine.submit(order);
      }
      this.read(engine.reports);
    }
  }

  private read(reports: ExchangeReports): void {
    const { rows } = reports;
    const end = reports.length << REPORT_BITS;
    for (let at = 0; at < end; at += 1 << REPORT_BITS) {
      if (rows[at | REPORT_KIND] !== ReportKind.TRADE) continue;
      this.trades += 1;
      this.hash = mixTrade(
        this.hash,
        rows[at | REPORT_ORDER_ID]!,
        rows[at | REPORT_OTHER_ID]!,
        rows[at | REPORT_PRICE]!,
        rows[at | REPORT_QUANTITY]!,
      );
    }
    reports.clear();
  }
}

export function playOrderFlow(flow: OrderFlow, operations: number): FlowOutcome {
  const player = new FlowPlayer(flow);
  for (let at = 0; at < operations; at += BLOCK_OPERATIONS) player.play(at, Math.min(operations, at + BLOCK_OPERATIONS));
  const { engine, trades, hash } = player;
  return { trades, resting: engine.book.orders.pool.count, checksum: hashText(hash) };
}
