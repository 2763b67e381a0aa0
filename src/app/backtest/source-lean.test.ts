import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder, zipOf } from '../../../test/files-kit.ts';
import { BlockKind } from '../../model/blocks.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import { readRunFile } from '../run-file/read-run-file.ts';
import { loadStrategyFile } from '../strategies/load-strategy-file.ts';
import { leanFiles } from '../../adapters/files/lean-reader.ts';
import { resolveRun } from './resolve-run.ts';

const folder = makeFolder();
mkdirSync(path.join(folder.path, 'lean'));
afterAll(() => folder.remove());

async function problemsOf(data: string): Promise<readonly InputProblem[]> {
  const file = folder.write(
    'run.yaml',
    `period: { from: 2024-01-01, to: 2024-01-02 }
instruments: [{ id: SPY.ARCA, kind: equity, quote: USD, priceDecimals: 4 }]
accounts: [{ balances: { USD: 1 } }]
strategies: [{ use: moving-average-crossover }]
data:
  - ${data}
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

describe('every beside lean:', () => {
  it('is refused where the files of the resolution hold bars of another length, with what to write', async () => {
    const [problem] = await problemsOf('{ every: 1m, lean: { root: lean } }');
    expect(problem).toMatchObject({ code: 'RUN_FILE_INVALID', line: 6, column: 'data[0].every', value: '1m' });
    expect(problem!.rule).toBe('LEAN files of resolution daily hold bars of 1d, but every says 1m.');
    expect(problem!.fix).toContain('resolution: minute');
    const [longer] = await problemsOf('{ every: 5m, lean: { root: lean, resolution: minute } }');
    expect(longer!.fix).toContain('subscribeBars');
  });

  it('is accepted where it says the same, also in other words', async () => {
    expect(await problemsOf('{ every: 60m, lean: { root: lean, resolution: hour } }')).toEqual([]);
  });
});

describe('fromDate and toDate', () => {
  it('are days, written either way; anything else is refused', async () => {
    const [problem] = await problemsOf('{ lean: { root: lean, resolution: minute, fromDate: garbage } }');
    expect(problem).toMatchObject({ code: 'RUN_FILE_INVALID', column: 'data[0].lean.fromDate' });
    const [noSuchDay] = await problemsOf('{ lean: { root: lean, resolution: minute, toDate: 20131032 } }');
    expect(noSuchDay).toMatchObject({ column: 'data[0].lean.toDate' });
    expect(await problemsOf('{ lean: { root: lean, resolution: minute, fromDate: 2013-10-07, toDate: 20131008 } }')).toEqual([]);
  });

  it('are refused where the resolution is one file, from which they would choose nothing', async () => {
    const [problem] = await problemsOf('{ lean: { root: lean, fromDate: 20131007 } }');
    expect(problem).toMatchObject({ column: 'data[0].lean.fromDate', fix: expect.stringContaining('period') });
  });

  it('that no file is of are told with the days that there are', () => {
    mkdirSync(path.join(folder.path, 'lean/equity/usa/minute/spy'), { recursive: true });
    for (const day of ['20131007', '20131011']) folder.write(`lean/equity/usa/minute/spy/${day}_trade.zip`, zipOf({ 'spy.csv': '' }));
    const stream = {
      root: path.join(folder.path, 'lean'),
      security: 'equity',
      market: 'usa',
      resolution: 'minute',
      symbol: 'spy',
    } as const;
    expect(() => leanFiles({ ...stream, fromDate: '20140101' }, 'trade')).toThrow('from 20131007 to 20131011, and none from 20140101');
    expect(leanFiles({ ...stream, fromDate: '20131008', toDate: '20131011' }, 'trade')).toHaveLength(1);
  });
});

describe('LEAN forex', () => {
  it('has bars of bid and ask, which a run file need not say', async () => {
    mkdirSync(path.join(folder.path, 'lean/forex/oanda/daily'), { recursive: true });
    const rows = '20240101 00:00,1.10001,1.2,1.1,1.2,0,1.10002,1.2,1.1,1.2,0\n';
    folder.write('lean/forex/oanda/daily/eurusd.zip', zipOf({ 'eurusd.csv': rows }));
    const file = folder.write(
      'forex.yaml',
      `instruments: [{ id: EUR-USD.OANDA, kind: fx }]
accounts: [{ balances: { USD: 1 } }]
strategies: [{ use: moving-average-crossover }]
data: [{ lean: { root: lean, market: oanda, symbol: eurusd } }]
`,
    );
    const { streams, open } = await resolveRun(readRunFile(file), loadStrategyFile);
    expect(streams.map(({ kind }) => kind)).toEqual([BlockKind.QUOTE_BARS]);
    const block = open().spec.streams[0]!.next();
    expect(block).toMatchObject({ length: 1 });
  });
});

describe('every beside rows that are no bars', () => {
  it('is refused, because it would mean nothing', async () => {
    const [problem] = await problemsOf('{ every: 1m, kind: trades, generated: { seed: 1, startPrice: 5 } }');
    expect(problem).toMatchObject({ code: 'RUN_FILE_INVALID', line: 6, column: 'data[0].every' });
    expect(problem!.rule).toContain('these rows are trades');
  });
});
