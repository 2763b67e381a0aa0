import type { Engine } from '../core/engine.ts';
import { assert } from '../base/assert.ts';
import { BlockKind, type MarketBlock } from '../model/blocks.ts';
import type { TradingCalendar } from '../model/calendar.ts';
import type { VenueCommand } from '../model/commands.ts';
import type { Money } from '../model/currency.ts';
import type { InstrumentIndex, Price, Quantity } from '../model/instrument.ts';
import type { Side } from '../model/order.ts';
import { notionalValue } from '../model/valuation.ts';
import { utcDayEndAfter, type VenueConfig } from '../sim/matching/fill-rules.ts';
import { SimulatedVenue } from '../sim/simulated-venue.ts';
import type { SimulatedVenueState } from '../sim/simulated-venue-state.ts';

/** A venue of the run: its name (as in instrument ids) and how it trades. */
export interface VenueSpec extends VenueConfig {
  readonly venue: string;
}

/** A position that the venue closes by force. */
export interface ForcedClose {
  readonly strategy: number;
  readonly instrument: InstrumentIndex;
  readonly side: Side;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly tag: string;
}

/** By venue, in the order of the run. */
export type VenueDesksState = readonly { readonly venue: string; readonly state: SimulatedVenueState }[];

/** The simulated venues of a run, found by instrument: what the backtest's loop talks to. */
export class VenueDesks {
  private readonly engine: Engine;
  private readonly venues: readonly SimulatedVenue[];
  /** Set where there is one venue, which is nearly always: asked for everything, without a walk over one. */
  private readonly only: SimulatedVenue | null;
  private readonly venueOf: readonly SimulatedVenue[];
  private readonly venueNames: readonly string[];

  constructor(specs: readonly VenueSpec[], engine: Engine, calendars: readonly (TradingCalendar | null)[]) {
    this.engine = engine;
    const services = {
      sizeAtFill: (id: number, price: number): number => engine.quantityAtFill(id, price),
      cashFor: (instrument: InstrumentIndex): Money | null => this.cashFor(instrument),
      sessionCloseAfter: (instrument: InstrumentIndex, ts: number): number => calendars[instrument]?.nextClose(ts) ?? utcDayEndAfter(ts),
    };
    this.venues = specs.map((spec) => new SimulatedVenue(spec, services));
    this.venueNames = specs.map((spec) => spec.venue);
    this.only = this.venues.length === 1 ? this.venues[0]! : null;
    this.venueOf = engine.instruments.map((instrument) => {
      const venue = this.venues[specs.findIndex((spec) => spec.venue === instrument.venue)];
      assert(venue !== undefined, `${instrument.id}: no venue ${instrument.venue} in this run`);
      return venue;
    });
  }

  get nextDueTs(): number {
    if (this.only !== null) return this.only.nextDueTs;
    let dueTs = Number.POSITIVE_INFINITY;
    for (const venue of this.venues) dueTs = Math.min(dueTs, venue.nextDueTs);
    return dueTs;
  }

  advance(ts: number): void {
    for (const venue of this.venues) venue.advance(ts);
  }

  /** First row of [from, to) that its venue must look at, else `to`. */
  scan(block: MarketBlock, from: number, to: number): number {
    return block.kind === BlockKind.BOOK_DELTAS ? to : this.venueOf[block.instrument]!.scan(block, from, to);
  }

  /** Own traded value that the next fee of this instrument is judged on; 0n where its schedule has no tiers. */
  tradedValue(instrument: InstrumentIndex, ts: number): Money {
    return this.venueOf[instrument]!.tradedValue(instrument, ts);
  }

  /** The house is about to have rows. Venues whose books come with them are told: see {@link SimulatedVenue.tell}. */
  tell(block: MarketBlock): void {
    const venue = this.venueOf[block.instrument]!;
    if (venue.isTold && (block.kind === BlockKind.BOOK_DELTAS || block.kind === BlockKind.TRADES)) venue.tell(block);
  }

