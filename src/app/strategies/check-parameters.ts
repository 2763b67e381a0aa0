import { resolveParameters, type Parameter, type ParameterDescriptors } from '../../model/parameters.ts';
import { closestName } from '../run-file/closest-name.ts';

type Type = Parameter['type'];
/** What a key of a descriptor holds, in words, and whether a value is that. */
interface KeyRule {
  readonly takes: string;
  fits(value: unknown): boolean;
}

const NUMBER: KeyRule = { takes: 'a number', fits: (value) => typeof value === 'number' && Number.isFinite(value) };
const TEXT: KeyRule = { takes: 'a text', fits: (value) => typeof value === 'string' };
const CHOICES: KeyRule = {
  takes: 'a list of texts',
  fits: (value) => Array.isArray(value) && value.length > 0 && value.every((choice) => typeof choice === 'string'),
};
/** A default is judged as a value is: by its type and bounds. */
const ANYTHING: KeyRule = { takes: 'a value', fits: (value) => value !== undefined };

const EVERY_TYPE = { type: TEXT, default: ANYTHING, description: TEXT };
const KEYS: Readonly<Record<Type, Readonly<Record<string, KeyRule>>>> = {
  integer: { ...EVERY_TYPE, min: NUMBER, max: NUMBER },
  number: { ...EVERY_TYPE, min: NUMBER, max: NUMBER },
  boolean: EVERY_TYPE,
  choice: { ...EVERY_TYPE, choices: CHOICES },
  decimal: EVERY_TYPE,
  text: EVERY_TYPE,
};

/**
 * What is wrong with the table of parameters that a strategy declares; a strategy in plain JavaScript, or one that no compiler has seen,
 * may hold anything there.
 *
 * @returns a sentence for each problem
 */
export function descriptorProblems(descriptors: unknown): readonly string[] {
  if (!isTable(descriptors)) return ['static parameters is not a table of descriptors.'];
  const problems = Object.entries(descriptors).flatMap(([name, descriptor]) => problemsWith(name, descriptor));
  if (problems.length > 0) return problems;
  const { refusals } = resolveParameters(descriptors as ParameterDescriptors, {});
  return refusals.map((refusal) => `By default, ${refusal.message}.`);
}

function problemsWith(name: string, descriptor: unknown): readonly string[] {
  const types = Object.keys(KEYS);
  if (!isTable(descriptor)) return [`Parameter "${name}" is not a descriptor: { type, default, description, … }.`];
  const { type } = descriptor;
  if (typeof type !== 'string' || !Object.hasOwn(KEYS, type)) {
    const given = type === undefined ? 'has no type' : `has the type ${JSON.stringify(type)}`;
    return [`Parameter "${name}" ${given}; a type is one of ${types.join(', ')}.`];
  }
  const known = KEYS[type as Type];
  const allowed = Object.keys(known);
  const all = `A parameter of type ${type} has ${allowed.join(', ')}.`;
  const missing = allowed.filter((key) => descriptor[key] === undefined);
  const unknown = Object.keys(descriptor).filter((key) => !Object.hasOwn(known, key));
  return [
    ...unknown.map((key) => `Parameter "${name}" has a key "${key}" that means nothing. ${meant(key, missing)}${all}`),
    ...missing.map((key) => `Parameter "${name}" has no ${key}. ${all}`),
    ...allowed
      .filter((key) => descriptor[key] !== undefined && !known[key]!.fits(descriptor[key]))
      .map((key) => `Parameter "${name}": ${key} takes ${known[key]!.takes}, not ${JSON.stringify(descriptor[key])}.`),
  ];
}

/** `minimum` is longer than any slip of the pen makes of `min`, and means it all the same. */
function meant(key: string, missing: readonly string[]): string {
  const closest = missing.find((candidate) => key.startsWith(candidate)) ?? closestName(key, missing);
  return closest === null ? '' : `Did you mean "${closest}"? `;
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
