import type { BacktestSpec } from './backtest-spec.ts';
import type { EquitySampler } from './equity-sampler.ts';
import type { RunRecorder } from './run-recorder.ts';
import { StreamMerge } from './stream-merge.ts';
import { TradingLoop } from './trading-loop.ts';
import type { VenueDesks } from './venue-desks.ts';
import type { Engine } from '../core/engine.ts';
import type { LiquidationItem } from '../core/portfolio/account-valuation.ts';
import { type BarBlock, BlockKind, type QuoteBarBlock } from '../model/blocks.ts';
import type { AccountEvent } from '../model/events.ts';
import type { InstrumentIndex, Price } from '../model/instrument.ts';
import { Side } from '../model/order.ts';

/**
 * Rows are validated and scanned before they are handed over, and again from where the core stopped because a strategy asked for something. The
 * stretch looked at is therefore fitted to how far the core gets: twice as far as it came between two stops, twice as much again while it
 * does not stop.
 */
const STRIDE_MIN = 64;
/** Of the last way between two stops in the average of them. */
const PACE_WEIGHT = 1 / 8;

/**
 * Replays recorded streams through venue and core in the one total order, looking ahead only for the venue: it says at which row an order could
 * react, the core takes the rows before it in one go, and stops itself when a strategy asks for something.
 */
export class Backtest {
  readonly engine: Engine;
  readonly recorder: RunRecorder;
  readonly sampler: EquitySampler;
  readonly venues: VenueDesks;
  events = 0;
  private readonly spec: BacktestSpec;
  private readonly loop: TradingLoop;
  private readonly merge: StreamMerge;
  private readonly accountEvents: readonly AccountEvent[];
  private accountEventNext = 0;
  private tsNextAccountEvent: number;
  private isStarted = false;
  /** How many rows to look ahead: see {@link STRIDE_MIN}. */
  private stride: number;
  private rowsSinceStop = 0;
  private rowsToStop = 0;
  /** What a buy and a sale at the open of each instrument's last bar would have paid, and when, for closing at the end. Copied: blocks are refilled. */
  private readonly lastOpens = new Map<InstrumentIndex, { readonly ts: number; readonly buy: Price; readonly sell: Price }>();

  constructor(spec: BacktestSpec) {
    this.spec = spec;
    this.loop = new TradingLoop(spec, spec.atEnd === 'leaveOpen' ? {} : { onBar: (block, row) => this.noteOpen(block, row) });
    const { engine, recorder, sampler, venues } = this.loop;
    this.engine = engine;
    this.recorder = recorder;
    this.sampler = sampler;
    this.venues = venues;
    this.merge = new StreamMerge(spec.streams);
    this.accountEvents = spec.accountEvents;
    this.tsNextAccountEvent = tsOf(spec.accountEvents[0]);
    this.stride = Math.min(STRIDE_MIN, spec.stepRowsMax);
  }

  /**
   * Goes on with the run.
   *
   * @param rowsMax about how many rows to handle before coming back, so that the caller can show progress or stop
   * @returns true when the data has ended
   */
  advance(rowsMax: number): boolean {
    try {
      if (!this.isStarted) this.start();
      return this.advanceTo(this.events + rowsMax);
    } finally {
      this.loop.takeRecords();
    }
  }

  /** Stops the strategies and closes the books. Call once, after the last `advance`, also when the run was cut short. */
  finish(): void {
    try {
      if (!this.isStarted) this.start();
      this.loop.stop();
      if (this.spec.atEnd !== 'leaveOpen') this.closePositions();
      this.merge.close();
      this.loop.finish();
    } finally {
      this.loop.takeRecords();
    }
  }

  /** As {@link TradingLoop.equityApprox}. */
  equityApprox(): number {
    return this.loop.equityApprox();
  }

  digest(): string {
    return this.loop.digest();
  }

  private start(): void {
    this.isStarted = true;
    this.loop.start(Math.min(this.merge.tsNext, this.tsNextAccountEvent));
  }

