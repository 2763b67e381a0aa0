import { SESSION_PLAN_VERSION, type SessionPlan } from './session-plan.ts';
import { accountOf, instrumentOf, NO_FEE } from '../backtest.fixture.ts';
import { BlockKind } from '../../model/blocks.ts';
import { DEFAULT_FILL_RULES } from '../../sim/matching/fill-rules.ts';

/** A session in one share: quotes and trades move orders, market orders fill at the touch, no fees. The strategy's class is for whoever makes the parts. */
export function planOf(change: Partial<SessionPlan> = {}): SessionPlan {
  const instrument = instrumentOf();
  const rules = { ...DEFAULT_FILL_RULES, market: 'touch' } as const;
  const matchOn = [BlockKind.QUOTES, BlockKind.TRADES];
  return {
    version: SESSION_PLAN_VERSION,
    name: 'test',
    identity: ['test'],
    startTs: 0,
    tradingFromTs: 0,
    instruments: [instrument],
    calendars: [null],
    fees: [NO_FEE],
    accounts: [accountOf()],
    weightBufferPpb: [0],
    series: [],
    conversions: [],
    kinds: [matchOn],
    limits: {},
    marketData: {},
    historyRows: 100,
    venues: [
      { venue: 'XNYS', instruments: [{ instrument, rules, fees: NO_FEE, matchOn, matchSeries: -1 }], orderEntryUs: 0, responseUs: 0 },
    ],
    sampling: { kind: 'interval', everyUs: 60_000_000 },
    strategies: [{ name: 'scripted', source: { kind: 'shipped', name: 'scripted' }, parameters: {}, instruments: [0] }],
    ...change,
  };
}
