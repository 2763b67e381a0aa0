import type { MachineFacts } from './machine-facts.ts';
import { type BenchRow, figure } from './row.ts';

/** The table for a terminal: a line per row, its detail beneath. */
export function textTable(rows: readonly BenchRow[], facts: MachineFacts): string {
  const width = Math.max(...rows.map((row) => row.name.length));
  const lines = rows.flatMap((row) => {
    const ratio = row.ratio === null ? '–' : figure(row.ratio);
    const head = `${row.name.padEnd(width)}  ${ratio.padStart(7)}  ${gateText(row).padEnd(24)}  ${verdict(row)}`;
    return [head.trimEnd(), `    ${row.skipped ?? row.detail}`];
  });
  return [...lines, '', `${facts.machine}; ${facts.versions}; ${facts.date}; load ${facts.load}; ${facts.seconds} s`].join('\n');
}

/** `>= 0.30, stretch 0.40`, or nothing. */
export function gateText(row: BenchRow): string {
  if (row.gate === null) return '';
  const bound = `${row.gateIs === 'max' ? '<=' : '>='} ${figure(row.gate)}`;
  return row.stretch === null ? bound : `${bound}, stretch ${figure(row.stretch)}`;
}

export function verdict(row: BenchRow): string {
  if (row.skipped !== null) return 'skipped';
  if (row.pass === null) return '';
  return row.pass ? 'pass' : 'FAIL';
}
