import { useEffect, useMemo, useRef, useState } from 'react';
import type { Candles, InstrumentInfo } from '../../../../src/contract/api/market.ts';
import { PATHS } from '../../api/paths.ts';
import { CandleChart } from '../../charts/candle-chart.ts';
import type { ChartBar } from '../../charts/indicator-lines.ts';
import { Dialog } from '../../parts/overlay.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';
import { Segmented } from '../../parts/segmented.tsx';
import { isOpen } from '../../state/derived.ts';
import { desk } from '../../state/desk.ts';
import { changeSettings, settings, themeVersion } from '../../state/settings.ts';
import { useQuery } from '../../state/page-query.ts';
import { useTopic } from '../../state/topic.ts';
import { ModifyForm } from '../orders/modify-form.tsx';
import { BarReadout } from './bar-readout.tsx';
import { CandleStore, INTERVAL_SECONDS, INTERVALS, type IntervalName, spacingSeconds } from './candle-store.ts';
import { fillMarks, orderLines, snappedPrice } from './chart-marks.ts';
import { IndicatorMenu } from './indicator-menu.tsx';

const INTERVAL_OPTIONS = INTERVALS.map((name) => [name, name] as const);

/** Candles that show how far apart the data are. */
const SPACING_BARS = 200;

interface Reading {
  readonly bar: ChartBar | undefined;
  readonly indicators: readonly string[];
}

/** Candles of one instrument, with what we have there: working orders and fills. */
export function ChartPanel({ instrument }: { readonly instrument: InstrumentInfo }) {
  const { interval: chosen, indicators } = useTopic(settings);
  const finest = useQuery<Candles>(`${PATHS.candles(instrument.instrument)}?interval=1m&limit=${SPACING_BARS}`).value;
  const spacing = finest?.instrument === instrument.instrument ? spacingSeconds(finest.candles) : 0;
  const whyNot = (name: IntervalName) => (INTERVAL_SECONDS[name] < spacing ? 'The data are bars of a longer interval.' : undefined);
  const wanted = INTERVALS.find((name) => name === chosen) ?? '1m';
  const interval = whyNot(wanted) === undefined ? wanted : (INTERVALS.find((name) => whyNot(name) === undefined) ?? '1d');
  const theme = useTopic(themeVersion);
  const orders = useTopic(desk.orders);
  const fills = useTopic(desk.fills);
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<CandleChart | null>(null);
  const [reading, setReading] = useState<Reading>({ bar: undefined, indicators: [] });
  const [state, setState] = useState<'fetching' | 'there' | 'none' | 'failed'>('fetching');
  const [dragged, setDragged] = useState<{ readonly id: string; readonly price: string } | null>(null);
  const own = useMemo(() => orders.filter((order) => order.instrument === instrument.instrument && isOpen(order)), [orders, instrument]);
  const filled = useMemo(() => fills.filter((fill) => fill.instrument === instrument.instrument), [fills, instrument]);

  useEffect(() => {
    const store = new CandleStore(instrument.instrument, interval);
    const made = new CandleChart(element.current!, instrument.priceDecimals, {
      onRead: (bar, texts) => setReading({ bar, indicators: texts }),
      onOlderWanted: () => void store.fetchOlder(),
      onDragged: (id, price) => setDragged({ id, price: snappedPrice(price, instrument) }),
    });
    chart.current = made;
    setState('fetching');
    made.setIndicators(settings.get().indicators);
    const stop = store.follow({
      onBars: (bars, isOther) => {
        setState(bars.length === 0 ? 'none' : 'there');
        made.setBars(bars, isOther);
      },
      onLast: (bar) => made.setLast(bar),
      onFailed: () => setState('failed'),
    });
    return () => {
      stop();
      made.remove();
      chart.current = null;
    };
  }, [instrument, interval]);
  useEffect(() => chart.current?.setIndicators(indicators), [indicators]);
  useEffect(() => {
    if (theme >= 0) chart.current?.paint();
  }, [theme]);
  useEffect(() => {
    if (state === 'there') chart.current?.setOrders(orderLines(own));
  }, [own, state]);
  useEffect(() => {
    if (state === 'there') chart.current?.setFills(fillMarks(filled, interval));
  }, [filled, interval, state]);

  const held = dragged === null ? undefined : own.find((order) => order.clientOrderId === dragged.id);
  return (
    <Panel
      title={instrument.symbol}
      note={instrument.venue}
      className="candles flush"
      controls={
        <>
          <IndicatorMenu chosen={indicators} onChange={(next) => changeSettings({ indicators: next })} />
          <Segmented
            label="Interval"
            options={INTERVAL_OPTIONS}
            value={interval}
            whyNot={whyNot}
            onChange={(next: IntervalName) => changeSettings({ interval: next })}
          />
        </>
      }
    >
      <BarReadout instrument={instrument} bar={reading.bar} indicators={reading.indicators} />
      <div ref={element} className="chart" role="img" aria-label={`Candles of ${instrument.instrument}`} />
      {state === 'none' ? <Empty title="No bar yet." next="The first one comes with the first trades." /> : null}
      {state === 'failed' ? (
        <Empty title="The bars could not be fetched." next="Choose another interval, or wait for the connection." />
      ) : null}
      {dragged === null || held === undefined ? null : (
        <Dialog title={`Move ${dragged.id}`} onClose={() => setDragged(null)}>
          <div className="dialog-body">
            <ModifyForm order={held} limitPrice={dragged.price} onClose={() => setDragged(null)} />
          </div>
        </Dialog>
      )}
    </Panel>
  );
}
