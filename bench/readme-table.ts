import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './child-process.ts';
import type { MachineFacts } from './machine-facts.ts';
import { type BenchRow, figure } from './row.ts';
import { gateText, verdict } from './text-table.ts';

const BEGIN = '<!-- table: written by npm run bench -- --write-readme -->';
const END = '<!-- end of table -->';

/** Puts the table between its two marks in bench/README.md. */
export function writeReadme(rows: readonly BenchRow[], facts: MachineFacts): void {
  const file = path.join(ROOT, 'bench/README.md');
  writeFileSync(file, withTable(readFileSync(file, 'utf8'), markdownTable(rows, facts)));
}

/** @throws Error where the marks are missing */
export function withTable(text: string, table: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error('bench/README.md has lost the marks of its table');
  return `${text.slice(0, begin + BEGIN.length)}\n\n${table}\n\n${text.slice(end)}`;
}

function markdownTable(rows: readonly BenchRow[], facts: MachineFacts): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const lines = rows.map((row) => {
    const ratio = row.ratio === null ? '–' : figure(row.ratio);
    return `| \`${row.name}\` | ${ratio} | ${gateText(row)} | ${verdict(row)} | ${cell(row.skipped ?? row.detail)} |`;
  });
  return [
    `${facts.date}; ${facts.machine}; ${facts.versions}; load ${facts.load}; ${facts.seconds} s for the table.`,
    '',
    '| Row | Ratio | Gate | | Measured |',
    '|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}
