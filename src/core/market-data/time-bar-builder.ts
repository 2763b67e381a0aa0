import { assert } from '../../base/assert.ts';
import { lowerBoundLastFirst } from '../../base/sorted-search.ts';
import { type BarBlock, BlockKind } from '../../model/blocks.ts';
import type { BarSpecification } from '../../model/bar-specification.ts';
import type { TradingCalendar } from '../../model/calendar.ts';
import type { DataGap } from '../../model/events.ts';
import { BarAccumulator, type BarAccumulatorState, type BarInput } from './bar-accumulator.ts';
import { BarIntervals, type BarIntervalsState } from './bar-intervals.ts';
import { GapMarks, type GapMarksState } from './gap-marks.ts';
import { SessionCursor, type SessionCursorState } from './session-cursor.ts';

interface TimeBarOptions {
  readonly specification: BarSpecification;
  /** Aligns bars to sessions and leaves rows outside them out; null aligns to the epoch. */
  readonly calendar: TradingCalendar | null;
  /** `skip`: an interval without a row gives no bar. `repeat`: it gives a flat bar at the last close, volume 0, from the first bar on. */
  readonly emptyBars: 'skip' | 'repeat';
  /** From bars only: how long after its close a bar waits for the last finer bar to arrive. Microseconds, 0 in recorded data. */
  readonly lateAllowanceUs: number;
}

export interface TimeBarBuilderState {
  readonly kind: 'time';
  readonly nextCloseTs: number;
  readonly isComplete: boolean;
  readonly wasGapped: boolean;
  readonly outOfSessionCount: number;
  readonly lateRowCount: number;
  readonly isBuilding: boolean;
  readonly startTs: number;
  readonly closeTs: number;
  readonly isGapped: boolean;
  readonly bar: BarAccumulatorState;
  readonly sessions: SessionCursorState;
  readonly intervals: BarIntervalsState;
  readonly gaps: GapMarksState;
}

/**
 * Builds time bars.
 *
 * Ticks belong to the interval in which they became known (tsInit), [start, close): when time reaches the close the bar is complete and a
 * later tick cannot change it. Finer bars belong by their own close (tsEvent) to (start, close], and complete the bar when one
 * closes with it.
 *
 * Protocol: `end = scan(block, from, to)`; `accumulate(block, from, end)`; then `take` if `isComplete`, and `take` before any input whose
 * tsInit is at or past `nextCloseTs`. `scan` answers `from` itself when the bar must be taken first.
 */
export class TimeBarBuilder {
  /** The engine closes the bar before it handles an input at or past this time; Infinity while no bar is under construction. */
  nextCloseTs = Infinity;
  /** True when the last accumulated row completed the bar (bars from bars only). */
  isComplete = false;
  /** Whether the bar that was taken last touches missing data. */
  wasGapped = false;
  /** Rows left out because no session was open. */
  outOfSessionCount = 0;
  /** Finer bars that came after their bar was closed; they are left out. */
  lateRowCount = 0;
  readonly specification: BarSpecification;
  private readonly bar = new BarAccumulator();
  private readonly sessions: SessionCursor;
  private readonly intervals: BarIntervals;
  private readonly gaps = new GapMarks();
  private readonly repeats: boolean;
  /** Bars carry their close as time, and it belongs to them: they are looked up a microsecond earlier. */
  private readonly shiftUs: number;
  private readonly closeDelayUs: number;
  private isBuilding = false;
  private startTs = 0;
  private closeTs = -Infinity;
  private isGapped = false;

  constructor(options: TimeBarOptions) {
    const { specification, calendar } = options;
    assert(specification.unit === 'time', 'a time bar builder builds time bars');
    const isFromBars = specification.from === 'bars';
    this.specification = specification;
    this.sessions = new SessionCursor(calendar);
    this.intervals = new BarIntervals(specification.step, calendar);
    this.repeats = options.emptyBars === 'repeat';
    this.shiftUs = isFromBars ? 1 : 0;
    this.closeDelayUs = isFromBars ? options.lateAllowanceUs + 1 : 0;
  }

  /** The row after the last one that may be accumulated before a bar must be taken. Pure: what it looks up is only remembered. */
  scan(block: BarInput, from: number, to: number): number {
    const times = timesOf(block);
    const { shiftUs } = this;
    if (this.isBuilding) return lowerBoundLastFirst(times, from, to, this.closeTs + shiftUs);
    let row = from;
    while (row < to) {
      const ts = times[row]! - shiftUs;
      if (this.sessions.locate(ts)) {
        if (!this.intervals.locate(ts) || this.intervals.endTs > this.closeTs) break;
        row += 1;
      } else {
        row = lowerBoundLastFirst(times, row, to, this.sessions.openTs + shiftUs);
      }
    }
    return row === to ? to : lowerBoundLastFirst(times, row, to, this.intervals.endTs + shiftUs);
  }

