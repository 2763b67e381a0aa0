import type { Inspection } from '../../adapters/journal/inspect-journal.ts';
import { countText } from '../terminal/number-text.ts';

/** What is known of a journal in plain data, as `--json` prints it. */
export function journalFacts({ facts, tail, messages }: Inspection): Readonly<Record<string, unknown>> {
  return { ...facts, tail, messages };
}

/** `12 segments, 3,400 records (1 to 3,400), 2 snapshots` */
export function journalLine({ facts }: Inspection): string {
  const { firstSequence, lastSequence, segments, snapshots } = facts;
  const count = lastSequence - firstSequence + 1;
  const range = count === 0 ? '' : ` (${countText(firstSequence)} to ${countText(lastSequence)})`;
  return `${many(segments.length, 'segment')}, ${many(count, 'record')}${range}, ${many(snapshots.length, 'snapshot')}`;
}

/** Every file, a line each. */
export function journalTable({ facts }: Inspection): readonly string[] {
  const rows = [
    ...facts.segments.map(({ file, firstSequence, bytes, isCompressed }) => [
      file,
      `from record ${countText(firstSequence)}${isCompressed ? ', compressed' : ''}`,
      mebibytes(bytes),
    ]),
    ...facts.snapshots.map(({ file, sequence, bytes }) => [file, `snapshot of record ${countText(sequence)}`, mebibytes(bytes)]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}

/** What is said of the end, where there is something to say. */
export function tailNote({ tail }: Inspection): string | null {
  if (tail === null) return null;
  return `${tail.file}, byte ${tail.position}: ${tail.bytes} bytes that no commit had acknowledged; the next start cuts them. Nothing is lost.`;
}

function many(count: number, what: string): string {
  return `${countText(count)} ${what}${count === 1 ? '' : 's'}`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
