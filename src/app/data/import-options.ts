import { statSync } from 'node:fs';
import path from 'node:path';
import { decimals, optionProblem, storedInstrument } from './command-options.ts';
import { describeCsv, describeCsvPair, layoutOf, type RefuseKey } from './csv-description.ts';
import { csvFilesOf } from './csv-files.ts';
import type { ImportSource } from './import-data.ts';
import type { ImportOptions, PlannedImport } from './planned-import.ts';
import { planRecording } from './import-recording.ts';
import { recordingFormatOf } from './recording-hint.ts';
import { type GivenTexts, LAYOUT_OPTIONS, optionName, readLayout } from './layout-options.ts';
import type { CsvKind } from '../../adapters/files/csv-format.ts';
import { csvDecimals, type DecimalsSeen, leanDecimals } from '../../adapters/files/field-decimals.ts';
import { EXACT_DIGITS } from '../../adapters/files/row-scanner.ts';
import { isQuoted, LEAN_EVERY, type LeanOptions, type LeanResolution, type LeanSecurity } from '../../adapters/files/lean-reader.ts';
import { everyName, parseBarInterval } from '../../model/bar-specification.ts';
import { BLOCK_KIND_NAMES, BlockKind } from '../../model/blocks.ts';
import { INSTRUMENT_DECIMALS_MAX } from '../../model/instrument.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import { suggestion } from '../run-file/closest-name.ts';
import type { RunFileCsv, RunFileLean } from '../run-file/schema.ts';
import { csvLayout, leanLayout } from '../run-file/schema-data.ts';
import { parseYamlValue, type Plain } from '../run-file/yaml-source.ts';

const LEAN_PARTS = 'SECURITY/MARKET/RESOLUTION/SYMBOL[/quote]';
/** Decimals of the integer prices of LEAN equities, and of prices that factors were applied to. */
const EQUITY_DECIMALS = { raw: 4, adjusted: 8 } as const;

/** What a run file takes for the kind of instrument where it says nothing: data with no more decimals fits it as it stands. */
const LEAN_DECIMALS: Readonly<Record<Exclude<LeanSecurity, 'equity'>, DecimalsNeeded>> = {
  forex: { price: 5, quantity: 0 },
  cfd: { price: 2, quantity: 0 },
  crypto: { price: 2, quantity: 8 },
  cryptofuture: { price: 2, quantity: 3 },
  future: { price: 2, quantity: 0 },
};

const NO_DECIMALS: DecimalsNeeded = { price: 0, quantity: 0 };
/** What is left of numbers with more decimals than any instrument, where nobody says more. */
const NOISE_DECIMALS: DecimalsNeeded = { price: 8, quantity: 8 };

interface DecimalsNeeded {
  readonly price: number;
  readonly quantity: number;
}

interface Decimals extends DecimalsNeeded {
  /** What is said of them where nobody gave them. */
  readonly note: readonly string[];
}

/** Collects what is wrong, so that a command line with several slips is mended at once. */
class Problems {
  readonly found: InputProblem[] = [];

  /** The value, or undefined where it was refused. */
  try<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.found.push(...error.problems);
      return undefined;
    }
  }

  throwAny(): void {
    if (this.found.length > 0) throw new InputError(this.found);
  }
}

/** @throws InputError OPTION_INVALID with every option that is wrong, or what recognizing the file throws */
export function planImport(files: readonly string[], options: ImportOptions): PlannedImport {
  if (options.recording !== undefined) return planRecording(files, options, options.recording);
  const problems = new Problems();
  // Judged with decimals that always fit: those of the instrument may depend on the file.
  problems.try(() => storedInstrument(options.instrument, 0, 0));
  for (const [name, text] of [
    ['price-decimals', options.priceDecimals],
    ['quantity-decimals', options.quantityDecimals],
  ] as const)
    problems.try(() => decimals(text, name, 0));
  const kind = problems.try(() => kindOf(options.kind, files));
  problems.try(() => checkEvery(options.every));
  const given = givenTexts(options, problems);
  return options.lean === undefined
    ? planCsv(files, options, kind, given, problems)
    : planLean(files, options, options.lean, kind, given, problems);
}

