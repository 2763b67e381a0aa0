import type { timeTicks, valueTicks } from './axis-ticks.ts';
import type { Canvas, Page, PageElement, PageEvent } from './dom.ts';
import type { ChartMarks, ChartSeries, ChartSpans, PaneFrame, PanePainter } from './pane-painter.ts';
import type { thinPoints } from './thin-points.ts';
import type { TimeView } from './time-view.ts';

export interface ChartPane {
  readonly label: string;
  /** Of the height; the panes' shares sum to 1. */
  readonly heightShare: number;
  readonly series: readonly ChartSeries[];
  /** True where values are at most zero and the scale ends there. */
  readonly endsAtZero: boolean;
  readonly text: (value: number, decimals: number) => string;
}

export interface ChartContent {
  readonly panes: readonly ChartPane[];
  readonly marks: ChartMarks | null;
  readonly spans: ChartSpans | null;
  /** What is known at a moment, for the line above the chart; without one, at the end of what is shown. */
  readonly describe: (ts: number) => string;
}

/** The pieces that the chart is made of; handed in, because the compiled text of this class is all that reaches the page. */
export interface ChartParts {
  readonly PanePainter: typeof PanePainter;
  readonly thinPoints: typeof thinPoints;
  readonly timeTicks: typeof timeTicks;
  readonly valueTicks: typeof valueTicks;
}

/**
 * One canvas of stacked panes over a shared stretch of time: draws itself once per animation frame, is moved by wheel, drag, pinch and keys.
 *
 * Closed: its compiled text is part of the page (see client-script.ts).
 */
export class TimeChart {
  private readonly page: Page;
  private readonly parts: ChartParts;
  private readonly view: TimeView;
  private readonly element: PageElement;
  private readonly readout: PageElement;
  private readonly canvas: Canvas;
  private content: ChartContent;
  private isDue = false;
  private plotLeft = 0;
  private plotWidth = 1;
  private readonly pointers = new Map<number, { x: number }>();

  constructor(page: Page, parts: ChartParts, view: TimeView, element: PageElement, readout: PageElement, content: ChartContent) {
    this.page = page;
    this.parts = parts;
    this.view = view;
    this.element = element;
    this.readout = readout;
    this.content = content;
    this.canvas = element.getContext('2d')!;
    view.onChange(() => this.invalidate());
    new page.ResizeObserver(() => this.invalidate()).observe(element);
    this.listen();
    this.invalidate();
  }

  show(content: ChartContent): void {
    this.content = content;
    this.invalidate();
  }

  /** Asks for a drawing in the next animation frame. */
  invalidate(): void {
    if (this.isDue) return;
    this.isDue = true;
    this.page.requestAnimationFrame(() => this.draw());
  }

  draw(): void {
    this.isDue = false;
    const { element, canvas, view, content, page } = this;
    const width = element.clientWidth;
    const height = element.clientHeight;
    if (width === 0 || height === 0) return;
    const ratio = page.devicePixelRatio;
    if (element.width !== Math.round(width * ratio) || element.height !== Math.round(height * ratio)) {
      element.width = Math.round(width * ratio);
      element.height = Math.round(height * ratio);
    }
    const style = page.getComputedStyle(element);
    const color = (token: string): string => style.getPropertyValue(`--${token}`).trim();
    canvas.setTransform(ratio, 0, 0, ratio, 0, 0);
    canvas.clearRect(0, 0, width, height);
    canvas.font = `11px ${style.getPropertyValue('font-family')}`;
    const axisHeight = 20;
    const gap = 10;
    const laid = content.panes.map((pane) => this.measure(pane, width));
    // One width for most charts, so that the same moment lies at the same place in all of them.
    const axisWidth = Math.min(width * 0.3, Math.max(64, ...laid.map((item) => item.labelWidth + 10)));
    this.plotLeft = 0;
    this.plotWidth = Math.max(1, width - axisWidth);
    let top = 6;
    const plotHeight = height - axisHeight - top - gap * (laid.length - 1);
    this.timeAxis(color, height - axisHeight, top);
    laid.forEach(({ pane, points, low, high }, index) => {
      const paneHeight = plotHeight * pane.heightShare;
      this.pane(
        pane,
        points,
        { left: 0, top, width: this.plotWidth, height: paneHeight, from: view.from, to: view.to, low, high },
        color,
        index === 0,
      );
      top += paneHeight + gap;
    });
    this.crosshair(color, height - axisHeight);
    this.readout.textContent = content.describe(view.cursor === view.cursor ? view.cursor : view.to);
  }

  /** What is visible of a pane: which points, between which values, and how wide the labels are. */
  private measure(pane: ChartPane, width: number) {
    const points = pane.series.map((series) => this.parts.thinPoints(series.ts, series.low, series.high, this.view, Math.ceil(width)));
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    pane.series.forEach((series, index) => {
      for (const point of points[index]!) {
        if (series.low[point]! < low) low = series.low[point]!;
        if (series.high[point]! > high) high = series.high[point]!;
      }
    });
    if (low > high) low = high = 0;
    const margin = (high - low) * 0.06 || Math.abs(high) * 0.01 || 1;
    high = pane.endsAtZero ? 0 : high + margin;
    low -= margin;
    const ticks = this.parts.valueTicks(low, high, 6);
    const labels = ticks.values.map((value) => pane.text(value, ticks.decimals));
    return { pane, points, low, high, labelWidth: Math.max(0, ...labels.map((label) => this.canvas.measureText(label).width)) };
  }

