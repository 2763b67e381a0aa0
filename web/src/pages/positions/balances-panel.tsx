import type { Balance } from '../../../../src/contract/api/portfolio.ts';
import { decimalText } from '../../numbers/decimal-text.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';
import { desk } from '../../state/desk.ts';
import { useTopic } from '../../state/topic.ts';

const MONEY_DECIMALS = 2;

/** As many decimals as quantities of the currency are traded in. */
function amount(value: string | null, currency: string): string {
  const traded = desk.instruments.get().find(({ base }) => base === currency);
  return value === null ? '–' : decimalText(value, { decimals: traded?.quantityDecimals ?? MONEY_DECIMALS });
}

const COLUMNS: readonly Column<Balance>[] = [
  { id: 'venue', title: 'Account', cell: (row) => row.venue, by: (row) => row.venue },
  { id: 'currency', title: 'Currency', cell: (row) => row.currency, by: (row) => row.currency },
  { id: 'total', title: 'Total', isNumber: true, cell: (row) => amount(row.total, row.currency), by: (row) => Number(row.total) },
  { id: 'locked', title: 'Locked', isNumber: true, isMinor: true, cell: (row) => amount(row.locked, row.currency) },
  { id: 'free', title: 'Free', isNumber: true, isMinor: true, cell: (row) => amount(row.free, row.currency) },
  { id: 'rest', title: '', isWide: true, isMinor: true, cell: () => null },
];

function keyOf(row: Balance): string {
  return `${row.venue} ${row.currency}`;
}

export function BalancesPanel() {
  const balances = useTopic(desk.balances);
  return (
    <Panel title="Balances" className="balances">
      <DataTable name="Balances" rows={balances} keyOf={keyOf} columns={COLUMNS} empty={<Empty title="No balance is known yet." />} />
    </Panel>
  );
}
