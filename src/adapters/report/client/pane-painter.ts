import type { Canvas } from './dom.ts';

/** A row of values over time; `low` and `high` are what thinning and the scale look at. */
export interface ChartSeries {
  readonly kind: 'line' | 'area' | 'candles';
  readonly label: string;
  /** Name of a color token of the page's style. */
  readonly color: string;
  readonly isDashed: boolean;
  readonly ts: ArrayLike<number>;
  readonly open: ArrayLike<number>;
  readonly high: ArrayLike<number>;
  readonly low: ArrayLike<number>;
  readonly close: ArrayLike<number>;
}

/** Executions as triangles: up where it bought, down where it sold. Sorted by time. */
export interface ChartMarks {
  readonly ts: ArrayLike<number>;
  readonly price: ArrayLike<number>;
  /** +1 bought, −1 sold. */
  readonly side: ArrayLike<number>;
}

/** Closed trades as lines from entry to exit. */
export interface ChartSpans {
  readonly entryTs: ArrayLike<number>;
  readonly exitTs: ArrayLike<number>;
  readonly entryPrice: ArrayLike<number>;
  readonly exitPrice: ArrayLike<number>;
  readonly isGain: ArrayLike<boolean>;
}

/** Where a pane lies on the canvas, in CSS pixels, and what it shows. */
export interface PaneFrame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Draws one pane of a chart: lines, areas, candles, executions and trades.
 *
 * Closed: its compiled text is part of the page (see client-script.ts).
 */
export class PanePainter {
  private readonly canvas: Canvas;
  private readonly frame: PaneFrame;
  private readonly color: (token: string) => string;

  constructor(canvas: Canvas, frame: PaneFrame, color: (token: string) => string) {
    this.canvas = canvas;
    this.frame = frame;
    this.color = color;
  }

  x(ts: number): number {
    const { left, width, from, to } = this.frame;
    return left + ((ts - from) / (to - from)) * width;
  }

  y(value: number): number {
    const { top, height, low, high } = this.frame;
    return top + ((high - value) / (high - low)) * height;
  }

  paint(series: ChartSeries, points: readonly number[]): void {
    if (series.kind === 'line') this.line(series, points);
    else if (series.kind === 'area') this.area(series, points);
    else this.candles(series, points);
  }

  private line(series: ChartSeries, points: readonly number[]): void {
    const { canvas } = this;
    canvas.strokeStyle = this.color(series.color);
    canvas.lineWidth = 1.5;
    canvas.setLineDash(series.isDashed ? [4, 4] : []);
    this.trace(series, points);
    canvas.stroke();
    canvas.setLineDash([]);
  }

  /** From zero down to the values, as drawdowns are drawn. */
  private area(series: ChartSeries, points: readonly number[]): void {
    if (points.length === 0) return;
    const { canvas } = this;
    const color = this.color(series.color);
    this.trace(series, points);
    canvas.strokeStyle = color;
    canvas.lineWidth = 1;
    canvas.stroke();
    canvas.lineTo(this.x(series.ts[points[points.length - 1]!]!), this.y(0));
    canvas.lineTo(this.x(series.ts[points[0]!]!), this.y(0));
    canvas.closePath();
    canvas.globalAlpha = 0.18;
    canvas.fillStyle = color;
    canvas.fill();
    canvas.globalAlpha = 1;
  }

  private trace(series: ChartSeries, points: readonly number[]): void {
    const { canvas } = this;
    let isPenDown = false;
    canvas.beginPath();
    for (const point of points) {
      const value = series.close[point]!;
      // A value that is missing leaves a hole rather than a bridge.
      if (value !== value) isPenDown = false;
      else if (isPenDown) canvas.lineTo(this.x(series.ts[point]!), this.y(value));
      else {
        canvas.moveTo(this.x(series.ts[point]!), this.y(value));
        isPenDown = true;
      }
    }
  }

  /** Candles where there is room for them, else the band from low to high with the closes in it. */
  private candles(series: ChartSeries, points: readonly number[]): void {
    const { canvas, frame } = this;
    const spacing = frame.width / Math.max(1, points.length);
    canvas.strokeStyle = this.color(series.color);
    canvas.lineWidth = 1;
    if (spacing < 4) {
      canvas.globalAlpha = 0.35;
      this.wicks(series, points);
      canvas.globalAlpha = 1;
      this.line(series, points);
      return;
    }
    this.wicks(series, points);
    const half = Math.min(6, Math.max(1, Math.floor(spacing * 0.35)));
    for (const point of points) {
      const open = series.open[point]!;
      const close = series.close[point]!;
      const top = Math.round(this.y(Math.max(open, close))) + 0.5;
      const height = Math.max(1, Math.round(this.y(Math.min(open, close))) + 0.5 - top);
      const left = Math.round(this.x(series.ts[point]!)) + 0.5 - half;
      canvas.fillStyle = this.color(close >= open ? 'panel' : series.color);
      canvas.fillRect(left, top, half * 2, height);
      canvas.strokeRect(left, top, half * 2, height);
    }
  }

  private wicks(series: ChartSeries, points: readonly number[]): void {
    const { canvas } = this;
    canvas.beginPath();
    for (const point of points) {
      const x = Math.round(this.x(series.ts[point]!)) + 0.5;
      canvas.moveTo(x, this.y(series.high[point]!));
      canvas.lineTo(x, this.y(series.low[point]!));
    }
    canvas.stroke();
  }

  /** Too many lines say nothing: beyond one per 6 pixels they are left out, the executions remain. */
  spans(spans: ChartSpans): void {
    const { canvas, frame } = this;
    const visible: number[] = [];
    for (let index = 0; index < spans.entryTs.length; index += 1) {
      if (spans.exitTs[index]! >= frame.from && spans.entryTs[index]! <= frame.to) visible.push(index);
    }
    if (visible.length * 6 > frame.width) return;
    canvas.lineWidth = 1.5;
    canvas.setLineDash([2, 3]);
    for (const isGain of [true, false]) {
      canvas.strokeStyle = this.color(isGain ? 'gain' : 'loss');
      canvas.beginPath();
      for (const index of visible) {
        if (spans.isGain[index] !== isGain) continue;
        canvas.moveTo(this.x(spans.entryTs[index]!), this.y(spans.entryPrice[index]!));
        canvas.lineTo(this.x(spans.exitTs[index]!), this.y(spans.exitPrice[index]!));
      }
      canvas.stroke();
    }
    canvas.setLineDash([]);
  }

  /** The tip is at the price. Where they would cover each other, one of each side per 3 pixels is drawn. */
  marks(marks: ChartMarks): void {
    const { canvas, frame } = this;
    const size = frame.width < 500 ? 4 : 5;
    const drawn = new Set<number>();
    for (let index = 0; index < marks.ts.length; index += 1) {
      const ts = marks.ts[index]!;
      if (ts < frame.from || ts > frame.to) continue;
      const side = marks.side[index]!;
      const x = this.x(ts);
      const place = Math.round(x / 3) * side;
      if (drawn.has(place)) continue;
      drawn.add(place);
      const y = this.y(marks.price[index]!);
      canvas.beginPath();
      canvas.moveTo(x, y);
      canvas.lineTo(x - size, y + side * size * 1.7);
      canvas.lineTo(x + size, y + side * size * 1.7);
      canvas.closePath();
      canvas.fillStyle = this.color(side > 0 ? 'buy' : 'sell');
      canvas.fill();
      canvas.strokeStyle = this.color('panel');
      canvas.lineWidth = 1;
      canvas.stroke();
    }
  }
}
