import { readFileSync, writeFileSync } from 'node:fs';
import { type Random, stream } from '../src/base/random.ts';
import { BLOCK_ROWS, type BookDeltaBlock, makeBookDeltaBlock, makeTradeBlock, type TradeBlock } from '../src/model/blocks.ts';
import { BookAction, BookFlag, BookSide } from '../src/model/book-delta.ts';
import type { BlockReader } from '../src/ports/block-reader.ts';
import {
  REPORT_BITS,
  REPORT_KIND,
  REPORT_ORDER_ID,
  REPORT_PRICE,
  REPORT_QUANTITY,
  REPORT_REASON,
  ReportKind,
} from '../src/sim/exchange/exchange-reports.ts';
import { plainOrder } from '../src/sim/exchange/exchange-order.ts';
import { sideOf } from '../src/sim/exchange/exchange-orders.ts';
import { MatchingEngine } from '../src/sim/exchange/matching-engine.ts';

/*
 * Market data of an exchange, order by order: a seeded flow of orders is played to the matching engine, and what its market would tell the public is
 * written down. An order that rests is an ADD, one that is changed a MODIFY, what is canceled or traded a REDUCE; every trade is a row of trades.
 * All rows of one order that came bear one time and are one event.
 */

/** Prices stay below: the control keeps its levels in an array of this many. */
export const PRICE_LIMIT = 1 << 17;
const PRICE_FIRST = 100_000;
/** Of 100 orders: new limit orders, cancels, changes; the rest are market orders. */
const LIMIT_SHARE = 47;
const CANCEL_SHARE = 38;
const MODIFY_SHARE = 12;
/** Limit orders lie within so many increments of the touch. */
const DEPTH = 24;
/** One of so many limit orders crosses the touch. */
const CROSSING = 40;
/** Orders that rest: beyond as many, market orders are large, below they are small. */
const RESTING = 1200;
const MARKET_LARGE = 1200;
const MARKET_SMALL = 100;
/** Events of a spell, in which market orders lean to one side and then to the other: so many of 100 go its way. */
const SPELL_EVENTS = 4096;
const LEAN = 66;
const FIRST_TS = 1_700_000_000_000_000;
/** Times are multiples of it, so that what latencies add falls between them. */
const STEP_US = 10;
/** Between two orders lie 1 to so many steps. */
const STEPS_MAX = 20;
/** Changes of the book of one event at most: an order that takes more is not made. */
const ROWS_PER_EVENT_MAX = 4096;

/** Changes of a book and trades, whole, column by column. */
export interface BookFlow {
  readonly deltas: BookDeltaBlock;
  readonly trades: TradeBlock;
}

/** An event on its way into the flow. */
class FlowWriter {
  readonly flow: BookFlow;
  ts = FIRST_TS;

  constructor(rowsMax: number) {
    this.flow = { deltas: makeBookDeltaBlock(0, rowsMax), trades: makeTradeBlock(0, rowsMax) };
  }

  delta(action: BookAction, side: number, price: number, quantity: number, orderId: number): void {
    const { deltas } = this.flow;
    const row = deltas.length;
    deltas.length += 1;
    deltas.tsEvent[row] = this.ts;
    deltas.tsInit[row] = this.ts;
    deltas.action[row] = action;
    deltas.side[row] = side;
    deltas.price[row] = price;
    deltas.quantity[row] = quantity;
    deltas.orderId[row] = orderId;
  }

  trade(price: number, quantity: number, aggressorSide: number): void {
    const { trades } = this.flow;
    const row = trades.length;
    trades.length += 1;
    trades.tsEvent[row] = this.ts;
    trades.tsInit[row] = this.ts;
    trades.price[row] = price;
    trades.quantity[row] = quantity;
    trades.aggressorSide[row] = aggressorSide;
  }

  /** @param from first row of the event */
  endEvent(from: number): void {
    const { deltas } = this.flow;
    if (deltas.length > from) deltas.flags[deltas.length - 1] = BookFlag.LAST;
  }
}

/** Plays orders until there are so many changes of the book. */
class FlowMaker {
  private readonly random: Random = stream(11, 'book flow');
  private readonly engine = new MatchingEngine();
  private readonly order = plainOrder();
  private readonly live: number[] = [];
  private readonly writer: FlowWriter;
  private middle = PRICE_FIRST;
  private events = 0;

