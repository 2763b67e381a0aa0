import { describe, expect, it } from 'vitest';
import { MarketHealth } from './market-health.ts';
import { instrumentOf } from '../../runtime/backtest.fixture.ts';
import type { FeedState } from '../../ports/market-feed.ts';

const TS = 1_700_000_000_000_000;

describe('the health of live market data', () => {
  it('is down until there is a connection, then what the feed says', () => {
    const lines: string[] = [];
    const health = new MarketHealth([instrumentOf()], (line) => lines.push(line));
    expect(health.component).toEqual({ name: 'market data', state: 'DOWN', detail: 'not connected yet' });
    const states = (['CONNECTED', 'STALE', 'RESYNCING', 'DOWN'] as const satisfies readonly FeedState[]).map((state) => {
      health.onState({ state, code: 'FEED_CONNECTED', detail: '', ts: TS });
      return health.component.state;
    });
    expect(states).toEqual(['OK', 'DEGRADED', 'DEGRADED', 'DOWN']);
    expect(lines[0]).toBe('2023-11-14T22:13:20.000000Z  market data connected [FEED_CONNECTED]');
  });

  it('is worse while the venue does not trade an instrument', () => {
    const health = new MarketHealth([instrumentOf({ id: 'ACME.XNYS' })], () => {});
    health.onState({ state: 'CONNECTED', code: 'FEED_CONNECTED', detail: '', ts: TS });
    health.onInstrument({ instrument: 0, isTrading: false, code: 'FEED_SYMBOL_HALTED', ts: TS });
    expect(health.component).toMatchObject({ state: 'DEGRADED', detail: expect.stringContaining('ACME.XNYS [FEED_SYMBOL_HALTED]') });
    health.onInstrument({ instrument: 0, isTrading: true, code: 'FEED_SYMBOL_TRADING', ts: TS });
    expect(health.component.state).toBe('OK');
  });
});
