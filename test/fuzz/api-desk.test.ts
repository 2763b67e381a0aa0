import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiDesk, keyOf } from './api-desk.ts';
import { REQUESTS } from './targets/http-targets.ts';
import { TradingState } from '../../src/model/trading-state.ts';

describe('the desk that requests are fuzzed against', () => {
  let desk: ApiDesk;
  beforeAll(async () => {
    desk = await ApiDesk.open();
  });
  afterAll(() => desk.close());

  it('SEC-22: is asked on every route that the server has', () => {
    const asked = REQUESTS.map(([method, path]) => [method, path.replace(/\?.*$/, '').split('/')] as const);
    const isAsked = (method: string, url: string): boolean => {
      const parts = url.replace('/api/v1', '').split('/');
      return asked.some(
        ([by, given]) =>
          by === method && given.length === parts.length && parts.every((part, at) => part.startsWith(':') || part === given[at]),
      );
    };
    const routes = desk.world.server.routes.filter(({ method }) => method !== 'HEAD');
    expect(routes.length).toBeGreaterThan(50);
    expect(routes.filter(({ method, url }) => !isAsked(method, url)).map(({ method, url }) => `${method} ${url}`)).toEqual([]);
  });

  it('sees no change where there is none', () => {
    expect(() => desk.holds(desk.standing(), false)).not.toThrow();
  });

  const command = (asked: Parameters<ApiDesk['world']['session']['command']>[1]) => desk.world.session.command('ann', asked);
  const scope = { kind: 'FIRM' } as const;

  it.each<readonly [what: string, part: string, change: () => unknown]>([
    ['an order that rests', 'openOrders', () => desk.world.place({ orderType: 'LIMIT', limitPrice: '91.00' })],
    ['a fill', 'fills', () => desk.world.place({}).then(() => desk.world.advance(2))],
    ['a trading state', 'switches', () => command({ kind: 'SetTradingState', scope, state: TradingState.REDUCING, reason: 'x' })],
    ['a limit', 'limits', () => command({ kind: 'ChangeLimit', scope, name: 'maxOpenOrders', value: '50', mayRaise: false, reason: 'x' })],
    ['a strategy', 'strategies', () => command({ kind: 'StopStrategy', strategy: 0, openOrders: 'keep', reason: 'x' })],
    ['a user', 'users', () => desk.accounts.disableUser(null, 'ann')],
    ['a second factor', 'users', () => desk.accounts.beginSecondFactor()],
    ['a key', 'keys', () => desk.accounts.createKey(null, { label: 'x', scopes: ['read'], addresses: [], days: 1 })],
    ['a sign-in', 'signIns', () => desk.world.signIn('trader')],
    ['a ticket', 'signIns', () => desk.world.send('POST', '/auth/ws-ticket', undefined, { authorization: `Bearer ${keyOf('trader')}` })],
  ])('sees %s that came of a refusal, also where the session itself refused', async (_, part, change) => {
    const before = desk.standing();
    await change();
    for (const mayCount of [false, true]) {
      // Each names the part that it found first; this one has changed alone, but for what may count.
      const relevant = { ...desk.standing(), [part]: before[part as keyof typeof before] };
      expect(() => desk.holds(relevant, mayCount)).toThrow(`${part} were `);
    }
  });

  it('sees an act that was written down of a refusal, but where the session itself refused', async () => {
    const before = desk.standing();
    await desk.world.audit.append({ actor: 'ann', address: '', action: 'KILL', subject: '' } as never);
    expect(() => desk.holds(before, false)).toThrow('acts were ');
    expect(() => desk.holds(before, true)).not.toThrow();
  });
});
