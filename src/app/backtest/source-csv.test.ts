import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveRun } from './resolve-run.ts';
import type { BarBlock } from '../../model/blocks.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import { readRunFile } from '../run-file/read-run-file.ts';
import { loadStrategyFile } from '../strategies/load-strategy-file.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'source-csv-'));
  writeFileSync(
    path.join(folder, 'days.csv'),
    'Date,Open,High,Low,Close,Volume\n2020-01-01,1,2,1,2,5\n2020-01-02,2,3,2,3,5\n2020-01-03,3,4,3,4,5\n',
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

async function problemsOf(data: string): Promise<readonly InputProblem[]> {
  const file = path.join(folder, 'run.yaml');
  writeFileSync(
    file,
    `instruments: [{ id: A.SIM, kind: equity, quote: USD }]
accounts: [{ balances: { USD: 1 } }]
strategies: [{ use: moving-average-crossover }]
data:
  - kind: bars
${data}
`,
  );
  try {
    await resolveRun(readRunFile(file), loadStrategyFile);
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

describe('a CSV with decimal commas', () => {
  it.each([
    ['recognized', 'commas.csv'],
    ['described', '{ file: commas.csv, delimiter: ";", decimalMark: ",", timeFormat: dd.MM.yyyy, zone: UTC }'],
  ])('is read exactly in a run, %s', async (_how, csv) => {
    const rows = '02.01.2020;10,05;11,50;9,75;10,25;300\n03.01.2020;10,25;10,50;10,00;10,40;200\n';
    writeFileSync(path.join(folder, 'commas.csv'), `Date;Open;High;Low;Close;Volume\n${rows}`);
    const file = path.join(folder, 'commas.yaml');
    writeFileSync(
      file,
      `instruments: [{ id: A.SIM, kind: equity, quote: USD }]
accounts: [{ balances: { USD: 1 } }]
strategies: [{ use: moving-average-crossover }]
data: [{ every: 1d, csv: ${csv} }]
`,
    );
    const { open } = await resolveRun(readRunFile(file), loadStrategyFile);
    const block = open().spec.streams[0]!.next() as BarBlock;
    expect([...block.open.subarray(0, block.length), ...block.close.subarray(0, block.length)]).toEqual([1005, 1025, 1025, 1040]);
  });
});

describe('a CSV whose layout is recognized', () => {
  it('is refused where every is not the distance of its rows, with both and the line', async () => {
    const [problem] = await problemsOf('    every: 1h\n    csv: days.csv');
    expect(problem).toMatchObject({ code: 'RUN_FILE_INVALID', line: 6, column: 'data[0].every', value: '1h' });
    expect(problem!.rule).toBe('The rows of the file are 1d apart, but every says 1h.');
  });

  it('is read where every says the same in other words', async () => {
    expect(await problemsOf('    every: 24h\n    csv: days.csv')).toEqual([]);
  });

  it('is not needed where columns are given: every then counts', async () => {
    const columns = '{ time: Date, open: Open, high: High, low: Low, close: Close, volume: Volume }';
    expect(await problemsOf(`    every: 1h\n    csv: { file: days.csv, zone: UTC, columns: ${columns} }`)).toEqual([]);
    const [problem] = await problemsOf(`    csv: { file: days.csv, zone: UTC, columns: ${columns} }`);
    expect(problem!.fix).toContain('beside csv: and not in it');
  });
});
