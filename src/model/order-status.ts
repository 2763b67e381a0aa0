import { assert } from '../base/assert.ts';

/**
 * Where an order stands. Names follow FIX OrdStatus (tag 39); INITIALIZED, DENIED, TRIGGERED and UNKNOWN are ours, because FIX has no word
 * for an order that has not left the house, that our risk refused, that is a triggered stop, or whose fate is not known.
 */
export const OrderStatus = {
  INITIALIZED: 1,
  DENIED: 2,
  SUBMITTED: 3,
  ACCEPTED: 4,
  TRIGGERED: 5,
  PENDING_MODIFY: 6,
  PENDING_CANCEL: 7,
  PARTIALLY_FILLED: 8,
  FILLED: 9,
  CANCELED: 10,
  EXPIRED: 11,
  REJECTED: 12,
  UNKNOWN: 13,
} as const;
export type OrderStatus = (typeof OrderStatus)[keyof typeof OrderStatus];

export const ORDER_STATUS_NAMES: Readonly<Record<OrderStatus, string>> = {
  1: 'INITIALIZED',
  2: 'DENIED',
  3: 'SUBMITTED',
  4: 'ACCEPTED',
  5: 'TRIGGERED',
  6: 'PENDING_MODIFY',
  7: 'PENDING_CANCEL',
  8: 'PARTIALLY_FILLED',
  9: 'FILLED',
  10: 'CANCELED',
  11: 'EXPIRED',
  12: 'REJECTED',
  13: 'UNKNOWN',
};

/** FIX OrdStatus (tag 39) of each status: its character and name; a dash where FIX has none. Source: FIX 5.0 SP2, OrdStatus. */
export const FIX_ORD_STATUS: Readonly<Record<OrderStatus, string>> = {
  1: '-',
  2: '-',
  3: 'A Pending New',
  4: '0 New',
  5: '0 New',
  6: 'E Pending Replace',
  7: '6 Pending Cancel',
  8: '1 Partially Filled',
  9: '2 Filled',
  10: '4 Canceled',
  11: 'C Expired',
  12: '8 Rejected',
  13: '-',
};

/** What can happen to an order: our own commands and what venues report. */
export const OrderInput = {
  DENY: 1,
  SUBMIT: 2,
  ACCEPT: 3,
  REJECT: 4,
  TRIGGER: 5,
  PARTIAL_FILL: 6,
  FILL: 7,
  CANCEL_REQUEST: 8,
  CANCEL: 9,
  CANCEL_REJECT: 10,
  MODIFY_REQUEST: 11,
  MODIFY: 12,
  MODIFY_COMPLETES: 13,
  MODIFY_REJECT: 14,
  EXPIRE: 15,
  TIMEOUT: 16,
} as const;
export type OrderInput = (typeof OrderInput)[keyof typeof OrderInput];

export const ORDER_INPUT_NAMES: Readonly<Record<OrderInput, string>> = {
  1: 'DENY',
  2: 'SUBMIT',
  3: 'ACCEPT',
  4: 'REJECT',
  5: 'TRIGGER',
  6: 'PARTIAL_FILL',
  7: 'FILL',
  8: 'CANCEL_REQUEST',
  9: 'CANCEL',
  10: 'CANCEL_REJECT',
  11: 'MODIFY_REQUEST',
  12: 'MODIFY',
  13: 'MODIFY_COMPLETES',
  14: 'MODIFY_REJECT',
  15: 'EXPIRE',
  16: 'TIMEOUT',
};

/** Target of a row: the order stays where it is. */
export const SAME = -1;
/** Target of a row: the status that the order would have without the pending request (see docs/concepts/orders.md). */
export const FORMER = -2;

/** One row of the transition table: from any of `from`, `on` leads to `to`, because. */
interface TransitionRow {
  readonly from: readonly OrderStatus[];
  readonly on: OrderInput;
  readonly to: OrderStatus | typeof SAME | typeof FORMER;
  readonly reason: string;
}

const S = OrderStatus;
const I = OrderInput;
const UNACKED = [S.SUBMITTED, S.UNKNOWN] as const;
const WORKING = [S.ACCEPTED, S.TRIGGERED, S.PARTIALLY_FILLED] as const;
const PENDING = [S.PENDING_MODIFY, S.PENDING_CANCEL] as const;
/** Ended at a venue. */
const ENDED = [S.FILLED, S.CANCELED, S.EXPIRED, S.REJECTED] as const;

function row(from: readonly OrderStatus[], on: OrderInput, to: TransitionRow['to'], reason: string): TransitionRow {
  return Object.freeze({ from, on, to, reason });
}

