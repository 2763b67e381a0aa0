import { openByteSource } from './byte-source.ts';
import type { CsvField, CsvFormat, CsvKind } from './csv-format.ts';
import { splitLine } from './field-text.ts';
import { inputError } from './input-problem.ts';
import { LineBuffer } from './line-buffer.ts';
import { makeStampParser, SHAPE_OFFSET } from './stamp-parser.ts';

/** What the first lines suggest and no one has said: about which key of the description, in a sentence. */
export interface CsvAssumption {
  readonly key: 'columns' | 'timeFormat' | 'zone' | 'every' | 'stamp' | 'volume';
  readonly text: string;
}

/** A proposed description, and in sentences what was assumed to get there. */
export interface SniffedCsv {
  readonly format: CsvFormat;
  readonly assumed: readonly CsvAssumption[];
  /** Most decimals among the first lines; later lines may have more, which the reader then refuses. */
  readonly decimalsSeen: { readonly price: number; readonly quantity: number };
}

const LINES_READ = 200;
const DELIMITERS = [',', ';', '\t', '|'] as const;

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

/**
 * Looks at the first lines of a file with a header and proposes a description.
 *
 * @throws InputError `FORMAT_UNRECOGNIZED` when more than one reading is possible or none is; what `openByteSource` throws
 */
export function sniffCsv(path: string, member?: string): SniffedCsv {
  const lines = firstLines(path, member);
  const refuse = (rule: string): Error => inputError('FORMAT_UNRECOGNIZED', { file: path, line: 1, value: lines[0]!, rule });
  const delimiter = DELIMITERS.find((each) => {
    const count = splitLine(lines[0]!, each).length;
    return count >= 3 && lines.every((line) => splitLine(line, each).length === count);
  });
  if (delimiter === undefined) throw refuse('No delimiter gives all lines the same number of columns.');
  const header = splitLine(lines[0]!, delimiter);
  if (header.some((name) => /^[\d.+-]+$/.test(name))) throw refuse('The file has no header: which column is which cannot be told.');
  const assumed: CsvAssumption[] = [];
  const assume = (key: CsvAssumption['key'], text: string): void => void assumed.push({ key, text });
  const rows = lines.slice(1).map((line) => splitLine(line, delimiter));
  if (rows.length < 2) throw refuse('There are fewer than two rows to judge by.');
  const { columns, ignored } = mapHeader(header);
  const kinds = KIND_MARKS.filter(([, marks]) => marks.every((field) => columns[field] !== undefined)).map(([kind]) => kind);
  if (columns.time === undefined) throw refuse('No column is called time, timestamp, date or the like.');
  if (kinds.length !== 1)
    throw refuse(`The header fits ${kinds.length === 0 ? 'neither bars nor trades nor quotes' : kinds.join(' and ')}.`);
  const kind = kinds[0]!;
  const kept = Object.fromEntries(
    Object.entries(columns).filter(([field]) => FIELDS_OF[kind]!.includes(field as CsvField)),
  ) as CsvFormat['columns'];
  const at = (field: CsvField): number =>
    typeof columns[field] === 'number' ? (columns[field] as number) - 1 : header.indexOf(String(columns[field]));
  if (ignored.length > 0) assume('columns', `These columns are not used: ${ignored.join(', ')}.`);
  const times = rows.map((row) => row[at('time')]!);
  const timeFormat = TIME_SHAPES.find(([shape]) => times.every((time) => shape.test(time)))?.[1];
  if (timeFormat === undefined) throw refuse(`The times are in no known format, such as "${times[0]!}".`);
  assume('timeFormat', `Times are ${timeFormat}, such as ${times[0]!}.`);
  const needsZone = !timeFormat.startsWith('epoch') && !parseTime(timeFormat, times[0]!).hasOffset;
  if (needsZone) assume('zone', 'Times are in UTC: nothing in the file says so.');
  const bars =
    kind === 'bars'
      ? sniffBars(
          header[at('time')]!,
          times.map((time) => parseTime(timeFormat, time).us),
          /^\d{4}-?\d\d-?\d\d$/.test(times[0]!),
          refuse,
        )
      : {};
  if (bars.every !== undefined) {
    assume('every', `Bars are of ${bars.every}.`);
    assume('stamp', `Bars are stamped at their ${bars.stamp === 'open' ? 'start' : 'end'}.`);
  }
  if (kind === 'bars' && columns.volume === undefined) assume('volume', 'There is no volume.');
  const digits = (fields: readonly CsvField[]): number =>
    Math.max(
      0,
      ...fields
        .filter((field) => columns[field] !== undefined)
        .flatMap((field) => rows.map((row) => (row[at(field)]!.split('.')[1] ?? '').length)),
    );
  return {
    format: {
      kind,
      columns: kept,
      timeFormat,
      ...(delimiter === ',' ? {} : { delimiter }),
      ...(needsZone ? { zone: 'UTC' } : {}),
      ...bars,
      ...(kind === 'bars' && columns.volume === undefined ? { volume: 'absent' as const } : {}),
    },
    assumed,
    decimalsSeen: {
      price: digits(['open', 'high', 'low', 'close', 'price', 'bid', 'ask']),
      quantity: digits(['volume', 'quantity', 'bidSize', 'askSize']),
    },
  };
}

