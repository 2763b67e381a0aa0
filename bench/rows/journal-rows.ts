import path from 'node:path';
import { MeasuredProgram } from '../child-process.ts';
import { type BenchContext, type BenchRow, type BenchRowMaker, comparedRow, figure, NO_COMPILER, rateText, skippedRow } from '../row.ts';
import { compare, type Compared } from '../rounds.ts';

const SEGMENT_BYTES = 33_554_432;
const ROWS = 131_072;
/** Records of a commit in `journal/commit`, and how many commits a round has. */
const COMMIT_RECORDS = 64;
const COMMITS = 200;
const NO_LIBCRYPTO = 'no libcrypto: install OpenSSL (Debian: apt install libssl3) so that C can hash as Node does';

interface Ways {
  readonly name: string;
  readonly batch: number;
  readonly rows: number;
  readonly subject: 'whole' | 'commits';
  readonly control: 'whole' | 'raw';
}

/** @returns null where there is no libcrypto */
async function against(context: BenchContext, program: string, ways: Ways): Promise<Compared | null> {
  const common = [String(SEGMENT_BYTES), String(ways.batch)];
  const file = path.join(context.folder, 'journal-of-c');
  const control = await MeasuredProgram.start(program, [file, ...common, ways.control]);
  if (control.greeting['ready'] !== true) return null;
  const folder = path.join(context.folder, 'journal-of-ours');
  const subject = await MeasuredProgram.startNode('journal.ts', [folder, ...common, ways.subject]);
  try {
    return await compare({
      subject: () => subject.round(ways.rows),
      control: () => control.round(ways.rows),
      isSame: (a, b) => a.checksum === b.checksum,
      onRound: (done, kept) => context.say(`${ways.name}, batches of ${ways.batch}: ${done} rounds, ${kept} count`),
    });
  } finally {
    await Promise.all([subject.stop(), control.stop()]);
  }
}

/** Appending and committing against the same in C; the batch size at which we do worse decides. */
async function journalAgainstC(context: BenchContext): Promise<BenchRow> {
  const name = 'journal/c';
  const gate = 0.8;
  const program = context.cProgram('journal');
  if (program === null) return skippedRow(name, gate, NO_COMPILER);
  const measured: { readonly batch: number; readonly compared: Compared }[] = [];
  for (const batch of [512, 4096]) {
    const compared = await against(context, program, { name, batch, rows: ROWS, subject: 'whole', control: 'whole' });
    if (compared === null) return skippedRow(name, gate, NO_LIBCRYPTO);
    measured.push({ batch, compared });
  }
  const worst = measured.reduce((a, b) => (b.compared.ratio < a.compared.ratio ? b : a));
  const each = measured.map(({ batch, compared }) => {
    const rates = `${rateText(ROWS, compared.subjectNs)}, C ${rateText(ROWS, compared.controlNs)}`;
    return `batches of ${batch}: ${figure(compared.ratio)} (${rates})`;
  });
  const enough = measured.every(({ compared }) => compared.kept >= compared.needed);
  const row = comparedRow(name, worst.compared, gate, 0.95, `records of 64 bytes, synced, same bytes; ${each.join('; ')}`);
  return { ...row, pass: row.pass === true && enough };
}

/** A commit against pwrite and fdatasync of the same bytes. */
async function commitAgainstRaw(context: BenchContext): Promise<BenchRow> {
  const name = 'journal/commit';
  const gate = 1.3;
  const program = context.cProgram('journal');
  if (program === null) return { ...skippedRow(name, gate, NO_COMPILER), gateIs: 'max' };
  const rows = COMMITS * COMMIT_RECORDS;
  const compared = await against(context, program, { name, batch: COMMIT_RECORDS, rows, subject: 'commits', control: 'raw' });
  if (compared === null) return { ...skippedRow(name, gate, NO_LIBCRYPTO), gateIs: 'max' };
  const us = (ns: number): string => `${figure(ns / 1000)} µs`;
  const row = comparedRow(
    name,
    compared,
    null,
    null,
    `${COMMIT_RECORDS} records of 64 bytes: commit ${us(compared.subjectNs)}, write and fdatasync alone ${us(compared.controlNs)}, medians; same bytes`,
  );
  const ratio = 1 / compared.ratio;
  return { ...row, ratio, gate, gateIs: 'max', stretch: 1.1, pass: compared.kept >= compared.needed && ratio <= gate };
}

export const JOURNAL_C: BenchRowMaker = { name: 'journal/c', measure: journalAgainstC };
export const JOURNAL_COMMIT: BenchRowMaker = { name: 'journal/commit', measure: commitAgainstRaw };