function kindOf(text: string | undefined, files: readonly string[]): CsvKind | undefined {
  const names: readonly string[] = BLOCK_KIND_NAMES.filter((name) => name !== 'book-deltas');
  if (text === undefined || names.includes(text)) return text as CsvKind | undefined;
  const format = text === 'book-deltas' ? recordingFormatOf(files, undefined) : null;
  const wrote = format === null ? 'Say what wrote the file: --recording binance (or bybit, databento …).' : `Add --recording ${format}.`;
  const fix = text === 'book-deltas' ? wrote : suggestion(text, names);
  throw optionProblem('kind', text, `--kind takes ${names.join(', ')}.`, fix);
}

function checkEvery(text: string | undefined): void {
  if (text === undefined || parseBarInterval(text) !== null) return;
  throw optionProblem('every', text, '--every is a count and a unit: s, m, h, d, w, M (months).', 'Write for example --every 1m.');
}

/** The keys of the layout that were given, as texts. */
function givenTexts(options: ImportOptions, problems: Problems): GivenTexts {
  const given: Record<string, string> = {};
  for (const { key } of LAYOUT_OPTIONS) {
    const text = options[key];
    if (typeof text === 'string') given[key] = key === 'delimiter' && text === '\\t' ? '\t' : text;
    // `--no-header`, and `--column` in place of `--columns`.
    if (text === false) given[key] = 'false';
  }
  if (options.column === undefined) return given;
  const pieces = options.column.flatMap((text) => {
    const column = problems.try(() => columnOf(text));
    return column === undefined ? [] : [column];
  });
  const whole = given['columns'] === undefined ? {} : problems.try(() => parseYamlValue(given['columns']!));
  const columns = { ...(typeof whole === 'object' && !Array.isArray(whole) ? whole : {}), ...Object.fromEntries(pieces) };
  return { ...given, columns: JSON.stringify(columns) };
}

function columnOf(text: string): readonly [string, string | number] {
  const [field, name, ...rest] = text.split('=');
  if (field === undefined || name === undefined || name === '' || rest.length > 0)
    throw optionProblem('column', text, 'A column is FIELD=NAME.', 'Write for example --column close=Close, or --column close=5.');
  return [field, /^\d+$/.test(name) ? Number(name) : name];
}

function planCsv(
  files: readonly string[],
  options: ImportOptions,
  kind: CsvKind | undefined,
  given: GivenTexts,
  problems: Problems,
): PlannedImport {
  const isPair = given['bidFile'] !== undefined || given['askFile'] !== undefined;
  if (files.length === 0 && !isPair)
    problems.try(() =>
      raise('file', '', 'There is no file to import.', 'Give a file, --bid-file and --ask-file, or --lean with a folder.'),
    );
  for (const each of files) problems.try(() => refuseFolder(each));
  const file = files.length === 1 ? files[0]! : [...files];
  const csv = checkedLayout(csvLayout, given, files.length === 0 ? {} : { file }, problems) as RunFileCsv;
  const refuse: RefuseKey = (key, rule, fix) => optionProblem(optionName(key).slice(2), String(options[key] ?? ''), rule, fix);
  const named = csvFilesOf(csv, kind, refuse);
  const { member, session, onDefect = 'refuse' } = csv;
  const description = { layout: forColumns(layoutOf(csv), kind, isPair), kind, every: options.every, describedIn: 'options' } as const;
  const described = 'paths' in named ? describeCsv(named.paths, description, refuse) : describeCsvPair(named, description, refuse);
  const { format } = described;
  const all = 'paths' in named ? named.paths : [...named.bid, ...named.ask];
  const { price, quantity, note } = decimalsOf(
    options,
    () => csvDecimals(all, member, format, INSTRUMENT_DECIMALS_MAX),
    NO_DECIMALS,
    NOISE_DECIMALS,
  );
  const reading = {
    format,
    onDefect,
    ...(member === undefined ? {} : { member }),
    ...(session === undefined ? {} : { session }),
  };
  const source: ImportSource =
    'paths' in named ? { type: 'csv', path: file, ...reading } : { type: 'csv-pair', bidPath: named.bid, askPath: named.ask, ...reading };
  return { source, instrument: storedInstrument(options.instrument, price, quantity), assumed: [...described.assumed, ...note] };
}

function refuseFolder(file: string): void {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  throw optionProblem(
    'file',
    file,
    'This is a folder.',
    `Give the files in it; of a LEAN data folder say which stream: --lean ${LEAN_PARTS}.`,
  );
}

