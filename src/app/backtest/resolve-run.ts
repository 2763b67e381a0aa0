import type { MarketDataLimits } from '../../core/market-data/market-data-manager.ts';
import { HISTORY_ROWS_DEFAULT } from '../../core/market-data/ring-position.ts';
import { createHash } from 'node:crypto';
import { coverText } from './data-cover.ts';
import type { RunSpan, SourceReader } from './data-source.ts';
import { type DataStream, dataStreams } from './data-streams.ts';
import { riskLimits } from './risk-limits.ts';
import { runAccounts } from './run-accounts.ts';
import { checkCurrencies, conversionsOf, RunCurrencies } from './run-currencies.ts';
import { type RunInstruments, runInstruments } from './run-instruments.ts';
import { runStrategies, shippedPlaces, type StrategyFileLoader, type StrategySource } from './run-strategies.ts';
import { runVenues } from './run-venues.ts';
import { shippedCalendar, type ShippedCalendar } from '../../adapters/time-zones/shipped-calendars.ts';
import { isBarSpecificationRefusal, parseBarSpecification } from '../../model/bar-specification.ts';
import { BlockKind } from '../../model/blocks.ts';
import type { AccountEvent } from '../../model/events.ts';
import type { TradingCalendar } from '../../model/calendar.ts';
import type { Instrument } from '../../model/instrument.ts';
import { DAY_US, HOUR_US, SECOND_US, dayNumberOf } from '../../model/civil-date.ts';
import type { BarBlock } from '../../model/blocks.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import { InputError } from '../../ports/errors.ts';
import type { BacktestSpec } from '../../runtime/backtest-spec.ts';
import { BarsAsQuotes } from '../../runtime/bars-as-quotes.ts';
import type { EquitySampling } from '../../runtime/equity-sampler.ts';
import { PeekedReader } from '../../runtime/peeked-reader.ts';
import type { LoadedRunFile } from '../run-file/read-run-file.ts';
import { fillsAtOnce } from '../../sim/matching/fill-rules.ts';
import { VERSION } from '../version.ts';

/** A run file with everything behind its words: ready to run, again and again. */
export interface ResolvedRun {
  readonly loaded: LoadedRunFile;
  readonly known: RunInstruments;
  readonly streams: readonly DataStream[];
  readonly strategyNames: readonly string[];
  readonly strategySources: readonly StrategySource[];
  /** Names of the strategies' classes, as stack traces show them. */
  readonly classNames: readonly string[];
  /** Where the run file names each shipped strategy, by the name of its class. */
  readonly shippedAt: ReadonlyMap<string, string>;
  readonly parameters: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** By instrument: market orders wait for the next bar, so that a fill at the stamp of one bar's close belongs to the bar after it. */
  readonly fillsAtNextBar: readonly boolean[];
  /** From what goes in: run file, strategies, data. */
  readonly runId: string;
  /** What was assumed because nothing said so; for people. */
  readonly assumed: readonly string[];
  /** Opens the data; call once per run. @param options `liveFromTs`: nothing is opened, data comes live from then on */
  open(options?: { readonly stepRowsMax?: number; readonly liveFromTs?: number }): OpenedRun;
}

export interface OpenedRun {
  readonly spec: BacktestSpec;
  /** When the data begins, microseconds since the epoch. */
  readonly startTs: number;
  /** When it is known to end, or null. */
  readonly endTs: number | null;
  /** Share of the input read, where files say so; null where they do not. */
  progress(): number | null;
  /** Rows that the readers have left out because of a defect, by code (`onDefect: skip`). */
  skippedRows(): Readonly<Record<string, number>>;
}

/** Where nothing is said, equity is written down this often in runs with order books, and with other ticks. */
const BOOK_SAMPLE_US = SECOND_US;
const TICK_SAMPLE_US = HOUR_US;
const STEP_ROWS_MAX = 8192;
/** Calendars are built from a week before the data to this day: later sessions are not asked for. */
export const CALENDAR_DAY_TO = dayNumberOf(2051, 1, 1);
export const CALENDAR_MARGIN_DAYS = 8;
const RUN_ID_CHARACTERS = 16;