/** The permitted transitions, all of them. A pair without a row is not permitted: the order stays, and the caller is told. */
export const ORDER_TRANSITIONS: readonly TransitionRow[] = Object.freeze([
  row([S.INITIALIZED], I.DENY, S.DENIED, 'Our risk manager refused, so nothing left the house.'),
  row([S.INITIALIZED], I.SUBMIT, S.SUBMITTED, 'The order was approved and handed to the venue.'),
  row([S.DENIED], I.PARTIAL_FILL, SAME, 'An execution under the id of an order that never left is still a fact: it is booked and alerted.'),
  row([S.DENIED], I.FILL, SAME, 'As for a partial fill: booked, alerted, and the order stays denied.'),

  row(UNACKED, I.ACCEPT, S.ACCEPTED, 'The venue acknowledged the order.'),
  row(UNACKED, I.REJECT, S.REJECTED, 'The venue refused the order.'),
  row(UNACKED, I.TRIGGER, S.TRIGGERED, 'A stop may trigger before its acknowledgement arrives: the two may travel on different sockets.'),
  row(UNACKED, I.PARTIAL_FILL, S.PARTIALLY_FILLED, 'A fill may arrive before the acknowledgement.'),
  row(UNACKED, I.FILL, S.FILLED, 'The whole order may be filled before the acknowledgement arrives.'),
  row(UNACKED, I.CANCEL_REQUEST, S.PENDING_CANCEL, 'An order that is not acknowledged is canceled by its client id.'),
  row(UNACKED, I.CANCEL, S.CANCELED, 'An IOC or FOK order may be canceled by the venue without an acknowledgement.'),
  row(UNACKED, I.CANCEL_REJECT, SAME, 'The answer to a cancel that is no longer pending changes nothing.'),
  row(UNACKED, I.MODIFY, SAME, 'The venue may restate price and quantity before it acknowledges.'),
  row(UNACKED, I.MODIFY_COMPLETES, S.FILLED, 'A restated quantity that is filled already leaves nothing to do.'),
  row(UNACKED, I.MODIFY_REJECT, SAME, 'The answer to a modify that is no longer pending changes nothing.'),
  row(UNACKED, I.EXPIRE, S.EXPIRED, 'An order may expire before its acknowledgement arrives.'),
  row(UNACKED, I.TIMEOUT, S.UNKNOWN, 'A timeout is not a rejection: the order may live, so its exposure stays reserved until proof.'),
  row([S.SUBMITTED], I.MODIFY_REQUEST, S.PENDING_MODIFY, 'An order that is not acknowledged is modified by its client id.'),

  row(WORKING, I.ACCEPT, SAME, 'A late acknowledgement tells nothing new.'),
  row(WORKING, I.REJECT, S.REJECTED, 'Some venues reject after they have accepted; what is left is dead and what was filled stands.'),
  row([S.ACCEPTED], I.TRIGGER, S.TRIGGERED, 'The stop price was reached: from now on a market or limit order works.'),
  row([S.TRIGGERED, S.PARTIALLY_FILLED], I.TRIGGER, SAME, 'A stop triggers once; a replay or a late report changes nothing.'),
  row(WORKING, I.PARTIAL_FILL, S.PARTIALLY_FILLED, 'A part was executed and a rest is working.'),
  row(WORKING, I.FILL, S.FILLED, 'Nothing is left to execute.'),
  row(WORKING, I.CANCEL_REQUEST, S.PENDING_CANCEL, 'We asked the venue to cancel; until it answers the order may still fill.'),
  row(WORKING, I.CANCEL, S.CANCELED, 'The venue canceled unasked: IOC, self-trade prevention, a session end.'),
  row(WORKING, I.CANCEL_REJECT, SAME, 'The answer to a cancel that is no longer pending changes nothing.'),
  row(WORKING, I.MODIFY_REQUEST, S.PENDING_MODIFY, 'We asked the venue to replace; until it answers either version may fill.'),
  row(WORKING, I.MODIFY, SAME, 'The venue restated the order unasked; its new values count.'),
  row(WORKING, I.MODIFY_COMPLETES, S.FILLED, 'The restated quantity is filled already.'),
  row(WORKING, I.MODIFY_REJECT, SAME, 'The answer to a modify that is no longer pending changes nothing.'),
  row(WORKING, I.EXPIRE, S.EXPIRED, 'The time in force ran out.'),
  row(WORKING, I.TIMEOUT, SAME, 'The order is known to work, so the timeout of its submission is out of date.'),

  row(PENDING, I.ACCEPT, SAME, 'The acknowledgement arrives behind our request; it moves the former status only.'),
  row(PENDING, I.REJECT, S.REJECTED, 'The venue refused the order itself, so the pending request has lost its object.'),
  row(PENDING, I.TRIGGER, SAME, 'The stop triggered while our request was on its way; it moves the former status only.'),
  row(PENDING, I.PARTIAL_FILL, SAME, 'A fill crossed our request; it counts on the old values and the request stays pending.'),
  row(PENDING, I.FILL, S.FILLED, 'The order was filled before our request reached it.'),
  row([S.PENDING_MODIFY], I.CANCEL_REQUEST, S.PENDING_CANCEL, 'A cancel overtakes a modify; the modify is still answered.'),
  row(PENDING, I.CANCEL, S.CANCELED, 'The venue canceled, asked or unasked.'),
  row([S.PENDING_MODIFY], I.CANCEL_REJECT, SAME, 'The answer to a cancel that is no longer pending changes nothing.'),
  row([S.PENDING_CANCEL], I.CANCEL_REJECT, FORMER, 'The venue will not cancel: the order is what it was, or a modify is still pending.'),
  row([S.PENDING_MODIFY], I.MODIFY, FORMER, 'The new values count from now on.'),
  row([S.PENDING_CANCEL], I.MODIFY, SAME, 'The modify was answered first; its values count and the cancel stays pending.'),
  row(PENDING, I.MODIFY_COMPLETES, S.FILLED, 'The quantity that counts after the answer is filled already.'),
  row([S.PENDING_MODIFY], I.MODIFY_REJECT, FORMER, 'The old values stay and the order is what it was.'),
  row([S.PENDING_CANCEL], I.MODIFY_REJECT, SAME, 'The modify was refused and the cancel stays pending.'),
  row(PENDING, I.EXPIRE, S.EXPIRED, 'The time in force ran out before our request reached it.'),
  row(PENDING, I.TIMEOUT, SAME, 'A request without an answer stays pending and its exposure reserved; a query decides.'),

  row(ENDED, I.ACCEPT, SAME, 'A late acknowledgement does not reopen an order.'),
  row(ENDED, I.REJECT, SAME, 'The first end of an order stands.'),
  row(ENDED, I.TRIGGER, SAME, 'A late trigger does not reopen an order.'),
  row(ENDED, I.PARTIAL_FILL, SAME, 'Fills are facts: the quantities move, the end stands, an alert is raised.'),
  row(ENDED, I.FILL, SAME, 'Fills are facts: the quantities move, the end stands, an alert is raised.'),
  row(ENDED, I.CANCEL, SAME, 'The first end of an order stands; a cancel that crossed the last fill is late.'),
  row(ENDED, I.CANCEL_REJECT, SAME, 'Too late to cancel is what the order says already.'),
  row(ENDED, I.MODIFY, SAME, 'A late answer does not reopen an order.'),
  row(ENDED, I.MODIFY_COMPLETES, SAME, 'A late answer does not reopen an order.'),
  row(ENDED, I.MODIFY_REJECT, SAME, 'Too late to modify is what the order says already.'),
  row(ENDED, I.EXPIRE, SAME, 'The first end of an order stands; the fill won the race against the clock.'),
  row(ENDED, I.TIMEOUT, SAME, 'The order has ended, so a timeout is out of date.'),
]);

