import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { dependencyFor, relativePath, typesFile } from './package-place.ts';
import { sampleCsv } from './sample-data.ts';
import { IGNORE_FILE, packageFile, readmeFile, RUN_FILE, strategyFile, tsconfigFile } from './templates.ts';
import { InputError, WorldError } from '../../ports/errors.ts';

/**
 * Makes a folder in which `npx quanthybrid backtest run.yaml` works after `npm install`.
 *
 * @param force writes into a folder that has files, over those of the same names
 * @returns the files written, relative to the folder
 * @throws InputError INIT_FOLDER_NOT_EMPTY; WorldError INIT_NOT_WRITTEN
 */
export function initFolder(folder: string, { force }: { readonly force: boolean }): readonly string[] {
  const root = path.resolve(folder);
  if (existsSync(root) && !statSync(root).isDirectory()) throw notEmpty(root, 'This is a file.');
  if (!force && existsSync(root) && readdirSync(root).length > 0) throw notEmpty(root, 'The folder holds files.');
  const name =
    path
      .basename(root)
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'my-strategies';
  const files: Readonly<Record<string, string>> = {
    'my-strategy.ts': strategyFile(),
    'run.yaml': RUN_FILE,
    'data/aaa-1h.csv': sampleCsv(),
    'package.json': packageFile(name, dependencyFor(root)),
    'tsconfig.json': tsconfigFile(relativePath(root, typesFile())),
    'README.md': readmeFile(name),
    '.gitignore': IGNORE_FILE,
  };
  try {
    mkdirSync(path.join(root, 'data'), { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(path.join(root, file), text);
  } catch (cause) {
    throw new WorldError(
      'INIT_NOT_WRITTEN',
      `The files cannot be written to ${root} (${cause instanceof Error ? cause.message : String(cause)}).`,
      { retryable: false, cause },
    );
  }
  return Object.keys(files);
}

function notEmpty(root: string, rule: string): InputError {
  return new InputError([
    { code: 'INIT_FOLDER_NOT_EMPTY', file: root, rule, fix: 'Name a new folder, or pass --force to write over files of the same names.' },
  ]);
}
