import type { decimalText } from './decimal-text.ts';
import type { Page, PageElement } from './dom.ts';
import type { durationText } from './duration-text.ts';
import type { ChartMarks, ChartSeries, ChartSpans } from './pane-painter.ts';
import type { ChartContent, ChartPane, ChartParts, TimeChart } from './time-chart.ts';
import type { TimeView } from './time-view.ts';
import type { TableColumn, TradeTable } from './trade-table.ts';
import type { PageData, PriceData } from '../page-data.ts';

/** Everything that the script is made of, by the names it has in the page. */
export interface PageParts extends ChartParts {
  readonly TimeView: typeof TimeView;
  readonly TimeChart: typeof TimeChart;
  readonly TradeTable: typeof TradeTable;
  readonly decimalText: typeof decimalText;
  readonly durationText: typeof durationText;
}

/**
 * Brings a report to life: charts, table of trades, buttons.
 *
 * Closed: its compiled text is part of the page (see client-script.ts).
 */
export class ReportPage {
  private readonly page: Page;
  private readonly parts: PageParts;
  private readonly data: PageData;
  private readonly view: TimeView;
  private readonly charts: TimeChart[] = [];
  private priceChart: TimeChart | null = null;

  constructor(page: Page, parts: PageParts) {
    this.page = page;
    this.parts = parts;
    this.data = JSON.parse(this.element('report-data')!.textContent) as PageData;
    this.view = this.makeView();
    this.makeEquityChart();
    this.makePriceChart();
    this.makeTradeTable();
    this.wireButtons();
    const redraw = (): void => {
      for (const chart of this.charts) chart.draw();
    };
    page.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
    // Paper is white: the charts are redrawn in light colors before a print and in the page's own after it.
    const root = page.document.documentElement;
    page.addEventListener('beforeprint', () => {
      root.dataset['theme'] = 'light';
      redraw();
    });
    page.addEventListener('afterprint', () => {
      delete root.dataset['theme'];
      redraw();
    });
  }

  private element(id: string): PageElement | null {
    return this.page.document.getElementById(id);
  }

  private makeView(): TimeView {
    const { equity, prices } = this.data;
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    let points = 2;
    for (const { ts } of [equity, ...prices]) {
      if (ts.length === 0) continue;
      min = Math.min(min, ts[0]!);
      max = Math.max(max, ts[ts.length - 1]!);
      points = Math.max(points, ts.length);
    }
    if (min > max) min = max = 0;
    return new this.parts.TimeView(min, max, ((max - min) / points) * 8);
  }

  private holes(values: readonly (number | null)[]): Float64Array {
    return Float64Array.from(values, (value) => value ?? Number.NaN);
  }

  private curve(
    kind: 'line' | 'area',
    label: string,
    color: string,
    ts: readonly number[],
    values: readonly (number | null)[],
    isDashed = false,
  ): ChartSeries {
    const close = this.holes(values);
    return { kind, label, color, isDashed, ts, open: close, high: close, low: close, close };
  }

  private number(value: number, decimals: number, isSigned = false): string {
    return value === value ? this.parts.decimalText(value.toFixed(decimals), decimals, isSigned) : '–';
  }

  /** The last sample at or before a moment; the first one before there is any. */
  private indexAt(ts: ArrayLike<number>, moment: number): number {
    let a = 0;
    let b = ts.length;
    while (a < b) {
      const middle = (a + b) >>> 1;
      if (ts[middle]! <= moment) a = middle + 1;
      else b = middle;
    }
    return Math.max(0, a - 1);
  }

  private timeText(ts: number): string {
    const text = new Date(Math.floor(ts / 1000)).toISOString().replace('T', ' ');
    const spanSeconds = (this.view.to - this.view.from) / 1e6;
    const rest = ts % 86_400_000_000;
    return rest === 0 ? text.slice(0, 10) : spanSeconds > 600 ? text.slice(0, 16) : text.slice(0, 23);
  }

  private makeEquityChart(): void {
    const canvas = this.element('equity-chart');
    if (canvas === null) return;
    const { equity, currency } = this.data;
    const value = this.curve('line', 'Equity', 'ink', equity.ts, equity.value);
    const series = [value];
    if (equity.benchmark !== null) series.unshift(this.curve('line', 'Benchmark', 'muted', equity.ts, equity.benchmark, true));
    const drawdown = this.curve('area', 'Drawdown', 'loss', equity.ts, equity.drawdown);
    const panes: ChartPane[] = [
      { label: 'Equity', heightShare: 0.7, series, endsAtZero: false, text: (amount, decimals) => this.number(amount, decimals) },
      {
        label: 'Drawdown',
        heightShare: 0.3,
        series: [drawdown],
        endsAtZero: true,
        text: (share, decimals) => `${this.number(share * 100, Math.max(0, decimals - 2))} %`,
      },
    ];
    const describe = (ts: number): string => {
      const index = this.indexAt(equity.ts, ts);
      const benchmark = equity.benchmark === null ? '' : `   benchmark ${this.number(equity.benchmark[index] ?? Number.NaN, 2)}`;
      const depth = this.number((equity.drawdown[index] ?? Number.NaN) * 100, 2);
      return `${this.timeText(equity.ts[index]!)}   equity ${this.number(equity.value[index] ?? Number.NaN, 2)} ${currency}   drawdown ${depth} %${benchmark}`;
    };
    const content: ChartContent = { panes, marks: null, spans: null, describe };
    this.charts.push(new this.parts.TimeChart(this.page, this.parts, this.view, canvas, this.element('equity-readout')!, content));
  }

