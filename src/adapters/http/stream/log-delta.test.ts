import { expect, it } from 'vitest';
import { logDelta } from './channel-data.ts';
import type { SessionOutput } from '../../../model/session-output.ts';
import { SessionMirror } from '../../../runtime/session/session-mirror.ts';
import { planOf } from '../../../runtime/session/session-plan.fixture.ts';

it('a gap is a line of the log that no strategy wrote, also in what the stream tells', () => {
  const plan = planOf();
  const mirror = new SessionMirror({ plan, mode: 'PAPER', now: () => 0, descriptorsOf: () => ({}) });
  const gap = {
    kind: 'DataGap',
    instrument: 0,
    tsFrom: 1_000_000,
    tsTo: 9_000_000,
    reason: 'MARKED',
    tsEvent: 9_000_000,
    tsInit: 9_000_000,
  } as const;
  const output: SessionOutput = {
    ...{ sequence: 2, ts: 9_000_000, records: [gap], orders: [], positions: [], balances: [], equity: [], strategies: [] },
  };
  mirror.onOutputs([output]);
  const message = `${plan.instruments[0]!.id}: no market data from 1970-01-01T00:00:01.000000Z to 1970-01-01T00:00:09.000000Z`;
  const line = { strategy: null, level: 'warn', message, tsInit: 9_000_000 };
  expect(logDelta(mirror, output)).toMatchObject({ lines: [line] });
});
