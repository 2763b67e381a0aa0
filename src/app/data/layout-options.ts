import { z } from 'zod';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import { pathText, problemsOf } from '../run-file/read-run-file.ts';
import type { KeyNote } from '../run-file/schema-parts.ts';
import { csvLayout, leanLayout } from '../run-file/schema-data.ts';
import { parseYamlValue, type Plain, type PlainPath } from '../run-file/yaml-source.ts';

/**
 * The keys of `csv:` and `lean:` in a run file as options of a command: the same words with dashes, the same values, the same checks.
 * What the schema of the run file gains, the command gains.
 */

/** Keys that a command says in another way (which files, which stream of a LEAN folder), and what only a run does (`actions`). */
const ELSEWHERE: readonly string[] = ['file', 'root', 'security', 'market', 'resolution', 'actions'];

interface LayoutOption {
  /** As in a run file: `timeFormat`. */
  readonly key: string;
  /** `--time-format` */
  readonly name: string;
  readonly note: KeyNote;
  /** Which of the two has it. */
  readonly of: 'csv' | 'lean' | 'both';
}

/** Every key that is an option, in the order of the run file's page. */
export const LAYOUT_OPTIONS: readonly LayoutOption[] = layoutOptions();

function layoutOptions(): readonly LayoutOption[] {
  const csv = csvLayout.shape as Readonly<Record<string, z.ZodType>>;
  const lean = leanLayout.shape as Readonly<Record<string, z.ZodType>>;
  const names = [...new Set([...Object.keys(csv), ...Object.keys(lean)])].filter((key) => !ELSEWHERE.includes(key));
  return names.map((key) => ({
    key,
    name: optionName(key),
    note: (csv[key] ?? lean[key]!).meta()!['note'] as KeyNote,
    // The symbol of a LEAN folder is a part of its path.
    of: csv[key] === undefined ? 'lean' : lean[key] === undefined || key === 'symbol' ? 'csv' : 'both',
  }));
}

export function optionName(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The options that were given, as texts, by key. */
export type GivenTexts = Readonly<Record<string, string>>;

/**
 * Reads the options as the layout of a run file.
 *
 * @param fixed what the command knows of the layout by other means
 * @returns the layout, or every problem
 */
export function readLayout<S extends typeof csvLayout | typeof leanLayout>(
  layout: S,
  given: GivenTexts,
  fixed: { readonly [key: string]: Plain },
): z.output<S> | readonly InputProblem[] {
  const of = (layout as unknown) === csvLayout ? 'csv' : 'lean';
  const misplaced = LAYOUT_OPTIONS.filter((option) => given[option.key] !== undefined && option.of !== of && option.of !== 'both');
  const problems: InputProblem[] = misplaced.map(({ key, name }) => ({
    code: 'OPTION_INVALID',
    file: name,
    value: given[key]!,
    rule: of === 'csv' ? `${name} is for LEAN folders.` : `${name} is for CSV files.`,
    fix: of === 'csv' ? 'Take it out, or give --lean.' : 'Take it out, or leave --lean out.',
  }));
  const shape = layout.shape as Readonly<Record<string, z.ZodType>>;
  const plain: Record<string, Plain> = { ...fixed };
  for (const [key, text] of Object.entries(given)) {
    if (shape[key] === undefined || misplaced.some((option) => option.key === key)) continue;
    try {
      plain[key] = takesText(shape[key]) && !(takesList(shape[key]) && text.startsWith('[')) ? text : parseYamlValue(text);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems.map((problem) => ({ ...problem, file: optionName(key) })));
    }
  }
  const checked = layout.safeParse(plain);
  if (!checked.success) {
    const problem = (_code: unknown, path: PlainPath, rule: string, fix: string): InputProblem => ({
      code: 'OPTION_INVALID',
      file: ELSEWHERE.includes(String(path[0])) ? '--lean' : optionName(String(path[0])),
      ...(path.length > 1 ? { column: pathText(path) } : {}),
      ...(given[String(path[0])] === undefined ? {} : { value: given[String(path[0])]! }),
      rule,
      fix,
    });
    problems.push(...checked.error.issues.flatMap((issue) => problemsOf(issue, [], plain, problem)));
  }
  return problems.length > 0 ? problems : (checked.data as z.output<S>);
}

/** Whether the key takes a list beside a text: `[bid-1.csv, bid-2.csv]`. */
function takesList(schema: z.ZodType): boolean {
  const inner = unwrapped(schema);
  return inner instanceof z.ZodUnion && (inner.options as readonly z.ZodType[]).some((option) => option instanceof z.ZodArray);
}

function unwrapped(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodPipe)
    inner = (inner instanceof z.ZodPipe ? inner.in : inner.unwrap()) as z.ZodType;
  return inner;
}

/** Whether the key takes a text as it stands, so that `#` and `;` need no quotes. */
function takesText(schema: z.ZodType): boolean {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodUnion) return (inner.options as readonly z.ZodType[]).some(takesText);
  return inner instanceof z.ZodString || inner instanceof z.ZodEnum;
}
