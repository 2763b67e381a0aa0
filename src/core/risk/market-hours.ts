import type { TradingCalendar } from '../../model/calendar.ts';
import type { Instrument, InstrumentIndex } from '../../model/instrument.ts';
import { MarketPhase } from '../../model/market-phase.ts';

/** By instrument. */
export type MarketHoursState = readonly MarketPhase[];

/** Whether instruments trade: by their calendars, and by what venues last said of them. */
export class MarketHours {
  readonly #calendars: readonly (TradingCalendar | null)[];
  readonly #phases: MarketPhase[];

  constructor(instruments: readonly Instrument[], calendars: readonly (TradingCalendar | null)[]) {
    this.#calendars = calendars;
    this.#phases = instruments.map(() => MarketPhase.TRADING);
  }

  phase(instrument: InstrumentIndex): MarketPhase {
    return this.#phases[instrument]!;
  }

  setPhase(instrument: InstrumentIndex, phase: MarketPhase): void {
    this.#phases[instrument] = phase;
  }

  /** By the calendar; a market without one never closes, and outside the span that a calendar was built for nothing is open. */
  isOpen(instrument: InstrumentIndex, ts: number): boolean {
    const calendar = this.#calendars[instrument] ?? null;
    if (calendar === null) return true;
    return ts >= calendar.spanFromTs && ts < calendar.spanToTs && calendar.isOpen(ts);
  }

  saveState(): MarketHoursState {
    return [...this.#phases];
  }

  loadState(phases: MarketHoursState): void {
    phases.forEach((phase, instrument) => {
      this.#phases[instrument] = phase;
    });
  }
}
