import { lengthWithoutEndZeros } from '../../base/decimal.ts';
import { openByteSource, type ByteSource } from './byte-source.ts';
import type { CsvField, CsvFormat } from './csv-format.ts';
import { splitLine } from './field-text.ts';
import { leanFiles, type LeanStream } from './lean-reader.ts';
import { LINE_FEED, LineBuffer } from './line-buffer.ts';
import { PRICES, QUANTITIES } from './row-layout.ts';

/** What the numbers of a kind have at most. */
interface DigitsSeen {
  /** Digits behind the point. */
  readonly decimals: number;
  /** Digits before it: together with the decimals, 15 are held exactly whatever they are. */
  readonly whole: number;
}

/** What holds every price and every quantity of files. */
export interface DecimalsSeen {
  readonly price: DigitsSeen;
  readonly quantity: DigitsSeen;
}

/** How the numbers of a text are told apart. */
interface Marks {
  readonly delimiter: number;
  readonly point: number;
  /** −1 for none. */
  readonly comment: number;
}

/** Most digits behind the point in a column, as they are written and up to the last that is not zero, and before it. */
interface ColumnDecimals {
  written: number;
  significant: number;
  whole: number;
}

const QUOTE = 34;
const ZERO = 48;
const NINE = 57;
/** `e` and `E` alike. */
const EXPONENT = 101;
const LOWER_CASE = 32;
/** Columns of LEAN's quantities, from 0: the volume of trades; the sizes of bid and ask. */
const LEAN_QUANTITIES = { trade: [5], quote: [5, 10] } as const;
const LEAN_MARKS: Marks = { delimiter: 44, point: 46, comment: -1 };

/**
 * Reads every row of a stream of LEAN files once and finds the decimals that hold all of it; zeros at the end do not count.
 *
 * @throws InputError where there is no such stream, or a file of it is damaged
 */
export function leanDecimals(stream: LeanStream, data: 'trade' | 'quote'): DecimalsSeen {
  const counted: ColumnDecimals[] = [];
  for (const file of leanFiles(stream, data)) countSource(file.open(), LEAN_MARKS, counted, () => undefined);
  const quantities: readonly number[] = LEAN_QUANTITIES[data];
  return {
    price: mostOf(
      counted.filter((_, column) => column > 0 && !quantities.includes(column)),
      0,
    ),
    quantity: mostOf(
      counted.filter((_, column) => quantities.includes(column)),
      0,
    ),
  };
}

/** Zeros at the end do not count where there are more digits than `writtenMax`. */
function mostOf(columns: readonly ColumnDecimals[], writtenMax: number): DigitsSeen {
  const most = (key: keyof ColumnDecimals): number => Math.max(0, ...columns.map((column) => column[key]));
  const written = most('written');
  return { decimals: written <= writtenMax ? written : most('significant'), whole: most('whole') };
}

/**
 * The same of CSV files of one format: as they are written, since people write the decimals that they count in; zeros at the end are left
 * out only where there are more digits than `writtenMax`.
 *
 * @throws InputError for a file that is missing or damaged
 */
export function csvDecimals(files: readonly string[], member: string | undefined, format: CsvFormat, writtenMax: number): DecimalsSeen {
  const marks: Marks = {
    delimiter: (format.delimiter ?? ',').charCodeAt(0),
    point: (format.decimalMark ?? '.').charCodeAt(0),
    comment: format.comment === undefined ? -1 : format.comment.charCodeAt(0),
  };
  const prices: ColumnDecimals[] = [];
  const quantities: ColumnDecimals[] = [];
  for (const file of files) {
    const counted: ColumnDecimals[] = [];
    const header = countSource(openByteSource(file, member), marks, counted, (buffer) => passHead(buffer, format));
    const of = (fields: ReadonlySet<CsvField>): ColumnDecimals[] =>
      [...fields].flatMap((field) => counted[columnIndex(format.columns[field], header)] ?? []);
    prices.push(...of(PRICES));
    quantities.push(...of(QUANTITIES));
  }
  const { priceScale = 0 } = format;
  const { decimals, whole } = mostOf(prices, writtenMax);
  return { price: { decimals: decimals + priceScale, whole: whole - priceScale }, quantity: mostOf(quantities, writtenMax) };
}

