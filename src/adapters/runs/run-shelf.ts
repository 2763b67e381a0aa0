import { type Dirent, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseRunRecord, RUN_RECORD_FILE, RUN_REPORT_FILE, type RunRecord, runRecordText } from './run-record.ts';
import { WorldError } from '../../ports/errors.ts';
import type { KeptRun, RunLibrary } from '../../ports/run-library.ts';

/** Runs that are listed of one folder: those that were written last. */
export const RUNS_LISTED_MAX = 2_000;
/** Bytes of the few figures of a run. */
export const RUN_RECORD_BYTES_MAX = 65_536;
/** Bytes of a report that is shown. */
export const RUN_REPORT_BYTES_MAX = 67_108_864;

interface Shelved {
  readonly record: RunRecord;
  readonly folder: string;
  readonly hasReport: boolean;
}

interface Cached extends Shelved {
  readonly mtimeMs: number;
  readonly size: number;
}

/**
 * Runs that lie in folders, a folder for each run. They are found by listing and never by a name that came from outside, so no name leads anywhere
 * else; links are not followed. What is no record of a run is passed over.
 */
export class RunShelf implements RunLibrary {
  private readonly places: readonly string[];
  private readonly running: () => RunRecord | null;
  /** By file, while it stays what it was. */
  private cache: ReadonlyMap<string, Cached> = new Map();

  /**
   * @param places folders that hold a folder for each run; they need not be there
   * @param running what runs now, in the place of what its folder says of an earlier time
   */
  constructor(places: readonly string[], running: () => RunRecord | null = () => null) {
    this.places = places;
    this.running = running;
  }

  async page(before: number | null, limit: number): Promise<readonly KeptRun[]> {
    const runs = (await this.runs()).map(keptRun).reverse();
    return runs.filter(({ sequence }) => before === null || sequence < before).slice(0, limit);
  }

  async run(run: string): Promise<KeptRun | null> {
    const runs = await this.runs();
    const at = runs.findIndex(({ record }) => record.run === run);
    return at < 0 ? null : keptRun(runs[at]!, at);
  }

  async report(run: string): Promise<string | null> {
    const found = (await this.runs()).find(({ record }) => record.run === run);
    if (found === undefined || !found.hasReport) return null;
    const file = path.join(found.folder, RUN_REPORT_FILE);
    const { size } = await lstat(file);
    return size > RUN_REPORT_BYTES_MAX ? null : readFile(file, 'utf8');
  }

  /** Oldest first; of two with one name the first place has it. */
  private async runs(): Promise<readonly Shelved[]> {
    const found = (await Promise.all(this.places.map((place) => this.runsOf(place)))).flat();
    this.cache = new Map(found.map((each) => [path.join(each.folder, RUN_RECORD_FILE), each]));
    const byName = new Map<string, Shelved>();
    const record = this.running();
    if (record !== null) byName.set(record.run, { record, folder: '', hasReport: false });
    for (const each of found) if (!byName.has(each.record.run)) byName.set(each.record.run, each);
    return [...byName.values()].sort((a, b) => a.record.tsStarted - b.record.tsStarted || (a.record.run < b.record.run ? -1 : 1));
  }

  private async runsOf(place: string): Promise<readonly Cached[]> {
    const folders = (await entriesOf(place)).filter((entry) => entry.isDirectory()).map(({ name }) => path.join(place, name));
    const there = (await Promise.all(folders.map(statOf))).filter((stat) => stat !== null);
    const newest = there.sort((a, b) => b.mtimeMs - a.mtimeMs).slice(0, RUNS_LISTED_MAX);
    return (await Promise.all(newest.map((stat) => this.read(stat)))).filter((run) => run !== null);
  }

  private async read({ folder, file, mtimeMs, size }: RecordStat): Promise<Cached | null> {
    const known = this.cache.get(file);
    const hasReport = await isFile(path.join(folder, RUN_REPORT_FILE));
    if (known !== undefined && known.mtimeMs === mtimeMs && known.size === size) return { ...known, hasReport };
    const record = size > RUN_RECORD_BYTES_MAX ? null : parseRunRecord(await readFile(file, 'utf8'));
    return record === null ? null : { record, folder, hasReport, mtimeMs, size };
  }
}

interface RecordStat {
  readonly folder: string;
  readonly file: string;
  readonly mtimeMs: number;
  readonly size: number;
}

async function statOf(folder: string): Promise<RecordStat | null> {
  const file = path.join(folder, RUN_RECORD_FILE);
  const stat = await lstat(file).catch(ignoreAbsent);
  return stat?.isFile() === true ? { folder, file, mtimeMs: stat.mtimeMs, size: stat.size } : null;
}

async function isFile(file: string): Promise<boolean> {
  return (await lstat(file).catch(ignoreAbsent))?.isFile() === true;
}

async function entriesOf(place: string): Promise<readonly Dirent[]> {
  return (await readdir(place, { withFileTypes: true }).catch(ignoreAbsent)) ?? [];
}

/** @throws what is anything else than "it is not there" */
function ignoreAbsent(error: unknown): null {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return null;
  throw error;
}

function keptRun({ record, hasReport }: Shelved, index: number): KeptRun {
  const { kind, run, name, note, status, tsStarted, digest, currency, equity, figures } = record;
  const known = Object.entries(figures).map(([figure, value]) => [figure, value ?? Number.NaN] as const);
  return {
    sequence: index + 1,
    kind,
    run,
    name,
    note,
    status,
    tsStarted,
    digest,
    hasReport,
    currency,
    equity,
    figures: Object.fromEntries(known),
  };
}

/**
 * Puts a run into its folder. The report comes before the record, so that whatever is listed has it; the record comes by a rename, so that nobody
 * reads half of one.
 *
 * @throws WorldError RUN_NOT_KEPT
 */
export function keepRun(folder: string, record: RunRecord, report: string | null): void {
  try {
    mkdirSync(folder, { recursive: true });
    if (report !== null) writeFileSync(path.join(folder, RUN_REPORT_FILE), report);
    else rmSync(path.join(folder, RUN_REPORT_FILE), { force: true });
    const file = path.join(folder, RUN_RECORD_FILE);
    writeFileSync(`${file}.new`, runRecordText(record));
    renameSync(`${file}.new`, file);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause;
    throw new WorldError('RUN_NOT_KEPT', `The run cannot be kept in ${folder} (${String(cause.code)}).`, { retryable: false, cause });
  }
}
