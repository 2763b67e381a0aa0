import type { Static } from '@sinclair/typebox';
import type { RunInfo, RunPage } from '../../../../src/contract/api/operations.ts';
import { PATHS } from '../../api/paths.ts';
import { doubleText, percentText } from '../../numbers/decimal-text.ts';
import { exactTimeText } from '../../numbers/time-text.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { gainClass } from '../../parts/figures.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';
import { useQuery } from '../../state/page-query.ts';
import { goTo, route } from '../../state/route.ts';
import { useTopic } from '../../state/topic.ts';
import { RunDrawer } from './run-drawer.tsx';

function figure(run: RunInfo, name: string): number | null {
  return run.figures[name] ?? null;
}

function by(name: string): (run: RunInfo) => number {
  return (run) => figure(run, name) ?? Number.NEGATIVE_INFINITY;
}

const COLUMNS: readonly Column<RunInfo>[] = [
  { id: 'started', title: 'Started', isMinor: true, cell: (run) => exactTimeText(run.tsStarted).slice(0, 16), by: (run) => run.tsStarted },
  { id: 'name', title: 'Run', cell: (run) => run.name, by: (run) => run.name },
  { id: 'status', title: 'Status', isMinor: true, cell: (run) => run.status, by: (run) => run.status },
  {
    id: 'return',
    title: 'Return',
    isNumber: true,
    cell: (run) => <span className={gainClass(figure(run, 'totalReturn') ?? 0)}>{percentText(figure(run, 'totalReturn'), 2, true)}</span>,
    by: by('totalReturn'),
  },
  { id: 'sharpe', title: 'Sharpe', isNumber: true, cell: (run) => doubleText(figure(run, 'sharpeRatio'), 2), by: by('sharpeRatio') },
  {
    id: 'drawdown',
    title: 'Drawdown',
    isNumber: true,
    isMinor: true,
    cell: (run) => percentText(figure(run, 'maxDrawdown'), 2),
    by: by('maxDrawdown'),
  },
  { id: 'win', title: 'Win rate', isNumber: true, isMinor: true, cell: (run) => percentText(figure(run, 'winRate'), 1), by: by('winRate') },
  {
    id: 'factor',
    title: 'Profit factor',
    isNumber: true,
    isMinor: true,
    cell: (run) => doubleText(figure(run, 'profitFactor'), 2),
    by: by('profitFactor'),
  },
  {
    id: 'trades',
    title: 'Trades',
    isNumber: true,
    isMinor: true,
    cell: (run) => doubleText(figure(run, 'tradeCount'), 0),
    by: by('tradeCount'),
  },
  {
    id: 'digest',
    title: 'Digest',
    isWide: true,
    isMinor: true,
    cell: (run) => <span className="code muted">{run.digest.slice(0, 12)}</span>,
  },
  {
    id: 'report',
    title: <span className="visually-hidden">Report</span>,
    isAct: true,
    cell: (run) =>
      run.hasReport ? (
        <a href={PATHS.runReport(run.run)} target="_blank" rel="noreferrer" onClick={(event) => event.stopPropagation()}>
          Report
        </a>
      ) : null,
  },
];

function keyOf(run: RunInfo): string {
  return run.run;
}

function open(run: RunInfo): void {
  goTo('research', run.run);
}

/** Runs that were made on this machine, and their reports. */
export function ResearchPage() {
  const { subject } = useTopic(route);
  const { value, refusal } = useQuery<Static<typeof RunPage>>(`${PATHS.runs}?limit=500`);
  const runs = value?.items ?? [];
  const chosen = runs.find((run) => run.run === subject);
  return (
    <main className="page research">
      <Panel title="Runs" note={`${runs.length} kept`} className="runs">
        {refusal === null ? null : <p className="refusal">{refusal.message}</p>}
        <DataTable
          name="Runs"
          rows={runs}
          keyOf={keyOf}
          columns={COLUMNS}
          onOpen={open}
          chosen={subject}
          empty={
            value === null && refusal === null ? (
              <Empty title="Fetching the runs…" />
            ) : (
              <Empty title="No run is kept yet." next="quanthybrid backtest RUN.yaml makes one, with a report." />
            )
          }
        />
      </Panel>
      {chosen === undefined ? null : <RunDrawer run={chosen} onClose={() => goTo('research')} />}
    </main>
  );
}
