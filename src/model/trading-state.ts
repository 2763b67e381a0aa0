import type { InstrumentIndex } from './instrument.ts';

/**
 * ACTIVE: orders are judged. REDUCING: only orders that reduce the strategy's position. HALTED: none, and nothing is modified.
 * Cancels always pass.
 */
export const TradingState = { ACTIVE: 1, REDUCING: 2, HALTED: 3 } as const;
export type TradingState = (typeof TradingState)[keyof typeof TradingState];

export const TRADING_STATE_NAMES: Readonly<Record<TradingState, string>> = { 1: 'ACTIVE', 2: 'REDUCING', 3: 'HALTED' };

/** A scope that does not trade freely. Scopes that are ACTIVE are not listed. */
export interface TradingSwitch {
  readonly scope: TradingScope;
  readonly state: TradingState;
  /** Thrown by the kill switch: only a release by hand ends it. */
  readonly isKilled: boolean;
  /** The kill permits orders that flatten positions. */
  readonly isFlattening: boolean;
}

/** What a trading state or a kill switch is said of. An account is named by its venue. */
export type TradingScope =
  | { readonly kind: 'FIRM' }
  | { readonly kind: 'ACCOUNT'; readonly venue: string }
  | { readonly kind: 'STRATEGY'; readonly strategy: number }
  | { readonly kind: 'INSTRUMENT'; readonly instrument: InstrumentIndex };

/** Whose limit something is. `strategy` of an instrument: the strategy's own position in it; null for everybody's. */
export type LimitScope =
  | { readonly kind: 'FIRM' }
  | { readonly kind: 'ACCOUNT'; readonly venue: string }
  | { readonly kind: 'STRATEGY'; readonly strategy: number }
  | { readonly kind: 'INSTRUMENT'; readonly instrument: InstrumentIndex; readonly strategy: number | null };
