import type { VenueDesks } from './venue-desks.ts';
import type { Engine } from '../core/engine.ts';
import type { Instrument } from '../model/instrument.ts';

export interface ExpiriesState {
  /** How many of the dated instruments have expired. */
  readonly settled: number;
}

/**
 * The ends of dated instruments. At its expiry an instrument's open orders are canceled at the venue, in transit or not, and what is held is
 * settled in cash at the last price, as a close by the venue (tag `expiry`); its orders are refused from then on (INSTRUMENT_EXPIRED).
 */
export class Expiries {
  private readonly engine: Engine;
  private readonly venues: VenueDesks;
  /** Dated instruments, the first to expire first. */
  private readonly dated: readonly Instrument[];
  private next = 0;

  constructor(engine: Engine, venues: VenueDesks) {
    this.engine = engine;
    this.venues = venues;
    this.dated = engine.instruments
      .filter(({ expiryTs }) => expiryTs !== null)
      .sort((a, b) => a.expiryTs! - b.expiryTs! || a.index - b.index);
  }

  /** When the next instrument expires; Infinity for none. The inputs of that instant come before. */
  get dueTs(): number {
    return this.dated[this.next]?.expiryTs ?? Number.POSITIVE_INFINITY;
  }

  saveState(): ExpiriesState {
    return { settled: this.next };
  }

  loadState({ settled }: ExpiriesState): void {
    this.next = settled;
  }

  /** @param carryOut carries out effects and brings back reports, after each thing that the venue does */
  settle(carryOut: () => void): void {
    const { engine, venues } = this;
    const { index, expiryTs } = this.dated[this.next]!;
    this.next += 1;
    engine.now = Math.max(engine.now, expiryTs!);
    venues.expire(index, engine.now);
    carryOut();
    const account = engine.portfolio.accountOf(index);
    for (const item of engine.portfolio.valuation.liquidationList(account)) {
      if (item.instrument !== index) continue;
      venues.close({ ...item, price: engine.cache.lastPrice(index), tag: 'expiry' }, engine.now);
      carryOut();
    }
  }
}
