import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../../../test/files-kit.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import { readRunFile } from '../run-file/read-run-file.ts';
import { dataStreams } from './data-streams.ts';
import { runInstruments } from './run-instruments.ts';

const folder = makeFolder();
afterAll(() => folder.remove());

const RUN = `period: { from: 2024-01-01, to: 2024-01-02 }
instruments:
  - { id: AAA.X, kind: equity, quote: USD }
  - { id: BBB.X, kind: equity, quote: USD }
  - { id: CCC.X, kind: equity, quote: USD }
accounts: [{ balances: { USD: 10000 } }]
data:
  - { instrument: AAA.X, generated: { seed: 1, startPrice: 100 } }
  - { instrument: BBB.X, generated: { seed: 1, startPrice: 100 } }
  - { instrument: CCC.X, generated: { seed: 1, startPrice: 100 } }
strategies: [{ use: moving-average-crossover }]
`;

function problemsOf(...overrides: readonly string[]): readonly InputProblem[] {
  return allProblemsOf(...overrides).slice(0, 1);
}

function allProblemsOf(...overrides: readonly string[]): readonly InputProblem[] {
  try {
    const loaded = readRunFile(folder.write('run.yaml', RUN), overrides);
    const { from, to } = loaded.run.period!;
    for (const { source, series } of dataStreams(loaded, runInstruments(loaded).instruments, { fromTs: from!, toTs: to! }))
      source.open(series).next();
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
}

describe('a generated market', () => {
  // 10^13 counts are the most: 10 with 12 decimals is that, 100 with 12 decimals is ten times it, and what no double holds is so too.
  it.each([
    ['priceDecimals=12', 'startPrice=100'],
    ['priceDecimals=2', 'startPrice=1e20'],
  ])('with %s and %s is refused, since its prices could not be counted exactly', (decimals, price) => {
    const [problem] = problemsOf(`instruments.AAA.X.${decimals}`, `data.0.generated.${price}`);
    expect(problem).toMatchObject({ code: 'RUN_FILE_INVALID', column: 'data[0].generated.startPrice' });
    expect(problem!.rule).toContain('counts more than 10000000000000 of the smallest units of AAA.X');
    expect(problem!.fix).toBe('Give AAA.X fewer priceDecimals, or a smaller startPrice.');
  });

  it('with a price that can be counted is made', () => {
    expect(problemsOf('instruments.AAA.X.priceDecimals=12', 'data.0.generated.startPrice=10')).toEqual([]);
    expect(problemsOf('instruments.AAA.X.priceDecimals=11')).toEqual([]);
  });

  it('with quantities or lots that could not be counted exactly is refused', () => {
    const typical = ['instruments.AAA.X.quantityDecimals=12', 'data.0.generated.typicalQuantity=1.1'];
    expect(problemsOf(...typical)).toMatchObject([{ column: 'data[0].generated.typicalQuantity' }]);
    expect(problemsOf('instruments.AAA.X.lotSize=100000000001')).toMatchObject([{ column: 'instruments[0].lotSize' }]);
    expect(problemsOf('instruments.AAA.X.lotSize=100000000000')).toEqual([]);
  });

  it('with more decimals than the instrument has says which to raise', () => {
    const [problem] = problemsOf('data.0.generated.startPrice=100.001');
    expect(problem!.rule).toBe('startPrice has more decimals than AAA.X counts in (2).');
    expect(problem!.fix).toBe('Round it, or raise priceDecimals of AAA.X.');
  });

  it('that follows one which follows another is refused, and told whom to follow', () => {
    const first = 'data.1.generated.follows={ instrument: AAA.X, deviation: 0.1 }';
    expect(problemsOf(first)).toEqual([]);
    expect(problemsOf(first, 'data.2.generated.follows={ instrument: AAA.X, deviation: 0.1 }')).toEqual([]);
    const [problem] = problemsOf(first, 'data.2.generated.follows={ instrument: BBB.X, deviation: 0.1 }');
    expect(problem).toMatchObject({ code: 'RUN_FILE_INVALID', column: 'data[2].generated.follows.instrument' });
    expect(problem!.fix).toBe('Follow AAA.X, or another instrument that follows none.');
  });

  const AGENTS = ['data.0.generated.market=agents', 'data.0.generated.eventsPerSecond=1'];

  it('of agents has order books; paths have none', () => {
    expect(problemsOf(...AGENTS, 'data.0.kind=book-deltas', 'data.0.generated.book=levels')).toEqual([]);
    expect(problemsOf('data.0.kind=book-deltas')).toMatchObject([{ column: 'data[0].kind' }]);
    expect(problemsOf(...AGENTS, 'data.0.kind=quote-bars')).toMatchObject([{ column: 'data[0].kind' }]);
  });

  it.each([
    ['data.0.generated.tradesPerMinute=3', 'tradesPerMinute'],
    ['data.0.generated.book=levels', 'book'],
    ['data.0.generated.eventsPerSecond=0.01', 'eventsPerSecond'],
    ['data.0.generated.annualVolatility=6', 'annualVolatility'],
    ['data.0.generated.startPrice=0.5', 'startPrice'],
    ['data.0.generated.halts.lasting=1ms', 'halts.lasting'],
    ['data.0.generated.jumps.size=2', 'jumps.size'],
    ['data.0.generated.gaps.perDay=2000', 'gaps.perDay'],
  ])('of agents with %s is refused', (override, key) => {
    expect(problemsOf(...AGENTS, override)).toMatchObject([{ code: 'RUN_FILE_INVALID', column: `data[0].generated.${key}` }]);
  });

  it('of agents with several mistakes is refused with each of them once, however many streams show the market, and with the value', () => {
    const wrong = ['jumps.size=5', 'jumps.perDay=-1', 'halts.lasting=3d', 'gaps.lasting=1us', 'eventsPerSecond=90000'];
    const streams = ['data.1.instrument=AAA.X', 'data.1.kind=trades', 'data.1.generated.market=agents'];
    const problems = allProblemsOf(...AGENTS, ...streams, ...wrong.map((text) => `data.0.generated.${text}`));
    expect(problems.map(({ column, value, fix }) => [column, value, fix])).toEqual([
      ['data[0].generated.eventsPerSecond', '90000', 'Give a value from 0.1 to 10000.'],
      ['data[0].generated.jumps.perDay', '-1', 'Give a perDay from 0 to 1000.'],
      ['data[0].generated.jumps.size', '5', 'Give a size from 0 to 0.5.'],
      ['data[0].generated.halts.lasting', '3d', 'Give a duration from 1s to 1d.'],
      ['data[0].generated.gaps.lasting', '1us', 'Give a duration from 1ms to 1d.'],
    ]);
  });

  it('of agents at the bounds is made', () => {
    const least = ['jumps.size=0', 'halts.lasting=1s', 'gaps.lasting=1ms', 'gaps.perDay=0'];
    expect(problemsOf(...AGENTS, ...least.map((text) => `data.0.generated.${text}`))).toEqual([]);
    const most = ['jumps.size=0.5', 'halts.lasting=1d', 'gaps.lasting=1d', 'gaps.perDay=1000'];
    expect(problemsOf(...AGENTS, ...most.map((text) => `data.0.generated.${text}`))).toEqual([]);
  });

  it.each([
    ['halts=[{ lasting: 3d }]', 'A list does not fit here.', 'Write keys and values here: perDay, at, lasting.'],
    ['eventsPerSecond={ a: 1 }', 'Keys do not fit here.', 'Give a number.'],
    ['eventsPerSecond=fast', 'The value does not fit.', 'Give a number.'],
  ])('of agents with %s says what stands there', (override, rule, fix) => {
    expect(allProblemsOf(...AGENTS, `data.0.generated.${override}`)).toMatchObject([{ rule, fix }]);
  });

  // The second stream, of AAA.X too.
  const SECOND = ['data.1.instrument=AAA.X', 'data.1.kind=trades'];

  const BOTH = [...AGENTS, ...SECOND, 'data.1.generated.market=agents'];

  it('of agents takes a later stream of the instrument that says nothing more, or the same again', () => {
    expect(problemsOf(...BOTH)).toEqual([]);
    expect(problemsOf(...BOTH, 'data.1.generated.eventsPerSecond=1')).toEqual([]);
  });

  it.each([
    ['data.1.generated.seed=2', 'seed', 'where seed is another'],
    ['data.1.generated.startPrice=101', 'startPrice', 'where startPrice is another'],
    ['data.1.generated.typicalQuantity=3', 'typicalQuantity', 'which states no typicalQuantity'],
    ['data.1.generated.eventsPerSecond=2', 'eventsPerSecond', 'where eventsPerSecond is another'],
    ['data.1.generated.halts={ perDay: 3 }', 'halts', 'which states no halts'],
  ])('of agents is refused where a later stream of the instrument says otherwise: %s', (override, key, words) => {
    const [problem] = problemsOf(...BOTH, override);
    expect(problem).toMatchObject({ code: 'RUN_FILE_INVALID', column: `data[1].generated.${key}` });
    expect(problem!.rule).toBe(`The market of AAA.X is that of its first stream, data[0], ${words}.`);
  });

  it('of paths is refused where a later stream of the instrument says otherwise', () => {
    expect(problemsOf(...SECOND)).toEqual([]);
    expect(problemsOf(...SECOND, 'data.1.generated.seed=2')).toMatchObject([{ column: 'data[1].generated.seed' }]);
    expect(problemsOf(...SECOND, 'data.1.generated.spreadTicks=3')).toMatchObject([{ column: 'data[1].generated.spreadTicks' }]);
  });

  it.each(['jumps', 'halts', 'gaps'])('of agents refuses an instant of %s at which there is no market', (key) => {
    const at = (...times: readonly string[]): readonly InputProblem[] =>
      problemsOf(...AGENTS, `data.0.generated.${key}={ at: [${times.join(', ')}] }`);
    expect(at('2024-01-01T00:00:00.000001Z', '2024-01-01T23:59:59.999998Z')).toEqual([]);
    for (const wrong of ['2024-01-01T00:00:00Z', '2024-01-01T23:59:59.999999Z', '2024-01-02T00:00:00Z', '2023-12-31T12:00:00Z']) {
      const [problem] = at('2024-01-01T12:00:00Z', wrong);
      expect(problem).toMatchObject({ code: 'RUN_FILE_INVALID', column: `data[0].generated.${key}.at[1]` });
      expect(problem!.rule).toContain(wrong.slice(0, 19));
      expect(problem!.rule).toContain('not within the period');
    }
  });

  it.each(['jumps', 'halts', 'gaps'])('of agents refuses an instant of %s that is stated twice', (key) => {
    const noon = '2024-01-01T12:00:00Z';
    const [problem] = problemsOf(...AGENTS, `data.0.generated.${key}={ at: [${noon}, 2024-01-01T11:00:00Z, ${noon}] }`);
    expect(problem).toMatchObject({ code: 'RUN_FILE_INVALID', column: `data[0].generated.${key}.at[2]` });
    expect(problem!.rule).toMatch(/^2024-01-01T12:00:00\S* is stated twice/);
    expect(problem!.fix).toBe('Take one of the two out.');
  });

  it('of paths refuses what belongs to agents', () => {
    expect(problemsOf('data.0.generated.eventsPerSecond=5')).toMatchObject([{ column: 'data[0].generated.eventsPerSecond' }]);
  });
});
