import { describe, expect, it } from 'vitest';
import { quotesOf, scripted } from '../../src/runtime/backtest.fixture.ts';
import { decodeInput, encodeInput } from '../../src/runtime/session/input-codec.ts';
import { SessionCore } from '../../src/runtime/session/session-core.ts';
import { planOf } from '../../src/runtime/session/session-plan.fixture.ts';
import { OrderStatus } from '../../src/model/order-status.ts';
import type { ManualOrder, SessionInput } from '../../src/model/session-input.ts';
import type { OrderState, SessionOutput } from '../../src/model/session-output.ts';

/** A millisecond to the venue and another back: an order of 2000 is at the venue at 3000, and heard of at 4000. */
const WAY_US = 1_000;
const BUY: ManualOrder = { instrument: 0, side: 'BUY', orderType: 'MARKET', quantity: '10' };
const RESTING: ManualOrder = { ...BUY, orderType: 'LIMIT', limitPrice: '90.00' };

const place = (ts: number, order: ManualOrder): SessionInput => ({
  kind: 'COMMAND',
  ts,
  actor: 'ann',
  command: { kind: 'PlaceOrder', order },
});
const quotes = (ts: number): SessionInput => ({ kind: 'ROWS', ts, block: quotesOf([[ts, 9_990, 10_010]]).next()! });
const clock = (ts: number): SessionInput => ({ kind: 'CLOCK', ts });

/** What the journal has of a session; a kill is a cut between two of them. */
const JOURNAL: readonly SessionInput[] = [
  ...[quotes(1_000), place(2_000, BUY), clock(2_500), quotes(3_000), clock(3_500), clock(4_500), quotes(5_000)],
  ...[place(6_000, RESTING), clock(6_500), clock(9_000), quotes(10_000)],
];
/** Numbers in the journal: the plan is 1. */
const ORDERED_AT = 3;
const AT_VENUE_AT = 6;

class Process {
  readonly core: SessionCore;
  readonly outputs: SessionOutput[] = [];

  constructor() {
    const [venue] = planOf().venues;
    const plan = planOf({ venues: [{ ...venue!, orderEntryUs: WAY_US, responseUs: WAY_US }] });
    const calendarOf = (): never => {
      throw new Error('no calendars here');
    };
    this.core = new SessionCore(plan, { calendarOf, classOf: () => scripted({}) });
  }

  /** As a start reads them from its journal, or as they come. */
  take(inputs: readonly SessionInput[]): this {
    for (const input of inputs) {
      const read = decodeInput({ ts: input.ts, ...encodeInput(input) });
      this.outputs.push(this.core.take(this.core.sequence + 1, read).output);
    }
    return this;
  }

  count(kind: string): number {
    return this.outputs.flatMap(({ records }) => records).filter((record) => record.kind === kind).length;
  }

  /** The orders as they were told last. */
  orders(): readonly OrderState[] {
    return [...new Map(this.outputs.flatMap(({ orders }) => orders).map((order) => [order.clientOrderId, order])).values()];
  }
}

/** A process that was killed after an input, and the one that was started on its journal and went on. */
function killedAfter(sequence: number): { readonly before: Process; readonly after: Process } {
  const kept = JOURNAL.slice(0, sequence - 1);
  const before = new Process().take(kept);
  return { before, after: new Process().take(kept).take(JOURNAL.slice(sequence - 1)) };
}

describe('an order and a kill', () => {
  it('S-18, INV-10: killed when the journal has the order and the venue has not, it is sent once, and comes to one order of the venue', () => {
    const { before, after } = killedAfter(ORDERED_AT);
    expect([before.count('OrderSubmitted'), before.count('OrderAccepted')]).toEqual([1, 0]);
    expect([after.count('OrderSubmitted'), after.count('OrderAccepted'), after.count('OrderFilled')]).toEqual([2, 2, 1]);
    expect(after.orders().map(({ clientOrderId, cumQty }) => [clientOrderId, cumQty])).toEqual([
      [1, 10],
      [2, 0],
    ]);
    expect(new Set(after.orders().map(({ venueOrderId }) => venueOrderId)).size).toBe(2);
  });

  it('S-19, INV-01: killed when the venue has filled it and nobody has heard, the fill is booked once', () => {
    const { before, after } = killedAfter(AT_VENUE_AT);
    expect([before.count('OrderSubmitted'), before.count('OrderFilled')]).toEqual([1, 0]);
    expect(after.count('OrderFilled')).toBe(1);
    expect(after.orders()[0]).toMatchObject({ clientOrderId: 1, status: OrderStatus.FILLED, cumQty: 10 });
    const positions = after.outputs.flatMap((output) => output.positions);
    expect(positions.at(-1)).toMatchObject({ instrument: 0, quantity: 10 });
  });

  it('INV-17: killed after any input, it comes to what it comes to without a kill, and no order waits for an answer', () => {
    const whole = new Process().take(JOURNAL);
    expect(whole.orders().map(({ status }) => status)).toEqual([OrderStatus.FILLED, OrderStatus.ACCEPTED]);
    for (let sequence = 1; sequence <= JOURNAL.length + 1; sequence += 1) {
      const { after } = killedAfter(sequence);
      expect([sequence, after.orders()]).toEqual([sequence, whole.orders()]);
      expect([sequence, after.core.digest()]).toEqual([sequence, whole.core.digest()]);
    }
  });
});
