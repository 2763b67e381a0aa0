import path from 'node:path';
import { renderReport } from '../../adapters/report/html-report.ts';
import { RUN_NOTE_CHARACTERS_MAX, RUN_RECORD_VERSION, thinCurve, writtenFigures } from '../../adapters/runs/run-record.ts';
import { keepRun } from '../../adapters/runs/run-shelf.ts';
import { WorldError } from '../../ports/errors.ts';
import type { FinishedRun } from '../backtest/run-backtest.ts';
import { RUNS_FOLDER } from '../runs-folder.ts';

/** The same run has the same folder: kept again, it takes its own place. */
export function keptFolder(runId: string): string {
  return path.resolve(RUNS_FOLDER, runId);
}

/** Keeps a run and its report for the dashboard. @returns what keeps it from being kept, or null: the caller has a result to show first */
export function keepBacktest({ result, report }: FinishedRun, startedTs: number): WorldError | null {
  const { runId, name, status, digest, statistics, equity } = result;
  const record = {
    version: RUN_RECORD_VERSION,
    kind: 'backtest',
    run: runId,
    name,
    note: report.overrides.join(', ').slice(0, RUN_NOTE_CHARACTERS_MAX),
    status,
    tsStarted: startedTs,
    digest,
    currency: equity.currency,
    equity: thinCurve(equity.value),
    figures: writtenFigures(statistics),
  } as const;
  try {
    keepRun(keptFolder(runId), record, renderReport(report));
    return null;
  } catch (error) {
    if (error instanceof WorldError) return error;
    throw error;
  }
}
