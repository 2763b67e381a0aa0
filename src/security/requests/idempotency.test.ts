import { describe, expect, it } from 'vitest';
import { ManualClock } from '../manual-clock.fixture.ts';
import { MemoryIdempotency } from '../memory-stores.fixture.ts';
import { Idempotency, IDEMPOTENCY_KEYS_MAX } from './idempotency.ts';

const DAY = 24 * 3600 * 1e6;

function begin() {
  const store = new MemoryIdempotency();
  const clock = new ManualClock();
  const reported: unknown[] = [];
  const idempotency = new Idempotency(store, clock, (error) => reported.push(error));
  let orders = 0;
  const place = async () => ({ orderId: (orders += 1) });
  const ask = (key: string, body: string, owner = 'alice') => idempotency.once({ owner, key, body }, place);
  return { store, clock, idempotency, reported, ask, placed: () => orders };
}

describe('idempotency', () => {
  it('SEC-50: the same key twice has one effect and one answer, after a restart too', async () => {
    const { ask, placed, store, clock } = begin();
    expect(await ask('k', 'buy 1')).toEqual({ ok: true, value: { orderId: 1 } });
    expect(await ask('k', 'buy 1')).toEqual({ ok: true, value: { orderId: 1 } });
    const restarted = new Idempotency(store, clock, () => undefined);
    expect(await restarted.once({ owner: 'alice', key: 'k', body: 'buy 1' }, () => Promise.reject(new Error('twice')))).toEqual({
      ok: true,
      value: { orderId: 1 },
    });
    expect(placed()).toBe(1);
  });

  it('SEC-50: another body under the same key is a conflict and has no effect; another owner is another key', async () => {
    const { ask, placed } = begin();
    await ask('k', 'buy 1');
    expect(await ask('k', 'buy 2')).toMatchObject({ ok: false, code: 'IDEMPOTENCY_CONFLICT' });
    expect(placed()).toBe(1);
    expect(await ask('k', 'buy 2', 'bob')).toMatchObject({ ok: true });
  });

  it('SEC-50: of a hundred at once one is carried out', async () => {
    const { ask, placed } = begin();
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask('k', 'buy 1')));
    expect(placed()).toBe(1);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(new Set(answers.flatMap((answer) => (answer.ok ? [] : [answer.code])))).toEqual(new Set(['IDEMPOTENCY_PENDING']));
  });

  it('SEC-50: work that failed half-way is not begun again', async () => {
    const { idempotency, ask, placed, reported } = begin();
    const request = { owner: 'alice', key: 'k', body: 'buy 1' };
    expect(await idempotency.once(request, () => Promise.reject(new Error('venue silent')))).toMatchObject({
      ok: false,
      code: 'AUTH_UNAVAILABLE',
    });
    expect(reported).toHaveLength(1);
    expect(await ask('k', 'buy 1')).toMatchObject({ ok: false, code: 'IDEMPOTENCY_PENDING' });
    expect(placed()).toBe(0);
  });

  it('a key is remembered for a day', async () => {
    const { ask, placed, clock } = begin();
    await ask('k', 'buy 1');
    clock.forward(DAY);
    await ask('k', 'buy 1');
    expect(placed()).toBe(1);
    clock.forward(60e6);
    await ask('k', 'buy 1');
    expect(placed()).toBe(2);
  });

  it('when one owner is full, new keys are refused, old ones still answered, and others are not touched', async () => {
    const { ask, store, placed } = begin();
    await ask('k', 'buy 1');
    store.count = async (owner) => (owner === 'alice' ? IDEMPOTENCY_KEYS_MAX : 0);
    expect(await ask('new', 'buy 1')).toMatchObject({ ok: false, code: 'IDEMPOTENCY_FULL' });
    expect(await ask('k', 'buy 1')).toMatchObject({ ok: true, value: { orderId: 1 } });
    expect(placed()).toBe(1);
    expect((await ask('k', 'buy 1', 'bob')).ok).toBe(true);
  });

  it.each(['', 'a b', 'ä', 'a\n', 'x'.repeat(129)])('the key %j is refused', async (key) => {
    expect(await begin().ask(key, 'buy 1')).toMatchObject({ ok: false, code: 'IDEMPOTENCY_KEY_INVALID' });
  });

  it('SEC-48: where the store fails nothing is carried out', async () => {
    for (const method of ['insertIfAbsent', 'count', 'forget'] as const) {
      const { ask, store, placed } = begin();
      Object.assign(store, { [method]: () => Promise.reject(new Error('database gone')) });
      expect(await ask('k', 'buy 1')).toMatchObject({ ok: false, code: 'AUTH_UNAVAILABLE' });
      expect(placed()).toBe(0);
    }
  });
});
