import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expected } from '../../../../test/shared-data-kit.ts';
import { makeCurrency } from '../../../model/currency.ts';
import type { Instrument, InstrumentDefinition } from '../../../model/instrument.ts';
import { instrumentWith } from '../../../model/instrument.fixture.ts';
import { BookAction, BookFlag } from '../../../model/book-delta.ts';
import { BlockKind, type BookDeltaBlock } from '../../../model/blocks.ts';
import { BookState, OrderBook } from '../../../book/order-book.ts';
import type { Row } from './recorded-rows.fixture.ts';
import type { RecordingReader } from './recording-reader.ts';

export function recordedInstrument(priceDecimals: number, quantityDecimals: number): Instrument {
  const change: Partial<InstrumentDefinition> = {
    id: 'X-USD.TEST',
    kind: 'SPOT',
    base: makeCurrency('X'),
    quote: makeCurrency('USD', priceDecimals + quantityDecimals),
    priceDecimals,
    quantityDecimals,
  };
  return instrumentWith(change);
}

/** What expected.json has of a file. */
export class Facts {
  private readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  number(name: string): number {
    const value = this.any(name);
    if (typeof value !== 'number') throw new Error(`${this.file}: ${name} is no number`);
    return value;
  }

  any(name: string): unknown {
    const value = expected[this.file]?.[name];
    if (value === undefined) throw new Error(`${this.file} has no ${name}`);
    return value;
  }
}

/** How many rows there are, and the times of the first and the last. */
export function ends(reader: RecordingReader): { readonly rows: number; readonly first: Row; readonly last: Row } {
  let rows = 0;
  let first: Row = {};
  let last: Row = {};
  for (let block = reader.next(); block !== null; block = reader.next()) {
    const timesAt = (row: number): Row => ({ tsInit: block!.tsInit[row]!, tsEvent: block!.tsEvent[row]! });
    if (rows === 0) first = timesAt(0);
    last = timesAt(block.length - 1);
    rows += block.length;
  }
  return { rows, first, last };
}

interface BookFacts {
  readonly book: OrderBook;
  rows: number;
  /** Rows of snapshots with a level, and others. */
  snapshotLevels: number;
  levelChanges: number;
  snapshots: number;
  events: number;
  gaps: number;
  crossed: number;
  firstTsInit: number;
  lastTsInit: number;
}

/** Rebuilds the book of a recording. `look` is called after each event with its number from 0. */
export function rebuild(reader: RecordingReader, look: (book: OrderBook, event: number) => void = () => undefined): BookFacts {
  const facts: BookFacts = {
    book: new OrderBook(),
    rows: 0,
    snapshotLevels: 0,
    levelChanges: 0,
    snapshots: 0,
    events: 0,
    gaps: 0,
    crossed: 0,
    firstTsInit: Number.NaN,
    lastTsInit: Number.NaN,
  };
  const { book } = facts;
  for (let block = reader.next(); block !== null; block = reader.next()) {
    if (block.kind !== BlockKind.BOOK_DELTAS) throw new Error('no block of deltas');
    for (let row = 0; row < block.length; row += 1) {
      book.apply(block, row);
      count(facts, block, row);
      if ((block.flags[row]! & BookFlag.LAST) === 0) continue;
      look(book, facts.events);
      facts.events += 1;
      if (book.state === BookState.VALID && book.isCrossed) facts.crossed += 1;
    }
  }
  return facts;
}

function count(facts: BookFacts, block: BookDeltaBlock, row: number): void {
  const isSnapshot = (block.flags[row]! & BookFlag.SNAPSHOT) !== 0;
  facts.rows += 1;
  if (facts.rows === 1) facts.firstTsInit = block.tsInit[row]!;
  facts.lastTsInit = block.tsInit[row]!;
  if (block.action[row] === BookAction.GAP) facts.gaps += 1;
  else if (block.action[row] === BookAction.CLEAR) facts.snapshots += 1;
  else if (isSnapshot) facts.snapshotLevels += 1;
  else facts.levelChanges += 1;
}

/** A line as it stands in a file, read by nothing of ours: its time in nanoseconds and its message. */
export interface RawLine {
  readonly ns: bigint;
  readonly message: RawMessage;
}

interface RawMessage {
  readonly lastUpdateId?: number;
  readonly data: Readonly<Record<string, unknown>>;
}

export function rawLines(path: string): RawLine[] {
  const lines: RawLine[] = [];
  for (const line of gunzipSync(readFileSync(path)).toString().split('\n')) {
    if (line === '') continue;
    const message = JSON.parse(line.slice(20)) as Record<string, unknown>;
    const data = (message['data'] ?? message) as Record<string, unknown>;
    lines.push({ ns: BigInt(line.slice(0, 19)), message: { ...message, data } });
  }
  return lines;
}

/** Microseconds of nanoseconds, what is below dropped. */
export function microseconds(ns: bigint | number | string): number {
  return Number(BigInt(ns) / 1000n);
}
