import { useEffect } from 'react';
import { watchMarket } from '../../api/live.ts';
import { Empty, Panel } from '../../parts/panel.tsx';
import { desk } from '../../state/desk.ts';
import { goTo, route } from '../../state/route.ts';
import { useTopic } from '../../state/topic.ts';
import { ChartPanel } from './chart-panel.tsx';
import { DepthPanel } from './depth-panel.tsx';
import { MarketOrdersPanel } from './market-orders-panel.tsx';
import { TapePanel } from './tape-panel.tsx';
import { WatchPanel } from './watch-panel.tsx';

export function MarketsPage() {
  const { subject } = useTopic(route);
  const instruments = useTopic(desk.instruments);
  const instrument = instruments.find((row) => row.instrument === subject) ?? instruments[0];
  const id = instrument?.instrument;
  useEffect(() => {
    if (id === undefined) return undefined;
    if (subject !== id) goTo('markets', id);
    return watchMarket(id);
  }, [id, subject]);
  if (instrument === undefined)
    return (
      <main className="page">
        <Panel title="Markets">
          <Empty title="No instrument is known yet." next="They come with the first answer of the server." />
        </Panel>
      </main>
    );
  return (
    <main className="page markets">
      <WatchPanel chosen={instrument.instrument} />
      <ChartPanel instrument={instrument} />
      <DepthPanel instrument={instrument} />
      <TapePanel instrument={instrument} />
      <MarketOrdersPanel instrument={instrument.instrument} />
    </main>
  );
}
