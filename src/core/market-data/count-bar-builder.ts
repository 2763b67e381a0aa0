import { assert, unreachable } from '../../base/assert.ts';
import { bigPowerOfTen } from '../../base/decimal.ts';
import { lowerBoundLastFirst } from '../../base/sorted-search.ts';
import { type BarBlock, BlockKind } from '../../model/blocks.ts';
import type { BarSpecification } from '../../model/bar-specification.ts';
import type { TradingCalendar } from '../../model/calendar.ts';
import type { DataGap } from '../../model/events.ts';
import type { Instrument } from '../../model/instrument.ts';
import { BarAccumulator, type BarAccumulatorState, type BarInput } from './bar-accumulator.ts';
import { coveredDay } from './covered-day.ts';
import { GapMarks, type GapMarksState } from './gap-marks.ts';
import { SessionCursor, type SessionCursorState } from './session-cursor.ts';

const EXACT_MAX = 2 ** 53;

export interface CountBarBuilderState {
  readonly kind: 'count';
  readonly isComplete: boolean;
  readonly wasGapped: boolean;
  readonly outOfSessionCount: number;
  readonly progress: number;
  readonly progressBig: bigint;
  readonly isGapped: boolean;
  readonly bar: BarAccumulatorState;
  readonly sessions: SessionCursorState;
  readonly gaps: GapMarksState;
}

/**
 * Builds bars that end when so many rows, so much quantity or so much value has gone by.
 *
 * The row that reaches the threshold ends the bar and belongs to it whole: an execution is a fact and is not split, and what it brings
 * beyond the threshold is not carried into the next bar. Sessions only leave rows out; a bar may go on over a night.
 *
 * Protocol: `end = scan(block, from, to)`; `accumulate(block, from, end)`; `take` when `isComplete`. No time closes these bars.
 */
export class CountBarBuilder {
  /** Always Infinity: here so that the engine can ask every builder the same question. */
  readonly nextCloseTs = Infinity;
  /** True when the last accumulated row reached the threshold. */
  isComplete = false;
  /** Whether the bar that was taken last touches missing data. */
  wasGapped = false;
  /** Rows left out because no session was open. */
  outOfSessionCount = 0;
  /** Always 0: these bars go by the order of rows, and none comes late. */
  readonly lateRowCount = 0;
  readonly specification: BarSpecification;
  private readonly bar = new BarAccumulator();
  private readonly sessions: SessionCursor;
  /** Set where rows are bars of a day or longer, which count by the session that they cover. */
  private readonly dayCalendar: TradingCalendar | null;
  private readonly gaps = new GapMarks();
  private readonly shiftUs: number;
  /** Rows, quantity or Σ price × quantity at which the bar ends, as a count; above 2^53 only `thresholdBig` holds it. */
  private readonly threshold: number;
  private readonly thresholdBig: bigint;
  private progress = 0;
  private progressBig = 0n;
  /** Where the leaf of `scan` left off. */
  private scanProgress = 0;
  private scanProgressBig = 0n;
  private isGapped = false;

  constructor(specification: BarSpecification, instrument: Instrument, calendar: TradingCalendar | null, coversDays: boolean) {
    assert(specification.unit !== 'time', 'a count bar builder builds tick, volume and value bars');
    assert(
      specification.unit !== 'value' || !instrument.isInverse,
      'value bars need a linear instrument: contracts of an inverse one have a fixed value',
    );
    this.specification = specification;
    this.sessions = new SessionCursor(coversDays ? null : calendar);
    this.dayCalendar = coversDays ? calendar : null;
    this.shiftUs = specification.from === 'bars' ? 1 : 0;
    this.thresholdBig = thresholdOf(specification, instrument);
    this.threshold = this.thresholdBig <= BigInt(EXACT_MAX) ? Number(this.thresholdBig) : Infinity;
    assert(
      specification.unit !== 'volume' || this.threshold !== Infinity,
      'a volume threshold passes 2^53: use fewer quantityDecimals or a smaller bar',
    );
  }

