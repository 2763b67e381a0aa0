import { API_CODES } from './api.ts';
import { CONFIG_CODES } from './config.ts';
import { DATA_CODES } from './data.ts';
import { PORTFOLIO_CODES } from './portfolio.ts';
import { MARKET_DATA_CODES } from './market-data.ts';
import { RISK_CODES } from './risk.ts';
import { RUNTIME_CODES } from './runtime.ts';
import { SECURITY_CODES } from './security.ts';
import { VENUE_CODES } from './venue.ts';
import { STORE_CODES } from './store.ts';
import { STRATEGY_CODES } from './strategy.ts';

/** What a code means and what to do about it; docs/reference/errors.md is held to this by a test. */
export interface CodeText {
  readonly meaning: string;
  readonly fix: string;
}

/** The one catalogue of refusals, alerts and errors. */
export const CODES = {
  ...API_CODES,
  ...RISK_CODES,
  ...DATA_CODES,
  ...CONFIG_CODES,
  ...RUNTIME_CODES,
  ...VENUE_CODES,
  ...PORTFOLIO_CODES,
  ...MARKET_DATA_CODES,
  ...STORE_CODES,
  ...STRATEGY_CODES,
  ...SECURITY_CODES,
} as const;
export type Code = keyof typeof CODES;
