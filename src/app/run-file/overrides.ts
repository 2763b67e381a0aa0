import { InputError } from '../../ports/errors.ts';
import { suggestion } from './closest-name.ts';
import { parseYamlValue, type Plain, type PlainPath } from './yaml-source.ts';

type ClassesOf = (file: string) => readonly string[];

/** A `--set path.to.key=value`, resolved against a run file. */
export interface Override {
  /** As typed. */
  readonly text: string;
  readonly path: PlainPath;
  readonly value: Plain;
}

/**
 * Puts values in a run file's plain data. `strategy` addresses the only strategy; list entries are addressed by number from 0, by their
 * name or id, and names may contain dots.
 *
 * @param classesOf names of the classes that a strategy file exports: a strategy goes by them too
 * @throws InputError OVERRIDE_INVALID
 */
export function applyOverrides(
  root: Plain,
  texts: readonly string[],
  classesOf: ClassesOf = () => [],
): { readonly value: Plain; readonly overrides: readonly Override[] } {
  let value = root;
  const overrides: Override[] = [];
  for (const text of texts) {
    const equals = text.indexOf('=');
    if (equals <= 0) throw refused(text, 'An override is path.to.key=value.');
    const path = resolvePath(value, text.slice(0, equals).trim(), text, classesOf);
    const given = parseYamlValue(text.slice(equals + 1));
    value = placed(value, path, given);
    overrides.push({ text: `--set ${text}`, path, value: given });
  }
  return { value, overrides };
}

function resolvePath(root: Plain, written: string, text: string, classesOf: ClassesOf): PlainPath {
  const path: (string | number)[] = [];
  let at: Plain | undefined = root;
  let rest = written;
  if (rest === 'strategy' || rest.startsWith('strategy.')) {
    const strategies = isObject(root) ? root['strategies'] : undefined;
    const count = Array.isArray(strategies) ? strategies.length : 0;
    if (count !== 1)
      throw refused(text, `"strategy" addresses the only strategy; this run file has ${count}. Write strategies.0 or strategies.NAME.`);
    path.push('strategies', 0);
    at = (strategies as readonly Plain[])[0];
    rest = rest.slice('strategy.'.length);
  }
  while (rest !== '') {
    const { step, left } = nextStep(at, rest, text, classesOf);
    path.push(step);
    at = at === undefined ? undefined : child(at, step);
    rest = left;
  }
  if (path.length === 0) throw refused(text, 'The path is empty.');
  return path;
}

/** The longest key that the path begins with, so that ids with dots (GOOG.NASDAQ) are found; else the text before the next dot. */
function nextStep(
  at: Plain | undefined,
  rest: string,
  text: string,
  classesOf: ClassesOf,
): { readonly step: string | number; readonly left: string } {
  const dot = rest.indexOf('.');
  const word = dot < 0 ? rest : rest.slice(0, dot);
  const afterWord = dot < 0 ? '' : rest.slice(dot + 1);
  if (word === '') throw refused(text, 'The path has an empty part.');
  if (Array.isArray(at)) {
    if (/^\d+$/.test(word)) {
      if (Number(word) >= at.length) throw refused(text, `The list has ${at.length} entries, counted from 0; there is no ${word}.`);
      return { step: Number(word), left: afterWord };
    }
    const names = (at as readonly Plain[]).map((entry) => namesOf(entry, classesOf));
    const place = longest(names.flat(), rest);
    if (place === null) throw refused(text, `No entry of the list is called "${word}". ${suggestion(word, names.flat())}`);
    const owners = names.flatMap((own, index) => (own.includes(place) ? [index] : []));
    if (owners.length > 1) throw refused(text, `${owners.length} entries of the list are called "${place}": write ${owners.join(' or ')}.`);
    return { step: owners[0]!, left: rest.slice(place.length + 1) };
  }
  if (isObject(at)) {
    const known = longest(Object.keys(at), rest);
    if (known !== null) return { step: known, left: rest.slice(known.length + 1) };
  } else if (at !== undefined) {
    throw refused(text, `"${word}" is asked of a single value.`);
  }
  return { step: word, left: afterWord };
}

function longest(names: readonly string[], rest: string): string | null {
  let found: string | null = null;
  for (const name of names) if ((rest === name || rest.startsWith(`${name}.`)) && name.length > (found?.length ?? 0)) found = name;
  return found;
}

/** Its own name, and those of its class. */
function namesOf(entry: Plain, classesOf: ClassesOf): readonly string[] {
  if (!isObject(entry)) return [];
  const name = entry['name'] ?? entry['id'] ?? entry['use'] ?? entry['venue'] ?? entry['instrument'];
  const { class: chosen, file } = entry;
  const classes = typeof chosen === 'string' ? [chosen] : typeof file === 'string' ? classesOf(file) : [];
  return [...new Set([...(typeof name === 'string' ? [name] : []), ...classes])];
}

function child(at: Plain, step: string | number): Plain | undefined {
  if (Array.isArray(at)) return (at as readonly Plain[])[Number(step)];
  return isObject(at) && Object.hasOwn(at, step) ? at[String(step)] : undefined;
}

function placed(at: Plain | undefined, path: PlainPath, value: Plain): Plain {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(at)) return at.map((entry, index) => (index === step ? placed(entry as Plain, rest, value) : (entry as Plain)));
  const known = isObject(at) ? at : {};
  const inner = placed(Object.hasOwn(known, step) ? known[String(step)] : undefined, rest, value);
  return Object.fromEntries([...Object.entries(known).filter(([key]) => key !== String(step)), [String(step), inner]]);
}

function isObject(value: Plain | undefined): value is { readonly [key: string]: Plain } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(text: string, rule: string): InputError {
  return new InputError([
    { code: 'OVERRIDE_INVALID', value: `--set ${text}`, rule, fix: 'Write for example --set strategy.parameters.fast=5.' },
  ]);
}
