import { describe, expect, it } from 'vitest';
import type { OrderEvent } from '../model/events.ts';
import { resumesAt } from './refused-orders.ts';

const BASE = { clientOrderId: 1, strategy: 0, instrument: 0, tsEvent: 5, tsInit: 5 };

describe('orders after a refusal', () => {
  it.each<[string, OrderEvent]>([
    ['was denied', { ...BASE, kind: 'OrderDenied', code: 'NOTIONAL_BELOW_MINIMUM', reason: 'The value is below the minimum.' }],
    ['the venue rejected', { ...BASE, kind: 'OrderRejected', reason: 'VENUE_QUANTITY_INVALID' }],
    ['was denied its new values', { ...BASE, kind: 'ModifyRejected', reason: 'ORDER_VALUE_EXCEEDS_MAXIMUM: The value is above it.' }],
  ])('wait ten seconds after one that %s', (_, event) => {
    expect(resumesAt(event, 7)).toBe(10_000_007);
  });

  it.each<[string, OrderEvent]>([
    ['it would have taken, and was post-only', { ...BASE, kind: 'OrderRejected', reason: 'VENUE_POST_ONLY_WOULD_TAKE' }],
    ['its new price would have taken', { ...BASE, kind: 'ModifyRejected', reason: 'VENUE_POST_ONLY_WOULD_TAKE' }],
    ['it had ended when its new values came', { ...BASE, kind: 'ModifyRejected', reason: 'VENUE_ORDER_NOT_WORKING' }],
    ['it had ended when its cancel came', { ...BASE, kind: 'CancelRejected', reason: 'VENUE_ORDER_NOT_WORKING' }],
    ['nothing was refused', { ...BASE, kind: 'OrderExpired' }],
  ])('do not wait where %s', (_, event) => {
    expect(resumesAt(event, 7)).toBe(7);
  });
});
