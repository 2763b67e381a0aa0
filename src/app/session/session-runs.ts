import path from 'node:path';
import { RUN_RECORD_VERSION, type RunRecord, thinCurve, writtenFigures } from '../../adapters/runs/run-record.ts';
import { keepRun, RunShelf } from '../../adapters/runs/run-shelf.ts';
import type { RunLibrary } from '../../ports/run-library.ts';
import type { SessionMirror } from '../../runtime/session/session-mirror.ts';
import type { SessionPlan } from '../../runtime/session/session-plan.ts';
import { RUNS_FOLDER } from '../runs-folder.ts';

/** The runs that a session shows: backtests that were kept in the working folder, sessions beside it that have ended, and itself. */
export interface SessionRuns {
  readonly library: RunLibrary;
  /** Writes down what the session came to, for those after it. The end of a session does not hang on it: `report` is told what kept it from that. */
  keep(report: (error: unknown) => void): void;
}

export function sessionRuns(plan: SessionPlan, mirror: SessionMirror, folder: string): SessionRuns {
  const here = path.resolve(folder);
  const record = (): RunRecord => recordOf(plan, mirror, here);
  return {
    library: new RunShelf([path.resolve(RUNS_FOLDER), path.dirname(here)], record),
    keep: (report) => {
      try {
        keepRun(here, record(), null);
      } catch (error) {
        report(error);
      }
    },
  };
}

const STATUS = { RECOVERING: 'running', WARMING_UP: 'running', RUNNING: 'running', STOPPED: 'ended', FAILED: 'failed' } as const;

/** By its first account: what others hold may be in another currency. */
function recordOf(plan: SessionPlan, mirror: SessionMirror, folder: string): RunRecord {
  const account = mirror.accounts()[0]!;
  return {
    version: RUN_RECORD_VERSION,
    kind: 'session',
    run: path.basename(folder).replaceAll(/[^A-Za-z0-9._-]/g, '_'),
    name: plan.name,
    note: '',
    status: STATUS[mirror.phase],
    tsStarted: plan.tradingFromTs,
    digest: '',
    currency: account.baseCurrency.code,
    equity: thinCurve(mirror.equityCurve(0).value),
    figures: writtenFigures(mirror.metrics(0).values),
  };
}