/** On a command line columns of bars without one of volume say that there is none. */
function forColumns(layout: ReturnType<typeof layoutOf>, kind: CsvKind | undefined, isPair: boolean): ReturnType<typeof layoutOf> {
  const { columns } = layout;
  const lacksVolume = columns !== undefined && (isPair || (kind ?? 'bars') === 'bars') && columns['volume'] === undefined;
  return lacksVolume ? { ...layout, volume: 'absent' } : layout;
}

/** What the command says, else what every row has. */
function decimalsOf(options: ImportOptions, seen: () => DecimalsSeen, least: DecimalsNeeded, noise: DecimalsNeeded = least): Decimals {
  const { priceDecimals, quantityDecimals } = options;
  const said = {
    price: priceDecimals === undefined ? undefined : decimals(priceDecimals, 'price-decimals', 0),
    quantity: quantityDecimals === undefined ? undefined : decimals(quantityDecimals, 'quantity-decimals', 0),
  };
  if (said.price !== undefined && said.quantity !== undefined) return { price: said.price, quantity: said.quantity, note: [] };
  const most = seen();
  // More than an instrument can have, or than doubles hold beside the digits before the point, is noise of floats.
  const enough = (key: 'price' | 'quantity'): number => {
    const limit = Math.max(0, Math.min(INSTRUMENT_DECIMALS_MAX, EXACT_DIGITS - most[key].whole));
    return Math.min(limit, most[key].decimals > limit ? noise[key] : Math.max(most[key].decimals, least[key]));
  };
  const price = said.price ?? enough('price');
  const quantity = said.quantity ?? enough('quantity');
  const isHeld = most.price.decimals <= price && most.quantity.decimals <= quantity;
  const held = isHeld ? ', which hold every row' : '; rows with more are refused, or rounded where --round says so';
  const text = `Prices have ${counted(price)} and quantities ${counted(quantity)}${held}; --price-decimals and --quantity-decimals say otherwise.`;
  return { price, quantity, note: [text] };
}

function counted(count: number): string {
  return `${count} decimal${count === 1 ? '' : 's'}`;
}

function planLean(
  files: readonly string[],
  options: ImportOptions,
  text: string,
  kind: CsvKind | undefined,
  given: GivenTexts,
  problems: Problems,
): PlannedImport {
  const parts = text.split('/');
  const [security, market, resolution, symbol, said] = parts;
  if (resolution === 'tick' && parts.length <= 5) return planLeanTicks(files, options, parts, given, problems);
  const data =
    said ?? (kind === undefined ? (isQuoted(security as LeanSecurity) ? 'quote' : 'trade') : kind === 'quote-bars' ? 'quote' : 'trade');
  const usage = 'Write for example: data import ./lean --lean equity/usa/minute/spy --instrument SPY.ARCA';
  const isPath = parts.length >= 4 && parts.length <= 5 && (data === 'trade' || data === 'quote');
  if (!isPath) problems.try(() => raise('lean', text, `--lean takes ${LEAN_PARTS}.`, usage));
  if (files.length !== 1) problems.try(() => raise('lean', text, 'With --lean give one folder.', usage));
  const rows = data === 'quote' ? 'quote-bars' : 'bars';
  if (kind !== undefined && kind !== rows)
    problems.try(() => raise('kind', kind, `--lean ${text} names ${rows}.`, 'LEAN bars and quote-bars are read: correct one of the two.'));
  const place = isPath ? { security: security!, market: market!, resolution: resolution!, symbol: symbol! } : {};
  const layout = checkedLayout(leanLayout, given, { root: path.resolve(files[0] ?? '.'), ...place }, problems) as RunFileLean & LeanPlace;
  const length = LEAN_EVERY[layout.resolution];
  if (options.every !== undefined && everyName(options.every) !== length)
    throw optionProblem('every', options.every, `LEAN files of this resolution hold bars of ${length}.`, 'Take it out.');
  const dayKey = layout.fromDate === undefined ? 'toDate' : 'fromDate';
  if ((layout.resolution === 'hour' || layout.resolution === 'daily') && layout[dayKey] !== undefined)
    throw optionProblem(
      optionName(dayKey).slice(2),
      layout[dayKey],
      `LEAN bars of resolution ${layout.resolution} are one file, from which days are not chosen.`,
      'Take it out; a backtest takes its period from the store.',
    );
  const { round, onDefect = 'refuse', actions: _actions, factorFile, ...rest } = withoutUndefined(layout);
  const source: ImportSource = {
    type: 'lean',
    data: data as 'trade' | 'quote',
    ...rest,
    onDefect,
    ...(factorFile === undefined ? {} : { factorFile: path.resolve(factorFile) }),
    ...(round === undefined ? {} : { round: withoutUndefined(round) as NonNullable<LeanOptions['round']> }),
  };
  const { price, quantity, note } = leanDecimalsOf(options, layout, data as 'trade' | 'quote');
  return { source, instrument: storedInstrument(options.instrument, price, quantity), assumed: note };
}