  /** @returns true when the data has ended before so many rows were handled */
  private advanceTo(target: number): boolean {
    const { merge, loop } = this;
    while (this.events < target) {
      // The last row of market data ends the run: a dividend after it would be paid on a position that nothing values any more.
      if (merge.tsNext === Number.POSITIVE_INFINITY) return true;
      const dueTs = loop.settleBefore(Math.min(merge.tsNext, this.tsNextAccountEvent));
      if (this.tsNextAccountEvent <= merge.tsNext) this.takeAccountEvent();
      else this.takeRows(Math.min(merge.rowEnd, merge.row + Math.min(this.stride, target - this.events)), dueTs);
    }
    return false;
  }

  private takeAccountEvent(): void {
    const event = this.accountEvents[this.accountEventNext]!;
    this.accountEventNext += 1;
    this.tsNextAccountEvent = tsOf(this.accountEvents[this.accountEventNext]);
    this.loop.takeAccountEvent(event);
  }

  /** Hands over rows of the merge's turn, up to the first one that something else must come before. */
  private takeRows(rowEnd: number, dueTs: number): void {
    const { merge } = this;
    const from = merge.row;
    const end = this.loop.takeRows(merge.block!, from, rowEnd, merge.rowEnd, dueTs, this.tsNextAccountEvent);
    this.pace(end - from, end < rowEnd);
    this.events += end - from;
    merge.advanceTo(end);
  }

  /** Fits the stride to how far the core gets between two stops, on average of late. */
  private pace(rows: number, isStopped: boolean): void {
    this.rowsSinceStop += rows;
    if (isStopped) {
      this.rowsToStop += (this.rowsSinceStop - this.rowsToStop) * PACE_WEIGHT;
      this.rowsSinceStop = 0;
      this.stride = Math.max(STRIDE_MIN, Math.ceil(2 * this.rowsToStop));
    } else this.stride *= 2;
    if (this.stride > this.spec.stepRowsMax) this.stride = this.spec.stepRowsMax;
  }

  private noteOpen(block: BarBlock | QuoteBarBlock, row: number): void {
    const [sell, buy] = block.kind === BlockKind.BARS ? [block.open[row]!, block.open[row]!] : [block.bidOpen[row]!, block.askOpen[row]!];
    this.lastOpens.set(block.instrument, { ts: block.tsOpen[row]!, sell, buy });
  }

  /** Orders that are still open are canceled, then what is held is closed at the last open or close. */
  private closePositions(): void {
    const { engine } = this;
    engine.orders.cancelAll({}, engine.now);
    this.loop.carryOut();
    for (let account = 0; account < this.spec.engine.accounts.length; account += 1) {
      for (const item of engine.portfolio.valuation.liquidationList(account)) {
        const open = this.spec.atEnd === 'closeAtLastOpen' ? this.lastOpens.get(item.instrument) : undefined;
        const openPrice = (item.side === Side.BUY ? open?.buy : open?.sell) ?? 0;
        // 0 stands for a side that the last bar lacked. What fills at the open bears its time, as every fill at an open does.
        if (open !== undefined && openPrice > 0)
          this.venues.close({ ...item, price: openPrice, tag: 'end of run' }, Math.max(open.ts, this.entryTs(item)));
        else this.venues.close({ ...item, price: engine.cache.lastPrice(item.instrument), tag: 'end of run' }, engine.now);
        this.loop.carryOut();
      }
    }
  }

  /** A position that was opened within the last bar does not end before it began. */
  private entryTs({ strategy, instrument, positionSide }: LiquidationItem): number {
    const positions = this.engine.portfolio.positions.positions();
    const held = positions.find(
      (each) => each.strategy === strategy && each.instrument === instrument && each.positionSide === positionSide,
    );
    return held?.openTs ?? 0;
  }
}

function tsOf(event: AccountEvent | undefined): number {
  return event === undefined ? Number.POSITIVE_INFINITY : event.tsInit;
}