  private makePriceChart(): void {
    const canvas = this.element('price-chart');
    if (canvas === null) return;
    this.priceChart = new this.parts.TimeChart(
      this.page,
      this.parts,
      this.view,
      canvas,
      this.element('price-readout')!,
      this.priceContent(0),
    );
    this.charts.push(this.priceChart);
    const choice = this.element('price-instrument');
    choice?.addEventListener('change', () => this.choosePrice(Number(choice.value)));
  }

  private choosePrice(index: number): void {
    if (index < 0 || this.priceChart === null) return;
    this.priceChart.show(this.priceContent(index));
    const choice = this.element('price-instrument');
    if (choice !== null) choice.value = String(index);
  }

  private priceContent(index: number): ChartContent {
    const prices = this.data.prices[index]!;
    const { fills, trades } = this.data;
    const { ts } = prices;
    const columns = {
      open: this.holes(prices.open),
      high: this.holes(prices.high),
      low: this.holes(prices.low),
      close: this.holes(prices.close),
    };
    const series: ChartSeries = { kind: 'candles', label: prices.instrument, color: 'axis', isDashed: false, ts, ...columns };
    const own = fills.ts.map((_, fill) => fill).filter((fill) => fills.instrument[fill] === prices.instrument);
    const marks: ChartMarks = {
      ts: own.map((fill) => fills.ts[fill]!),
      price: own.map((fill) => Number(fills.price[fill])),
      side: own.map((fill) => fills.side[fill]!),
    };
    const closed = trades.pnl.map((_, trade) => trade).filter((trade) => trades.instrument[trade] === prices.instrument);
    const spans: ChartSpans = {
      entryTs: closed.map((trade) => trades.entryTs[trade]!),
      exitTs: closed.map((trade) => trades.exitTs[trade]!),
      entryPrice: closed.map((trade) => Number(trades.entryPrice[trade])),
      exitPrice: closed.map((trade) => Number(trades.exitPrice[trade])),
      isGain: closed.map((trade) => Number(trades.pnl[trade]) > 0),
    };
    const pane: ChartPane = {
      label: 'Price',
      heightShare: 1,
      series: [series],
      endsAtZero: false,
      text: (value, decimals) => this.number(value, decimals),
    };
    return { panes: [pane], marks, spans, describe: (moment) => this.describePrice(prices, own, marks, moment) };
  }

  private describePrice(prices: PriceData, own: readonly number[], marks: ChartMarks, moment: number): string {
    const { fills } = this.data;
    const bar = this.indexAt(prices.ts, moment);
    const names = ['open', 'high', 'low', 'close'] as const;
    const values = names.map((name) => `${name} ${this.number(prices[name][bar] ?? Number.NaN, prices.decimals)}`);
    let text = `${this.timeText(prices.ts[bar] ?? moment)}   ${values.join('  ')}`;
    // The execution nearest the pointer, within a hundredth of what is shown.
    const before = this.indexAt(marks.ts, moment);
    const reach = (this.view.to - this.view.from) / 100;
    const distance = (place: number): number => Math.abs((marks.ts[place] ?? Number.POSITIVE_INFINITY) - moment);
    const place = distance(before + 1) < distance(before) ? before + 1 : before;
    if (this.view.cursor === moment && distance(place) <= reach) {
      const fill = own[place]!;
      const price = this.parts.decimalText(fills.price[fill]!, prices.decimals, false);
      text += `   ${marks.side[place]! > 0 ? '▲ bought' : '▼ sold'} ${fills.quantity[fill]} at ${price}`;
    }
    return text;
  }

  private makeTradeTable(): void {
    const root = this.element('trade-table');
    if (root === null) return;
    const { trades } = this.data;
    const open = (row: number): void => this.openTrade(row);
    new this.parts.TradeTable(this.page, root, trades.count, this.tradeColumns(), {
      caption: 'Closed trades',
      number: (value) => this.number(value, 0),
      open,
    });
  }