/** Of equities by the scale of their integers; of others what the rows need, and no less than a run file takes where it says nothing. */
function leanDecimalsOf(options: ImportOptions, layout: RunFileLean & LeanPlace, data: 'trade' | 'quote'): Decimals {
  const { security, prices = 'raw' } = layout;
  const equity = { price: EQUITY_DECIMALS[prices], quantity: 0 };
  const seen = { price: { decimals: equity.price, whole: 0 }, quantity: { decimals: 0, whole: 0 } };
  return security === 'equity'
    ? decimalsOf(options, () => seen, equity)
    : decimalsOf(options, () => leanDecimals(withoutUndefined(layout), data), LEAN_DECIMALS[security]);
}

/** Trades or quotes of a LEAN folder: `equity/usa/tick/ibm/quote`. */
function planLeanTicks(
  files: readonly string[],
  options: ImportOptions,
  [security, market, resolution, symbol, said]: readonly string[],
  given: GivenTexts,
  problems: Problems,
): PlannedImport {
  const isQuote = said === 'quote' || (said === undefined && isQuoted(security as LeanSecurity));
  const rows = isQuote ? 'quotes' : 'trades';
  const named = options.kind ?? rows;
  if (named !== rows)
    problems.try(() => raise('kind', named, `--lean ${options.lean} names ${rows}.`, 'Add /quote or /trade, or correct --kind.'));
  if (files.length !== 1) problems.try(() => raise('lean', options.lean!, 'With --lean give one folder.', 'Give the LEAN data folder.'));
  const place = { security: security!, market: market!, resolution: resolution!, symbol: symbol ?? '' };
  const layout = checkedLayout(leanLayout, given, { root: path.resolve(files[0] ?? '.'), ...place }, problems) as RunFileLean & LeanPlace;
  const { fromDate, toDate, exchange, suspicious, zone } = layout;
  const decimalsOfKind = layout.security === 'equity' ? { price: EQUITY_DECIMALS.raw, quantity: 0 } : LEAN_DECIMALS[layout.security];
  const price = decimals(options.priceDecimals, 'price-decimals', decimalsOfKind.price);
  const quantity = decimals(options.quantityDecimals, 'quantity-decimals', decimalsOfKind.quantity);
  return {
    source: {
      type: 'lean-ticks',
      ...withoutUndefined({ fromDate, toDate, exchange, suspicious, zone }),
      root: layout.root,
      security: layout.security,
      market: layout.market,
      symbol: layout.symbol,
      kind: isQuote ? BlockKind.QUOTES : BlockKind.TRADES,
    },
    instrument: storedInstrument(options.instrument, price, quantity),
    assumed: [`Prices have ${price} and quantities ${quantity} decimals; --price-decimals and --quantity-decimals say otherwise.`],
  };
}

/** What `--lean` has always said by then. */
interface LeanPlace {
  readonly security: LeanSecurity;
  readonly market: string;
  readonly resolution: LeanResolution;
  readonly symbol: string;
}

/** The layout; throws with everything that was found wrong before it and in it. */
function checkedLayout(
  layout: typeof csvLayout | typeof leanLayout,
  given: GivenTexts,
  fixed: { readonly [key: string]: Plain },
  problems: Problems,
): unknown {
  const read = readLayout(layout, given, fixed);
  if (Array.isArray(read)) problems.found.push(...(read as readonly InputProblem[]));
  problems.throwAny();
  return read;
}

function withoutUndefined<T extends object>(object: T): { readonly [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof T]: Exclude<T[K], undefined>;
  };
}

function raise(...given: Parameters<typeof optionProblem>): never {
  throw optionProblem(...given);
}
