import { stream } from '../../base/random.ts';
import { TradingPhase } from '../exchange/exchange-order.ts';
import { REPORT_BITS, REPORT_KIND, REPORT_ORDER_ID, REPORT_OTHER_ID, REPORT_QUANTITY, ReportKind } from '../exchange/exchange-reports.ts';
import { MatchingEngine } from '../exchange/matching-engine.ts';
import { AgentDesk } from './agent-desk.ts';
import { type AgentMarketSettings, checkSettings } from './agent-settings.ts';
import { FundamentalValue } from './fundamental-value.ts';
import { InterruptionTimes } from './interruption-times.ts';
import { MarketMakers } from './market-makers.ts';
import { OrderArrivals } from './order-arrivals.ts';
import { Traders } from './traders.ts';

/** Share of events that market makers send in quiet times; the others are orders, which excite. */
const MAKERS_SHARE = 0.5;
/** Makers that find nothing to do send nothing, and quiet hours are commoner than lively ones: rates are raised by as much. */
const ACTIVITY = 1.2;
/** Of the orders: limit and market orders, and cancels when as many orders rest as usual. */
const LIMIT_WEIGHT = 0.5;
const MARKET_WEIGHT = 0.14;
const CANCEL_WEIGHT = 0.36;
/** Orders of background traders that usually rest. */
const NOISE_ORDERS_USUAL = 240;
/** Occurrences before anybody looks, so that the book has its usual shape. */
const WARM_UP = 4000;
/** Between two events: what trades is told first, the book that it leaves a microsecond later. */
export const EVENT_US = 2;

/**
 * A market whose traders are programs that send orders to an exchange, one after the other. See docs/concepts/generated-markets.md.
 *
 * {@link step} lets happen what comes next, mostly one order, change or cancel; `engine.reports` then says what the exchange made of it. Whoever
 * calls {@link engine} between steps is one more trader, whom the agents meet in the book.
 *
 * The same settings give the same market. Nothing is allocated for an event once arrays have grown to their size.
 */
export class AgentMarket {
  readonly engine = new MatchingEngine();
  /** Whose order is which. */
  readonly desk: AgentDesk;
  /** Of what happened last, microseconds since the epoch; two events never have the same, nor times next to each other. */
  ts: number;
  /** Nothing is published: a gap in the data. */
  isDark = false;
  private readonly fundamental: FundamentalValue;
  private readonly arrivals: OrderArrivals;
  private readonly makers: MarketMakers;
  private readonly traders: Traders;
  private readonly settings: AgentMarketSettings;
  private readonly random;
  private readonly jumps: InterruptionTimes;
  private readonly halts: InterruptionTimes;
  private readonly gaps: InterruptionTimes;
  private haltEndTs = Number.POSITIVE_INFINITY;
  private gapEndTs = Number.POSITIVE_INFINITY;
  /** Exact, where `ts` is whole. */
  private clock: number;
  private stepTs: number;
  private nextClock = 0;
  private isArrival = false;
  private boundRate = 0;
  /** Usual spread now, increments, not whole. */
  private spread: number;
  /** What the value may move before agents follow: the spread, or what it moves in a second where that is more. */
  private reach: number;
  private isWarm = false;

  constructor(settings: AgentMarketSettings) {
    checkSettings(settings);
    this.settings = settings;
    const { seed, position, startTs, quantityTypical, behavior } = settings;
    const name = `agents ${position}`;
    this.random = stream(seed, `${name} events`);
    this.fundamental = new FundamentalValue(settings);
    this.arrivals = new OrderArrivals(stream(seed, `${name} arrivals`), behavior.clustering);
    this.desk = new AgentDesk(this.engine, stream(seed, `${name} sizes`), quantityTypical);
    this.makers = new MarketMakers(settings, this.desk);
    this.traders = new Traders(settings, this.desk);
    this.jumps = new InterruptionTimes(seed, `${name} jumps`, settings.jumps, startTs);
    this.halts = new InterruptionTimes(seed, `${name} halts`, settings.halts, startTs);
    this.gaps = new InterruptionTimes(seed, `${name} gaps`, settings.gaps, startTs);
    this.spread = settings.spreadTicks;
    this.reach = this.spread;
    this.clock = 0;
    this.stepTs = this.fundamental.stepUs;
    this.ts = 0;
    this.warmUp();
    this.isWarm = true;
    this.clock = startTs;
    this.ts = startTs;
    this.stepTs = startTs + this.fundamental.stepUs;
    this.engine.advanceTo(startTs);
    this.plan();
  }

