import { isNumber, rowForHeader } from './header-row.ts';
import { malformedTimeRule } from './time-hint.ts';
import { powerOfTen } from '../../base/decimal.ts';
import type { CsvFormat, LoadCounters } from './csv-format.ts';
import type { ByteSource } from './byte-source.ts';
import { readDecimalText, splitLine } from './field-text.ts';
import type { DataCode } from './input-problem.ts';
import { inputError } from './input-problem.ts';
import { CARRIAGE_RETURN, LINE_FEED, LineBuffer } from './line-buffer.ts';
import { ColumnKind, placeColumns, tooPreciseRule, type ColumnPlan, type RowLayout } from './row-layout.ts';
import { SHAPE_OFFSET } from './stamp-parser.ts';

/** What is wrong with a row: found by the scanner or by the rules that look at whole rows. */
export interface RowFault {
  readonly code: DataCode;
  /** Column of the file from 0, or −1 for the whole row. */
  readonly columnIndex: number;
  readonly rule?: string;
  readonly fix?: string;
}

const QUOTE = 34;
const SPACE = 32;
const TAB = 9;
const COMMA = 44;
/** Digits that a double holds exactly whatever they are. */
export const EXACT_DIGITS = 15;
const DEFAULT_SIDES: readonly (readonly [string, number])[] = [
  ['', 0],
  ['buy', 1],
  ['b', 1],
  ['bid', 1],
  ['sell', -1],
  ['s', -1],
  ['ask', -1],
];
const FLAGS: ReadonlyMap<string, number> = new Map([
  ['true', 1],
  ['1', 1],
  ['t', 1],
  ['false', 0],
  ['0', 0],
  ['f', 0],
]);

/**
 * Reads rows of text into columns of counts, byte by byte: no string and no object per row in the plain case.
 * It knows columns and numbers; what rows mean together is for the rules (row-rules.ts).
 */
export class RowScanner {
  readonly buffer = new LineBuffer();
  fault: RowFault | null = null;
  /** Where each row of the last call began in the buffer; valid until the next call. */
  readonly rowAt: Float64Array;
  /** Set by the first text stamp of a file: whether stamps carry their own offset; −1 before. */
  shape = -1;
  layout: RowLayout = { columnCount: 0, names: [], plans: [] };
  readonly #delimiter: number;
  readonly #delimiterText: string;
  readonly #point: number;
  readonly #comment: number;
  readonly #format: CsvFormat;
  readonly #counters: LoadCounters;
  readonly #sides: ReadonlyMap<string, number>;
  #source: ByteSource | null = null;
  #symbolColumn = -1;
  #lastTradeId = '';
  #firstLineAt = 0;
  #firstLine = 1;
  #stop = 0;

