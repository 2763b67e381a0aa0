import type { Quantity, Price } from './instrument.ts';
import type { ClientOrderId, OrderRequest } from './order.ts';

/** Commands that leave the core for a venue. They ask; the venue may refuse. */
export interface SubmitOrder extends OrderRequest {
  readonly kind: 'SubmitOrder';
  readonly clientOrderId: ClientOrderId;
  /** When it left, microseconds since the epoch. */
  readonly ts: number;
}

export interface CancelOrder {
  readonly kind: 'CancelOrder';
  readonly clientOrderId: ClientOrderId;
  readonly ts: number;
}

/** The new values stand for the whole order (FIX OrderCancelReplaceRequest): `orderQty` includes what is filled already. */
export interface ModifyOrder {
  readonly kind: 'ModifyOrder';
  readonly clientOrderId: ClientOrderId;
  readonly orderQty: Quantity;
  readonly limitPrice: Price;
  readonly stopPrice: Price;
  readonly ts: number;
}

export type VenueCommand = SubmitOrder | CancelOrder | ModifyOrder;
