import { useMemo, useState } from 'react';
import { LimitDialog } from './limit-dialog.tsx';
import type { LimitInfo } from '../../../../src/contract/api/risk.ts';
import { decimalsOf, decimalText, doubleText, percentText } from '../../numbers/decimal-text.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { UsageBar } from '../../parts/figures.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';
import { limitKey, usageOf } from '../../state/derived.ts';
import { desk } from '../../state/desk.ts';
import { useTopic } from '../../state/topic.ts';

/** A decimal grouped, with a fraction of two digits at most; other texts as they are. */
export function limitText(value: string | null): string {
  if (value === null) return '–';
  if (!/^-?\d+(\.\d+)?$/.test(value)) return value;
  const point = value.indexOf('.');
  return point < 0 || value.length - point <= 5 ? decimalText(value) : decimalText(value, { decimals: 2 });
}

/** With the decimals of its limit, so that both stand in line. */
function usedText({ used, limit }: LimitInfo): string {
  return used === null ? '–' : decimalText(used, { decimals: Math.min(4, decimalsOf(limit)) });
}

const COLUMNS: readonly Column<LimitInfo>[] = [
  { id: 'name', title: 'Limit', cell: (row) => row.name, by: (row) => row.name },
  { id: 'scope', title: 'Scope', cell: (row) => row.scope, by: (row) => row.scope },
  { id: 'used', title: 'Used', isNumber: true, isMinor: true, cell: usedText, by: (row) => Number(row.used ?? 0) },
  { id: 'limit', title: 'Of', isNumber: true, isMinor: true, cell: (row) => limitText(row.limit), by: (row) => Number(row.limit) },
  { id: 'unit', title: 'Unit', isMinor: true, cell: (row) => <span className="muted">{row.unit}</span> },
  {
    id: 'bar',
    title: '',
    isWide: true,
    isMinor: true,
    cell: (row) => <UsageBar share={usageOf(row)} label={`${percentText(usageOf(row), 0)} used`} />,
  },
  {
    id: 'share',
    title: 'Share',
    unit: '%',
    isNumber: true,
    cell: (row) => doubleText((usageOf(row) ?? Number.NaN) * 100, 0),
    by: (row) => usageOf(row) ?? -1,
  },
];

function changeColumn(onChange: (limit: LimitInfo) => void): Column<LimitInfo> {
  return {
    id: 'change',
    title: '',
    cell: (row) => (
      <button type="button" aria-label={`Change ${row.name} of ${row.scope}`} onClick={() => onChange(row)}>
        Change…
      </button>
    ),
  };
}

export function LimitsPanel() {
  const limits = useTopic(desk.limits);
  const [changed, setChanged] = useState<LimitInfo | null>(null);
  const columns = useMemo(() => [...COLUMNS, changeColumn(setChanged)], []);
  return (
    <Panel title="Limits" note={`${limits.length} in force, judged on the worst case of everything in flight`} className="limits">
      <DataTable
        name="Limits"
        rows={limits}
        keyOf={limitKey}
        columns={columns}
        empty={<Empty title="No limit is in force." next="Limits stand under risk: of the run file." />}
      />
      {changed === null ? null : <LimitDialog limit={changed} onClose={() => setChanged(null)} />}
    </Panel>
  );
}