function columnIndex(column: string | number | undefined, header: readonly string[] | undefined): number {
  return typeof column === 'number' ? column - 1 : column === undefined ? -1 : (header ?? []).indexOf(column);
}

/** Passes what comes before the rows; the names of the columns, where there are any. */
function passHead(
  buffer: LineBuffer,
  { skipLines = 0, header = true, comment, delimiter = ',' }: CsvFormat,
): readonly string[] | undefined {
  for (let i = 0; i < skipLines && buffer.peekLine() !== null; i += 1) buffer.passLine();
  if (!header) return undefined;
  for (let line = buffer.peekLine(); line !== null; line = buffer.peekLine()) {
    buffer.passLine();
    if (line !== '' && (comment === undefined || !line.startsWith(comment))) return splitLine(line, delimiter);
  }
  return undefined;
}

/** Counts over a text, then closes it; what `begin` returns comes back. */
function countSource<T>(source: ByteSource, marks: Marks, counted: ColumnDecimals[], begin: (buffer: LineBuffer) => T): T {
  try {
    const buffer = new LineBuffer();
    buffer.start(source);
    const head = begin(buffer);
    while (buffer.position < buffer.limit || buffer.refill()) {
      countDecimals(buffer, marks, counted);
      buffer.position = buffer.limit;
    }
    return head;
  } finally {
    source.close();
  }
}

/** Raises `counted`, by column from 0, to what the lines in the buffer have. */
function countDecimals({ bytes, position, limit }: LineBuffer, marks: Marks, counted: ColumnDecimals[]): void {
  const { delimiter, point, comment } = marks;
  let column = 0;
  let fieldAt = position;
  let isQuoted = false;
  let whole = 0;
  /** Digits behind the point; −1 before it. */
  let places = -1;
  let significant = 0;
  let hasExponent = false;
  const isComment = (at: number): boolean => at < limit && bytes[at] === comment;
  for (let at = isComment(position) ? bytes.indexOf(LINE_FEED, position) : position; at < limit; at += 1) {
    const byte = bytes[at]!;
    if (byte >= ZERO && byte <= NINE) {
      if (places >= 0) {
        places += 1;
        if (byte !== ZERO) significant = places;
      } else {
        whole += 1;
      }
    } else if (byte === LINE_FEED || (byte === delimiter && !isQuoted)) {
      while (counted.length <= column) counted.push({ written: 0, significant: 0, whole: 0 });
      const of = counted[column]!;
      if (hasExponent) raiseScientific(of, textOf(bytes, fieldAt, at));
      else {
        if (places > of.written) of.written = places;
        if (significant > of.significant) of.significant = significant;
        if (whole > of.whole) of.whole = whole;
      }
      column = byte === LINE_FEED ? 0 : column + 1;
      fieldAt = at + 1;
      whole = 0;
      places = -1;
      significant = 0;
      hasExponent = false;
      if (byte === LINE_FEED) isQuoted = false;
      if (byte === LINE_FEED && isComment(fieldAt)) at = bytes.indexOf(LINE_FEED, fieldAt) - 1;
    } else if (byte === point) {
      places = 0;
    } else if (byte === QUOTE) {
      isQuoted = !isQuoted;
    } else if ((byte | LOWER_CASE) === EXPONENT) {
      hasExponent = true;
    }
  }
}

/** `1.50E-05` needs six decimals, `1.5e3` four digits before them. */
function raiseScientific(of: ColumnDecimals, text: string): void {
  const match = /^\s*"?[+-]?(\d*)(?:[.,](\d*))?e([+-]?\d+)"?\s*$/i.exec(text);
  if (match === null) return;
  const exponent = Number(match[3]);
  const decimals = Math.max(0, lengthWithoutEndZeros(match[2] ?? '') - exponent);
  of.written = Math.max(of.written, decimals);
  of.significant = Math.max(of.significant, decimals);
  of.whole = Math.max(of.whole, match[1]!.length + exponent);
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  return new TextDecoder().decode(bytes.subarray(from, to));
}
