import type { PricedBlock } from '../../model/blocks.ts';
import { BlockKind } from '../../model/blocks.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import type { BarClock } from './bar-clock.ts';
import { type ByteSource, MemorySource } from './byte-source.ts';
import type { CsvField, CsvFormat, LoadCounters } from './csv-format.ts';
import { ColumnKind, isEpochFormat, type ColumnPlan } from './row-layout.ts';
import { RowScanner } from './row-scanner.ts';
import {
  blockColumns,
  judgeValues,
  VERDICT_BACKWARDS,
  VERDICT_DUPLICATE,
  VERDICT_FILTERED,
  VERDICT_OVERLAP,
  VERDICT_TIME_RANGE,
  VERDICTS,
} from './row-rules.ts';
import { SHAPE_OFFSET, SHAPE_TIME_OF_DAY } from './stamp-parser.ts';
import { YEAR_MAX, YEAR_MIN } from './time-of-day.ts';
import { DAY_US, dayNumberOf } from '../../model/civil-date.ts';
import type { ZoneClock } from '../../ports/zone-clock.ts';
import { inputError } from './input-problem.ts';

/** Rows beyond the end of the range that must be in order before reading ends there: a single stray time has none after it. */
const CONFIRMING_ROWS = 1_000;
/** Where the last row of a file is looked for. */
const TAIL_BYTES = 1 << 16;

const TIME_MIN_US = dayNumberOf(YEAR_MIN, 1, 1) * DAY_US;
const TIME_MAX_US = dayNumberOf(YEAR_MAX + 1, 1, 1) * DAY_US;

/** A file of a stream; `dateUs` is the day for files whose rows have only a time of day (local, as if UTC). */
export interface StreamFile {
  readonly open: () => ByteSource;
  readonly dateUs: number;
}

/** What a reader needs to know; made by the openers (csv-reader.ts, lean-reader.ts). */
interface ReadPlan<B extends PricedBlock> {
  readonly files: readonly StreamFile[];
  readonly format: CsvFormat;
  readonly columns: readonly ColumnPlan[];
  readonly block: B;
  /** Which column a field goes to; the fields of time and what is only checked have their own. */
  readonly targetOf: (field: CsvField) => Float64Array;
  /** Columns beside the block's that rows have until `finish`. */
  readonly scratch: readonly Float64Array[];
  readonly clock: ZoneClock | null;
  readonly bars: BarClock | null;
  readonly fromTs: number;
  readonly toTs: number;
  /** Bars only: start and end of a session in a zone, or null. */
  readonly session: { readonly fromUs: number; readonly toUs: number; readonly clock: ZoneClock } | null;
  readonly onDefect: 'refuse' | 'skip';
  /** Called once per block with the rows that are delivered: sides of trades, adjusted prices. */
  readonly finish: ((block: B) => void) | null;
}

/** Reads one stream of rows from files, one after another. Made by the openers. */
export class FileReader<B extends PricedBlock> implements BlockReader<B> {
  readonly counters: LoadCounters = { rows: 0, skipped: 0, filtered: 0, rounded: 0, skippedByCode: new Map() };
  readonly #plan: ReadPlan<B>;
  readonly #scanner: RowScanner;
  readonly #verdicts: Uint8Array;
  readonly #timeOfDay: Float64Array;
  readonly #columns: readonly (Float64Array | Int8Array)[];
  readonly #rowsMax: number;
  #targets: readonly (Float64Array | null)[] = [];
  #source: ByteSource | null = null;
  #fileIndex = -1;
  #previousUs = -Infinity;
  #previousCloseUs = -Infinity;
  /** Rows beyond the end of the range so far; −1 until a row has reached it. From then on only the order of rows counts. */
  #beyond = -1;
  /** Line of the row that reached it. */
  #beyondLine = 0;
  /** The row after which the rest of the file is not wanted; −1 before. */
  #endRow = -1;
  #isLastFile = false;

  constructor(plan: ReadPlan<B>) {
    this.#plan = plan;
    this.#rowsMax = plan.block.tsEvent.length;
    this.#scanner = new RowScanner(plan.format, this.counters, this.#rowsMax);
    this.#verdicts = new Uint8Array(this.#rowsMax);
    this.#timeOfDay = new Float64Array(plan.format.columns.timeOfDay === undefined ? 0 : this.#rowsMax);
    this.#columns = [...blockColumns(plan.block), ...plan.scratch];
  }