  /** The house has had all rows up to `ts`. */
  playTold(ts: number): void {
    for (const venue of this.venues) if (venue.isTold) venue.playTold(ts);
  }

  observe(block: MarketBlock, row: number): void {
    if (block.kind !== BlockKind.BOOK_DELTAS) this.venueOf[block.instrument]!.observe(block, row);
  }

  beginRow(block: MarketBlock, row: number): void {
    if (block.kind !== BlockKind.BOOK_DELTAS) this.venueOf[block.instrument]!.beginRow(block, row);
  }

  nextPoint(block: MarketBlock): boolean {
    return block.kind !== BlockKind.BOOK_DELTAS && this.venueOf[block.instrument]!.nextPoint();
  }

  handle(command: VenueCommand, ts: number): void {
    const venue = this.only ?? this.venueOf[this.engine.orders.table.instrument[command.clientOrderId]!]!;
    venue.handle(command, ts, this.engine.dataTs);
  }

  /** Hands every report that has arrived to the core. @returns false where there was none */
  deliverReports(): boolean {
    if (this.only !== null) return this.deliverReportsOf(this.only);
    let delivered = false;
    for (const venue of this.venues) if (this.deliverReportsOf(venue)) delivered = true;
    return delivered;
  }

  /** The venue begins to close the account there: its orders are canceled, and none is taken until {@link endClosing}. */
  beginClosing(venue: string, ts: number): void {
    this.named(venue).beginClosing(ts);
  }

  endClosing(venue: string): void {
    this.named(venue).endClosing();
  }

  /** The venue closes a position of its own accord; the order is born here and reported like any other. */
  close(forced: ForcedClose, ts: number): void {
    const id = this.engine.adoptOrder(forced);
    this.venueOf[forced.instrument]!.liquidate(id, forced.instrument, forced.side * forced.quantity, forced.price, ts);
  }

  expire(instrument: InstrumentIndex, ts: number): void {
    this.venueOf[instrument]!.expire(instrument, ts);
  }

  split(instrument: InstrumentIndex, ts: number): void {
    this.venueOf[instrument]!.split(instrument, this.engine.portfolio.positions.venueQuantity(instrument), ts);
  }

  /** Between rows, with all reports handed over. */
  saveState(): VenueDesksState {
    return this.venues.map((venue, at) => ({ venue: this.venueNames[at]!, state: venue.saveState() }));
  }

  loadState(venues: VenueDesksState): void {
    for (const { venue, state } of venues) this.named(venue).loadState(state);
  }

  closeRecordings(): void {
    for (const venue of this.venues) venue.close();
  }

  /** The balance of a cash account as the venue has it: what the ledger says, less what fills take that the house has not heard of. */
  private cashFor(index: InstrumentIndex): Money | null {
    const { portfolio, instruments, orders } = this.engine;
    const account = portfolio.accountOf(index);
    const { quote, isDelivered } = instruments[index]!;
    if (!isDelivered || portfolio.account(account).type !== 'CASH') return null;
    let cash = portfolio.valuation.balance(account, quote.code);
    for (const report of this.venueOf[index]!.unheardReports()) {
      if (report.kind !== 'Fill') continue;
      const traded = instruments[orders.table.instrument[report.clientOrderId]!]!;
      if (traded.settlement.code !== quote.code) continue;
      cash -= report.commission;
      if (traded.isDelivered) cash -= notionalValue(traded, report.lastPx, orders.table.side[report.clientOrderId]! * report.lastQty);
    }
    return cash;
  }

  private named(venue: string): SimulatedVenue {
    const found = this.venues[this.venueNames.indexOf(venue)];
    if (found === undefined) assert(false, `no venue ${venue} in this run`);
    return found;
  }

  private deliverReportsOf(venue: SimulatedVenue): boolean {
    if (!venue.hasReports) return false;
    venue.handOver(this.engine);
    return true;
  }
}
