import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import { closestName } from './closest-name.ts';
import { runFilePage } from './page.ts';
import { readRunFile, type LoadedRunFile } from './read-run-file.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-file-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const GOOD = `name: good
instruments:
  - { id: GOOG.NASDAQ, kind: equity, quote: USD }
accounts:
  - balances: { USD: 10000 }
data:
  - csv: GOOG.csv
strategies:
  - use: moving-average-crossover
    name: cross
    parameters: { fast: 10, slow: 30 }
`;

function read(text: string, overrides: readonly string[] = []): LoadedRunFile {
  const file = join(folder, 'run.yaml');
  writeFileSync(file, text);
  return readRunFile(file, overrides);
}

function problems(text: string, overrides: readonly string[] = []): readonly InputProblem[] {
  try {
    read(text, overrides);
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

describe('reading a run file', () => {
  it("the smallest one is read, and its name is the file's where it has none", () => {
    expect(read(GOOD).run.name).toBe('good');
    expect(read(GOOD.replace('name: good\n', '')).run.name).toBe('run');
  });

  it('decimals stay texts, digit for digit, also beyond what a double carries', () => {
    const run = read(GOOD.replace('USD: 10000 }', 'USD: 10000000.123456789012345, EUR: 0.1 }')).run;
    expect(run.accounts[0]!.balances).toEqual({ USD: '10000000.123456789012345', EUR: '0.1' });
  });

  it('an unknown key is refused on its own line, with the key that was meant', () => {
    const [problem] = problems(GOOD.replace('    name: cross', '    nmae: cross'));
    expect(problem).toMatchObject({ code: 'RUN_FILE_UNKNOWN_KEY', line: 10, fix: 'Did you mean "name"?' });
  });

  it('a key one level too deep is told where it belongs', () => {
    const [problem] = problems(GOOD.replace('csv: GOOG.csv', 'csv: { file: GOOG.csv, every: 1d }'));
    expect(problem).toMatchObject({ code: 'RUN_FILE_UNKNOWN_KEY', fix: '"every" stands beside csv:, not in it: move it out one level.' });
  });

  it('a wrong word is refused with the line of the value and the words there are', () => {
    const [problem] = problems(GOOD.replace('kind: equity', 'kind: equty'));
    expect(problem).toMatchObject({ code: 'RUN_FILE_INVALID', line: 3, value: 'equty', column: 'instruments[0].kind' });
    expect(problem!.fix).toContain('Did you mean "equity"?');
  });

  it('a word that is like none is told the words there are once, and a word of others what it is called here', () => {
    const strange = problems(GOOD.replace('csv: GOOG.csv', 'kind: zzz\n    csv: GOOG.csv'))[0]!;
    expect(strange.fix).toBe('Give one of bars, quote-bars, trades, quotes, book-deltas.');
    const fix = problems(GOOD.replace('csv: GOOG.csv', 'kind: OrderBook\n    csv: GOOG.csv'))[0]!.fix;
    expect(fix).toBe('Did you mean "book-deltas"? It takes bars, quote-bars, trades, quotes, book-deltas.');
  });

  it('a missing key is refused with the line of the entry that lacks it', () => {
    const [problem] = problems(GOOD.replace('  - balances: { USD: 10000 }', '  - type: margin'));
    expect(problem).toMatchObject({ code: 'RUN_FILE_INVALID', line: 5, rule: '"balances" is missing.' });
  });

  it('every problem is told at once, each with its line', () => {
    const found = problems(GOOD.replace('kind: equity', 'kind: car').replace('USD: 10000', 'USD: ten'));
    expect(found.map((problem) => problem.line).sort()).toEqual([3, 5]);
  });

  it('what is no YAML is refused with its line', () => {
    const [problem] = problems('name: x\ninstruments:\n  - { id: A.B\n');
    expect(problem).toMatchObject({ code: 'RUN_FILE_SYNTAX' });
    expect(problem!.line).toBeGreaterThanOrEqual(3);
  });

  it.each(['periodsPerYear: 0', 'daysPerYear: -1', 'riskFreeRate: 1', 'riskFreeRate: -1'])(
    'refuses statistics: { %s } before the run, which would be lost at its end',
    (entry) => expect(problems(`${GOOD}statistics: { ${entry} }\n`)).toMatchObject([{ code: 'RUN_FILE_INVALID' }]),
  );

  it.each([
    ['an alias within its own anchor', 'statistics: &x [*x]', 'RUN_FILE_ALIAS_REFUSED'],
    ['an alias within its own anchor, further in', 'statistics: &x { a: [{ b: *x }] }', 'RUN_FILE_ALIAS_REFUSED'],
    ['two anchors within each other', 'statistics: &x { a: &y [*x], b: *y }', 'RUN_FILE_ALIAS_REFUSED'],
    ['an alias without an anchor', 'statistics: *nowhere', 'RUN_FILE_ALIAS_REFUSED'],
    ['brackets without end', `statistics: ${'['.repeat(30_000)}`, 'RUN_FILE_TOO_DEEP'],
    ['brackets too deep', `statistics: ${'['.repeat(101)}${']'.repeat(101)}`, 'RUN_FILE_TOO_DEEP'],
    ['lists too deep', `statistics:\n  ${'- '.repeat(150)}a`, 'RUN_FILE_TOO_DEEP'],
  ])('%s is refused with its code and line', (_what, text, code) => {
    const [problem] = problems(`${GOOD}${text}\n`);
    expect(problem).toMatchObject({ code });
    expect([12, 13]).toContain(problem!.line);
  });

  it('aliases that multiply are refused with their line, before they fill the memory', () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const inner = level === 0 ? Array(10).fill('1') : Array(10).fill(`*l${level - 1}`);
      return `  k${level}: &l${level} [${inner.join(', ')}]`;
    });
    const [problem] = problems(`${GOOD}statistics:\n${levels.join('\n')}\n`);
    expect(problem).toMatchObject({ code: 'RUN_FILE_ALIAS_REFUSED' });
    expect(problem!.line).toBeGreaterThan(12);
  });

  it('an alias stands for its anchor, also in an override', () => {
    const text = GOOD.replace('fast: 10, slow: 30', 'fast: &n 10, slow: *n');
    expect(read(text).run.strategies[0]!.parameters).toEqual({ fast: 10, slow: 10 });
    expect(problems(GOOD, ['name=&x [*x]'])[0]).toMatchObject({ code: 'RUN_FILE_ALIAS_REFUSED' });
  });

  it('a key given twice is refused', () => {
    expect(problems(`${GOOD}name: again\n`)[0]).toMatchObject({ code: 'RUN_FILE_SYNTAX', line: 12 });
  });

  it('a LEAN day is a text with and without quotes', () => {
    for (const day of ['20131007', '"20131007"'])
      expect(read(GOOD.replace('csv: GOOG.csv', `lean: { root: ., fromDate: ${day} }`)).run.data[0]!.lean!.fromDate).toBe('20131007');
  });

  it('a date that does not exist is refused', () => {
    expect(problems(`${GOOD}period: { from: 2004-02-30 }\n`)[0]).toMatchObject({ line: 12, value: '2004-02-30' });
  });

  it('a missing file is told by its code', () => {
    expect(() => readRunFile(join(folder, 'nothing.yaml'))).toThrow(/RUN_FILE_MISSING/);
  });
});

describe('--set', () => {
  it('strategy addresses the only one; numbers, names and ids address entries', () => {
    for (const path of ['strategy', 'strategies.0', 'strategies.cross']) {
      expect(read(GOOD, [`${path}.parameters.fast=5`]).run.strategies[0]!.parameters).toEqual({ fast: 5, slow: 30 });
    }
    expect(read(GOOD, ['instruments.GOOG.NASDAQ.lotSize=10']).run.instruments[0]!.lotSize).toBe('10');
  });

  it('a key that is not there yet is put in, and later overrides win', () => {
    expect(read(GOOD, ['atEnd=closeAtLastOpen', 'atEnd=leaveOpen']).run.atEnd).toBe('leaveOpen');
  });

  it('a value that does not fit is told with the option instead of a line', () => {
    const [problem] = problems(GOOD, ['atEnd=never']);
    expect(problem).toMatchObject({ file: '--set atEnd=never', value: 'never' });
    expect(problem!.line).toBeUndefined();
  });

  it('a strategy goes by the class of its file too', () => {
    writeFileSync(join(folder, 'goog-stop.ts'), 'export class GoogStop extends Strategy {}\n');
    const own = GOOD.replace('use: moving-average-crossover', 'file: ./goog-stop.ts');
    for (const name of ['GoogStop', 'cross'])
      expect(read(own, [`strategies.${name}.parameters.fast=5`]).run.strategies[0]!.parameters).toEqual({ fast: 5, slow: 30 });
  });

  it('a key that only the override has is told with the option, and with the key that was meant', () => {
    const [problem] = problems(GOOD, ['strategy.params.fast=5']);
    expect(problem).toMatchObject({ file: '--set strategy.params.fast=5', fix: 'Did you mean "parameters"?' });
    expect(problem!.line).toBeUndefined();
  });

  it('a path that leads nowhere is refused', () => {
    for (const text of ['fast', 'strategies.7.name=x', 'strategies.crss.name=x', '=5']) {
      expect(problems(GOOD, [text])[0]).toMatchObject({ code: 'OVERRIDE_INVALID' });
    }
  });

  it('strategy is refused where there are two', () => {
    const two = GOOD.replace('strategies:\n', 'strategies:\n  - { use: pairs }\n');
    expect(problems(two, ['strategy.parameters.fast=5'])[0]!.rule).toContain('this run file has 2');
  });
});

describe('the reference page', () => {
  it('says what the schema says (else: npm run docs)', () => {
    expect(readFileSync(new URL('../../../docs/reference/run-file.md', import.meta.url), 'utf8')).toBe(runFilePage());
  });
});

describe('the word that was meant', () => {
  it('is found across a slip and a swap, and not across a different word', () => {
    expect(closestName('pripority', ['priority', 'price'])).toBe('priority');
    expect(closestName('lotisze', ['lotSize', 'tickSize'])).toBe('lotSize');
    expect(closestName('params', ['name', 'parameters'])).toBe('parameters');
    expect(closestName('horse', ['lotSize', 'tickSize'])).toBeNull();
  });
});
