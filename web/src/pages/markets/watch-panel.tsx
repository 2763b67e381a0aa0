import { percentText } from '../../numbers/decimal-text.ts';
import { instrumentPrice } from '../../numbers/instrument-prices.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Flashing, gainClass } from '../../parts/figures.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';
import { desk, type MarketRow } from '../../state/desk.ts';
import { serverNow } from '../../state/now.ts';
import { goTo } from '../../state/route.ts';
import { useTopic } from '../../state/topic.ts';

/** A price older than this is greyed out. */
const OLD_US = 30e6;

function changeOf({ price, dayOpen }: MarketRow): number | null {
  return price === null || dayOpen === null || !(Number(dayOpen) > 0) ? null : Number(price) / Number(dayOpen) - 1;
}

const COLUMNS: readonly Column<MarketRow>[] = [
  { id: 'instrument', title: 'Instrument', cell: (row) => row.instrument.replace(/\.[^.]+$/, ''), by: (row) => row.instrument },
  {
    id: 'last',
    title: 'Last',
    isNumber: true,
    cell: (row) => <Flashing text={instrumentPrice(row.instrument, row.price)} />,
    by: (row) => Number(row.price),
  },
  {
    id: 'change',
    title: 'Day',
    isNumber: true,
    cell: (row) => <span className={gainClass(changeOf(row) ?? 0)}>{percentText(changeOf(row), 2, true)}</span>,
    by: (row) => changeOf(row) ?? 0,
  },
];

function keyOf(row: MarketRow): string {
  return row.instrument;
}

function open(row: MarketRow): void {
  goTo('markets', row.instrument);
}

function classOf(row: MarketRow): string {
  return row.ts > 0 && serverNow() - row.ts > OLD_US ? 'is-old' : '';
}

export function WatchPanel({ chosen }: { readonly chosen: string }) {
  const markets = useTopic(desk.markets);
  return (
    <Panel title="Instruments" note={`${markets.length}`} className="watch">
      <DataTable
        name="Instruments"
        rows={markets}
        keyOf={keyOf}
        columns={COLUMNS}
        onOpen={open}
        chosen={chosen}
        classOf={classOf}
        empty={<Empty title="No instrument." />}
      />
    </Panel>
  );
}
