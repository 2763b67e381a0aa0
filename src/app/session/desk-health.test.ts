import { describe, expect, it } from 'vitest';
import { deskHealth } from './desk-health.ts';
import { WorldError } from '../../ports/errors.ts';

const strategy = (name: string, status: string, isManual = false) => ({ name, isManual, state: { status } });
const RUNNING = [strategy('one', 'RUNNING'), strategy('two', 'STOPPED'), strategy('manual', 'RUNNING', true)];
const view = (phase: string, strategies = RUNNING) => ({ phase, sequence: 9, strategies: () => strategies }) as never;
const journal = { isAlive: true, lastSequence: 12, durableSequence: 10 };
const writer = (change: object = {}) =>
  ({ status: { state: 'LIVE', written: 8, seen: 9, queuedRows: 0, downSince: null, problem: null, drops: 0, ...change } }) as never;

describe('the health of a session', () => {
  it('tells each part with its figure', () => {
    expect(deskHealth(view('RUNNING'), journal, writer())).toEqual([
      { name: 'core', state: 'OK', detail: '1 of 2 strategies run' },
      { name: 'journal', state: 'OK', detail: '10 inputs on disk, 2 on their way' },
      { name: 'database', state: 'OK', detail: 'stored to input 8, 1 behind' },
    ]);
  });

  it('a strategy that failed, a core that does not run, a journal that died and a database that is gone are said to be so', () => {
    const failed = deskHealth(view('RUNNING', [strategy('one', 'FAILED')]), journal, writer({ state: 'CATCHING_UP', queuedRows: 3 }));
    expect(failed.map(({ state, detail }) => [state, detail])).toEqual([
      ['DEGRADED', 'failed: one'],
      ['OK', '10 inputs on disk, 2 on their way'],
      ['DEGRADED', 'stored to input 8, 1 behind, 3 rows wait'],
    ]);
    const problem = new WorldError('DATABASE_AHEAD', 'The database does not answer.', { retryable: true });
    const down = deskHealth(view('FAILED'), { ...journal, isAlive: false }, writer({ downSince: 5, problem }));
    expect(down.map(({ state }) => state)).toEqual(['DOWN', 'DOWN', 'DOWN']);
    expect(down[2]!.detail).toBe('The database does not answer.');
  });
});
