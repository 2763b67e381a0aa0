import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of this package: the nearest one above this file with our package.json. What lies beside src/ and dist/ is found from here. */
export const PACKAGE_FOLDER: string = findPackage(path.dirname(fileURLToPath(import.meta.url)));

function findPackage(from: string): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'package.json');
    if (existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown }).name === 'quanthybrid') return folder;
    if (folder === path.dirname(folder)) throw new Error(`no package.json of quanthybrid above ${from}`);
  }
}
