import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadStrategyFile } from './load-strategy-file.ts';
import { Strategy } from '../../core/strategy/strategy.ts';
import { InputError } from '../../ports/errors.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'quanthybrid loader '));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const ONE = "import { Strategy } from 'quanthybrid';\nexport class One extends Strategy {}\n";

async function problemsOf(file: string, className?: string): Promise<readonly unknown[]> {
  const error: unknown = await loadStrategyFile(file, { className }).catch((cause: unknown) => cause);
  if (!(error instanceof InputError)) throw new Error(`not an InputError: ${String(error)}`);
  return error.problems.map(({ code, line }) => (line === undefined ? code : `${code}:${line}`));
}

describe('loading a strategy', () => {
  it("gives a class that extends the engine's own, its name, its text", async () => {
    const loaded = await loadStrategyFile(write('one.ts', ONE));
    expect(loaded.strategyClass.prototype).toBeInstanceOf(Strategy);
    expect([loaded.name, loaded.sourceText]).toEqual(['One', ONE]);
  });

  it('hashes what is run: the same in another folder, another when a file that it imports changes', async () => {
    const text = `import { two } from './two.js';\n${ONE.replace('{}', '{ two = two; }')}`;
    const hashes: string[] = [];
    for (const [place, value] of [
      ['a', 2],
      ['b', 2],
      ['c', 3],
    ] as const) {
      write(`${place}/two.ts`, `export const two = ${value};\n`);
      hashes.push((await loadStrategyFile(write(`${place}/one.ts`, text))).bundleHash);
    }
    expect([hashes[0] === hashes[1], hashes[0] === hashes[2]]).toEqual([true, false]);
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
  });

  it('takes the class that is named, also a default export', async () => {
    const file = write('several.ts', `${ONE}export default class Two extends Strategy {}\n`);
    expect((await loadStrategyFile(file, { className: 'Two' })).name).toBe('Two');
    expect(await problemsOf(file)).toEqual(['STRATEGY_CLASS_AMBIGUOUS']);
    expect(await problemsOf(file, 'Three')).toEqual(['STRATEGY_CLASS_MISSING']);
  });

  it.each([
    ['no such file', 'absent.ts', null, ['STRATEGY_FILE_MISSING']],
    ['no strategy in it', 'none.ts', 'export const one = 1;\n', ['STRATEGY_CLASS_MISSING']],
    ['broken syntax', 'broken.ts', 'export class {\n', ['STRATEGY_FILE_INVALID:1']],
    ['a missing neighbor', 'lonely.ts', `${ONE}import './absent';\n`, ['STRATEGY_FILE_MISSING:3']],
    [
      'a name that the package does not have',
      'wrong.ts',
      `${ONE}import { Smma } from 'quanthybrid';\nexport const x = new Smma();\n`,
      ['STRATEGY_IMPORT_REFUSED:3'],
    ],
    ['an inner module', 'inner.ts', `${ONE}import 'quanthybrid/core';\n`, ['STRATEGY_IMPORT_REFUSED:3']],
    ['an error while loading', 'throws.ts', `${ONE}\nnull.x;\n`, ['STRATEGY_LOAD_FAILED:4']],
    [
      'a default out of range',
      'range.ts',
      ONE.replace('{}', "{ static parameters = { n: { type: 'integer', default: 5, min: 1, max: 3, description: '' } }; }"),
      ['STRATEGY_PARAMETERS_INVALID'],
    ],
    [
      'a parameter without a type and one without a default, both at once',
      'typeless.ts',
      ONE.replace('{}', "{ static parameters = { a: { default: 5 }, b: { type: 'text', description: '' } }; }"),
      ['STRATEGY_PARAMETERS_INVALID', 'STRATEGY_PARAMETERS_INVALID'],
    ],
    [
      'a choice without choices',
      'choiceless.ts',
      ONE.replace('{}', "{ static parameters = { a: { type: 'choice', default: 'x', description: '' } }; }"),
      ['STRATEGY_PARAMETERS_INVALID'],
    ],
    ['parameters that are no table', 'tableless.ts', ONE.replace('{}', '{ static parameters = [1]; }'), ['STRATEGY_PARAMETERS_INVALID']],
  ])('refuses %s', async (_what, name, text, expected) => {
    const file = text === null ? path.join(folder, name) : write(name, text);
    expect(await problemsOf(file)).toEqual(expected);
  });

  const OUTSIDE = 'Packages and Node modules are not for strategies: they can see clocks, files and the network.';

  it.each([
    ['a Node module', "import { readFileSync } from 'node:fs';", 'node:fs', 30],
    ['a package', '  import lodash from "lodash";', 'lodash', 22],
    ['all of a module', "import * as fs from 'fs';", 'fs', 21],
    ['a name among types', "import { type Stats, statSync } from 'fs';", 'fs', 38],
    ['what may be a type', "import { Stats } from 'fs'; let a: Stats | null = null; export const b = a;", 'fs', 23],
  ])('refuses the import of %s whether it is used or not, in the same words and at the same place', async (_what, line, value, column) => {
    const name = /(\w+)(?: \})? from/.exec(line)![1]!;
    const texts = [`${ONE}${line}\n`, `${ONE}${line}\nexport const used = ${name};\n`];
    for (const [index, text] of texts.entries()) {
      const file = write(`unused-${index}.ts`, text);
      const error = (await loadStrategyFile(file).catch((cause: unknown) => cause)) as InputError;
      expect(error.problems).toMatchObject([
        { code: 'STRATEGY_IMPORT_REFUSED', file, line: 3, column: String(column), value, rule: OUTSIDE },
      ]);
    }
  });

  it('refuses an unused import in a file that the strategy imports, an inner module, and require in its TypeScript form', async () => {
    write('with-fs.ts', "import { readFileSync } from 'fs';\nexport const one = 1;\n");
    expect(await problemsOf(write('through.ts', `${ONE}import { one } from './with-fs';\nexport const two = one;\n`))).toEqual([
      'STRATEGY_IMPORT_REFUSED:1',
    ]);
    const text = `${ONE}import { Engine } from 'quanthybrid/core';\nimport fs = require('fs');\n`;
    expect(await problemsOf(write('inner-unused.ts', text))).toEqual(['STRATEGY_IMPORT_REFUSED:3', 'STRATEGY_IMPORT_REFUSED:4']);
  });

  it('takes imports of types alone, which are gone before anything runs', async () => {
    const types = "import type { Stats } from 'fs';\nimport { type Dirent } from 'fs';\nimport { Strategy as Base } from 'quanthybrid';\n";
    expect((await loadStrategyFile(write('types.ts', types + ONE))).name).toBe('One');
  });

  it('names the parameter, the key that means nothing, the one that was meant and what there is', async () => {
    const text = ONE.replace(
      '{}',
      "{ static parameters = { n: { type: 'integer', default: 5, minimum: 1, max: '9', description: '' } }; }",
    );
    const error: unknown = await loadStrategyFile(write('minimum.ts', text)).catch((cause: unknown) => cause);
    expect((error as InputError).problems.map((problem) => problem.rule)).toEqual([
      'Parameter "n" has a key "minimum" that means nothing. Did you mean "min"? A parameter of type integer has type, default, description, min, max.',
      'Parameter "n" has no min. A parameter of type integer has type, default, description, min, max.',
      'Parameter "n": max takes a number, not "9".',
    ]);
  });

  it('names every problem of a file, each once, by line of the TypeScript source', async () => {
    const text = `${ONE}type Gone = { a: number };\ninterface AlsoGone {\n  b: number;\n}\nexport const a = (): number => Date.now();\nexport const b = (): number => Math.random();\n`;
    expect(await problemsOf(write('two-problems.ts', text))).toEqual(['STRATEGY_GLOBAL_REFUSED:7', 'STRATEGY_GLOBAL_REFUSED:8']);
  });
});
