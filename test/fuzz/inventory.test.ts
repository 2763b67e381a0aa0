import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXEMPT } from './exempt.ts';
import { TARGETS } from './inventory.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** Exported functions whose names say that they make something of what comes from outside. */
const PARSER = /^export (?:async )?(?:function\*?|const) ((?:parse|read|decode|open|load|unpack)[A-Z]?\w*)/gm;

function parsersOfSource(): string[] {
  const files = readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(file),
  );
  return files.flatMap((file) =>
    [...readFileSync(path.join(ROOT, 'src', file), 'utf8').matchAll(PARSER)].map(
      ([, name]) => `src/${file.split(path.sep).join('/')}#${name!}`,
    ),
  );
}

describe('the inventory of parsers', () => {
  const fuzzed = new Set(TARGETS.flatMap(({ entries }) => entries));

  it('holds every exported function that is called as a parser is, or a reason why not', () => {
    expect(parsersOfSource().filter((parser) => !fuzzed.has(parser) && !Object.hasOwn(EXEMPT, parser))).toEqual([]);
  });

  it('excuses nothing that is not there, or that is fuzzed', () => {
    const there = new Set(parsersOfSource());
    expect(Object.keys(EXEMPT).filter((parser) => !there.has(parser) || fuzzed.has(parser))).toEqual([]);
  });

  it('names entries that the files have', () => {
    const missing = [...fuzzed].filter((entry) => {
      const [file, name] = entry.split('#') as [string, string];
      return !new RegExp(`\\b${name}\\b`).test(readFileSync(path.join(ROOT, file), 'utf8'));
    });
    expect(missing).toEqual([]);
  });

  it('has a row for each parser in the reference, and no other', () => {
    const page = readFileSync(path.join(ROOT, 'docs/reference/fuzz.md'), 'utf8');
    expect([...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name)).toEqual(TARGETS.map(({ name }) => name));
  });
});
