import { BookSide } from '../../../model/book-delta.ts';
import { inputError } from '../input-problem.ts';
import type { RecordPlace } from './recording-reader.ts';
import { TableScanner, textsOf, wordBytes } from './table-scanner.ts';

/** Rows of a log: all are held, because an order's events may stand in the wrong order. Five hours of 2015 have 50 thousand. */
export const BITSTAMP_ROWS_MAX = 1 << 22;

/** What happened to an order, in the order in which it can. */
export const BitstampAction = { CREATED: 0, CHANGED: 1, DELETED: 2 } as const;
export type BitstampAction = (typeof BitstampAction)[keyof typeof BitstampAction];

const COLUMNS = ['id', 'timestamp', 'exchange.timestamp', 'price', 'volume', 'action', 'direction'] as const;
const [ID, TIMESTAMP, EXCHANGE_TIMESTAMP, PRICE, VOLUME, ACTION, DIRECTION] = [0, 1, 2, 3, 4, 5, 6] as const;
const ACTIONS = wordBytes('created', 'changed', 'deleted');
const DIRECTIONS = wordBytes('bid', 'ask');
/** The volume counts 1e-8 BTC. */
const VOLUME_SCALE = 8;
const ROWS_FIRST = 1 << 16;

/**
 * The rows of a log in the order in which they happened: by local time, and for each order created, changed (by what is left, which only falls)
 * and deleted, whatever order they came in.
 *
 * Where an order's events came in the wrong order, they keep the order's times and places and trade events between them. So does the recorder's
 * own package. Source: `loadEventData` in R/event-processing.R of ob-analytics.
 */
export class BitstampLog {
  length = 0;
  private ids = new Float64Array(ROWS_FIRST);
  private tsInits = new Float64Array(ROWS_FIRST);
  private createdTimes = new Float64Array(ROWS_FIRST);
  private prices = new Float64Array(ROWS_FIRST);
  private quantities = new Float64Array(ROWS_FIRST);
  private lines = new Float64Array(ROWS_FIRST);
  private fileOf = new Int32Array(ROWS_FIRST);
  private events = new Int8Array(ROWS_FIRST);
  private sides = new Int8Array(ROWS_FIRST);
  private readonly files: string[] = [];
  /** Row that gives the time, and row that gives the event, of each place in the order of time. */
  private readonly slots: Int32Array;
  private readonly rows: Int32Array;

  /** Reads all files whole. @throws InputError with file, line and column */
  constructor(path: string | readonly string[], member: string | undefined, priceDecimals: number, quantityDecimals: number) {
    const table = new TableScanner(textsOf(path, member), { priceDecimals, quantityDecimals });
    try {
      while (table.startFile()) this.readFile(table, priceDecimals, quantityDecimals);
    } finally {
      table.close();
    }
    if (this.length === 0) throw inputError('FILE_EMPTY', { file: table.file });
    this.slots = this.byTime();
    this.rows = this.byLife();
  }

  /** All take a place in the order of time, from 0. */
  tsInit(at: number): number {
    return this.tsInits[this.slots[at]!]!;
  }

  event(at: number): BitstampAction {
    return this.events[this.rows[at]!] as BitstampAction;
  }

  id(at: number): number {
    return this.ids[this.rows[at]!]!;
  }

  /** When the venue created the order, to the second. */
  createdTs(at: number): number {
    return this.createdTimes[this.rows[at]!]!;
  }

  side(at: number): BookSide {
    return this.sides[this.rows[at]!] as BookSide;
  }

  price(at: number): number {
    return this.prices[this.rows[at]!]!;
  }

  /** What is left of the order. */
  quantity(at: number): number {
    return this.quantities[this.rows[at]!]!;
  }

  placeOf(at: number): RecordPlace {
    return this.placeOfRow(this.rows[at]!);
  }

  private placeOfRow(row: number): { readonly file: string; readonly line: number } {
    return { file: this.files[this.fileOf[row]!]!, line: this.lines[row]! };
  }

