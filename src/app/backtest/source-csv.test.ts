import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveRun } from './resolve-run.ts';
import { runBacktest } from './run-backtest.ts';
import { renderReport } from '../../adapters/report/html-report.ts';
import { summaryLines } from '../terminal/summary.ts';
import { type BarBlock, BlockKind, type QuoteBarBlock } from '../../model/blocks.ts';
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

async function problemsOf(data: string, kind = 'bars'): Promise<readonly InputProblem[]> {
  const file = path.join(folder, 'run.yaml');
  writeFileSync(
    file,
    `instruments: [{ id: A.SIM, kind: equity, quote: USD }]
accounts: [{ balances: { USD: 1 } }]
strategies: [{ use: moving-average-crossover }]
data:
  - kind: ${kind}
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

const BID = 'time,open,high,low,close\n2020-01-01T00:00Z,1.10,1.20,1.00,1.15\n2020-01-01T00:01Z,1.15,1.16,1.14,1.15\n';
const ASK = 'time,open,high,low,close\n2020-01-01T00:00Z,1.11,1.22,1.02,1.16\n2020-01-01T00:01Z,1.16,1.17,1.15,1.17\n';

function pairFile(csv: string, beside: string): string {
  const file = path.join(folder, 'pair.yaml');
  writeFileSync(
    file,
    `instruments: [{ id: A.SIM, kind: equity, quote: USD }]
accounts: [{ balances: { USD: 1 } }]
strategies: [{ use: moving-average-crossover }]
data: [{ ${beside}csv: ${csv} }]
`,
  );
  return file;
}

describe('bars of bid and ask in a file each', () => {
  it.each([
    ['recognized', '{ bidFile: bid.csv, askFile: ask.csv }', ''],
    [
      'described, in several files that follow each other',
      '{ bidFile: [bid.csv, bid2.csv], askFile: [ask.csv, ask2.csv], columns: { time: time, open: open, high: high, low: low, close: close }, volume: absent }',
      'every: 1m, kind: quote-bars, ',
    ],
  ])('are one stream of quote bars, %s', async (_how, csv, beside) => {
    const next = (text: string): string => text.replaceAll('01-01', '01-02');
    for (const [name, text] of Object.entries({ bid: BID, ask: ASK })) {
      writeFileSync(path.join(folder, `${name}.csv`), text);
      writeFileSync(path.join(folder, `${name}2.csv`), next(text));
    }
    const { streams, open, runId } = await resolveRun(readRunFile(pairFile(csv, beside)), loadStrategyFile);
    expect(streams).toMatchObject([{ kind: BlockKind.QUOTE_BARS, everyName: '1m' }]);
    const block = open().spec.streams[0]!.next() as QuoteBarBlock;
    expect(block.length).toBe(beside === '' ? 2 : 4);
    const first = (column: Float64Array): number => column[0]!;
    expect([block.bidOpen, block.bidHigh, block.bidLow, block.bidClose, block.bidSize].map(first)).toEqual([110, 120, 100, 115, 0]);
    expect([block.askOpen, block.askHigh, block.askLow, block.askClose, block.askSize].map(first)).toEqual([111, 122, 102, 116, 0]);
    expect(block.tsEvent[0]! - block.tsOpen[0]!).toBe(60_000_000);
    // Either side is part of what the run is made of, whatever its file is called.
    const idWith = async (from: string, to: string, text: string): Promise<string> => {
      writeFileSync(path.join(folder, to), text);
      return (await resolveRun(readRunFile(pairFile(csv.replace(from, to), beside)), loadStrategyFile)).runId;
    };
    expect(await idWith('bid.csv', `bid-as-${beside.length}.csv`, BID)).toBe(runId);
    expect(await idWith('bid.csv', `bid-not-${beside.length}.csv`, BID.replace('1.15\n', '1.14\n'))).not.toBe(runId);
    expect(await idWith('ask.csv', `ask-not-${beside.length}.csv`, ASK.replace('1.17\n', '1.16\n'))).not.toBe(runId);
  });

  it.each([
    ['one side alone', '    csv: { bidFile: bid.csv }', 'data[0].csv', 'Name both, bidFile and askFile.'],
    ['a file besides', '    csv: { file: days.csv, bidFile: bid.csv, askFile: ask.csv }', 'data[0].csv.file', 'not both'],
    ['no file at all', '    csv: { zone: UTC }', 'data[0].csv', 'Name one'],
    ['another kind', '    csv: { bidFile: bid.csv, askFile: ask.csv }', 'data[0].kind', 'quote-bars'],
    ['rows to be skipped', '    csv: { bidFile: bid.csv, askFile: ask.csv, onDefect: skip }', 'data[0].csv.onDefect', 'Take it out'],
  ])('with %s are refused with their line', async (what, data, column, fix) => {
    const [problem] = await problemsOf(data, what === 'another kind' ? 'bars' : 'quote-bars');
    expect(problem).toMatchObject({ code: 'RUN_FILE_INVALID', column });
    expect([5, 6]).toContain(problem!.line);
    expect(problem!.fix).toContain(fix);
  });

  it('laid out differently are refused where nothing says the columns', async () => {
    writeFileSync(path.join(folder, 'bid.csv'), BID);
    writeFileSync(path.join(folder, 'other.csv'), ASK.replace('open,high', 'high,open').replaceAll('T00:0', ' 00:0').replaceAll('Z', ''));
    const [problem] = await problemsOf('    csv: { bidFile: bid.csv, askFile: other.csv }', 'quote-bars');
    expect(problem!.rule).toContain('laid out differently');
  });
});

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

describe('rows left out by onDefect: skip', () => {
  it('are counted by code in the result, and told first in the summary', async () => {
    writeFileSync(
      path.join(folder, 'late-row.csv'),
      'Date,Open,High,Low,Close,Volume\n2020-01-01,1,2,1,2,5\n2020-01-02,2,3,2,3,5\n2020-01-03,3,4,3,4,5\n2020-01-02,2,3,2,3,5\n2020-01-04,2,3,2,3,5\n',
    );
    const file = path.join(folder, 'skip.yaml');
    writeFileSync(
      file,
      `instruments: [{ id: A.SIM, kind: equity, quote: USD }]
accounts: [{ balances: { USD: 1 } }]
strategies: [{ use: moving-average-crossover }]
data: [{ every: 1d, csv: { file: late-row.csv, onDefect: skip } }]
`,
    );
    const { result, report } = await runBacktest(await resolveRun(readRunFile(file), loadStrategyFile));
    expect([result.events, result.notes.skippedRows]).toEqual([4, { TIME_BACKWARDS: 1 }]);
    expect(summaryLines(result)[0]).toBe('WARNING: rows of files left out as defective (onDefect: skip): TIME_BACKWARDS 1×');
    const page = renderReport(report);
    expect(page).toContain('Rows left out, <code>TIME_BACKWARDS</code>');
    expect(page).not.toContain('no row refused');
  });
});

it('a description that no file could have is refused with its line in the run file', async () => {
  const file = path.join(folder, 'misspelled.yaml');
  writeFileSync(
    file,
    `instruments: [{ id: A.SIM, kind: equity, quote: USD }]
accounts: [{ balances: { USD: 1 } }]
strategies: [{ use: moving-average-crossover }]
data:
  - every: 1d
    csv: { file: days.csv, timeFormat: iso, zone: Mars/Olympus, stamp: open, columns: { time: Date, open: Open, high: High, low: Low, close: Close, volume: Volume } }
`,
  );
  await expect(runBacktest(await resolveRun(readRunFile(file), loadStrategyFile))).rejects.toMatchObject({
    problems: [{ file, line: 6, rule: 'This is not a zone.', value: 'Mars/Olympus' }],
  });
});
