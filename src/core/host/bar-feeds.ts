import { assert, unreachable } from '../../base/assert.ts';
import { type BarSpecification, everyName, isBarSpecificationRefusal, parseBarSpecification } from '../../model/bar-specification.ts';
import { type BarBlock, BlockKind, makeBarBlock, type MarketBlock } from '../../model/blocks.ts';
import type { TradingCalendar } from '../../model/calendar.ts';
import type { DataGap } from '../../model/events.ts';
import type { Instrument, InstrumentIndex } from '../../model/instrument.ts';
import { barBuildProblem, type BarBuilder, type BarBuilderState, loadBarBuilder, makeBarBuilder } from '../market-data/bar-builder.ts';
import type { MarketDataCache } from '../market-data/market-data-cache.ts';
import { streamKey, Subscriptions, type SubscriptionsState } from '../market-data/subscriptions.ts';
import type { BarSource, SeriesIndex, Strategy } from '../strategy/strategy.ts';
import { StrategyMistake } from '../strategy/strategy-mistake.ts';

/** A series of bars that the run's data brings. */
interface RecordedSeries {
  readonly instrument: InstrumentIndex;
  readonly specification: BarSpecification;
}

export interface BarFeedsOptions {
  readonly instruments: readonly Instrument[];
  readonly calendars: readonly (TradingCalendar | null)[];
  /** `block.series` is the position here; built series come after them. */
  readonly series: readonly RecordedSeries[];
  /** What an instrument's data holds, for choosing what bars are built from. */
  readonly hasTrades: (instrument: InstrumentIndex) => boolean;
  readonly hasQuotes: (instrument: InstrumentIndex) => boolean;
}

/** A series under construction: what it is, and how far it has come. */
interface BuiltSeriesState {
  readonly instrument: InstrumentIndex;
  readonly every: string;
  readonly from: BarSpecification['from'];
  readonly builder: BarBuilderState;
}

export interface BarFeedsState {
  /** In the order in which they were asked for first. */
  readonly built: readonly BuiltSeriesState[];
  readonly subscriptions: SubscriptionsState;
}

/** A series under construction, and the one-row block its finished bar is handed out in. */
interface BuiltSeries {
  readonly instrument: InstrumentIndex;
  readonly specification: BarSpecification;
  readonly series: SeriesIndex;
  readonly builder: BarBuilder;
  /** Set where it is built from bars: the series of the finer bars. */
  readonly source: SeriesIndex | null;
  readonly block: BarBlock;
}

/** Series of bars that a run builds; what nobody subscribes to any more goes on being built, since another may want its history. */
export const BUILT_SERIES_MAX = 1024;

const NOTHING: readonly BuiltSeries[] = [];
const NO_BARS: readonly BarBlock[] = [];

/** The bar series of a run: which are recorded, which are built and from what, and who wants them. */
export class BarFeeds {
  /** The earliest close of a bar under construction; Infinity for none. */
  nextCloseTs = Number.POSITIVE_INFINITY;
  readonly subscriptions = new Subscriptions();
  private readonly options: BarFeedsOptions;
  private readonly cache: MarketDataCache;
  private readonly built: BuiltSeries[] = [];
  /** By what feeds them: instrument and kind of tick, or series of finer bars. */
  private readonly byTick = new Map<number, readonly BuiltSeries[]>();
  private readonly bySeries = new Map<SeriesIndex, readonly BuiltSeries[]>();
  /** What the rows in hand feed. A series that a handler subscribes to meanwhile begins with the row after them. */
  private feeding: readonly BuiltSeries[] = NOTHING;

  constructor(options: BarFeedsOptions, cache: MarketDataCache) {
    this.options = options;
    this.cache = cache;
    options.series.forEach(({ instrument }, series) => cache.addBarSeries(instrument, series));
  }

  /**
   * @returns the series that will carry these bars
   * @throws StrategyMistake with a sentence for the user where the bars cannot be had
   */
  subscribe(instrument: InstrumentIndex, every: string, from: BarSource, strategy: Strategy): SeriesIndex {
    const series = this.find(instrument, every, from);
    this.subscriptions.add(series, strategy);
    return series;
  }

  unsubscribe(series: SeriesIndex, strategy: Strategy): void {
    this.subscriptions.remove(series, strategy);
  }

  subscribers(series: SeriesIndex): readonly Strategy[] {
    return this.subscriptions.of(series);
  }