  /** Share of the input that has been read, 0 to 1. */
  get progress(): number {
    const current = this.#source === null ? 0 : Math.min(1, this.#scanner.buffer.bytesRead / this.#source.bytes);
    return Math.min(
      1,
      (Math.max(0, this.#fileIndex) + (this.#source === null && this.#fileIndex >= 0 ? 1 : current)) / this.#plan.files.length,
    );
  }

  next(): B | null {
    try {
      return this.#next();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  close(): void {
    this.#source?.close();
    this.#source = null;
    this.#fileIndex = this.#plan.files.length;
  }

  #next(): B | null {
    const { block, finish } = this.#plan;
    let rows = 0;
    while (rows < this.#rowsMax && (this.#source !== null || this.#openNext())) {
      const { buffer } = this.#scanner;
      if (buffer.position >= buffer.limit && !buffer.refill()) {
        this.#source!.close();
        this.#source = null;
        continue;
      }
      const end = this.#scanner.readRows(this.#targets, rows, this.#rowsMax);
      rows = this.#keep(rows, end);
      if (this.#endRow >= 0) {
        this.#leaveFile(rows);
        continue;
      }
      const fault = this.#scanner.fault;
      if (fault !== null) {
        if (this.#beyond >= 0) {
          this.#scanner.passFault();
          continue;
        }
        if (this.#plan.onDefect === 'refuse') throw this.#scanner.describe(fault, -1);
        this.#countSkipped(fault.code);
        this.#scanner.passFault();
      }
    }
    if (rows === 0) return null;
    block.length = rows;
    this.counters.rows += rows;
    finish?.(block);
    return block;
  }

  #openNext(): boolean {
    const { files, columns, targetOf } = this.#plan;
    if (this.#fileIndex + 1 >= files.length) return false;
    this.#fileIndex += 1;
    this.#source = files[this.#fileIndex]!.open();
    this.#scanner.start(this.#source, columns);
    this.#targets = this.#scanner.layout.plans.map((plan) => {
      if (plan === null) return null;
      // What is only checked (symbol, trade id) is written where the time will be written over it.
      if (plan.kind === ColumnKind.SYMBOL || plan.kind === ColumnKind.TEXT) return this.#plan.block.tsInit;
      if (plan.field === 'time' || plan.field === 'date') return this.#plan.block.tsEvent;
      if (plan.field === 'timeOfDay') return this.#timeOfDay;
      return targetOf(plan.field);
    });
    return true;
  }

  /**
   * Ends reading, once enough rows beyond the end of the range were in order. The last row of the file and the first of the file after it
   * must not be earlier either: two pieces in the wrong order would else look like the end.
   */
  #leaveFile(row: number): void {
    this.#endRow = -1;
    if (this.#isLastFile) return this.close();
    const source = this.#source!;
    const line = lastLineOf(source.tail(TAIL_BYTES), this.#plan.format.comment);
    if (line !== null) {
      this.#scanner.turnTo(new MemorySource(source.name, new TextEncoder().encode(line)));
      const isRow = this.#scanner.readRows(this.#targets, row, row + 1) > row && this.#scanner.fault === null;
      if (isRow && this.#isEarlier(this.#rawUs(row))) {
        throw inputError('TIME_BACKWARDS', {
          file: source.name,
          line: this.#beyondLine,
          rule: `This row lies beyond the end of the period, but the last row of the file is earlier than it or than a row after it: ${line}`,
          fix: 'Correct its time, or sort the file.',
        });
      }
    }
    source.close();
    this.#source = null;
    this.#isLastFile = true;
    this.#beyond = CONFIRMING_ROWS - 1;
  }

  #isEarlier(rawUs: number): boolean {
    const { bars, clock } = this.#plan;
    if (!(rawUs >= TIME_MIN_US && rawUs < TIME_MAX_US)) return false;
    const isUtc = this.#isUtc();
    if (bars !== null) {
      bars.set(rawUs, isUtc, this.#isDateOnly());
      return bars.closeUs < this.#previousCloseUs;
    }
    const us = isUtc ? rawUs : clock!.localToUtcUs(rawUs);
    return (isUtc ? us : this.#laterIfTwice(rawUs, us)) < this.#previousUs;
  }

  #isUtc(): boolean {
    const { shape } = this.#scanner;
    return isEpochFormat(this.#plan.format.timeFormat) || (shape >= 0 && (shape & SHAPE_OFFSET) !== 0);
  }

  #isDateOnly(): boolean {
    const { shape } = this.#scanner;
    return shape >= 0 && (shape & SHAPE_TIME_OF_DAY) === 0 && this.#plan.format.columns.timeOfDay === undefined;
  }

  /** What the file says of the time of a row that was read and not yet judged. */
  #rawUs(row: number): number {
    const { block, format, files } = this.#plan;
    const { date, time, timeOfDay } = format.columns;
    if (date === undefined && time === undefined) return files[this.#fileIndex]!.dateUs + this.#timeOfDay[row]!;
    return timeOfDay === undefined ? block.tsEvent[row]! : block.tsEvent[row]! + this.#timeOfDay[row]!;
  }

  /** Turns raw rows into rows of the stream: judged, timed, filtered, moved together. Returns the end of what is kept. */
  #keep(from: number, to: number): number {
    const { block, format, onDefect } = this.#plan;
    let isMixed = judgeValues(block, from, to, this.#verdicts, format.emptySide === 'absent');
    if (this.#setTimes(from, to)) isMixed = true;
    const end = this.#endRow < 0 ? to : this.#endRow;
    if (!isMixed) return end;
    let kept = from;
    for (let r = from; r < end; r += 1) {
      const number = this.#verdicts[r]!;
      if (number === 0) {
        if (kept < r) for (const column of this.#columns) column[kept] = column[r]!;
        kept += 1;
      } else if (number === VERDICT_FILTERED) {
        this.counters.filtered += 1;
      } else if (onDefect === 'skip') {
        this.#countSkipped(VERDICTS[number]!.code);
      } else {
        const { code, field, rule } = VERDICTS[number]!;
        const columnIndex = this.#scanner.layout.plans.findIndex(
          (plan) => plan !== null && (plan.field === field || (field === 'time' && isTime(plan.field))),
        );
        throw this.#scanner.describe({ code, columnIndex, ...(rule === undefined ? {} : { rule }) }, r);
      }
    }
    return kept;
  }

  #countSkipped(code: string): void {
    this.counters.skipped += 1;
    this.counters.skippedByCode.set(code, (this.counters.skippedByCode.get(code) ?? 0) + 1);
  }

  /** Sets the times of rows `from` to `to` and judges their order. Returns false when every row is good. Hot. */
  #setTimes(from: number, to: number): boolean {
    const { block, format, clock, bars, files, fromTs, toTs, session } = this.#plan;
    const { tsEvent, tsInit } = block;
    const tsOpen = block.kind === BlockKind.BARS || block.kind === BlockKind.QUOTE_BARS ? block.tsOpen : null;
    const isUtc = this.#isUtc();
    if (!isUtc && clock === null) throw inputError('ZONE_MISSING', { file: this.#source!.name });
    const isDateOnly = this.#isDateOnly();
    const splits = format.columns.timeOfDay !== undefined && format.columns.date !== undefined;
    const dateUs = files[this.#fileIndex]!.dateUs;
    const addsFile = format.columns.date === undefined && format.columns.time === undefined;
    const verdicts = this.#verdicts;
    let isMixed = false;
    for (let r = from; r < to; r += 1) {
      const isDefective = verdicts[r] !== 0;
      if (isDefective && toTs === Infinity) continue;
      const rawUs = addsFile ? dateUs + this.#timeOfDay[r]! : splits ? tsEvent[r]! + this.#timeOfDay[r]! : tsEvent[r]!;
      if (isDefective) {
        if (!this.#isPastEnd(rawUs, isUtc, isDateOnly)) continue;
        verdicts[r] = VERDICT_FILTERED;
        if (this.#isConfirmed(r)) return true;
        continue;
      }
      if (!(rawUs >= TIME_MIN_US && rawUs < TIME_MAX_US)) {
        verdicts[r] = this.#beyond < 0 ? VERDICT_TIME_RANGE : VERDICT_FILTERED;
        isMixed = true;
        continue;
      }
      let verdict = 0;
      let isConfirmed = false;
      if (bars === null) {
        let us = isUtc ? rawUs : clock!.localToUtcUs(rawUs);
        if (us < this.#previousUs && !isUtc) us = this.#laterIfTwice(rawUs, us);
        if (us < this.#previousUs) verdict = VERDICT_BACKWARDS;
        else this.#previousUs = us;
        tsEvent[r] = us;
        tsInit[r] = us;
        if (verdict === 0 && (us < fromTs || us >= toTs)) verdict = VERDICT_FILTERED;
        isConfirmed = verdict === VERDICT_FILTERED && us >= toTs && this.#isConfirmed(r);
      } else {
        verdict = this.#setBar(rawUs, isUtc, isDateOnly, bars);
        tsOpen![r] = bars.openUs;
        tsEvent[r] = bars.closeUs;
        tsInit[r] = bars.closeUs;
        const isBeyond = bars.closeUs > toTs && verdict !== VERDICT_BACKWARDS;
        if (isBeyond || (verdict === 0 && bars.openUs < fromTs)) verdict = VERDICT_FILTERED;
        if (isBeyond) isConfirmed = this.#isConfirmed(r);
        else if (verdict === 0 && bars.closeUs === toTs) this.#reachEnd(r);
        if (verdict === 0 && session !== null) {
          const localUs = session.clock.utcToLocalUs(bars.openUs);
          const openUs = localUs - Math.floor(localUs / DAY_US) * DAY_US;
          if (openUs < session.fromUs || openUs + bars.closeUs - bars.openUs > session.toUs) verdict = VERDICT_FILTERED;
        }
      }
      if (verdict !== 0) {
        verdicts[r] = verdict;
        isMixed = true;
      }
      if (isConfirmed) return isMixed;
    }
    return isMixed;
  }

  #reachEnd(row: number): void {
    if (this.#beyond >= 0) return;
    this.#beyond = 0;
    this.#beyondLine = this.#scanner.lineOf(row);
  }

  /** Counts a row beyond the end of the range; true, with `#endRow` set, when there have been enough. */
  #isConfirmed(row: number): boolean {
    this.#reachEnd(row);
    this.#beyond += 1;
    if (this.#beyond < CONFIRMING_ROWS) return false;
    this.#endRow = row + 1;
    return true;
  }

  /**
   * Whether a row with a defect lies beyond the range, so that the defect is nobody's concern. Its time counts like any other: a row after it
   * that is earlier runs backwards, so that a stray time does not hide the rest of the period.
   */
  #isPastEnd(rawUs: number, isUtc: boolean, isDateOnly: boolean): boolean {
    const { bars, clock, toTs } = this.#plan;
    if (!(rawUs >= TIME_MIN_US && rawUs < TIME_MAX_US)) return false;
    let openUs: number;
    if (bars === null) {
      openUs = isUtc ? rawUs : clock!.localToUtcUs(rawUs);
      if (openUs < toTs) return false;
    } else {
      bars.set(rawUs, isUtc, isDateOnly);
      if (bars.closeUs <= toTs) return false;
      openUs = bars.openUs;
      this.#previousCloseUs = Math.max(this.#previousCloseUs, bars.closeUs);
    }
    this.#previousUs = Math.max(this.#previousUs, openUs);
    return true;
  }

  /** Sets the span of a bar in `bars` and judges it against the bar before. */
  #setBar(rawUs: number, isUtc: boolean, isDateOnly: boolean, bars: BarClock): number {
    bars.set(rawUs, isUtc, isDateOnly);
    if (bars.openUs <= this.#previousUs && !isUtc && bars.isFixed) {
      const firstUs = this.#plan.clock!.localToUtcUs(rawUs);
      const laterUs = this.#laterIfTwice(rawUs, firstUs);
      if (laterUs !== firstUs) bars.setFixed(laterUs);
    }
    if (bars.mayOverlap) {
      if (bars.closeUs <= this.#previousCloseUs) return bars.closeUs === this.#previousCloseUs ? VERDICT_DUPLICATE : VERDICT_BACKWARDS;
      if (bars.openUs < this.#previousCloseUs) bars.openUs = this.#previousCloseUs;
    } else if (bars.openUs <= this.#previousUs) {
      return bars.openUs === this.#previousUs ? VERDICT_DUPLICATE : VERDICT_BACKWARDS;
    } else if (bars.openUs < this.#previousCloseUs) {
      return VERDICT_OVERLAP;
    }
    this.#previousUs = bars.openUs;
    this.#previousCloseUs = bars.closeUs;
    return 0;
  }

  /** A clock time that occurs twice and would run backwards at its first instant means its second. */
  #laterIfTwice(localUs: number, utcUs: number): number {
    const laterUs = this.#plan.clock!.laterUtcUs(localUs);
    return Number.isNaN(laterUs) ? utcUs : laterUs;
  }
}

function isTime(field: CsvField): boolean {
  return field === 'time' || field === 'date' || field === 'timeOfDay';
}

/** The last line of a text that is neither empty nor a comment; null where the bytes do not hold all of it. */
function lastLineOf(tail: Uint8Array, comment: string | undefined): string | null {
  const [, ...lines] = new TextDecoder().decode(tail).split(/\r?\n/);
  return lines.findLast((line) => line !== '' && (comment === undefined || !line.startsWith(comment))) ?? null;
}
