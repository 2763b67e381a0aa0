import { useMemo } from 'react';
import type { Order } from '../../../../src/contract/api/orders.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';
import { isOpen } from '../../state/derived.ts';
import { desk } from '../../state/desk.ts';
import { goTo } from '../../state/route.ts';
import { useTopic } from '../../state/topic.ts';
import { ORDER_COLUMNS, orderClass, orderKey } from '../orders/order-columns.tsx';

const SHOWN_MAX = 50;
const LEFT_OUT: ReadonlySet<string> = new Set(['instrument', 'id', 'average', 'tag']);
const COLUMNS: readonly Column<Order>[] = ORDER_COLUMNS.filter(({ id }) => !LEFT_OUT.has(id)).map(({ by: _by, ...column }) => column);

function open(order: Order): void {
  goTo('orders', order.clientOrderId);
}

/** Our orders in the instrument that is looked at, working ones first. */
export function MarketOrdersPanel({ instrument }: { readonly instrument: string }) {
  const orders = useTopic(desk.orders);
  const shown = useMemo(
    () =>
      orders
        .filter((order) => order.instrument === instrument)
        .sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)) || b.tsInit - a.tsInit)
        .slice(0, SHOWN_MAX),
    [orders, instrument],
  );
  return (
    <Panel title="Orders here" note={`${shown.filter(isOpen).length} working`} className="market-orders">
      <DataTable
        name="Orders here"
        rows={shown}
        keyOf={orderKey}
        columns={COLUMNS}
        classOf={orderClass}
        onOpen={open}
        empty={<Empty title="No order in this instrument yet." next="Press b or s, or click a price of the ladder, for a ticket." />}
      />
    </Panel>
  );
}
