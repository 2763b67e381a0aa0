import { afresh } from './afresh.ts';
import { EquitySampler, type EquitySamplerState, type EquitySampling } from './equity-sampler.ts';
import { Expiries, type ExpiriesState } from './expiries.ts';
import { Liquidations } from './liquidations.ts';
import { RunRecorder, type RunRecorderState } from './run-recorder.ts';
import type { VenueDesksState, VenueSpec } from './venue-desks.ts';
import { VenueDesks } from './venue-desks.ts';
import { lowerBound, upperBound } from '../base/sorted-search.ts';
import type { EngineState } from '../core/engine-state.ts';
import { Engine } from '../core/engine.ts';
import type { EngineOptions } from '../core/engine-options.ts';
import { isMoney } from '../core/portfolio/account-valuation.ts';
import { endless } from '../core/strategy/strategy-mistake.ts';
import { type BarBlock, BlockKind, type MarketBlock, type QuoteBarBlock } from '../model/blocks.ts';
import { moneyApprox } from '../model/currency.ts';
import type { AccountEvent, Recorded } from '../model/events.ts';
import { FeeBound } from '../model/fee-bound.ts';
import { estimateFee, type FeeSchedule } from '../model/fees.ts';

/** How far ahead of the rows in hand one looks whether anything comes between them. */
const CLEAR_ROWS = 16_384;

/** Records that wait for the recorder at most, but for those of one step. */
const RECORDS_PER_BATCH = 256;

/** Rounds of orders and reports within one instant; more is a strategy that answers its own events without end. */
export const ROUNDS_MAX = 100_000;

/** What trades: an engine with its strategies, the simulated venues, and how often equity is written down. */
export interface TradingLoopSpec {
  /** What the run is made of, in words: versions, strategy bundle hashes, parameters, data set digests. Enters the digest. */
  readonly identity: readonly string[];
  readonly engine: Omit<EngineOptions, 'estimateFee'>;
  readonly venues: readonly VenueSpec[];
  /** By instrument. */
  readonly fees: readonly FeeSchedule[];
  readonly sampling: EquitySampling;
  /** Fills kept, the newest; all where left out. */
  readonly fillsMax?: number;
}

/** Everything that a loop remembers between two inputs, as plain data. Source: docs/concepts/state.md */
export interface TradingLoopState {
  readonly engine: EngineState;
  readonly venues: VenueDesksState;
  readonly expiries: ExpiriesState;
  readonly sampler: EquitySamplerState;
  readonly recorder: RunRecorderState;
}

/** Who is shown what goes by. */
export interface LoopListeners {
  /** The last row of bars that were taken. */
  readonly onBar?: (block: BarBlock | QuoteBarBlock, row: number) => void;
  /** A point of the equity curve is due: everything is as it was then. */
  readonly onSample?: (ts: number) => void;
  /** After the recorder. */
  readonly onRecord?: (record: Recorded) => void;
}

/**
 * Core and simulated venues, and everything that time brings between two inputs. Who owns the loop (a backtest, a session) hands it the inputs in the
 * one total order, and is told how far rows may go at once.
 *
 * Time goes: what is due at the venue or for a bar's close comes before rows of that time, timers after them. Source: ARCHITECTURE.md
 */
export class TradingLoop {
  readonly engine: Engine;
  readonly recorder: RunRecorder;
  readonly sampler: EquitySampler;
  readonly venues: VenueDesks;
  private readonly spec: TradingLoopSpec;
  private readonly liquidations: Liquidations;
  private readonly expiries: Expiries;
  /** The rows of the present turn before `clearEnd` come at or before `clearTs`: see {@link clear}. */
  private clearEnd = 0;
  private clearTs = 0;

  private readonly listeners: LoopListeners;

  constructor(spec: TradingLoopSpec, listeners: LoopListeners = {}) {
    this.spec = spec;
    this.listeners = listeners;
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
    this.recorder = new RunRecorder(spec.identity, spec.fillsMax);
    this.sampler = new EquitySampler(spec.sampling);
    this.venues = new VenueDesks(spec.venues, this.engine, spec.engine.calendars);
    this.liquidations = new Liquidations(this.engine, spec.engine.conversions);
    this.expiries = new Expiries(this.engine, this.venues);
  }

