import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder, problemOf } from '../../../test/files-kit.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import type { LatencyModel } from '../../sim/latency.ts';
import type { LoadedRunFile } from '../run-file/read-run-file.ts';
import type { RunFileLength } from '../run-file/schema.ts';
import { latencyModel } from './latency-model.ts';

const folder = makeFolder();
afterAll(folder.remove);

const problem = (code: InputProblem['code'], rule: string): InputProblem => ({ code, file: 'run.yaml', rule, fix: '' });
const LOADED = {
  path: (relative: string) => `${folder.path}/${relative}`,
  problem: (code: InputProblem['code'], _path: unknown, rule: string) => problem(code, rule),
  refusal: (_path: unknown, rule: string) => new InputError([problem('RUN_FILE_INVALID', rule)]),
} as unknown as LoadedRunFile;

function modelOf(length: RunFileLength): LatencyModel {
  return latencyModel(LOADED, length, ['venues', 0, 'latency', 'orderEntry']);
}

function measured(text: string): LatencyModel {
  folder.write('measured.csv', text);
  return modelOf({ kind: 'measured', file: 'measured.csv' });
}

describe('a length of the run file', () => {
  it('is constant, uniform or log-normal, whose longest is a hundred medians unless it is stated', () => {
    expect(modelOf(7)).toEqual({ kind: 'constant', us: 7 });
    expect(modelOf({ kind: 'uniform', min: 3, max: 3 })).toEqual({ kind: 'uniform', minUs: 3, maxUs: 3, seed: 1 });
    const law = { kind: 'logNormal', median: 200, sigma: 0.4 } as const;
    expect(modelOf(law)).toEqual({ kind: 'logNormal', medianUs: 200, sigma: 0.4, maxUs: 20_000, seed: 1 });
    expect(modelOf({ ...law, max: 300, seed: 5 })).toMatchObject({ maxUs: 300, seed: 5 });
  });

  it.each<readonly [RunFileLength, RegExp]>([
    [{ kind: 'uniform', min: 4, max: 3 }, /least is more than the most/],
    [{ kind: 'logNormal', median: 0, sigma: 1 }, /median of 0/],
  ])('that contradicts itself is refused: %o', (length, rule) => {
    expect(() => modelOf(length)).toThrow(rule);
  });
});

describe('a file of measured lengths', () => {
  it('has a time and a length a line, behind its header', () => {
    const { ts, us } = measured('began_us,took_us\n10,4\n\n11,0\r\n') as Extract<LatencyModel, { kind: 'measured' }>;
    expect([[...ts], [...us]]).toEqual([
      [10, 11],
      [4, 0],
    ]);
  });

  it.each([
    ['has no header', '10,4\n', 1, /first line is the header/],
    ['has a time twice', 'began_us,took_us\n10,4\n10,5\n', 3, /Times rise/],
    ['goes back', 'began_us,took_us\n10,4\n\n9,5\n', 4, /Times rise/],
    ['has a line of something else', 'began_us,took_us\n10,-4\n', 2, /in microseconds/],
    ['has a number that does not count exactly', 'began_us,took_us\n9007199254740992,4\n', 2, /in microseconds/],
    ['has no line', 'began_us,took_us\n', undefined, /has no line/],
  ])('that %s is refused', (_, text, line, rule) => {
    const found = problemOf(() => measured(text));
    expect([found.code, found.line]).toEqual(['RUN_FILE_INVALID', line]);
    expect(found.rule).toMatch(rule);
  });

  it('that is not there is refused', () => {
    expect(problemOf(() => modelOf({ kind: 'measured', file: 'none.csv' })).code).toBe('FILE_MISSING');
  });
});