/** The first column of each known name; a nameless first column is the index that pandas writes. */
function mapHeader(header: readonly string[]): { readonly columns: CsvFormat['columns']; readonly ignored: readonly string[] } {
  const columns: { [F in CsvField]?: string | number } = {};
  const ignored: string[] = [];
  header.forEach((name, index) => {
    const field = NAMES[name.toLowerCase().replace(/[ _.]/g, '')];
    if (field === undefined || columns[field] !== undefined || (name === '' && index > 0)) ignored.push(name);
    else columns[field] = name === '' ? index + 1 : name;
  });
  return { columns, ignored };
}

function firstLines(path: string, member?: string): readonly string[] {
  const source = openByteSource(path, member);
  try {
    const buffer = new LineBuffer();
    buffer.start(source);
    const lines: string[] = [];
    for (let line = buffer.peekLine(); line !== null && lines.length < LINES_READ; line = buffer.peekLine()) {
      if (line !== '') lines.push(line);
      buffer.passLine();
    }
    if (lines.length === 0) throw inputError('FILE_EMPTY', { file: path });
    return lines;
  } finally {
    source.close();
  }
}

function parseTime(format: string, text: string): { readonly us: number; readonly hasOffset: boolean } {
  const scale = { 'epoch-s': 1e6, 'epoch-ms': 1e3, 'epoch-us': 1, 'epoch-ns': 1e-3 }[format];
  if (scale !== undefined) return { us: Number(text) * scale, hasOffset: false };
  const parser = makeStampParser(format, 'stamp');
  const us = parser.read(new TextEncoder().encode(`${text}\n`), 0);
  return { us, hasOffset: (parser.shape & SHAPE_OFFSET) !== 0 };
}

/** The smallest distance between rows is the interval; days are recognized by dates, longer spans are not guessed at. */
function sniffBars(
  timeName: string,
  times: readonly number[],
  isDateOnly: boolean,
  refuse: (rule: string) => Error,
): Pick<CsvFormat, 'every' | 'stamp'> {
  const seconds = Math.min(...times.slice(1).map((us, i) => Math.round((us - times[i]!) / 1e6)));
  const span = SPANS.find(([length]) => seconds > 0 && seconds % length === 0);
  if (span === undefined || (isDateOnly && seconds !== 86_400) || seconds > 86_400) {
    throw refuse('The length of the bars cannot be told from the times of the first rows.');
  }
  return { every: `${seconds / span[0]}${span[1]}`, stamp: /close/i.test(timeName) ? 'close' : 'open' };
}
