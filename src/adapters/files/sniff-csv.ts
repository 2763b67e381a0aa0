import { openByteSource } from './byte-source.ts';
import { KIND_FIELDS, type CsvColumn, type CsvField, type CsvFormat, type CsvKind } from './csv-format.ts';
import { splitLine } from './field-text.ts';
import { inputError } from './input-problem.ts';
import { LineBuffer } from './line-buffer.ts';
import { PRICES, QUANTITIES } from './row-layout.ts';
import { makeStampParser, SHAPE_OFFSET, SHAPE_TIME_OF_DAY } from './stamp-parser.ts';

/** What the first lines suggest and no one has said: about which key of the description, in a sentence. */
interface CsvAssumption {
  readonly key: 'columns' | 'decimalMark' | 'timeFormat' | 'zone' | 'every' | 'stamp' | 'volume';
  readonly text: string;
}

/** A proposed description, and in sentences what was assumed to get there. */
export interface SniffedCsv {
  readonly format: CsvFormat;
  readonly assumed: readonly CsvAssumption[];
}

const LINES_READ = 200;
/** Fewest columns of a file of bars: a time and four prices. */
const BAR_COLUMNS = 5;
/** The comma last: it also stands before decimals, and the others stand for nothing else. */
const DELIMITERS = [';', '\t', '|', ','] as const;

/** Header names in common use, in lower case without spaces, underscores and points. */
const NAMES: Readonly<Record<string, CsvField>> = {
  '': 'time',
  timestamp: 'time',
  time: 'time',
  date: 'time',
  datetime: 'time',
  timestamputc: 'time',
  opentime: 'time',
  ts: 'time',
  unix: 'time',
  closetime: 'time',
  open: 'open',
  high: 'high',
  low: 'low',
  close: 'close',
  volume: 'volume',
  vol: 'volume',
  o: 'open',
  h: 'high',
  l: 'low',
  c: 'close',
  v: 'volume',
  price: 'price',
  quantity: 'quantity',
  qty: 'quantity',
  amount: 'quantity',
  size: 'quantity',
  side: 'side',
  id: 'tradeId',
  tradeid: 'tradeId',
  buyermaker: 'buyerIsMaker',
  isbuyermaker: 'buyerIsMaker',
  bid: 'bid',
  ask: 'ask',
  bidprice: 'bid',
  askprice: 'ask',
  bidsize: 'bidSize',
  asksize: 'askSize',
  bidamount: 'bidSize',
  askamount: 'askSize',
  bidqty: 'bidSize',
  askqty: 'askSize',
};
/** Columns that trades, quotes and bars do not have: prices and quantities beside them are of a book. */
const BOOK_NAMES: ReadonlySet<string> = new Set(['issnapshot', 'firstupdateid', 'lastupdateid', 'finalupdateid', 'updatetype']);
/** Names of a header that a message repeats. */
const NAMES_SHOWN_MAX = 20;
const KIND_MARKS: readonly (readonly [CsvKind, readonly CsvField[]])[] = [
  ['bars', ['open', 'high', 'low', 'close']],
  ['trades', ['price', 'quantity']],
  ['quotes', ['bid', 'ask']],
];
const TIME_SHAPES: readonly (readonly [RegExp, string])[] = [
  [/^\d{10}(\.\d+)?$/, 'epoch-s'],
  [/^\d{13}$/, 'epoch-ms'],
  [/^\d{16}$/, 'epoch-us'],
  [/^\d{19}$/, 'epoch-ns'],
  [/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d(:?\d\d)?)?)?$/, 'iso'],
  [/^\d{8}$/, 'yyyyMMdd'],
  [/^\d{8} \d{6}$/, 'yyyyMMdd HHmmss'],
  [/^\d{8} \d{9}$/, 'yyyyMMdd HHmmssSSS'],
  [/^\d{8} \d\d:\d\d$/, 'yyyyMMdd HH:mm'],
  [/^\d{8} \d\d:\d\d:\d\d$/, 'yyyyMMdd HH:mm:ss'],
  // With points the day comes first wherever dates are written so; with strokes either may.
  [/^\d\d\.\d\d\.\d{4}$/, 'dd.MM.yyyy'],
  [/^\d\d\.\d\d\.\d{4} \d\d:\d\d$/, 'dd.MM.yyyy HH:mm'],
  [/^\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d$/, 'dd.MM.yyyy HH:mm:ss'],
];
const SPANS: readonly (readonly [number, string])[] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'm'],
  [1, 's'],
];

