import type { VenueSpec } from '../../runtime/backtest-spec.ts';
import { decimalsNeeded, type RunInstruments } from './run-instruments.ts';
import { billionths } from './fee-schedule.ts';
import { parseDecimal, powerOfTen } from '../../base/decimal.ts';
import { everyName } from '../../model/bar-specification.ts';
import { BLOCK_KIND_OF, BlockKind } from '../../model/blocks.ts';
import type { Instrument } from '../../model/instrument.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import { DEFAULT_FILL_RULES, type FillRules } from '../../sim/matching/fill-rules.ts';
import type { Slippage } from '../../sim/matching/slippage.ts';
import { suggestion } from '../run-file/closest-name.ts';
import type { LoadedRunFile } from '../run-file/read-run-file.ts';
import type { RunFileFills } from '../run-file/schema.ts';
import type { DataStream } from './data-streams.ts';

/**
 * The venues of a run: rules of the venue, single ones replaced by the instrument's own, and which data moves orders.
 *
 * @throws InputError with every problem
 */
export function runVenues(loaded: LoadedRunFile, known: RunInstruments, streams: readonly DataStream[]): readonly VenueSpec[] {
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
  const venues = names.map((name) => {
    const venue = run.venues?.find((candidate) => candidate.name === name);
    return {
      venue: name,
      orderEntryUs: venue?.latency?.orderEntry ?? 0,
      responseUs: venue?.latency?.response ?? 0,
      instruments: known.instruments
        .filter((instrument) => instrument.venue === name)
        .map((instrument) => {
          const fills: RunFileFills = { ...venue?.fills, ...run.instruments[instrument.index]!.fills };
          return {
            instrument,
            rules: fillRules(fills),
            fees: known.fees[instrument.index]!,
            ...matching(loaded, instrument, fills, streams, problems),
          };
        }),
    };
  });
  if (problems.length > 0) throw new InputError(problems);
  return venues;
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
  const wanted = fills.matchOn?.map((kind) => BLOCK_KIND_OF[kind]);
  const every = fills.matchEvery === undefined ? null : everyName(fills.matchEvery);
  const candidates = own.filter(
    (stream) => (wanted === undefined || wanted.includes(stream.kind)) && (every === null || stream.everyName === every),
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
