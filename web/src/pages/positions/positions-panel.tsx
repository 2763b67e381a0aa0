import { useMemo, useState } from 'react';
import type { Position } from '../../../../src/contract/api/portfolio.ts';
import { decimalText, percentText } from '../../numbers/decimal-text.ts';
import { instrumentPrice, instrumentQuantity } from '../../numbers/instrument-prices.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Pnl } from '../../parts/figures.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';
import { Segmented } from '../../parts/segmented.tsx';
import { InstrumentName } from '../../parts/instrument-name.tsx';
import { isHeld, positionKey, totalsOf } from '../../state/derived.ts';
import { desk } from '../../state/desk.ts';
import { goTo } from '../../state/route.ts';
import { useTopic } from '../../state/topic.ts';
import { FlattenDialog } from './flatten-dialog.tsx';

function columnsFor(equity: number, onFlatten: (position: Position) => void): readonly Column<Position>[] {
  const share = (row: Position) => (row.value === null || !(equity > 0) ? null : Number(row.value) / equity);
  return [
    { id: 'instrument', title: 'Instrument', cell: (row) => <InstrumentName id={row.instrument} />, by: (row) => row.instrument },
    { id: 'strategy', title: 'Strategy', isMinor: true, cell: (row) => row.strategy ?? '–', by: (row) => row.strategy ?? '' },
    {
      id: 'quantity',
      title: 'Quantity',
      isNumber: true,
      cell: (row) => instrumentQuantity(row.instrument, row.quantity, true),
      by: (row) => Number(row.quantity),
    },
    { id: 'average', title: 'Average', isNumber: true, isMinor: true, cell: (row) => instrumentPrice(row.instrument, row.avgPx) },
    { id: 'mark', title: 'Mark', isNumber: true, isMinor: true, cell: (row) => instrumentPrice(row.instrument, row.markPx) },
    {
      id: 'value',
      title: 'Value',
      isNumber: true,
      isMinor: true,
      cell: (row) => (row.value === null ? '–' : decimalText(row.value, { decimals: 2, signed: true })),
      by: (row) => Number(row.value),
    },
    {
      id: 'share',
      title: 'Of equity',
      isNumber: true,
      isMinor: true,
      cell: (row) => percentText(share(row), 1, true),
      by: (row) => share(row) ?? 0,
    },
    {
      id: 'unrealized',
      title: 'Unrealized',
      isNumber: true,
      cell: (row) => <Pnl value={row.unrealizedPnl} />,
      by: (row) => Number(row.unrealizedPnl),
    },
    {
      id: 'realized',
      title: 'Realized',
      isNumber: true,
      isMinor: true,
      cell: (row) => <Pnl value={row.realizedPnl} />,
      by: (row) => Number(row.realizedPnl),
    },
    {
      id: 'commission',
      title: 'Commission',
      isNumber: true,
      isMinor: true,
      cell: (row) => decimalText(row.commission, { decimals: 2 }),
      by: (row) => Number(row.commission),
    },
    { id: 'currency', title: 'Currency', isMinor: true, isWide: true, cell: (row) => <span className="muted">{row.currency}</span> },
    {
      id: 'flatten',
      title: <span className="visually-hidden">Flatten</span>,
      isAct: true,
      cell: (row) =>
        isHeld(row) && row.strategy !== null ? (
          <button
            type="button"
            aria-label={`Flatten ${row.instrument} of ${row.strategy}`}
            onClick={(event) => {
              event.stopPropagation();
              onFlatten(row);
            }}
          >
            Flatten…
          </button>
        ) : null,
    },
  ];
}

function open(position: Position): void {
  goTo('markets', position.instrument);
}

export function PositionsPanel() {
  const positions = useTopic(desk.positions);
  const equity = Number(totalsOf(useTopic(desk.portfolio)?.accounts ?? []).equity);
  const [view, setView] = useState<'held' | 'all'>('held');
  const [asked, setAsked] = useState<Position | null>(null);
  const columns = useMemo(() => columnsFor(equity, setAsked), [equity]);
  const shown = useMemo(() => positions.filter((row) => view === 'all' || isHeld(row)), [positions, view]);
  return (
    <Panel
      title="Positions"
      note={`${positions.filter(isHeld).length} held`}
      className="position-list"
      controls={
        <Segmented
          label="Positions shown"
          options={[
            ['held', 'Held'],
            ['all', 'With flat ones'],
          ]}
          value={view}
          onChange={setView}
        />
      }
    >
      <DataTable
        name="Positions"
        rows={shown}
        keyOf={positionKey}
        columns={columns}
        onOpen={open}
        empty={<Empty title="Nothing is held." next="Positions appear here with the first fill." />}
      />
      {asked === null ? null : <FlattenDialog position={asked} onClose={() => setAsked(null)} />}
    </Panel>
  );
}
