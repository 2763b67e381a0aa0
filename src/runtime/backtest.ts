import { afresh } from './afresh.ts';
import type { BacktestSpec } from './backtest-spec.ts';
import { EquitySampler } from './equity-sampler.ts';
import { Expiries } from './expiries.ts';
import { Liquidations } from './liquidations.ts';
import { RunRecorder } from './run-recorder.ts';
import { StreamMerge } from './stream-merge.ts';
import { VenueDesks } from './venue-desks.ts';
import { lowerBound, upperBound } from '../base/sorted-search.ts';
import { Engine } from '../core/engine.ts';
import { isMoney, type LiquidationItem } from '../core/portfolio/account-valuation.ts';
import { endless } from '../core/strategy/strategy-mistake.ts';
import { type BarBlock, BlockKind, type MarketBlock, type QuoteBarBlock } from '../model/blocks.ts';
import { moneyApprox } from '../model/currency.ts';
import type { AccountEvent } from '../model/events.ts';
import { FeeBound } from '../model/fee-bound.ts';
import { estimateFee } from '../model/fees.ts';
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

/** How far ahead of the rows in hand one looks whether anything comes between them. */
const CLEAR_ROWS = 16_384;

/** Records that wait for the recorder at most, but for those of one step. */
const RECORDS_PER_BATCH = 256;

/** Rounds of orders and reports within one instant; more is a strategy that answers its own events without end. */
export const ROUNDS_MAX = 100_000;

/**
 * Replays recorded streams through venue and core in the one total order, looking ahead only for the venue: it says at which row an order could
 * react, the core takes the rows before it in one go, and stops itself when a strategy asks for something.
 *
 * Time goes: what is due at the venue or for a bar's close comes before rows of that time, timers after them. Source: ARCHITECTURE.md
 */
export class Backtest {
  readonly engine: Engine;
  readonly recorder: RunRecorder;
  readonly sampler: EquitySampler;
  readonly venues: VenueDesks;
  events = 0;
  private readonly spec: BacktestSpec;
  private readonly merge: StreamMerge;
  private readonly liquidations: Liquidations;
  private readonly expiries: Expiries;
  private readonly accountEvents: readonly AccountEvent[];
  private accountEventNext = 0;
  private tsNextAccountEvent: number;
  /** The rows of the present turn before `clearEnd` come at or before `clearTs`: see {@link clear}. */
  private clearEnd = 0;
  private clearTs = 0;
  private isStarted = false;
  /** How many rows to look ahead: see {@link STRIDE_MIN}. */
  private stride: number;
  private rowsSinceStop = 0;
  private rowsToStop = 0;
  /** What a buy and a sale at the open of each instrument's last bar would have paid, and when, for closing at the end. Copied: blocks are refilled. */
  private readonly lastOpens = new Map<InstrumentIndex, { readonly ts: number; readonly buy: Price; readonly sell: Price }>();

