import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Bounds that are no maximum by name. */
const OTHER_BOUNDS = ['HISTORY_ROWS_DEFAULT', 'LEDGER_HISTORY_DEFAULT', 'BLOCK_ROWS', 'BOOK_ORDERS_DEFAULT', 'BOOK_OWNERS_DEFAULT'];
const BOUND = new RegExp(`^export const (\\w+_MAX|${OTHER_BOUNDS.join('|')})\\b`, 'gm');

/** `NAME = value` of every bound that the source exports, as the modules themselves say. */
async function boundsOfSource(): Promise<string[]> {
  const bounds: string[] = [];
  for (const file of readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue;
    const source = path.join(ROOT, 'src', file);
    const names = [...readFileSync(source, 'utf8').matchAll(BOUND)].map(([, name]) => name!);
    if (names.length === 0) continue;
    const module = (await import(source)) as Readonly<Record<string, unknown>>;
    for (const name of names) bounds.push(`${name} = ${String(module[name])}`);
  }
  return bounds.sort();
}

function boundsOfPage(): string[] {
  const page = readFileSync(path.join(ROOT, 'docs/reference/limits.md'), 'utf8');
  return [...page.matchAll(/^\| `(\w+)` \| (\S+) \| \S.* \| \S.* \|$/gm)].map(([, name, value]) => `${name!} = ${value!}`).sort();
}

describe('the page of limits', () => {
  it('names every bound that the source exports with its value, and no other', async () => {
    expect(boundsOfPage()).toEqual(await boundsOfSource());
  });
});