/**
 * Checks everything that a run file says and finds everything that it names; no data is read before all of it holds.
 *
 * @throws InputError with the problems of the first stage that has any
 */
export async function resolveRun(loaded: LoadedRunFile, loadFile: StrategyFileLoader): Promise<ResolvedRun> {
  const { run } = loaded;
  const span: RunSpan = { fromTs: run.period?.from ?? null, toTs: run.period?.to ?? null };
  checkPeriod(loaded, span);
  const known = runInstruments(loaded);
  const accounts = runAccounts(loaded, known);
  const strategies = await runStrategies(loaded, known, loadFile);
  const currencies = new RunCurrencies(loaded, known.instruments);
  checkCurrencies(currencies, accounts.accounts, known.instruments);
  const streams = dataStreams(loaded, known.instruments, span);
  const { venues, assumed, identities } = runVenues(loaded, known, streams);
  const strategyNames = strategies.slots.map((slot) => slot.name);
  const limits = riskLimits(loaded, known, strategies.slots, currencies);
  const sampling = samplingOf(loaded, streams);
  const series = streams
    .filter((stream) => stream.kind === BlockKind.BARS)
    .map((stream) => ({ instrument: stream.instrument, specification: stream.specification! }));
  const identity = identityOf(loaded, known, [...strategies.identities.map((text) => `strategy ${text}`), ...identities], streams);
  const open: ResolvedRun['open'] = ({ stepRowsMax = STEP_ROWS_MAX, liveFromTs } = {}) => {
    const { readers, sources, startTs }: OpenStreams =
      liveFromTs === undefined ? openStreams(loaded, known.instruments, streams, span) : { readers: [], sources: [], startTs: liveFromTs };
    const calendars = calendarsOf(loaded, known, startTs);
    const has = (kind: BlockKind) => hasStream(streams, kind);
    const spec: BacktestSpec = {
      name: run.name,
      identity,
      venues,
      fees: known.fees,
      streams: readers,
      sampling,
      atEnd: run.atEnd ?? 'leaveOpen',
      accountEvents: accountEventsOf(streams, startTs),
      stepRowsMax,
      engine: {
        instruments: known.instruments,
        calendars,
        accounts: accounts.accounts,
        weightBufferPpb: accounts.weightBufferPpb,
        series,
        conversions: conversionsOf(known.instruments),
        hasTrades: has(BlockKind.TRADES),
        hasQuotes: has(BlockKind.QUOTES),
        hasBookDeltas: has(BlockKind.BOOK_DELTAS),
        strategies: strategies.slots,
        limits,
        startTs,
        tradingFromTs: run.period?.tradeFrom ?? startTs,
        marketData: marketDataLimits(run),
        historyRows: run.history ?? HISTORY_ROWS_DEFAULT,
      },
    };
    return { spec, startTs, endTs: span.toTs, progress: () => meanProgress(sources), skippedRows: () => skippedRowsOf(sources) };
  };
  return {
    loaded,
    known,
    streams,
    strategyNames,
    strategySources: strategies.sources,
    fillsAtNextBar: fillsAtNextBar(venues, known, sampling),
    open,
    classNames: strategies.slots.map((slot) => slot.strategyClass.name),
    shippedAt: shippedPlaces(loaded),
    parameters: Object.fromEntries(strategies.slots.map((slot) => [slot.name, slot.parameters])),
    runId: createHash('sha256').update(identity.join('\n')).digest('hex').slice(0, RUN_ID_CHARACTERS),
    assumed: [...streams.flatMap((stream) => stream.source.assumed), ...assumed],
  };
}

function hasStream(streams: readonly DataStream[], kind: BlockKind): (instrument: number) => boolean {
  return (instrument) => streams.some((stream) => stream.instrument === instrument && stream.kind === kind);
}

function marketDataLimits({ marketData }: LoadedRunFile['run']): MarketDataLimits {
  return {
    gapMaxUs: marketData?.gapMax ?? Number.POSITIVE_INFINITY,
    ageMaxUs: marketData?.ageMax ?? Number.POSITIVE_INFINITY,
    checksIncrement: marketData?.checkTickSize ?? false,
    bookCrossedMaxUs: marketData?.bookCrossedMax ?? 0,
  };
}

