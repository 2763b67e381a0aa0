import { ExchangeReason } from './exchange-order.ts';

/** What the exchange says happened. */
export const ReportKind = {
  ACCEPTED: 1,
  REJECTED: 2,
  /** `orderId` is the resting order, `otherId` the one that came to it; in auctions the buyer and the seller. */
  TRADE: 3,
  CANCELED: 4,
  EXPIRED: 5,
  TRIGGERED: 6,
  MODIFIED: 7,
  MODIFY_REJECTED: 8,
  CANCEL_REJECTED: 9,
  /** Lots were taken off without a trade: by self-trade prevention or because a position has become smaller. */
  REDUCED: 10,
} as const;
export type ReportKind = (typeof ReportKind)[keyof typeof ReportKind];

/** Numbers of a report: 2 to this power, so that a report fills one cache line. */
export const REPORT_BITS = 3;
/** Fields of a report. */
export const REPORT_KIND = 0;
export const REPORT_ORDER_ID = 1;
/** Of trades: see {@link ReportKind}; else 0. */
export const REPORT_OTHER_ID = 2;
/** Increments; 0 where the report has none. */
export const REPORT_PRICE = 3;
/** Lots: traded, taken off, canceled, or left after a modify. */
export const REPORT_QUANTITY = 4;
/**
 * {@link ExchangeReason}; of trades, which have none, the side of the order that came, +1 or −1, 0 in an auction: a field of its own would cost a store
 * more.
 */
export const REPORT_REASON = 5;

const REPORTS_FIRST = 256;

/**
 * What the exchange said since the last {@link clear}, in the order in which it happened: rows of numbers, each at `report << REPORT_BITS`.
 * Hot: every operation makes a row, and every trade.
 */
export class ExchangeReports {
  length = 0;
  rows = new Float64Array(REPORTS_FIRST << REPORT_BITS);

  clear(): void {
    this.length = 0;
  }

  add(kind: ReportKind, orderId: number, quantity: number, reason: ExchangeReason = ExchangeReason.NONE): void {
    this.write(kind, orderId, 0, 0, quantity, reason);
  }

  addTrade(orderId: number, otherId: number, price: number, quantity: number, side: number): void {
    this.write(ReportKind.TRADE, orderId, otherId, price, quantity, side);
  }

  private write(kind: ReportKind, orderId: number, otherId: number, price: number, quantity: number, reason: number): void {
    const at = this.length << REPORT_BITS;
    if (at === this.rows.length) this.grow();
    this.length += 1;
    const { rows } = this;
    rows[at | REPORT_KIND] = kind;
    rows[at | REPORT_ORDER_ID] = orderId;
    rows[at | REPORT_OTHER_ID] = otherId;
    rows[at | REPORT_PRICE] = price;
    rows[at | REPORT_QUANTITY] = quantity;
    rows[at | REPORT_REASON] = reason;
  }

  private grow(): void {
    const { rows } = this;
    this.rows = new Float64Array(rows.length * 2);
    this.rows.set(rows);
  }
}
