import type { DenialInfo } from '../../../../src/contract/api/risk.ts';
import { momentText } from '../../numbers/time-text.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';
import { InstrumentName } from '../../parts/instrument-name.tsx';
import { desk } from '../../state/desk.ts';
import { serverNow } from '../../state/now.ts';
import { goTo } from '../../state/route.ts';
import { useTopic } from '../../state/topic.ts';
import { limitText } from './limits-panel.tsx';

const COLUMNS: readonly Column<DenialInfo>[] = [
  { id: 'time', title: 'Time', cell: (row) => momentText(row.tsInit, serverNow()), by: (row) => row.sequence },
  { id: 'order', title: 'Order', isMinor: true, cell: (row) => row.clientOrderId },
  { id: 'strategy', title: 'Strategy', isMinor: true, cell: (row) => row.strategy ?? '–', by: (row) => row.strategy ?? '' },
  {
    id: 'instrument',
    title: 'Instrument',
    isMinor: true,
    cell: (row) => <InstrumentName id={row.instrument} />,
    by: (row) => row.instrument,
  },
  {
    id: 'code',
    title: 'Rule',
    cell: (row) => <span className="code danger-text rule">{row.denial.code}</span>,
    by: (row) => row.denial.code,
  },
  { id: 'limit', title: 'Limit', isNumber: true, cell: (row) => limitText(row.denial.limit), by: (row) => Number(row.denial.limit) },
  {
    id: 'observed',
    title: 'Observed',
    isNumber: true,
    cell: (row) => limitText(row.denial.observed),
    by: (row) => Number(row.denial.observed),
  },
  { id: 'unit', title: 'Unit', isMinor: true, cell: (row) => <span className="muted">{row.denial.unit}</span> },
  {
    id: 'reason',
    title: 'Reason',
    isWide: true,
    isMinor: true,
    cell: (row) => (
      <span className="muted" title={row.denial.reason}>
        {row.denial.reason}
      </span>
    ),
  },
];

function keyOf(row: DenialInfo): string {
  return String(row.sequence);
}

function open(row: DenialInfo): void {
  goTo('orders', row.clientOrderId);
}

/** What our risk refused, and why, the newest first. */
export function DenialsPanel() {
  const denials = useTopic(desk.denials);
  return (
    <Panel title="Denials" note={`${denials.length} in sight; nothing of these left the house`} className="denials">
      <DataTable
        name="Denials"
        rows={denials}
        keyOf={keyOf}
        columns={COLUMNS}
        onOpen={open}
        empty={<Empty title="Nothing was denied." next="Orders beyond a limit are listed here with the limit and what was observed." />}
      />
    </Panel>
  );
}
