import { afterAll, describe, expect, it } from 'vitest';
import { resolveRun } from './backtest/resolve-run.ts';
import { runBacktest } from './backtest/run-backtest.ts';
import { readRunFile } from './run-file/read-run-file.ts';
import { strategyFailure } from './strategy-failure.ts';
import { loadStrategyFile } from './strategies/load-strategy-file.ts';
import { makeFolder } from '../../test/files-kit.ts';

const folder = makeFolder();
afterAll(() => folder.remove());

/** Lines 1 to 4; the strategies come on line 5 and after. */
const MARKET = `period: { from: 2024-01-01, to: 2024-01-02 }
instruments: [{ id: ABC-USD.SIM, kind: spot }]
accounts: [{ balances: { USD: 100000 } }]
data: [{ kind: trades, generated: { seed: 7, startPrice: 100, tradesPerMinute: 60 } }]
`;

/** The message of a run whose strategies cannot start, its first line. */
async function failureOf(strategies: string): Promise<string> {
  const resolved = await resolveRun(readRunFile(folder.write('run.yaml', MARKET + strategies)), loadStrategyFile);
  const error = await runBacktest(resolved).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return strategyFailure(error, resolved)!.message.split('\n')[0]!;
}

const RUN_FILE = (): string => folder.write('run.yaml', MARKET);

describe('the failure of a strategy', () => {
  it('that ships with the program and will not start names the line of the run file, not the program', async () => {
    expect(await failureOf('strategies:\n  - use: moving-average-crossover\n  - use: pairs\n')).toBe(
      `Pairs.onStart failed, of the strategy at ${RUN_FILE()}:7: Pairs trades exactly two instruments; the run file gives it 1 [STRATEGY_FAILED]`,
    );
  });

  it('names every line that it may be of', async () => {
    expect(await failureOf('strategies:\n  - { use: pairs, name: a }\n  - { use: pairs, name: b }\n')).toContain(
      `of the strategy at ${RUN_FILE()}:6 or ${RUN_FILE()}:7: `,
    );
  });

  it('of the user’s own names its file and line, also where the class is called as a shipped one', async () => {
    const own = folder.write(
      'pairs.ts',
      `import { Strategy } from 'quanthybrid';

export class Pairs extends Strategy {
  override onStart(): void {
    this.prepare();
  }
  prepare(): void {
    throw new Error('not yet');
  }
}
`,
    );
    expect(await failureOf('strategies:\n  - { use: pairs, name: shipped }\n  - { file: pairs.ts }\n')).toContain(`${RUN_FILE()}:6: `);
    expect(await failureOf('strategies:\n  - { file: pairs.ts }\n  - { use: pairs, name: shipped }\n')).toBe(
      `Pairs.onStart failed at ${own}:8:11: not yet [STRATEGY_FAILED]`,
    );
  });

  it('whose message ends in a full stop has one, before what to do', async () => {
    folder.write(
      'bars.ts',
      `import { Strategy } from 'quanthybrid';
export class Bars extends Strategy {
  override onStart(): void {
    this.subscribeBars(0, '7x');
  }
}
`,
    );
    expect(await failureOf('strategies: [{ file: bars.ts }]\n')).toMatch(/[^.]\. Follow the sentence of the message/);
  });
});
