import {
  type BarBlock,
  BlockKind,
  makeBarBlock,
  makeQuoteBarBlock,
  makeQuoteBlock,
  makeTradeBlock,
  type PricedBlock,
  type QuoteBarBlock,
  type QuoteBlock,
  type TradeBlock,
} from '../model/blocks.ts';
import type { ModifyOrder, SubmitOrder, VenueCommand } from '../model/commands.ts';
import type { FeeSchedule } from '../model/fees.ts';
import type { Instrument } from '../model/instrument.ts';
import { instrumentWith } from '../model/instrument.fixture.ts';
import { LIQUIDITY_SIDE_NAMES, OrderType, Side, TimeInForce } from '../model/order.ts';
import type { VenueReport } from '../model/reports.ts';
import { DEFAULT_FILL_RULES, type FillRules, utcDayEndAfter, type VenueServices } from './matching/fill-rules.ts';
import { SimulatedVenue } from './simulated-venue.ts';

/** A minute, the length of the bars in these tests. */
export const MINUTE = 60_000_000;

export interface VenueOptions {
  readonly rules?: Partial<FillRules>;
  readonly fees?: FeeSchedule;
  readonly matchOn?: readonly BlockKind[];
  readonly matchSeries?: number;
  readonly instrument?: Instrument;
  readonly orderEntryUs?: number;
  readonly responseUs?: number;
  readonly sizeAtFill?: VenueServices['sizeAtFill'];
  readonly sessionCloseAfter?: VenueServices['sessionCloseAfter'];
}

/** Bar as [open, high, low, close, volume?]; the i-th of a block spans minute i to i + 1. */
export type BarRow = readonly [number, number, number, number, number?];

export function barsOf(rows: readonly BarRow[], startTs = 0): BarBlock {
  const block = makeBarBlock(0, 0, Math.max(rows.length, 1));
  block.length = rows.length;
  rows.forEach(([open, high, low, close, volume], row) => {
    block.tsOpen[row] = startTs + row * MINUTE;
    block.tsEvent[row] = startTs + (row + 1) * MINUTE;
    block.tsInit[row] = block.tsEvent[row]!;
    block.open[row] = open;
    block.high[row] = high;
    block.low[row] = low;
    block.close[row] = close;
    block.volume[row] = volume ?? 1000;
  });
  return block;
}

/** Trades as [price, quantity], one a minute. */
export function tradesOf(rows: readonly (readonly [number, number])[], startTs = 0): TradeBlock {
  const block = makeTradeBlock(0, Math.max(rows.length, 1));
  block.length = rows.length;
  rows.forEach(([price, quantity], row) => {
    block.tsEvent[row] = startTs + row * MINUTE;
    block.tsInit[row] = block.tsEvent[row]!;
    block.price[row] = price;
    block.quantity[row] = quantity;
  });
  return block;
}

/** Quotes as [bid, ask, bidSize?, askSize?], one a minute. */
export function quotesOf(rows: readonly (readonly [number, number, number?, number?])[], startTs = 0): QuoteBlock {
  const block = makeQuoteBlock(0, Math.max(rows.length, 1));
  block.length = rows.length;
  rows.forEach(([bid, ask, bidSize, askSize], row) => {
    block.tsEvent[row] = startTs + row * MINUTE;
    block.tsInit[row] = block.tsEvent[row]!;
    block.bidPrice[row] = bid;
    block.askPrice[row] = ask;
    block.bidSize[row] = bidSize ?? 1000;
    block.askSize[row] = askSize ?? 1000;
  });
  return block;
}

/** Quote bars as [bid open, high, low, close, ask open, high, low, close]. */
export function quoteBarsOf(rows: readonly (readonly number[])[], startTs = 0): QuoteBarBlock {
  const block = makeQuoteBarBlock(0, 0, Math.max(rows.length, 1));
  block.length = rows.length;
  const columns = [block.bidOpen, block.bidHigh, block.bidLow, block.bidClose, block.askOpen, block.askHigh, block.askLow, block.askClose];
  rows.forEach((values, row) => {
    block.tsOpen[row] = startTs + row * MINUTE;
    block.tsEvent[row] = startTs + (row + 1) * MINUTE;
    block.tsInit[row] = block.tsEvent[row]!;
    columns.forEach((column, field) => {
      column[row] = values[field]!;
    });
    block.bidSize[row] = 1000;
    block.askSize[row] = 1000;
  });
  return block;
}

/** Plays rows to a venue as the runtime does, and keeps what it reports as short lines. */
export class VenuePlayer {
  readonly venue: SimulatedVenue;
  readonly reports: VenueReport[] = [];
  /** Commands that a report calls forth, as a strategy would. */
  react: (report: VenueReport) => readonly VenueCommand[] = () => [];
  now = 0;

