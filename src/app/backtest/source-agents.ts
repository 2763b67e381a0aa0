import { type DataSource, everyUsOf, type SourceContext } from './data-source.ts';
import { generatedCount, type GeneratedSettings, PATHS_ONLY, refuseDifferences, refuseKeys } from './generated-settings.ts';
import { BLOCK_KIND_OF, BlockKind } from '../../model/blocks.ts';
import { DAY_US, SECOND_US } from '../../model/civil-date.ts';
import { instantText } from '../../model/instant.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import { AgentMarketData, isWithinEvents } from '../../sim/agents/agent-data.ts';
import { EVENT_US } from '../../sim/agents/agent-market.ts';
import {
  AGENT_EVENTS_MAX,
  AGENT_PRICE_MAX,
  AGENT_QUANTITY_MAX,
  type AgentMarketSettings,
  agentMarketSettings,
  type Interruptions,
} from '../../sim/agents/agent-settings.ts';
import { GENERATED_PRICE_MAX, GENERATED_QUANTITY_MAX } from '../../sim/generated/generated-instrument.ts';
import type { LoadedRunFile } from '../run-file/read-run-file.ts';

interface Span {
  readonly fromTs: number;
  readonly toTs: number;
}

/** Numbers of the settings with their bounds. */
const BOUNDS = [
  ['annualVolatility', 0.0001, 5],
  ['eventsPerSecond', 0.1, 10_000],
] as const;

/**
 * A market of agents. Streams of one instrument show the same market, that of the first of them in the run file; instruments trade apart from each
 * other.
 *
 * @throws InputError for what such a market cannot be
 */
export function agentSource(context: SourceContext, instruments: readonly Instrument[], { fromTs, toTs }: Span): DataSource {
  const { loaded, data, path, instrument } = context;
  const refused = (at: readonly (string | number)[], rule: string, fix: string): InputError =>
    new InputError([loaded.problem('RUN_FILE_INVALID', at, rule, fix)]);
  refuseKeys(context, PATHS_ONLY, 'paths');
  refuseDifferences(context, instruments);
  refuseTimes(context, { fromTs, toTs });
  const kind = BLOCK_KIND_OF[data.kind ?? 'bars'];
  if (kind === BlockKind.QUOTE_BARS)
    throw refused([...path, 'kind'], 'Bars of quotes are not generated.', 'Take book-deltas, quotes, trades or bars.');
  const { book = 'orders' } = data.generated!;
  if (data.generated!.book !== undefined && kind !== BlockKind.BOOK_DELTAS)
    throw refused([...path, 'generated', 'book'], 'book says how kind: book-deltas comes.', 'Take book out, or write kind: book-deltas.');
  const every = kind === BlockKind.BARS ? (data.every ?? '1m') : null;
  const everyUs = every === null ? 0 : everyUsOf(every);
  if (every !== null && (everyUs > DAY_US || everyUs < SECOND_US))
    throw refused([...path, 'every'], 'Generated bars are of a second to a day.', 'Write every: 1m.');
  const members = membersOf(loaded, data.generated!.seed, instruments);
  const position = members.findIndex((entry) => instrumentAt(loaded, entry, instruments) === instrument);
  const settings = settingsOf(loaded, members[position]!, instrument, { position, startTs: fromTs });
  if (!isWithinEvents(settings, toTs)) {
    const rule = `A market of agents has ${AGENT_EVENTS_MAX} events at most.`;
    throw refused([...path, 'generated', 'eventsPerSecond'], rule, 'Lower eventsPerSecond, or take a shorter period.');
  }
  const { priceIncrement, lotSize, index } = instrument;
  const market = new AgentMarketData(settings, toTs, { instrument: index, priceIncrement, lotSize });
  return {
    kind,
    every,
    assumed: [],
    isGenerated: true,
    open: (series) => open(market, kind, book, everyUs, Math.max(series, 0)),
    identity: () => `agents ${JSON.stringify({ settings, toTs, kind, every, book, priceIncrement, lotSize })}`,
    accountEvents: () => [],
  };
}

/** @throws InputError where something is to happen when there is no market, or twice at once */
function refuseTimes({ data, loaded, path }: SourceContext, { fromTs, toTs }: Span): void {
  const { jumps, halts, gaps } = data.generated!;
  for (const [key, value] of Object.entries({ jumps, halts, gaps })) {
    const at = value?.at ?? [];
    const refused = (place: number, rule: string, fix: string): InputError =>
      loaded.refusal([...path, 'generated', key, 'at', place], `${instantText(at[place]!)} ${rule}`, fix);
    const outside = at.findIndex((ts) => ts <= fromTs || ts > toTs - EVENT_US);
    if (outside >= 0) {
      const rule = `is not within the period, after its beginning and ${EVENT_US} microseconds or more before its end.`;
      throw refused(outside, rule, 'Give another instant, or another period.');
    }
    const again = at.findIndex((ts, place) => at.indexOf(ts) < place);
    if (again >= 0) throw refused(again, 'is stated twice, and happens once.', 'Take one of the two out.');
  }
}

function open(market: AgentMarketData, kind: BlockKind, book: 'orders' | 'levels', everyUs: number, series: number): BlockReader {
  switch (kind) {
    case BlockKind.BOOK_DELTAS:
      return market.deltas(book);
    case BlockKind.QUOTES:
      return market.quotes();
    case BlockKind.TRADES:
      return market.trades();
    default:
      return market.bars(everyUs, series);
  }
}

