import { openByteSource, type ByteSource } from './byte-source.ts';
import type { CsvField, CsvFormat } from './csv-format.ts';
import { splitLine } from './field-text.ts';
import { leanFiles, type LeanStream } from './lean-reader.ts';
import { LINE_FEED, LineBuffer } from './line-buffer.ts';
import { PRICES, QUANTITIES } from './row-layout.ts';

/** Decimals that hold every price and every quantity of files. */
export interface DecimalsNeeded {
  readonly price: number;
  readonly quantity: number;
}

/** How the numbers of a text are told apart. */
interface Marks {
  readonly delimiter: number;
  readonly point: number;
  /** −1 for none. */
  readonly comment: number;
}

/** Most digits behind the point in a column: as they are written, and up to the last that is not zero. */
interface ColumnDecimals {
  written: number;
  significant: number;
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
export function leanDecimals(stream: LeanStream, data: 'trade' | 'quote'): DecimalsNeeded {
  const counted: ColumnDecimals[] = [];
  for (const file of leanFiles(stream, data)) countSource(file.open(), LEAN_MARKS, counted, () => undefined);
  const quantities: readonly number[] = LEAN_QUANTITIES[data];
  const most = (isWanted: (column: number) => boolean): number =>
    Math.max(0, ...counted.map(({ significant }, column) => (column > 0 && isWanted(column) ? significant : 0)));
  return { price: most((column) => !quantities.includes(column)), quantity: most((column) => quantities.includes(column)) };
}

/**
 * The same of CSV files of one format: as they are written, since people write the decimals that they count in; zeros at the end are left
 * out only where there are more digits than `writtenMax`.
 *
 * @throws InputError for a file that is missing or damaged
 */
export function csvDecimals(files: readonly string[], member: string | undefined, format: CsvFormat, writtenMax: number): DecimalsNeeded {
  const marks: Marks = {
    delimiter: (format.delimiter ?? ',').charCodeAt(0),
    point: (format.decimalMark ?? '.').charCodeAt(0),
    comment: format.comment === undefined ? -1 : format.comment.charCodeAt(0),
  };
  let price = 0;
  let quantity = 0;
  for (const file of files) {
    const counted: ColumnDecimals[] = [];
    const header = countSource(openByteSource(file, member), marks, counted, (buffer) => passHead(buffer, format));
    const most = (fields: ReadonlySet<CsvField>): number => {
      const columns = [...fields].map((field) => counted[columnIndex(format.columns[field], header)]);
      const written = Math.max(0, ...columns.map((column) => column?.written ?? 0));
      return written <= writtenMax ? written : Math.max(0, ...columns.map((column) => column?.significant ?? 0));
    };
    price = Math.max(price, most(PRICES));
    quantity = Math.max(quantity, most(QUANTITIES));
  }
  return { price: price + (format.priceScale ?? 0), quantity };
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
      }
    } else if (byte === LINE_FEED || (byte === delimiter && !isQuoted)) {
      if (places > 0 || hasExponent) raise(counted, column, places, significant, hasExponent ? textOf(bytes, fieldAt, at) : null);
      column = byte === LINE_FEED ? 0 : column + 1;
      fieldAt = at + 1;
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

function raise(counted: ColumnDecimals[], column: number, places: number, significant: number, scientific: string | null): void {
  while (counted.length <= column) counted.push({ written: 0, significant: 0 });
  const of = counted[column]!;
  const exponent = scientific === null ? 0 : decimalsOfScientific(scientific);
  of.written = Math.max(of.written, scientific === null ? places : exponent);
  of.significant = Math.max(of.significant, scientific === null ? significant : exponent);
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  return new TextDecoder().decode(bytes.subarray(from, to));
}

/** `1.50E-05` needs six. */
function decimalsOfScientific(text: string): number {
  const match = /^\s*"?[+-]?\d*[.,]?(\d*?)0*e([+-]?\d+)"?\s*$/i.exec(text);
  return match === null ? 0 : Math.max(0, match[1]!.length - Number(match[2]));
}
