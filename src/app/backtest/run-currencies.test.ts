import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../../../test/files-kit.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import { readRunFile } from '../run-file/read-run-file.ts';
import { resolveRun } from './resolve-run.ts';

const folder = makeFolder();
afterAll(() => folder.remove());

const PAIR = '  - { id: EUR-USD.X, kind: fx }\n';
const PAIR_DATA = '  - { instrument: EUR-USD.X, kind: trades, generated: { seed: 2, startPrice: 1.1 } }\n';

/** A share that settles in euros. */
const run = (options: { account?: string; pair?: boolean; traded?: string; risk?: string }): string => `
period: { from: 2024-01-01, to: 2024-01-02 }
instruments:
  - { id: SAP.X, kind: equity, quote: EUR }
${options.pair === true ? PAIR : ''}accounts:
  - ${options.account ?? '{ currency: USD, balances: { USD: 10000 } }'}
data:
  - { instrument: SAP.X, kind: trades, generated: { seed: 1, startPrice: 100 } }
${options.pair === true ? PAIR_DATA : ''}strategies:
  - { use: moving-average-crossover, instruments: [${options.traded ?? 'SAP.X'}] }
risk: ${options.risk ?? '{}'}
`;

async function problemsOf(text: string): Promise<readonly Pick<InputProblem, 'code' | 'line' | 'rule' | 'fix'>[]> {
  const never = (): never => {
    throw new Error('no strategy file is named');
  };
  try {
    await resolveRun(readRunFile(folder.write('run.yaml', text)), never);
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
}

describe('currencies of a run', () => {
  it('an instrument that settles in what the account cannot state is refused before the run, with what to add', async () => {
    const [problem, ...others] = await problemsOf(run({}));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code: 'CONVERSION_RATE_MISSING', line: 4 });
    expect(problem!.rule).toBe('SAP.X settles in EUR; the account at X is stated in USD, and nothing in the run converts EUR to USD.');
    expect(problem!.fix).toContain('{ id: EUR-USD.X, kind: fx }');
  });

  it('the pair that the message names mends it, and so does an account in that currency', async () => {
    expect(await problemsOf(run({ pair: true }))).toEqual([]);
    expect(await problemsOf(run({ account: '{ balances: { EUR: 10000 } }' }))).toEqual([]);
  });

  it('a balance that nothing converts is refused, one of zero is not', async () => {
    const account = (francs: number): string => `{ currency: EUR, balances: { EUR: 10000, CHF: ${francs} } }`;
    expect(await problemsOf(run({ account: account(5) }))).toMatchObject([{ code: 'CONVERSION_RATE_MISSING', line: 6 }]);
    expect(await problemsOf(run({ account: account(0) }))).toEqual([]);
  });

  it.each([
    ['of the firm', '{ firm: { maxExposure: 5000 USD } }'],
    ['of an account', '{ accounts: { X: { maxOrderValue: 5000 USD } } }'],
    ['of a strategy', '{ strategies: { moving-average-crossover: { maxExposure: 5000 USD } } }'],
    ['of an instrument', '{ instruments: { SAP.X: { maxLongValue: 5000 USD } } }'],
    ['of every instrument', '{ everyInstrument: { maxOrderValue: 5000 USD } }'],
  ])('a limit %s in a currency that orders cannot be stated in is refused with its line', async (_whose, risk) => {
    const account = '{ balances: { EUR: 10000, USD: 0 } }';
    expect(await problemsOf(run({ account, risk }))).toMatchObject([{ code: 'CONVERSION_RATE_MISSING', line: 11 }]);
    expect(await problemsOf(run({ account, risk, pair: true }))).toEqual([]);
  });

  it('a limit is asked about the instruments that strategies trade, not about the others of the run', async () => {
    const text = (traded: string): string =>
      run({ account: '{ venue: X, balances: { EUR: 10000 } }', risk: '{ everyInstrument: { maxOrderValue: 5000 EUR } }', traded })
        .replace('accounts:', '  - { id: NOVN.Y, kind: equity, quote: CHF }\naccounts:\n  - { venue: Y, balances: { CHF: 10000 } }')
        .replace('strategies:', '  - { instrument: NOVN.Y, kind: trades, generated: { seed: 3, startPrice: 90 } }\nstrategies:');
    expect(await problemsOf(text('SAP.X'))).toEqual([]);
    expect(await problemsOf(text('SAP.X, NOVN.Y'))).toMatchObject([{ code: 'CONVERSION_RATE_MISSING', line: 14 }]);
  });
});