function instrumentAt(loaded: LoadedRunFile, entry: number, instruments: readonly Instrument[]): Instrument | undefined {
  const { instrument } = loaded.run.data[entry]!;
  return instrument === undefined ? instruments[0] : instruments.find(({ id }) => id === instrument);
}

/** Entries under `data` that describe the instruments of a seed: the first of each. */
function membersOf(loaded: LoadedRunFile, seed: number, instruments: readonly Instrument[]): readonly number[] {
  const found: number[] = [];
  loaded.run.data.forEach(({ generated }, entry) => {
    if (generated?.market !== 'agents' || generated.seed !== seed) return;
    const instrument = instrumentAt(loaded, entry, instruments);
    if (!found.some((each) => instrumentAt(loaded, each, instruments) === instrument)) found.push(entry);
  });
  return found;
}

function settingsOf(
  loaded: LoadedRunFile,
  entry: number,
  instrument: Instrument,
  { position, startTs }: { readonly position: number; readonly startTs: number },
): AgentMarketSettings {
  const generated = loaded.run.data[entry]!.generated!;
  const path = ['data', entry, 'generated'] as const;
  const refused = (key: string, rule: string, fix: string): InputError =>
    new InputError([loaded.problem('RUN_FILE_INVALID', [...path, key], rule, fix)]);
  const startPrice = Math.round(generatedCount(loaded, entry, instrument, 'startPrice', GENERATED_PRICE_MAX) / instrument.priceIncrement);
  if (startPrice < 100 || startPrice > AGENT_PRICE_MAX)
    throw refused('startPrice', `The price starts at 100 to ${AGENT_PRICE_MAX} increments.`, 'Change it, or the tick size.');
  const quantityTypical =
    generated.typicalQuantity === undefined
      ? 10
      : Math.max(1, Math.round(generatedCount(loaded, entry, instrument, 'typicalQuantity', GENERATED_QUANTITY_MAX) / instrument.lotSize));
  if (quantityTypical > AGENT_QUANTITY_MAX)
    throw refused('typicalQuantity', `The typical quantity is ${AGENT_QUANTITY_MAX} lots at most.`, 'Lower it, or raise lotSize.');
  const problems = outOfBounds(loaded, entry);
  if (problems.length > 0) throw new InputError(problems);
  const { seed, annualVolatility, spreadTicks, eventsPerSecond } = generated;
  return agentMarketSettings({
    seed,
    position,
    startTs,
    startPrice,
    quantityTypical,
    ...(annualVolatility === undefined ? {} : { annualVolatility }),
    ...(spreadTicks === undefined ? {} : { spreadTicks }),
    ...(eventsPerSecond === undefined ? {} : { eventsPerSecond }),
    ...interruptionsOf(generated),
  });
}

type Interruption = 'jumps' | 'halts' | 'gaps';

/** Durations and a share of what happens on request, with their bounds in words. */
const INTERRUPTION_BOUNDS = [
  ['jumps', 'size', 0, 0.5, 'a size from 0 to 0.5'],
  ['halts', 'lasting', SECOND_US, DAY_US, 'a duration from 1s to 1d'],
  ['gaps', 'lasting', 1000, DAY_US, 'a duration from 1ms to 1d'],
] as const;
const PER_DAY_MAX = 1000;

/** Every number of an entry's settings that lies outside its bounds. */
function outOfBounds(loaded: LoadedRunFile, entry: number): readonly InputProblem[] {
  const generated = loaded.run.data[entry]!.generated!;
  const problems: InputProblem[] = [];
  const hold = (keys: readonly string[], value: number | undefined, min: number, max: number, wanted: string): void => {
    if (value === undefined || (value >= min && value <= max)) return;
    const path = ['data', entry, 'generated', ...keys];
    problems.push(loaded.problem('RUN_FILE_INVALID', path, `${keys.at(-1)!} is out of range.`, `Give ${wanted}.`));
  };
  for (const [key, min, max] of BOUNDS) hold([key], generated[key], min, max, `a value from ${min} to ${max}`);
  for (const [key, name, min, max, wanted] of INTERRUPTION_BOUNDS) {
    const settings: Readonly<Record<string, unknown>> | undefined = generated[key];
    hold([key, 'perDay'], generated[key]?.perDay, 0, PER_DAY_MAX, `a perDay from 0 to ${PER_DAY_MAX}`);
    hold([key, name], settings?.[name] as number | undefined, min, max, wanted);
  }
  return problems;
}

/** What happens on request. */
function interruptionsOf({ jumps, halts, gaps }: GeneratedSettings): Pick<AgentMarketSettings, Interruption> {
  const times = (value: GeneratedSettings[Interruption]): Interruptions => ({ perDay: value?.perDay ?? 0, at: value?.at ?? [] });
  return {
    jumps: { ...times(jumps), size: jumps?.size ?? 0.01 },
    halts: { ...times(halts), lastingUs: halts?.lasting ?? 300 * SECOND_US },
    gaps: { ...times(gaps), lastingUs: gaps?.lasting ?? 60 * SECOND_US },
  };
}
