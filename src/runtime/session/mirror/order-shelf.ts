import type { OrderDenied, OrderEvent } from '../../../model/events.ts';
import type { ClientOrderId } from '../../../model/order.ts';
import { isOpenStatus, OrderStatus } from '../../../model/order-status.ts';
import type { OrderState } from '../../../model/session-output.ts';
import type { OrderFilter, OrderView, PageOf, PageRequest } from '../../../ports/session-view.ts';

/** Orders that have ended and are kept to be shown. Open ones are always kept. */
export const MIRROR_ORDERS_MAX = 10_000;
/** Events kept of one order. */
export const MIRROR_ORDER_EVENTS_MAX = 256;

interface Kept {
  state: OrderState | null;
  events: OrderEvent[];
  eventsForgotten: number;
  denial: OrderDenied | null;
}

/** What is kept of an order, by its id. */
export type KeptOrderState = readonly [id: ClientOrderId, kept: Readonly<Kept>];

export interface OrderShelfState {
  /** In the order of birth. */
  readonly orders: readonly KeptOrderState[];
  /** Ids of those that have ended, in the order of their ends. */
  readonly ended: readonly ClientOrderId[];
}

/** Orders with what happened to them, by id. Ids rise with time, so the order of ids is that of birth. */
export class OrderShelf {
  /** In the order of birth. */
  private readonly kept = new Map<ClientOrderId, Kept>();
  private readonly open = new Set<ClientOrderId>();
  /** Those that have ended, in the order of their ends; the ones before `endedFrom` are forgotten. */
  private ended: ClientOrderId[] = [];
  private endedFrom = 0;

  saveState(): OrderShelfState {
    const orders = [...this.kept].map(([id, kept]): KeptOrderState => [id, { ...kept, events: [...kept.events] }]);
    return { orders, ended: this.ended.slice(this.endedFrom) };
  }

  loadState({ orders, ended }: OrderShelfState): void {
    for (const [id, kept] of orders) {
      this.kept.set(id, { ...kept, events: [...kept.events] });
      if (kept.state !== null && isOpenStatus(kept.state.status)) this.open.add(id);
    }
    this.ended = [...ended];
  }

  note(event: OrderEvent): void {
    const kept = this.of(event.clientOrderId);
    if (kept.events.length >= MIRROR_ORDER_EVENTS_MAX) {
      // The birth stays: a timeline begins with it.
      kept.events.splice(1, 1);
      kept.eventsForgotten += 1;
    }
    kept.events.push(event);
    if (event.kind === 'OrderDenied') kept.denial = event;
  }

  set(state: OrderState): void {
    const { clientOrderId: id } = state;
    const kept = this.of(id);
    const wasEnded = kept.state !== null && !isOpenStatus(kept.state.status);
    kept.state = state;
    if (isOpenStatus(state.status)) this.open.add(id);
    else {
      this.open.delete(id);
      if (!wasEnded) this.end(id);
    }
  }

  get(id: ClientOrderId): OrderView | null {
    const kept = this.kept.get(id);
    if (kept === undefined || kept.state === null) return null;
    return { state: kept.state, events: kept.events, eventsForgotten: kept.eventsForgotten, denial: kept.denial };
  }

  /** Oldest first. */
  openOrders(): readonly OrderState[] {
    return [...this.open].sort((a, b) => a - b).map((id) => this.kept.get(id)!.state!);
  }

  page(filter: OrderFilter, { before, limit }: PageRequest): PageOf<OrderState> {
    const ids = filter.standing === 'open' ? [...this.open].sort((a, b) => a - b) : [...this.kept.keys()];
    const items: OrderState[] = [];
    let at = ids.length - 1;
    while (at >= 0 && before !== undefined && ids[at]! >= before) at -= 1;
    for (; at >= 0 && items.length < limit; at -= 1) {
      const { state } = this.kept.get(ids[at]!)!;
      if (state !== null && matches(state, filter)) items.push(state);
    }
    return { items, before: at >= 0 ? ids[at]! + 1 : null };
  }

  private of(id: ClientOrderId): Kept {
    const known = this.kept.get(id);
    if (known !== undefined) return known;
    const made: Kept = { state: null, events: [], eventsForgotten: 0, denial: null };
    this.kept.set(id, made);
    return made;
  }

  private end(id: ClientOrderId): void {
    this.ended.push(id);
    if (this.ended.length - this.endedFrom <= MIRROR_ORDERS_MAX) return;
    this.kept.delete(this.ended[this.endedFrom]!);
    this.endedFrom += 1;
    if (this.endedFrom < MIRROR_ORDERS_MAX) return;
    this.ended = this.ended.slice(this.endedFrom);
    this.endedFrom = 0;
  }
}

function matches(state: OrderState, { standing, instrument, strategy }: OrderFilter): boolean {
  if (instrument !== null && state.instrument !== instrument) return false;
  if (strategy !== null && state.strategy !== strategy) return false;
  switch (standing) {
    case 'any':
      return true;
    case 'open':
      return isOpenStatus(state.status);
    case 'closed':
      return !isOpenStatus(state.status) && state.status !== OrderStatus.DENIED;
    default:
      return state.status === OrderStatus.DENIED;
  }
}