  /** The row after the one that completes the bar, else `to`. Pure: scratch fields aside. */
  scan(block: BarInput, from: number, to: number): number {
    const times = timesOf(block);
    const { shiftUs } = this;
    this.scanProgress = this.progress;
    this.scanProgressBig = this.progressBig;
    let row = from;
    while (row < to) {
      if (!this.isOpen(block, row, times[row]! - shiftUs)) {
        row = this.nextOpenRow(times, row, to);
        continue;
      }
      const end = this.closedRow(times, row, to);
      row = this.advance(block, row, end);
      if (this.isReached()) return row;
    }
    return to;
  }

  /** Takes rows [from, to) in, no further than `scan` said. */
  accumulate(block: BarInput, from: number, to: number): void {
    assert(!this.isComplete, 'a complete bar is taken before the next row');
    const times = timesOf(block);
    const { shiftUs } = this;
    this.scanProgress = this.progress;
    this.scanProgressBig = this.progressBig;
    let row = from;
    while (row < to) {
      if (!this.isOpen(block, row, times[row]! - shiftUs)) {
        const next = this.nextOpenRow(times, row, to);
        this.outOfSessionCount += next - row;
        row = next;
        continue;
      }
      const end = this.closedRow(times, row, to);
      const wasEmpty = this.bar.rowCount === 0;
      const reached = this.advance(block, row, end);
      assert(reached === end, "rows beyond a bar's last one wait until it is taken");
      this.bar.add(block, row, end);
      if (wasEmpty && this.bar.rowCount > 0) this.isGapped = this.gaps.touches(this.bar.firstTs, Infinity);
      row = end;
    }
    this.progress = this.scanProgress;
    this.progressBig = this.scanProgressBig;
    this.isComplete = this.isReached();
  }

  /** Data is missing: a bar under construction, and one that begins inside the span, is marked. */
  markGap(gap: DataGap): void {
    this.gaps.add(gap);
    if (this.bar.rowCount > 0 && this.gaps.touches(this.bar.firstTs, Infinity)) this.isGapped = true;
  }

  /** Appends the finished bar to `out`: from its first row's time to its last one's. */
  take(out: BarBlock): void {
    assert(this.isComplete, 'a bar is taken when it is complete');
    const { bar } = this;
    bar.writeTo(out, bar.firstTs, bar.lastTsEvent, bar.lastTsInit);
    this.wasGapped = this.isGapped;
    this.isGapped = false;
    this.isComplete = false;
    this.progress = 0;
    this.progressBig = 0n;
    bar.reset();
  }

  saveState(): CountBarBuilderState {
    const { isComplete, wasGapped, outOfSessionCount, progress, progressBig, isGapped } = this;
    return {
      kind: 'count',
      isComplete,
      wasGapped,
      outOfSessionCount,
      progress,
      progressBig,
      isGapped,
      bar: this.bar.saveState(),
      sessions: this.sessions.saveState(),
      gaps: this.gaps.saveState(),
    };
  }

  loadState(state: CountBarBuilderState): void {
    this.isComplete = state.isComplete;
    this.wasGapped = state.wasGapped;
    this.outOfSessionCount = state.outOfSessionCount;
    this.progress = state.progress;
    this.progressBig = state.progressBig;
    this.isGapped = state.isGapped;
    this.bar.loadState(state.bar);
    this.sessions.loadState(state.sessions);
    this.gaps.loadState(state.gaps);
  }

  private isOpen(block: BarInput, row: number, ts: number): boolean {
    if (this.dayCalendar === null || block.kind !== BlockKind.BARS) return this.sessions.locate(ts);
    return coveredDay(this.dayCalendar, block.tsOpen[row]!, block.tsEvent[row]!) >= 0;
  }

  /** The row after a closed one at which to ask again. */
  private nextOpenRow(times: Float64Array, row: number, to: number): number {
    return this.dayCalendar === null ? lowerBoundLastFirst(times, row, to, this.sessions.openTs + this.shiftUs) : row + 1;
  }

