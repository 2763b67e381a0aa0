import { assert } from '../base/assert.ts';
import { lowerBoundLastFirst } from '../base/sorted-search.ts';
import type { PricedBlock } from '../model/blocks.ts';
import type { VenueCommand } from '../model/commands.ts';
import type { Money } from '../model/currency.ts';
import type { InstrumentIndex, Price, Quantity } from '../model/instrument.ts';
import { type ClientOrderId, LiquiditySide } from '../model/order.ts';
import type { VenueReport } from '../model/reports.ts';
import { Executions } from './executions.ts';
import { DepthMatcher } from './depth/depth-matcher.ts';
import { DepthPlay } from './depth/depth-play.ts';
import type { FeedBlock } from './depth/venue-feed.ts';
import { Latency } from './latency.ts';
import { checkVenueConfig, type VenueConfig, type VenueServices } from './matching/fill-rules.ts';
import { Matcher } from './matching/matcher.ts';
import { scanDesk } from './matching/scan.ts';
import type { InstrumentDesk } from './orders/instrument-desk.ts';
import { type JudgeOrder, OrderEntry } from './orders/order-entry.ts';
import { NEVER_TS } from './orders/working-order.ts';
import { type ReportListener, ReportQueue } from './report-queue.ts';
import type { PendingCommand, SimulatedVenueState } from './simulated-venue-state.ts';

/**
 * A simulated exchange account: takes commands, is shown market data, and reports. One thread, no clock, no chance.
 *
 * The caller's loop: `scan` rows up to the first that could matter; walk that row with `beginRow` and `while (nextPoint())`, each time
 * handing reports over to the core and carrying out the commands that follow; tell it with `observe` which rows went by; call `advance` when
 * `nextDueTs` comes. Rules by example: docs/concepts/fills.md.
 */
export class SimulatedVenue {
  /** When the venue must next be advanced though no row comes: a command or report arrives, an order expires. Infinity for nothing. */
  nextDueTs = Number.POSITIVE_INFINITY;
  private readonly orderEntryUs: number;
  private readonly entryLatency: Latency | null;
  private readonly queue: ReportQueue;
  private readonly executions: Executions;
  private readonly matcher: Matcher;
  private readonly entry: OrderEntry;
  private readonly depth: DepthPlay | null;
  private pending: PendingCommand[] = [];
  /** The row that has begun and not ended. */
  private rowBlock: PricedBlock | null = null;
  private row = 0;

  constructor(config: VenueConfig, services: VenueServices) {
    checkVenueConfig(config);
    const instrumentCount = 1 + Math.max(-1, ...config.instruments.map((entry) => entry.instrument.index));
    this.orderEntryUs = config.orderEntryUs;
    const { latency, depth = null } = config;
    this.entryLatency = latency === undefined ? null : new Latency(latency.orderEntry, 'orderEntry');
    this.queue = new ReportQueue(config.responseUs, latency === undefined ? null : new Latency(latency.response, 'response'));
    this.executions = new Executions(instrumentCount);
    this.matcher = new Matcher(services, this.queue, this.executions);
    const judge =
      depth === null
        ? null
        : new DepthMatcher(this.matcher, services, this.queue, this.executions, (instrument) => depth.rules.get(instrument)!);
    this.entry = new OrderEntry(config.instruments, services, this.queue, this.executions, judge ?? this.matcher);
    this.depth = depth === null || judge === null ? null : new DepthPlay(depth, judge, this.entry);
  }

  /** True while something has reached the house that was not handed over. */
  get hasReports(): boolean {
    return this.queue.count > 0;
  }

  /** What has reached the house and was not handed over, in order; a copy. */
  get reports(): readonly VenueReport[] {
    return this.queue.reports();
  }

  /** Beside each of `reports`: when it reached the house, the core's tsInit; a copy. */
  get tsArrive(): readonly number[] {
    return this.queue.tsArrive();
  }

  /** Hands over what has reached the house, in order. */
  handOver(listener: ReportListener): void {
    this.queue.handOver(listener);
  }

  /** Reports that have arrived and were not cleared, and those on their way. */
  unheardReports(): readonly VenueReport[] {
    return this.queue.unheard();
  }

  /** Net position of the account, from the venue's own fills. */
  position(instrument: InstrumentIndex): Quantity {
    return this.executions.position(instrument);
  }

  /** Sets the position after something other than a fill changed it (a split, a position carried in). */
  setPosition(instrument: InstrumentIndex, quantity: Quantity): void {
    this.executions.setPosition(instrument, quantity);
  }

