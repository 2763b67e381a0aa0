import { describe, expect, it } from 'vitest';
import { VENUE_CODES } from '../../model/codes/venue.ts';
import { NO_ANSWER, TRADING_ERROR_RULES, TradingErrorHandler } from './trading-error-handler.ts';

describe('trading error handler', () => {
  const handler = new TradingErrorHandler();

  it('never submits an order again: a timeout is asked about, a refusal is dropped', () => {
    expect(handler.decide('SUBMIT', NO_ANSWER, 1).action).toBe('QUERY');
    expect(handler.decide('SUBMIT', 'VENUE_PRICE_INVALID', 1).action).toBe('DROP');
    expect(handler.decide('SUBMIT', 'a reason nobody knows', 1).action).toBe('DROP');
    expect(TRADING_ERROR_RULES.filter((rule) => rule.request === 'SUBMIT' && rule.action === 'RETRY')).toEqual([]);
  });

  it('repeats a cancel without an answer three times, then asks', () => {
    expect([1, 2, 3, 4].map((attempts) => handler.decide('CANCEL', NO_ANSWER, attempts).action)).toEqual([
      'RETRY',
      'RETRY',
      'RETRY',
      'QUERY',
    ]);
  });

  it('knows only reasons that are in the catalogue, each once per request', () => {
    const keys = TRADING_ERROR_RULES.map((rule) => `${rule.request} ${rule.reason}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { reason } of TRADING_ERROR_RULES) expect(reason === NO_ANSWER || reason in VENUE_CODES, reason).toBe(true);
  });
});
