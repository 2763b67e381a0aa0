import { useMemo, useState } from 'react';
import type { Order } from '../../../../src/contract/api/orders.ts';
import { cancelAll } from '../../api/commands.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Dialog } from '../../parts/overlay.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';
import { Segmented } from '../../parts/segmented.tsx';
import { isOpen } from '../../state/derived.ts';
import { desk } from '../../state/desk.ts';
import { goTo, route } from '../../state/route.ts';
import { useTopic } from '../../state/topic.ts';
import { ORDER_COLUMNS, orderClass, orderKey } from './order-columns.tsx';

const VIEWS = [
  ['all', 'All'],
  ['working', 'Working'],
  ['denied', 'Denied'],
] as const;
type View = (typeof VIEWS)[number][0];

function isWanted(order: Order, view: View): boolean {
  if (view === 'all') return true;
  return view === 'working' ? isOpen(order) : order.status === 'DENIED' || order.status === 'REJECTED';
}

/** Working orders first, then the newest. */
function inOrder(orders: readonly Order[]): readonly Order[] {
  return [...orders].sort(
    (a, b) =>
      Number(isOpen(b)) - Number(isOpen(a)) || b.tsInit - a.tsInit || Number(b.clientOrderId.slice(2)) - Number(a.clientOrderId.slice(2)),
  );
}

function open(order: Order): void {
  goTo('orders', order.clientOrderId);
}

export function OrdersPanel() {
  const orders = useTopic(desk.orders);
  const { subject } = useTopic(route);
  const [view, setView] = useState<View>('all');
  const [words, setWords] = useState('');
  const [isAsking, setAsking] = useState(false);
  const shown = useMemo(() => {
    const wanted = words.trim().toLowerCase();
    return inOrder(
      orders.filter(
        (order) =>
          isWanted(order, view) &&
          (wanted === '' || `${order.instrument} ${order.strategy} ${order.tag} ${order.side}`.toLowerCase().includes(wanted)),
      ),
    );
  }, [orders, view, words]);
  const working = orders.filter(isOpen).length;
  return (
    <Panel
      title="Orders"
      note={`${working} working, ${orders.length} in sight`}
      className="order-list"
      controls={
        <>
          <input
            className="filter"
            aria-label="Filter orders"
            placeholder="Filter"
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
          <Segmented label="Orders shown" options={VIEWS} value={view} onChange={setView} />
          <button type="button" disabled={working === 0} onClick={() => setAsking(true)}>
            Cancel all
          </button>
        </>
      }
    >
      <DataTable
        name="Orders"
        rows={shown}
        keyOf={orderKey}
        columns={ORDER_COLUMNS}
        classOf={orderClass}
        onOpen={open}
        chosen={subject}
        empty={
          view === 'all' && words === '' ? (
            <Empty title="No order has been sent yet." next="Press b or s for a ticket, or start a strategy." />
          ) : (
            <Empty title="No order is like that." next="Show all, or clear the filter." />
          )
        }
      />
      {isAsking ? (
        <Dialog title="Cancel all working orders" onClose={() => setAsking(false)}>
          <div className="dialog-body">
            <p>
              Asks the venue to cancel {working} working {working === 1 ? 'order' : 'orders'} of all strategies. They may still fill until
              it answers.
            </p>
            <div className="buttons">
              <button type="button" onClick={() => setAsking(false)}>
                Keep them
              </button>
              <button
                type="button"
                className="danger"
                onClick={() => {
                  setAsking(false);
                  void cancelAll();
                }}
              >
                Cancel {working}
              </button>
            </div>
          </div>
        </Dialog>
      ) : null}
    </Panel>
  );
}
