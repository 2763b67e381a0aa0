import { afterAll, expect, it } from 'vitest';
import { resolveRun } from './resolve-run.ts';
import { makeFolder } from '../../../test/files-kit.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import { readRunFile } from '../run-file/read-run-file.ts';
import { loadStrategyFile } from '../strategies/load-strategy-file.ts';

const folder = makeFolder();
afterAll(() => folder.remove());

async function problemsOf(kind: string, account: string): Promise<readonly InputProblem[]> {
  const file = folder.write(
    'run.yaml',
    `period: { from: 2024-01-01, to: 2024-01-02 }
instruments: [{ id: ABC-USD.SIM, kind: ${kind} }]
accounts: [{ ${account}, balances: { USD: 100 } }]
data: [{ kind: trades, generated: { seed: 7, startPrice: 100 } }]
strategies: [{ use: moving-average-crossover }]
`,
  );
  return resolveRun(readRunFile(file), loadStrategyFile).then(
    () => [],
    (error: unknown) => {
      if (error instanceof InputError) return error.problems;
      throw error;
    },
  );
}

it.each(['perpetual', 'future', 'fx', 'inverse-perpetual'])('a cash account is refused %s, which is held on margin', async (kind) => {
  expect(await problemsOf(kind, 'type: cash')).toMatchObject([
    { code: 'RUN_FILE_INVALID', line: 2, column: 'instruments[0].kind', fix: expect.stringContaining('type: margin') },
  ]);
  const problems = await problemsOf(kind, 'type: margin');
  expect(problems.filter(({ code }) => code === 'RUN_FILE_INVALID')).toEqual([]);
});

it.each(['spot', 'equity'])('a cash account takes %s, which is paid in full', async (kind) => {
  expect(await problemsOf(kind, 'type: cash')).toEqual([]);
});
