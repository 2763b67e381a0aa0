import { describe, expect, it } from 'vitest';
import { sessionFacts, sessionIdOf } from './session-facts.ts';
import { decodePlan, encodePlan } from '../../runtime/session/input-codec.ts';
import { planOf } from '../../runtime/session/session-plan.fixture.ts';

const PLAN = { ...planOf(), begunTs: 1_767_614_400_000_000 };

describe('the id of a session', () => {
  it('is the name of its folder and twelve digits of what it was begun with, wherever the folder lies', () => {
    const id = sessionIdOf(PLAN, '/one/small');
    expect(id).toMatch(/^small-[0-9a-f]{12}$/);
    expect(sessionIdOf(PLAN, '/two/small/')).toBe(id);
    expect(sessionFacts(PLAN, '/one/small').sessionId).toBe(id);
  });

  it('is the same when the plan was read from the journal', () => {
    expect(sessionIdOf(decodePlan(encodePlan(PLAN)), '/one/small')).toBe(sessionIdOf(PLAN, '/one/small'));
  });

  it.each([
    ['begun a microsecond later, on the same recording', { begunTs: PLAN.begunTs + 1 }],
    ['that trades from another time', { tradingFromTs: PLAN.tradingFromTs + 1 }],
    ['of another run file', { identity: [...PLAN.identity, 'another'] }],
    ['of another name', { name: 'another' }],
  ])('is another for one %s', (_, change) => {
    expect(sessionIdOf({ ...PLAN, ...change }, '/one/small')).not.toBe(sessionIdOf(PLAN, '/one/small'));
  });
});