  /** The row after an open one at which to ask again. */
  private closedRow(times: Float64Array, row: number, to: number): number {
    return this.dayCalendar === null ? lowerBoundLastFirst(times, row, to, this.sessions.closeTs + this.shiftUs) : row + 1;
  }

  private isReached(): boolean {
    return this.threshold === Infinity ? this.scanProgressBig >= this.thresholdBig : this.scanProgress >= this.threshold;
  }

  /** Counts rows of one session until the threshold; returns the row after the last one counted. */
  private advance(block: BarInput, from: number, to: number): number {
    const { unit } = this.specification;
    if (unit === 'tick')
      return block.kind === BlockKind.QUOTES ? this.countQuotes(block.bidPrice, block.askPrice, from, to) : this.countRows(from, to);
    if (block.kind === BlockKind.BARS) return this.sum(block.volume, from, to);
    assert(block.kind === BlockKind.TRADES, 'quotes carry no quantity');
    if (unit === 'volume') return this.sum(block.quantity, from, to);
    return this.threshold === Infinity
      ? this.sumValuesBig(block.price, block.quantity, from, to)
      : this.sumValues(block.price, block.quantity, from, to);
  }

  private countRows(from: number, to: number): number {
    const end = Math.min(to, from + this.threshold - this.scanProgress);
    this.scanProgress += end - from;
    return end;
  }

  private countQuotes(bidPrice: Float64Array, askPrice: Float64Array, from: number, to: number): number {
    let progress = this.scanProgress;
    let row = from;
    for (; row < to && progress < this.threshold; row += 1) progress += bidPrice[row] !== 0 && askPrice[row] !== 0 ? 1 : 0;
    this.scanProgress = progress;
    return row;
  }

  /** Hot leaf. */
  private sum(quantity: Float64Array, from: number, to: number): number {
    const { threshold } = this;
    let progress = this.scanProgress;
    let row = from;
    for (; row < to && progress < threshold; row += 1) progress += quantity[row]!;
    this.scanProgress = progress;
    return row;
  }

  /**
   * Hot leaf. Exact though in doubles: the threshold is at most 2^53, and a product or sum below 2^53 is computed exactly, while one at or
   * above it is rounded to something at or above 2^53 and so reaches the threshold, as the true one does.
   */
  private sumValues(price: Float64Array, quantity: Float64Array, from: number, to: number): number {
    const { threshold } = this;
    let progress = this.scanProgress;
    let row = from;
    for (; row < to && progress < threshold; row += 1) progress += price[row]! * quantity[row]!;
    this.scanProgress = progress;
    return row;
  }

  /** For thresholds beyond 2^53, with bigint: exact, and some fifty times slower per row. */
  private sumValuesBig(price: Float64Array, quantity: Float64Array, from: number, to: number): number {
    const { thresholdBig } = this;
    let progress = this.scanProgressBig;
    let row = from;
    for (; row < to && progress < thresholdBig; row += 1) progress += BigInt(price[row]!) * BigInt(quantity[row]!);
    this.scanProgressBig = progress;
    return row;
  }
}

/** The threshold in what is counted: rows, counts of quantity, or Σ price × quantity. A value is reached when the sum is at or above it: rounded up. */
export function thresholdOf(specification: BarSpecification, instrument: Instrument): bigint {
  const step = BigInt(specification.step);
  switch (specification.unit) {
    case 'volume':
      return step * bigPowerOfTen(instrument.quantityDecimals);
    case 'value': {
      const money = step * bigPowerOfTen(instrument.quote.decimals);
      return (money + instrument.notionalFactor - 1n) / instrument.notionalFactor;
    }
    case 'tick':
    case 'time':
      return step;
    default:
      return unreachable(specification.unit);
  }
}

/** Ticks are ordered by when they became known, bars of a series by their close. */
function timesOf(block: BarInput): Float64Array {
  return block.kind === BlockKind.BARS ? block.tsEvent : block.tsInit;
}
