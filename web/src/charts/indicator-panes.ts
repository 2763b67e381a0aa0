import { type IChartApi, type ISeriesApi, LineSeries, LineStyle, type PriceFormat, type UTCTimestamp } from 'lightweight-charts';
import { tokenColor } from '../state/settings.ts';
import { type ChartBar, type IndicatorChoice, INDICATORS, IndicatorRun } from './indicator-lines.ts';

interface Shown {
  readonly choice: IndicatorChoice;
  readonly series: readonly ISeriesApi<'Line'>[];
  run: IndicatorRun;
  values: (readonly number[])[];
}

/** Lines are told apart by their strokes, so that color keeps its meanings. */
const STROKES = [LineStyle.Solid, LineStyle.Dashed, LineStyle.Dotted, LineStyle.LargeDashed] as const;

function point(bar: ChartBar, value: number) {
  const time = bar.time as UTCTimestamp;
  return Number.isFinite(value) ? { time, value } : { time };
}

/** The indicators that are drawn: over the candles, and beneath them in panes of their own. */
export class IndicatorPanes {
  private readonly chart: IChartApi;
  private readonly priceFormat: PriceFormat;
  private shown: Shown[] = [];

  constructor(chart: IChartApi, priceFormat: PriceFormat) {
    this.chart = chart;
    this.priceFormat = priceFormat;
  }

  choose(ids: readonly string[], bars: readonly ChartBar[]): void {
    for (const { series } of this.shown) for (const line of series) this.chart.removeSeries(line);
    let pane = 0;
    let overlays = 0;
    this.shown = INDICATORS.filter(({ id }) => ids.includes(id)).map((choice) => {
      if (!choice.isOverlay) pane += 1;
      const style = STROKES[choice.isOverlay ? overlays++ % STROKES.length : 0]!;
      const series = choice.lines.map((_, line) =>
        this.chart.addSeries(
          LineSeries,
          {
            lineWidth: 1,
            lineStyle: choice.isOverlay ? style : STROKES[line]!,
            priceLineVisible: false,
            lastValueVisible: !choice.isOverlay,
            crosshairMarkerVisible: false,
            ...(choice.isOverlay ? { priceFormat: this.priceFormat } : {}),
          },
          choice.isOverlay ? 0 : pane,
        ),
      );
      return { choice, series, run: new IndicatorRun(choice), values: [] };
    });
    this.chart.panes()[0]?.setStretchFactor(4);
    for (const lower of this.chart.panes().slice(1)) lower.setStretchFactor(1);
    this.paint();
    this.setBars(bars);
  }

  paint(): void {
    for (const { choice, series } of this.shown)
      for (const [line, each] of series.entries()) each.applyOptions({ color: tokenColor(choice.isOverlay || line > 0 ? 'muted' : 'ink') });
  }

  setBars(bars: readonly ChartBar[]): void {
    for (const shown of this.shown) {
      shown.run = new IndicatorRun(shown.choice);
      shown.values = [...shown.run.all(bars)];
      for (const [line, series] of shown.series.entries()) series.setData(bars.map((bar, at) => point(bar, shown.values[at]![line]!)));
    }
  }

  setLast(bar: ChartBar, isNew: boolean): void {
    for (const shown of this.shown) {
      const values = isNew ? shown.run.next(bar) : shown.run.again(bar);
      if (isNew) shown.values.push(values);
      else shown.values[shown.values.length - 1] = values;
      for (const [line, series] of shown.series.entries()) series.update(point(bar, values[line]!));
    }
  }

  /** `EMA 20 41 204.25`, of one bar. */
  texts(at: number): readonly string[] {
    return this.shown.flatMap(({ choice, values }) => {
      const row = values[at];
      if (row === undefined) return [];
      const numbers = row.map((value) => (Number.isFinite(value) ? this.text(choice, value) : '–'));
      return [`${choice.title}  ${numbers.join(' ')}`];
    });
  }

  private text(choice: IndicatorChoice, value: number): string {
    return choice.isOverlay && this.priceFormat.type === 'custom' ? this.priceFormat.formatter(value as never) : value.toFixed(2);
  }
}
