import { useMemo } from 'react';
import type { StrategyInfo } from '../../../../src/contract/api/strategies.ts';
import { clockText } from '../../numbers/time-text.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Pnl, Sparkline } from '../../parts/figures.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';
import { isOpen } from '../../state/derived.ts';
import { desk } from '../../state/desk.ts';
import { pnlByStrategy, pnlHistory } from '../../state/pnl-history.ts';
import { goTo } from '../../state/route.ts';
import { useTopic } from '../../state/topic.ts';

interface StrategyRow {
  readonly strategy: StrategyInfo;
  readonly pnl: string;
  readonly history: readonly number[];
  readonly working: number;
  readonly lastFillTs: number;
  readonly lastWord: string;
}

const STATUS_CLASSES = { RUNNING: 'well-text', STOPPED: 'muted', FAILED: 'danger-text' } as const;
const STATUS_DOTS = { RUNNING: 'ok', STOPPED: '', FAILED: 'down' } as const;

export function StrategyStatus({ strategy }: { readonly strategy: StrategyInfo }) {
  if (strategy.isManual) return <span className="muted">by hand</span>;
  return (
    <span className={STATUS_CLASSES[strategy.status]}>
      <span className={`dot ${STATUS_DOTS[strategy.status]}`} />
      {strategy.status.toLowerCase()}
    </span>
  );
}

const COLUMNS: readonly Column<StrategyRow>[] = [
  { id: 'name', title: 'Strategy', cell: (row) => row.strategy.strategy, by: (row) => row.strategy.strategy },
  { id: 'status', title: 'State', cell: (row) => <StrategyStatus strategy={row.strategy} />, by: (row) => row.strategy.status },
  { id: 'pnl', title: 'P&L', isNumber: true, cell: (row) => <Pnl value={row.pnl} />, by: (row) => Number(row.pnl) },
  { id: 'history', title: 'Since opened', isMinor: true, cell: (row) => <Sparkline values={row.history} /> },
  { id: 'working', title: 'Working', isNumber: true, cell: (row) => row.working, by: (row) => row.working },
  {
    id: 'last',
    title: 'Last fill',
    isNumber: true,
    isMinor: true,
    cell: (row) => (row.lastFillTs === 0 ? '–' : clockText(row.lastFillTs)),
    by: (row) => row.lastFillTs,
  },
  { id: 'word', title: 'Last decision', isMinor: true, isWide: true, cell: (row) => <span className="muted">{row.lastWord}</span> },
];

function keyOf(row: StrategyRow): string {
  return row.strategy.strategy;
}

function open(row: StrategyRow): void {
  goTo('strategies', row.strategy.strategy);
}

export function StrategyList({ chosen }: { readonly chosen: string }) {
  const strategies = useTopic(desk.strategies);
  const orders = useTopic(desk.orders);
  const fills = useTopic(desk.fills);
  const log = useTopic(desk.log);
  const positions = useTopic(desk.positions);
  const history = useTopic(pnlHistory);
  const pnl = useMemo(() => pnlByStrategy(positions), [positions]);
  const rows = useMemo(
    () =>
      strategies.map(
        (strategy): StrategyRow => ({
          strategy,
          pnl: pnl.get(strategy.strategy) ?? '0',
          history: history.get(strategy.strategy) ?? [],
          working: orders.filter((order) => order.strategy === strategy.strategy && isOpen(order)).length,
          lastFillTs: fills.find((fill) => fill.strategy === strategy.strategy)?.tsInit ?? 0,
          lastWord: log.find((line) => line.strategy === strategy.strategy)?.message ?? '',
        }),
      ),
    [strategies, orders, fills, log, pnl, history],
  );
  return (
    <Panel title="Strategies" note="P&L after commissions, what is held at the last price" className="strategy-list">
      <DataTable
        name="Strategies"
        rows={rows}
        keyOf={keyOf}
        columns={COLUMNS}
        onOpen={open}
        chosen={chosen}
        empty={<Empty title="No strategy is loaded." next="Strategies stand under strategies: of the run file." />}
      />
    </Panel>
  );
}
