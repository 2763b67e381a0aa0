import type { VenueSpec } from '../../runtime/venue-desks.ts';
import { decimalsNeeded, type RunInstruments } from './run-instruments.ts';
import { billionths } from './fee-schedule.ts';
import { fileDigest } from './file-digests.ts';
import { parseDecimal, powerOfTen } from '../../base/decimal.ts';
import { everyName } from '../../model/bar-specification.ts';
import { BLOCK_KIND_OF, BlockKind } from '../../model/blocks.ts';
import type { Instrument } from '../../model/instrument.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import { DEFAULT_FILL_RULES, type FillRules } from '../../sim/matching/fill-rules.ts';
import type { Slippage } from '../../sim/matching/slippage.ts';
import { suggestion } from '../run-file/closest-name.ts';
import type { LoadedRunFile } from '../run-file/read-run-file.ts';
import type { RunFileFills, RunFileLatency } from '../run-file/schema.ts';
import type { PlainPath } from '../run-file/yaml-source.ts';
import type { DepthRules } from '../../sim/depth/depth-rules.ts';
import { bookAssumptions } from './book-assumptions.ts';
import { latencyModel } from './latency-model.ts';
import { depthRules, planDepth, type PlannedDepth, tradesOnBook } from './venue-depth.ts';
import type { DataStream } from './data-streams.ts';

/**
 * The venues of a run: rules of the venue, single ones replaced by the instrument's own, and which data moves orders.
 *
 * @throws InputError with every problem
 */
export function runVenues(loaded: LoadedRunFile, known: RunInstruments, streams: readonly DataStream[]): RunVenues {
  const { run } = loaded;
  const problems: InputProblem[] = [];
  const names = [...new Set(known.instruments.map((instrument) => instrument.venue))];
  for (const [index, venue] of (run.venues ?? []).entries()) {
    if (!names.includes(venue.name))
      problems.push(
        loaded.problem('VENUE_UNKNOWN', ['venues', index, 'name'], `No instrument is at ${venue.name}.`, suggestion(venue.name, names)),
      );
    else if (run.venues!.findIndex((other) => other.name === venue.name) < index) {
      problems.push(loaded.problem('RUN_FILE_INVALID', ['venues', index, 'name'], `${venue.name} is there twice.`, 'Put both into one.'));
    }
  }
  const assumed: string[] = [];
  const venues = names.map((name): VenueSpec => {
    const at = run.venues?.findIndex((candidate) => candidate.name === name) ?? -1;
    const venue = at < 0 ? undefined : run.venues![at]!;
    const own = known.instruments.filter((instrument) => instrument.venue === name);
    const fillsOf = (instrument: Instrument): RunFileFills => ({ ...venue?.fills, ...run.instruments[instrument.index]!.fills });
    const instruments = own.map((instrument) => ({
      instrument,
      rules: fillRules(fillsOf(instrument)),
      fees: known.fees[instrument.index]!,
      ...matching(loaded, instrument, fillsOf(instrument), streams, problems),
    }));
    const place: PlainPath = at < 0 ? ['instruments', own[0]!.index] : ['venues', at];
    const asked = { name, path: place, latency: venue?.latency };
    const planned = tellProblems(problems, () => depthOf(loaded, asked, own, fillsOf, streams));
    assumed.push(...(planned?.assumed ?? []));
    const latency = tellProblems(problems, () => latencyOf(loaded, asked, planned !== null));
    return {
      venue: name,
      instruments,
      orderEntryUs: 0,
      responseUs: 0,
      ...latency,
      ...(planned ? { depth: planned.depth } : {}),
    };
  });
  if (problems.length > 0) throw new InputError(problems);
  return { venues, assumed, identities: measuredFiles(loaded) };
}

/** The venues, and what was found out about their recordings, for people. */
export interface RunVenues {
  readonly venues: readonly VenueSpec[];
  readonly assumed: readonly string[];
  /** What of their latencies lies in files, for the run's id. */
  readonly identities: readonly string[];
}

function measuredFiles(loaded: LoadedRunFile): readonly string[] {
  return (loaded.run.venues ?? []).flatMap(({ name, latency = {} }) =>
    Object.entries(latency).flatMap(([way, length]) =>
      typeof length === 'object' && length.kind === 'measured' ? [`latency ${name} ${way} ${fileDigest(loaded.path(length.file))}`] : [],
    ),
  );
}

interface AskedVenue {
  readonly name: string;
  readonly path: PlainPath;
  readonly latency: RunFileLatency | undefined;
}

