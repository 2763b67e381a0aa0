import type { OrderEventInfo } from '../../../../src/contract/api/orders.ts';
import { decimalText } from '../../numbers/decimal-text.ts';
import { exactTimeText } from '../../numbers/time-text.ts';

/** `OrderPartiallyFilled` as `Partially filled`. */
function eventWords(kind: string): string {
  const words = kind
    .replace(/^Order/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function eventDetail(event: OrderEventInfo): string {
  const parts: string[] = [];
  if (event.lastQty !== undefined) parts.push(`${decimalText(event.lastQty)} at ${decimalText(event.lastPx ?? '')}`);
  if (event.leavesQty !== undefined) parts.push(`${decimalText(event.leavesQty)} left`);
  if (event.lastQty === undefined && event.orderQty !== undefined) parts.push(`quantity ${decimalText(event.orderQty)}`);
  if (event.limitPrice !== undefined) parts.push(`limit ${decimalText(event.limitPrice)}`);
  if (event.stopPrice !== undefined) parts.push(`stop ${decimalText(event.stopPrice)}`);
  if (event.code !== undefined) parts.push(event.code);
  if (event.reason !== undefined && event.reason !== '') parts.push(event.reason);
  return parts.join(', ');
}

function sincePrevious(events: readonly OrderEventInfo[], at: number): string {
  const before = events[at - 1];
  if (before === undefined) return '';
  const us = events[at]!.tsInit - before.tsInit;
  return us < 1000 ? `+${us} µs` : us < 1e6 ? `+${(us / 1000).toFixed(1)} ms` : `+${(us / 1e6).toFixed(2)} s`;
}

/** What happened to an order, to the microsecond, the oldest first. */
export function OrderTimeline({ events, forgotten }: { readonly events: readonly OrderEventInfo[]; readonly forgotten: number }) {
  return (
    <>
      <h3>Life</h3>
      {forgotten === 0 ? null : <p className="muted">{forgotten} older events are no longer kept here; the journal has them.</p>}
      <ol className="timeline">
        {events.map((event, at) => (
          <li
            key={`${event.tsInit} ${event.kind} ${event.tradeId ?? ''} ${event.cumQty ?? ''}`}
            className={/Denied|Rejected/.test(event.kind) ? 'refused' : ''}
          >
            <div className="row spread">
              <strong>{eventWords(event.kind)}</strong>
              <span className="muted">{sincePrevious(events, at)}</span>
            </div>
            <time className="muted">{exactTimeText(event.tsInit)}</time>
            <p>{eventDetail(event)}</p>
          </li>
        ))}
      </ol>
    </>
  );
}
