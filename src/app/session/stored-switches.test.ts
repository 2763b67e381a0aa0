import { expect, it } from 'vitest';
import { storedSwitches } from './stored-switches.ts';
import { FACTS } from '../../model/session-output.fixture.ts';
import type { TradingSwitchRecord } from '../../ports/trading-records.ts';

const record = (scopeKind: string, subject: string, state = 'HALTED'): TradingSwitchRecord => ({
  scopeKind,
  subject,
  state,
  isKilled: true,
  isFlattening: false,
  changedTs: 1,
});

it('switches are found again by their names, and what the session does not have is left out', () => {
  const { id } = FACTS.instruments[1]!;
  const records = [record('FIRM', ''), record('ACCOUNT', 'SIM'), record('STRATEGY', 'second', 'REDUCING'), record('INSTRUMENT', id)];
  const others = [record('STRATEGY', 'gone'), record('INSTRUMENT', 'GONE.SIM'), record('DESK', ''), record('FIRM', '', 'ASLEEP')];
  expect(storedSwitches([...records, ...others], FACTS)).toEqual([
    { scope: { kind: 'FIRM' }, state: 3, isKilled: true, isFlattening: false },
    { scope: { kind: 'ACCOUNT', venue: 'SIM' }, state: 3, isKilled: true, isFlattening: false },
    { scope: { kind: 'STRATEGY', strategy: 1 }, state: 2, isKilled: true, isFlattening: false },
    { scope: { kind: 'INSTRUMENT', instrument: 1 }, state: 3, isKilled: true, isFlattening: false },
  ]);
});
