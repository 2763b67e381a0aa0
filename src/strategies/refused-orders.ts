import { SECOND_US } from '../model/civil-date.ts';
import type { OrderEvent } from '../model/events.ts';

/** Microseconds without orders after one that was refused: what was in its way is mostly there still at the next change of a book. */
const REFUSED_PAUSE_US = 10 * SECOND_US;
/** Refusals of a venue that the next look does not meet again: it sees that the market has moved, or that the order has ended. */
const PASSING: ReadonlySet<string> = new Set(['VENUE_POST_ONLY_WOULD_TAKE', 'VENUE_ORDER_NOT_WORKING']);

/**
 * When orders may follow an event of one, as shipped strategies on books see it: ten seconds after our risk has denied, or the venue has rejected, an order
 * or its new values.
 *
 * @param now microseconds since the epoch
 * @returns microseconds since the epoch; `now` where nothing was refused
 */
export function resumesAt(event: OrderEvent, now: number): number {
  switch (event.kind) {
    case 'OrderDenied':
      return now + REFUSED_PAUSE_US;
    case 'OrderRejected':
    case 'ModifyRejected':
      return PASSING.has(event.reason) ? now : now + REFUSED_PAUSE_US;
    default:
      return now;
  }
}
