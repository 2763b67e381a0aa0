import { isOpenStatus, ORDER_STATUS_NAMES, OrderStatus } from '../../../model/order-status.ts';
import { deny, type Control } from '../control.ts';

/**
 * C-10: one client order id goes to a venue once, for all time. Ids are counters, so an id was used before exactly when its row has left
 * INITIALIZED.
 */
export const DUPLICATE_CLIENT_ORDER_ID: Control = {
  id: 'C-10',
  name: 'duplicate client order id',
  codes: ['DUPLICATE_CLIENT_ORDER_ID', 'ORDER_NOT_MODIFIABLE'],
  parameters: [],
  onlyWith: null,
  check(a) {
    const status = a.world.table.status[a.id] as OrderStatus;
    if (a.mode === 'NEW') {
      if (status === OrderStatus.INITIALIZED) return null;
      const sentence = `Order ${a.id} was judged before and is ${ORDER_STATUS_NAMES[status]}.`;
      return deny('C-10', 'DUPLICATE_CLIENT_ORDER_ID', sentence, '1', '2', 'submissions');
    }
    if (isOpenStatus(status)) return null;
    return deny('C-10', 'ORDER_NOT_MODIFIABLE', `Order ${a.id} is ${ORDER_STATUS_NAMES[status]}.`);
  },
};
