/**
 * The house rules that no linter knows: names, lengths, and escapes from the linters.
 * Usage: node scripts/house/house-rules.mjs [FOLDER]. Exit status 1 when a rule is broken.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { EMPTY_NAMES, FILE_LINES_MAX, PURE_RINGS } from './rings.mjs';

const FOLDERS = ['src', 'test', 'bench', 'reference', 'examples', 'scripts', 'web'];
/** What may lie in the root besides folders: what tools leave there is swept into commits. Logs are kept out of the repository. */
const ROOT_FILE = /^(\.|[A-Z]+(\.md)?$|(package|package-lock|biome|tsconfig(\.build)?)\.json$|(eslint|vitest)\.config\.(mjs|ts)$|.*\.log$)/;
const CODE_FILE = /\.(ts|tsx|mjs|js)$/;
const FILE_NAME = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|property|fixture|config|d))*\.(ts|tsx|mjs|js)$/;
const ESCAPE = /@ts-ignore|@ts-nocheck|@ts-expect-error|biome-ignore|eslint-disable|dependency-cruiser-ignore/;
const UNFINISHED = /\b(TODO|FIXME|XXX|HACK)\b/;
const BRITISH = /cancelled|cancelling/i;

function* codeFiles(root, folder) {
  let entries;
  try {
    entries = readdirSync(path.join(root, folder), { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name === 'node_modules' || entry.name === 'dist' || entry.name.startsWith('.')) continue;
    const relative = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* codeFiles(root, relative);
    else if (CODE_FILE.test(entry.name)) yield relative;
  }
}

function* nameProblems(relative) {
  const parts = relative.split('/');
  const fileName = parts.pop();
  if (!FILE_NAME.test(fileName)) yield 'the file name is not kebab-case';
  for (const part of [...parts, fileName.split('.')[0]]) {
    if (EMPTY_NAMES.includes(part)) yield `"${part}" does not say what is inside`;
  }
}

function* textProblems(relative, text) {
  const lines = text.split('\n');
  const lineCount = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  if (lineCount > FILE_LINES_MAX) yield `${lineCount} lines; the limit is ${FILE_LINES_MAX}`;
  const isPure = PURE_RINGS.some((ring) => relative.startsWith(`src/${ring}/`));
  for (const [index, line] of lines.entries()) {
    if (ESCAPE.test(line)) yield `line ${index + 1}: switches a check off; mend the cause`;
    if (UNFINISHED.test(line)) yield `line ${index + 1}: an unfinished place; finish it or say plainly what is missing in the docs`;
    // Venues write it with two l; our own words do not, and the pure rings see no venue.
    if (isPure && BRITISH.test(line)) yield `line ${index + 1}: FIX and this house write "canceled", "canceling"`;
  }
}

/** @returns {{ file: string, problem: string }[]} every broken rule under `root` */
export function findProblems(root) {
  const problems = [];
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    if (entry.isFile() && !ROOT_FILE.test(entry.name)) problems.push({ file: entry.name, problem: 'does not belong in the root' });
  }
  for (const folder of FOLDERS) {
    for (const file of codeFiles(root, folder)) {
      // These list the forbidden words, so they cannot be held to them.
      const isOwnText = file === 'scripts/house/house-rules.mjs' || file.startsWith('test/house/');
      for (const problem of nameProblems(file)) problems.push({ file, problem });
      if (isOwnText) continue;
      for (const problem of textProblems(file, readFileSync(path.join(root, file), 'utf8'))) problems.push({ file, problem });
    }
  }
  return problems;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = findProblems(path.resolve(process.argv[2] ?? '.'));
  for (const { file, problem } of problems) console.log(`${file}: ${problem}`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
