import { ageText } from '../../numbers/time-text.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';
import { desk, type MarketRow } from '../../state/desk.ts';
import { now } from '../../state/now.ts';
import { useTopic } from '../../state/topic.ts';

const OLD_US = 10e6;

interface FeedRow {
  readonly market: MarketRow;
  readonly ageUs: number | null;
}

const COLUMNS: readonly Column<FeedRow>[] = [
  { id: 'instrument', title: 'Instrument', isWide: true, cell: (row) => row.market.instrument, by: (row) => row.market.instrument },
  {
    id: 'age',
    title: 'Newest data',
    isNumber: true,
    cell: (row) =>
      row.ageUs === null ? (
        <span className="muted">none yet</span>
      ) : (
        <span className={row.ageUs > OLD_US ? 'warning-text' : ''}>{ageText(row.ageUs)} ago</span>
      ),
    by: (row) => row.ageUs ?? Number.POSITIVE_INFINITY,
  },
];

function keyOf(row: FeedRow): string {
  return row.market.instrument;
}

export function FeedsPanel() {
  const markets = useTopic(desk.markets);
  const time = useTopic(now);
  const rows = markets.map((market): FeedRow => ({ market, ageUs: market.ts === 0 ? null : time - market.ts }));
  return (
    <Panel title="Market data" className="feeds">
      <DataTable name="Market data" rows={rows} keyOf={keyOf} columns={COLUMNS} empty={<Empty title="No instrument." />} />
    </Panel>
  );
}
