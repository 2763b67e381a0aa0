import { Type } from '@sinclair/typebox';
import { auditAfter, auditFirst, command, orderAfter } from './acting.ts';
import { type ApiRoute, COST, defineRoute } from '../api-route.ts';
import { instrumentNamed, orderNumber, strategyNamed } from '../present/names.ts';
import { fillInfo, orderLife, orderOf } from '../present/orders.ts';
import { HttpRefusal } from '../refusal.ts';
import { CancelAll, FillPage, ModifyOrder, Order, OrderLife, OrderPage, PlaceOrder } from '../../../contract/api/orders.ts';
import {
  API_PAGE_DEFAULT,
  Done,
  exactly,
  InstrumentName,
  oneOf,
  OrderName,
  PageQuery,
  StrategyName,
} from '../../../contract/api/scalars.ts';
import { clientOrderIdText } from '../../../model/order.ts';
import { isOpenStatus } from '../../../model/order-status.ts';
import type { OrderView, SessionView } from '../../../ports/session-view.ts';

const params = exactly({ order: OrderName });
const Selected = { instrument: Type.Optional(InstrumentName), strategy: Type.Optional(StrategyName) };

function placesOf(
  view: SessionView,
  { instrument, strategy }: { readonly instrument?: string | undefined; readonly strategy?: string | undefined },
) {
  return {
    instrument: instrument === undefined ? null : instrumentNamed(view, instrument).index,
    strategy: strategy === undefined ? null : strategyNamed(view, strategy).index,
  };
}

function orderNamed(view: SessionView, name: string): OrderView {
  const found = view.order(orderNumber(name));
  if (found === null) throw new HttpRefusal('ORDER_UNKNOWN', 'There is no such order.');
  return found;
}

function openOrderNamed(view: SessionView, name: string): OrderView {
  const found = orderNamed(view, name);
  if (!isOpenStatus(found.state.status)) throw new HttpRefusal('ORDER_CLOSED', `Order ${name} has ended.`);
  return found;
}

export const ORDER_ROUTES: readonly ApiRoute[] = [
  defineRoute({
    method: 'POST',
    path: '/orders',
    access: 'orders:place',
    cost: COST.order,
    summary: 'Place an order by hand; it passes every risk control',
    body: PlaceOrder,
    answer: Order,
    status: 201,
    onceBy: 'required',
    handle: async (call, parts) => {
      const { instrument: name, ...terms } = call.body;
      const instrument = instrumentNamed(parts.view, name);
      await auditFirst(parts, call, { action: 'ORDER_PLACED', subject: name, after: call.body });
      const id = await command(parts, call, { kind: 'PlaceOrder', order: { instrument: instrument.index, ...terms } as never });
      return orderAfter(parts, id!);
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/orders',
    access: 'account:read',
    cost: COST.history,
    summary: 'Orders, newest first; `standing` any, open, closed or denied',
    query: exactly({ standing: Type.Optional(oneOf(['any', 'open', 'closed', 'denied'])), ...Selected, ...PageQuery }),
    answer: OrderPage,
    handle: ({ query }, { view }) => {
      const { standing = 'any', limit = API_PAGE_DEFAULT, before } = query;
      const page = view.orders({ standing, ...placesOf(view, query) }, { limit, ...(before === undefined ? {} : { before }) });
      return { items: page.items.map((state) => orderOf(view, state)), before: page.before };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/orders/:order',
    access: 'account:read',
    cost: COST.read,
    summary: 'One order and everything that happened to it',
    params,
    answer: OrderLife,
    handle: (call, { view }) => orderLife(view, orderNamed(view, call.params.order)),
  }),
  defineRoute({
    method: 'DELETE',
    path: '/orders/:order',
    access: 'orders:cancel',
    cost: COST.order,
    summary: 'Ask the venue to cancel an order; the answer says how it stands, which may be PENDING_CANCEL',
    params,
    answer: Order,
    onceBy: 'optional',
    handle: async (call, parts) => {
      const { state } = openOrderNamed(parts.view, call.params.order);
      await command(parts, call, { kind: 'CancelOrder', clientOrderId: state.clientOrderId });
      await auditAfter(parts, call, { action: 'ORDER_CANCELED', subject: call.params.order });
      return orderOf(parts.view, orderNamed(parts.view, call.params.order).state);
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: '/orders/:order',
    access: 'orders:place',
    cost: COST.order,
    summary: 'Change quantity or prices of an order; it passes every risk control',
    params,
    body: ModifyOrder,
    answer: Order,
    onceBy: 'optional',
    handle: async (call, parts) => {
      const before = openOrderNamed(parts.view, call.params.order);
      const { clientOrderId } = before.state;
      const { orderQty, ...was } = orderOf(parts.view, before.state);
      await auditFirst(parts, call, {
        action: 'ORDER_MODIFIED',
        subject: call.params.order,
        before: { quantity: orderQty, limitPrice: was.limitPrice, stopPrice: was.stopPrice },
        after: call.body,
      });
      const { quantity, limitPrice, stopPrice } = call.body;
      await command(parts, call, {
        kind: 'ModifyOrder',
        clientOrderId,
        ...(quantity === undefined ? {} : { quantity }),
        ...(limitPrice === undefined ? {} : { limitPrice }),
        ...(stopPrice === undefined ? {} : { stopPrice }),
      });
      const after = orderNamed(parts.view, call.params.order);
      const refused = after.events.slice(before.events.length).find(({ kind }) => kind === 'ModifyRejected');
      if (refused?.kind === 'ModifyRejected')
        throw new HttpRefusal('ORDER_REJECTED', refused.reason, { details: { clientOrderId: clientOrderIdText(clientOrderId) } });
      return orderOf(parts.view, after.state);
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/orders/cancel-all',
    access: 'orders:cancel',
    cost: COST.order,
    summary: 'Cancel open orders: of a strategy, in an instrument, or all',
    body: CancelAll,
    answer: Done,
    onceBy: 'optional',
    handle: async (call, parts) => {
      await command(parts, call, { kind: 'CancelAll', ...placesOf(parts.view, call.body) });
      await auditAfter(parts, call, { action: 'ORDER_CANCELED', subject: 'all', after: call.body });
      return { done: true };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/fills',
    access: 'account:read',
    cost: COST.history,
    summary: 'Fills, newest first',
    query: exactly({ ...Selected, ...PageQuery }),
    answer: FillPage,
    handle: ({ query }, { view }) => {
      const { limit = API_PAGE_DEFAULT, before } = query;
      const page = view.fills(placesOf(view, query), { limit, ...(before === undefined ? {} : { before }) });
      return { items: page.items.map((fill) => fillInfo(view, fill)), before: page.before };
    },
  }),
];
