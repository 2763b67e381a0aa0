import type { Money } from './currency.ts';
import type { Price, Quantity } from './instrument.ts';
import type { ClientOrderId, LiquiditySide } from './order.ts';

/**
 * What a venue tells about an order. Facts from outside: they may come twice, late, or in the wrong order,
 * and the order manager makes order events of them. `tsEvent`: when it happened at the venue, microseconds since the epoch.
 */
interface Report {
  readonly clientOrderId: ClientOrderId;
  readonly tsEvent: number;
}

export interface AcceptedReport extends Report {
  readonly kind: 'Accepted';
  readonly venueOrderId: string;
}

export interface RejectedReport extends Report {
  readonly kind: 'Rejected';
  readonly reason: string;
}

/** A stop that the venue has triggered: from now on it is a market or limit order. */
export interface TriggeredReport extends Report {
  readonly kind: 'Triggered';
}

export interface FillReport extends Report {
  readonly kind: 'Fill';
  /** Unique per venue and instrument; the key that drops duplicates. */
  readonly tradeId: string;
  readonly lastQty: Quantity;
  readonly lastPx: Price;
  /** In the instrument's settlement currency, negative for a rebate. */
  readonly commission: Money;
  readonly liquiditySide: LiquiditySide;
  /** Set when the venue decided the quantity at the fill (SIZE_AT_FILL): the order's quantity from now on. */
  readonly orderQtyFinal?: Quantity;
}

export interface CanceledReport extends Report {
  readonly kind: 'Canceled';
  readonly reason: string;
}

export interface ExpiredReport extends Report {
  readonly kind: 'Expired';
}

export interface ModifiedReport extends Report {
  readonly kind: 'Modified';
  readonly orderQty: Quantity;
  readonly limitPrice: Price;
  readonly stopPrice: Price;
}

export interface CancelRejectedReport extends Report {
  readonly kind: 'CancelRejected';
  readonly reason: string;
}

export interface ModifyRejectedReport extends Report {
  readonly kind: 'ModifyRejected';
  readonly reason: string;
}

export type VenueReport =
  | AcceptedReport
  | RejectedReport
  | TriggeredReport
  | FillReport
  | CanceledReport
  | ExpiredReport
  | ModifiedReport
  | CancelRejectedReport
  | ModifyRejectedReport;
