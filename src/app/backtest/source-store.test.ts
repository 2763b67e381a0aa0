import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../../../test/files-kit.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import { planImport } from '../data/import-options.ts';
import { importData } from '../data/import-data.ts';
import { readRunFile } from '../run-file/read-run-file.ts';
import { loadStrategyFile } from '../strategies/load-strategy-file.ts';
import { type ResolvedRun, resolveRun } from './resolve-run.ts';

const folder = makeFolder();
afterAll(() => folder.remove());

beforeAll(async () => {
  const file = folder.write('months.csv', 'Date,Open,High,Low,Close,Volume\n2020-01-01,1,2,1,2,5\n2020-02-01,2,3,2,3,5\n');
  const { source, instrument } = planImport([file], { store: folder.path, instrument: 'A.SIM', every: '1mo' });
  await importData({ storeRoot: folder.path, source, instrument, createdBy: 'test 1' });
});

function resolved(stream: string, fills = '{}'): Promise<ResolvedRun> {
  const text = `instruments: [{ id: A.SIM, kind: equity, quote: USD, priceDecimals: 0, fills: ${fills} }]
accounts: [{ balances: { USD: 1 } }]
strategies: [{ use: moving-average-crossover }]
data: [{ ${stream} }]
`;
  return resolveRun(readRunFile(folder.write('run.yaml', text)), loadStrategyFile);
}

async function problemsOf(stream: string, fills?: string): Promise<readonly InputProblem[]> {
  const error: unknown = await resolved(stream, fills).catch((cause: unknown) => cause);
  if (error instanceof InputError) return error.problems;
  throw new Error(`it was not refused: ${String(error)}`);
}

describe('months of a store', () => {
  it.each(['1M', '1mo'])('are found by %s, as their file was described by 1mo, and move orders by either name', async (every) => {
    for (const matchEvery of ['1M', '1mo']) {
      const { streams, open } = await resolved(`every: ${every}, store: { root: . }`, `{ matchEvery: ${matchEvery} }`);
      expect(streams.map(({ everyName }) => everyName)).toEqual(['1mo']);
      expect(open().spec.streams[0]!.next()).toMatchObject({ length: 2 });
    }
  });

  it.each(['{ root: . }', '{ root: nowhere }'])(
    'in another writing are refused with its line and what to write (store %s)',
    async (store) => {
      for (const every of ['1month', '1MO', 'monthly']) {
        const [problem] = await problemsOf(`every: ${every}, store: ${store}`);
        expect(problem).toMatchObject({ code: 'RUN_FILE_INVALID', line: 4, column: 'data[0].every', value: every });
        expect(problem!.fix).toContain('M for months');
      }
    },
  );
});

describe('what a store does not hold', () => {
  it('is told with the line of the run file, and with what the store holds', async () => {
    const [problem] = await problemsOf('every: 1d, store: { root: . }');
    expect(problem).toMatchObject({ code: 'STORE_DATA_SET_NOT_FOUND', line: 4, column: 'data[0].store' });
    expect(problem!.rule).toBe(`No A.SIM bars 1d can be had of ${folder.path}. The store holds A.SIM bars 1mo.`);
    const [nowhere] = await problemsOf('every: 1d, store: { root: nowhere }');
    expect(nowhere).toMatchObject({ code: 'STORE_DATA_SET_NOT_FOUND', line: 4, column: 'data[0].store.root', value: 'nowhere' });
    expect(nowhere!.rule).toContain('There is no folder');
  });
});

describe('the bars that move orders', () => {
  it('are named in any writing of their length', async () => {
    folder.write('hours.csv', 'Date,Open,High,Low,Close,Volume\n2020-01-01T00:00,1,2,1,2,5\n2020-01-01T01:00,2,3,2,3,5\n');
    expect((await resolved('every: 60m, csv: hours.csv', '{ matchEvery: 1h }')).streams).toHaveLength(1);
    expect((await problemsOf('every: 60m, csv: hours.csv', '{ matchEvery: 1d }'))[0]!.rule).toContain('matchEvery');
  });
});
