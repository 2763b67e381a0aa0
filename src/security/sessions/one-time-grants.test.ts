import { describe, expect, it } from 'vitest';
import { StepUps, STEP_UPS_MAX, Tickets, TICKETS_MAX } from './one-time-grants.ts';

const TICKET = { accessId: 's', userId: 'u', kind: 'SESSION' as const, address: 'x' };

describe('the bounds of what waits to be used', () => {
  it('further tickets are refused until the oldest are too old', () => {
    const tickets = new Tickets();
    for (let i = 0; i < TICKETS_MAX; i += 1) expect(tickets.issue(TICKET, i)).not.toBeNull();
    expect(tickets.issue(TICKET, TICKETS_MAX)).toBeNull();
    expect(tickets.issue(TICKET, 30e6)).not.toBeNull();
    expect(tickets.issue(TICKET, 30e6)).toBeNull();
  });

  it('the oldest confirmed act gives way', () => {
    const stepUps = new StepUps();
    for (let i = 0; i <= STEP_UPS_MAX; i += 1) stepUps.confirm(`s${i}`, 'kill:reset', 0);
    expect([stepUps.take('s0', 'kill:reset', 1), stepUps.take('s1', 'kill:reset', 1)]).toEqual([false, true]);
  });
});
