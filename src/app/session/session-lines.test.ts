import { describe, expect, it } from 'vitest';
import { SessionLines } from './session-lines.ts';
import type { OrderDenied, Recorded } from '../../model/events.ts';
import type { SessionOutput } from '../../model/session-output.ts';
import type { SessionPlan } from '../../runtime/session/session-plan.ts';

/** Trading begins at 10 s; strategies `maker` and `taker`. */
const LINES_PLAN = { tradingFromTs: 10_000_000, strategies: [{ name: 'maker' }, { name: 'taker' }] } as unknown as SessionPlan;

function denied(strategy: number, clientOrderId: number, code: OrderDenied['code'] = 'WARMING_UP'): Recorded {
  return { kind: 'OrderDenied', tsInit: 1_000_000, strategy, clientOrderId, code, reason: 'history is being replayed' } as OrderDenied;
}

function output(ts: number, records: readonly Recorded[] = []): SessionOutput {
  return { ts, records, strategies: [] } as unknown as SessionOutput;
}

describe('the lines of a session', () => {
  it('count what was denied because history was replayed, and tell it once by strategy when trading begins', () => {
    const lines = new SessionLines(LINES_PLAN);
    for (let order = 1; order <= 1200; order += 1) expect(lines.of(output(1_000_000 + order, [denied(0, order)]))).toEqual([]);
    expect(lines.of(output(9_999_999, [denied(1, 1201)]))).toEqual([]);
    expect(lines.of(output(10_000_000))).toEqual([
      '1970-01-01T00:00:10.000000Z  maker: 1,200 orders denied while history was replayed [WARMING_UP]',
      '1970-01-01T00:00:10.000000Z  taker: 1 order denied while history was replayed [WARMING_UP]',
    ]);
    expect(lines.of(output(11_000_000))).toEqual([]);
  });

  it('say at once what was denied for another reason', () => {
    const said = new SessionLines(LINES_PLAN).of(output(1_000_000, [denied(0, 7, 'QUANTITY_EXCEEDS_MAXIMUM')]));
    expect(said).toEqual(['1970-01-01T00:00:01.000000Z  maker: order 7 denied, history is being replayed [QUANTITY_EXCEEDS_MAXIMUM]']);
  });
});