/** What the run is made of, in words. */
function identityOf(
  loaded: LoadedRunFile,
  known: RunInstruments,
  parts: readonly string[],
  streams: readonly DataStream[],
): readonly string[] {
  return [
    `quanthybrid ${VERSION}`,
    canonicalRunFile(loaded),
    ...parts,
    ...streams.map((stream) => `data ${known.instruments[stream.instrument]!.id} ${stream.source.identity()}`),
  ];
}

function fillsAtNextBar(venues: BacktestSpec['venues'], known: RunInstruments, sampling: EquitySampling): readonly boolean[] {
  const rules = venues.flatMap((venue) => venue.instruments);
  return known.instruments.map(
    (instrument) => sampling.kind === 'bar' && !fillsAtOnce(rules.find((rule) => rule.instrument === instrument)!.rules.market),
  );
}

function accountEventsOf(streams: readonly DataStream[], startTs: number): readonly AccountEvent[] {
  const events = streams.flatMap((stream) => stream.source.accountEvents()).filter((event) => event.tsInit >= startTs);
  return events.sort((a, b) => a.tsInit - b.tsInit || rankOf(a.kind) - rankOf(b.kind));
}

/** A split comes before a dividend of the same instant. */
function rankOf(kind: string): number {
  return kind === 'SplitEffective' ? 0 : kind === 'DividendPaid' ? 1 : 2;
}

function checkPeriod(loaded: LoadedRunFile, span: RunSpan): void {
  const tradeFrom = loaded.run.period?.tradeFrom ?? null;
  if (span.fromTs !== null && span.toTs !== null && span.fromTs >= span.toTs) {
    throw new InputError([loaded.problem('RUN_FILE_INVALID', ['period'], 'The period ends before it begins.', 'Give a later to:.')]);
  }
  if (tradeFrom !== null && ((span.fromTs !== null && tradeFrom < span.fromTs) || (span.toTs !== null && tradeFrom >= span.toTs))) {
    throw new InputError([
      loaded.problem('RUN_FILE_INVALID', ['period', 'tradeFrom'], 'Trading begins outside the period.', 'Give a time between from and to.'),
    ]);
  }
}

function samplingOf(loaded: LoadedRunFile, streams: readonly DataStream[]): EquitySampling {
  const every = loaded.run.equity?.every;
  const hasBars = streams.some((stream) => stream.kind === BlockKind.BARS || stream.kind === BlockKind.QUOTE_BARS);
  const hasBooks = streams.some((stream) => stream.kind === BlockKind.BOOK_DELTAS);
  if (every === undefined) return hasBars ? { kind: 'bar' } : { kind: 'interval', everyUs: hasBooks ? BOOK_SAMPLE_US : TICK_SAMPLE_US };
  if (every === 'bar') {
    if (hasBars) return { kind: 'bar' };
    throw new InputError([
      loaded.problem('RUN_FILE_INVALID', ['equity', 'every'], 'The run has no recorded bars.', 'Write an interval: 1m, 1h or 1d.'),
    ]);
  }
  const parsed = parseBarSpecification(every);
  if (!isBarSpecificationRefusal(parsed) && parsed.unit === 'time') return { kind: 'interval', everyUs: parsed.step };
  throw new InputError([
    loaded.problem('RUN_FILE_INVALID', ['equity', 'every'], 'This is neither bar nor an interval of time.', 'Write bar, 1m, 1h or 1d.'),
  ]);
}

function skippedRowsOf(sources: readonly SourceReader[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { counters } of sources) for (const [code, count] of counters?.skippedByCode ?? []) counts[code] = (counts[code] ?? 0) + count;
  return counts;
}

interface OpenStreams {
  readonly readers: readonly BlockReader[];
  readonly sources: readonly SourceReader[];
  readonly startTs: number;
}

