import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../../../test/files-kit.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import { readRunFile } from '../run-file/read-run-file.ts';
import { runInstruments } from './run-instruments.ts';

const folder = makeFolder();
afterAll(() => folder.remove());

/** What a run file with these instruments, from line 2 on, is told. */
function problemsOf(...instruments: readonly string[]): readonly InputProblem[] {
  const text = `instruments:
${instruments.map((instrument) => `  - { ${instrument} }\n`).join('')}accounts:
  - { venue: X, balances: { USD: 10000 } }
  - { venue: Y, balances: { USD: 10000 } }
data: [{ csv: none.csv }]
strategies: [{ use: moving-average-crossover }]
`;
  try {
    runInstruments(readRunFile(folder.write('run.yaml', text)));
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
}

describe('a multiplier', () => {
  it.each([
    ['equity', 'id: AAA.X'],
    ['spot', 'id: AAA-USD.X'],
    ['fx', 'id: AAA-USD.X'],
  ])('of %s is refused with its line, value, rule and fix', (kind, id) => {
    const [problem, ...others] = problemsOf(`${id}, kind: ${kind}, quote: USD, multiplier: 50`);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code: 'RUN_FILE_INVALID', line: 2, column: 'instruments[0].multiplier', value: '50' });
    expect(problem!.rule).toBe(`One unit of ${id.slice(4)} (kind: ${kind}) is one AAA: it has no multiplier.`);
    expect(problem!.fix).toContain('lotSize: 50');
  });

  it('of one, and of contracts, is taken', () => {
    expect(problemsOf('id: AAA.X, kind: equity, multiplier: 1.0')).toEqual([]);
    expect(problemsOf('id: AAA.X, kind: future, multiplier: 50', 'id: BBB-USD.X, kind: perpetual, multiplier: 0.1')).toEqual([]);
  });
});

describe('what shares are known by', () => {
  it('two shares of one base at one venue are refused, on the line that says so', () => {
    expect(problemsOf('id: AAA.X, kind: equity', 'id: BBB.X, kind: equity, base: AAA')).toMatchObject([
      { code: 'RUN_FILE_INVALID', line: 3, column: 'instruments[1].base', value: 'AAA' },
    ]);
    expect(problemsOf('id: BBB.X, kind: equity, base: AAA', 'id: AAA.X, kind: equity')).toMatchObject([
      { code: 'RUN_FILE_INVALID', line: 3, column: 'instruments[1].id', value: 'AAA.X' },
    ]);
  });

  it('the same share at two venues is taken, and so are a coin and a future of one base', () => {
    expect(problemsOf('id: AAA.X, kind: equity', 'id: AAA.Y, kind: equity')).toEqual([]);
    expect(problemsOf('id: BTC-USD.X, kind: spot', 'id: BTC-EUR.X, kind: spot', 'id: BTC.X, kind: future')).toEqual([]);
  });

  it.each([
    ['the coin of a spot pair, also elsewhere', 'id: LINK-USD.Y, kind: spot'],
    ['the currency of an fx pair', 'id: LINK-USD.X, kind: fx'],
    ['what another share is quoted in', 'id: BBB.X, kind: equity, quote: LINK'],
    ['what a contract settles in', 'id: LINK-USD.X, kind: inverse-perpetual'],
  ])('a share with the code of %s is refused', (_what, other) => {
    const [problem, ...others] = problemsOf(other, 'id: LINK.X, kind: equity');
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code: 'RUN_FILE_INVALID', line: 3, value: 'LINK.X' });
    expect(problem!.fix).toBe('Give LINK.X a base of its own, such as base: LINK-SHARE.');
    expect(problemsOf(other, 'id: LINK.X, kind: equity, base: LINK-SHARE')).toEqual([]);
  });
});

describe('counts that no double holds', () => {
  it('are told from decimals that the instrument does not have', () => {
    const [large, fine] = problemsOf('id: AAA.X, kind: equity, maxQuantity: 1e20, tickSize: 0.001');
    expect([fine!.value, fine!.rule]).toEqual(['0.001', 'tickSize has more decimals than the instrument counts in (2).']);
    expect([large!.value, large!.rule]).toEqual([
      '100000000000000000000',
      'In 0 decimals maxQuantity is too large to be counted exactly (2^53).',
    ]);
  });
});

describe('a largest order', () => {
  it('below the smallest, or below one lot, is refused', () => {
    expect(problemsOf('id: AAA.X, kind: equity, minQuantity: 5, maxQuantity: 4')[0]!.rule).toContain('below minQuantity');
    expect(problemsOf('id: AAA.X, kind: equity, lotSize: 10, maxQuantity: 9')[0]!.rule).toContain('below one lot');
    expect(problemsOf('id: AAA.X, kind: equity, lotSize: 10, minQuantity: 20, maxQuantity: 20')).toEqual([]);
  });
});

describe('tiers of a fee', () => {
  it('rise', () => {
    const tiers = (second: number): string =>
      `id: AAA.X, kind: equity, fees: { kind: tiers, tiers: [{ from: 0, maker: 0, taker: 0.1 }, { from: ${second}, maker: 0, taker: 0 }] }`;
    expect(problemsOf(tiers(0))[0]!.fix).toContain('Let each tier begin above the one before it.');
    expect(problemsOf(tiers(1))).toEqual([]);
  });
});
