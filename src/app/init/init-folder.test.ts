import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { initFolder } from './init-folder.ts';
import { PACKAGE_FOLDER } from '../package-folder.ts';
import { dependencyFor } from './package-place.ts';
import { sampleCsv } from './sample-data.ts';
import { loadStrategyFile } from '../strategies/load-strategy-file.ts';
import { readRunFile } from '../run-file/read-run-file.ts';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), 'quanthybrid-init-'));
});
afterEach(() => rmSync(parent, { recursive: true }));

describe('init', () => {
  it('writes a strategy that loads, a run file that is valid and a package that is a module', async () => {
    const folder = path.join(parent, 'My Strategies');
    initFolder(folder, { force: false });
    expect(readFileSync(path.join(folder, '.gitignore'), 'utf8')).toContain('node_modules/');
    expect((await loadStrategyFile(path.join(folder, 'my-strategy.ts'))).name).toBe('MyStrategy');
    expect(readRunFile(path.join(folder, 'run.yaml'), []).run.strategies).toHaveLength(1);
    expect(JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))).toMatchObject({ name: 'my-strategies', type: 'module' });
  });

  it('writes the strategy that the guide shows, letter by letter', () => {
    const folder = path.join(parent, 'guided');
    initFolder(folder, { force: false });
    const guide = readFileSync(path.join(PACKAGE_FOLDER, 'docs/guide/first-strategy.md'), 'utf8');
    expect(/```ts\n([\s\S]*?)```/.exec(guide)?.[1]).toBe(readFileSync(path.join(folder, 'my-strategy.ts'), 'utf8'));
  });

  it('refuses a folder with files, and writes over them when forced', () => {
    writeFileSync(path.join(parent, 'run.yaml'), 'mine');
    expect(() => initFolder(parent, { force: false })).toThrow(/INIT_FOLDER_NOT_EMPTY/);
    expect(readFileSync(path.join(parent, 'run.yaml'), 'utf8')).toBe('mine');
    initFolder(parent, { force: true });
    expect(readFileSync(path.join(parent, 'run.yaml'), 'utf8')).toContain('my-strategy.ts');
  });

  it('names in package.json what npm can install: the folder of a clone, the version of a registry, the archive of a file', () => {
    const modules = path.join(parent, 'project', 'node_modules');
    mkdirSync(modules, { recursive: true });
    const installed = path.join(modules, 'quanthybrid');
    const root = path.join(parent, 'mine');
    const note = (resolved: string): void =>
      writeFileSync(path.join(modules, '.package-lock.json'), JSON.stringify({ packages: { 'node_modules/quanthybrid': { resolved } } }));
    expect(dependencyFor(root, path.join(parent, 'clone'), '1.2.3')).toBe('file:../clone');
    expect(dependencyFor(root, installed, '1.2.3')).toBe('^1.2.3');
    note('https://registry.npmjs.org/quanthybrid/-/quanthybrid-1.2.3.tgz');
    expect(dependencyFor(root, installed, '1.2.3')).toBe('^1.2.3');
    note('file:../quanthybrid-1.2.3.tgz');
    expect(dependencyFor(root, installed, '1.2.3')).toBe('^1.2.3');
    writeFileSync(path.join(parent, 'quanthybrid-1.2.3.tgz'), '');
    expect(dependencyFor(root, installed, '1.2.3')).toBe('file:../quanthybrid-1.2.3.tgz');
  });

  it('makes the same 4320 hours every time', () => {
    const csv = sampleCsv();
    expect(csv.trimEnd().split('\n')).toHaveLength(1 + 180 * 24);
    expect(sampleCsv()).toBe(csv);
  });
});
