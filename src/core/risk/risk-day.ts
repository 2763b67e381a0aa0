import { DAY_US } from '../../model/civil-date.ts';
import type { TradingCalendar } from '../../model/calendar.ts';
import type { InstrumentIndex } from '../../model/instrument.ts';

/** From `fromTs` on, clocks of a zone are `offsetUs` ahead of UTC. */
export interface ZoneOffset {
  readonly fromTs: number;
  readonly offsetUs: number;
}

/**
 * When the day of a daily limit begins. ZONE: at a time of the clocks of a zone, whose changes were worked out at the rim. CALENDAR: where the
 * trading day of an instrument has closed, so that the night counts to the day after it.
 */
export type RiskDay =
  | {
      readonly kind: 'ZONE';
      /** For people; nothing here computes with it. */
      readonly zone: string;
      /** Clock time, microseconds from midnight. */
      readonly beginsUs: number;
      /** Sorted, at least one; the first also holds before it. */
      readonly offsets: readonly ZoneOffset[];
    }
  | { readonly kind: 'CALENDAR'; readonly instrument: InstrumentIndex };

export const MIDNIGHT_UTC: RiskDay = Object.freeze({
  kind: 'ZONE',
  zone: 'UTC',
  beginsUs: 0,
  offsets: Object.freeze([Object.freeze({ fromTs: Number.NEGATIVE_INFINITY, offsetUs: 0 })]),
});

/** The first start of a day strictly after `ts`. A calendar that ends before it goes on with days of 24 hours. */
export function nextDayStart(day: RiskDay, calendars: readonly (TradingCalendar | null)[], ts: number): number {
  if (day.kind === 'ZONE') return nextZoneStart(day, ts);
  const calendar = calendars[day.instrument] ?? null;
  return calendar === null ? (Math.floor(ts / DAY_US) + 1) * DAY_US : nextClose(calendar, ts);
}

function nextZoneStart({ beginsUs, offsets }: Extract<RiskDay, { kind: 'ZONE' }>, ts: number): number {
  const localUs = ts + offsets[segmentAt(offsets, ts)]!.offsetUs;
  // One day early: where clocks are about to be set, the day in hand may be a neighbour.
  for (let dayUs = Math.floor((localUs - beginsUs) / DAY_US) * DAY_US; ; dayUs += DAY_US) {
    const startTs = utcOf(offsets, dayUs + beginsUs);
    if (startTs > ts) return startTs;
  }
}

/** The stretch between two changes that `ts` lies in. */
function segmentAt(offsets: readonly ZoneOffset[], ts: number): number {
  let at = offsets.length - 1;
  while (at > 0 && offsets[at]!.fromTs > ts) at -= 1;
  return at;
}

/** A clock time that occurs twice means the first; one that does not occur is read with the offset from before the change, as the zone clock does. */
function utcOf(offsets: readonly ZoneOffset[], localUs: number): number {
  for (let at = 0; ; at += 1) {
    const utcUs = localUs - offsets[at]!.offsetUs;
    if (at + 1 === offsets.length || utcUs < offsets[at + 1]!.fromTs)
      return at > 0 && utcUs < offsets[at]!.fromTs ? localUs - offsets[at - 1]!.offsetUs : utcUs;
  }
}

function nextClose(calendar: TradingCalendar, ts: number): number {
  const { sessionCount, sessionDay, sessionClose } = calendar;
  let session = calendar.firstClosingAfter(ts);
  if (session === sessionCount) return ts + DAY_US;
  while (session + 1 < sessionCount && sessionDay[session + 1] === sessionDay[session]) session += 1;
  return sessionClose[session]!;
}
