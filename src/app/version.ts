import { readFileSync } from 'node:fs';

/** Of this program, from its package.json: the same file beside src/ and beside dist/. */
export const VERSION: string = readVersion();

function readVersion(): string {
  const description: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const version = typeof description === 'object' && description !== null && 'version' in description ? description.version : null;
  if (typeof version !== 'string') throw new Error('package.json states no version');
  return version;
}
