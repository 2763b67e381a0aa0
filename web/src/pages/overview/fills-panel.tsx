import type { FillInfo } from '../../../../src/contract/api/orders.ts';
import { instrumentPrice, instrumentQuantity } from '../../numbers/instrument-prices.ts';
import { momentText } from '../../numbers/time-text.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { SideWord } from '../../parts/figures.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';
import { InstrumentName } from '../../parts/instrument-name.tsx';
import { desk } from '../../state/desk.ts';
import { serverNow } from '../../state/now.ts';
import { goTo } from '../../state/route.ts';
import { useTopic } from '../../state/topic.ts';

const SHOWN_MAX = 100;

export const FILL_COLUMNS: readonly Column<FillInfo>[] = [
  { id: 'time', title: 'Time', cell: (fill) => momentText(fill.tsInit, serverNow()) },
  { id: 'instrument', title: 'Instrument', cell: (fill) => <InstrumentName id={fill.instrument} /> },
  { id: 'side', title: 'Side', cell: (fill) => <SideWord side={fill.side} /> },
  { id: 'quantity', title: 'Quantity', isNumber: true, cell: (fill) => instrumentQuantity(fill.instrument, fill.lastQty) },
  { id: 'price', title: 'Price', isNumber: true, cell: (fill) => instrumentPrice(fill.instrument, fill.lastPx) },
  { id: 'strategy', title: 'Strategy', isMinor: true, cell: (fill) => fill.strategy ?? '–' },
];

function keyOf(fill: FillInfo): string {
  return String(fill.sequence);
}

function open(fill: FillInfo): void {
  goTo('orders', fill.clientOrderId);
}

export function FillsPanel() {
  const fills = useTopic(desk.fills);
  return (
    <Panel title="Last fills" className="fills">
      <DataTable
        name="Last fills"
        rows={fills.slice(0, SHOWN_MAX)}
        keyOf={keyOf}
        columns={FILL_COLUMNS}
        onOpen={open}
        empty={<Empty title="Nothing has been filled yet." next="Strategies trade when their signals come; b or s opens a ticket." />}
      />
    </Panel>
  );
}
