import { DAY_US, dayNumberOf } from '../../../model/civil-date.ts';
import type { InputError } from '../../../ports/errors.ts';
import { type ByteSource, openByteSource } from '../byte-source.ts';
import { readDecimalText } from '../field-text.ts';
import { type DataCode, inputError } from '../input-problem.ts';
import { CARRIAGE_RETURN, LINE_FEED, LineBuffer } from '../line-buffer.ts';
import { YEAR_MAX } from '../time-of-day.ts';
import { DecimalScanner } from './decimal-scanner.ts';
import type { RecordPlace } from './recording-reader.ts';
import { type Decimals, tooPrecise } from './too-precise.ts';

/** Most columns of a table; the widest that is known (snapshots of 25 levels) has 104. */
const TABLE_COLUMNS_MAX = 1024;

const COMMA = 44;
const TIME_MAX_US = dayNumberOf(YEAR_MAX + 1, 1, 1) * DAY_US;

/** What to do about rows and values here, where the catalogue names options that only files with a described layout have. */
const FIXES: Partial<Record<DataCode, string>> = {
  ROW_SHORT: 'Repair the row, or take it out.',
  ROW_LONG: 'Repair the row, or take it out.',
  VALUE_MISSING: 'Repair the row, or take it out.',
  NUMBER_NOT_FINITE: 'Repair the row, or take it out.',
  NUMBER_NEGATIVE: 'Repair the row, or take it out.',
  NUMBER_ZERO: 'Repair the row, or take it out.',
  NUMBER_TRAILING_TEXT: 'Repair the row, or take it out.',
  NUMBER_TOO_PRECISE: 'Repair the row, or take it out.',
  NUMBER_OUT_OF_RANGE: 'Repair the value, or lower priceDecimals or quantityDecimals of the instrument.',
};

/** A text that begins when it is opened: recordings of days are opened one after another. */
type OpenText = () => ByteSource;

/** Openers of the files of a path list. */
export function textsOf(path: string | readonly string[], member?: string): readonly OpenText[] {
  return (typeof path === 'string' ? [path] : path).map((each) => () => openByteSource(each, member));
}

/**
 * Splits the rows of comma-separated tables, one file after another, and reads their values exactly: no string is made in the plain case.
 */
export class TableScanner {
  /** Names of the columns, for messages and for {@link columnOf}; set after the start of each file. */
  columns: readonly string[] = [];
  /** Number of the file at hand, from 0; −1 before the first. */
  fileIndex = -1;
  /** Columns of the row at hand. */
  width = 0;
  /** Line of the row at hand, from 1. */
  line = 0;
  private readonly files: readonly OpenText[];
  private readonly buffer = new LineBuffer();
  private readonly numbers = new DecimalScanner();
  private readonly starts = new Int32Array(TABLE_COLUMNS_MAX);
  private readonly ends = new Int32Array(TABLE_COLUMNS_MAX);
  private source: ByteSource | null = null;
  private name = '';
  private recordFile = '';
  private recordLine = 0;
  private readonly decimals: Decimals;

  /** @param decimals of the instrument, for messages */
  constructor(files: readonly OpenText[], { priceDecimals, quantityDecimals }: Decimals) {
    this.files = files;
    this.decimals = { priceDecimals, quantityDecimals };
  }

  /** Of the file at hand: its path, and the member of an archive. */
  get file(): string {
    return this.name;
  }

  /** Of the record that was begun last. */
  get place(): RecordPlace {
    return { file: this.recordFile, line: this.recordLine };
  }

  /** The row at hand is the first of a record. */
  beginRecord(): void {
    this.recordFile = this.name;
    this.recordLine = this.line;
  }

  /** Share of all files that has been read, 0 to 1. */
  get progress(): number {
    const source = this.source;
    if (source === null) return this.fileIndex < 0 ? 0 : 1;
    return Math.min(1, (this.fileIndex + this.buffer.bytesRead / Math.max(1, source.bytes)) / this.files.length);
  }

