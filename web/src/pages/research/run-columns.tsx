import type { RunInfo } from '../../../../src/contract/api/operations.ts';
import { PATHS } from '../../api/paths.ts';
import { doubleText, percentText } from '../../numbers/decimal-text.ts';
import { exactTimeText } from '../../numbers/time-text.ts';
import type { Column } from '../../parts/data-table.tsx';
import { gainClass, Sparkline } from '../../parts/figures.tsx';

const STATUS_CLASSES: Readonly<Record<string, string>> = { running: 'well-text', stopped: 'warning-text', failed: 'danger-text' };

function RunStatus({ status }: { readonly status: string }) {
  return <span className={STATUS_CLASSES[status] ?? ''}>{status}</span>;
}

function figure(run: RunInfo, name: string): number | null {
  return run.figures[name] ?? null;
}

function by(name: string): (run: RunInfo) => number {
  return (run) => figure(run, name) ?? Number.NEGATIVE_INFINITY;
}

/** `strategy.parameters.fast=5` as `fast=5`. */
export function shortNote(note: string): string {
  return note.replaceAll(/(^|, )[^,=]*\.(?=[^.=]*=)/g, '$1');
}

export function runKey(run: RunInfo): string {
  return run.run;
}

/** @param compared ids of the runs that stand side by side @param onCompare takes one in, or out */
export function runColumns(compared: readonly string[], isFull: boolean, onCompare: (run: string) => void): readonly Column<RunInfo>[] {
  return [
    {
      id: 'compare',
      title: <span className="visually-hidden">Compare</span>,
      cell: (run) => (
        <input
          type="checkbox"
          aria-label={`Compare ${run.name} ${run.run}`}
          checked={compared.includes(run.run)}
          disabled={isFull && !compared.includes(run.run)}
          onClick={(event) => event.stopPropagation()}
          onChange={() => onCompare(run.run)}
        />
      ),
    },
    {
      id: 'started',
      title: 'Started',
      isMinor: true,
      cell: (run) => exactTimeText(run.tsStarted).slice(0, 16),
      by: (run) => run.tsStarted,
    },
    { id: 'name', title: 'Run', cell: (run) => run.name, by: (run) => run.name },
    {
      id: 'note',
      title: 'Set',
      isMinor: true,
      isWide: true,
      cell: (run) => (
        <span className="muted" title={run.note}>
          {shortNote(run.note)}
        </span>
      ),
      by: (run) => run.note,
    },
    { id: 'kind', title: 'Kind', isMinor: true, cell: (run) => run.kind, by: (run) => run.kind },
    { id: 'status', title: 'Status', isMinor: true, cell: (run) => <RunStatus status={run.status} />, by: (run) => run.status },
    { id: 'equity', title: 'Equity', isMinor: true, cell: (run) => <Sparkline values={run.equity} /> },
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
    {
      id: 'win',
      title: 'Win rate',
      isNumber: true,
      isMinor: true,
      cell: (run) => percentText(figure(run, 'winRate'), 1),
      by: by('winRate'),
    },
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
      isRoomy: true,
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
}
