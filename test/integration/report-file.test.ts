import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkReportPath } from '../../src/app/commands/report-file.ts';
import { makeFolder } from '../files-kit.ts';
import { InputError } from '../../src/ports/errors.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const folder = makeFolder();
afterAll(() => folder.remove());

const RUN_FILE = `
period: { from: 2024-01-01, to: 2024-01-03 }
instruments: [{ id: ABC-USD.SIM, kind: spot }]
accounts: [{ balances: { USD: 100000 } }]
data: [{ kind: trades, generated: { seed: 7, startPrice: 100, tradesPerMinute: 60 } }]
strategies: [{ use: moving-average-crossover, parameters: { every: 5m } }]
`;

function problemsOf(file: string): readonly string[] {
  try {
    checkReportPath(file);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems.map(({ code, rule }) => `${code}: ${rule}`);
  }
}

describe('the path of a report', () => {
  it('may be a new file, also in folders that are not there yet, or one that is there', () => {
    const there = folder.write('old.html', 'old');
    expect([there, path.join(folder.path, 'new.html'), path.join(folder.path, 'a/b/new.html')].flatMap(problemsOf)).toEqual([]);
  });

  it('is refused where it is a folder or lies in a file', () => {
    const file = folder.write('file.txt', 'text');
    expect(problemsOf(folder.path)).toEqual(['OPTION_INVALID: This is a folder, and the report is one file.']);
    expect(problemsOf(path.join(file, 'report.html'))).toEqual([`OPTION_INVALID: ${file} is a file, so the report cannot lie in it.`]);
  });

  it('is looked at before the run: a folder ends the command with status 2, and nothing was played', async () => {
    const { status, err } = await backtest(folder.path);
    expect([status, err.includes('[OPTION_INVALID]'), err.includes('assumed')]).toEqual([2, true, false]);
  });

  // The device takes what is opened and refuses what is written: only Linux has it.
  it.skipIf(!existsSync('/dev/full'))(
    'that turns out bad when it is written costs the report only: the result is printed, then the error, status 1',
    async () => {
      const { status, out, err } = await backtest('/dev/full');
      expect([status, out.includes('equity SIM')]).toEqual([1, true]);
      expect(err).toContain('[REPORT_NOT_WRITTEN]');
    },
  );
});

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function backtest(report: string): Promise<Ended> {
  const file = folder.write('run.yaml', RUN_FILE);
  const child = spawn(process.execPath, ['scripts/run-ts.mjs', 'src/app/main.ts', 'backtest', file, '--report', report], { cwd: ROOT });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, out, err })));
}
