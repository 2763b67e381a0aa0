import { assert } from '../../base/assert.ts';
import { lowerBound } from '../../base/sorted-search.ts';
import type { BarBlock } from '../../model/blocks.ts';
import { type BarSpecification, WEEK_US } from '../../model/bar-specification.ts';
import type { TradingCalendar } from '../../model/calendar.ts';
import { DAY_US, mondayOf, weekNumberOf } from '../../model/civil-date.ts';
import type { DataGap } from '../../model/events.ts';
import { BarAccumulator, type BarAccumulatorState, type BarInput } from './bar-accumulator.ts';
import { coveredDay } from './covered-day.ts';
import { GapMarks, type GapMarksState } from './gap-marks.ts';

interface WeekBarOptions {
  readonly specification: BarSpecification;
  readonly calendar: TradingCalendar;
  /** See TimeBarOptions. */
  readonly lateAllowanceUs: number;
}

export interface WeekBarBuilderState {
  readonly kind: 'week';
  readonly nextCloseTs: number;
  readonly isComplete: boolean;
  readonly wasGapped: boolean;
  readonly outOfSessionCount: number;
  readonly lateRowCount: number;
  readonly isBuilding: boolean;
  readonly week: number;
  readonly startTs: number;
  readonly closeTs: number;
  readonly isGapped: boolean;
  readonly bar: BarAccumulatorState;
  readonly gaps: GapMarksState;
}

/**
 * Builds weekly bars from daily ones under a calendar with sessions.
 *
 * A daily bar belongs to the week of the trading day that it covers, wherever its own edges lie: those from midnight to midnight end hours
 * after the session. So the week ends with the last daily bar that belongs to it, not with its last session: before that
 * bar has closed its price is not known. Where that bar is missing, the week ends when it would have closed.
 *
 * Protocol: that of the TimeBarBuilder.
 */
export class WeekBarBuilder {
  /** The engine closes the bar before it handles an input at or past this time; Infinity while no bar is under construction. */
  nextCloseTs = Infinity;
  /** True when the last accumulated row completed the bar. */
  isComplete = false;
  /** Whether the bar that was taken last touches missing data. */
  wasGapped = false;
  /** Daily bars left out because they cover no session. */
  outOfSessionCount = 0;
  /** Daily bars that came after their week was closed, or before the one under construction was; they are left out. */
  lateRowCount = 0;
  readonly specification: BarSpecification;
  private readonly bar = new BarAccumulator();
  private readonly calendar: TradingCalendar;
  private readonly closeDelayUs: number;
  private readonly gaps = new GapMarks();
  private isBuilding = false;
  /** The week under construction, or the last one that was taken. */
  private week = -Infinity;
  private startTs = 0;
  private closeTs = 0;
  private isGapped = false;

  constructor(options: WeekBarOptions) {
    const { specification, calendar, lateAllowanceUs } = options;
    assert(specification.unit === 'time' && specification.step === WEEK_US, 'a week bar builder builds weekly bars');
    this.specification = specification;
    this.calendar = calendar;
    this.closeDelayUs = lateAllowanceUs + 1;
  }

  /** The row after the last one that may be accumulated before a bar must be taken. Pure. */
  scan(block: BarInput, from: number, to: number): number {
    let isBuilding = this.isBuilding;
    let { week } = this;
    for (let row = from; row < to; row += 1) {
      const rowWeek = this.weekOf(block, row);
      if (rowWeek === null || (isBuilding ? rowWeek < week : rowWeek <= week)) continue;
      if (isBuilding && rowWeek > week) return row;
      isBuilding = true;
      week = rowWeek;
      if (block.tsEvent[row]! >= this.lastCloseOf(week, block.tsEvent[row]!)) return row + 1;
    }
    return to;
  }

  /** Takes rows [from, to) in, no further than `scan` said. */
  accumulate(block: BarInput, from: number, to: number): void {
    assert(!this.isComplete, 'a complete bar is taken before the next row');
    for (let row = from; row < to; row += 1) {
      const week = this.weekOf(block, row);
      if (week === null) this.outOfSessionCount += 1;
      else if (this.isBuilding ? week !== this.week : week <= this.week) this.lateRowCount += 1;
      else this.add(block, row, week);
    }
  }