const STATUS_ROWS = Math.max(...Object.values(OrderStatus)) + 1;
const INPUT_COLUMNS = Math.max(...Object.values(OrderInput)) + 1;

/** The table as a matrix, [status × INPUT_COLUMNS + input]; 0 where there is no row. */
const MATRIX: Int8Array = buildMatrix();

function buildMatrix(): Int8Array {
  const matrix = new Int8Array(STATUS_ROWS * INPUT_COLUMNS);
  for (const transition of ORDER_TRANSITIONS) {
    for (const from of transition.from) {
      const cell = from * INPUT_COLUMNS + transition.on;
      assert(matrix[cell] === 0, `two rows for ${ORDER_STATUS_NAMES[from]} on ${ORDER_INPUT_NAMES[transition.on]}`);
      matrix[cell] = transition.to === SAME ? from : transition.to;
    }
  }
  return matrix;
}

/** What {@link nextStatus} answers for a pair that the table does not permit. */
export const NOT_PERMITTED = 0;

/**
 * Looks up the table.
 *
 * @returns the next status (the same one for a row that changes nothing), {@link FORMER}, or {@link NOT_PERMITTED}
 */
export function nextStatus(status: OrderStatus, input: OrderInput): OrderStatus | typeof FORMER | typeof NOT_PERMITTED {
  return MATRIX[status * INPUT_COLUMNS + input] as OrderStatus | typeof FORMER | typeof NOT_PERMITTED;
}

/** Bit i set: status i is an end. */
const TERMINAL_BITS = bitsOf([S.DENIED, ...ENDED]);

/** Bit i set: an order in status i may still fill. */
const OPEN_BITS = bitsOf([...UNACKED, ...WORKING, ...PENDING]);

function bitsOf(statuses: readonly OrderStatus[]): number {
  return statuses.reduce<number>((bits, status) => bits | (1 << status), 0);
}

/** True for statuses that never change again. */
export function isTerminalStatus(status: OrderStatus): boolean {
  return (TERMINAL_BITS & (1 << status)) !== 0;
}

/** True from submission to the end: the order may still fill, so risk counts it. */
export function isOpenStatus(status: OrderStatus): boolean {
  return (OPEN_BITS & (1 << status)) !== 0;
}

/** True while a request of ours waits for its answer. */
export function isPendingStatus(status: OrderStatus): boolean {
  return status === OrderStatus.PENDING_CANCEL || status === OrderStatus.PENDING_MODIFY;
}