  private pane(
    pane: ChartPane,
    points: readonly (readonly number[])[],
    frame: PaneFrame,
    color: (token: string) => string,
    isFirst: boolean,
  ): void {
    const { canvas, parts, content } = this;
    const painter = new parts.PanePainter(canvas, frame, color);
    const ticks = parts.valueTicks(frame.low, frame.high, Math.max(2, Math.floor(frame.height / 28)));
    canvas.textAlign = 'left';
    canvas.textBaseline = 'middle';
    canvas.lineWidth = 1;
    for (const value of ticks.values) {
      const y = Math.round(painter.y(value)) + 0.5;
      canvas.strokeStyle = color(value === 0 ? 'axis' : 'grid');
      canvas.beginPath();
      canvas.moveTo(0, y);
      canvas.lineTo(frame.width, y);
      canvas.stroke();
      canvas.fillStyle = color('muted');
      canvas.fillText(pane.text(value, ticks.decimals), frame.width + 6, Math.max(y, frame.top + 5));
    }
    canvas.save();
    canvas.beginPath();
    canvas.rect(0, frame.top - 2, frame.width, frame.height + 4);
    canvas.clip();
    if (isFirst && content.spans !== null) painter.spans(content.spans);
    pane.series.forEach((series, index) => {
      painter.paint(series, points[index]!);
    });
    if (isFirst && content.marks !== null) painter.marks(content.marks);
    canvas.restore();
  }

  private timeAxis(color: (token: string) => string, bottom: number, top: number): void {
    const { canvas, view } = this;
    const scale = this.plotWidth / (view.to - view.from);
    canvas.textBaseline = 'top';
    canvas.lineWidth = 1;
    for (const { ts, label } of this.parts.timeTicks(view.from, view.to, Math.max(2, this.plotWidth / 80))) {
      const x = Math.round((ts - view.from) * scale) + 0.5;
      canvas.strokeStyle = color('grid');
      canvas.beginPath();
      canvas.moveTo(x, top);
      canvas.lineTo(x, bottom);
      canvas.stroke();
      canvas.fillStyle = color('muted');
      const half = canvas.measureText(label).width / 2;
      canvas.textAlign = x < half ? 'left' : 'center';
      canvas.fillText(label, x < half ? 0 : x, bottom + 5);
    }
  }

  private crosshair(color: (token: string) => string, bottom: number): void {
    const { canvas, view } = this;
    if (!(view.cursor >= view.from && view.cursor <= view.to)) return;
    const x = Math.round(((view.cursor - view.from) / (view.to - view.from)) * this.plotWidth) + 0.5;
    canvas.strokeStyle = color('muted');
    canvas.lineWidth = 1;
    canvas.setLineDash([3, 3]);
    canvas.beginPath();
    canvas.moveTo(x, 0);
    canvas.lineTo(x, bottom);
    canvas.stroke();
    canvas.setLineDash([]);
  }

  private timeAt(clientX: number): number {
    const { view } = this;
    const x = clientX - this.element.getBoundingClientRect().left - this.plotLeft;
    return view.from + (Math.min(Math.max(x, 0), this.plotWidth) / this.plotWidth) * (view.to - view.from);
  }

  private listen(): void {
    const { element, view, pointers } = this;
    element.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    element.addEventListener('pointerdown', (event) => {
      pointers.set(event.pointerId, { x: event.clientX });
      element.setPointerCapture(event.pointerId);
    });
    element.addEventListener('pointermove', (event) => this.pointerMoved(event));
    for (const type of ['pointerup', 'pointercancel']) element.addEventListener(type, (event) => pointers.delete(event.pointerId));
    element.addEventListener('pointerleave', () => view.pointAt(Number.NaN));
    element.addEventListener('dblclick', () => view.showAll());
    element.addEventListener('keydown', (event) => this.key(event));
  }

  /** Sideways moves, up and down zooms. Where all is shown already, the page scrolls on. */
  private wheel(event: PageEvent): void {
    const { view } = this;
    const isSideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (view.isWhole && (isSideways || event.deltaY > 0)) return;
    event.preventDefault();
    if (isSideways) view.pan(event.deltaX / this.plotWidth);
    else view.zoom(Math.exp(Math.max(-1, Math.min(1, event.deltaY / 400))), this.timeAt(event.clientX));
  }

  private pointerMoved(event: PageEvent): void {
    const { view, pointers } = this;
    const held = pointers.get(event.pointerId);
    if (held === undefined) {
      view.pointAt(this.timeAt(event.clientX));
      return;
    }
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other === undefined) {
      view.pan((held.x - event.clientX) / this.plotWidth);
    } else {
      const before = Math.abs(held.x - other.x);
      const after = Math.abs(event.clientX - other.x);
      if (before > 4 && after > 4) view.zoom(before / after, this.timeAt((event.clientX + other.x) / 2));
    }
    held.x = event.clientX;
  }

  private key(event: PageEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const { view } = this;
    const middle = (view.from + view.to) / 2;
    const span = view.to - view.from;
    const actions: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => view.pan(-0.1),
      ArrowRight: () => view.pan(0.1),
      '+': () => view.zoom(0.8, middle),
      '=': () => view.zoom(0.8, middle),
      '-': () => view.zoom(1.25, middle),
      Home: () => view.show(Number.MIN_SAFE_INTEGER, Number.MIN_SAFE_INTEGER + span),
      End: () => view.show(Number.MAX_SAFE_INTEGER - span, Number.MAX_SAFE_INTEGER),
      0: () => view.showAll(),
      Escape: () => view.showAll(),
    };
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  }
}
