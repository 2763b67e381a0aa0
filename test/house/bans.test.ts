import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProblems } from '../../scripts/house/house-rules.mjs';
import { ScratchTree, TOOL_TIMEOUT_MS } from './scratch-tree.ts';

const PURE_RINGS = ['base', 'model', 'book', 'indicators', 'core', 'strategies', 'sim', 'research'];

/** Law 3, one way of breaking it per line. */
const IMPURE: Readonly<Record<string, string>> = {
  'the clock': 'export const now = Date.now();',
  'a new date': 'export const now = new Date();',
  'the performance timer': 'export const now = performance.now();',
  'a timeout': 'setTimeout(() => 0, 1);',
  'an interval': 'setInterval(() => 0, 1);',
  'an immediate': 'setImmediate(() => 0);',
  'a microtask': 'queueMicrotask(() => 0);',
  'machine chance': 'export const x = Math.random();',
  'machine chance by a string': "export const x = Math['random']();",
  'machine chance taken apart': 'const { random } = Math; export const x = random();',
  'machine chance under another name': 'const m = Math; export const x = m.random();',
  'machine cryptography': 'export const x = crypto.randomUUID();',
  'an async function': 'export async function f() { return 1; }',
  'an async arrow': 'export const f = async () => 1;',
  'an async method': 'export class A { async f() { return 1; } }',
  'an await': 'await f(); function f() {}',
  'a for await': 'for await (const x of f()) x; function f() { return []; }',
  'a promise': 'export const p = Promise.resolve(1);',
  'a promise in a type': 'export type P = Promise<number>;',
  'a dynamic import': "export const m = import('./x.ts');",
  'the process': 'export const home = process.env.HOME;',
  'the global object': 'export const g = globalThis;',
  'the global object of Node': 'export const g = global;',
  'the global object of a browser': 'export const g = window;',
  'the console': "console.log('x');",
  'a buffer of Node': 'export const b = Buffer.alloc(1);',
  'the network': "fetch('http://localhost');",
  'the address of the module': 'export const a = import.meta.url;',
  'locale data': "export const f = Intl.NumberFormat('en');",
  'a locale format': 'export const f = (1).toLocaleString();',
  'a locale format by a string': "export const f = (1)['toLocaleString']();",
  'a locale order': "export const f = 'a'.localeCompare('b');",
  'a weak reference': 'export const w = new WeakRef({});',
  'a finalizer': 'export const w = new FinalizationRegistry(() => 0);',
  eval: "export const x = eval('1');",
  'a function made from text': "export const f = new Function('return 1');",
  'a function made from text through a constructor': "export const f = (() => 0).constructor('return 1');",
  'a pardon by comment': '/* eslint-disable */ export const now = Date.now();',
};

const LONG_FUNCTION = `export function long(a: number): number {\n${'  a += 1;\n'.repeat(71)}  return a;\n}\n`;

const ANYWHERE: Readonly<Record<string, readonly [string, string]>> = {
  'an enum': ['src/app/enum.ts', 'export enum Side { BUY, SELL }\n'],
  'a default export': ['src/app/default.ts', 'export default 1;\n'],
  'a function too long to read at once': ['src/app/long.ts', LONG_FUNCTION],
  'a promise that nobody waits for': ['src/runtime/floating.ts', 'async function save() {}\nexport function go() {\n  save();\n}\n'],
};

/** Honest code that the bans must let through: names that only look like what is banned. */
const HONEST = [
  'export interface Bar { readonly performance: number; readonly process: string }',
  'export function f(date: number, crypto: number): number { return Math.max(date, crypto) + Math.floor(1.5); }',
  'export class A { constructor(readonlyValue: number) { this.x = readonlyValue; } x: number; }',
].join('\n');

function fileOf(what: string): string {
  return `src/core/${what.replaceAll(/[^a-z]+/gi, '-')}.ts`;
}