/** Columns that each kind makes use of. */
const FIELDS_OF: Readonly<Partial<Record<CsvFormat['kind'], readonly CsvField[]>>> = {
  bars: ['time', 'open', 'high', 'low', 'close', 'volume'],
  trades: ['time', 'price', 'quantity', 'side', 'buyerIsMaker', 'tradeId'],
  quotes: ['time', 'bid', 'ask', 'bidSize', 'askSize'],
};

/** What is known already: such keys are neither guessed nor judged by the first lines. */
type GivenFormat = Partial<Omit<CsvFormat, 'columns'>>;

/**
 * Looks at the first lines of a file with a header and proposes a description.
 *
 * @throws InputError `FORMAT_UNRECOGNIZED` when more than one reading is possible or none is, with the columns that were recognized and
 * those to be mapped; what `openByteSource` throws
 */
export function sniffCsv(path: string, options: { readonly member?: string | undefined; readonly given?: GivenFormat } = {}): SniffedCsv {
  const { member, given = {} } = options;
  const lines = firstLines(path, member, given);
  const refuse = (rule: string, fix?: string): Error =>
    inputError('FORMAT_UNRECOGNIZED', {
      file: path,
      line: (given.skipLines ?? 0) + 1,
      value: lines[0]!,
      rule,
      ...(fix === undefined ? {} : { fix }),
    });
  const delimiter = given.delimiter ?? delimiterOf(lines, given.decimalMark);
  if (delimiter === undefined) throw unlikeLines(lines, given, refuse);
  const header = splitLine(lines[0]!, delimiter);
  if (given.header === false || header.some((name) => /^[\d.+-]+$/.test(name)))
    throw refuse(
      `The file has no header: which of its ${header.length} columns is which cannot be told.`,
      withoutHeader(given.kind, header.length),
    );
  const rows = lines.slice(1).map((line) => splitLine(line, delimiter));
  if (rows.length < 2) throw refuse('There are fewer than two rows to judge by.');
  const ofBook = header.find((name) => BOOK_NAMES.has(plainName(name)));
  if (ofBook !== undefined)
    throw refuse(`The column "${ofBook}" is of changes of an order book, which are not read.`, 'Give trades, quotes or bars.');
  const { columns, ignored } = mapHeader(header);
  const kind = kindOf(header, columns, given.kind, refuse);
  const kept = Object.fromEntries(
    Object.entries(columns).filter(([field]) => FIELDS_OF[kind]!.includes(field as CsvField)),
  ) as CsvFormat['columns'];
  const assumed: CsvAssumption[] =
    ignored.length > 0 ? [{ key: 'columns', text: `These columns are not used: ${ignored.join(', ')}.` }] : [];
  const at = (field: CsvField): number =>
    typeof columns[field] === 'number' ? (columns[field] as number) - 1 : header.indexOf(String(columns[field]));
  const times = rows.map((row) => row[at('time')]!);
  const timing = sniffTimes(header[at('time')]!, times, kind, given, refuse);
  const hasVolume = kind !== 'bars' || columns.volume !== undefined;
  const numbers = [...PRICES, ...QUANTITIES]
    .filter((field) => kept[field] !== undefined)
    .flatMap((field) => rows.map((row) => row[at(field)]!));
  const mark = given.decimalMark ?? decimalMarkOf(numbers, delimiter, refuse);
  if (mark === ',') {
    const text = numbers.find((each) => each.includes(','));
    assumed.push({ key: 'decimalMark', text: `A comma stands before the decimals${text === undefined ? '' : `, such as ${text}`}.` });
  }
  return {
    format: {
      kind,
      columns: kept,
      ...(delimiter === ',' ? {} : { delimiter }),
      ...(mark === '.' ? {} : { decimalMark: mark }),
      ...timing.format,
      ...(hasVolume ? {} : { volume: 'absent' as const }),
    },
    assumed: [...assumed, ...timing.assumed, ...(hasVolume ? [] : [{ key: 'volume', text: 'There is no volume.' } as const])],
  };
}

