import type { TradingScope, TradingState } from './risk/trading-state.ts';
import type { AccountEvent, DataGap } from '../model/events.ts';
import type { VenueReport } from '../model/reports.ts';

/**
 * Everything but rows that comes in from outside. Rows have a door of their own: `Engine.step`.
 * A backtest sends Report and Account; Gap, Kill, Release and TradingState come from paper and live sessions, where venues and people ask.
 */
export type EngineInput =
  | { readonly kind: 'Report'; readonly report: VenueReport }
  | { readonly kind: 'Account'; readonly event: AccountEvent }
  | { readonly kind: 'Gap'; readonly gap: DataGap }
  | { readonly kind: 'Kill'; readonly scope: TradingScope; readonly reason: string; readonly flatten: boolean }
  | { readonly kind: 'Release'; readonly scope: TradingScope; readonly reason: string }
  | { readonly kind: 'TradingState'; readonly scope: TradingScope; readonly state: TradingState; readonly reason: string };