describe('the determinism bans', () => {
  const tree = new ScratchTree();
  const broken = new Map<string, string[]>();

  beforeAll(async () => {
    for (const [what, text] of Object.entries(IMPURE)) tree.write(fileOf(what), `${text}\n`);
    for (const ring of PURE_RINGS) {
      tree.write(`src/${ring}/deeper/clock.ts`, `${IMPURE['the clock']}\n`);
      tree.write(`src/${ring}/deeper/clock.test.ts`, `${IMPURE['the clock']}\n${IMPURE['an async arrow']}\n`);
      tree.write(`src/${ring}/honest.ts`, `${HONEST}\n`);
    }
    tree.write('src/adapters/files/clock.ts', `${IMPURE['the clock']}\n${IMPURE['the process']}\n`);
    for (const [file, text] of Object.values(ANYWHERE)) tree.write(file, text);
    const output = await tree.run('eslint', 'eslint', ['--format', 'json', '.']);
    for (const result of JSON.parse(output) as { filePath: string; messages: { message: string; severity: number }[] }[]) {
      const file = result.filePath.slice(result.filePath.indexOf('/src/') + 1);
      const errors = result.messages.filter((message) => message.severity === 2).map((message) => message.message);
      if (errors.length > 0) broken.set(file, errors);
    }
  }, TOOL_TIMEOUT_MS);
  afterAll(() => tree.remove());

  it.each(Object.keys(IMPURE))('%s is caught in the core', (what) => {
    expect(broken.get(fileOf(what))?.join(' ')).toMatch(/Law|Laws/);
  });

  it.each(PURE_RINGS)('a clock is caught anywhere in %s, but not in its tests, and honest code passes', (ring) => {
    expect(broken.get(`src/${ring}/deeper/clock.ts`)?.join(' ')).toMatch(/Law 3/);
    expect(broken.get(`src/${ring}/deeper/clock.test.ts`)).toBeUndefined();
    expect(broken.get(`src/${ring}/honest.ts`)).toBeUndefined();
  });

  it('the rim may look at clock and process', () => {
    expect(broken.get('src/adapters/files/clock.ts')).toBeUndefined();
  });

  it.each(Object.entries(ANYWHERE))('%s is caught', (_what, [file]) => {
    expect(broken.get(file)).toHaveLength(1);
  });
});

describe('the house rules', () => {
  const tree = new ScratchTree();
  const lines = (count: number): string => 'export {};\n'.repeat(count);
  const BROKEN: Readonly<Record<string, readonly [string, RegExp]>> = {
    'jitted-1.so': ['', /root/],
    'src/app/utils.ts': ['', /does not say/],
    'src/runtime/helpers/clock.ts': ['', /does not say/],
    'test/common/market.ts': ['', /does not say/],
    'bench/misc.test.ts': ['', /does not say/],
    'src/app/MainWindow.ts': ['', /kebab-case/],
    'src/app/too-long.ts': [lines(501), /501 lines/],
    'src/app/unfinished.ts': ['// TODO mend\n', /unfinished/],
    'src/app/pardon-one.ts': ['// @ts-ignore\n', /switches a check off/],
    'src/app/pardon-two.ts': ['// biome-ignore lint: no\n', /switches a check off/],
    'src/app/pardon-three.ts': ['/* eslint-disable */\n', /switches a check off/],
    'src/core/british.ts': ['export type Cancelled = 1;\n', /canceled/],
  };

  beforeAll(() => {
    for (const [file, [text]] of Object.entries(BROKEN)) tree.write(file, text);
    tree.write('src/app/just-fits.ts', lines(500));
    for (const file of ['README.md', 'LICENSE', 'package.json', 'vitest.config.ts', '.gitignore', 'npm-debug.log']) tree.write(file, '');
    tree.write('src/adapters/venue/status.ts', "export const status = 'cancelled';\n");
  });
  afterAll(() => tree.remove());

  it.each(Object.entries(BROKEN))('%s is caught', (file, [, problem]) => {
    expect(findProblems(tree.folder).find((found) => found.file === file)?.problem).toMatch(problem);
  });

  it('nothing else is reported', () => {
    expect(findProblems(tree.folder).map((found) => found.file)).toEqual(Object.keys(BROKEN).sort(byFolderOrder));
  });
});

/** The order in which the folders are looked through. */
function byFolderOrder(a: string, b: string): number {
  const order = ['src', 'test', 'bench'];
  const rank = (file: string): number => (file.includes('/') ? order.indexOf(file.split('/')[0]!) : -1);
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

describe('the linter', () => {
  const tree = new ScratchTree();
  let output = '';

  beforeAll(async () => {
    tree.write('src/app/any.ts', 'export const x: any = 1;\n');
    tree.write('src/app/namespace.ts', 'export namespace A {\n  export const x = 1;\n}\n');
    tree.write('src/app/parameter-property.ts', 'export class A {\n  constructor(readonly x: number) {}\n}\n');
    tree.write('src/app/barrel.ts', "export * from './clean.ts';\n");
    tree.write('src/app/layout.ts', 'export const x = "double quotes"\n');
    tree.write('src/app/clean.ts', "export const x = 'single quotes';\n");
    output = await tree.run('@biomejs/biome', 'biome', ['check', '--reporter=github', '--max-diagnostics=none', 'src']);
  }, TOOL_TIMEOUT_MS);
  afterAll(() => tree.remove());

  it.each(['any', 'namespace', 'parameter-property', 'barrel', 'layout'])('%s is caught', (file) => {
    expect(output).toContain(`/src/app/${file}.ts,`);
  });

  it('a clean file passes', () => {
    expect(output).not.toContain('src/app/clean.ts');
  });
});
