import { assert } from '../../base/assert.ts';
import type { Strategy, StrategyClass } from './strategy.ts';
import { mistakeUnless } from './strategy-mistake.ts';

/** What the base class brings; never part of a strategy's own state. */
const FRAMEWORK_FIELDS: ReadonlySet<string> = new Set(['parameters', 'instruments']);
export const STATE_DEPTH_MAX = 20;

interface Saveable {
  save(): unknown;
  load(state: never): void;
}

/** A field that is neither plain data nor a shipped indicator, or one that cannot be read from outside (#private): `path` names it. */
interface StateRefusal {
  readonly code: 'STRATEGY_STATE_NOT_PLAIN';
  readonly path: string;
}

/**
 * A strategy's state as plain data, a copy: what its `saveState` says, else every field (indicators through their own `save`).
 * What JSON has no word for is written as an object: NaN as `{ "number": "NaN" }`, undefined as `{ "undefined": true }`.
 */
export function saveStrategy(strategy: Strategy, strategyClass: StrategyClass): unknown | StateRefusal {
  if (strategy.saveState !== undefined) {
    const own = saveValue(strategy.saveState(), 'saveState()', 0, false);
    return isRefusal(own) ? own : { own };
  }
  const hidden = hiddenField(strategyClass);
  if (hidden !== null) return { code: 'STRATEGY_STATE_NOT_PLAIN', path: hidden };
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(strategy)) {
    if (FRAMEWORK_FIELDS.has(name)) continue;
    const saved = saveValue(value, name, 0, true);
    if (isRefusal(saved)) return saved;
    fields[name] = saved;
  }
  return { fields };
}

/** A field whose name begins with #, where members of a class are declared; not a method, an accessor or a static one. */
const HIDDEN_FIELD = /(?:^|[{};\n])[ \t]*(#[\p{ID_Continue}$]+)\s*(?:=(?![=>])|[;}\n])/u;

/**
 * The first #private field that one of the strategy's classes declares, null for none. Such a field cannot be read from outside: saved
 * without it, a strategy would go on with a part of its state as constructed. The text of the class tells; the base class is not asked.
 */
function hiddenField(strategyClass: StrategyClass): string | null {
  for (let layer: unknown = strategyClass; !isRoot(layer); layer = Object.getPrototypeOf(layer)) {
    const found = HIDDEN_FIELD.exec(String(layer));
    if (found !== null) return found[1]!;
  }
  return null;
}

/** True of a class that extends none: above it stands what all functions have, and above that what all objects have. */
function isRoot(layer: unknown): boolean {
  return Object.getPrototypeOf(Object.getPrototypeOf(Object.getPrototypeOf(layer))) === null;
}

/** Puts a saved state into a fresh strategy of the same class and parameters. */
export function loadStrategy(strategy: Strategy, state: unknown): void {
  const saved = state as { readonly own?: unknown; readonly fields?: Record<string, unknown> };
  if (strategy.loadState !== undefined) {
    strategy.loadState(loadValue(undefined, saved.own));
    return;
  }
  const target = strategy as unknown as Record<string, unknown>;
  for (const [name, value] of Object.entries(saved.fields ?? {})) target[name] = loadValue(target[name], value);
}

export function isRefusal(value: unknown): value is StateRefusal {
  return typeof value === 'object' && value !== null && (value as { code?: unknown }).code === 'STRATEGY_STATE_NOT_PLAIN';
}

/** @param hasIndicators whether a shipped indicator may stand there; what a strategy saves by itself it also loads by itself */
function saveValue(value: unknown, path: string, depth: number, hasIndicators: boolean): unknown {
  mistakeUnless(depth < STATE_DEPTH_MAX, `strategy state is nested deeper than ${STATE_DEPTH_MAX}: ${path}`);
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'undefined':
      return { undefined: true };
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? value : { number: Object.is(value, -0) ? '-0' : String(value) };
    case 'bigint':
      return { bigint: value.toString() };
    case 'object':
      break;
    default:
      return { code: 'STRATEGY_STATE_NOT_PLAIN', path } satisfies StateRefusal;
  }
  if (value === null) return null;
  if (hasIndicators && isSaveable(value)) return { indicator: value.save() };
  if (Array.isArray(value)) return saveArray(value, path, depth, hasIndicators);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    return { code: 'STRATEGY_STATE_NOT_PLAIN', path } satisfies StateRefusal;
  }
  const plain: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(value)) {
    const saved = saveValue(part, `${path}.${name}`, depth + 1, hasIndicators);
    if (isRefusal(saved)) return saved;
    plain[name] = saved;
  }
  return { plain };
}

function saveArray(values: readonly unknown[], path: string, depth: number, hasIndicators: boolean): unknown {
  const parts: unknown[] = [];
  for (const [place, part] of values.entries()) {
    const saved = saveValue(part, `${path}[${place}]`, depth + 1, hasIndicators);
    if (isRefusal(saved)) return saved;
    parts.push(saved);
  }
  return parts;
}

/** `current` is what a fresh strategy holds in that place: an indicator there is loaded in place, everything else is replaced. */
function loadValue(current: unknown, saved: unknown): unknown {
  if (Array.isArray(saved))
    return saved.map((part: unknown, place) => loadValue(Array.isArray(current) ? current[place] : undefined, part));
  if (typeof saved !== 'object' || saved === null) return saved;
  if ('undefined' in saved) return undefined;
  if ('number' in saved) return Number(saved.number);
  if ('bigint' in saved) return BigInt(saved.bigint as string);
  if ('indicator' in saved) {
    assert(isSaveable(current), 'a saved indicator goes into a strategy that has it in the same field');
    current.load(saved.indicator as never);
    return current;
  }
  const fields = (saved as { readonly plain: Record<string, unknown> }).plain;
  const held = typeof current === 'object' && current !== null ? (current as Record<string, unknown>) : {};
  return Object.fromEntries(Object.entries(fields).map(([name, part]) => [name, loadValue(held[name], part)]));
}

function isSaveable(value: unknown): value is Saveable {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Saveable).save === 'function' &&
    typeof (value as Saveable).load === 'function'
  );
}
