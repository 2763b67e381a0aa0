import { readFileSync } from 'node:fs';
import { unreachable } from '../../base/assert.ts';
import { InputError } from '../../ports/errors.ts';
import type { LatencyModel } from '../../sim/latency.ts';
import type { LoadedRunFile } from '../run-file/read-run-file.ts';
import type { RunFileLength } from '../run-file/schema.ts';
import type { PlainPath } from '../run-file/yaml-source.ts';

/** First line of a file of measured lengths: when each began and how long it took, microseconds. */
const HEADER = 'began_us,took_us';
/** Where nothing says what the longest of a log-normal law is: so many medians. */
const MEDIANS_MAX = 100;

/**
 * A length of the run file as the model that draws it.
 *
 * @throws InputError for lengths that contradict each other, or a file that cannot be read
 */
export function latencyModel(loaded: LoadedRunFile, length: RunFileLength, path: PlainPath): LatencyModel {
  if (typeof length === 'number') return { kind: 'constant', us: length };
  const refuse = (rule: string, fix: string): InputError => loaded.refusal(path, rule, fix);
  switch (length.kind) {
    case 'uniform':
      if (length.min > length.max) throw refuse('The least is more than the most.', 'Exchange them.');
      return { kind: 'uniform', minUs: length.min, maxUs: length.max, seed: length.seed ?? 1 };
    case 'logNormal':
      if (length.median === 0) throw refuse('A median of 0 is no law.', 'Write 0ms in place of it all, or a median above 0.');
      return {
        kind: 'logNormal',
        medianUs: length.median,
        sigma: length.sigma,
        maxUs: length.max ?? MEDIANS_MAX * length.median,
        seed: length.seed ?? 1,
      };
    case 'measured':
      return measuredModel(loaded, length.file, path);
    default:
      return unreachable(length);
  }
}

function measuredModel(loaded: LoadedRunFile, name: string, path: PlainPath): LatencyModel {
  const file = loaded.path(name);
  const lines = readLines(loaded, file, path);
  const ts: number[] = [];
  const us: number[] = [];
  lines.forEach((line, at) => {
    if (line.trim() === '') return;
    const refuse = (rule: string, fix = 'Write two whole numbers, such as 1723161255030314,4200.'): InputError =>
      new InputError([{ code: 'RUN_FILE_INVALID', file, line: at + 1, value: line, rule, fix }]);
    if (at === 0) {
      if (line.trim() === HEADER) return;
      throw refuse(`The first line is the header ${HEADER}.`, 'Write it above the first length.');
    }
    const match = /^(\d{1,16}),(\d{1,16})$/.exec(line.trim());
    const began = Number(match?.[1]);
    const took = Number(match?.[2]);
    if (match === null || !Number.isSafeInteger(began) || !Number.isSafeInteger(took))
      throw refuse('A line is when it began and how long it took, in microseconds.');
    if (ts.length > 0 && began <= ts.at(-1)!) throw refuse('Times rise from line to line.');
    ts.push(began);
    us.push(took);
  });
  if (ts.length === 0) throw loaded.refusal(path, `${file} has no line of a length.`, 'Give a file with at least one.');
  return { kind: 'measured', ts: Float64Array.from(ts), us: Float64Array.from(us) };
}

function readLines(loaded: LoadedRunFile, file: string, path: PlainPath): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new InputError([
      loaded.problem('FILE_MISSING', path, `${file} cannot be read (${code}).`, 'Check the path; it is relative to the run file.'),
    ]);
  }
}
