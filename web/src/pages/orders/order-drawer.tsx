import { type ReactNode, useState } from 'react';
import type { Order, OrderLife } from '../../../../src/contract/api/orders.ts';
import { cancelOrder } from '../../api/commands.ts';
import { PATHS } from '../../api/paths.ts';
import { decimalText } from '../../numbers/decimal-text.ts';
import { instrumentQuantity } from '../../numbers/instrument-prices.ts';
import { exactTimeText } from '../../numbers/time-text.ts';
import { SideWord } from '../../parts/figures.tsx';
import { Drawer } from '../../parts/overlay.tsx';
import { isOpen } from '../../state/derived.ts';
import { desk } from '../../state/desk.ts';
import { useQuery } from '../../state/page-query.ts';
import { useTopic } from '../../state/topic.ts';
import { ModifyForm } from './modify-form.tsx';
import { priceOf, statusWord, typeWord } from './order-columns.tsx';
import { OrderTimeline } from './order-timeline.tsx';

const CAUSE_WITHIN_US = 1e6;
const CAUSES_MAX = 3;

/** The life of one order, and what can still be done about it. */
export function OrderDrawer({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const live = useTopic(desk.orders).find((order) => order.clientOrderId === id);
  const { value: life, refusal } = useQuery<OrderLife>(PATHS.order(id), `${live?.status} ${live?.tsLast} ${live?.cumQty}`);
  const order = live ?? life?.order;
  return (
    <Drawer title={`Order ${id}`} onClose={onClose}>
      {order === undefined ? <p className="muted">{refusal === null ? 'Fetching…' : refusal.message}</p> : <OrderFacts order={order} />}
      {life?.denial == null ? null : (
        <div className="refusal">
          <span className="code">{life.denial.code}</span>
          {life.denial.reason}
          <dl className="facts">
            <div>
              <dt>Limit</dt>
              <dd>
                {life.denial.limit === null ? '–' : decimalText(life.denial.limit)} {life.denial.unit}
              </dd>
            </div>
            <div>
              <dt>Observed</dt>
              <dd>
                {life.denial.observed === null ? '–' : decimalText(life.denial.observed)} {life.denial.unit}
              </dd>
            </div>
          </dl>
        </div>
      )}
      {order === undefined ? null : <OrderCause order={order} />}
      {order !== undefined && isOpen(order) ? <OrderActions order={order} /> : null}
      {life === null ? null : <OrderTimeline events={life.events} forgotten={life.eventsForgotten} />}
    </Drawer>
  );
}

function OrderFacts({ order }: { readonly order: Order }) {
  const rows: readonly (readonly [string, ReactNode])[] = [
    ['Instrument', order.instrument],
    ['Side', <SideWord key="side" side={order.side} />],
    ['Type', typeWord(order)],
    ['Status', statusWord(order.status)],
    ['Quantity', instrumentQuantity(order.instrument, order.orderQty)],
    ['Filled', instrumentQuantity(order.instrument, order.cumQty)],
    ['Price', priceOf(order)],
    ['Average price', order.avgPx === null ? '–' : decimalText(order.avgPx)],
    ['Strategy', order.strategy ?? '–'],
    ['Tag', order.tag || '–'],
    ["Venue's id", order.venueOrderId || '–'],
    ['Born', exactTimeText(order.tsInit)],
  ];
  return (
    <dl className="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What the strategy wrote just before it sent the order: as near to a reason as it gave. */
function OrderCause({ order }: { readonly order: Order }) {
  const log = useTopic(desk.log);
  const lines = log.filter(
    ({ strategy, tsInit }) => strategy === order.strategy && tsInit <= order.tsInit && tsInit > order.tsInit - CAUSE_WITHIN_US,
  );
  if (lines.length === 0) return null;
  return (
    <>
      <h3>What {order.strategy} said before</h3>
      <ul className="alert-list">
        {lines.slice(0, CAUSES_MAX).map((line) => (
          <li key={line.sequence}>{line.message}</li>
        ))}
      </ul>
    </>
  );
}

function OrderActions({ order }: { readonly order: Order }) {
  const [isModifying, setModifying] = useState(false);
  if (isModifying) return <ModifyForm order={order} onClose={() => setModifying(false)} />;
  const isAsked = order.status === 'PENDING_CANCEL';
  return (
    <div className="buttons">
      <button type="button" disabled={isAsked || order.orderType === 'MARKET'} onClick={() => setModifying(true)}>
        Modify…
      </button>
      <button type="button" className="danger" disabled={isAsked} onClick={() => void cancelOrder(order)}>
        {isAsked ? 'Canceling…' : 'Cancel order'}
      </button>
    </div>
  );
}