type Refuse = (rule: string, fix?: string) => Error;

/** Lines of different widths: often one name in the header for a date and a time of day that stand in two columns. */
function unlikeLines(lines: readonly string[], given: GivenFormat, refuse: Refuse): Error {
  const delimiter = delimiterOf(lines.slice(1), given.decimalMark);
  const [names, columns] = [lines[0]!, lines[1] ?? ''].map((line) => (delimiter === undefined ? 0 : splitLine(line, delimiter).length));
  if (delimiter === undefined || lines.length < 3)
    return refuse(
      'No delimiter gives all lines the same number of columns.',
      'State delimiter, and skipLines or comment where lines before the header are none.',
    );
  return refuse(
    `The header has ${names!} names, and the rows have ${columns!} columns.`,
    'Map the columns by number from 1; where the first two are the date and the time of day: columns: { date: 1, timeOfDay: 2, … }, timeFormat: yyyy-MM-dd, timeOfDayFormat: "HH:mm:ss".',
  );
}

function delimiterOf(lines: readonly string[], decimalMark: string | undefined): string | undefined {
  return DELIMITERS.find((each) => {
    if (each === decimalMark) return false;
    const count = splitLine(lines[0] ?? '', each).length;
    return count >= 3 && lines.every((line) => splitLine(line, each).length === count);
  });
}

/** A comma before the decimals, where no number of the first rows allows another reading. */
function decimalMarkOf(numbers: readonly string[], delimiter: string, refuse: Refuse): '.' | ',' {
  const withComma = numbers.filter((text) => text.includes(','));
  if (withComma.length === 0) return '.';
  if (delimiter === ',')
    throw refuse(
      `Commas stand between the columns and in numbers, such as "${withComma[0]!}".`,
      'Write the file with points before decimals.',
    );
  const fix = 'State decimalMark: "," where commas stand before the decimals; thousands separators are not read.';
  const withPoint = numbers.find((text) => text.includes('.'));
  if (withPoint !== undefined) {
    const both = withPoint.includes(',') ? `"${withPoint}"` : `"${withComma[0]!}" and "${withPoint}"`;
    throw refuse(`Numbers have commas and points, such as ${both}.`, `Write every number in one way. ${fix}`);
  }
  if (withComma.every((text) => /,\d{3}$/.test(text)))
    throw refuse(`The commas of the numbers may stand before decimals or thousands, such as "${withComma[0]!}".`, fix);
  return ',';
}

/** The one kind that the header has all needed columns of; else the refusal says which column is missing, and shows the others mapped. */
function kindOf(header: readonly string[], columns: CsvFormat['columns'], wanted: CsvKind | undefined, refuse: Refuse): CsvKind {
  const candidates = KIND_MARKS.filter(([kind]) => wanted === undefined || kind === wanted);
  if (candidates.length === 0)
    throw refuse(
      `Layouts of ${wanted!} are not recognized.`,
      mappingFix(wanted!, () => undefined),
    );
  const missingOf = ([, marks]: (typeof KIND_MARKS)[number]): readonly CsvField[] => marks.filter((field) => columns[field] === undefined);
  const fitting = candidates.filter((candidate) => missingOf(candidate).length === 0);
  if (fitting.length > 1)
    throw refuse(`The header fits ${fitting.map(([kind]) => kind).join(' and ')}.`, 'State kind: the one that is meant.');
  if (fitting.length === 1 && columns.time !== undefined) return fitting[0]![0];
  const closest = [...candidates].sort((a, b) => missingOf(a).length - missingOf(b).length)[0]!;
  const missing = [...(columns.time === undefined ? (['time'] as const) : []), ...missingOf(closest)];
  const [kind, marks] = closest;
  // Without a single column of any kind there is nothing to complete.
  if (fitting.length === 0 && missingOf(closest).length === marks.length && wanted === undefined)
    throw refuse(
      `The header fits neither bars nor trades nor quotes: ${namesText(header)}.`,
      mappingFix('bars', () => undefined),
    );
  const words = missing.map((field) => `"${field}"`).join(', ');
  throw refuse(
    `Read as ${kind}, no column of the header is recognized as ${words}; it has ${namesText(header)}.`,
    mappingFix(kind, (field) => columns[field]),
  );
}

