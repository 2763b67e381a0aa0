import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Timers } from './timers.ts';

/** Everything that fires up to and including `until`, as `strategy/name@time`. */
function fired(timers: Timers, until: number): string[] {
  const seen: string[] = [];
  while (timers.nextTs <= until) {
    const timer = timers.take();
    seen.push(`${timer.strategy}/${timer.name}@${timer.ts}`);
  }
  return seen;
}

describe('Timers', () => {
  it('fire in order of time, then of setting', () => {
    const timers = new Timers();
    timers.set(0, 'late', 30, 0);
    timers.set(1, 'first', 10, 0);
    timers.set(0, 'second', 10, 0);
    expect(timers.nextTs).toBe(10);
    expect(fired(timers, 100)).toEqual(['1/first@10', '0/second@10', '0/late@30']);
    expect(timers.nextTs).toBe(Number.POSITIVE_INFINITY);
  });

  it('are replaced by one of the same name and strategy, and by no other', () => {
    const timers = new Timers();
    timers.set(0, 'x', 10, 0);
    timers.set(1, 'x', 15, 0);
    timers.set(0, 'x', 20, 0);
    expect([timers.nextTs, timers.count(0), timers.count(1), timers.has(0, 'x'), timers.has(0, 'y')]).toEqual([15, 1, 1, true, false]);
    expect(fired(timers, 100)).toEqual(['1/x@15', '0/x@20']);
  });

  it('are gone when canceled, also the next one and one that is not there', () => {
    const timers = new Timers();
    timers.set(0, 'a', 10, 0);
    timers.set(0, 'b', 20, 0);
    timers.cancel(0, 'a');
    timers.cancel(0, 'never set');
    expect(timers.nextTs).toBe(20);
    timers.cancel(0, 'b');
    expect([timers.nextTs, timers.count(0)]).toEqual([Number.POSITIVE_INFINITY, 0]);
  });

  it('of an interval fire at its multiples since the epoch until canceled', () => {
    const timers = new Timers();
    timers.set(0, 'every', 40, 20);
    expect(fired(timers, 100)).toEqual(['0/every@40', '0/every@60', '0/every@80', '0/every@100']);
    timers.cancel(0, 'every');
    expect(fired(timers, 1000)).toEqual([]);
  });

  it('of an interval that began off its multiples join them', () => {
    const timers = new Timers();
    timers.set(0, 'every', 33, 20);
    expect(fired(timers, 80)).toEqual(['0/every@33', '0/every@40', '0/every@60', '0/every@80']);
  });

  it('go on equally after save, JSON and load', () => {
    const timers = new Timers();
    timers.set(0, 'b', 50, 0);
    timers.set(1, 'a', 50, 0);
    timers.set(0, 'every', 30, 30);
    fired(timers, 30);
    const copy = new Timers();
    copy.set(9, 'rest of another life', 1, 0);
    copy.loadState(JSON.parse(JSON.stringify(timers.saveState())));
    expect(fired(copy, 100)).toEqual(['0/b@50', '1/a@50', '0/every@60', '0/every@90']);
    expect(fired(timers, 100)).toEqual(['0/b@50', '1/a@50', '0/every@60', '0/every@90']);
  });

  it('are set at whole microseconds, and taken only when there is one', () => {
    expect(() => new Timers().set(0, 'x', 1.5, 0)).toThrow('whole microseconds');
    expect(() => new Timers().set(0, 'x', Number.NaN, 0)).toThrow('whole microseconds');
    expect(() => new Timers().take()).toThrow('no timer is due');
  });

  it('hold no more than twice what lives, however often one is set again behind another', () => {
    const timers = new Timers();
    timers.set(0, 'first', 1, 0);
    for (let round = 0; round < 10_000; round += 1) timers.set(0, 'again', 1_000_000 - round, 0);
    expect(timers.entriesHeld).toBeLessThanOrEqual(2 * 2 + 64);
    expect([timers.take().name, timers.take(), timers.nextTs]).toMatchObject(['first', { name: 'again', ts: 990_001 }, Infinity]);
  });

  it('behave as a sorted list would, whatever is set, replaced, canceled and taken', () => {
    const step = fc.oneof(
      fc.record({ act: fc.constant('set' as const), strategy: fc.nat(1), name: fc.constantFrom('a', 'b', 'c', 'd', 'e'), ts: fc.nat(20) }),
      fc.record({
        act: fc.constant('cancel' as const),
        strategy: fc.nat(1),
        name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        ts: fc.constant(0),
      }),
      fc.record({ act: fc.constant('take' as const), strategy: fc.constant(0), name: fc.constant(''), ts: fc.constant(0) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const timers = new Timers();
        let list: { key: string; ts: number; sequence: number }[] = [];
        for (const [sequence, { act, strategy, name, ts }] of steps.entries()) {
          const key = `${strategy}/${name}`;
          if (act === 'take') {
            const first = list[0];
            if (first === undefined) continue;
            list.shift();
            const taken = timers.take();
            expect(`${taken.strategy}/${taken.name}@${taken.ts}`).toBe(`${first.key}@${first.ts}`);
          } else {
            list = list.filter((timer) => timer.key !== key);
            if (act === 'cancel') timers.cancel(strategy, name);
            else {
              timers.set(strategy, name, ts, 0);
              list.push({ key, ts, sequence });
              list.sort((a, b) => a.ts - b.ts || a.sequence - b.sequence);
            }
          }
          expect(timers.nextTs).toBe(list[0]?.ts ?? Number.POSITIVE_INFINITY);
        }
      }),
    );
  });
});