  constructor(writer: FlowWriter) {
    this.writer = writer;
  }

  step(): void {
    const { engine, writer, random } = this;
    writer.ts += STEP_US * (1 + (random.nextUint32() % STEPS_MAX));
    const from = writer.flow.deltas.length;
    this.events += 1;
    const { bids, asks } = engine.book;
    const bid = bids.isEmpty ? this.middle - 1 : -bids.bestKey;
    const ask = asks.isEmpty ? this.middle + 1 : asks.bestKey;
    this.middle = Math.round((bid + ask) / 2);
    const roll = random.nextUint32() % 100;
    if (roll < LIMIT_SHARE) this.submit(false, bid, ask);
    else if (roll < LIMIT_SHARE + CANCEL_SHARE) this.cancel();
    else if (roll < LIMIT_SHARE + CANCEL_SHARE + MODIFY_SHARE) this.modify(bid, ask);
    else this.submit(true, bid, ask);
    writer.endEvent(from);
    engine.reports.clear();
  }

  private submit(isMarket: boolean, bid: number, ask: number): void {
    const { engine, order, random, writer } = this;
    const quantityMax = isMarket ? (engine.book.orders.pool.count > RESTING ? MARKET_LARGE : MARKET_SMALL) : 100;
    const way = (Math.floor(this.events / SPELL_EVENTS) & 1) === 0 ? 1 : -1;
    const share = isMarket ? LEAN : 50;
    order.side = random.nextUint32() % 100 < share ? way : (-way as 1 | -1);
    order.orderType = isMarket ? 1 : 2;
    order.orderQty = 1 + (random.nextUint32() % quantityMax);
    const away = random.nextUint32() % CROSSING === 0 ? -2 : this.distance();
    order.limitPrice = order.side > 0 ? ask - 1 - away : bid + 1 + away;
    const id = engine.submit(order);
    this.tellTrades();
    const slot = engine.book.orders.index.get(id);
    if (slot === 0) return;
    this.live.push(id);
    writer.delta(BookAction.ADD, order.side, order.limitPrice, engine.book.orders.leavesQty(slot), id);
  }

  private cancel(): void {
    const { engine, writer } = this;
    const id = this.pick();
    if (id === 0) return;
    const { orders } = engine.book;
    const slot = orders.index.get(id);
    writer.delta(BookAction.REDUCE, sideOf(orders.codes(slot)), orders.limitPrice(slot), orders.leavesQty(slot), id);
    engine.cancel(id);
  }

  /** To another price of its own side, or to a smaller quantity. */
  private modify(bid: number, ask: number): void {
    const { engine, writer, random } = this;
    const id = this.pick();
    if (id === 0) return;
    this.live.push(id);
    const { orders } = engine.book;
    const slot = orders.index.get(id);
    const isBid = sideOf(orders.codes(slot)) > 0;
    const left = orders.leavesQty(slot);
    const isMove = (random.nextUint32() & 1) === 0;
    const price = isMove
      ? isBid
        ? Math.min(bid, ask - 1) - this.distance()
        : Math.max(ask, bid + 1) + this.distance()
      : orders.limitPrice(slot);
    const leaves = isMove ? left : 1 + (random.nextUint32() % left);
    engine.modify(id, orders.cumQty(slot) + leaves, price, 0);
    writer.delta(BookAction.MODIFY, isBid ? BookSide.BID : BookSide.ASK, price, leaves, id);
  }

  /** The product of two even draws leans to the touch. */
  private distance(): number {
    const { random } = this;
    return Math.floor(((random.nextUint32() / 2 ** 32) * random.nextUint32() * DEPTH) / 2 ** 32);
  }

  private tellTrades(): void {
    const { rows, length } = this.engine.reports;
    for (let at = 0; at < length << REPORT_BITS; at += 1 << REPORT_BITS) {
      if (rows[at | REPORT_KIND] !== ReportKind.TRADE) continue;
      const [price, quantity, taker] = [rows[at | REPORT_PRICE]!, rows[at | REPORT_QUANTITY]!, rows[at | REPORT_REASON]!];
      this.writer.trade(price, quantity, taker);
      this.writer.delta(BookAction.REDUCE, -taker, price, quantity, rows[at | REPORT_ORDER_ID]!);
    }
  }

