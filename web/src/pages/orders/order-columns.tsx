import type { Order } from '../../../../src/contract/api/orders.ts';
import { cancelOrder } from '../../api/commands.ts';
import { instrumentPrice, instrumentQuantity } from '../../numbers/instrument-prices.ts';
import { momentText } from '../../numbers/time-text.ts';
import type { Column } from '../../parts/data-table.tsx';
import { SideWord } from '../../parts/figures.tsx';
import { InstrumentName } from '../../parts/instrument-name.tsx';
import { isAwaited, isOpen } from '../../state/derived.ts';
import { serverNow } from '../../state/now.ts';

const STATUS_WORDS: Readonly<Record<string, string>> = {
  PENDING_CANCEL: 'canceling',
  PENDING_MODIFY: 'modifying',
  PARTIALLY_FILLED: 'partly filled',
};

export function statusWord(status: string): string {
  return STATUS_WORDS[status] ?? status.toLowerCase();
}

function statusClass({ status }: Order): string {
  if (status === 'DENIED' || status === 'REJECTED') return 'danger-text';
  return status === 'UNKNOWN' ? 'warning-text' : '';
}

export function typeWord({ orderType, timeInForce, postOnly, reduceOnly }: Order): string {
  const flags = `${postOnly ? ' post' : ''}${reduceOnly ? ' reduce' : ''}`;
  return `${orderType.replace('_', ' ').toLowerCase()} ${timeInForce}${flags}`;
}

export function priceOf(order: Order): string {
  if (order.limitPrice !== null) return instrumentPrice(order.instrument, order.limitPrice);
  return order.stopPrice === null ? 'market' : `stop ${instrumentPrice(order.instrument, order.stopPrice)}`;
}

export function orderKey(order: Order): string {
  return order.clientOrderId;
}

export function orderClass(order: Order): string {
  return isOpen(order) ? (isAwaited(order) ? 'is-pending' : '') : 'is-closed';
}

function CancelButton({ order }: { readonly order: Order }) {
  if (!isOpen(order)) return null;
  return (
    <button
      type="button"
      disabled={order.status === 'PENDING_CANCEL'}
      aria-label={`Cancel ${order.clientOrderId}`}
      onClick={(event) => {
        event.stopPropagation();
        void cancelOrder(order);
      }}
    >
      <span className="long">Cancel</span>
      <span className="short" aria-hidden="true">
        ×
      </span>
    </button>
  );
}

export const ORDER_COLUMNS: readonly Column<Order>[] = [
  { id: 'time', title: 'Time', isMinor: true, cell: (order) => momentText(order.tsInit, serverNow()), by: (order) => order.tsInit },
  { id: 'id', title: 'Order', isMinor: true, cell: (order) => order.clientOrderId, by: (order) => Number(order.clientOrderId.slice(2)) },
  { id: 'instrument', title: 'Instrument', cell: (order) => <InstrumentName id={order.instrument} />, by: (order) => order.instrument },
  { id: 'side', title: 'Side', cell: (order) => <SideWord side={order.side} />, by: (order) => order.side },
  { id: 'type', title: 'Type', isMinor: true, cell: typeWord, by: (order) => order.orderType },
  {
    id: 'quantity',
    title: 'Quantity',
    isNumber: true,
    cell: (order) => instrumentQuantity(order.instrument, order.orderQty),
    by: (order) => Number(order.orderQty),
  },
  {
    id: 'filled',
    title: 'Filled',
    isNumber: true,
    isMinor: true,
    cell: (order) => instrumentQuantity(order.instrument, order.cumQty),
    by: (order) => Number(order.cumQty),
  },
  { id: 'price', title: 'Price', isNumber: true, cell: priceOf, by: (order) => Number(order.limitPrice ?? order.stopPrice ?? 0) },
  {
    id: 'average',
    title: 'Average',
    isNumber: true,
    isMinor: true,
    cell: (order) => instrumentPrice(order.instrument, order.avgPx),
  },
  {
    id: 'status',
    title: 'Status',
    cell: (order) => <span className={statusClass(order)}>{statusWord(order.status)}</span>,
    by: (order) => order.status,
  },
  { id: 'strategy', title: 'Strategy', isMinor: true, cell: (order) => order.strategy ?? '–', by: (order) => order.strategy ?? '' },
  {
    id: 'tag',
    title: 'Tag',
    isRoomy: true,
    isWide: true,
    cell: (order) => <span className="muted">{order.tag}</span>,
    by: (order) => order.tag,
  },
  { id: 'cancel', title: <span className="visually-hidden">Cancel</span>, isAct: true, cell: (order) => <CancelButton order={order} /> },
];
