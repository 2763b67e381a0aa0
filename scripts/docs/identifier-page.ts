import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const TEST_FOLDERS = ['src', 'test', 'bench'];
const IDENTIFIER = /\b(?:INV|S|C|R|SEC)-\d{2}\b/g;
const RUNNERS = new Set(['it', 'test', 'describe']);

/** The name before the modifiers: `it` in `it.skipIf(x)('…')` and in `it.each(rows)('…')`. */
function runnerOf(callee: ts.Expression): { readonly name: string; readonly modifiers: readonly string[] } {
  const modifiers: string[] = [];
  let expression: ts.Expression = callee;
  for (;;) {
    if (ts.isPropertyAccessExpression(expression)) {
      modifiers.push(expression.name.text);
      expression = expression.expression;
    } else if (ts.isCallExpression(expression)) expression = expression.expression;
    else if (ts.isTaggedTemplateExpression(expression)) expression = expression.tag;
    else return { name: ts.isIdentifier(expression) ? expression.text : '', modifiers };
  }
}

/** Ids in the names of the tests of one file. A test that never runs (`skip`, `todo`) proves nothing and does not count. */
export function identifiersIn(fileName: string, text: string): Set<string> {
  const found = new Set<string>();
  if (text.match(IDENTIFIER) === null) return found;
  const visit = (node: ts.Node): void => {
    const first = ts.isCallExpression(node) ? node.arguments[0] : undefined;
    if (ts.isCallExpression(node) && first !== undefined) {
      const { name, modifiers } = runnerOf(node.expression);
      if (RUNNERS.has(name) && (modifiers.includes('skip') || modifiers.includes('todo'))) return;
      // The rows of `it.each([['S-01 …', …]])` become names too, so they are looked through with the name.
      if (RUNNERS.has(name)) for (const identifier of first.getText().match(IDENTIFIER) ?? []) found.add(identifier);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(fileName, text, ts.ScriptTarget.ES2023, true));
  return found;
}

/** Id → the test files that carry it, in order. The tests of the house speak about ids and are left out. */
export function testsByIdentifier(root: string): Map<string, string[]> {
  const byIdentifier = new Map<string, string[]>();
  for (const folder of TEST_FOLDERS) {
    const files = readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
      .filter((name) => name.endsWith('.test.ts') && !name.startsWith('test/house/'))
      .sort();
    for (const file of files) {
      for (const identifier of identifiersIn(file, readFileSync(path.join(root, file), 'utf8'))) {
        byIdentifier.set(identifier, [...(byIdentifier.get(identifier) ?? []), file]);
      }
    }
  }
  return byIdentifier;
}

/** docs/reference/invariants.md: what must hold, and the tests that try to break it. */
export function identifierPage(root: string, inScope: Readonly<Record<string, string>>): string {
  const tests = testsByIdentifier(root);
  const lines = [
    '# Invariants, scenarios and controls, and their tests',
    '',
    'A test that proves one of these carries its id in its name. This page is generated from the names by `npm run docs`;',
    '`test/house/` fails when an id in scope has no test.',
    '',
    '| Id | What | Tests |',
    '|---|---|---|',
  ];
  const links = (identifier: string): string =>
    (tests.get(identifier) ?? []).map((file) => `[${file}](../../${file})`).join(', ') || 'none';
  for (const [identifier, title] of Object.entries(inScope)) lines.push(`| ${identifier} | ${title} | ${links(identifier)} |`);
  const others = [...tests.keys()].filter((identifier) => !Object.hasOwn(inScope, identifier)).sort();
  if (others.length > 0) lines.push('', 'Tested although not yet in scope as a whole:', '', '| Id | Tests |', '|---|---|');
  for (const identifier of others) lines.push(`| ${identifier} | ${links(identifier)} |`);
  return `${lines.join('\n')}\n`;
}
