import { describe, expect, it } from 'vitest';
import { CANCEL_WAIT_US_MAX, settleOrders } from './stop-policy.ts';
import type { CommandAnswer, SessionCommand } from '../../model/session-input.ts';
import type { OrderState, SessionOutput } from '../../model/session-output.ts';
import type { ViewListener } from '../../ports/session-view.ts';
import { HandClock } from '../../runtime/hand-clock.fixture.ts';

/** A venue that has these orders working, and what a session is asked for. */
class Desk {
  readonly clock = new HandClock(0);
  readonly asked: [string, SessionCommand][] = [];
  readonly listeners = new Set<ViewListener>();
  working: readonly number[];
  answer: CommandAnswer = { isDone: true, clientOrderId: null };

  constructor(working: readonly number[]) {
    this.working = working;
  }

  settle(policy: 'keep' | 'cancel'): Promise<string> {
    const view = {
      openOrders: () => this.working.map((clientOrderId) => ({ clientOrderId }) as OrderState),
      listen: (listener: ViewListener) => {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
      },
    };
    const command = (actor: string, asked: SessionCommand): Promise<CommandAnswer> => {
      this.asked.push([actor, asked]);
      return Promise.resolve(this.answer);
    };
    return settleOrders(policy, { session: { command }, view, clock: this.clock });
  }

  /** The session tells what works now. */
  tell(working: readonly number[]): void {
    this.working = working;
    for (const listener of this.listeners) listener.onOutput({} as SessionOutput);
  }
}

const CANCEL_ALL = [['system', { kind: 'CancelAll', strategy: null, instrument: null }]];

describe('working orders at the end of a session', () => {
  it.each(['keep', 'cancel'] as const)('ask for nothing where there are none (%s)', async (policy) => {
    const desk = new Desk([]);
    expect(await desk.settle(policy)).toBe('No orders were working.');
    expect(desk.asked).toEqual([]);
  });

  it('are left as they are, and counted', async () => {
    const desk = new Desk([3, 5]);
    expect(await desk.settle('keep')).toBe('2 orders are left working, and will be there when the session goes on.');
    expect(desk.asked).toEqual([]);
  });

  it('are canceled by one command of the system, and the end waits for the last of them', async () => {
    const desk = new Desk([3, 5]);
    let said = '';
    const settled = desk.settle('cancel').then((text) => (said = text));
    await Promise.resolve();
    await Promise.resolve();
    desk.tell([5]);
    await Promise.resolve();
    expect(said).toBe('');
    desk.tell([]);
    expect(await settled).toBe('Asked the venue to cancel 2 orders: none is working.');
    expect(desk.asked).toEqual(CANCEL_ALL);
    expect(desk.listeners.size).toBe(0);
  });

  it('are waited for no longer than the bound, and what a strategy placed instead is counted, not waited for', async () => {
    const desk = new Desk([3]);
    const settled = desk.settle('cancel');
    await Promise.resolve();
    await Promise.resolve();
    desk.clock.advanceTo(CANCEL_WAIT_US_MAX);
    expect(await settled).toBe('Asked the venue to cancel one order: One order is still working, not confirmed yet or placed since.');
    const other = new Desk([3]);
    const placed = other.settle('cancel');
    await Promise.resolve();
    await Promise.resolve();
    other.tell([4, 6]);
    expect(await placed).toBe('Asked the venue to cancel one order: 2 orders are still working, not confirmed yet or placed since.');
  });

  it('stay where the session takes no commands any more, with its reason', async () => {
    const desk = new Desk([3]);
    desk.answer = { isDone: false, code: 'SESSION_STOPPED', reason: 'The session does not run.' };
    expect(await desk.settle('cancel')).toBe('One order is left working: The session does not run.');
  });
});
