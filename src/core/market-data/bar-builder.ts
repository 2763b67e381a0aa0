import { assert, InvariantError } from '../../base/assert.ts';
import type { BarSpecification } from '../../model/bar-specification.ts';
import type { TradingCalendar } from '../../model/calendar.ts';
import { DAY_US } from '../../model/civil-date.ts';
import type { Instrument } from '../../model/instrument.ts';
import { CountBarBuilder, type CountBarBuilderState, thresholdOf } from './count-bar-builder.ts';
import { TimeBarBuilder, type TimeBarBuilderState } from './time-bar-builder.ts';
import { WeekBarBuilder, type WeekBarBuilderState } from './week-bar-builder.ts';

/** All builders follow one protocol; see {@link TimeBarBuilder}. */
export type BarBuilder = TimeBarBuilder | CountBarBuilder | WeekBarBuilder;

export type BarBuilderState = TimeBarBuilderState | CountBarBuilderState | WeekBarBuilderState;

interface BarBuilderOptions {
  readonly specification: BarSpecification;
  readonly instrument: Instrument;
  /** Null: no sessions, bars aligned to the epoch. */
  readonly calendar: TradingCalendar | null;
  /** The finer bars it builds from, where `specification.from` is `bars`. */
  readonly source?: BarSpecification;
  /** What an interval without a row gives (time bars): default `skip`. */
  readonly emptyBars?: 'skip' | 'repeat';
  /** See TimeBarOptions; default 0. */
  readonly lateAllowanceUs?: number;
}

/**
 * Why these bars cannot be built, as a sentence for people; null when they can. Asked before {@link makeBarBuilder}.
 *
 * @param source the finer bars, where the specification says `from: bars`
 */
export function barBuildProblem(specification: BarSpecification, instrument: Instrument, source?: BarSpecification): string | null {
  const { unit, text } = specification;
  if (unit === 'value' && instrument.isInverse) return `${text}: a contract of ${instrument.id} has a fixed value, use volume bars.`;
  if (unit === 'volume' && thresholdOf(specification, instrument) > BigInt(Number.MAX_SAFE_INTEGER)) {
    return `${text} passes 2^53 counts of ${instrument.id}'s quantity: use smaller bars or fewer quantityDecimals.`;
  }
  if (specification.from !== 'bars' || source === undefined || unit === 'volume') return null;
  if (source.unit !== 'time') return `Bars of ${source.text} have no fixed length: ${text} cannot be built from them.`;
  if (source.step < specification.step && specification.step % source.step === 0) return null;
  return `${text} is no multiple of ${source.text}: build it from finer bars, or from trades.`;
}

/**
 * The builder for a series.
 *
 * @throws InvariantError where {@link barBuildProblem} or the specification's own reader would have refused
 */
export function makeBarBuilder(options: BarBuilderOptions): BarBuilder {
  const { specification, instrument, calendar, source } = options;
  // Bars of a day or longer stand for trading days: the session that they cover counts, not their own edges.
  const coversDays = specification.from === 'bars' && source?.unit === 'time' && source.step >= DAY_US;
  if (specification.unit !== 'time') return new CountBarBuilder(specification, instrument, calendar, coversDays);
  if (coversDays && calendar !== null) {
    assert(options.emptyBars !== 'repeat', 'weeks without a day are left out');
    return new WeekBarBuilder({ specification, calendar, lateAllowanceUs: options.lateAllowanceUs ?? 0 });
  }
  return new TimeBarBuilder({
    specification,
    calendar,
    emptyBars: options.emptyBars ?? 'skip',
    lateAllowanceUs: options.lateAllowanceUs ?? 0,
  });
}

/** Goes on where a builder of the same series left off. */
export function loadBarBuilder(builder: BarBuilder, state: BarBuilderState): void {
  if (builder instanceof TimeBarBuilder && state.kind === 'time') builder.loadState(state);
  else if (builder instanceof CountBarBuilder && state.kind === 'count') builder.loadState(state);
  else if (builder instanceof WeekBarBuilder && state.kind === 'week') builder.loadState(state);
  else throw new InvariantError(`bars of ${builder.specification.text} were not built as ${state.kind} bars`);
}
