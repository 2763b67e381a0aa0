/**
 * Descriptors of a strategy's parameters: plain data, so that the run file's check, the optimiser's grid and the form on a screen
 * all come from the one declaration in the strategy's class.
 */
interface IntegerParameter {
  readonly type: 'integer';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly description: string;
}

interface NumberParameter {
  readonly type: 'number';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly description: string;
}

interface BooleanParameter {
  readonly type: 'boolean';
  readonly default: boolean;
  readonly description: string;
}

interface ChoiceParameter {
  readonly type: 'choice';
  readonly default: string;
  readonly choices: readonly string[];
  readonly description: string;
}

/** A decimal kept as text, for quantities and money that must be exact. */
interface DecimalParameter {
  readonly type: 'decimal';
  readonly default: string;
  readonly description: string;
}

interface TextParameter {
  readonly type: 'text';
  readonly default: string;
  readonly description: string;
}

export type Parameter = IntegerParameter | NumberParameter | BooleanParameter | ChoiceParameter | DecimalParameter | TextParameter;
export type ParameterDescriptors = Readonly<Record<string, Parameter>>;
export type ParameterValue = number | boolean | string;

/** The values that a set of descriptors describes: `{ fast: { type: 'integer', … } }` gives `{ fast: number }`. */
export type ParametersOf<D extends ParameterDescriptors> = {
  readonly [K in keyof D]: D[K] extends IntegerParameter | NumberParameter
    ? number
    : D[K] extends BooleanParameter
      ? boolean
      : D[K] extends { readonly type: 'choice'; readonly choices: readonly (infer C)[] }
        ? C
        : string;
};

/** Decimal digits that a double always gives back as they were written. */
const DIGITS_EXACT = 15;

/** Why a parameter was refused: name, what was given, the rule, the fix. */
interface ParameterRefusal {
  readonly name: string;
  readonly message: string;
}

/**
 * Fills in defaults and checks types, ranges and names.
 *
 * @returns the values, or every refusal (unknown names included)
 */
export function resolveParameters(
  descriptors: ParameterDescriptors,
  given: Readonly<Record<string, unknown>>,
): { readonly values: Readonly<Record<string, ParameterValue>>; readonly refusals: readonly ParameterRefusal[] } {
  const values: Record<string, ParameterValue> = {};
  const refusals: ParameterRefusal[] = [];
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(descriptors, name)) continue;
    const known = Object.keys(descriptors);
    refusals.push({ name, message: `unknown parameter "${name}"; this strategy has ${known.length === 0 ? 'none' : known.join(', ')}` });
  }
  for (const [name, descriptor] of Object.entries(descriptors)) {
    const value = plainOf(descriptor, Object.hasOwn(given, name) ? given[name] : descriptor.default);
    const problem = problemWith(descriptor, value);
    if (problem === null) values[name] = value as ParameterValue;
    else refusals.push({ name, message: `parameter "${name}" is ${shown(value)}: ${problem}` });
  }
  return { values, refusals };
}

/** What cannot be written as JSON came from no file, but from a program. */
function shown(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each));
}

/** A decimal may be given as a number, where that says exactly what was written: up to 15 digits. */
function plainOf(descriptor: Parameter, value: unknown): unknown {
  if (descriptor.type !== 'decimal' || typeof value !== 'number') return value;
  const text = String(value);
  return text.replace(/\D/g, '').length <= DIGITS_EXACT ? text : value;
}

function problemWith(descriptor: Parameter, value: unknown): string | null {
  switch (descriptor.type) {
    case 'integer':
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) return 'give a whole number';
      return value < descriptor.min || value > descriptor.max ? `give a value from ${descriptor.min} to ${descriptor.max}` : null;
    case 'number':
      if (typeof value !== 'number' || !Number.isFinite(value)) return 'give a number';
      return value < descriptor.min || value > descriptor.max ? `give a value from ${descriptor.min} to ${descriptor.max}` : null;
    case 'boolean':
      return typeof value === 'boolean' ? null : 'give true or false';
    case 'choice':
      return typeof value === 'string' && descriptor.choices.includes(value) ? null : `give one of ${descriptor.choices.join(', ')}`;
    case 'decimal':
      if (typeof value === 'number') return `give a decimal in quotes: as a number it has more than ${DIGITS_EXACT} digits`;
      return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? null : 'give a decimal, such as 0.25';
    case 'text':
      return typeof value === 'string' ? null : 'give a text';
    default:
      return `unknown parameter type ${String((descriptor satisfies never as Parameter).type)}`;
  }
}
