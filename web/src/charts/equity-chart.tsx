import { AreaSeries, createChart, type IChartApi, type ISeriesApi, LineSeries, type UTCTimestamp } from 'lightweight-charts';
import { useEffect, useRef } from 'react';
import type { EquityPoint } from '../state/desk.ts';
import { themeVersion, tokenColor } from '../state/settings.ts';
import { useTopic } from '../state/topic.ts';
import { chartOptions, faded, priceText } from './chart-colors.ts';
import { drawdownsOf, onePerSecond } from './equity-points.ts';

interface EquityParts {
  readonly chart: IChartApi;
  readonly equity: ISeriesApi<'Line'>;
  readonly drawdown: ISeriesApi<'Area'>;
}

function make(element: HTMLElement): EquityParts {
  const chart = createChart(element, { ...chartOptions(), autoSize: true });
  const equity = chart.addSeries(LineSeries, {
    lineWidth: 2,
    priceLineVisible: false,
    priceFormat: { type: 'custom', formatter: priceText(0), minMove: 1 },
  });
  const drawdown = chart.addSeries(
    AreaSeries,
    {
      lineWidth: 1,
      invertFilledArea: true,
      priceLineVisible: false,
      priceFormat: { type: 'custom', formatter: (share: number) => `${priceText(2)(share)} %`, minMove: 0.01 },
    },
    1,
  );
  chart.panes()[0]?.setStretchFactor(3);
  chart.panes()[1]?.setStretchFactor(1);
  return { chart, equity, drawdown };
}

function paint({ chart, equity, drawdown }: EquityParts): void {
  chart.applyOptions(chartOptions());
  equity.applyOptions({ color: tokenColor('ink') });
  const loss = tokenColor('loss');
  drawdown.applyOptions({ lineColor: loss, topColor: faded(loss, 0.05), bottomColor: faded(loss, 0.25) });
}

/** Equity with its drawdown, in percent of the highest before, beneath. */
export function EquityChart({ points }: { readonly points: readonly EquityPoint[] }) {
  const element = useRef<HTMLDivElement>(null);
  const parts = useRef<EquityParts | null>(null);
  const theme = useTopic(themeVersion);
  const firstTs = points[0]?.ts ?? 0;
  const fitted = useRef(-1);
  useEffect(() => {
    parts.current = make(element.current!);
    return () => {
      parts.current?.chart.remove();
      parts.current = null;
      fitted.current = -1;
    };
  }, []);
  useEffect(() => {
    if (parts.current !== null && theme >= 0) paint(parts.current);
  }, [theme]);
  useEffect(() => {
    const { current } = parts;
    if (current === null) return;
    const seconds = onePerSecond(points);
    current.equity.setData(seconds.map(({ time, value }) => ({ time: time as UTCTimestamp, value })));
    current.drawdown.setData(drawdownsOf(seconds).map(({ time, value }) => ({ time: time as UTCTimestamp, value: value * 100 })));
    if (fitted.current === firstTs) return;
    fitted.current = firstTs;
    current.chart.timeScale().fitContent();
  }, [points, firstTs]);
  return <div ref={element} className="chart" role="img" aria-label="Equity over time, with drawdown beneath" />;
}
