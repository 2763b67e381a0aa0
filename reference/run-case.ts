import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { R1_CASES } from './r1/cases.ts';
import { R2_CASES } from './r2/cases.ts';
import { R3_CASES } from './r3/cases.ts';
import { R4_CASES } from './r4/cases.ts';
import { agrees, type Comparison, type ReferenceCase, type ReferenceRun } from './reference-case.ts';
import { SHARED_DATA_DEFAULT, sharedDataFolder } from './shared-data.ts';
import { resolveRun } from '../src/app/backtest/resolve-run.ts';
import { runBacktest } from '../src/app/backtest/run-backtest.ts';
import { loadStrategyFile } from '../src/app/strategies/load-strategy-file.ts';
import { readRunFile } from '../src/app/run-file/read-run-file.ts';
import type { RunResult } from '../src/contract/run-result.ts';

export const CASES: readonly ReferenceCase[] = [...R1_CASES, ...R2_CASES, ...R3_CASES, ...R4_CASES];

export interface RowOutcome {
  readonly what: string;
  readonly expected: string;
  readonly obtained: string;
  readonly comparison: Comparison;
  readonly agrees: boolean;
  readonly note?: string;
}

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** True when a case reads data that is not part of this repository and that is not there. */
export function lacksData(referenceCase: ReferenceCase): boolean {
  if (existsSync(sharedDataFolder())) return false;
  return referenceCase.runs.some((run) => sharedPaths(run).length > 0);
}

/** Plays the runs of a case as `quanthybrid backtest` does and compares every row. */
export async function runCase(referenceCase: ReferenceCase): Promise<readonly RowOutcome[]> {
  const results: RunResult[] = [];
  for (const run of referenceCase.runs) results.push(await play(run));
  return referenceCase.rows.map((row) => {
    const { what, expected, comparison, note } = row;
    const obtained = row.obtain(...results);
    return { what, expected, obtained, comparison, agrees: agrees(row, obtained), ...(note === undefined ? {} : { note }) };
  });
}

async function play(run: ReferenceRun): Promise<RunResult> {
  const elsewhere = sharedDataFolder();
  const moved =
    elsewhere === SHARED_DATA_DEFAULT
      ? []
      : sharedPaths(run).map(({ key, below }) => `${key}=${JSON.stringify(path.join(elsewhere, below))}`);
  const loaded = readRunFile(path.join(FOLDER, run.file), [...(run.set ?? []), ...moved]);
  const { result } = await runBacktest(await resolveRun(loaded, loadStrategyFile));
  return result;
}

/** The keys of a run file that name recorded data, and what they name below its folder. */
function sharedPaths(run: ReferenceRun): readonly { readonly key: string; readonly below: string }[] {
  const loaded = readRunFile(path.join(FOLDER, run.file));
  return loaded.run.data.flatMap((data, index) => {
    const csv = typeof data.csv === 'object' ? data.csv.file : data.csv;
    const named = data.lean === undefined ? csv : data.lean.root;
    if (typeof named !== 'string') return [];
    const below = path.relative(SHARED_DATA_DEFAULT, loaded.path(named));
    if (below.startsWith('..')) return [];
    return [{ key: `data.${index}.${data.lean === undefined ? 'csv.file' : 'lean.root'}`, below }];
  });
}