  private tradeColumns(): TableColumn[] {
    const { trades } = this.data;
    const { decimalText, durationText } = this.parts;
    const none = (): string => '';
    const words = (label: string, values: readonly string[], isMinor: boolean, tone: (row: number) => string = none): TableColumn => {
      return { label, isNumber: false, isMinor, key: (row) => values[row]!, text: (row) => values[row]!, title: none, tone };
    };
    const exact = (
      label: string,
      values: readonly string[],
      decimals: (row: number) => number,
      isMinor: boolean,
      isSigned = false,
    ): TableColumn => ({
      label,
      isNumber: true,
      isMinor,
      key: (row) => Number(values[row]),
      text: (row) => decimalText(values[row]!, decimals(row), isSigned),
      title: (row) => values[row]!,
      tone: (row) => (!isSigned ? '' : Number(values[row]) > 0 ? 'gain' : Number(values[row]) < 0 ? 'loss' : ''),
    });
    const time = (label: string, values: readonly string[], isMinor: boolean): TableColumn => {
      return { ...words(label, values, isMinor), text: (row) => values[row]!.slice(0, trades.timeDigits).replace('T', ' ') };
    };
    const isVaried = (values: readonly string[]): boolean => values.some((value) => value !== values[0]);
    const unit = isVaried(trades.currency) || trades.count === 0 ? '' : ` ${trades.currency[0]}`;
    const priceDecimals = (row: number): number => trades.priceDecimals[trades.instrument[row]!] ?? 2;
    let quantityDecimals = 0;
    for (const text of trades.quantity)
      quantityDecimals = Math.max(quantityDecimals, text.includes('.') ? text.length - text.indexOf('.') - 1 : 0);
    const share = (row: number): number => trades.returnShare[row] ?? Number.NaN;
    const columns: TableColumn[] = [
      { label: '#', isNumber: true, isMinor: true, key: (row) => row, text: (row) => String(row + 1), title: none, tone: () => 'muted' },
      time('Entry', trades.entryTime, true),
      time('Exit', trades.exitTime, false),
      ...(isVaried(trades.strategy) ? [words('Strategy', trades.strategy, true)] : []),
      words('Instrument', trades.instrument, true),
      words('Side', trades.side, false, (row) => (/^(BUY|LONG)$/i.test(trades.side[row]!) ? 'buy' : 'sell')),
      exact('Quantity', trades.quantity, () => quantityDecimals, true),
      exact('Entry price', trades.entryPrice, priceDecimals, true),
      exact('Exit price', trades.exitPrice, priceDecimals, true),
      exact(`P&L${unit}`, trades.pnl, () => trades.pnlDecimals, false, true),
      {
        ...exact('Return %', trades.pnl, () => 2, false, true),
        key: share,
        text: (row) => this.number(share(row) * 100, 2, true),
        title: none,
      },
      exact(`Commission${unit}`, trades.commission, () => trades.commissionDecimals, true),
      ...(unit === '' ? [words('Currency', trades.currency, true)] : []),
      {
        ...words('Duration', trades.exitTime, true),
        isNumber: true,
        key: (row) => trades.durationUs[row]!,
        text: (row) => durationText(trades.durationUs[row]!),
      },
      ...(isVaried(['', ...trades.tag]) ? [words('Tag', trades.tag, true)] : []),
    ];
    return columns;
  }

  private openTrade(row: number): void {
    const { trades, prices } = this.data;
    const from = trades.entryTs[row]!;
    const to = trades.exitTs[row]!;
    const margin = Math.max((to - from) * 0.6, 1);
    this.choosePrice(prices.findIndex((series) => series.instrument === trades.instrument[row]));
    this.view.show(from - margin, to + margin);
    const behavior = this.page.matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
    this.element(this.priceChart === null ? 'equity-chart' : 'price-chart')?.scrollIntoView({ block: 'center', behavior });
  }

  private wireButtons(): void {
    const { view, page } = this;
    const actions: Readonly<Record<string, () => void>> = {
      closer: () => view.zoom(0.5, (view.from + view.to) / 2),
      wider: () => view.zoom(2, (view.from + view.to) / 2),
      all: () => view.showAll(),
    };
    for (const button of page.document.querySelectorAll('[data-zoom]')) {
      button.addEventListener('click', () => actions[button.dataset['zoom'] ?? '']?.());
    }
    for (const button of page.document.querySelectorAll('[data-copy]')) button.addEventListener('click', () => this.copy(button));
  }

  /** Where the browser keeps the clipboard closed, the text is selected, so that one key copies it. */
  private copy(button: PageElement): void {
    const source = this.element(button.dataset['copy'] ?? '');
    if (source === null) return;
    const label = button.textContent;
    const say = (text: string): void => {
      button.textContent = text;
      this.page.setTimeout(() => {
        button.textContent = label;
      }, 1500);
    };
    const select = (): void => {
      this.page.getSelection()?.selectAllChildren(source);
      say('Selected: copy with Ctrl+C');
    };
    const { clipboard } = this.page.navigator;
    if (clipboard === undefined) select();
    else clipboard.writeText(source.textContent).then(() => say('Copied'), select);
  }
}