  /** When something happens next; never before two microseconds after what happened last. */
  get nextTs(): number {
    return Math.max(this.ts + EVENT_US, Math.floor(this.nextClock));
  }

  /** What the instrument is worth, increments, not whole: nobody in the market sees it as it is. */
  get fundamentalValue(): number {
    return this.fundamental.value;
  }

  /** Lots that each market maker holds. */
  get makerPositions(): readonly number[] {
    return [...this.makers.positions];
  }

  /** Lets happen what comes next. `engine.reports` has what the exchange said to it, which may be nothing. */
  step(): void {
    const { engine, arrivals } = this;
    engine.reports.clear();
    if (!this.isArrival) arrivals.pass(this.nextClock - this.clock, this.boundRate);
    arrivals.fade(this.nextClock - this.clock);
    this.clock = this.nextClock;
    if (this.isArrival) {
      const what = arrivals.arrives(this.boundRate);
      if (what !== 0) {
        this.turnTo(this.nextTs);
        if (what > 0) this.order();
        else this.makers.act(engine.book.phase === TradingPhase.HALTED ? Number.NaN : this.fundamental.value, this.spread, this.reach);
      }
    } else this.pass();
    if (engine.reports.length !== 0) this.settle();
    this.plan();
  }

  /**
   * An event from outside happens now: time comes to `ts`, or as little later as keeps events apart. The caller then asks {@link engine}, and calls
   * {@link settle}.
   */
  interrupt(ts: number): void {
    const { engine } = this;
    engine.reports.clear();
    this.turnTo(Math.max(this.ts + EVENT_US, ts));
  }

  /** Agents take in what the exchange has reported. */
  settle(): void {
    const { engine, desk } = this;
    const { rows, length } = engine.reports;
    for (let report = 0; report < length; report += 1) {
      const at = report << REPORT_BITS;
      const kind = rows[at | REPORT_KIND]!;
      if (kind === ReportKind.TRADE) {
        this.traded(rows[at | REPORT_ORDER_ID]!, rows[at | REPORT_QUANTITY]!);
        this.traded(rows[at | REPORT_OTHER_ID]!, rows[at | REPORT_QUANTITY]!);
      } else if (kind === ReportKind.CANCELED || kind === ReportKind.EXPIRED) {
        const id = rows[at | REPORT_ORDER_ID]!;
        const owner = desk.ownerOf(id);
        if (owner < 0) this.makers.onEnd(-owner);
        if (owner !== 0) desk.forget(id);
      }
    }
  }

  private traded(id: number, lots: number): void {
    const { desk } = this;
    const owner = desk.ownerOf(id);
    if (owner === 0) return;
    const isGone = this.engine.book.orders.index.get(id) === 0;
    if (owner < 0) {
      this.makers.onTrade(-owner, lots);
      if (isGone) this.makers.onEnd(-owner);
    }
    if (isGone) desk.forget(id);
  }

  private turnTo(ts: number): void {
    this.ts = ts;
    if (this.isWarm) this.engine.advanceTo(ts);
  }