  /** Takes rows [from, to) in, no further than `scan` said. Hot: the work is in leaf loops. */
  accumulate(block: BarInput, from: number, to: number): void {
    if (from >= to) return;
    assert(!this.isComplete, 'a complete bar is taken before the next row');
    const times = timesOf(block);
    const { shiftUs, sessions } = this;
    assert(!this.isBuilding || times[to - 1]! - shiftUs < this.closeTs, 'rows at or past the close wait until the bar is taken');
    let row = from;
    while (row < to) {
      const ts = times[row]! - shiftUs;
      if (!sessions.locate(ts)) {
        const next = lowerBoundLastFirst(times, row, to, sessions.openTs + shiftUs);
        this.outOfSessionCount += next - row;
        row = next;
        continue;
      }
      if (!this.begin(ts)) {
        this.lateRowCount += 1;
        row += 1;
        continue;
      }
      const end = lowerBoundLastFirst(times, row, to, Math.min(sessions.closeTs, this.intervals.endTs) + shiftUs);
      this.bar.add(block, row, end);
      row = end;
      if (!this.isBuilding && this.bar.rowCount > 0) this.open();
    }
    this.isComplete = shiftUs === 1 && this.isBuilding && this.bar.rowCount > 0 && times[to - 1] === this.closeTs;
  }

  /** Data is missing: bars that touch the span are marked when they are taken. */
  markGap(gap: DataGap): void {
    this.gaps.add(gap);
    if (this.isBuilding && this.gaps.touches(this.startTs, this.closeTs)) this.isGapped = true;
  }

  /** Appends the finished bar to `out`. With `repeat` the next interval begins at once. */
  take(out: BarBlock): void {
    assert(this.isBuilding, 'only a bar under construction can be taken');
    const { bar, closeTs } = this;
    const isFromBars = this.shiftUs === 1;
    const tsInit = isFromBars ? (this.isComplete ? bar.lastTsInit : closeTs + this.closeDelayUs - 1) : closeTs;
    bar.writeTo(out, this.startTs, closeTs, tsInit);
    this.wasGapped = this.isGapped;
    bar.reset();
    this.isBuilding = false;
    this.isComplete = false;
    this.nextCloseTs = Infinity;
    if (!this.repeats) return;
    const next = this.intervals.nextStart(closeTs);
    if (next !== Infinity && this.intervals.locate(next)) this.open();
  }

  saveState(): TimeBarBuilderState {
    const { nextCloseTs, isComplete, wasGapped, outOfSessionCount, lateRowCount, isBuilding, startTs, closeTs, isGapped } = this;
    return {
      kind: 'time',
      nextCloseTs,
      isComplete,
      wasGapped,
      outOfSessionCount,
      lateRowCount,
      isBuilding,
      startTs,
      closeTs,
      isGapped,
      bar: this.bar.saveState(),
      sessions: this.sessions.saveState(),
      intervals: this.intervals.saveState(),
      gaps: this.gaps.saveState(),
    };
  }

  loadState(state: TimeBarBuilderState): void {
    this.nextCloseTs = state.nextCloseTs;
    this.isComplete = state.isComplete;
    this.wasGapped = state.wasGapped;
    this.outOfSessionCount = state.outOfSessionCount;
    this.lateRowCount = state.lateRowCount;
    this.isBuilding = state.isBuilding;
    this.startTs = state.startTs;
    this.closeTs = state.closeTs;
    this.isGapped = state.isGapped;
    this.bar.loadState(state.bar);
    this.sessions.loadState(state.sessions);
    this.intervals.loadState(state.intervals);
    this.gaps.loadState(state.gaps);
  }

  /** Finds the interval of a row that is to be added; false where its bar has been closed already. */
  private begin(ts: number): boolean {
    if (this.isBuilding) return ts >= this.startTs;
    return this.intervals.locate(ts) && this.intervals.endTs > this.closeTs;
  }

  private open(): void {
    this.isBuilding = true;
    this.startTs = this.intervals.startTs;
    this.closeTs = this.intervals.endTs;
    this.nextCloseTs = this.closeTs + this.closeDelayUs;
    this.isGapped = this.gaps.touches(this.startTs, this.closeTs);
  }
}

/** Ticks are ordered by when they became known, bars of a series by their close. */
function timesOf(block: BarInput): Float64Array {
  return block.kind === BlockKind.BARS ? block.tsEvent : block.tsInit;
}
