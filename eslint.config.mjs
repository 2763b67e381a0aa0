import tseslint from 'typescript-eslint';
import { FUNCTION_LINES_MAX, PURE_RINGS, TEST_GLOBS } from './scripts/house/rings.mjs';

/** ESLint does only what Biome cannot: the determinism bans of law 3, and promises that nobody waits for. */

const TIME = 'Law 3: time comes in events (tsInit); the inner rings have no clock.';
const CHANCE = 'Law 3: chance is a seeded generator that was handed in.';
const TIMERS = 'Law 3: ask for a timer by an effect; the inner rings have no timers.';
const ASYNC = 'Law 3: the inner rings are synchronous; asynchrony lives at the rim.';
const WORLD = 'Laws 2 and 3: the inner rings do not see the machine, the process or the network.';
const LOCALE = 'Law 3: the result depends on the locale data of the machine.';
const COLLECTOR = 'Law 3: the result depends on when the garbage collector runs.';
const CODE = 'Law 3: code made from text escapes these rules.';

const GLOBALS = {
  Date: TIME,
  performance: TIME,
  Temporal: TIME,
  setTimeout: TIMERS,
  setInterval: TIMERS,
  setImmediate: TIMERS,
  clearTimeout: TIMERS,
  clearInterval: TIMERS,
  clearImmediate: TIMERS,
  queueMicrotask: TIMERS,
  requestAnimationFrame: TIMERS,
  Promise: ASYNC,
  PromiseLike: ASYNC,
  Atomics: ASYNC,
  Worker: ASYNC,
  MessageChannel: ASYNC,
  process: WORLD,
  globalThis: WORLD,
  global: WORLD,
  window: WORLD,
  self: WORLD,
  navigator: WORLD,
  console: WORLD,
  fetch: WORLD,
  WebSocket: WORLD,
  XMLHttpRequest: WORLD,
  Buffer: WORLD,
  require: WORLD,
  module: WORLD,
  __dirname: WORLD,
  __filename: WORLD,
  Intl: LOCALE,
  WeakRef: COLLECTOR,
  FinalizationRegistry: COLLECTOR,
  crypto: CHANCE,
  Function: CODE,
  eval: CODE,
};

const RESTRICTED_SYNTAX = [
  { selector: ':function[async=true]', message: ASYNC },
  { selector: 'TSTypeReference > Identifier[name=/^(Async|Promise)/]', message: ASYNC },
  { selector: 'AwaitExpression', message: ASYNC },
  { selector: 'ForOfStatement[await=true]', message: ASYNC },
  { selector: 'ImportExpression', message: `Dynamic import. ${ASYNC}` },
  { selector: 'MetaProperty[meta.name="import"]', message: `import.meta. ${WORLD}` },
  { selector: 'MemberExpression[property.name=/^(toLocale|localeCompare$)/]', message: LOCALE },
  { selector: 'MemberExpression[property.value=/^(toLocale|localeCompare$)/]', message: LOCALE },
  { selector: 'MemberExpression[property.name="constructor"]', message: `constructor. ${CODE}` },
  { selector: 'MemberExpression[property.value="constructor"]', message: `constructor. ${CODE}` },
  { selector: 'MemberExpression[object.name="Math"][property.name="random"]', message: `Math.random. ${CHANCE}` },
  { selector: 'MemberExpression[object.name="Math"][computed=true]', message: `Math by a computed name. ${CHANCE}` },
  { selector: ':not(MemberExpression) > Identifier[name="Math"]', message: `Math under another name. ${CHANCE}` },
];

const NO_ENUM = { selector: 'TSEnumDeclaration', message: 'No enum: a const object and a union of its values erases cleanly.' };
const NO_DEFAULT = { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' };

const parser = {
  languageOptions: { parser: tseslint.parser },
  linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true },
};

export default [
  { ignores: ['**/node_modules/**', '**/dist/**', '**/.cache/**', 'coverage/**'] },
  {
    files: ['src/**/*.ts'],
    ...parser,
    rules: { 'no-restricted-syntax': ['error', NO_ENUM, NO_DEFAULT] },
  },
  {
    files: ['src/**/*.ts'],
    ignores: TEST_GLOBS,
    rules: { 'max-lines-per-function': ['error', { max: FUNCTION_LINES_MAX, skipBlankLines: true, skipComments: true }] },
  },
  {
    files: PURE_RINGS.map((ring) => `src/${ring}/**/*.ts`),
    ignores: TEST_GLOBS,
    rules: {
      'no-restricted-globals': ['error', ...Object.entries(GLOBALS).map(([name, message]) => ({ name, message }))],
      'no-restricted-syntax': ['error', NO_ENUM, NO_DEFAULT, ...RESTRICTED_SYNTAX],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: [...PURE_RINGS.map((ring) => `src/${ring}/**`), ...TEST_GLOBS],
    plugins: { '@typescript-eslint': tseslint.plugin },
    languageOptions: { parserOptions: { project: './tsconfig.build.json', tsconfigRootDir: import.meta.dirname } },
    rules: { '@typescript-eslint/no-floating-promises': 'error', '@typescript-eslint/no-misused-promises': 'error' },
  },
];