  constructor(options: VenueOptions = {}) {
    this.venue = new SimulatedVenue(
      {
        instruments: [
          {
            instrument: options.instrument ?? instrumentWith(),
            rules: { ...DEFAULT_FILL_RULES, ...options.rules },
            fees: options.fees ?? { kind: 'none' },
            matchOn: options.matchOn ?? [BlockKind.BARS],
            matchSeries: options.matchSeries ?? -1,
          },
        ],
        orderEntryUs: options.orderEntryUs ?? 0,
        responseUs: options.responseUs ?? 0,
      },
      {
        sizeAtFill: options.sizeAtFill ?? (() => 0),
        cashFor: () => null,
        sessionCloseAfter: options.sessionCloseAfter ?? ((_, ts) => utcDayEndAfter(ts)),
      },
    );
  }

  send(...commands: readonly VenueCommand[]): void {
    for (const command of commands) {
      this.venue.handle(command, this.now);
      this.deliver();
    }
  }

  deliver(): void {
    const arrived: VenueReport[] = [];
    this.venue.handOver({ applyReport: (report) => arrived.push(report) });
    for (const report of arrived) {
      this.reports.push(report);
      for (const command of this.react(report)) this.venue.handle(command, this.now);
    }
    if (this.venue.hasReports) this.deliver();
  }

  advance(ts: number): void {
    this.now = ts;
    do {
      this.venue.advance(ts);
      this.deliver();
    } while (this.venue.nextDueTs <= ts);
  }

  playRow(block: PricedBlock, row: number): void {
    this.advance(block.tsInit[row]!);
    this.venue.beginRow(block, row);
    while (this.venue.nextPoint()) this.deliver();
  }

  play(block: PricedBlock, from = 0, to = block.length): void {
    for (let row = from; row < to; row += 1) this.playRow(block, row);
  }

  /** As the runtime plays: only rows that the scan stops at are walked, due times are advanced to. */
  playScanned(block: PricedBlock): void {
    let row = 0;
    while (row < block.length) {
      const hit = this.venue.scan(block, row, block.length);
      if (hit > row) this.venue.observe(block, hit - 1);
      row = hit;
      if (row === block.length) return;
      this.playRow(block, row);
      row += 1;
    }
  }

  /** Fills as `id quantity@price SIDE`. */
  fills(): readonly string[] {
    return this.reports
      .filter((report) => report.kind === 'Fill')
      .map((fill) => `${fill.clientOrderId} ${fill.lastQty}@${fill.lastPx} ${LIQUIDITY_SIDE_NAMES[fill.liquiditySide]}`);
  }

  /** Every report as `Kind id` with quantity@price or reason. */
  lines(): readonly string[] {
    return this.reports.map((report) => {
      const tail =
        report.kind === 'Fill'
          ? ` ${report.lastQty}@${report.lastPx}`
          : 'reason' in report && report.reason !== ''
            ? ` ${report.reason}`
            : '';
      return `${report.kind} ${report.clientOrderId}${tail}`;
    });
  }
}

function submit(clientOrderId: number, side: Side, orderType: OrderType, orderQty: number, change: Partial<SubmitOrder>): SubmitOrder {
  return {
    kind: 'SubmitOrder',
    clientOrderId,
    strategy: 0,
    instrument: 0,
    side,
    orderType,
    timeInForce: TimeInForce.GTC,
    orderQty,
    limitPrice: 0,
    stopPrice: 0,
    expireTs: 0,
    flags: 0,
    targetWeightPpb: 0,
    tag: '',
    ts: 0,
    ...change,
  };
}

export const BUY = Side.BUY;
export const SELL = Side.SELL;

export function market(id: number, side: Side, quantity: number, change: Partial<SubmitOrder> = {}): SubmitOrder {
  return submit(id, side, OrderType.MARKET, quantity, change);
}

export function limit(id: number, side: Side, quantity: number, limitPrice: number, change: Partial<SubmitOrder> = {}): SubmitOrder {
  return submit(id, side, OrderType.LIMIT, quantity, { limitPrice, ...change });
}

export function stop(id: number, side: Side, quantity: number, stopPrice: number, change: Partial<SubmitOrder> = {}): SubmitOrder {
  return submit(id, side, OrderType.STOP, quantity, { stopPrice, ...change });
}

export function stopLimit(
  id: number,
  side: Side,
  quantity: number,
  stopPrice: number,
  limitPrice: number,
  change: Partial<SubmitOrder> = {},
): SubmitOrder {
  return submit(id, side, OrderType.STOP_LIMIT, quantity, { stopPrice, limitPrice, ...change });
}

export function modify(clientOrderId: number, orderQty: number, limitPrice = 0, stopPrice = 0): ModifyOrder {
  return { kind: 'ModifyOrder', clientOrderId, orderQty, limitPrice, stopPrice, ts: 0 };
}

export function cancel(clientOrderId: number): VenueCommand {
  return { kind: 'CancelOrder', clientOrderId, ts: 0 };
}