/** The columns in the order that is usual; of rows that are too narrow for bars what else they may be. */
function withoutHeader(wanted: CsvKind | undefined, width: number): string {
  const inOrder = (kind: CsvKind): string => {
    let number = 0;
    return mappingFix(kind, () => (number += 1));
  };
  if (wanted !== undefined || width >= BAR_COLUMNS)
    return inOrder(wanted ?? 'bars').replace('and state kind', 'and state header: false, kind');
  const columns = (kind: CsvKind): string => mapping(kind, (_field, index) => index + 1);
  return `Map them by number from 1: if they are trades ${columns('trades')}, if they are quotes ${columns('quotes')}; and state header: false, kind, timeFormat and zone with them.`;
}

/** The whole mapping to write down, with NAME where a name is to be put in. */
function mappingFix(kind: CsvKind, columnOf: (field: CsvField) => CsvColumn | undefined): string {
  const noVolume = kind === 'bars' ? ' (without a volume column: volume: absent)' : '';
  const others = kind === 'bars' || kind === 'quote-bars' ? 'timeFormat, zone, every and stamp' : 'timeFormat and zone';
  return `Map all of them, by name or by number from 1: ${mapping(kind, columnOf)}${noVolume}, and state kind, ${others} with them.`;
}

function mapping(kind: CsvKind, columnOf: (field: CsvField, index: number) => CsvColumn | undefined): string {
  const fields: readonly CsvField[] = ['time', ...KIND_FIELDS[kind].needed];
  const mapped = fields.map((field, index) => {
    const column = columnOf(field, index);
    return `${field}: ${typeof column === 'string' ? yamlText(column) : (column ?? 'NAME')}`;
  });
  return `columns: { ${mapped.join(', ')} }`;
}

function yamlText(name: string): string {
  return /^[A-Za-z_][\w ]*$/.test(name) ? name : JSON.stringify(name);
}

/** What the times say of their format, their zone and the bars between them, as far as nobody has said it. */
function sniffTimes(
  timeName: string,
  times: readonly string[],
  kind: CsvKind,
  given: GivenFormat,
  refuse: Refuse,
): { readonly format: Pick<CsvFormat, 'timeFormat' | 'zone' | 'every' | 'stamp'>; readonly assumed: readonly CsvAssumption[] } {
  const assumed: CsvAssumption[] = [];
  const assume = (key: CsvAssumption['key'], text: string): void => {
    if (given[key as keyof GivenFormat] === undefined) assumed.push({ key, text });
  };
  const timeFormat = given.timeFormat ?? TIME_SHAPES.find(([shape]) => times.every((time) => shape.test(time)))?.[1];
  if (timeFormat === undefined) {
    const fix = 'State timeFormat: epoch-s, epoch-ms, epoch-us, epoch-ns, or a pattern such as dd/MM/yyyy or "MM/dd/yyyy HH:mm".';
    throw refuse(`The times of the column "${timeName}" are in no format that is recognized, such as "${times[0]!}".`, fix);
  }
  assume('timeFormat', `Times are ${timeFormat}, such as ${times[0]!}.`);
  const parsed = times.map((time) => parseTime(timeFormat, time));
  const misfit = parsed.findIndex(({ us }) => !Number.isFinite(us));
  if (misfit >= 0)
    throw refuse(`A time of the column "${timeName}" is not of the format ${timeFormat}: "${times[misfit]!}".`, 'Correct timeFormat.');
  const needsZone = !timeFormat.startsWith('epoch') && !parsed[0]!.hasOffset;
  if (needsZone) assume('zone', 'Times are in UTC: nothing in the file says so.');
  const format = { timeFormat, ...(needsZone ? { zone: given.zone ?? 'UTC' } : given.zone === undefined ? {} : { zone: given.zone }) };
  if (kind !== 'bars') return { format, assumed };
  const instants = parsed.map(({ us }) => us);
  if (instants.length > 1 && instants.every((us, at) => at === 0 || us < instants[at - 1]!))
    throw refuse('The rows run backwards in time: the newest comes first.', 'Sort the file by time, oldest first.');
  const every = sniffLength(instants, parsed[0]!.isDateOnly) ?? given.every;
  if (every === undefined)
    throw refuse('The length of the bars cannot be told from the times of the first rows.', 'State every: 1m, 1h, 1d, 1w, 1M …');
  assume('every', `Bars are of ${every}.`);
  const stamp = given.stamp ?? (/close/i.test(timeName) ? 'close' : 'open');
  assume('stamp', `Bars are stamped at their ${stamp === 'open' ? 'start' : 'end'}.`);
  return { format: { ...format, every, stamp }, assumed };
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[ _.]/g, '');
}