  /** The row after the last one that may be taken before a bar must be finished. */
  completionRow(block: MarketBlock, from: number, to: number): number {
    let limit = to;
    this.feeding = this.built.length === 0 ? NOTHING : this.fedBy(block);
    if (block.kind === BlockKind.QUOTE_BARS || block.kind === BlockKind.BOOK_DELTAS) return limit;
    const fed = this.feeding;
    for (let at = 0; at < fed.length; at += 1) limit = Math.min(limit, Math.max(fed[at]!.builder.scan(block, from, limit), from + 1));
    return limit;
  }

  /** Takes the rows that `completionRow` was asked about into the bars that they feed. @returns the bars that they completed, finest first */
  accumulate(block: MarketBlock, from: number, to: number): readonly BarBlock[] {
    const fed = this.feeding;
    if (fed.length === 0 || block.kind === BlockKind.QUOTE_BARS || block.kind === BlockKind.BOOK_DELTAS) return NO_BARS;
    const finished: BarBlock[] = [];
    for (const series of fed) {
      series.builder.accumulate(block, from, to);
      if (series.builder.isComplete) this.finish(series, finished);
    }
    this.findNextClose();
    return finished;
  }

  /** Finishes the bars that close at `nextCloseTs`, and what they complete in turn. */
  close(): readonly BarBlock[] {
    const finished: BarBlock[] = [];
    for (const series of this.built) if (series.builder.nextCloseTs === this.nextCloseTs) this.finish(series, finished);
    this.findNextClose();
    return finished;
  }

  onGap(gap: DataGap): void {
    for (const { instrument, builder } of this.built) if (instrument === gap.instrument) builder.markGap(gap);
  }

  /** What built bars leave out, a sentence per series: alerted once, at the end, when the counts are known. */
  leftOut(): readonly string[] {
    return this.built.flatMap(({ instrument, specification, builder }) => {
      const { outOfSessionCount, lateRowCount } = builder;
      if (outOfSessionCount + lateRowCount === 0) return [];
      const calendar = this.options.calendars[instrument];
      const reasons = [
        ...(outOfSessionCount > 0 ? [`${outOfSessionCount} outside the sessions of ${calendar?.name ?? 'its calendar'}`] : []),
        ...(lateRowCount > 0 ? [`${lateRowCount} that came after their bar was closed`] : []),
      ];
      const rows = specification.from === 'bars' ? 'finer bars' : specification.from;
      return [`${this.options.instruments[instrument]!.id}: bars of ${specification.text} leave out ${rows}: ${reasons.join(', ')}.`];
    });
  }

  /** @param strategies of the run, in their order */
  saveState(strategies: readonly Strategy[]): BarFeedsState {
    return {
      built: this.built.map(({ instrument, specification: { text, from }, builder }) => ({
        instrument,
        every: text,
        from,
        builder: builder.saveState(),
      })),
      subscriptions: this.subscriptions.saveState(strategies),
    };
  }

  /** Of feeds with the same options that nobody has asked for bars. */
  loadState({ built, subscriptions }: BarFeedsState, strategies: readonly Strategy[]): void {
    assert(this.built.length === 0, 'the bars of a run are loaded before any are built');
    for (const { instrument, every, from, builder } of built) {
      const series = this.build(instrument, parsed(every, from));
      loadBarBuilder(this.built[series - this.options.series.length]!.builder, builder);
    }
    this.findNextClose();
    this.subscriptions.loadState(subscriptions, strategies);
  }

  private finish(series: BuiltSeries, finished: BarBlock[]): void {
    const { block, builder } = series;
    block.length = 0;
    builder.take(block);
    block.isGapped = builder.wasGapped;
    finished.push(block);
    for (const coarser of this.bySeries.get(series.series) ?? NOTHING) {
      coarser.builder.accumulate(block, 0, 1);
      if (coarser.builder.isComplete) this.finish(coarser, finished);
    }
  }

  private fedBy(block: MarketBlock): readonly BuiltSeries[] {
    switch (block.kind) {
      case BlockKind.TRADES:
      case BlockKind.QUOTES:
        return this.byTick.get(streamKey(block.instrument, block.kind)) ?? NOTHING;
      case BlockKind.BARS:
        return this.bySeries.get(block.series) ?? NOTHING;
      case BlockKind.QUOTE_BARS:
      case BlockKind.BOOK_DELTAS:
        return NOTHING;
      default:
        return unreachable(block);
    }
  }

  private findNextClose(): void {
    this.nextCloseTs = Number.POSITIVE_INFINITY;
    for (const { builder } of this.built) this.nextCloseTs = Math.min(this.nextCloseTs, builder.nextCloseTs);
  }

