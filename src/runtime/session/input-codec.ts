import { deserialize, serialize } from 'node:v8';
import { isAccountEvent, isMarketGap, isPhaseChange, isSessionCommand } from './record-shapes.ts';
import type { SessionPlan } from './session-plan.ts';
import { assert, unreachable } from '../../base/assert.ts';
import {
  BlockKind,
  makeBarBlock,
  makeBookDeltaBlock,
  makeQuoteBarBlock,
  makeQuoteBlock,
  makeTradeBlock,
  type MarketBlock,
} from '../../model/blocks.ts';
import type { MarketGap, SessionInput } from '../../model/session-input.ts';
import { WorldError } from '../../ports/errors.ts';

/** Kinds of journal records. Numbers are never given anew: journals are read by later programs. */
export const RecordKind = { SESSION: 1, ROWS: 2, CLOCK: 3, COMMAND: 4, REPORT: 5, GAP: 6, ACCOUNT: 7, PHASE: 8 } as const;
export type RecordKind = (typeof RecordKind)[keyof typeof RecordKind];

const KIND_OF = {
  ROWS: RecordKind.ROWS,
  CLOCK: RecordKind.CLOCK,
  COMMAND: RecordKind.COMMAND,
  GAP: RecordKind.GAP,
  ACCOUNT: RecordKind.ACCOUNT,
  PHASE: RecordKind.PHASE,
} as const;

/** Of a block's bytes: kind, bits of {@link RowsFlag}, instrument, series, rows; then its columns one after the other, doubles first. Low byte first. */
const BLOCK_HEAD_BYTES = 16;

const RowsFlag = { VALIDATED: 1, GOES_ON: 2 } as const;

const NOTHING = new Uint8Array(0);
const BLOCK_KINDS: ReadonlySet<number> = new Set(Object.values(BlockKind));

interface Encoded {
  readonly kind: RecordKind;
  readonly payload: Uint8Array;
}

/** An input as the journal keeps it; its time stands in the record itself. */
export function encodeInput(input: SessionInput): Encoded {
  const kind = KIND_OF[input.kind];
  switch (input.kind) {
    case 'ROWS':
      return { kind, payload: encodeBlock(input.block, input.goesOn === true) };
    case 'CLOCK':
      return { kind, payload: NOTHING };
    case 'COMMAND':
      return { kind, payload: serialize({ actor: input.actor, command: input.command }) };
    case 'GAP':
      return { kind, payload: serialize(gapOf(input)) };
    case 'ACCOUNT':
      return { kind, payload: serialize({ event: input.event }) };
    case 'PHASE':
      return { kind, payload: serialize({ instrument: input.instrument, phase: input.phase, reason: input.reason }) };
    default:
      return unreachable(input);
  }
}

/** @throws WorldError SESSION_RECORD_UNREADABLE for what {@link encodeInput} does not write */
export function decodeInput(record: {
  readonly sequence?: number;
  readonly kind: number;
  readonly ts: number;
  readonly payload: Uint8Array;
}): SessionInput {
  const { kind, ts, payload, sequence } = record;
  const unreadable = (what: string): WorldError => unreadableRecord(sequence, what);
  switch (kind) {
    case RecordKind.ROWS:
      return {
        kind: 'ROWS',
        ts,
        block: decodeBlock(payload, unreadable),
        ...((payload[1]! & RowsFlag.GOES_ON) !== 0 ? { goesOn: true } : {}),
      };
    case RecordKind.CLOCK:
      return { kind: 'CLOCK', ts };
    case RecordKind.COMMAND: {
      const { actor, command } = plainObject(payload, unreadable);
      if (typeof actor !== 'string' || !isSessionCommand(command)) throw unreadable('it is no command');
      return { kind: 'COMMAND', ts, actor, command };
    }
    case RecordKind.GAP: {
      // Journals of earlier programs have gaps of all instruments only, up to the input.
      const gap = { tsTo: ts, instruments: null, ...plainObject(payload, unreadable) };
      if (!isMarketGap(gap)) throw unreadable('it is no gap');
      return { kind: 'GAP', ts, ...gap };
    }
    case RecordKind.ACCOUNT: {
      const { event } = plainObject(payload, unreadable);
      if (!isAccountEvent(event)) throw unreadable('it is no account event');
      return { kind: 'ACCOUNT', ts, event };
    }
    case RecordKind.PHASE: {
      const change = plainObject(payload, unreadable);
      if (!isPhaseChange(change)) throw unreadable('it is no phase of a market');
      return { kind: 'PHASE', ts, ...change };
    }
    default:
      throw unreadable(`there are no records of kind ${kind}`);
  }
}

function gapOf({ tsFrom, tsTo, instruments, reason }: MarketGap): MarketGap {
  return { tsFrom, tsTo, instruments, reason };
}

export function encodePlan(plan: SessionPlan): Uint8Array {
  return serialize(plan);
}

/**
 * What the first record holds. Its version is for the caller to look at; what follows from the version is not looked at: the journal's checksums and its
 * chain of hashes say that it is what was written.
 *
 * @throws WorldError SESSION_RECORD_UNREADABLE
 */