  private readFile(table: TableScanner, priceDecimals: number, quantityDecimals: number): void {
    const names = table.readHeader();
    this.files.push(table.file);
    if (names.join(',') !== COLUMNS.join(',')) {
      throw inputError('RECORD_UNKNOWN', {
        file: table.file,
        line: table.line,
        value: names.join(','),
        rule: `A log of Bitstamp orders has the columns ${COLUMNS.join(',')}.`,
      });
    }
    while (table.nextRow(COLUMNS.length)) {
      if (this.length === BITSTAMP_ROWS_MAX) {
        throw inputError('FILE_TOO_LARGE', {
          file: table.file,
          line: table.line,
          rule: `The log has more than ${BITSTAMP_ROWS_MAX} rows, which is the most that is sorted in memory.`,
          fix: 'Give fewer files.',
        });
      }
      if (this.length === this.ids.length) this.grow();
      this.readRow(table, priceDecimals, quantityDecimals);
    }
  }

  private readRow(table: TableScanner, priceDecimals: number, quantityDecimals: number): void {
    const row = this.length;
    const event = table.wordOf(ACTION, ACTIONS);
    if (event < 0) throw table.problem('RECORD_UNKNOWN', ACTION, 'The action is created, changed or deleted.');
    const direction = table.wordOf(DIRECTION, DIRECTIONS);
    if (direction < 0) throw table.problem('SIDE_UNKNOWN', DIRECTION, 'The direction is bid or ask.', 'Repair the row, or take it out.');
    this.ids[row] = table.positive(ID, 0);
    this.tsInits[row] = table.time(TIMESTAMP, 3);
    this.createdTimes[row] = table.time(EXCHANGE_TIMESTAMP, 3);
    this.prices[row] = table.positive(PRICE, priceDecimals);
    const decimals = quantityDecimals - VOLUME_SCALE;
    this.quantities[row] = event === BitstampAction.CREATED ? table.positive(VOLUME, decimals) : table.count(VOLUME, decimals);
    this.events[row] = event;
    this.sides[row] = direction === 0 ? BookSide.BID : BookSide.ASK;
    this.lines[row] = table.line;
    this.fileOf[row] = this.files.length - 1;
    this.length = row + 1;
  }

  private byTime(): Int32Array {
    const ts = this.tsInits;
    return Int32Array.from({ length: this.length }, (_, row) => row).sort((a, b) => ts[a]! - ts[b]! || a - b);
  }

  /** The events of each order, in the order of its life, on its places in the order of time. */
  private byLife(): Int32Array {
    const placesOf = new Map<number, number[]>();
    this.slots.forEach((row, at) => {
      const places = placesOf.get(this.ids[row]!);
      if (places === undefined) placesOf.set(this.ids[row]!, [at]);
      else places.push(at);
    });
    const rows = Int32Array.from(this.slots);
    const events = this.events;
    const left = this.quantities;
    for (const places of placesOf.values()) {
      if (places.length === 1) continue;
      // Stable: what is alike stays in the order of time.
      const lived = places.map((at) => this.slots[at]!).sort((a, b) => events[a]! - events[b]! || left[b]! - left[a]!);
      this.refuseTwice(lived[0]!, lived[1]!);
      lived.forEach((row, n) => {
        rows[places[n]!] = row;
      });
    }
    return rows;
  }

  private refuseTwice(first: number, second: number): void {
    if (this.events[second] !== BitstampAction.CREATED) return;
    throw inputError('RECORD_DAMAGED', {
      ...this.placeOfRow(second),
      column: 'id',
      value: String(this.ids[second]!),
      rule: `The order is created twice; the first time at line ${this.placeOfRow(first).line} of ${this.placeOfRow(first).file}.`,
    });
  }

  private grow(): void {
    const rows = this.ids.length * 2;
    this.ids = copied(this.ids, new Float64Array(rows));
    this.tsInits = copied(this.tsInits, new Float64Array(rows));
    this.createdTimes = copied(this.createdTimes, new Float64Array(rows));
    this.prices = copied(this.prices, new Float64Array(rows));
    this.quantities = copied(this.quantities, new Float64Array(rows));
    this.lines = copied(this.lines, new Float64Array(rows));
    this.fileOf = copied(this.fileOf, new Int32Array(rows));
    this.events = copied(this.events, new Int8Array(rows));
    this.sides = copied(this.sides, new Int8Array(rows));
  }
}

function copied<T extends Float64Array | Int32Array | Int8Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