  /** Data is missing: bars that touch the span are marked when they are taken. */
  markGap(gap: DataGap): void {
    this.gaps.add(gap);
    if (this.isBuilding && this.gaps.touches(this.startTs, this.closeTs)) this.isGapped = true;
  }

  /** Appends the finished bar to `out`. */
  take(out: BarBlock): void {
    assert(this.isBuilding, 'only a bar under construction can be taken');
    const { bar, closeTs } = this;
    bar.writeTo(out, this.startTs, closeTs, this.isComplete ? bar.lastTsInit : closeTs + this.closeDelayUs - 1);
    this.wasGapped = this.isGapped;
    bar.reset();
    this.isGapped = false;
    this.isBuilding = false;
    this.isComplete = false;
    this.nextCloseTs = Infinity;
  }

  saveState(): WeekBarBuilderState {
    const { nextCloseTs, isComplete, wasGapped, outOfSessionCount, lateRowCount, isBuilding, week, startTs, closeTs, isGapped } = this;
    return {
      kind: 'week',
      nextCloseTs,
      isComplete,
      wasGapped,
      outOfSessionCount,
      lateRowCount,
      isBuilding,
      week,
      startTs,
      closeTs,
      isGapped,
      bar: this.bar.saveState(),
      gaps: this.gaps.saveState(),
    };
  }

  loadState(state: WeekBarBuilderState): void {
    this.nextCloseTs = state.nextCloseTs;
    this.isComplete = state.isComplete;
    this.wasGapped = state.wasGapped;
    this.outOfSessionCount = state.outOfSessionCount;
    this.lateRowCount = state.lateRowCount;
    this.isBuilding = state.isBuilding;
    this.week = state.week;
    this.startTs = state.startTs;
    this.closeTs = state.closeTs;
    this.isGapped = state.isGapped;
    this.bar.loadState(state.bar);
    this.gaps.loadState(state.gaps);
  }

  private add(block: BarInput, row: number, week: number): void {
    const closeTs = block.tsEvent[row]!;
    if (!this.isBuilding) {
      this.isBuilding = true;
      this.week = week;
      this.startTs = Math.min(opensOf(block)[row]!, this.calendar.sessionOpen[this.lastSessionBefore(week) + 1]!);
    }
    this.bar.add(block, row, row + 1);
    // Anew with each row: where clocks change or days end early, the later row tells better when the last one will close.
    this.closeTs = this.lastCloseOf(week, closeTs);
    this.nextCloseTs = this.closeTs + this.closeDelayUs;
    this.isComplete = closeTs >= this.closeTs;
    this.isGapped ||= this.gaps.touches(this.startTs, this.closeTs);
  }

  private weekOf(block: BarInput, row: number): number | null {
    const day = coveredDay(this.calendar, opensOf(block)[row]!, block.tsEvent[row]!);
    return day < 0 ? null : weekNumberOf(day);
  }

  /** When the last daily bar of a week closes, as far as a row of that week tells: whole days after (or before) the row's own close. */
  private lastCloseOf(week: number, rowCloseTs: number): number {
    const { calendar } = this;
    const lastSessionClose = calendar.sessionClose[this.lastSessionBefore(week + 1)]!;
    let closeTs = rowCloseTs + Math.ceil((lastSessionClose - rowCloseTs) / DAY_US) * DAY_US;
    // The bar that holds the end of the week's last session may stand for the next trading day, which begins in it.
    while (closeTs > rowCloseTs && weekNumberOf(coveredDay(calendar, closeTs - DAY_US, closeTs)) > week) closeTs -= DAY_US;
    return Math.max(closeTs, rowCloseTs);
  }

  /** The last session of the weeks before `week`; −1 for none. */
  private lastSessionBefore(week: number): number {
    const { sessionDay } = this.calendar;
    return lowerBound(sessionDay, 0, sessionDay.length, mondayOf(week)) - 1;
  }
}

function opensOf(block: BarInput): Float64Array {
  assert('tsOpen' in block, 'weekly bars are built from bars');
  return block.tsOpen;
}
