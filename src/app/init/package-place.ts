import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of this package: the nearest one above this file with our package.json. */
export const PACKAGE_FOLDER: string = findPackage(path.dirname(fileURLToPath(import.meta.url)));

function findPackage(from: string): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'package.json');
    if (existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown }).name === 'quanthybrid') return folder;
    if (folder === path.dirname(folder)) throw new Error(`no package.json of quanthybrid above ${from}`);
  }
}

/** The types that an editor reads for `import … from 'quanthybrid'`: the built ones, else the sources. */
export function typesFile(): string {
  const built = path.join(PACKAGE_FOLDER, 'dist/index.d.ts');
  return existsSync(built) ? built : path.join(PACKAGE_FOLDER, 'src/index.ts');
}
