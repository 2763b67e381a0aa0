import { parseArgs } from 'node:util';
import { CASES, lacksData, runCase, type RowOutcome } from './run-case.ts';
import { sharedDataFolder } from './shared-data.ts';
import type { ReferenceCase } from './reference-case.ts';
import { InputError } from '../src/ports/errors.ts';

/** `npm run reference [-- --only R1.3] [--json]`: see reference/README.md. */

const STATUS = { agrees: 0, differs: 1, badCommand: 2, dataAbsent: 3 } as const;

interface CaseOutcome {
  readonly id: string;
  readonly title: string;
  readonly runFiles: readonly string[];
  readonly agrees: boolean;
  readonly elapsedMs: number;
  readonly rows: readonly RowOutcome[];
  /** Why the case did not run to its end. */
  readonly error?: string;
}

interface Options {
  readonly only: readonly string[];
  readonly json: boolean;
}

function readOptions(): Options | string {
  try {
    const { values } = parseArgs({ options: { only: { type: 'string', multiple: true }, json: { type: 'boolean' } } });
    return { only: values.only ?? [], json: values.json === true };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** `R1` stands for all of R1, `R4.8` for both of its runs. */
function isNamed(id: string, only: string): boolean {
  return id === only || id.startsWith(`${only}.`) || id.startsWith(`${only}-`);
}

async function outcomeOf(referenceCase: ReferenceCase): Promise<CaseOutcome> {
  const { id, title, runs } = referenceCase;
  const startMs = performance.now();
  const about = {
    id,
    title,
    runFiles: runs.map(({ file, set = [] }) => [`reference/${file}`, ...set.map((each) => `--set ${each}`)].join(' ')),
  };
  try {
    const rows = await runCase(referenceCase);
    return { ...about, agrees: rows.every((row) => row.agrees), elapsedMs: Math.round(performance.now() - startMs), rows };
  } catch (error) {
    return { ...about, agrees: false, elapsedMs: Math.round(performance.now() - startMs), rows: [], error: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof InputError)
    return error.problems.map(({ code, file, line, rule, fix }) => `${code} ${file ?? ''}:${line ?? ''} ${rule} ${fix}`).join('; ');
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function tableOf({ id, title, runFiles, rows, agrees, elapsedMs, error }: CaseOutcome): string {
  const widths = (['what', 'expected', 'obtained'] as const).map((key) => Math.max(key.length, ...rows.map((row) => row[key].length)));
  const line = (cells: readonly string[], end: string): string =>
    `  ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}  ${end}`.trimEnd();
  const notes = rows.flatMap((row) => (row.note === undefined ? [] : [`  ${row.what}: ${row.note}`]));
  return [
    `${id}  ${title}`,
    ...runFiles.map((file) => `  ${file}`),
    ...(rows.length === 0 ? [] : [line(['what', 'expected', 'obtained'], '')]),
    ...rows.map((row) => line([row.what, row.expected, row.obtained], row.agrees ? 'ok' : 'DIFFERS')),
    ...notes,
    ...(error === undefined ? [] : [`  DID NOT RUN: ${error}`]),
    `  ${agrees ? 'agrees' : 'DIFFERS'} (${elapsedMs} ms)`,
    '',
  ].join('\n');
}

async function main(): Promise<number> {
  const options = readOptions();
  if (typeof options === 'string') {
    console.error(`${options}\nUsage: npm run reference [-- --only R1.3] [--json]`);
    return STATUS.badCommand;
  }
  const { only, json } = options;
  const unknown = only.filter((each) => !CASES.some(({ id }) => isNamed(id, each)));
  if (unknown.length > 0) {
    console.error(`There is no reference case ${unknown.join(', ')}. There are ${CASES.map(({ id }) => id).join(', ')}.`);
    return STATUS.badCommand;
  }
  const chosen = CASES.filter(({ id }) => only.length === 0 || only.some((each) => isNamed(id, each)));
  if (chosen.some(lacksData)) {
    console.error(
      `The recorded data is absent: there is no folder ${sharedDataFolder()}. Put it there, or name another in QUANTHYBRID_SHARED_DATA.`,
    );
    return STATUS.dataAbsent;
  }
  const outcomes: CaseOutcome[] = [];
  for (const referenceCase of chosen) {
    const outcome = await outcomeOf(referenceCase);
    outcomes.push(outcome);
    if (!json) console.log(tableOf(outcome));
  }
  const agreeing = outcomes.filter((outcome) => outcome.agrees).length;
  const rowCount = outcomes.reduce((count, outcome) => count + outcome.rows.length, 0);
  const differing = outcomes.reduce((count, outcome) => count + outcome.rows.filter((row) => !row.agrees).length, 0);
  if (json) console.log(JSON.stringify({ agrees: agreeing === outcomes.length, cases: outcomes }));
  else console.log(`${agreeing} of ${outcomes.length} cases agree; ${rowCount - differing} of ${rowCount} numbers.`);
  return agreeing === outcomes.length ? STATUS.agrees : STATUS.differs;
}

process.exitCode = await main();
