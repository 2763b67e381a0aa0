import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { z } from 'zod';
import type { Code } from '../../model/codes/catalogue.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import { applyOverrides } from './overrides.ts';
import { runFileSchema, type RunFile } from './schema.ts';
import { parseYaml, type Plain, type PlainPath } from './yaml-source.ts';

/** A run file that was read and checked, and what is needed to speak about its lines. */
export interface LoadedRunFile {
  /** As given on the command line. */
  readonly file: string;
  /** Absolute: paths in the run file are relative to it. */
  readonly folder: string;
  readonly text: string;
  /** What stands in the place of its values, as typed: `--set strategy.parameters.fast=5`. */
  readonly overrides: readonly string[];
  readonly run: RunFile & { readonly name: string };
  /** The plain data with every override in it. */
  readonly plain: Plain;
  /** A problem with what stands at a path. */
  problem(code: Code, path: PlainPath, rule: string, fix: string): InputProblem;
  /** The error `RUN_FILE_INVALID` for what stands at a path. */
  refusal(path: PlainPath, rule: string, fix: string): InputError;
  /** `run.yaml:12`, or the override that put it there. */
  placeText(path: PlainPath): string;
  /** Path of a file named in the run file. */
  path(relative: string): string;
}

/** Longest offending value that a message shows. */
const VALUE_CHARACTERS_MAX = 80;

/**
 * Reads a run file with overrides (`--set`, without the option's name).
 *
 * @throws InputError with every problem found, each with its line
 */
export function readRunFile(file: string, overrideTexts: readonly string[] = []): LoadedRunFile {
  const text = readText(file);
  const source = parseYaml(text, file);
  if (typeof source.value !== 'object' || source.value === null || Array.isArray(source.value)) {
    throw new InputError([
      {
        code: 'RUN_FILE_INVALID',
        file,
        line: 1,
        rule: 'A run file is keys and values.',
        fix: 'Start with name:, instruments:, data:, strategies: and accounts:.',
      },
    ]);
  }
  const { value, overrides } = applyOverrides(source.value, overrideTexts, (strategyFile) =>
    exportedClasses(resolve(dirname(file), strategyFile)),
  );
  const placeOf = (path: PlainPath, what: 'value' | 'key'): Pick<InputProblem, 'file' | 'line'> => {
    // What an override brought in where the file has nothing is the override's doing, whole or in part.
    const isNew = valueAt(source.value, path) === undefined;
    const override = overrides.findLast((candidate) => isPrefix(candidate.path, path) || (isNew && isPrefix(path, candidate.path)));
    return override === undefined ? { file, line: source.lineOf(path, what) } : { file: override.text };
  };
  const problem = (code: Code, path: PlainPath, rule: string, fix: string, what: 'value' | 'key' = 'value'): InputProblem => ({
    code,
    ...placeOf(path, what),
    ...(path.length === 0 ? {} : { column: pathText(path) }),
    ...shown(valueAt(value, path), what),
    rule,
    fix,
  });
  const checked = runFileSchema.safeParse(value);
  if (!checked.success) throw new InputError(checked.error.issues.flatMap((issue) => problemsOf(issue, [], value, problem)));
  return {
    file,
    folder: dirname(resolve(file)),
    text,
    overrides: overrides.map((override) => override.text),
    plain: value,
    run: { ...checked.data, name: checked.data.name ?? basename(file).replace(/\.ya?ml$/i, '') },
    problem: (code, path, rule, fix) => problem(code, path, rule, fix),
    refusal: (path, rule, fix) => new InputError([problem('RUN_FILE_INVALID', path, rule, fix)]),
    placeText: (path) => {
      const { file: place = file, line } = placeOf(path, 'value');
      return line === undefined ? place : `${place}:${line}`;
    },
    path: (relative) => resolve(dirname(file), relative),
  };
}

/** `accounts[0].margin.leverage` */
export function pathText(path: PlainPath): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    const rule = code === 'ENOENT' ? 'There is no such run file.' : `The run file cannot be read (${code}).`;
    throw new InputError([
      { code: 'RUN_FILE_MISSING', file, rule, fix: 'Check the path; "quanthybrid init" makes a folder with a run file that works.' },
    ]);
  }
}

/** For finding a strategy by the name of its class: from the text alone, since nothing of the file runs before the run file is read. */
function exportedClasses(file: string): readonly string[] {
  if (!existsSync(file)) return [];
  return [...readFileSync(file, 'utf8').matchAll(/^export\s+class\s+(\w+)/gm)].map((match) => match[1]!);
}

type MakeProblem = (code: Code, path: PlainPath, rule: string, fix: string, what?: 'value' | 'key') => InputProblem;

/** The problems that a check of plain data found, in the words of the run file. */
export function problemsOf(issue: z.core.$ZodIssue, outer: PlainPath, root: Plain, problem: MakeProblem): readonly InputProblem[] {
  const path = [...outer, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))];
  if (issue.code === 'unrecognized_keys') {
    const fixes = issue.message.split('\n');
    return issue.keys.map((key, index) =>
      problem('RUN_FILE_UNKNOWN_KEY', [...path, key], `There is no key "${key}" here.`, fixes[index] ?? 'Take it out.', 'key'),
    );
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // The branch that got furthest is the one that was meant: it did not fail at the value as a whole.
    const meant = issue.errors.find((branch) => branch.every((inner) => inner.path.length > 0 || inner.code !== 'invalid_type'));
    if (meant !== undefined) return meant.flatMap((inner) => problemsOf(inner, path, root, problem));
  }
  const seen = valueAt(root, path);
  if (seen === undefined) {
    const name = String(path.at(-1) ?? 'run file');
    return [problem('RUN_FILE_INVALID', path, `"${name}" is missing.`, `${exampleFix(issue.message)}`)];
  }
  // Lists, keys and values are not shown as the value that was seen: the rule says what stands there.
  const isOfAnotherKind = typeof seen === 'object' && seen !== null && (issue.code === 'invalid_type' || issue.code === 'invalid_union');
  const rule = !isOfAnotherKind ? 'The value does not fit.' : Array.isArray(seen) ? 'A list does not fit here.' : 'Keys do not fit here.';
  return [problem('RUN_FILE_INVALID', path, rule, exampleFix(issue.message))];
}

function exampleFix(message: string): string {
  return message.startsWith('Invalid input') ? 'Add it; docs/reference/run-file.md shows how.' : message;
}

function valueAt(root: Plain, path: PlainPath): Plain | undefined {
  let at: Plain | undefined = root;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as { readonly [key: string]: Plain })[step as string];
  }
  return at;
}

function shown(value: Plain | undefined, what: 'value' | 'key'): Pick<InputProblem, 'value'> {
  if (value === undefined || what === 'key' || typeof value === 'object') return {};
  const text = String(value);
  return { value: text.length > VALUE_CHARACTERS_MAX ? `${text.slice(0, VALUE_CHARACTERS_MAX)}…` : text };
}

function isPrefix(prefix: PlainPath, path: PlainPath): boolean {
  return prefix.length <= path.length && prefix.every((step, index) => step === path[index]);
}
