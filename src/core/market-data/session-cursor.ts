import type { TradingCalendar } from '../../model/calendar.ts';

export interface SessionCursorState {
  readonly openTs: number;
  readonly closeTs: number;
}

/** The session that rows fall into, remembered: rows come in order, so most questions are answered by two comparisons. */
export class SessionCursor {
  /** Bounds of the session found last, or of the next one when closed (both Infinity when none is left). */
  openTs: number;
  closeTs: number;
  private readonly calendar: TradingCalendar | null;

  constructor(calendar: TradingCalendar | null) {
    this.calendar = calendar;
    // Without a calendar everything is one endless session; with one, nothing is known before the first question.
    this.openTs = calendar === null ? -Infinity : Infinity;
    this.closeTs = Infinity;
  }

  /** True when a session contains `ts`. */
  locate(ts: number): boolean {
    const { calendar } = this;
    if (calendar === null || (ts >= this.openTs && ts < this.closeTs)) return true;
    const session = calendar.firstClosingAfter(ts);
    const exists = session < calendar.sessionCount;
    this.openTs = exists ? calendar.sessionOpen[session]! : Infinity;
    this.closeTs = exists ? calendar.sessionClose[session]! : Infinity;
    return ts >= this.openTs;
  }

  saveState(): SessionCursorState {
    return { openTs: this.openTs, closeTs: this.closeTs };
  }

  loadState({ openTs, closeTs }: SessionCursorState): void {
    this.openTs = openTs;
    this.closeTs = closeTs;
  }
}