  /** One of the traders sends an order or cancels one. */
  private order(): void {
    const { desk, traders } = this;
    this.arrivals.excite();
    const cancels = (CANCEL_WEIGHT * desk.backgroundCount) / NOISE_ORDERS_USUAL;
    const draw = this.random.nextDouble() * (LIMIT_WEIGHT + MARKET_WEIGHT + cancels);
    const { value, secondDeviation } = this.fundamental;
    if (draw < LIMIT_WEIGHT) traders.rest(value, this.spread, this.reach);
    else if (draw < LIMIT_WEIGHT + MARKET_WEIGHT) traders.take(value, this.spread, secondDeviation);
    else traders.cancel(value, this.reach);
  }

  /** Time comes to a step of the value or to what was requested. */
  private pass(): void {
    const { clock } = this;
    if (clock >= this.stepTs) {
      this.stepTs += this.fundamental.stepUs;
      if (this.isWarm) this.fundamental.step(clock);
      this.arrivals.fadeSlowly(this.fundamental.stepUs);
      this.traders.look();
    }
    if (clock >= this.jumps.nextTs) {
      this.jumps.passTo(clock);
      this.fundamental.jump();
    }
    if (clock >= this.gapEndTs) this.setDark(false, Number.POSITIVE_INFINITY);
    if (clock >= this.gaps.nextTs) {
      this.gaps.passTo(clock);
      this.setDark(true, clock + this.settings.gaps.lastingUs);
    }
    if (clock >= this.haltEndTs) this.setPhase(TradingPhase.CONTINUOUS, Number.POSITIVE_INFINITY);
    else if (clock >= this.halts.nextTs) {
      this.halts.passTo(clock);
      this.halt(clock + this.settings.halts.lastingUs);
    }
  }

  /** Trading stops up to a time; where it has stopped already, it goes on up to that time: all ask for the same length, so none ends earlier. */
  private halt(endTs: number): void {
    if (this.haltEndTs === Number.POSITIVE_INFINITY) this.setPhase(TradingPhase.HALTED, endTs);
    else this.haltEndTs = endTs;
  }

  private setDark(isDark: boolean, endTs: number): void {
    this.turnTo(this.nextTs);
    this.isDark = isDark;
    this.gapEndTs = endTs;
  }

  private setPhase(phase: TradingPhase, endTs: number): void {
    this.turnTo(this.nextTs);
    this.haltEndTs = endTs;
    this.engine.setPhase(phase);
  }

  /** Sets the rates and draws what comes next. */
  private plan(): void {
    const { arrivals, settings, fundamental } = this;
    const { volatilityRatio, season } = fundamental;
    this.spread = settings.spreadTicks * Math.min(4, 0.6 + 0.4 * volatilityRatio);
    this.reach = Math.max(this.spread, fundamental.secondDeviation);
    const activity = ACTIVITY * settings.eventsPerSecond * season * Math.min(4, 0.4 + 0.6 * volatilityRatio);
    arrivals.baseRate = activity * (1 - MAKERS_SHARE) * (1 - settings.behavior.clustering);
    arrivals.answerRate = activity * MAKERS_SHARE * (1 + this.makers.urgency(fundamental.value, this.reach));
    const wait = arrivals.nextWait();
    const due = Math.min(this.stepTs, this.jumps.nextTs, this.halts.nextTs, this.gaps.nextTs, this.haltEndTs, this.gapEndTs);
    this.isArrival = this.clock + wait < due;
    this.boundRate = arrivals.orderRate + arrivals.answerRate;
    this.nextClock = this.isArrival ? this.clock + wait : Math.max(this.clock, due);
  }

  /** Fills the book and lets the agents come to their usual ways, before anybody looks and while the value stands still. */
  private warmUp(): void {
    const { desk, traders } = this;
    for (let count = 0; count < NOISE_ORDERS_USUAL; count += 1) {
      this.engine.reports.clear();
      traders.rest(this.fundamental.value, this.spread, this.reach);
    }
    this.plan();
    for (let count = 0; count < WARM_UP || desk.backgroundCount < NOISE_ORDERS_USUAL / 4; count += 1) this.step();
  }
}
