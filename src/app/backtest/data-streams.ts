import {
  barIntervalName,
  type BarSpecification,
  isBarSpecificationRefusal,
  parseBarInterval,
  parseBarSpecification,
} from '../../model/bar-specification.ts';
import { BlockKind, isBarKind, kindName } from '../../model/blocks.ts';
import type { Instrument, InstrumentIndex } from '../../model/instrument.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import { suggestion } from '../run-file/closest-name.ts';
import type { LoadedRunFile } from '../run-file/read-run-file.ts';
import type { RunFileData } from '../run-file/schema.ts';
import { type DataSource, everyUsOf, type RunSpan, type SourceContext } from './data-source.ts';
import { csvSource } from './source-csv.ts';
import { GeneratedSources } from './source-generated.ts';
import { leanSource } from './source-lean.ts';
import { liveSource } from './source-live.ts';
import { recordingSource } from './source-recording.ts';
import { storeSource } from './source-store.ts';

/** One stream of a run, checked but not opened. */
export interface DataStream {
  readonly instrument: InstrumentIndex;
  readonly kind: BlockKind;
  /** Position among the run's bar series (bars), among its quote bars (quote bars), −1 for ticks. */
  readonly series: number;
  readonly specification: BarSpecification | null;
  /** The one name of the length of bars; null for ticks. */
  readonly everyName: string | null;
  /** Microseconds of a bar; 0 for ticks. */
  readonly everyUs: number;
  readonly source: DataSource;
  /** Bars that are played as quotes. */
  readonly asQuotes: boolean;
}

const SOURCES = ['csv', 'lean', 'recording', 'store', 'generated', 'live'] as const;

/**
 * Checks every entry under `data` and finds out what it holds, without reading rows.
 *
 * @throws InputError with every problem
 */
export function dataStreams(loaded: LoadedRunFile, instruments: readonly Instrument[], span: RunSpan): readonly DataStream[] {
  const problems: InputProblem[] = [];
  const generated = new GeneratedSources(loaded, instruments, span);
  const counters = { bars: 0, quoteBars: 0 };
  const streams = loaded.run.data.map((data, index) => {
    try {
      return makeStream(loaded, data, index, instruments, span, generated, counters);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
      return null;
    }
  });
  // Streams of one market find the same mistake each, where the first of them has it.
  const distinct = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  if (distinct.size > 0) throw new InputError([...distinct.values()]);
  return streams.filter((stream) => stream !== null);
}

function makeStream(
  loaded: LoadedRunFile,
  data: RunFileData,
  index: number,
  instruments: readonly Instrument[],
  span: RunSpan,
  generated: GeneratedSources,
  counters: { bars: number; quoteBars: number },
): DataStream {
  const instrument = instrumentOf(loaded, data, index, instruments);
  const given = SOURCES.filter((source) => data[source] !== undefined);
  if (given.length !== 1) {
    const rule =
      given.length === 0
        ? 'This stream does not say where its rows come from.'
        : `This stream has ${given.join(' and ')}; it can have one.`;
    throw new InputError([loaded.problem('RUN_FILE_INVALID', ['data', index], rule, `Give one of ${SOURCES.join(', ')}.`)]);
  }
  if (data.every !== undefined && barIntervalName(data.every) === null) {
    const rule = 'This is no length of bars.';
    const fix = 'Write a count and a unit: s, m, h, d, w, or M for months, such as 1m, 1d or 1M.';
    throw new InputError([loaded.problem('RUN_FILE_INVALID', ['data', index, 'every'], rule, fix)]);
  }
  const context: SourceContext = { loaded, data, path: ['data', index], instrument, span };
  const source =
    data.csv !== undefined
      ? csvSource(context)
      : data.lean !== undefined
        ? leanSource(context)
        : data.recording !== undefined
          ? recordingSource(context)
          : data.store !== undefined
            ? storeSource(context)
            : data.live !== undefined
              ? liveSource(context)
              : generated.source(context);
  if (data.every !== undefined && !isBarKind(source.kind)) {
    const rule = `every is the length of bars, and these rows are ${kindName(source.kind)}.`;
    throw new InputError([loaded.problem('RUN_FILE_INVALID', ['data', index, 'every'], rule, 'Take every: out, or write kind: bars.')]);
  }
  const asQuotes = data.as === 'quotes';
  if (asQuotes && source.kind !== BlockKind.BARS) {
    throw new InputError([
      loaded.problem('RUN_FILE_INVALID', ['data', index, 'as'], 'Only bars can be played as quotes.', 'Take as: out.'),
    ]);
  }
  const kind = asQuotes ? BlockKind.QUOTES : source.kind;
  const specification = kind === BlockKind.BARS ? specificationOf(loaded, source.every, index) : null;
  const series = kind === BlockKind.BARS ? counters.bars++ : kind === BlockKind.QUOTE_BARS ? counters.quoteBars++ : -1;
  return {
    instrument: instrument.index,
    kind,
    series,
    specification,
    source,
    asQuotes,
    everyName: asQuotes || source.every === null ? null : barIntervalName(source.every),
    everyUs: asQuotes || source.every === null ? 0 : everyUsOf(source.every),
  };
}

function instrumentOf(loaded: LoadedRunFile, data: RunFileData, index: number, instruments: readonly Instrument[]): Instrument {
  const ids = instruments.map((instrument) => instrument.id);
  if (data.instrument === undefined) {
    if (instruments.length === 1) return instruments[0]!;
    throw new InputError([
      loaded.problem(
        'INSTRUMENT_UNKNOWN',
        ['data', index],
        'This stream does not say which instrument it is of.',
        `Add instrument:, one of ${ids.join(', ')}.`,
      ),
    ]);
  }
  const found = instruments.find((instrument) => instrument.id === data.instrument);
  if (found !== undefined) return found;
  throw new InputError([
    loaded.problem(
      'INSTRUMENT_UNKNOWN',
      ['data', index, 'instrument'],
      `The run file defines no instrument ${data.instrument}.`,
      suggestion(data.instrument, ids),
    ),
  ]);
}

function specificationOf(loaded: LoadedRunFile, every: string | null, index: number): BarSpecification {
  const text = every ?? '';
  const parsed = parseBarSpecification(text);
  if (!isBarSpecificationRefusal(parsed)) return { ...parsed, from: 'bars' };
  // Nothing is built from days, weeks and months beyond what a specification knows, but they are bars like any other.
  const interval = parseBarInterval(text);
  if (interval !== null && 'dwM'.includes(interval.unit)) return { unit: 'time', step: interval.us, from: 'bars', text };
  throw new InputError([loaded.problem('RUN_FILE_INVALID', ['data', index, 'every'], parsed.reason, 'Write for example every: 1d.')]);
}