  workingOrderCount(instrument: InstrumentIndex): number {
    return this.entry.deskAt(instrument)?.orders.length ?? 0;
  }

  /** Own traded value that the next fee of this instrument is judged on; 0n where its schedule has no tiers. */
  tradedValue(instrument: InstrumentIndex, ts: number): Money {
    const desk = this.entry.desk(instrument);
    return this.executions.tradedValueFor(desk.instrument, desk.config.fees, ts);
  }

  /**
   * Takes a command that left the house at `ts` (the core's present time). Without latency it takes effect now.
   * Reports of one command should be handed on before the next is given; a quantity to be decided by the core waits for that by itself.
   *
   * @param knownTs tsInit of the newest market data that strategies have been handed: inside a bar's path a command takes effect no earlier,
   * or the rest of the path would be traded with what came after it (another instrument's bar of the same interval)
   */
  handle(command: VenueCommand, ts: number, knownTs = Number.NEGATIVE_INFINITY): void {
    this.queue.now = Math.max(this.queue.now, ts);
    const { pathDesk, path } = this.matcher;
    // Hot: without latency, between rows and with nothing on its way a command takes effect where it is given.
    if (pathDesk === null && this.orderEntryUs === 0 && this.entryLatency === null && this.pending.length === 0) {
      this.perform(command, ts);
      return this.updateDue();
    }
    if (this.entryLatency !== null) {
      const last = this.pending.at(-1)?.dueTs ?? 0;
      this.enqueue(Math.max(last, ts + this.entryLatency.at(ts)), command);
      return this.updateDue();
    }
    // What names an order that has just ended is answered where it ended.
    const isInPath = pathDesk !== null && (this.deskFor(command) ?? pathDesk) === pathDesk;
    const presentTs = isInPath ? path.eventTs : ts;
    // Inside a bar's path a command answers a report: it leaves when that was heard.
    const dueTs = (isInPath ? Math.max(presentTs, this.queue.heardTs, knownTs) : ts) + this.orderEntryUs;
    const isBlocked = this.pending.length > 0 && this.pending[0]!.dueTs <= dueTs;
    if (dueTs === presentTs && !isBlocked) this.perform(command, dueTs);
    else this.enqueue(dueTs, command);
    this.updateDue();
  }

  /** Performs what is due at or before `ts`, in order of time: expiries, then commands, then reports that arrive. */
  advance(ts: number): void {
    while (this.nextDueTs <= ts) {
      const dueTs = this.nextDueTs;
      this.queue.now = Math.max(this.queue.now, dueTs);
      if (!this.performDue(dueTs)) break;
    }
    this.queue.now = Math.max(this.queue.now, ts);
    this.queue.drain();
    this.updateDue();
  }

  /**
   * First row of [from, to) at which something could happen here: an order of the block's instrument reached, or a row at or after
   * `nextDueTs`; else `to`. Changes nothing; `to` at once when nothing works on the instrument.
   */
  scan(block: PricedBlock, from: number, to: number): number {
    if (this.depth !== null) return to;
    const end = this.nextDueTs === Number.POSITIVE_INFINITY ? to : lowerBoundLastFirst(block.tsInit, from, to, this.nextDueTs);
    const desk = this.entry.deskAt(block.instrument);
    return desk === undefined || desk.orders.length === 0 || !desk.matches(block) ? end : scanDesk(desk, block, from, end);
  }

  /**
   * Rows up to and including `row`, which was not walked, have gone by: takes over the last prices and quantities. Call before carrying out
   * commands. A row that was walked is taken over at its end, with what was taken from it.
   */
  observe(block: PricedBlock, row: number): void {
    if (this.depth !== null) return;
    const desk = this.entry.deskAt(block.instrument);
    desk?.openPools(block, row);
    desk?.observe(block, row);
  }

  /** Performs what is due by the row's time, then sets out on its path. Follow with {@link nextPoint} until it returns false. */
  beginRow(block: PricedBlock, row: number): void {
    assert(this.rowBlock === null, 'a row is begun when the one before it has ended');
    this.advance(block.tsInit[row]!);
    this.rowBlock = block;
    this.row = row;
    const desk = this.entry.deskAt(block.instrument);
    if (desk === undefined || this.depth !== null) return;
    desk.openPools(block, row);
    if (desk.orders.length > 0 && desk.matches(block)) this.matcher.beginPath(desk, block, row);
  }