  /** Between inputs, with all records taken. @throws StrategyMistake that names the field of a strategy that cannot be saved */
  saveState(): TradingLoopState {
    return {
      engine: this.engine.saveState(),
      venues: this.venues.saveState(),
      expiries: this.expiries.saveState(),
      sampler: this.sampler.saveState(),
      recorder: this.recorder.saveState(),
    };
  }

  /** Of a loop made from the same parts and not started. @throws StateRefused */
  loadState(state: TradingLoopState): void {
    this.engine.loadState(state.engine);
    this.venues.loadState(state.venues);
    this.expiries.loadState(state.expiries);
    this.sampler.loadState(state.sampler);
    this.recorder.loadState(state.recorder);
    this.liquidations.invalidate();
  }

  /** @param ts when the first input comes */
  start(ts: number): void {
    this.engine.start();
    this.carryOut();
    this.sampler.begin(ts, this.equityApprox());
  }

  /** Stops the strategies. What was asked for in onStop and takes no time reaches the venue still; with latency it would come after the end. */
  stop(): void {
    const { engine } = this;
    engine.stop();
    this.carryOut();
    while (this.venues.nextDueTs <= engine.now) {
      this.venues.advance(engine.now);
      this.carryOut();
    }
  }

  /** Writes the last sample of equity down. */
  finish(): void {
    const { sampler } = this;
    if (sampler.dueTs < Number.POSITIVE_INFINITY) this.sample(Number.POSITIVE_INFINITY);
    sampler.finish(this.engine.now, this.equityApprox());
    this.venues.closeRecordings();
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

  get accountCount(): number {
    return this.spec.engine.accounts.length;
  }

  /** When the next thing besides inputs is due; Infinity for never. */
  get dueTs(): number {
    const { engine, venues, sampler, expiries } = this;
    return Math.min(venues.nextDueTs, engine.barDueTs, engine.risk.losses.dueTs, engine.timerDueTs, sampler.dueTs, expiries.dueTs);
  }

  /**
   * Does everything that comes before an input of time `tsNext`: the venue's dues, bar closes and looks at losses up to it, expiries, timers and samples before it.
   *
   * @returns when the next of all these is due
   */
  settleBefore(tsNext: number): number {
    for (;;) {
      const venueTs = this.venues.nextDueTs;
      const barTs = this.engine.barDueTs;
      const timerTs = this.engine.timerDueTs;
      const sampleTs = this.sampler.dueTs;
      const expiryTs = this.expiries.dueTs;
      const lossTs = this.engine.risk.losses.dueTs;
      const first = Math.min(venueTs, barTs, lossTs, timerTs, sampleTs, expiryTs);
      if (first > tsNext) return first;
      if (first === venueTs) this.venues.advance(first);
      else if (first === barTs) this.engine.closeBars();
      else if (first === lossTs) this.engine.settleLosses();
      else if (first === tsNext)
        return first; // expiries, timers and samples of this instant come after its inputs
      else if (first === expiryTs) this.expiries.settle(() => this.carryOut());
      else if (first === timerTs) this.engine.fireTimer();
      else this.sample(tsNext);
      this.carryOut();
    }
  }

  takeAccountEvent(event: AccountEvent): void {
    this.engine.apply({ kind: 'Account', event }, event.tsInit);
    this.liquidations.invalidate();
    if (event.kind === 'SplitEffective') this.venues.split(event.instrument, event.tsInit);
    this.carryOut();
  }

  /**
   * Hands over rows [from, rowEnd) of a block, up to the first one that something else must come before.
   *
   * @param turnEnd rows of the block before it come before any other input; at least `rowEnd`
   * @param dueTs when the first thing that time brings is due, as {@link settleBefore} said
   * @param inputTs when the next input besides rows comes; Infinity for none in sight
   * @returns the row after the last one taken
   */
  takeRows(block: MarketBlock, from: number, rowEnd: number, turnEnd: number, dueTs: number, inputTs: number): number {
    const { engine, venues } = this;
    const { losses } = engine.risk;
    if (losses.wantsData) dueTs = Math.min(dueTs, losses.noteData(block.tsInit[from]!));
    // What validation refuses never reaches a venue: no order fills at it and no price is taken from it.
    const isRefused = engine.marketData.scan(block, from, from + 1) === from;
    const to = this.rowLimit(block, from, rowEnd, turnEnd, dueTs, inputTs);
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
    if (!isRefused && (block.kind === BlockKind.BARS || block.kind === BlockKind.QUOTE_BARS)) {
      this.sampler.noteBar(block.tsInit[end - 1]!);
      this.listeners.onBar?.(block, end - 1);
    }
    this.carryOut();
    if (!isRefused) this.liquidate(block);
    if (end === turnEnd) this.clearEnd = 0;
    return end;
  }

  /**
   * Carries out the core's effects and brings back what venues report, until nothing more happens at this instant: reports first, then
   * one command at a time.
   */
  carryOut(): void {
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
  takeRecords(): void {
    const { effects } = this.engine;
    const { records } = effects;
    const { onRecord } = this.listeners;
    for (let place = 0; place < records.length; place += 1) {
      this.recorder.take(records[place]!);
      onRecord?.(records[place]!);
    }
    effects.forgetRecords();
  }

  private sample(tsNext: number): void {
    this.listeners.onSample?.(this.sampler.dueTs);
    this.sampler.take(this.equityApprox(), tsNext);
  }

  private rowLimit(block: MarketBlock, from: number, rowEnd: number, turnEnd: number, dueTs: number, inputTs: number): number {
    // Equity is written down after every bar, so bars go one by one while there is anything to value.
    const isBar = block.kind === BlockKind.BARS || block.kind === BlockKind.QUOTE_BARS;
    if (isBar && this.spec.sampling.kind === 'bar') return from + 1;
    // The common case: nothing comes between these rows.
    const limitTs = Math.min(dueTs, inputTs);
    if (!block.isValidated) {
      // Times may fall from row to row: those that do are refused when it is their turn.
      const due = firstAtLeast(block.tsInit, from, rowEnd, limitTs);
      return due === rowEnd ? rowEnd : this.rowLimitByDues(block, from, due + 1, inputTs);
    }
    if (from >= this.clearEnd || this.clearTs >= limitTs)
      this.clear(block, from, Math.min(turnEnd, Math.max(rowEnd, from + CLEAR_ROWS)), limitTs);
    return from < this.clearEnd ? Math.min(rowEnd, this.clearEnd) : this.rowLimitByDues(block, from, rowEnd, inputTs);
  }

  /**
   * Notes how many of the rows before `end` come before `limitTs`. The time of a row far ahead is a walk to memory that nothing else makes, so
   * one answers for many steps.
   */
  private clear(block: MarketBlock, from: number, end: number, limitTs: number): void {
    const { tsInit } = block;
    this.clearEnd = tsInit[end - 1]! < limitTs ? end : lowerBound(tsInit, from, end, limitTs);
    this.clearTs = this.clearEnd > from ? tsInit[this.clearEnd - 1]! : Number.NEGATIVE_INFINITY;
  }

  private rowLimitByDues(block: MarketBlock, from: number, rowEnd: number, inputTs: number): number {
    const { engine } = this;
    let to = rowEnd;
    const dueTs = Math.min(engine.barDueTs, this.venues.nextDueTs, engine.risk.losses.dueTs, inputTs);
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

  /** Closes what a margin account can no longer carry, at the price of the row just handled. */
  private liquidate(block: MarketBlock): void {
    const accounts = this.liquidations.due(block);
    if (accounts.length > 0) this.liquidations.settle(accounts, this.venues, () => this.carryOut());
  }
}

/** First row of [from, to) that is at or past a time, in no order; `to` if none. */
function firstAtLeast(column: Float64Array, from: number, to: number, limitTs: number): number {
  let row = from;
  while (row < to && !(column[row]! >= limitTs)) row += 1;
  return row;
}
