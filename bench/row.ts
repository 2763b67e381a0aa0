import type { Compared } from './rounds.ts';

/** A line of the table. */
export interface BenchRow {
  readonly name: string;
  /** The number that the row is about; null where it was skipped. */
  readonly ratio: number | null;
  /** The bound, and on which side of it is good; null for rows that only inform. */
  readonly gate: number | null;
  readonly gateIs: 'min' | 'max' | null;
  readonly stretch: number | null;
  /** Null where there is no gate or nothing was measured. */
  readonly pass: boolean | null;
  readonly detail: string;
  /** Why there is no number. */
  readonly skipped: string | null;
}

/** What a row needs to be measured. */
export interface BenchContext {
  /** Folder of the store with the ticks; made when the first row asks. */
  readonly ticksRoot: () => Promise<string>;
  /** Path of a compiled program of c/; null where there is no compiler. */
  readonly cProgram: (name: 'cross' | 'load' | 'clock-spin' | 'journal') => string | null;
  /** As {@link cProgram}, of cpp/. */
  readonly cppProgram: (name: 'matching' | 'path') => string | null;
  /** For files of a row; gone when the bench ends. */
  readonly folder: string;
  readonly say: (text: string) => void;
}

export interface BenchRowMaker {
  readonly name: string;
  readonly measure: (context: BenchContext) => Promise<BenchRow>;
}

export const NO_COMPILER = 'no gcc: install one (Debian: apt install gcc) to compare with C';
export const NO_CPP_COMPILER = 'no g++: install one (Debian: apt install g++) to compare with C++';

export function skippedRow(name: string, gate: number | null, reason: string): BenchRow {
  return { name, ratio: null, gate, gateIs: gate === null ? null : 'min', stretch: null, pass: null, detail: '', skipped: reason };
}

/** A row that only informs. */
export function informingRow(name: string, ratio: number, detail: string): BenchRow {
  return { name, ratio, gate: null, gateIs: null, stretch: null, pass: null, detail, skipped: null };
}

/** A row of a comparison: the gate holds where enough rounds count and their median reaches it. */
export function comparedRow(name: string, compared: Compared, gate: number | null, stretch: number | null, detail: string): BenchRow {
  const isEnough = compared.kept >= compared.needed;
  const rounds = `${compared.kept} rounds, ${compared.dropped} dropped, ${figure(compared.worst)} to ${figure(compared.best)}`;
  const noise = isEnough ? '' : `; the machine was too busy: fewer than ${compared.needed} rounds count`;
  return {
    name,
    ratio: compared.ratio,
    gate,
    gateIs: gate === null ? null : 'min',
    stretch,
    pass: gate === null ? null : isEnough && compared.ratio >= gate,
    detail: `${detail}; ${rounds}${noise}`,
    skipped: null,
  };
}

/** Three significant digits. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return value.toPrecision(3);
}

/** Millions of rows a second. */
export function rateText(rows: number, ns: number): string {
  return `${figure((rows / ns) * 1000)} M/s`;
}