  /**
   * Goes on along the row's path until there is something to report. Hand `reports` on and clear them before the next call.
   *
   * @returns true when `reports` holds something and the row may go on; false when the row has ended with nothing more to report
   */
  nextPoint(): boolean {
    const { path } = this.matcher;
    while (this.queue.count === 0 && this.matcher.pathDesk !== null) {
      const head = this.pending[0];
      // Nothing is left that could react, and nothing comes: the rest of the way changes nothing.
      if (head === undefined && this.matcher.pathDesk.orders.length === 0) this.matcher.endPath();
      else if (head !== undefined && (head.dueTs <= path.startTs || head.command.kind === 'JudgeOrder')) this.performDue(head.dueTs);
      else if (!this.matcher.stepReaction(this.matcher.pathDesk)) this.matcher.endMove(this.matcher.pathDesk);
    }
    if (this.matcher.pathDesk === null && this.rowBlock !== null) {
      this.entry.deskAt(this.rowBlock.instrument)?.observe(this.rowBlock, this.row);
      this.rowBlock = null;
    }
    if (this.rowBlock === null && this.queue.count === 0) this.advance(this.queue.now);
    this.updateDue();
    return this.queue.count > 0;
  }

  /**
   * A forced execution (a liquidation): an order of the venue's own, under an id that the caller supplies, filled at `price` whatever the
   * market shows; charged as TAKER. It is reported without latency, and what is on its way arrives before it: the account that was found
   * wanting is settled in the step that finds it, and is not found wanting once more.
   *
   * @param signedQty what is traded: negative sells
   */
  liquidate(clientOrderId: ClientOrderId, instrument: InstrumentIndex, signedQty: Quantity, price: Price, ts: number): void {
    assert(signedQty !== 0, 'a liquidation trades something');
    const desk = this.entry.desk(instrument);
    this.queue.now = Math.max(this.queue.now, ts);
    this.queue.emit(
      this.executions.book({
        clientOrderId,
        instrument: desk.instrument,
        fees: desk.config.fees,
        side: signedQty > 0 ? 1 : -1,
        price,
        quantity: Math.abs(signedQty),
        liquiditySide: LiquiditySide.TAKER,
        orderQtyBefore: 0,
        orderValueBefore: 0n,
        ts,
        orderQtyFinal: null,
      }),
    );
    this.matcher.cancelIrreducible(desk, ts);
    this.queue.settle();
    desk.refresh();
    this.updateDue();
  }

  /**
   * The account is about to be closed by force: every working order of it is canceled, and an order that arrives is refused until
   * {@link endClosing}. Reported without latency, and what is on its way arrives before it, so that the house knows what is held.
   */
  beginClosing(ts: number): void {
    this.queue.now = Math.max(this.queue.now, ts);
    this.entry.isClosing = true;
    for (const desk of this.entry.deskList) this.entry.cancelAll(desk, 'VENUE_LIQUIDATION', ts);
    this.queue.settle();
    this.updateDue();
  }

  /** The account is closed. Orders still on their way were judged for the account that it was: they are refused when they arrive. */
  endClosing(): void {
    this.entry.isClosing = false;
    this.pending = this.pending.map((each) => (each.command.kind === 'SubmitOrder' ? { ...each, isVoid: true } : each));
  }

  /** A split: every working order is canceled, since all are stated in old shares, and the position becomes `positionAfter`. */
  split(instrument: InstrumentIndex, positionAfter: Quantity, ts: number): void {
    const desk = this.entry.desk(instrument);
    this.queue.now = Math.max(this.queue.now, ts);
    // Also what is sized at the fill: it has a maximum that risk approved in old shares.
    this.entry.cancelAll(desk, 'VENUE_SPLIT', ts);
    this.executions.setPosition(instrument, positionAfter);
    this.updateDue();
  }

  /** The instrument has come to its end: its orders are canceled, and none is accepted from its expiry on. */
  expire(instrument: InstrumentIndex, ts: number): void {
    this.queue.now = Math.max(this.queue.now, ts);
    this.entry.cancelAll(this.entry.desk(instrument), 'INSTRUMENT_EXPIRED', ts);
    this.queue.settle();
    this.updateDue();
  }

  /** True where orders trade against books that it is told of. */
  get isTold(): boolean {
    return this.depth?.isTold === true;
  }

  /** Rows that the house is about to have, of a venue that {@link isTold}. Follow with {@link playTold} when the house has had them. */
  tell(block: FeedBlock): void {
    this.depth!.tell(block);
    this.updateDue();
  }

  /** The house has had everything up to `ts`: no row before it is told of any more. */
  playTold(ts: number): void {
    this.queue.now = Math.max(this.queue.now, ts);
    this.depth!.playTo(ts);
    this.updateDue();
  }

