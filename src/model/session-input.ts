import type { MarketBlock } from './blocks.ts';
import type { InstrumentIndex } from './instrument.ts';
import type { ClientOrderId } from './order.ts';
import type { ParameterValue } from './parameters.ts';
import type { TradingScope, TradingState } from './trading-state.ts';

/*
 * What a session's core can learn: plain data that crosses threads and lies in the journal. Source: docs/decisions/0022-sessions.md
 */

/** An order by hand. Quantities and prices are decimals, exact to the instrument's increments or the order is denied. */
export interface ManualOrder {
  readonly instrument: InstrumentIndex;
  readonly side: 'BUY' | 'SELL';
  readonly orderType: 'MARKET' | 'LIMIT' | 'STOP' | 'STOP_LIMIT';
  readonly quantity: string;
  /** Of LIMIT and STOP_LIMIT. */
  readonly limitPrice?: string;
  /** Of STOP and STOP_LIMIT. */
  readonly stopPrice?: string;
  readonly timeInForce?: 'DAY' | 'GTC' | 'IOC' | 'FOK';
  readonly postOnly?: boolean;
  readonly reduceOnly?: boolean;
  readonly tag?: string;
}

/** What a person or a program asks of a session. */
export type SessionCommand =
  | { readonly kind: 'PlaceOrder'; readonly order: ManualOrder }
  | { readonly kind: 'CancelOrder'; readonly clientOrderId: ClientOrderId }
  | {
      readonly kind: 'ModifyOrder';
      readonly clientOrderId: ClientOrderId;
      readonly quantity?: string;
      readonly limitPrice?: string;
      readonly stopPrice?: string;
    }
  /** Open orders: of a strategy, in an instrument, or all. */
  | { readonly kind: 'CancelAll'; readonly strategy: number | null; readonly instrument: InstrumentIndex | null }
  /** Closes what one strategy holds in one instrument, at the market; its other positions and orders stay, and it goes on. */
  | { readonly kind: 'FlattenPosition'; readonly strategy: number; readonly instrument: InstrumentIndex; readonly tag: string }
  | { readonly kind: 'StopStrategy'; readonly strategy: number; readonly openOrders: 'cancel' | 'keep'; readonly reason: string }
  | { readonly kind: 'StartStrategy'; readonly strategy: number; readonly parameters: Readonly<Record<string, ParameterValue>> }
  | { readonly kind: 'SetTradingState'; readonly scope: TradingScope; readonly state: TradingState; readonly reason: string }
  | { readonly kind: 'Kill'; readonly scope: TradingScope; readonly flatten: boolean; readonly reason: string }
  | { readonly kind: 'Release'; readonly scope: TradingScope; readonly reason: string };

/** One thing that the core learns. `ts` never falls from one input to the next: microseconds since the epoch. */
export type SessionInput =
  /** Rows of one stream in order of time; `ts` is that of the last. */
  | { readonly kind: 'ROWS'; readonly ts: number; readonly block: MarketBlock }
  /** Time has come this far: what was due before it happens. */
  | { readonly kind: 'CLOCK'; readonly ts: number }
  /** @see SessionCommand; `actor` is who asked, for the records */
  | { readonly kind: 'COMMAND'; readonly ts: number; readonly actor: string; readonly command: SessionCommand }
  /** Market data of all instruments is missing from `tsFrom` to `ts`. */
  | { readonly kind: 'GAP'; readonly ts: number; readonly tsFrom: number; readonly reason: GapReason };

/** DOWN: the session did not run. FEED: the feed told nothing. */
export type GapReason = 'DOWN' | 'FEED';

/** What a command came to. */
export type CommandAnswer =
  | { readonly isDone: true; readonly clientOrderId: ClientOrderId | null }
  | { readonly isDone: false; readonly code: string; readonly reason: string };
