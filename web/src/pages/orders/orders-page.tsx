import { goTo, route } from '../../state/route.ts';
import { useTopic } from '../../state/topic.ts';
import { OrderDrawer } from './order-drawer.tsx';
import { OrdersPanel } from './orders-panel.tsx';
import { TicketPanel } from './ticket-panel.tsx';

export function OrdersPage() {
  const { subject } = useTopic(route);
  return (
    <main className="page orders">
      <TicketPanel />
      <OrdersPanel />
      {subject === '' ? null : <OrderDrawer id={subject} onClose={() => goTo('orders')} />}
    </main>
  );
}