export function decodePlan(payload: Uint8Array): SessionPlan {
  return plainObject(payload, (what) => unreadableRecord(1, what)) as unknown as SessionPlan;
}

function unreadableRecord(sequence: number | undefined, what: string): WorldError {
  const record = sequence === undefined ? 'a record' : `record ${sequence}`;
  return new WorldError('SESSION_RECORD_UNREADABLE', `${record} of the session cannot be read: ${what}`, { retryable: false });
}

function plainObject(payload: Uint8Array, unreadable: (what: string) => WorldError): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = deserialize(payload);
  } catch {
    throw unreadable('its bytes are no value');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unreadable('it is no object');
  return value as Readonly<Record<string, unknown>>;
}

type Column = Float64Array | Int8Array;

/** The columns of a block, doubles first; within each, in the order in which blocks are made. */
function columnsOf(block: MarketBlock): readonly Column[] {
  const columns = Object.values(block).filter((value): value is Column => value instanceof Float64Array || value instanceof Int8Array);
  return [...columns.filter((column) => column instanceof Float64Array), ...columns.filter((column) => column instanceof Int8Array)];
}

function encodeBlock(block: MarketBlock, goesOn: boolean): Uint8Array {
  const { length } = block;
  const columns = columnsOf(block);
  const bytes = columns.reduce((sum, column) => sum + column.BYTES_PER_ELEMENT * length, BLOCK_HEAD_BYTES);
  const payload = new Uint8Array(bytes);
  const view = new DataView(payload.buffer);
  view.setUint8(0, block.kind);
  view.setUint8(1, (block.isValidated ? RowsFlag.VALIDATED : 0) | (goesOn ? RowsFlag.GOES_ON : 0));
  view.setUint32(4, block.instrument, true);
  view.setInt32(8, 'series' in block ? block.series : -1, true);
  view.setUint32(12, length, true);
  let at = BLOCK_HEAD_BYTES;
  for (const column of columns) {
    const used = column.subarray(0, length);
    payload.set(new Uint8Array(used.buffer, used.byteOffset, used.byteLength), at);
    at += used.byteLength;
  }
  return payload;
}

function decodeBlock(payload: Uint8Array, unreadable: (what: string) => WorldError): MarketBlock {
  if (payload.length < BLOCK_HEAD_BYTES) throw unreadable('its rows have no head');
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const [kind, instrument, series, length] = [view.getUint8(0), view.getUint32(4, true), view.getInt32(8, true), view.getUint32(12, true)];
  if (!BLOCK_KINDS.has(kind)) throw unreadable(`there are no rows of kind ${kind}`);
  // Looked at before anything is made: a count of rows that is not so would ask for any amount of memory.
  const rowBytes = columnsOf(emptyBlock(kind, instrument, series, 0)).reduce((sum, column) => sum + column.BYTES_PER_ELEMENT, 0);
  if (payload.length !== BLOCK_HEAD_BYTES + rowBytes * length) throw unreadable('its rows do not fill it');
  const block = emptyBlock(kind, instrument, series, length);
  block.length = length;
  block.isValidated = (view.getUint8(1) & RowsFlag.VALIDATED) !== 0;
  let at = BLOCK_HEAD_BYTES;
  for (const column of columnsOf(block)) {
    new Uint8Array(column.buffer).set(payload.subarray(at, at + column.byteLength));
    at += column.byteLength;
  }
  return block;
}

function emptyBlock(kind: number, instrument: number, series: number, rows: number): MarketBlock {
  switch (kind) {
    case BlockKind.BOOK_DELTAS:
      return makeBookDeltaBlock(instrument, rows);
    case BlockKind.QUOTES:
      return makeQuoteBlock(instrument, rows);
    case BlockKind.QUOTE_BARS:
      return makeQuoteBarBlock(instrument, series, rows);
    case BlockKind.TRADES:
      return makeTradeBlock(instrument, rows);
    case BlockKind.BARS:
      return makeBarBlock(instrument, series, rows);
    default:
      assert(false, `there are no rows of kind ${kind}`);
  }
}

/** Rows [from, to) of a block, as a block of their own. */
export function copyRows(block: MarketBlock, from: number, to: number): MarketBlock {
  const copy = emptyBlock(block.kind, block.instrument, 'series' in block ? block.series : -1, to - from);
  copy.length = to - from;
  copy.isValidated = block.isValidated;
  const source = columnsOf(block);
  for (const [place, column] of columnsOf(copy).entries()) column.set(source[place]!.subarray(from, to));
  return copy;
}

/** Rows of blocks of one stream, one behind the other. */
export function joinRows(blocks: readonly MarketBlock[]): MarketBlock {
  const [first] = blocks;
  assert(first !== undefined, 'there is a block');
  if (blocks.length === 1) return first;
  const length = blocks.reduce((sum, block) => sum + block.length, 0);
  const joined = emptyBlock(first.kind, first.instrument, 'series' in first ? first.series : -1, length);
  joined.length = length;
  joined.isValidated = blocks.every(({ isValidated }) => isValidated);
  const columns = columnsOf(joined);
  let at = 0;
  for (const block of blocks) {
    for (const [place, column] of columnsOf(block).entries()) columns[place]!.set(column.subarray(0, block.length), at);
    at += block.length;
  }
  return joined;
}