  constructor(format: CsvFormat, counters: LoadCounters, rowsMax: number) {
    this.#format = format;
    this.#counters = counters;
    this.#delimiterText = format.delimiter ?? ',';
    this.#delimiter = this.#delimiterText.charCodeAt(0);
    this.#point = (format.decimalMark ?? '.').charCodeAt(0);
    this.#comment = format.comment === undefined ? -1 : format.comment.charCodeAt(0);
    this.rowAt = new Float64Array(rowsMax);
    this.#sides = new Map([
      ...DEFAULT_SIDES,
      ...(format.sides?.buy ?? []).map((word) => [word.toLowerCase(), 1] as const),
      ...(format.sides?.sell ?? []).map((word) => [word.toLowerCase(), -1] as const),
    ]);
  }

  /** Begins a file: passes its head and finds the columns. */
  start(source: ByteSource, plans: readonly ColumnPlan[]): void {
    this.#source = source;
    this.fault = null;
    this.shape = -1;
    const { buffer } = this;
    buffer.start(source);
    for (let i = 0; i < (this.#format.skipLines ?? 0) && buffer.peekLine() !== null; i += 1) buffer.passLine();
    let header: readonly string[] | null = null;
    if (this.#format.header ?? true) {
      const line = this.#nextTextLine();
      if (line !== null) header = splitLine(line, this.#delimiterText);
      buffer.passLine();
    }
    const first = header === null || buffer.position < buffer.limit || buffer.refill() ? this.#nextTextLine() : null;
    if (first === null) throw inputError('FILE_EMPTY', { file: source.name });
    const byName = plans.some((plan) => typeof plan.column === 'string');
    const columnCount = byName && header !== null ? header.length : splitLine(first, this.#delimiterText).length;
    const isStated = this.#format.header !== undefined;
    if (!byName && !isStated && header?.some(isNumber) === true) throw rowForHeader(source.name, header);
    this.layout = placeColumns(source.name, plans, header, columnCount);
    this.#symbolColumn = this.layout.plans.findIndex((plan) => plan?.kind === ColumnKind.SYMBOL);
  }

  /** The next line that is neither empty nor a comment, left in place. */
  #nextTextLine(): string | null {
    for (let line = this.buffer.peekLine(); line !== null; line = this.buffer.peekLine()) {
      if (line !== '' && line.charCodeAt(0) !== this.#comment) return line;
      this.buffer.passLine();
    }
    return null;
  }

  /**
   * Reads rows into `targets` (one array per column of the file, null for columns that are passed over), from row `from` on, at most to row `to`,
   * at most to the end of what is in the buffer. Hot.
   *
   * @returns the row after the last one read; on a fault (`fault` is set) the buffer stands at the faulty line
   */
  readRows(targets: readonly (Float64Array | null)[], from: number, to: number): number {
    const {
      buffer,
      layout: { columnCount, plans },
      rowAt,
    } = this;
    const bytes = buffer.bytes;
    const delimiter = this.#delimiter;
    const limit = buffer.limit;
    let at = buffer.position;
    let r = from;
    this.#firstLineAt = at;
    this.#firstLine = buffer.line;
    while (r < to && at < limit) {
      const lead = bytes[at]!;
      if (lead === LINE_FEED || lead === CARRIAGE_RETURN || lead === this.#comment || (this.#symbolColumn >= 0 && this.#isOther(at))) {
        if (this.fault !== null) break;
        at = buffer.lineEnd(at) + 1;
        buffer.line += 1;
        continue;
      }
      rowAt[r] = at;
      let n = at;
      let column = 0;
      for (; column < columnCount; column += 1) {
        const plan = plans[column]!;
        if (plan === null) {
          n = bytes[n] === QUOTE ? this.#passQuoted(n, column) : n;
          while (bytes[n] !== delimiter && bytes[n] !== LINE_FEED) n += 1;
        } else {
          targets[column]![r] =
            plan.kind === ColumnKind.DECIMAL ? this.#decimal(bytes, n, plan, column) : this.#field(bytes, n, plan, column);
          n = this.#stop;
        }
        if (this.fault !== null || bytes[n] !== delimiter) break;
        n += 1;
      }
      if (bytes[n] === CARRIAGE_RETURN && bytes[n + 1] === LINE_FEED) n += 1;
      if (this.fault === null && (column !== columnCount - 1 || bytes[n] !== LINE_FEED)) this.#faultOfCount(at);
      if (this.fault !== null) break;
      at = n + 1;
      r += 1;
      buffer.line += 1;
    }
    buffer.position = at;
    return r;
  }

  /** Turns to single rows of the file at hand, without its head; what lay in the buffer is gone. */
  turnTo(rows: ByteSource): void {
    this.fault = null;
    this.buffer.start(rows);
  }

  /** Line of row `row` of the last call, from 1. */
  lineOf(row: number): number {
    return this.#lineAt(this.rowAt[row]!);
  }

  #lineAt(at: number): number {
    let line = this.#firstLine;
    for (let i = this.#firstLineAt; i < at; i += 1) if (this.buffer.bytes[i] === LINE_FEED) line += 1;
    return line;
  }

  /** Forgets the fault and goes on after its line. */
  passFault(): void {
    this.fault = null;
    this.buffer.passLine();
  }

  /** The error for a fault in row `row` of the last call, or at the buffer's position where `row` is −1. */
  describe(fault: RowFault, row: number): Error {
    const at = row < 0 ? this.buffer.position : this.rowAt[row]!;
    const line = this.#lineAt(at);
    const text = this.buffer.lineText(at);
    const { columnIndex, code, rule, fix } = fault;
    return inputError(code, {
      file: this.#source!.name,
      line,
      ...(columnIndex < 0
        ? { value: text }
        : {
            column: this.layout.names[columnIndex]!,
            value: splitLine(text, this.#delimiterText)[columnIndex] ?? '',
          }),
      ...(rule === undefined ? {} : { rule }),
      ...(fix === undefined ? {} : { fix }),
    });
  }

  /** Plain digits with an optional point, up to 15 of them; anything else goes to {@link #slowDecimal}. Hot. */
  #decimal(bytes: Uint8Array, at: number, plan: ColumnPlan, column: number): number {
    let n = at;
    let value = 0;
    let byte = bytes[n]!;
    while (byte >= 48 && byte <= 57) {
      value = value * 10 + (byte - 48);
      n += 1;
      byte = bytes[n]!;
    }
    let digits = n - at;
    let shift = plan.decimals;
    if (byte === this.#point && byte !== this.#delimiter) {
      const fractionAt = n + 1;
      n = fractionAt;
      byte = bytes[n]!;
      while (byte >= 48 && byte <= 57) {
        value = value * 10 + (byte - 48);
        n += 1;
        byte = bytes[n]!;
      }
      shift -= n - fractionAt;
      digits += n - fractionAt;
    }
    if ((byte !== this.#delimiter && byte !== LINE_FEED && byte !== CARRIAGE_RETURN) || digits === 0 || digits > EXACT_DIGITS) {
      return this.#slowDecimal(at, plan, column);
    }
    this.#stop = n;
    if (shift === 0) return value;
    if (shift > 0) {
      const count = shift <= EXACT_DIGITS ? value * powerOfTen(shift) : Number.POSITIVE_INFINITY;
      return count <= Number.MAX_SAFE_INTEGER ? count : this.#slowDecimal(at, plan, column);
    }
    const divisor = shift >= -EXACT_DIGITS ? powerOfTen(-shift) : Number.POSITIVE_INFINITY;
    return value % divisor === 0 ? value / divisor : this.#slowDecimal(at, plan, column);
  }

  #slowDecimal(at: number, plan: ColumnPlan, column: number): number {
    const found = this.#fieldText(at, column);
    const isComma = this.#point === COMMA;
    if (found.includes(isComma ? '.' : ',')) return this.#otherMark(column, isComma);
    const text = isComma ? found.replace(',', '.') : found;
    if (text === '') {
      if (!plan.mayBeEmpty && this.fault === null) this.fault = { code: 'VALUE_MISSING', columnIndex: column };
      return 0;
    }
    const reading = readDecimalText(text, plan.decimals, plan.mayRound, plan.mayBeNegative);
    if (reading.wasRounded) this.#counters.rounded += 1;
    if (reading.code !== null && (plan.field === 'time' || plan.field === 'date' || plan.field === 'timeOfDay')) {
      this.fault ??=
        reading.code === 'NUMBER_OUT_OF_RANGE'
          ? { code: 'TIME_OUT_OF_RANGE', columnIndex: column }
          : this.#malformedTime(text, plan, column);
    } else if (reading.code !== null) {
      const rule = reading.code === 'NUMBER_TOO_PRECISE' ? tooPreciseRule(plan, text, this.#format.priceScale ?? 0) : null;
      this.fault ??= { code: reading.code, columnIndex: column, ...(rule === null ? {} : { rule }) };
    }
    return reading.value;
  }

  /** A number with the mark that is not the file's: a thousands separator, or a file that writes both. Reading it would guess which. */
  #otherMark(column: number, isComma: boolean): number {
    const [mark, other] = isComma ? ['comma', 'point'] : ['point', 'comma'];
    const lone = isComma ? '' : ' State decimalMark: "," where commas stand before the decimals.';
    this.fault ??= {
      code: 'NUMBER_MALFORMED',
      columnIndex: column,
      rule: `The number has a ${other}, and the decimal mark of the file is a ${mark}.`,
      fix: `Write every number in one way; thousands separators are not read.${lone}`,
    };
    return Number.NaN;
  }

  #field(bytes: Uint8Array, at: number, plan: ColumnPlan, column: number): number {
    switch (plan.kind) {
      case ColumnKind.STAMP:
        return this.#stamp(bytes, at, plan, column);
      case ColumnKind.NANOSECONDS: {
        const text = this.#fieldText(at, column);
        const isPlain = /^-?\d{1,19}$/.test(text);
        if (!isPlain) this.fault ??= { code: text === '' ? 'VALUE_MISSING' : 'TIME_MALFORMED', columnIndex: column };
        return isPlain ? Number(BigInt.asIntN(64, floorThousand(BigInt(text)))) : Number.NaN;
      }
      case ColumnKind.SIDE:
        return this.#word(at, column, this.#sides, 'SIDE_UNKNOWN');
      case ColumnKind.FLAG:
        return this.#word(at, column, FLAGS, 'SIDE_UNKNOWN');
      case ColumnKind.TEXT: {
        const text = this.#fieldText(at, column);
        if (text === '') this.fault ??= { code: 'VALUE_MISSING', columnIndex: column };
        else if (text === this.#lastTradeId) this.fault ??= { code: 'TRADE_ID_DUPLICATE', columnIndex: column };
        this.#lastTradeId = text;
        return 0;
      }
      default:
        this.#fieldText(at, column);
        return 0;
    }
  }

  #word(at: number, column: number, words: ReadonlyMap<string, number>, code: DataCode): number {
    const value = words.get(this.#fieldText(at, column).toLowerCase());
    if (value === undefined) this.fault ??= { code, columnIndex: column };
    return value ?? 0;
  }

  #stamp(bytes: Uint8Array, at: number, plan: ColumnPlan, column: number): number {
    const parser = plan.parser!;
    const quoted = bytes[at] === QUOTE ? 1 : 0;
    const us = parser.read(bytes, at + quoted);
    let stop = parser.stop;
    if (quoted === 1 && bytes[stop] === QUOTE) stop += 1;
    else while ((bytes[stop] === SPACE || bytes[stop] === TAB) && bytes[stop] !== this.#delimiter) stop += 1;
    const after = bytes[stop];
    const ended = after === this.#delimiter || after === LINE_FEED || (after === CARRIAGE_RETURN && bytes[stop + 1] === LINE_FEED);
    this.#stop = stop;
    if (Number.isNaN(us) || !ended) {
      const text = this.#fieldText(at, column);
      this.fault ??= text === '' ? { code: 'VALUE_MISSING', columnIndex: column } : this.#malformedTime(text, plan, column);
    } else if (!Number.isFinite(us)) {
      this.fault ??= { code: 'TIME_OUT_OF_RANGE', columnIndex: column };
    } else if (plan.field !== 'timeOfDay' && this.shape !== parser.shape) {
      if (this.shape < 0) this.shape = parser.shape;
      else if (((this.shape ^ parser.shape) & SHAPE_OFFSET) !== 0) this.fault ??= { code: 'TIME_ZONES_MIXED', columnIndex: column };
      else this.fault ??= { code: 'TIME_MALFORMED', columnIndex: column, rule: 'Some times have a time of day and some are dates alone.' };
    }
    return us;
  }

  #malformedTime(text: string, { field }: ColumnPlan, columnIndex: number): RowFault {
    const { timeFormat, timeOfDayFormat } = this.#format;
    const format = field === 'timeOfDay' ? timeOfDayFormat! : timeFormat;
    return { code: 'TIME_MALFORMED', columnIndex, rule: malformedTimeRule(text, format) };
  }

  /** The text of the field at `at`, without quotes and outer spaces; `#stop` is left at its end. */
  #fieldText(at: number, column: number): string {
    const bytes = this.buffer.bytes;
    let end = at;
    if (bytes[at] === QUOTE) {
      end = this.#passQuoted(at, column);
      this.#stop = end;
      return this.buffer.text(at + 1, Math.max(at + 1, end - 1)).trim();
    }
    while (bytes[end] !== this.#delimiter && bytes[end] !== LINE_FEED) end += 1;
    if (bytes[end] === LINE_FEED && end > at && bytes[end - 1] === CARRIAGE_RETURN) end -= 1;
    this.#stop = end;
    return this.buffer.text(at, end).trim();
  }

  /** The byte after the closing quote, which must end the field. */
  #passQuoted(at: number, column: number): number {
    const bytes = this.buffer.bytes;
    let n = at + 1;
    while (bytes[n] !== QUOTE && bytes[n] !== LINE_FEED) n += 1;
    const after = bytes[n + 1];
    const isClosed = bytes[n] === QUOTE && (after === this.#delimiter || after === LINE_FEED || after === CARRIAGE_RETURN);
    if (!isClosed) this.fault ??= { code: 'TEXT_UNCLOSED', columnIndex: column };
    return bytes[n] === QUOTE ? n + 1 : n;
  }

  /** True for a row of another symbol that is to be passed over; sets the fault where it is to be refused. */
  #isOther(at: number): boolean {
    const line = this.buffer.lineText(at);
    const text = splitLine(line, this.#delimiterText)[this.#symbolColumn];
    if (text === undefined || text === this.#format.symbol!.text) return false;
    if (this.#format.symbol!.others === 'skip') this.#counters.filtered += 1;
    else
      this.fault ??= { code: 'SYMBOL_UNKNOWN', columnIndex: this.#symbolColumn, rule: `The symbol is not "${this.#format.symbol!.text}".` };
    return true;
  }

  #faultOfCount(at: number): void {
    const count = splitLine(this.buffer.lineText(at), this.#delimiterText).length;
    const { columnCount } = this.layout;
    this.fault = {
      code: count < columnCount ? 'ROW_SHORT' : 'ROW_LONG',
      columnIndex: -1,
      rule: `The row has ${count} columns; ${columnCount} were expected.`,
    };
  }
}

/** Nanoseconds to microseconds, towards the past. */
function floorThousand(ns: bigint): bigint {
  const us = ns / 1_000n;
  return ns < 0n && us * 1_000n !== ns ? us - 1n : us;
}
