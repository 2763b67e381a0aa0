import path from 'node:path';
import type { ImportSource } from './import-data.ts';
import { everyName } from './store-rows.ts';
import type { CsvFormat, CsvKind } from '../../adapters/files/csv-format.ts';
import type { LeanResolution, LeanSecurity } from '../../adapters/files/lean-reader.ts';
import { sniffCsv } from '../../adapters/files/sniff-csv.ts';
import type { DataSetKey } from '../../adapters/store/layout.ts';
import { BLOCK_KIND_NAMES, isBarKind, kindOfName } from '../../model/blocks.ts';
import { MINUTE_US } from '../../model/civil-date.ts';
import { makeCurrency } from '../../model/currency.ts';
import { parseInstant } from '../../model/instant.ts';
import { type Instrument, makeInstrument } from '../../model/instrument.ts';
import { InputError } from '../../ports/errors.ts';

/** What `data import` takes on the command line, as commander hands it over. */
export interface ImportOptions {
  readonly store: string;
  readonly instrument: string;
  readonly priceDecimals?: string;
  readonly quantityDecimals?: string;
  readonly kind?: string;
  readonly column?: readonly string[];
  readonly delimiter?: string;
  readonly header: boolean;
  readonly skipLines?: string;
  readonly timeFormat?: string;
  readonly zone?: string;
  readonly stamp?: string;
  readonly every?: string;
  readonly member?: string;
  readonly skipDefects?: boolean;
  readonly lean?: string;
  readonly replace?: boolean;
}

export interface PlannedImport {
  readonly source: ImportSource;
  readonly instrument: Instrument;
  /** What nothing in the command or the file said. */
  readonly assumed: readonly string[];
}

/** Money decimals that every product of price and quantity fits in: a stored instrument never books money. */
const STORED_MONEY_DECIMALS = 24;
const LEAN_PARTS = 'SECURITY/MARKET/RESOLUTION/SYMBOL[/quote]';

/** @throws InputError OPTION_INVALID, or what recognizing the file throws */
export function planImport(files: readonly string[], options: ImportOptions): PlannedImport {
  if (options.lean !== undefined) return planLean(files, options, options.lean);
  if (files.length === 0) throw optionProblem('file', '', 'There is no file to import.', 'Give a file, or --lean with a folder.');
  const { format, assumed, decimalsSeen } = formatOf(files[0]!, options);
  const price = decimals(options.priceDecimals, 'price-decimals', decimalsSeen?.price);
  const quantity = decimals(options.quantityDecimals, 'quantity-decimals', decimalsSeen?.quantity);
  const counted = options.priceDecimals === undefined || options.quantityDecimals === undefined;
  const source: ImportSource = {
    type: 'csv',
    path: files.length === 1 ? files[0]! : files,
    format,
    onDefect: options.skipDefects === true ? 'skip' : 'refuse',
    ...(options.member === undefined ? {} : { member: options.member }),
  };
  const note = `Prices have ${price} decimals and quantities ${quantity}, as in the first rows; --price-decimals and --quantity-decimals say otherwise.`;
  return { source, instrument: storedInstrument(options.instrument, price, quantity), assumed: counted ? [...assumed, note] : assumed };
}

function formatOf(
  file: string,
  options: ImportOptions,
): {
  readonly format: CsvFormat;
  readonly assumed: readonly string[];
  readonly decimalsSeen?: { readonly price: number; readonly quantity: number };
} {
  const given = {
    ...(options.kind === undefined ? {} : { kind: oneOf('kind', options.kind, BLOCK_KIND_NAMES) as CsvKind }),
    ...(options.delimiter === undefined ? {} : { delimiter: options.delimiter === '\\t' ? '\t' : options.delimiter }),
    ...(options.header ? {} : { header: false }),
    ...(options.skipLines === undefined ? {} : { skipLines: whole('skip-lines', options.skipLines, 0, 1000) }),
    ...(options.timeFormat === undefined ? {} : { timeFormat: options.timeFormat }),
    ...(options.zone === undefined ? {} : { zone: options.zone }),
    ...(options.stamp === undefined ? {} : { stamp: oneOf('stamp', options.stamp, ['open', 'close']) as 'open' | 'close' }),
    ...(options.every === undefined ? {} : { every: options.every }),
  };
  if (options.column === undefined) {
    const { format, assumed, decimalsSeen } = sniffCsv(file, options.member);
    return {
      format: { ...format, ...given },
      assumed: assumed.filter(({ key }) => (given as Readonly<Record<string, unknown>>)[key] === undefined).map(({ text }) => text),
      decimalsSeen,
    };
  }
  const columns = Object.fromEntries(options.column.map(columnOf));
  const isBars = given.kind === undefined || given.kind === 'bars';
  const noVolume = isBars && columns['volume'] === undefined ? { volume: 'absent' as const } : {};
  return { format: { kind: 'bars', timeFormat: 'iso', ...noVolume, ...given, columns }, assumed: [] };
}