  /** Lets go of the recording that it plays. */
  close(): void {
    this.depth?.close();
  }

  saveState(): SimulatedVenueState {
    assert(this.rowBlock === null && this.queue.count === 0, 'state is saved between rows, with all reports handed on');
    return {
      queue: this.queue.saveState(),
      entryLatency: this.entryLatency?.saveState() ?? null,
      sequence: this.entry.sequence,
      rowSerial: this.matcher.rowSerial,
      orders: this.entry.saveOrders(),
      markets: this.entry.deskList.map((desk) => [desk.instrument.index, { ...desk.market }] as const),
      pending: [...this.pending],
      executions: this.executions.saveState(),
      depth: this.depth?.saveState() ?? null,
    };
  }

  loadState(state: SimulatedVenueState): void {
    assert(this.rowBlock === null && this.queue.count === 0, 'state is loaded between rows, with all reports handed on');
    this.queue.loadState(state.queue);
    this.entryLatency?.loadState(state.entryLatency);
    this.entry.sequence = state.sequence;
    this.matcher.rowSerial = state.rowSerial;
    this.pending = [...state.pending];
    this.executions.loadState(state.executions);
    for (const [instrument, market] of state.markets) this.entry.desk(instrument).market = { ...market };
    this.entry.loadOrders(state.orders);
    if (this.depth !== null && state.depth !== null) this.depth.loadState(state.depth);
    this.updateDue();
  }

  /** The desk that a command concerns, also where its order is still on the way here. */
  private deskFor(command: VenueCommand): InstrumentDesk | undefined {
    const known = this.entry.deskFor(command);
    if (known !== undefined) return known;
    const sent = this.pending.find(
      (entry) => entry.command.kind === 'SubmitOrder' && entry.command.clientOrderId === command.clientOrderId,
    );
    return sent?.command.kind === 'SubmitOrder' ? this.entry.deskAt(sent.command.instrument) : undefined;
  }

  private perform(command: VenueCommand | JudgeOrder, ts: number): void {
    // What the venue made up to the instant of a command comes before it.
    this.depth?.playTo(ts);
    const later = this.entry.perform(command, ts);
    if (later !== null) this.enqueue(ts, later);
  }

  private enqueue(dueTs: number, command: VenueCommand | JudgeOrder): void {
    const { pending } = this;
    let at = pending.length;
    while (at > 0 && pending[at - 1]!.dueTs > dueTs) at -= 1;
    if (at === pending.length) pending.push({ dueTs, command });
    else pending.splice(at, 0, { dueTs, command });
  }

  /** Performs the first thing that is due at `ts`; false when it has to wait for reports to be handed on. */
  private performDue(ts: number): boolean {
    const expired = this.expiredDesk(ts);
    if (expired !== null) {
      this.entry.expire(expired, ts);
      this.updateDue();
      return true;
    }
    if (this.depth !== null && this.depth.nextTs <= ts) {
      this.depth.playTo(ts);
      this.updateDue();
      return true;
    }
    const head = this.pending[0];
    if (head !== undefined && head.dueTs <= ts) {
      if (head.command.kind === 'JudgeOrder' && this.queue.hasUndeliveredFill) return false;
      if (this.pending.length === 1) this.pending.pop();
      else this.pending.shift();
      if (head.isVoid === true && head.command.kind === 'SubmitOrder')
        this.entry.refuse(head.command.clientOrderId, 'VENUE_LIQUIDATION', head.dueTs);
      else this.perform(head.command, head.dueTs);
    } else this.queue.drain();
    this.updateDue();
    return true;
  }

  private updateDue(): void {
    let dueTs = this.queue.nextArrivalTs;
    if (this.pending.length > 0) dueTs = Math.min(dueTs, this.pending[0]!.dueTs);
    if (this.entry.working.expiringDesks > 0) dueTs = Math.min(dueTs, this.expiryDueTs());
    // The recording waits while nothing in it could move an order: it is played when that comes, or a command.
    if (this.depth !== null && this.entry.working.byId.size > 0) dueTs = Math.min(dueTs, this.depth.dueTs);
    this.nextDueTs = dueTs;
  }

  private expiryDueTs(): number {
    let expireTsMin = NEVER_TS;
    for (const desk of this.entry.deskList) expireTsMin = Math.min(expireTsMin, desk.expireTsMin);
    return expireTsMin + 1;
  }

  private expiredDesk(ts: number): InstrumentDesk | null {
    if (this.entry.working.expiringDesks === 0) return null;
    for (const desk of this.entry.deskList) if (desk.expireTsMin < ts) return desk;
    return null;
  }
}
