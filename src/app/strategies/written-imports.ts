import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, type AnyNode } from 'acorn';
import { BundleMap } from './source-map.ts';

/** An import as a file has it: whence, and where its text stands (line and column from 1). */
export interface WrittenImport {
  readonly specifier: string;
  readonly kind: 'import' | 'require';
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * The imports of values that a TypeScript file has, used or not: a bundler drops those whose names it sees nowhere, since they may have been
 * types. Imports of types alone are left out; so is a file that does not parse, which the bundler reports.
 */
export async function writtenImports(file: string): Promise<readonly WrittenImport[]> {
  const text = readFileSync(file, 'utf8');
  const { transform } = await import('esbuild');
  const plain = await transform(text, {
    loader: 'ts',
    sourcemap: 'external',
    sourcefile: path.basename(file),
    sourcesContent: false,
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    logLevel: 'silent',
  }).catch(() => null);
  if (plain === null) return [];
  const map = new BundleMap(plain.code, plain.map, path.dirname(file));
  const lines = text.split('\n');
  return parse(plain.code, { ecmaVersion: 'latest', sourceType: 'module' }).body.flatMap((statement) => {
    const found = sourceOf(statement);
    const start = map.placeOf(statement.start);
    if (found === null || start === null) return [];
    return [{ ...found, file, ...placeOfText(lines, start.line, start.column, found.specifier) }];
  });
}

/** `import … from 'fs'`, and `import fs = require('fs')` as it is written without types. */
function sourceOf(statement: AnyNode): Pick<WrittenImport, 'specifier' | 'kind'> | null {
  if (statement.type === 'ImportDeclaration')
    return statement.specifiers.length === 0 ? null : { specifier: String(statement.source.value), kind: 'import' };
  if (statement.type !== 'VariableDeclaration') return null;
  const init = statement.declarations[0]!.init;
  if (init?.type !== 'CallExpression' || init.callee.type !== 'Identifier' || init.callee.name !== 'require') return null;
  const [argument] = init.arguments;
  return argument?.type === 'Literal' ? { specifier: String(argument.value), kind: 'require' } : null;
}

/** Where the quoted text of a specifier stands at or after a place; the place itself where it is written in another way. */
function placeOfText(
  lines: readonly string[],
  line: number,
  column: number,
  specifier: string,
): { readonly line: number; readonly column: number } {
  for (let at = line; at <= lines.length; at += 1) {
    const from = at === line ? column - 1 : 0;
    const found = [`'${specifier}'`, `"${specifier}"`].map((quoted) => lines[at - 1]!.indexOf(quoted, from)).filter((index) => index >= 0);
    if (found.length > 0) return { line: at, column: Math.min(...found) + 1 };
  }
  return { line, column };
}
