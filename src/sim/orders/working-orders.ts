import type { ClientOrderId } from '../../model/order.ts';
import type { WorkingOrder } from './working-order.ts';

/** What the desks of a venue keep up to date together. */
export class WorkingOrders {
  /** Every order that rests or waits at the venue. */
  readonly byId = new Map<ClientOrderId, WorkingOrder>();
  /** Desks with an order that expires: while there is none, nobody asks them. */
  expiringDesks = 0;
  /** Rises with every order that comes, goes or takes another place. */
  version = 0;
}
