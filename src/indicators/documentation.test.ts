import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const PAGE = readFileSync(new URL('../../docs/reference/indicators.md', import.meta.url), 'utf8');
const ROWS = PAGE.split('\n').filter((line) => line.startsWith('| `'));

/** Class name to the public fields that hold results, read from the sources. */
const CLASSES = new Map(
  readdirSync(new URL('.', import.meta.url))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'))
    .flatMap((source) => {
      const name = /^export class (\w+) implements Indicator/m.exec(source)?.[1];
      const fields = [...source.matchAll(/^ {2}(\w+) = Number\.NaN;$/gm)].map((match) => match[1]!);
      return name === undefined ? [] : [[name, fields.sort()] as const];
    }),
);

const cells = (row: string): string[] => row.split('|').map((cell) => cell.trim());
const names = (cell: string): string[] => [...cell.matchAll(/`(\w+)`/g)].map((match) => match[1]!);

describe('docs/reference/indicators.md', () => {
  it('has one row for each indicator class and no other', () => {
    expect(CLASSES.size).toBeGreaterThan(15);
    expect(ROWS.map((row) => names(cells(row)[1]!)[0]).sort()).toEqual([...CLASSES.keys()].sort());
  });

  it.each(ROWS.map((row) => [names(cells(row)[1]!)[0]!, row]))('names the lines of %s', (name, row) => {
    const lines = new Set([...names(cells(row)[4]!), 'value']);
    expect([...lines].sort()).toEqual(CLASSES.get(name));
  });
});
