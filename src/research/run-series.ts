import type { Side } from '../model/order.ts';

/** A closed trade, one for each closing fill, as statistics see it: floats, because nothing here goes back into an account. */
export interface ClosedTrade {
  readonly instrument: string;
  /** Of the entry: +1 bought first, −1 sold first. */
  readonly side: Side;
  /** Microseconds since the epoch. */
  readonly entryTs: number;
  readonly exitTs: number;
  readonly entryPrice: number;
  readonly exitPrice: number;
  /** Units of the instrument, > 0. */
  readonly quantity: number;
  /** Contract multiplier into the account's currency; 1 when not given. Turnover reads it. */
  readonly multiplier?: number;
  /** In the account's currency, after costs. */
  readonly pnl: number;
  /** Profit over the entry's value, as a share: 0.05 is 5 %. Costs count as the maker of the record says. */
  readonly returnShare: number;
  /** In the account's currency; negative for a rebate. */
  readonly commission: number;
  /** Index of the equity sample in which the position was entered and left. */
  readonly entryBar: number;
  readonly exitBar: number;
  readonly tag: string;
  /** True for a position still open at the end, valued at the last mark. Statistics of trades leave it out; exposure counts it. */
  readonly isOpen?: boolean;
}

/** A value over time: stamps in microseconds since the epoch, never falling, and one value for each. */
export interface TimeSeries {
  readonly ts: Float64Array;
  readonly value: Float64Array;
}

/** What a run leaves behind for its statistics. */
export interface RunSeries {
  /** Account value, above zero at the start; the first sample is what returns are counted from. */
  readonly equity: TimeSeries;
  /** Price of what the run is compared with, at the same stamps. */
  readonly benchmark?: Float64Array;
  /** Sample at which buy-and-hold buys (R1: where the slow average first exists); 0 when not given. */
  readonly benchmarkStart?: number;
  readonly trades: readonly ClosedTrade[];
}
