import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PACKAGE_FOLDER } from './package-folder.ts';

/** Of this program, from its package.json. */
export const VERSION: string = readVersion();

function readVersion(): string {
  const description: unknown = JSON.parse(readFileSync(path.join(PACKAGE_FOLDER, 'package.json'), 'utf8'));
  const version = typeof description === 'object' && description !== null && 'version' in description ? description.version : null;
  if (typeof version !== 'string') throw new Error('package.json states no version');
  return version;
}
