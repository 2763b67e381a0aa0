import { afterAll, describe, expect, it } from 'vitest';
import { resolveRun } from './resolve-run.ts';
import { makeFolder } from '../../../test/files-kit.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import { readRunFile } from '../run-file/read-run-file.ts';
import { loadStrategyFile } from '../strategies/load-strategy-file.ts';

const folder = makeFolder();
afterAll(() => folder.remove());

async function problemOf(strategyFile: string, source: string | null): Promise<InputProblem> {
  if (source !== null) folder.write(strategyFile, source);
  const file = folder.write(
    'run.yaml',
    `period: { from: 2024-01-01, to: 2024-01-02 }
instruments: [{ id: ABC-USD.SIM, kind: spot }]
accounts: [{ balances: { USD: 100000 } }]
data: [{ kind: trades, generated: { seed: 7, startPrice: 100 } }]
strategies:
  - file: ./${strategyFile}
    class: One
    parameters: { fast: 1 }
`,
  );
  return resolveRun(readRunFile(file), loadStrategyFile).then(
    () => expect.fail('nothing was refused'),
    (error: unknown) => {
      if (error instanceof InputError) return error.problems[0]!;
      throw error;
    },
  );
}

const ONE = "import { Strategy } from 'quanthybrid';\nexport class One extends Strategy { static parameters = [1]; }\n";

describe('what is wrong with a strategy file is told with the line of the run file', () => {
  it.each([
    ['that names the file where it is missing', 'absent.ts', null, 'STRATEGY_FILE_MISSING', 6],
    ['that names the class where the file has none of that name', 'none.ts', 'export const one = 1;\n', 'STRATEGY_CLASS_MISSING', 7],
    ['that gives parameters where the declared ones are no table', 'tableless.ts', ONE, 'STRATEGY_PARAMETERS_INVALID', 8],
  ])('%s', async (_name, strategyFile, source, code, line) => {
    const problem = await problemOf(strategyFile, source);
    expect([problem.code, problem.line, problem.file?.endsWith('run.yaml')]).toEqual([code, line, true]);
    expect(problem.rule).toContain(strategyFile);
  });
});