  /** A random order that still lives, taken out of the list; 0 where none does. */
  private pick(): number {
    const { live, engine, random } = this;
    while (live.length > 0) {
      const place = random.nextUint32() % live.length;
      const id = live[place]!;
      live[place] = live.at(-1)!;
      live.pop();
      if (engine.book.orders.index.get(id) !== 0) return id;
    }
    return 0;
  }
}

/** @param rows changes of the book, about: the last event is whole */
export function makeBookFlow(rows: number): BookFlow {
  const writer = new FlowWriter(rows + ROWS_PER_EVENT_MAX);
  // The venue's day begins with an empty book.
  writer.delta(BookAction.CLEAR, BookSide.NONE, 0, 0, 0);
  writer.endEvent(0);
  const maker = new FlowMaker(writer);
  while (writer.flow.deltas.length < rows) maker.step();
  return writer.flow;
}

/** The columns one after the other, as the control reads them: rows of changes, rows of trades, then times in doubles, numbers in 32 bits, the rest in bytes. */
export function writeBookFlow({ deltas, trades }: BookFlow, file: string): void {
  const { length } = deltas;
  const doubles = [Float64Array.of(length, trades.length), deltas.tsInit.slice(0, length), trades.tsInit.slice(0, trades.length)];
  const numbers = [deltas.price, deltas.quantity, deltas.orderId].map((column) => Int32Array.from(column.subarray(0, length)));
  const traded = [trades.price, trades.quantity].map((column) => Int32Array.from(column.subarray(0, trades.length)));
  const bytes = [deltas.action, deltas.side, deltas.flags].map((column) => column.slice(0, length));
  const all = [...doubles, ...numbers, ...traded, ...bytes, trades.aggressorSide.slice(0, trades.length)];
  writeFileSync(file, Buffer.concat(all.map((column) => Buffer.from(column.buffer))));
}

export function readBookFlow(file: string): BookFlow {
  const { buffer, byteOffset, byteLength } = readFileSync(file);
  const bytes = buffer.slice(byteOffset, byteOffset + byteLength);
  const [rows, tradeRows] = new Float64Array(bytes, 0, 2) as unknown as [number, number];
  const deltas = makeBookDeltaBlock(0, rows);
  const trades = makeTradeBlock(0, tradeRows);
  let at = 16;
  const next = <T>(made: T, size: number): T => {
    at += size;
    return made;
  };
  const doubles = (length: number): Float64Array => next(new Float64Array(bytes, at, length), length * 8);
  const numbers = (length: number): Int32Array => next(new Int32Array(bytes, at, length), length * 4);
  const small = (length: number): Int8Array => next(new Int8Array(bytes, at, length), length);
  deltas.tsInit.set(doubles(rows));
  deltas.tsEvent.set(deltas.tsInit);
  trades.tsInit.set(doubles(tradeRows));
  trades.tsEvent.set(trades.tsInit);
  for (const column of [deltas.price, deltas.quantity, deltas.orderId]) column.set(numbers(rows));
  for (const column of [trades.price, trades.quantity]) column.set(numbers(tradeRows));
  for (const column of [deltas.action, deltas.side, deltas.flags]) column.set(small(rows));
  trades.aggressorSide.set(small(tradeRows));
  deltas.length = rows;
  trades.length = tradeRows;
  return { deltas, trades };
}

/** Cuts rows into blocks as the store hands them out: they were checked when they were stored. The columns are shared. */
export function blocksOf<B extends BookDeltaBlock | TradeBlock>(whole: B): readonly B[] {
  const blocks: B[] = [];
  for (let from = 0; from < whole.length; from += BLOCK_ROWS) {
    const to = Math.min(whole.length, from + BLOCK_ROWS);
    const columns = Object.entries(whole).filter(([, column]) => ArrayBuffer.isView(column)) as [string, Float64Array | Int8Array][];
    const cut = Object.fromEntries(columns.map(([name, column]) => [name, column.subarray(from, to)]));
    blocks.push({ ...whole, ...cut, length: to - from, isValidated: true });
  }
  return blocks;
}

/** Hands out blocks that are in memory, once. */
export function readerOfBlocks<B>(blocks: readonly B[]): BlockReader<B & (BookDeltaBlock | TradeBlock)> {
  let next = 0;
  return {
    next: () => {
      next += 1;
      return (blocks[next - 1] ?? null) as (B & (BookDeltaBlock | TradeBlock)) | null;
    },
    close: () => {},
  };
}
