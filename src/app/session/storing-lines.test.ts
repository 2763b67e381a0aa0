import { describe, expect, it } from 'vitest';
import { storingLines, unstoredText } from './storing-lines.ts';
import { WorldError } from '../../ports/errors.ts';
import type { BatchWriterStatus } from '../../runtime/batch-writer.ts';

const LIVE: BatchWriterStatus = { state: 'LIVE', written: 8, seen: 9, queuedRows: 0, downSince: null, problem: null, drops: 0 };
const DOWN = { ...LIVE, downSince: 5, problem: new WorldError('DATABASE_UNREACHABLE', 'no answer', { retryable: true }) };
const FAILED = { ...LIVE, state: 'FAILED' as const, problem: new WorldError('DATABASE_AHEAD', 'it holds more', { retryable: false }) };

function said(...statuses: readonly BatchWriterStatus[]): readonly string[] {
  const lines: string[] = [];
  const tell = storingLines((line) => lines.push(line));
  for (const status of statuses) tell(status);
  return lines;
}

describe('what is said of storing', () => {
  it('is nothing while all is well, catching up at the start included', () => {
    expect(said({ ...LIVE, state: 'OPENING' }, { ...LIVE, state: 'CATCHING_UP' }, LIVE, { ...LIVE, state: 'STOPPED' })).toEqual([]);
  });

  it('is one line when the database does not answer, and one when what was missed is stored', () => {
    const lines = said(LIVE, DOWN, { ...DOWN, state: 'CATCHING_UP' }, { ...LIVE, state: 'CATCHING_UP' }, LIVE, LIVE);
    expect(lines).toEqual([
      'The database does not answer: no answer [DATABASE_UNREACHABLE]. The session goes on; what is to be stored waits.',
      'The database answers again; everything is being stored.',
    ]);
  });

  it('is one line when nothing will be stored any more', () => {
    expect(said(LIVE, FAILED, FAILED)).toEqual([
      'The database stores nothing more of this session: it holds more [DATABASE_AHEAD]. The session goes on; its journal has everything.',
    ]);
  });

  it('is at the end how much is missing', () => {
    expect(unstoredText({ seen: 1_500, written: 266 })).toBe('1,234 inputs are not stored in the database; the next start stores them.');
    expect(unstoredText({ seen: 9, written: 8 })).toBe('1 input is not stored in the database; the next start stores it.');
    expect(unstoredText({ seen: 9, written: -1 })).toBe('9 inputs are not stored in the database; the next start stores them.');
  });
});
