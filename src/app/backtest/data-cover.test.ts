import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../../../test/files-kit.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import { readRunFile } from '../run-file/read-run-file.ts';
import { loadStrategyFile } from '../strategies/load-strategy-file.ts';
import { coverText } from './data-cover.ts';
import { dataStreams } from './data-streams.ts';
import { resolveRun } from './resolve-run.ts';
import { runInstruments } from './run-instruments.ts';

const folder = makeFolder();
afterAll(folder.remove);
folder.write('days.csv', 'Date,Open,High,Low,Close,Volume\n2020-01-01,1,2,1,2,5\n2020-01-02,2,3,2,3,5\n');
// 1,733,011,200.691 s is 2024-12-01T00:00:00.691Z; the delta comes 5 s later.
const message = (type: string, ts: number, u: number): string =>
  `${JSON.stringify({ topic: 'orderbook.50.A', type, ts, data: { s: 'A', b: [['2', '1']], a: [['3', '1']], u, seq: u } })}\n`;
folder.write('book.data', message('snapshot', 1_733_011_200_691, 1) + message('delta', 1_733_011_205_691, 2));

function runFile(period: string, data: string): string {
  return folder.write(
    'run.yaml',
    `instruments: [{ id: A.SIM, kind: equity, quote: USD }]
accounts: [{ balances: { USD: 1 } }]
strategies: [{ use: moving-average-crossover }]
period: ${period}
data:
  - { every: 1d, csv: days.csv }
${data}`,
  );
}

async function problemOf(file: string): Promise<InputProblem> {
  const { open } = await resolveRun(readRunFile(file), loadStrategyFile);
  try {
    open();
  } catch (error) {
    if (error instanceof InputError) return error.problems[0]!;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a period without a row', () => {
  it('is told the period that the source has, to the fraction of a second where it needs it', async () => {
    // Daily bars are known at their close, the next midnight.
    const bars = await problemOf(runFile('{ from: 2021-01-01, to: 2021-02-01 }', ''));
    expect(bars).toMatchObject({ code: 'DATA_EMPTY', column: 'data[0]' });
    expect(bars.rule).toContain('The source has rows from 2020-01-02T00:00:00Z to 2020-01-03T00:00:00Z.');
    const recording = '  - { kind: book-deltas, recording: { format: bybit, file: book.data } }\n';
    const book = await problemOf(runFile('{ from: 2020-01-01, to: 2020-02-01 }', recording));
    expect(book).toMatchObject({ code: 'DATA_EMPTY', column: 'data[1]' });
    expect(book.rule).toContain('The source has rows from 2024-12-01T00:00:00.691Z to 2024-12-01T00:00:05.691Z.');
  });

  it('is told of a source that is only begun, has none, or cannot be read outside the period', () => {
    const loaded = readRunFile(runFile('{ from: 2020-01-01 }', ''));
    const [stream] = dataStreams(loaded, runInstruments(loaded).instruments, { fromTs: null, toTs: null });
    const open = () => stream!.source.open(0);
    expect(coverText(open, 1)).toBe('The source has rows from 2020-01-02T00:00:00Z to 2020-01-03T00:00:00Z and beyond.');
    expect(coverText(() => ({ next: () => null, close: () => undefined }))).toBe('The source has no row of this kind at all.');
    const broken = (): never => {
      throw new InputError([{ code: 'RECORD_DAMAGED', rule: 'r', fix: 'f', file: path.join(folder.path, 'x') }]);
    };
    expect(coverText(broken)).toBe('Outside the period it cannot be read: RECORD_DAMAGED.');
  });
});
