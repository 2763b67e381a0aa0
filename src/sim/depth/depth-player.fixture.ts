import { type BookDeltaBlock, makeBookDeltaBlock, makeTradeBlock, setBookDelta, type TradeBlock } from '../../model/blocks.ts';
import { BookAction, BookFlag } from '../../model/book-delta.ts';
import type { VenueCommand } from '../../model/commands.ts';
import type { FeeSchedule } from '../../model/fees.ts';
import type { Instrument } from '../../model/instrument.ts';
import { instrumentWith } from '../../model/instrument.fixture.ts';
import { LIQUIDITY_SIDE_NAMES } from '../../model/order.ts';
import type { VenueReport } from '../../model/reports.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import type { LatencyModel } from '../latency.ts';
import { DEFAULT_FILL_RULES, utcDayEndAfter } from '../matching/fill-rules.ts';
import { SimulatedVenue } from '../simulated-venue.ts';
import { DEFAULT_DEPTH_RULES, type DepthRules } from './depth-rules.ts';
import type { FeedDelay } from './venue-feed.ts';

/** What a recording has at a time: a change of the book, or a trade. */
export type Recorded =
  | {
      readonly ts: number;
      readonly action: BookAction;
      readonly side?: number;
      readonly price?: number;
      readonly quantity?: number;
      readonly orderId?: number;
      readonly flags?: number;
    }
  | { readonly ts: number; readonly trade: readonly [price: number, quantity: number, aggressorSide: number] };

export const [BID, ASK] = [1, -1] as const;

/** A level shows `quantity` from `ts` on. */
export function level(ts: number, side: number, price: number, quantity: number): Recorded {
  return { ts, action: BookAction.SET, side, price, quantity };
}

export function trade(ts: number, price: number, quantity: number, aggressorSide = 0): Recorded {
  return { ts, trade: [price, quantity, aggressorSide] };
}

/** Levels as one snapshot: [price, quantity] each. */
export function snapshot(
  ts: number,
  bids: readonly (readonly [number, number])[],
  asks: readonly (readonly [number, number])[],
): readonly Recorded[] {
  const levels = [...bids.map((each) => [BID, ...each] as const), ...asks.map((each) => [ASK, ...each] as const)];
  return [
    { ts, action: BookAction.CLEAR, flags: levels.length === 0 ? BookFlag.SNAPSHOT | BookFlag.LAST : BookFlag.SNAPSHOT },
    ...levels.map(([side, price, quantity], at) => ({
      ...{ ts, action: BookAction.SET, side, price, quantity },
      flags: BookFlag.SNAPSHOT | (at === levels.length - 1 ? BookFlag.LAST : 0),
    })),
  ];
}

function readerOf<B>(block: B | null): BlockReader<never> {
  let next = block;
  return {
    next() {
      const given = next;
      next = null;
      return given as never;
    },
    close() {},
  };
}

export function deltasOf(recorded: readonly Recorded[]): BookDeltaBlock {
  const rows = recorded.flatMap((each) => ('action' in each ? [each] : []));
  const block = makeBookDeltaBlock(0, Math.max(1, rows.length));
  block.length = rows.length;
  rows.forEach(({ ts, action, side = 0, price = 0, quantity = 0, orderId = 0, flags = BookFlag.LAST }, row) =>
    setBookDelta(block, row, { ts, action, side, price, quantity, orderId, flags }),
  );
  return block;
}

export function tradesOf(recorded: readonly Recorded[]): TradeBlock {
  const rows = recorded.flatMap((each) => ('trade' in each ? [each] : []));
  const block = makeTradeBlock(0, Math.max(1, rows.length));
  block.length = rows.length;
  rows.forEach(({ ts, trade: [price, quantity, aggressorSide] }, row) => {
    block.tsEvent[row] = ts;
    block.tsInit[row] = ts;
    block.price[row] = price;
    block.quantity[row] = quantity;
    block.aggressorSide[row] = aggressorSide;
  });
  return block;
}

export interface DepthPlayerOptions {
  readonly rules?: Partial<DepthRules>;
  readonly fees?: FeeSchedule;
  readonly instrument?: Instrument;
  readonly delay?: FeedDelay;
  readonly latency?: { readonly orderEntry: LatencyModel; readonly response: LatencyModel };
  readonly sizeAtFill?: (id: number, price: number) => number;
  readonly cash?: bigint | null;
}

/** Plays a recording to a venue as the runtime does, and keeps what it reports as short lines. */
export class DepthPlayer {
  readonly venue: SimulatedVenue;
  readonly reports: VenueReport[] = [];
  /** Beside each report: when the house heard it. */
  readonly heard: number[] = [];
  now = 0;

  constructor(recorded: readonly Recorded[], options: DepthPlayerOptions = {}) {
    const instrument = options.instrument ?? instrumentWith();
    const delay = options.delay ?? { kind: 'stated', latency: { kind: 'constant', us: 0 } };
    this.venue = new SimulatedVenue(
      {
        instruments: [{ instrument, rules: DEFAULT_FILL_RULES, fees: options.fees ?? { kind: 'none' }, matchOn: [3], matchSeries: -1 }],
        orderEntryUs: 0,
        responseUs: 0,
        ...(options.latency === undefined ? {} : { latency: options.latency }),
        depth: {
          open: () => [readerOf(deltasOf(recorded)), readerOf(tradesOf(recorded))],
          delay,
          rules: new Map([[0, { ...DEFAULT_DEPTH_RULES, ...options.rules }]]),
        },
      },
      {
        sizeAtFill: options.sizeAtFill ?? (() => 0),
        cashFor: () => options.cash ?? null,
        sessionCloseAfter: (_, ts) => utcDayEndAfter(ts),
      },
    );
  }

  /** Plays up to `ts`, then sends. */
  send(ts: number, ...commands: readonly VenueCommand[]): this {
    this.advance(ts);
    for (const command of commands) {
      this.venue.handle(command, ts);
      this.deliver();
    }
    return this;
  }

  advance(ts: number): this {
    while (this.venue.nextDueTs <= ts) {
      this.now = this.venue.nextDueTs;
      this.venue.advance(this.now);
      this.deliver();
    }
    this.now = ts;
    return this;
  }

  /** Every report as `Kind id`, with quantity@price, liquidity and time, or the reason. */
  lines(): readonly string[] {
    return this.reports.map((report) => {
      if (report.kind === 'Fill')
        return `Fill ${report.clientOrderId} ${report.lastQty}@${report.lastPx} ${LIQUIDITY_SIDE_NAMES[report.liquiditySide]} at ${report.tsEvent}`;
      return `${report.kind} ${report.clientOrderId}${'reason' in report && report.reason !== '' ? ` ${report.reason}` : ''}`;
    });
  }

  /** The fills of {@link lines}, without the word. */
  fills(): readonly string[] {
    return this.lines().flatMap((line) => (line.startsWith('Fill ') ? [line.slice(5)] : []));
  }

  private deliver(): void {
    this.venue.handOver({
      applyReport: (report, ts) => {
        this.reports.push(report);
        this.heard.push(ts);
      },
    });
  }
}

/** Bids 99 × 5 and 98 × 7, asks 101 × 4 and 103 × 9, known from time 1 on. */
export const BOOK = snapshot(
  1,
  [
    [99, 5],
    [98, 7],
  ],
  [
    [101, 4],
    [103, 9],
  ],
);

/** {@link BOOK} and what comes after it. */
export function play(...recorded: readonly Recorded[]): DepthPlayer {
  return new DepthPlayer([...BOOK, ...recorded]);
}