  private find(instrument: InstrumentIndex, every: string, from: BarSource): SeriesIndex {
    if (from === 'auto' || from === 'bars') {
      // Recorded series may have lengths that cannot be built, such as months: `1M` and `1mo` are one name.
      const name = everyName(every);
      const recorded = this.options.series.findIndex(
        (series) => series.instrument === instrument && everyName(series.specification.text) === name,
      );
      if (recorded >= 0) return recorded;
    }
    const text = parsed(every, 'trades').text;
    const source = from === 'auto' ? this.chooseSource(instrument, every) : from;
    const known = this.built.find(
      (series) => series.instrument === instrument && series.specification.text === text && series.specification.from === source,
    );
    return known === undefined ? this.build(instrument, parsed(every, source)) : known.series;
  }

  private chooseSource(instrument: InstrumentIndex, every: string): Exclude<BarSource, 'auto'> {
    const { id } = this.options.instruments[instrument]!;
    if (this.options.hasTrades(instrument)) return 'trades';
    if (this.finerSeries(instrument, parsed(every, 'trades')) >= 0) return 'bars';
    if (this.options.hasQuotes(instrument)) return 'quotes';
    const series = this.options.series
      .filter((candidate) => candidate.instrument === instrument)
      .map((candidate) => candidate.specification.text);
    throw new StrategyMistake(
      'STRATEGY_MISTAKE',
      `bars of ${every} cannot be had for ${id}: the run's data has ${series.length === 0 ? 'no ticks and no bars of it' : `bars of ${series.join(', ')}, and these are no multiple of any`}`,
    );
  }

  private build(instrument: InstrumentIndex, specification: BarSpecification): SeriesIndex {
    if (this.built.length === BUILT_SERIES_MAX)
      throw new StrategyMistake(
        'STRATEGY_MISTAKE',
        `bars of ${specification.text}: a run builds at most ${BUILT_SERIES_MAX} series (BUILT_SERIES_MAX)`,
      );
    const series = this.options.series.length + this.built.length;
    const source = specification.from === 'bars' ? this.finerSeries(instrument, specification) : null;
    const known = this.options.instruments[instrument]!;
    if (source === -1)
      throw new StrategyMistake(
        'STRATEGY_MISTAKE',
        `bars of ${specification.text} cannot be built for ${known.id}: the run has no finer bars that fit into them evenly`,
      );
    const problem = barBuildProblem(specification, known, source === null ? undefined : this.specificationOf(source));
    if (problem !== null)
      throw new StrategyMistake('STRATEGY_MISTAKE', `bars of ${specification.text} cannot be built for ${known.id}: ${problem}`);
    const entry: BuiltSeries = {
      instrument,
      specification,
      series,
      source,
      builder: makeBarBuilder({
        specification,
        instrument: known,
        calendar: this.options.calendars[instrument]!,
        ...(source === null ? {} : { source: this.specificationOf(source) }),
      }),
      block: makeBarBlock(instrument, series, 1),
    };
    this.built.push(entry);
    this.cache.addBarSeries(instrument, series);
    if (source !== null) this.bySeries.set(source, [...(this.bySeries.get(source) ?? NOTHING), entry]);
    else {
      const key = streamKey(instrument, specification.from === 'trades' ? BlockKind.TRADES : BlockKind.QUOTES);
      this.byTick.set(key, [...(this.byTick.get(key) ?? NOTHING), entry]);
    }
    return series;
  }

  /** The coarsest recorded series that bars of `specification` can be built from; −1 for none. */
  private finerSeries(instrument: InstrumentIndex, specification: BarSpecification): SeriesIndex {
    let best = -1;
    this.options.series.forEach((candidate, series) => {
      if (candidate.instrument !== instrument) return;
      if (barBuildProblem({ ...specification, from: 'bars' }, this.options.instruments[instrument]!, candidate.specification) !== null)
        return;
      if (best < 0 || candidate.specification.step > this.specificationOf(best).step) best = series;
    });
    return best;
  }

  private specificationOf(series: SeriesIndex): BarSpecification {
    return (this.options.series[series] ?? this.built[series - this.options.series.length]!).specification;
  }
}

function parsed(every: string, from: Exclude<BarSource, 'auto'>): BarSpecification {
  const specification = parseBarSpecification(every, from);
  if (isBarSpecificationRefusal(specification))
    throw new StrategyMistake('STRATEGY_MISTAKE', `bars of "${every}": ${specification.reason}`);
  return specification;
}