function columnOf(text: string): readonly [string, string | number] {
  const [field, name, ...rest] = text.split('=');
  if (field === undefined || name === undefined || name === '' || rest.length > 0)
    throw optionProblem('column', text, 'A column is FIELD=NAME.', 'Write for example --column close=Close, or --column close=5.');
  return [field, /^\d+$/.test(name) ? Number(name) : name];
}

function planLean(files: readonly string[], options: ImportOptions, text: string): PlannedImport {
  const parts = text.split('/');
  const [security, market, resolution, symbol, data = 'trade'] = parts;
  if (files.length !== 1 || parts.length < 4 || parts.length > 5)
    throw optionProblem(
      'lean',
      text,
      `With --lean give one folder and ${LEAN_PARTS}.`,
      'Write for example: data import ./lean --lean equity/usa/minute/spy --instrument SPY.ARCA',
    );
  const source: ImportSource = {
    type: 'lean',
    root: path.resolve(files[0]!),
    data: oneOf('lean', data, ['trade', 'quote']) as 'trade' | 'quote',
    security: oneOf('lean', security!, ['equity', 'forex', 'cfd', 'crypto', 'cryptofuture', 'future']) as LeanSecurity,
    market: market!,
    resolution: oneOf('lean', resolution!, ['second', 'minute', 'hour', 'daily']) as LeanResolution,
    symbol: symbol!,
    onDefect: options.skipDefects === true ? 'skip' : 'refuse',
    ...(options.zone === undefined ? {} : { zone: options.zone }),
  };
  const isEquity = security === 'equity';
  const instrument = storedInstrument(
    options.instrument,
    decimals(options.priceDecimals, 'price-decimals', isEquity ? 4 : undefined),
    decimals(options.quantityDecimals, 'quantity-decimals', isEquity ? 0 : undefined),
  );
  return { source, instrument, assumed: [] };
}

/** What the store needs of an instrument: how its counts are read. */
export function storedInstrument(id: string, priceDecimals: number, quantityDecimals: number, index = 0): Instrument {
  if (!/^[^\s.][^\s]*\.[^\s.]+$/.test(id))
    throw optionProblem('instrument', id, 'An instrument is SYMBOL.VENUE.', 'Write for example --instrument GOOG.NASDAQ.');
  const money = makeCurrency('USD', STORED_MONEY_DECIMALS);
  return makeInstrument(
    {
      id,
      kind: 'SPOT',
      base: makeCurrency('UNIT'),
      quote: money,
      settlement: money,
      priceDecimals,
      quantityDecimals,
      priceIncrement: 1,
      lotSize: 1,
      quantityMin: 0,
      quantityMax: 0,
      notionalMin: 0n,
      multiplier: 1,
      multiplierDecimals: 0,
      calendar: null,
      expiryTs: null,
    },
    index,
  );
}

/** `INSTRUMENT KIND [EVERY]`, as `data list` shows it. */
export function keyOf(instrumentId: string, kindName: string, every: string | undefined): DataSetKey {
  const kind = kindOfName(kindName);
  if (kind === null)
    throw optionProblem('kind', kindName, 'A data set is of trades, quotes, bars or quote-bars.', 'Look at "quanthybrid data list".');
  if (every === undefined && isBarKind(kind))
    throw optionProblem(
      'every',
      '',
      'Bars are named with their length.',
      `Write for example ${instrumentId} ${kindName} 1d, or 100t; see "quanthybrid data list".`,
    );
  return { instrumentId, kind, every: every === undefined ? null : everyName(every) };
}

export function decimals(text: string | undefined, option: string, otherwise: number | undefined): number {
  if (text !== undefined) return whole(option, text, 0, 12);
  if (otherwise !== undefined) return otherwise;
  throw optionProblem(option, '', `Nothing says how many decimals there are.`, `Give --${option}.`);
}

export function whole(option: string, text: string, min: number, max: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max))
    throw optionProblem(option, text, `--${option} takes a whole number from ${min} to ${max}.`, 'Correct it.');
  return value;
}

/** Microseconds of a date or an ISO time in UTC, a whole minute. */
export function minuteOf(option: string, text: string): number {
  const us = parseInstant(text);
  if (us === null || us % MINUTE_US !== 0)
    throw optionProblem(option, text, `--${option} takes a day or a minute in UTC.`, 'Write for example 2024-01-31 or 2024-01-31T09:30.');
  return us;
}

export function oneOf(option: string, text: string, words: readonly string[]): string {
  if (!words.includes(text)) throw optionProblem(option, text, `--${option} takes ${words.join(', ')}.`, 'Take one of them.');
  return text;
}

export function optionProblem(option: string, value: string, rule: string, fix: string): InputError {
  return new InputError([{ code: 'OPTION_INVALID', file: `--${option}`, rule, fix, ...(value === '' ? {} : { value }) }]);
}