  constructor(spec: BacktestSpec) {
    this.spec = spec;
    const { fees } = spec;
    const feeBounds = spec.engine.instruments.map((instrument) => new FeeBound(fees[instrument.index]!, instrument));
    this.engine = new Engine({
      afresh,
      ...spec.engine,
      estimateFee: (instrument, side, quantity, price) => {
        const held = this.engine.portfolio.positions.venueQuantity(instrument.index);
        const closing = held * side < 0 ? Math.min(quantity, Math.abs(held)) : 0;
        const schedule = fees[instrument.index]!;
        const traded = schedule.kind === 'tiers' ? this.venues.tradedValue(instrument.index, this.engine.now) : 0n;
        return estimateFee(schedule, instrument, price, quantity, closing, traded);
      },
      feeBound: (instrument, price, quantity) => feeBounds[instrument.index]!.of(price, quantity),
    });
    this.recorder = new RunRecorder(spec.identity);
    this.sampler = new EquitySampler(spec.sampling);
    this.merge = new StreamMerge(spec.streams);
    this.venues = new VenueDesks(spec.venues, this.engine, spec.engine.calendars);
    this.liquidations = new Liquidations(this.engine, spec.engine.conversions);
    this.expiries = new Expiries(this.engine, this.venues);
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
      this.takeRecords();
    }
  }

  /** Stops the strategies and closes the books. Call once, after the last `advance`, also when the run was cut short. */
  finish(): void {
    try {
      if (!this.isStarted) this.start();
      this.stop();
    } finally {
      this.takeRecords();
    }
  }

  /** Equity of all accounts in the base currency of the first, as a double: for curves and statistics. NaN while a price or rate is unknown. */
  equityApprox(): number {
    const { valuation } = this.engine.portfolio;
    const { accounts } = this.spec.engine;
    const stated = accounts[0]!.baseCurrency;
    let sum = 0n;
    for (let account = 0; account < accounts.length; account += 1) {
      const equity = valuation.equityIn(account, stated);
      if (!isMoney(equity)) return Number.NaN;
      sum += equity;
    }
    return moneyApprox(sum, stated);
  }

  digest(): string {
    return this.recorder.digestWith(this.engine.portfolio.ledger.stateRows());
  }

  private start(): void {
    this.isStarted = true;
    this.engine.start();
    this.carryOut();
    this.sampler.begin(Math.min(this.merge.tsNext, this.tsNextAccountEvent), this.equityApprox());
  }

  private stop(): void {
    const { engine, sampler } = this;
    engine.stop();
    this.carryOut();
    // What was asked for in onStop and takes no time reaches the venue still; with latency it would come after the data's end.
    while (this.venues.nextDueTs <= engine.now) {
      this.venues.advance(engine.now);
      this.carryOut();
    }
    if (this.spec.atEnd !== 'leaveOpen') this.closePositions();
    if (sampler.dueTs < Number.POSITIVE_INFINITY) sampler.take(this.equityApprox(), Number.POSITIVE_INFINITY);
    sampler.finish(engine.now, this.equityApprox());
    this.merge.close();
    this.venues.closeRecordings();
  }

  /** @returns true when the data has ended before so many rows were handled */
  private advanceTo(target: number): boolean {
    const { merge } = this;
    while (this.events < target) {
      // The last row of market data ends the run: a dividend after it would be paid on a position that nothing values any more.
      if (merge.tsNext === Number.POSITIVE_INFINITY) return true;
      const dueTs = this.settleBefore(Math.min(merge.tsNext, this.tsNextAccountEvent));
      if (this.tsNextAccountEvent <= merge.tsNext) this.takeAccountEvent();
      else this.takeRows(Math.min(merge.rowEnd, merge.row + Math.min(this.stride, target - this.events)), dueTs);
    }
    return false;
  }

  /**
   * Does everything that comes before an input of time `tsNext`: the venue's dues and bar closes up to it, expiries, timers and samples before it.
   *
   * @returns when the next of all these is due
   */
  private settleBefore(tsNext: number): number {
    for (;;) {
      const venueTs = this.venues.nextDueTs;
      const barTs = this.engine.barDueTs;
      const timerTs = this.engine.timerDueTs;
      const sampleTs = this.sampler.dueTs;
      const expiryTs = this.expiries.dueTs;
      const first = Math.min(venueTs, barTs, timerTs, sampleTs, expiryTs);
      if (first > tsNext) return first;
      if (first === venueTs) this.venues.advance(first);
      else if (first === barTs) this.engine.closeBars();
      else if (first === tsNext)
        return first; // expiries, timers and samples of this instant come after its inputs
      else if (first === expiryTs) this.expiries.settle(() => this.carryOut());
      else if (first === timerTs) this.engine.fireTimer();
      else this.sampler.take(this.equityApprox(), tsNext);
      this.carryOut();
    }
  }

  private takeAccountEvent(): void {
    const event = this.accountEvents[this.accountEventNext]!;
    this.accountEventNext += 1;
    this.tsNextAccountEvent = tsOf(this.accountEvents[this.accountEventNext]);
    this.engine.apply({ kind: 'Account', event }, event.tsInit);
    this.liquidations.invalidate();
    if (event.kind === 'SplitEffective') this.venues.split(event.instrument, event.tsInit);
    this.carryOut();
  }

  /**
   * Hands over rows of the merge's turn, up to the first one that something else must come before.
   *
   * @param dueTs when the first thing besides rows and account events is due
   */
  private takeRows(rowEnd: number, dueTs: number): void {
    const { merge, engine, venues } = this;
    const block = merge.block!;
    const from = merge.row;
    // What validation refuses never reaches a venue: no order fills at it and no price is taken from it.
    const isRefused = engine.marketData.scan(block, from, from + 1) === from;
    const to = this.rowLimit(block, from, rowEnd, dueTs);
    const hit = isRefused ? to : venues.scan(block, from, to);
    let end: number;
    if (hit > from) {
      const isEach = this.liquidations.checksEveryRow(block.instrument);
      end = engine.step(block, from, isEach ? from + 1 : hit, this.liquidations.bandOf(block.instrument));
      if (!isRefused) venues.observe(block, end - 1);
    } else {
      this.react(block, from);
      end = engine.step(block, from, from + 1);
    }
    this.pace(end - from, end < rowEnd);
    this.events += end - from;
    if (!isRefused && (block.kind === BlockKind.BARS || block.kind === BlockKind.QUOTE_BARS)) this.noteBars(block, end - 1);
    this.carryOut();
    if (!isRefused) this.liquidate(block);
    if (end === merge.rowEnd) this.clearEnd = 0;
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

  private rowLimit(block: MarketBlock, from: number, rowEnd: number, dueTs: number): number {
    // Equity is written down after every bar, so bars go one by one while there is anything to value.
    const isBar = block.kind === BlockKind.BARS || block.kind === BlockKind.QUOTE_BARS;
    if (isBar && this.spec.sampling.kind === 'bar') return from + 1;
    // The common case: nothing comes between these rows.
    const limitTs = Math.min(dueTs, this.tsNextAccountEvent);
    if (!block.isValidated) {
      // Times may fall from row to row: those that do are refused when it is their turn.
      const due = firstAtLeast(block.tsInit, from, rowEnd, limitTs);
      return due === rowEnd ? rowEnd : this.rowLimitByDues(block, from, due + 1);
    }
    if (from >= this.clearEnd || this.clearTs >= limitTs) this.clear(block, from, Math.max(rowEnd, from + CLEAR_ROWS), limitTs);
    return from < this.clearEnd ? Math.min(rowEnd, this.clearEnd) : this.rowLimitByDues(block, from, rowEnd);
  }

  /**
   * Notes how many of the rows before `end` come before `limitTs`. The time of a row far ahead is a walk to memory that nothing else makes, so
   * one answers for many steps.
   */
  private clear(block: MarketBlock, from: number, end: number, limitTs: number): void {
    const { tsInit } = block;
    const last = Math.min(this.merge.rowEnd, end);
    this.clearEnd = tsInit[last - 1]! < limitTs ? last : lowerBound(tsInit, from, last, limitTs);
    this.clearTs = this.clearEnd > from ? tsInit[this.clearEnd - 1]! : Number.NEGATIVE_INFINITY;
  }

  private rowLimitByDues(block: MarketBlock, from: number, rowEnd: number): number {
    const { engine } = this;
    let to = rowEnd;
    const dueTs = Math.min(engine.barDueTs, this.venues.nextDueTs, this.tsNextAccountEvent);
    if (block.tsInit[to - 1]! >= dueTs) to = lowerBound(block.tsInit, from, to, dueTs);
    const laterTs = Math.min(engine.timerDueTs, this.sampler.dueTs, this.expiries.dueTs);
    if (to > from && block.tsInit[to - 1]! > laterTs) to = upperBound(block.tsInit, from, to, laterTs);
    return Math.max(to, from + 1);
  }

  /** The venue handles one row along its path, so that what a strategy does about a fill holds for the rest of a bar. */
  private react(block: MarketBlock, row: number): void {
    this.venues.beginRow(block, row);
    while (this.venues.nextPoint(block)) this.carryOut();
  }

  /**
   * Carries out the core's effects and brings back what venues report, until nothing more happens at this instant: reports first, then
   * one command at a time.
   */
  private carryOut(): void {
    const { engine, venues } = this;
    const { effects } = engine;
    for (let round = 0; ; round += 1) {
      if (round > ROUNDS_MAX) throw endless(`orders and reports went round ${ROUNDS_MAX} times at one instant`);
      if (effects.count !== 0) {
        effects.beginStep();
        if (effects.records.length >= RECORDS_PER_BATCH) this.takeRecords();
      }
      if (venues.deliverReports()) {
        this.liquidations.invalidate();
        continue;
      }
      const command = effects.takeCommand();
      if (command === null) return;
      venues.handle(command, engine.now);
    }
  }

  /**
   * Nothing hangs on what is recorded, so records wait until there are some: a machine that does the same thing a hundred times in a row has its
   * code at hand, and one that does it between two orders has not.
   */
  private takeRecords(): void {
    const { effects } = this.engine;
    const { records } = effects;
    for (let place = 0; place < records.length; place += 1) this.recorder.take(records[place]!);
    effects.forgetRecords();
  }

  private noteBars(block: BarBlock | QuoteBarBlock, row: number): void {
    this.sampler.noteBar(block.tsInit[row]!);
    if (this.spec.atEnd === 'leaveOpen') return;
    const [sell, buy] = block.kind === BlockKind.BARS ? [block.open[row]!, block.open[row]!] : [block.bidOpen[row]!, block.askOpen[row]!];
    this.lastOpens.set(block.instrument, { ts: block.tsOpen[row]!, sell, buy });
  }

  /** Closes what a margin account can no longer carry, at the price of the row just handled. */
  private liquidate(block: MarketBlock): void {
    const accounts = this.liquidations.due(block);
    if (accounts.length > 0) this.liquidations.settle(accounts, this.venues, () => this.carryOut());
  }

  /** Orders that are still open are canceled, then what is held is closed at the last open or close. */
  private closePositions(): void {
    const { engine } = this;
    engine.orders.cancelAll({}, engine.now);
    this.carryOut();
    for (let account = 0; account < this.spec.engine.accounts.length; account += 1) {
      for (const item of engine.portfolio.valuation.liquidationList(account)) {
        const open = this.spec.atEnd === 'closeAtLastOpen' ? this.lastOpens.get(item.instrument) : undefined;
        const openPrice = (item.side === Side.BUY ? open?.buy : open?.sell) ?? 0;
        // 0 stands for a side that the last bar lacked. What fills at the open bears its time, as every fill at an open does.
        if (open !== undefined && openPrice > 0)
          this.venues.close({ ...item, price: openPrice, tag: 'end of run' }, Math.max(open.ts, this.entryTs(item)));
        else this.venues.close({ ...item, price: engine.cache.lastPrice(item.instrument), tag: 'end of run' }, engine.now);
        this.carryOut();
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

/** First row of [from, to) that is at or past a time, in no order; `to` if none. */
function firstAtLeast(column: Float64Array, from: number, to: number, limitTs: number): number {
  let row = from;
  while (row < to && !(column[row]! >= limitTs)) row += 1;
  return row;
}