/** The names of a header, the first of many. */
function namesText(header: readonly string[]): string {
  const shown = header.slice(0, NAMES_SHOWN_MAX).map((name) => (name === '' ? '(no name)' : name));
  return `${shown.join(', ')}${header.length > NAMES_SHOWN_MAX ? ` and ${header.length - NAMES_SHOWN_MAX} more` : ''}`;
}

/** The first column of each known name; a nameless first column is the index that pandas writes. */
function mapHeader(header: readonly string[]): { readonly columns: CsvFormat['columns']; readonly ignored: readonly string[] } {
  const columns: { [F in CsvField]?: string | number } = {};
  const ignored: string[] = [];
  header.forEach((name, index) => {
    const field = NAMES[plainName(name)];
    if (field === undefined || columns[field] !== undefined || (name === '' && index > 0)) ignored.push(name);
    else columns[field] = name === '' ? index + 1 : name;
  });
  return { columns, ignored };
}

export function firstLines(path: string, member: string | undefined, { skipLines = 0, comment }: GivenFormat): readonly string[] {
  const source = openByteSource(path, member);
  try {
    const buffer = new LineBuffer();
    buffer.start(source);
    const lines: string[] = [];
    let passed = 0;
    for (let line = buffer.peekLine(); line !== null && lines.length < LINES_READ; line = buffer.peekLine()) {
      if (passed >= skipLines && line !== '' && (comment === undefined || !line.startsWith(comment))) lines.push(line);
      passed += 1;
      buffer.passLine();
    }
    if (lines.length === 0) throw inputError('FILE_EMPTY', { file: path });
    if (lines[0]!.includes('\0')) throw notText(path, lines[0]!);
    return lines;
  } finally {
    source.close();
  }
}

/** What the first bytes of files say that hold market data and are no text. */
const BINARY_MARKS: readonly (readonly [string, string])[] = [
  ['PAR1', 'Parquet'],
  ['ARROW1', 'Arrow (Feather)'],
  ['DBN', 'Databento DBN'],
  ['PK', 'a zip archive without .zip in its name'],
];

function notText(path: string, line: string): Error {
  const known = BINARY_MARKS.find(([mark]) => line.startsWith(mark));
  return inputError('KIND_UNSUPPORTED', {
    file: path,
    rule: `This is no text file${known === undefined ? '' : `, but ${known[1]}`}.`,
    fix: 'CSV files are read, plain, .gz or .zip, and LEAN archives: write it as CSV.',
  });
}

interface ParsedTime {
  readonly us: number;
  readonly hasOffset: boolean;
  readonly isDateOnly: boolean;
}

function parseTime(format: string, text: string): ParsedTime {
  const scale = { 'epoch-s': 1e6, 'epoch-ms': 1e3, 'epoch-us': 1, 'epoch-ns': 1e-3 }[format];
  if (scale !== undefined) return { us: Number(text) * scale, hasOffset: false, isDateOnly: false };
  const parser = makeStampParser(format, 'stamp');
  const us = parser.read(new TextEncoder().encode(`${text}\n`), 0);
  return { us, hasOffset: (parser.shape & SHAPE_OFFSET) !== 0, isDateOnly: (parser.shape & SHAPE_TIME_OF_DAY) === 0 };
}

/** The smallest distance between rows is the interval; days are recognized by dates, longer spans are not guessed at. */
function sniffLength(times: readonly number[], isDateOnly: boolean): string | undefined {
  const seconds = Math.min(...times.slice(1).map((us, i) => Math.round((us - times[i]!) / 1e6)));
  const span = SPANS.find(([length]) => seconds > 0 && seconds % length === 0);
  if (span === undefined || (isDateOnly && seconds !== 86_400) || seconds > 86_400) return undefined;
  return `${seconds / span[0]}${span[1]}`;
}
