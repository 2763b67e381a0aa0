import type { TradingCalendar } from '../../model/calendar.ts';
import type { DayNumber } from '../../model/civil-date.ts';

/**
 * The trading day that a bar of a day or longer stands for: the one whose sessions it covers most of; −1 where it touches none.
 *
 * Files cut days at midnight of some zone, or at times of their own, so neither edge of such a bar needs to lie in a session. A day in
 * UTC also touches the evening session of the next trading day (futures, foreign exchange): hence the most, and not the first.
 */
export function coveredDay(calendar: TradingCalendar, openTs: number, closeTs: number): DayNumber {
  const { sessionOpen, sessionClose, sessionDay, sessionCount } = calendar;
  let best = -1;
  let bestUs = 0;
  let day = -1;
  let dayUs = 0;
  let session = calendar.firstClosingAfter(Math.max(openTs, calendar.spanFromTs));
  for (; session < sessionCount && sessionOpen[session]! < closeTs; session += 1) {
    if (sessionDay[session]! !== day) dayUs = 0;
    day = sessionDay[session]!;
    dayUs += Math.min(closeTs, sessionClose[session]!) - Math.max(openTs, sessionOpen[session]!);
    if (dayUs <= bestUs) continue;
    best = day;
    bestUs = dayUs;
  }
  return best;
}
