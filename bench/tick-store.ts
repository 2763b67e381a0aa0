import path from 'node:path';
import { storedTicks } from './ticks.ts';

/** Ticks of the rows that are held against C. */
export const TICK_ROWS = 20_000_000;

export interface ColumnFile {
  readonly name: string;
  readonly file: string;
  readonly width: number;
}

/** The files of the stored ticks in the order in which they are read. */
export function columnFiles(root: string): ColumnFile[] {
  const { folder, manifest } = storedTicks(root);
  return manifest.columns.flatMap((column) =>
    'file' in column ? [{ name: column.name, file: path.join(folder, column.file), width: column.type === 'float64' ? 8 : 1 }] : [],
  );
}

/** The file that holds a column's values, be it another's. */
export function columnFile(root: string, name: string): string {
  const { manifest } = storedTicks(root);
  const column = manifest.columns.find((candidate) => candidate.name === name);
  const stored = column !== undefined && 'sameAs' in column ? column.sameAs : name;
  const found = columnFiles(root).find((candidate) => candidate.name === stored);
  if (found === undefined) throw new Error(`the ticks have no column ${name}`);
  return found.file;
}