  /**
   * Goes to the next file; false where there is none.
   *
   * @throws InputError for a file that is missing, unreadable, damaged or empty
   */
  startFile(): boolean {
    this.close();
    if (this.fileIndex + 1 >= this.files.length) return false;
    this.fileIndex += 1;
    const source = this.files[this.fileIndex]!();
    this.source = source;
    this.name = source.name;
    this.line = 0;
    this.buffer.start(source);
    return true;
  }

  /** Reads the line of names. @throws InputError `FILE_EMPTY` */
  readHeader(): readonly string[] {
    if (!this.nextRow(0)) throw inputError('FILE_EMPTY', { file: this.name });
    this.columns = this.buffer.text(this.starts[0]!, this.ends[this.width - 1]!).split(',');
    return this.columns;
  }

  /**
   * Splits the next line that is not empty.
   *
   * @param width columns it must have; 0: any number
   * @returns false at the end of the file
   * @throws InputError `ROW_SHORT`, `ROW_LONG`, `LINE_TOO_LONG`
   */
  nextRow(width: number): boolean {
    const buffer = this.buffer;
    const starts = this.starts;
    const ends = this.ends;
    if (this.source === null) return false;
    for (;;) {
      if (buffer.position >= buffer.limit && !buffer.refill()) return false;
      const { bytes } = buffer;
      const from = buffer.position;
      let at = from;
      let column = 0;
      starts[0] = at;
      for (let byte = bytes[at]!; byte !== LINE_FEED; at += 1, byte = bytes[at]!) {
        if (byte !== COMMA) continue;
        ends[column] = at;
        if (column + 1 < TABLE_COLUMNS_MAX) column += 1;
        starts[column] = at + 1;
      }
      const end = at > from && bytes[at - 1] === CARRIAGE_RETURN ? at - 1 : at;
      ends[column] = end;
      buffer.position = at + 1;
      this.line = buffer.line;
      buffer.line += 1;
      if (end === from) continue;
      this.width = column + 1;
      if (width !== 0 && this.width !== width) throw this.miscounted(width, buffer.text(from, end));
      return true;
    }
  }

  private miscounted(width: number, value: string): Error {
    const code = this.width < width ? 'ROW_SHORT' : 'ROW_LONG';
    return inputError(code, {
      file: this.name,
      line: this.line,
      value,
      rule: `The row has ${this.width} columns where the table has ${width}.`,
      fix: FIXES[code]!,
    });
  }

  /** The number of a column by its name. @throws InputError `COLUMN_MISSING` */
  columnOf(name: string): number {
    const column = this.columns.indexOf(name);
    if (column >= 0) return column;
    throw inputError('COLUMN_MISSING', {
      file: this.name,
      line: this.line,
      column: name,
      rule: `The table has no column ${name}; it has ${this.columns.join(', ')}.`,
      fix: 'Fetch the file again, or put its header back.',
    });
  }

  isEmpty(column: number): boolean {
    return this.starts[column] === this.ends[column];
  }

  /** The byte of a column that has one; −1 for none, or more than one. */
  letter(column: number): number {
    const at = this.starts[column]!;
    return this.ends[column]! === at + 1 ? this.buffer.bytes[at]! : -1;
  }

  text(column: number): string {
    return this.buffer.text(this.starts[column]!, this.ends[column]!);
  }

  /** Whether a column has exactly these bytes. */
  is(column: number, word: Uint8Array): boolean {
    const at = this.starts[column]!;
    if (this.ends[column]! - at !== word.length) return false;
    const { bytes } = this.buffer;
    for (let n = 0; n < word.length; n += 1) if (bytes[at + n] !== word[n]) return false;
    return true;
  }

  /** Number of the word that a column has, from 0; −1 for another text. */
  wordOf(column: number, words: readonly Uint8Array[]): number {
    for (let n = 0; n < words.length; n += 1) if (this.is(column, words[n]!)) return n;
    return -1;
  }

