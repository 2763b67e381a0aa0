import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder, zipOf } from '../../../test/files-kit.ts';
import { BlockKind } from '../../model/blocks.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import { readRunFile } from '../run-file/read-run-file.ts';
import { loadStrategyFile } from '../strategies/load-strategy-file.ts';
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
