import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CONVENTION_PRESETS, CONVENTION_WORDS } from './conventions.ts';
import { computeStatistics } from './run-statistics.ts';

const PAGE = readFileSync(new URL('../../docs/reference/statistics.md', import.meta.url), 'utf8');
const [STATISTICS, CONVENTIONS] = PAGE.split('## Conventions') as [string, string];

/** Rows of a table as cells, without the marks of code. */
const rows = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.replaceAll('`', '').trim()),
    );

describe('docs/reference/statistics.md', () => {
  it('defines every statistic that is computed and no other', () => {
    const equity = { ts: Float64Array.of(0, 1), value: Float64Array.of(1, 2) };
    expect(
      rows(STATISTICS)
        .map((cells) => cells[0]!)
        .sort(),
    ).toEqual(Object.keys(computeStatistics({ equity, trades: [] })).sort());
  });

  it('names only switches that exist in the statistics’ table', () => {
    for (const cells of rows(STATISTICS)) {
      for (const name of cells[2]!.matchAll(/[a-zA-Z]+/g)) {
        if (name[0] !== 'and' && !cells[2]!.includes('those of the two'))
          expect(Object.keys(CONVENTION_PRESETS.standard)).toContain(name[0]);
      }
    }
  });

  it('lists every switch with its words, the standard one first, and the settings of the other presets', () => {
    const { standard, lean, 'backtesting.py': backtestingPy } = CONVENTION_PRESETS;
    const names = Object.keys(standard) as (keyof typeof standard)[];
    const expected = names.map((name) => {
      const words: readonly string[] =
        name in CONVENTION_WORDS ? CONVENTION_WORDS[name as keyof typeof CONVENTION_WORDS] : [String(standard[name])];
      expect(words[0]).toBe(String(standard[name]));
      return [name, words.join(', '), ...(name === 'preset' ? ['', ''] : [String(backtestingPy[name]), String(lean[name])])];
    });
    const actual = rows(CONVENTIONS).map(([name, words, , second, third]) => [name, words, second, third]);
    expect(actual.sort()).toEqual(expected.sort());
  });
});
