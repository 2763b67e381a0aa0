import {
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  type IChartApi,
  type IPriceLine,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  LineStyle,
  type MouseEventParams,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts';
import { tokenColor } from '../state/settings.ts';
import { chartOptions, faded, priceText } from './chart-colors.ts';
import type { ChartBar } from './indicator-lines.ts';
import { IndicatorPanes } from './indicator-panes.ts';

export interface OrderLine {
  readonly id: string;
  readonly side: 'BUY' | 'SELL';
  readonly price: number;
  readonly text: string;
}

export interface FillMark {
  readonly time: number;
  readonly side: 'BUY' | 'SELL';
  /** 0 to 1: of the largest. */
  readonly size: number;
  /** For the readout of its bar. */
  readonly text: string;
}

export interface CandleChartListener {
  /** The bar under the crosshair, the newest where there is none; what the indicators are there, and own fills. */
  onRead(bar: ChartBar | undefined, texts: readonly string[]): void;
  /** The left end is near: older bars are wanted. */
  onOlderWanted(): void;
  onDragged(order: string, price: number): void;
}

/** Pixels within which a press takes hold of an order's line. */
const GRIP_PX = 6;
const BARS_FROM_LEFT = 20;
/** Of the arrows at fills, where 1 is the chart's own size. */
const MARK_SIZE_MIN = 0.5;
const MARK_SIZE_SPAN = 1;
/** Share of the pane's height that volume may take. */
const VOLUME_TOP = 0.84;

/** Candles with volume, indicators, own orders as lines and fills as arrows. Knows nothing of React. */
export class CandleChart {
  private readonly chart: IChartApi;
  private readonly candles: ISeriesApi<'Candlestick'>;
  private readonly volume: ISeriesApi<'Histogram'>;
  private readonly marks: ISeriesMarkersPluginApi<Time>;
  private readonly panes: IndicatorPanes;
  private readonly lines = new Map<string, { readonly line: IPriceLine; readonly order: OrderLine }>();
  private readonly element: HTMLElement;
  private readonly listener: CandleChartListener;
  private bars: readonly ChartBar[] = [];
  private fills: readonly FillMark[] = [];
  private dragged: string | null = null;

  constructor(element: HTMLElement, decimals: number, listener: CandleChartListener) {
    this.element = element;
    this.listener = listener;
    this.chart = createChart(element, { ...chartOptions(), autoSize: true });
    const priceFormat = { type: 'custom', formatter: priceText(decimals), minMove: 10 ** -decimals } as const;
    this.volume = this.chart.addSeries(HistogramSeries, { priceScaleId: '', priceLineVisible: false, lastValueVisible: false });
    this.volume.priceScale().applyOptions({ scaleMargins: { top: VOLUME_TOP, bottom: 0 } });
    this.candles = this.chart.addSeries(CandlestickSeries, { priceFormat, borderVisible: false });
    this.candles.priceScale().applyOptions({ scaleMargins: { top: 0.08, bottom: 0.18 } });
    this.marks = createSeriesMarkers(this.candles, []);
    this.panes = new IndicatorPanes(this.chart, priceFormat);
    this.chart.subscribeCrosshairMove((event) => this.read(event));
    this.chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
      if (range !== null && range.from < BARS_FROM_LEFT && this.bars.length > 0) listener.onOlderWanted();
    });
    element.addEventListener('pointerdown', this.onDown, { capture: true });
    element.addEventListener('pointermove', this.onMove, { capture: true });
    element.addEventListener('pointerup', this.onUp, { capture: true });
    this.paint();
  }

  remove(): void {
    this.element.removeEventListener('pointerdown', this.onDown, { capture: true });
    this.element.removeEventListener('pointermove', this.onMove, { capture: true });
    this.element.removeEventListener('pointerup', this.onUp, { capture: true });
    this.chart.remove();
  }

  /** In the colors of the theme as it is now. */
  paint(): void {
    this.chart.applyOptions(chartOptions());
    const [gain, loss] = [tokenColor('gain'), tokenColor('loss')];
    this.candles.applyOptions({ upColor: gain, downColor: loss, wickUpColor: gain, wickDownColor: loss });
    this.panes.paint();
    if (this.bars.length > 0) this.setBars(this.bars, false);
    this.setOrders(
      [...this.lines.values()].map(({ order }) => order),
      true,
    );
    this.setFills(this.fills);
  }

  setBars(bars: readonly ChartBar[], isOther: boolean): void {
    const added = bars.length - this.bars.length;
    const range = this.chart.timeScale().getVisibleLogicalRange();
    const isGrownLeft = !isOther && added > 0 && bars.at(-1)?.time === this.bars.at(-1)?.time;
    this.bars = bars;
    this.candles.setData(bars.map((bar) => ({ ...bar, time: bar.time as UTCTimestamp })));
    this.volume.setData(bars.map((bar) => this.volumeOf(bar)));
    this.panes.setBars(bars);
    if (isOther) this.chart.timeScale().setVisibleLogicalRange({ from: bars.length - 140, to: bars.length + 4 });
    else if (isGrownLeft && range !== null)
      this.chart.timeScale().setVisibleLogicalRange({ from: range.from + added, to: range.to + added });
    this.tell(bars.length - 1);
  }

  /** The last bar with other values, or the one after it. */
  setLast(bar: ChartBar): void {
    const last = this.bars.at(-1);
    if (last === undefined || bar.time < last.time) return;
    const isNew = bar.time > last.time;
    this.bars = isNew ? [...this.bars, bar] : [...this.bars.slice(0, -1), bar];
    this.candles.update({ ...bar, time: bar.time as UTCTimestamp });
    this.volume.update(this.volumeOf(bar));
    this.panes.setLast(bar, isNew);
    if (!this.isRead) this.tell(this.bars.length - 1);
  }

  setIndicators(ids: readonly string[]): void {
    this.panes.choose(ids, this.bars);
    this.tell(this.bars.length - 1);
  }

  setOrders(orders: readonly OrderLine[], isRepainted = false): void {
    const wanted = new Map(orders.map((order) => [order.id, order]));
    for (const [id, { line, order }] of this.lines) {
      const now = wanted.get(id);
      const isSame = now !== undefined && now.price === order.price && now.text === order.text;
      if (id === this.dragged || (isSame && !isRepainted)) continue;
      this.candles.removePriceLine(line);
      this.lines.delete(id);
    }
    for (const order of orders) {
      if (this.lines.has(order.id)) continue;
      const color = tokenColor(order.side === 'BUY' ? 'buy' : 'sell');
      const line = this.candles.createPriceLine({
        price: order.price,
        color,
        lineWidth: 1,
        lineStyle: LineStyle.Dashed,
        axisLabelVisible: true,
        title: order.text,
      });
      this.lines.set(order.id, { line, order });
    }
  }

  setFills(fills: readonly FillMark[]): void {
    this.fills = fills;
    const [buy, sell] = [tokenColor('buy'), tokenColor('sell')];
    const first = this.bars[0]?.time ?? Number.POSITIVE_INFINITY;
    this.marks.setMarkers(
      fills
        .filter((fill) => fill.time >= first)
        .map(
          (fill): SeriesMarker<Time> => ({
            time: fill.time as UTCTimestamp,
            position: fill.side === 'BUY' ? 'belowBar' : 'aboveBar',
            shape: fill.side === 'BUY' ? 'arrowUp' : 'arrowDown',
            color: fill.side === 'BUY' ? buy : sell,
            size: MARK_SIZE_MIN + fill.size * MARK_SIZE_SPAN,
          }),
        ),
    );
  }

  private isRead = false;

  private read(event: MouseEventParams): void {
    this.isRead = event.logical !== undefined && event.point !== undefined;
    const at = this.isRead ? Math.round(event.logical!) : this.bars.length - 1;
    this.tell(this.bars[at] === undefined ? this.bars.length - 1 : at);
  }

  private tell(at: number): void {
    const bar = this.bars[at];
    const filled = this.fills.filter(({ time }) => time === bar?.time).map(({ text }) => text);
    this.listener.onRead(bar, [...this.panes.texts(at), ...filled]);
  }

  private volumeOf(bar: ChartBar) {
    return { time: bar.time as UTCTimestamp, value: bar.volume, color: faded(tokenColor('axis'), 0.35) };
  }

  private orderAt(event: PointerEvent): string | null {
    const y = event.clientY - this.element.getBoundingClientRect().top;
    for (const [id, { order }] of this.lines) {
      const at = this.candles.priceToCoordinate(order.price);
      if (at !== null && Math.abs(at - y) <= GRIP_PX) return id;
    }
    return null;
  }

  private priceAt(event: PointerEvent): number | null {
    return this.candles.coordinateToPrice(event.clientY - this.element.getBoundingClientRect().top);
  }

  private readonly onDown = (event: PointerEvent): void => {
    const id = event.button === 0 ? this.orderAt(event) : null;
    if (id === null) return;
    this.dragged = id;
    this.element.setPointerCapture(event.pointerId);
    event.stopPropagation();
    event.preventDefault();
    this.chart.applyOptions({ handleScroll: false });
  };

  private readonly onMove = (event: PointerEvent): void => {
    if (this.dragged === null) {
      this.element.classList.toggle('on-line', this.orderAt(event) !== null);
      return;
    }
    const price = this.priceAt(event);
    if (price !== null) this.lines.get(this.dragged)?.line.applyOptions({ price });
    event.stopPropagation();
  };

  private readonly onUp = (event: PointerEvent): void => {
    if (this.dragged === null) return;
    const id = this.dragged;
    const held = this.lines.get(id);
    const price = this.priceAt(event);
    this.dragged = null;
    this.chart.applyOptions({ handleScroll: true });
    // The line goes back: the order is where the venue has it until the venue says otherwise.
    held?.line.applyOptions({ price: held.order.price });
    if (price !== null) this.listener.onDragged(id, price);
    event.stopPropagation();
  };
}