function openStreams(
  loaded: LoadedRunFile,
  instruments: readonly Instrument[],
  streams: readonly DataStream[],
  span: RunSpan,
): OpenStreams {
  const sources: SourceReader[] = [];
  const readers: PeekedReader[] = [];
  let opening = 0;
  try {
    for (const [index, stream] of streams.entries()) {
      opening = index;
      const source = stream.source.open(stream.series);
      sources.push(source);
      const peeked = new PeekedReader(stream.asQuotes ? new BarsAsQuotes(source as BlockReader<BarBlock>) : source);
      readers.push(peeked);
      if (peeked.firstTs === Number.POSITIVE_INFINITY) throw emptyProblem(loaded, instruments, index);
    }
  } catch (error) {
    for (const source of sources) source.close();
    throw error instanceof InputError ? withPlaces(error, loaded, opening) : error;
  }
  return { readers, sources, startTs: span.fromTs ?? Math.min(...readers.map((reader) => reader.firstTs)) };
}

/** A stream has no row in the period: its whole source is read to say which period it covers. */
function emptyProblem(loaded: LoadedRunFile, instruments: readonly Instrument[], index: number): InputError {
  const isCut = loaded.run.period !== undefined && loaded.run.data[index]!.generated === undefined;
  const whole = isCut ? dataStreams(onlyStream(loaded, index), instruments, { fromTs: null, toTs: null })[0]! : null;
  const cover = whole === null ? '' : ` ${coverText(() => whole.source.open(0))}`;
  const rule = `This stream has no row in the period of the run.${cover}`;
  const fix = 'Give a period that the data covers, or check that the source is the right one.';
  return new InputError([loaded.problem('DATA_EMPTY', ['data', index], rule, fix)]);
}

/** The run with this stream alone. */
function onlyStream(loaded: LoadedRunFile, index: number): LoadedRunFile {
  return { ...loaded, run: { ...loaded.run, data: [loaded.run.data[index]!] } };
}

/** What a loader refuses in the description of a file stands in the run file: it is told with the entry's line. */
function withPlaces({ problems }: InputError, loaded: LoadedRunFile, index: number): InputError {
  const entry = loaded.run.data[index];
  const source = (['csv', 'lean', 'recording', 'store', 'generated', 'live'] as const).find((key) => entry?.[key] !== undefined);
  const path = source === undefined ? ['data', index] : ['data', index, source];
  return new InputError(
    problems.map((problem) =>
      problem.file === undefined ? { ...loaded.problem(problem.code, path, problem.rule, problem.fix), ...problem } : problem,
    ),
  );
}

function calendarsOf(loaded: LoadedRunFile, known: RunInstruments, startTs: number): readonly (TradingCalendar | null)[] {
  const made = new Map<string, TradingCalendar>();
  return known.instruments.map((instrument) => {
    if (instrument.calendar === null) return null;
    const before = made.get(instrument.calendar);
    if (before !== undefined) return before;
    try {
      const calendar = shippedCalendar(
        instrument.calendar as ShippedCalendar,
        Math.floor(startTs / DAY_US) - CALENDAR_MARGIN_DAYS,
        CALENDAR_DAY_TO,
      );
      made.set(instrument.calendar, calendar);
      return calendar;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const [first] = error.problems;
      throw new InputError([
        loaded.problem(
          'CALENDAR_INVALID',
          ['instruments', instrument.index, 'calendar'],
          first?.rule ?? error.message,
          first?.fix ?? 'Take another calendar.',
        ),
      ]);
    }
  });
}

function meanProgress(sources: readonly { readonly progress?: number }[]): number | null {
  const known = sources.map((source) => source.progress).filter((progress) => progress !== undefined);
  return known.length === sources.length ? known.reduce((sum, progress) => sum + progress, 0) / known.length : null;
}

/**
 * The run file as one line that does not change with layout, order of keys, place of files or name of the run; files count by their contents.
 */
function canonicalRunFile(loaded: LoadedRunFile): string {
  const { name: _name, data: _data, strategies, ...rest } = loaded.run;
  return JSON.stringify(sorted({ ...rest, strategies: strategies.map(({ file: _file, ...strategy }) => strategy) }));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
