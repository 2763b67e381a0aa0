import type { MarketBlock } from './blocks.ts';
import type { FeedCode } from './codes/feed.ts';
import type { AccountEvent } from './events.ts';
import type { InstrumentIndex } from './instrument.ts';
import type { MarketPhase } from './market-phase.ts';
import type { ClientOrderId } from './order.ts';
import type { ParameterValue } from './parameters.ts';
import type { LimitScope, TradingScope, TradingState } from './trading-state.ts';

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
  | { readonly kind: 'Release'; readonly scope: TradingScope; readonly reason: string }
  /** `value` as run files write it, null for no limit. `mayRaise`: whoever asks may permit more than is permitted; else that is refused. */
  | {
      readonly kind: 'ChangeLimit';
      readonly scope: LimitScope;
      readonly name: string;
      readonly value: string | null;
      readonly mayRaise: boolean;
      readonly reason: string;
    };

/** One thing that the core learns. `ts` never falls from one input to the next: microseconds since the epoch. */
export type SessionInput =
  /**
   * Rows of one stream in order of time; `ts` is that of the last. With `goesOn`, the next input has rows of another stream at that very time: venues are
   * told of both before anyone acts on the first.
   */
  | { readonly kind: 'ROWS'; readonly ts: number; readonly block: MarketBlock; readonly goesOn?: boolean }
  /** Time has come this far: what was due before it happens. */
  | { readonly kind: 'CLOCK'; readonly ts: number }
  /** @see SessionCommand; `actor` is who asked, for the records */
  | { readonly kind: 'COMMAND'; readonly ts: number; readonly actor: string; readonly command: SessionCommand }
  /** Dividends, splits and funding: what moves positions or money without an order. */
  | { readonly kind: 'ACCOUNT'; readonly ts: number; readonly event: AccountEvent }
  | ({ readonly kind: 'PHASE'; readonly ts: number } & PhaseChange)
  | ({ readonly kind: 'GAP'; readonly ts: number } & MarketGap);

/** The venue says what it does with an instrument; `reason` for the record. */
export interface PhaseChange {
  readonly instrument: InstrumentIndex;
  readonly phase: MarketPhase;
  readonly reason: string;
}

/** Market data is missing from `tsFrom` to `tsTo`, which is not later than the input that tells of it. */
export interface MarketGap {
  readonly tsFrom: number;
  readonly tsTo: number;
  /** Null for all. */
  readonly instruments: readonly InstrumentIndex[] | null;
  readonly reason: GapReason;
}

/** DOWN: the session did not run. Else what the feed says. */
export type GapReason = 'DOWN' | FeedCode;

/** What a command came to. */
export type CommandAnswer =
  | { readonly isDone: true; readonly clientOrderId: ClientOrderId | null }
  | { readonly isDone: false; readonly code: string; readonly reason: string };
