import type { Order } from '../../../src/contract/api/orders.ts';
import { desk } from './desk.ts';
import { goTo, route } from './route.ts';
import { Topic } from './topic.ts';

/** What a ticket is opened with. `opened` counts, so that the same draft again takes the focus again. */
export interface TicketDraft {
  readonly side: Order['side'];
  readonly instrument: string;
  readonly limitPrice: string;
  readonly opened: number;
}

export const ticketDraft = new Topic<TicketDraft>({ side: 'BUY', instrument: '', limitPrice: '', opened: 0 });

/** Opens the ticket for the instrument that is looked at, on the page that has one. */
export function openTicket(side: Order['side'], limitPrice = ''): void {
  const { page, subject } = route.get();
  const looked = page === 'markets' && desk.instruments.map.has(subject) ? subject : ticketDraft.get().instrument;
  const instrument = looked === '' ? (desk.instruments.get()[0]?.instrument ?? '') : looked;
  ticketDraft.update(({ opened }) => ({ side, instrument, limitPrice, opened: opened + 1 }));
  if (page !== 'orders') goTo('orders');
}
