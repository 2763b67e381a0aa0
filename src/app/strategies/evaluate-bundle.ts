import { compileFunction } from 'node:vm';
import type { AnyNode, Program } from 'acorn';
import { REFUSED } from './allowed-names.ts';
import { type ComputedKey, refusedProperty } from './check-bundle.ts';
import { type Edit, EditedText } from './source-map.ts';
import * as quanthybrid from '../../index.ts';

/** What strategies import: the engine's own modules, so that `extends Strategy` is the engine's class. Frozen, as are the tables in it. */
const API: Readonly<Record<string, unknown>> = Object.freeze({ __proto__: null, ...quanthybrid });
for (const value of Object.values(API)) if (typeof value === 'object' && value !== null) Object.freeze(value);

/** Names that the package's entry has, as values. */
export const API_NAMES: readonly string[] = Object.keys(API);

/** A computed key that would lead out of a strategy's own objects. */
class RefusedKeyError extends Error {
  override readonly name = 'RefusedKeyError';
  readonly code = 'STRATEGY_PROPERTY_REFUSED';
}

/** Hot where a strategy indexes arrays: the first test is all that a number meets. */
function checkedKey(key: unknown): unknown {
  return typeof key === 'number' || typeof key === 'symbol' ? key : checkedName(String(key));
}

function checkedName(name: string): string {
  const rule = refusedProperty(name);
  if (rule !== null) throw new RefusedKeyError(`${rule} Do it without. [STRATEGY_PROPERTY_REFUSED]`);
  return name;
}

/** Imports and exports of the bundle become plain declarations, and computed keys pass a check. No line moves. */
export function prepareBundle(code: string, program: Program, computedKeys: readonly ComputedKey[]): EditedText {
  const edits: Edit[] = [{ start: 0, end: 0, text: "'use strict';{" }];
  for (const { start, end } of computedKeys) edits.push({ start, end: start, text: '__key(' }, { start: end, end, text: ')' });
  let exported = 'return {};';
  for (const statement of program.body) {
    if (statement.type === 'ImportDeclaration') edits.push(replacement(code, statement, importText(statement)));
    if (statement.type !== 'ExportNamedDeclaration') continue;
    exported = `return { ${statement.specifiers.map(({ exported: as, local }) => `${JSON.stringify(nameOf(as))}: ${nameOf(local)}`).join(', ')} };`;
    edits.push(replacement(code, statement, ''));
  }
  edits.push({ start: code.length, end: code.length, text: `${exported}}` });
  return new EditedText(code, edits);
}

/**
 * Runs a prepared bundle in this realm (a context of its own would keep the engine from inlining handlers) and returns its exports.
 * The refused globals are shadowed: what slipped through the check finds `undefined`.
 */
export function evaluateBundle(prepared: EditedText, fileName: string): Readonly<Record<string, unknown>> {
  const shadowed = Object.keys(REFUSED);
  const run = compileFunction(prepared.text, ['__quanthybrid', '__key', ...shadowed], { filename: fileName }) as (
    ...given: readonly unknown[]
  ) => Readonly<Record<string, unknown>>;
  return run(API, checkedKey);
}

function importText(statement: Extract<AnyNode, { type: 'ImportDeclaration' }>): string {
  return statement.specifiers
    .map((specifier) => {
      const local = specifier.local.name;
      if (specifier.type === 'ImportNamespaceSpecifier') return `const ${local} = __quanthybrid;`;
      return `const ${local} = __quanthybrid[${JSON.stringify(specifier.type === 'ImportDefaultSpecifier' ? 'default' : nameOf(specifier.imported))}];`;
    })
    .join(' ');
}

/** Line ends within stay, so that lines keep their numbers. */
function replacement(code: string, { start, end }: AnyNode, text: string): Edit {
  return { start, end, text: text + '\n'.repeat(code.slice(start, end).split('\n').length - 1) };
}

function nameOf(node: AnyNode): string {
  return node.type === 'Identifier' ? node.name : node.type === 'Literal' ? String(node.value) : '';
}