  /**
   * A number as a count of 10^-decimals; hot.
   *
   * @param decimals negative where the file counts finer than the instrument
   * @throws InputError `VALUE_MISSING`, `NUMBER_…`: anything but an exact count of zero or more
   */
  count(column: number, decimals: number): number {
    const count = this.plainCount(column, decimals);
    if (count >= 0) return count;
    const text = this.text(column);
    const reading = text === '' ? { code: 'VALUE_MISSING' as const, value: 0 } : readDecimalText(text, decimals, false, false);
    if (reading.code === null) return reading.value;
    throw reading.code === 'NUMBER_TOO_PRECISE' ? this.tooPrecise(column, decimals, text) : this.problem(reading.code, column);
  }

  /** Columns of prices and quantities are told by their names; others, such as ids, have no decimals to raise. */
  private tooPrecise(column: number, decimals: number, text: string): Error {
    const name = this.columns[column] ?? '';
    const key = /price|^bid$|^ask$/i.test(name)
      ? 'priceDecimals'
      : /quantity|qty|amount|volume|size/i.test(name)
        ? 'quantityDecimals'
        : null;
    if (key === null) return this.problem('NUMBER_TOO_PRECISE', column);
    // What the file counts finer than by wholes is what the instrument has more than was read.
    const has = this.decimals[key];
    const { rule, fix } = tooPrecise(key, has, text, has - decimals);
    return this.problem('NUMBER_TOO_PRECISE', column, rule, fix);
  }

  /** As {@link count}, and above zero. @throws InputError `NUMBER_ZERO` */
  positive(column: number, decimals: number): number {
    const count = this.count(column, decimals);
    if (count === 0) throw this.problem('NUMBER_ZERO', column);
    return count;
  }

  /**
   * A time since the epoch in microseconds.
   *
   * @param decimals 0 where the file has microseconds, 3 where it has milliseconds
   * @throws InputError `VALUE_MISSING`, `TIME_MALFORMED`, `TIME_OUT_OF_RANGE`
   */
  time(column: number, decimals: number): number {
    const us = this.plainCount(column, decimals);
    if (us >= 0 && us < TIME_MAX_US) return us;
    if (this.isEmpty(column)) throw this.problem('VALUE_MISSING', column);
    const { code, value } = readDecimalText(this.text(column), decimals, false, false);
    if (code === null && value < TIME_MAX_US) return value;
    if (code === null || code === 'NUMBER_OUT_OF_RANGE') throw this.problem('TIME_OUT_OF_RANGE', column);
    const unit = decimals === 0 ? 'microseconds' : 'milliseconds';
    throw this.problem('TIME_MALFORMED', column, `The time is not a count of ${unit}.`, 'Repair the row, or take it out.');
  }

  /** The error for a value of the row at hand. */
  problem(code: DataCode, column: number, rule?: string, fix?: string): InputError {
    const repair = fix ?? FIXES[code];
    return inputError(code, {
      file: this.name,
      line: this.line,
      column: this.columns[column] ?? String(column + 1),
      value: this.text(column),
      ...(rule === undefined ? {} : { rule }),
      ...(repair === undefined ? {} : { fix: repair }),
    });
  }

  close(): void {
    this.source?.close();
    this.source = null;
  }

  /** Plain digits with an optional point; NaN for anything that needs a closer look. */
  private plainCount(column: number, decimals: number): number {
    const { numbers } = this;
    const count = numbers.decimal(this.buffer.bytes, this.starts[column]!, decimals);
    return numbers.stop === this.ends[column]! ? count : Number.NaN;
  }
}

/** Bytes of words that a column is compared with. */
export function wordBytes(...words: readonly string[]): readonly Uint8Array[] {
  const encoder = new TextEncoder();
  return words.map((word) => encoder.encode(word));
}
