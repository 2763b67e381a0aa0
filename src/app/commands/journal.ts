import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { EXIT, framed, JSON_OPTION } from '../command-frame.ts';
import { optionProblem, whole } from '../data/command-options.ts';
import { exportLine } from '../journal/export-line.ts';
import { journalFacts, journalLine, journalTable, tailNote } from '../journal/journal-text.ts';
import { secondsLeftAt } from '../terminal/pace.ts';
import { progressView } from '../terminal/progress.ts';
import { printed } from './backtest.ts';
import { print } from './data-frame.ts';
import { firstRecordOf, type Inspection, lookAtJournal, recordsBetween, verifyJournal } from '../../adapters/journal/inspect-journal.ts';
import { type Code, CODES } from '../../model/codes/catalogue.ts';
import { InputError, WorldError } from '../../ports/errors.ts';

/** Characters of an export that are written at once. */
const EXPORT_CHUNK = 65_536;

/** The journal that was given is the trouble, not the world: exit status 2. */
const ABOUT_THE_FOLDER: ReadonlySet<Code> = new Set<Code>([
  'JOURNAL_NOT_FOUND',
  'JOURNAL_DAMAGED',
  'JOURNAL_SEGMENT_MISSING',
  'JOURNAL_VERSION',
]);

interface VerifyProgress {
  /** Segments. */
  readonly done: number;
  readonly fraction: number;
  readonly secondsElapsed: number;
  readonly secondsLeft: number | null;
}

interface ExportOptions {
  readonly from?: string;
  readonly to?: string;
  readonly kind?: string;
}

export function registerJournal(program: Command): void {
  const journal = program
    .command('journal')
    .description('look at the journal of a session, check it, print its records')
    .addHelpText(
      'after',
      `
Examples:
  $ quanthybrid journal verify sessions/first      read every byte and compare it with its checksums
  $ quanthybrid journal info sessions/first        segments, snapshots, records
  $ quanthybrid journal export sessions/first      every record as a line of JSON`,
    );
  const status = '\nExit status: 0 all is well, 1 the disk failed, 2 there is no journal or it is damaged.';
  journal
    .command('verify')
    .description('read every byte again and compare it with its checksums; changes nothing')
    .argument('<folder>', 'the folder of a session, or of its journal')
    .option('--json', JSON_OPTION)
    .addHelpText('after', `\nExample:\n  $ quanthybrid journal verify sessions/first\n${status}`)
    .action((folder: string, options: { readonly json?: boolean }) => framed(async () => verify(folder, options), options));
  journal
    .command('info')
    .description('what is there: segments, snapshots, first and last record')
    .argument('<folder>', 'the folder of a session, or of its journal')
    .option('--json', JSON_OPTION)
    .addHelpText('after', `\nExample:\n  $ quanthybrid journal info sessions/first --json\n${status}`)
    .action((folder: string, options: { readonly json?: boolean }) => framed(async () => info(folder, options), options));
  journal
    .command('export')
    .description('print records as lines of JSON: sequence, kind, ts, and payload (where it is JSON) or base64')
    .argument('<folder>', 'the folder of a session, or of its journal')
    .option('--from <n>', 'first record')
    .option('--to <n>', 'last record')
    .option('--kind <n>', 'records of this kind only')
    .addHelpText(
      'after',
      `
Examples:
  $ quanthybrid journal export sessions/first > records.jsonl
  $ quanthybrid journal export sessions/first --from 100 --to 200 --kind 4
${status} Where it is damaged, the records before the damage are printed.`,
    )
    .action((folder: string, options: ExportOptions) => framed(() => exported(folder, options)));
}

/** @returns the journal in the folder of a session that was given, else the folder itself */
function journalFolderOf(given: string): string {
  const within = path.join(given, 'journal');
  return existsSync(within) ? within : given;
}

function verify(given: string, { json = false }: { readonly json?: boolean }): number {
  const folder = journalFolderOf(given);
  const view = progressView<VerifyProgress>(process.stderr, ({ done }) => `${done} segments`);
  const startMs = performance.now();
  const inspection = ofFolder(() => {
    try {
      return verifyJournal(folder, {
        onSegment: (done, of) => {
          const secondsElapsed = (performance.now() - startMs) / 1000;
          view.show({ done, fraction: done / of, secondsElapsed, secondsLeft: secondsLeftAt(done / of, secondsElapsed) });
        },
      });
    } finally {
      view.end();
    }
  });
  const isWhole = inspection.messages.length === 0;
  if (json) print([JSON.stringify({ ok: isWhole, ...journalFacts(inspection) })]);
  else {
    for (const { code, text } of inspection.messages) process.stderr.write(`error: ${text}. ${CODES[code].fix} [${code}]\n`);
    notes(inspection);
    print([
      `${journalLine(inspection)}: ${isWhole ? 'everything is as it was written' : 'the records are as they were written, a snapshot is not'}.`,
    ]);
  }
  return isWhole ? EXIT.ok : EXIT.badInput;
}

function info(given: string, { json = false }: { readonly json?: boolean }): number {
  const inspection = ofFolder(() => lookAtJournal(journalFolderOf(given)));
  if (json) print([JSON.stringify(journalFacts(inspection))]);
  else {
    notes(inspection);
    print([...journalTable(inspection), journalLine(inspection)]);
  }
  return EXIT.ok;
}

function notes(inspection: Inspection): void {
  const note = tailNote(inspection);
  if (note !== null) process.stderr.write(`note: ${note}\n`);
}

async function exported(given: string, options: ExportOptions): Promise<number> {
  const folder = journalFolderOf(given);
  const most = Number.MAX_SAFE_INTEGER;
  const from = options.from === undefined ? null : whole('from', options.from, 1, most);
  const to = options.to === undefined ? most : whole('to', options.to, 1, most);
  const kind = options.kind === undefined ? null : whole('kind', options.kind, 1, 255);
  if (from !== null && from > to)
    throw optionProblem('to', options.to ?? '', 'The export ends before it begins.', 'Give a --to from --from on.');
  const { first, last } = ofFolder(() => rangeOf(folder));
  let text = '';
  const records = recordsBetween(folder, Math.max(from ?? first, first), Math.min(to, last));
  for (;;) {
    let next: ReturnType<typeof records.next>;
    try {
      next = ofFolder(() => records.next());
    } catch (error) {
      await printed(text);
      throw error;
    }
    if (next.done === true) break;
    if (kind !== null && next.value.kind !== kind) continue;
    text += `${exportLine(next.value)}\n`;
    if (text.length < EXPORT_CHUNK) continue;
    await printed(text);
    text = '';
  }
  await printed(text);
  return EXIT.ok;
}

/** Where the end is damaged nobody knows it: then everything up to the damage is read, and the reading says where that is. */
function rangeOf(folder: string): { readonly first: number; readonly last: number } {
  try {
    const { firstSequence, lastSequence } = lookAtJournal(folder).facts;
    return { first: firstSequence, last: lastSequence };
  } catch (error) {
    if (error instanceof WorldError && error.code === 'JOURNAL_DAMAGED')
      return { first: firstRecordOf(folder), last: Number.MAX_SAFE_INTEGER };
    throw error;
  }
}

/** What is wrong with the folder that was given is bad input; everything else stays what it is. */
function ofFolder<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof WorldError) || !ABOUT_THE_FOLDER.has(error.code)) throw error;
    throw new InputError([{ code: error.code, rule: `${error.message}.`, fix: CODES[error.code].fix }]);
  }
}