/** @returns what was found; undefined where there were problems */
function tellProblems<T>(problems: InputProblem[], find: () => T): T | undefined {
  try {
    return find();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

/** What the venue plays where its instruments trade against their books; null where they do not. */
function depthOf(
  loaded: LoadedRunFile,
  venue: AskedVenue,
  own: readonly Instrument[],
  fillsOf: (instrument: Instrument) => RunFileFills,
  streams: readonly DataStream[],
): PlannedDepth | null {
  const streamsOf = (instrument: Instrument): readonly DataStream[] => streams.filter((stream) => stream.instrument === instrument.index);
  const onBook = own.filter((instrument) => tradesOnBook(fillsOf(instrument), streamsOf(instrument)));
  if (onBook.length === 0) return null;
  const refuse = (instrument: Instrument, rule: string, fix: string): InputError =>
    loaded.refusal(['instruments', instrument.index], rule, fix);
  const other = own.find((instrument) => !onBook.includes(instrument));
  if (other !== undefined) {
    const rule = `At ${venue.name} ${onBook[0]!.id} trades against its book and ${other.id} does not: all instruments of a venue do, or none.`;
    throw refuse(other, rule, 'Put them at different venues, or state fills for all of them, such as fills: { market: touch }.');
  }
  const rules = new Map<number, DepthRules>();
  const refuseFills = (instrument: Instrument, rule: string, fix: string): InputError => {
    const isOwn = loaded.run.instruments[instrument.index]!.fills?.book !== undefined;
    const place: PlainPath = isOwn || venue.path[0] !== 'venues' ? ['instruments', instrument.index] : venue.path;
    return loaded.refusal([...place, 'fills', 'book'], rule, fix);
  };
  for (const instrument of own) {
    const { book = {}, ...others } = fillsOf(instrument);
    const extra = Object.entries(others).find(([, value]) => value !== undefined);
    if (extra !== undefined)
      throw refuseFills(instrument, `fills has book and ${extra[0]}; with a book no other key is used.`, `Take ${extra[0]} out, or book.`);
    const rule = depthRules(book);
    if (typeof rule === 'string') throw refuseFills(instrument, rule, 'Correct it.');
    rules.set(instrument.index, rule);
  }
  const planned = planDepth(loaded, venue, rules, own, streams);
  return { ...planned, assumed: [...planned.assumed, ...own.flatMap((instrument) => bookAssumptions(loaded, instrument, streams))] };
}

/** Constant lengths as numbers, others as models. */
function latencyOf(
  loaded: LoadedRunFile,
  { path, latency }: AskedVenue,
  isOnBook: boolean,
): Pick<VenueSpec, 'orderEntryUs' | 'responseUs' | 'latency'> {
  const { orderEntry = 0, response = 0, feed } = latency ?? {};
  if (feed !== undefined && !isOnBook) {
    const rule = 'A latency of the feed counts only where orders trade against recorded books.';
    throw loaded.refusal([...path, 'latency', 'feed'], rule, 'Take it out, or give fills: { book: {} }.');
  }
  if (typeof orderEntry === 'number' && typeof response === 'number') return { orderEntryUs: orderEntry, responseUs: response };
  return {
    orderEntryUs: 0,
    responseUs: 0,
    latency: {
      orderEntry: latencyModel(loaded, orderEntry, [...path, 'latency', 'orderEntry']),
      response: latencyModel(loaded, response, [...path, 'latency', 'response']),
    },
  };
}

function fillRules(fills: RunFileFills): FillRules {
  return {
    market: fills.market ?? DEFAULT_FILL_RULES.market,
    limitFill: fills.limit ?? DEFAULT_FILL_RULES.limitFill,
    throughTicks: fills.throughTicks ?? DEFAULT_FILL_RULES.throughTicks,
    triggeredLimit: fills.triggeredLimit ?? DEFAULT_FILL_RULES.triggeredLimit,
    path: fills.path ?? DEFAULT_FILL_RULES.path,
    volumeShare: volumeShareOf(fills.volumeShare),
    slippage: slippageOf(fills.slippage),
  };
}

function volumeShareOf(text: string | undefined): FillRules['volumeShare'] {
  if (text === undefined) return null;
  const decimals = decimalsNeeded(text);
  const numerator = parseDecimal(text, decimals);
  return typeof numerator !== 'number' ? null : { numerator, denominator: powerOfTen(decimals) };
}

function slippageOf(slippage: RunFileFills['slippage']): Slippage {
  if (slippage === undefined) return { kind: 'none' };
  return slippage.kind === 'volumeImpact' ? { kind: 'volumeImpact', coefficientPpb: billionths(slippage.coefficient) } : slippage;
}

/** Which rows move the orders of an instrument: what the run file says, else its finest data. */
function matching(
  loaded: LoadedRunFile,
  instrument: Instrument,
  fills: RunFileFills,
  streams: readonly DataStream[],
  problems: InputProblem[],
): { readonly matchOn: readonly BlockKind[]; readonly matchSeries: number } {
  const own = streams.filter((stream) => stream.instrument === instrument.index);
  const path = ['instruments', instrument.index] as const;
  if (own.length === 0) {
    problems.push(
      loaded.problem(
        'RUN_FILE_INVALID',
        [...path, 'id'],
        `${instrument.id} has no data in this run.`,
        'Add a stream for it under data, or take the instrument out.',
      ),
    );
    return { matchOn: [BlockKind.BARS], matchSeries: -1 };
  }
  if (tradesOnBook(fills, own)) return { matchOn: [BlockKind.BOOK_DELTAS], matchSeries: -1 };
  const wanted = fills.matchOn?.map((kind) => BLOCK_KIND_OF[kind]);
  const every = fills.matchEvery === undefined ? null : everyName(fills.matchEvery);
  const candidates = own.filter(
    (stream) =>
      stream.kind !== BlockKind.BOOK_DELTAS &&
      (wanted === undefined || wanted.includes(stream.kind)) &&
      (every === null || stream.everyName === every),
  );
  if (candidates.length === 0) {
    problems.push(
      loaded.problem(
        'RUN_FILE_INVALID',
        [...path, 'fills'],
        `${instrument.id} has no data of the kind that is to move orders (matchOn, matchEvery).`,
        'Name data that the run has.',
      ),
    );
    return { matchOn: [own[0]!.kind], matchSeries: -1 };
  }
  const ticks = candidates.filter((stream) => stream.kind === BlockKind.QUOTES || stream.kind === BlockKind.TRADES);
  if (ticks.length > 0 && fills.matchEvery === undefined)
    return { matchOn: [...new Set(ticks.map((stream) => stream.kind))], matchSeries: -1 };
  const finest = candidates.reduce((best, stream) =>
    stream.everyUs < best.everyUs || (stream.everyUs === best.everyUs && stream.kind === BlockKind.QUOTE_BARS) ? stream : best,
  );
  return { matchOn: [finest.kind], matchSeries: finest.series };
}
