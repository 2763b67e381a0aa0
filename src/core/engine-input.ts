import type { TradingScope, TradingState } from '../model/trading-state.ts';
import type { InstrumentIndex } from '../model/instrument.ts';
import type { MarketPhase } from '../model/market-phase.ts';
import type { RiskLimits } from './risk/limits.ts';
import type { AccountEvent, DataGap } from '../model/events.ts';

/**
 * Everything that comes in from outside but rows and reports of venues, which have doors of their own: `Engine.step` and `Engine.applyReport`.
 * A backtest sends Account; the others are for paper and live sessions, where venues and people ask.
 */
export type EngineInput =
  | { readonly kind: 'Account'; readonly event: AccountEvent }
  | { readonly kind: 'Gap'; readonly gap: DataGap }
  | { readonly kind: 'Kill'; readonly scope: TradingScope; readonly reason: string; readonly flatten: boolean }
  | { readonly kind: 'Release'; readonly scope: TradingScope; readonly reason: string }
  | { readonly kind: 'TradingState'; readonly scope: TradingScope; readonly state: TradingState; readonly reason: string }
  /** The venue says what it does with an instrument. */
  | { readonly kind: 'Phase'; readonly instrument: InstrumentIndex; readonly phase: MarketPhase; readonly reason: string }
  /** @see RiskManager.changeLimits; all limits as they are from now on */
  | { readonly kind: 'Limits'; readonly limits: RiskLimits; readonly what: string };
