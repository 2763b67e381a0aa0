import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  FIX_ORD_STATUS,
  FORMER,
  isOpenStatus,
  isTerminalStatus,
  nextStatus,
  NOT_PERMITTED,
  ORDER_INPUT_NAMES,
  ORDER_STATUS_NAMES,
  ORDER_TRANSITIONS,
  OrderInput,
  OrderStatus,
  SAME,
} from './order-status.ts';

const PAGE = readFileSync(new URL('../../docs/concepts/orders.md', import.meta.url), 'utf8');
const STATUSES = Object.values(OrderStatus);
const INPUTS = Object.values(OrderInput);
const S = OrderStatus;
const I = OrderInput;

describe('order status table', () => {
  it('is drawn row by row on docs/concepts/orders.md, and the page has no other rows', () => {
    const rows = ORDER_TRANSITIONS.map(({ from, on, to, reason }) => {
      const target = to === SAME ? 'same' : to === FORMER ? 'former' : ORDER_STATUS_NAMES[to];
      return `| ${from.map((status) => ORDER_STATUS_NAMES[status]).join(', ')} | ${ORDER_INPUT_NAMES[on]} | ${target} | ${reason} |`;
    });
    const section = PAGE.slice(PAGE.indexOf('## The transition table'));
    const drawn = section.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| From'));
    expect(drawn).toEqual(rows);
  });

  it('is listed with its FIX names on the same page', () => {
    for (const status of STATUSES) expect(PAGE).toContain(`| ${ORDER_STATUS_NAMES[status]} | ${FIX_ORD_STATUS[status]} |`);
  });

  it('INV-07: no input leads out of an end', () => {
    for (const status of [S.DENIED, S.FILLED, S.CANCELED, S.EXPIRED, S.REJECTED]) {
      expect(isTerminalStatus(status)).toBe(true);
      expect(isOpenStatus(status)).toBe(false);
      for (const input of INPUTS) expect([status, NOT_PERMITTED]).toContain(nextStatus(status, input));
    }
  });

  it('answers every report a venue can make of an order that has left, so that none is lost for want of a row', () => {
    const reports = [
      I.ACCEPT,
      I.REJECT,
      I.TRIGGER,
      I.PARTIAL_FILL,
      I.FILL,
      I.CANCEL,
      I.CANCEL_REJECT,
      I.MODIFY,
      I.MODIFY_COMPLETES,
      I.MODIFY_REJECT,
      I.EXPIRE,
    ];
    const left = STATUSES.filter((status) => status !== S.INITIALIZED && status !== S.DENIED);
    for (const status of left)
      for (const report of reports)
        expect(nextStatus(status, report), `${ORDER_STATUS_NAMES[status]} ${ORDER_INPUT_NAMES[report]}`).not.toBe(NOT_PERMITTED);
  });

  it('a second cancel, a modify of an end, and a second submission are not permitted', () => {
    expect(nextStatus(S.PENDING_CANCEL, I.CANCEL_REQUEST)).toBe(NOT_PERMITTED);
    expect(nextStatus(S.PENDING_CANCEL, I.MODIFY_REQUEST)).toBe(NOT_PERMITTED);
    expect(nextStatus(S.FILLED, I.MODIFY_REQUEST)).toBe(NOT_PERMITTED);
    expect(nextStatus(S.SUBMITTED, I.SUBMIT)).toBe(NOT_PERMITTED);
    expect(nextStatus(S.PENDING_CANCEL, I.CANCEL_REJECT)).toBe(FORMER);
  });

  it('gives a reason of one sentence in every row', () => {
    for (const { reason } of ORDER_TRANSITIONS) expect(reason).toMatch(/^[A-Z].*\.$/);
  });
});
