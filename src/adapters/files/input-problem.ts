import { DATA_CODES } from '../../model/codes/data.ts';
import { InputError } from '../../ports/errors.ts';

export type DataCode = keyof typeof DATA_CODES;

/** Where and what; the rule and the fix come from the catalogue unless something more exact can be said. */
interface ProblemPlace {
  readonly file?: string;
  readonly line?: number;
  readonly column?: string;
  readonly value?: string;
  readonly rule?: string;
  readonly fix?: string;
}

/** Longest piece of a file that a message repeats. */
const VALUE_TEXT_MAX = 80;

/** An `InputError` with one problem. */
export function inputError(code: DataCode, place: ProblemPlace): InputError {
  const { rule, fix, value, ...where } = place;
  const text = DATA_CODES[code];
  return new InputError([
    {
      code,
      rule: rule ?? text.meaning,
      fix: fix ?? text.fix,
      ...where,
      ...(value === undefined ? {} : { value: value.length > VALUE_TEXT_MAX ? `${value.slice(0, VALUE_TEXT_MAX)}…` : value }),
    },
  ]);
}
