import { openByteSource } from '../byte-source.ts';
import { isZstandard } from '../zstandard-frames.ts';
import { openDbnFile } from './dbn-file.ts';
import { venueTimeUs } from './message-fields.ts';
import type { RecordingFormat } from './recording-format.ts';

/** What the beginning of a file tells of it. */
export interface RecordingLook {
  /** Null for what is none of the recordings that are read. */
  readonly format: RecordingFormat | null;
  /** Follows `The file `: `has messages of Bybit's order book`. */
  readonly what: string;
  /** When it begins, in microseconds; null where its beginning does not say. */
  readonly beginsTs: number | null;
  /** Columns that no recording has. */
  readonly isTable: boolean;
}

/** Bytes that are looked at: names of messages and of columns stand far before. */
const HEAD_BYTES = 4096;
const STAMPED = /^(\d{19}) (\{.*)/;
/** Names that every message of Binance has one of: of an envelope, an event, or the answer to a request for depth. */
const BINANCE = /"(stream|e|lastUpdateId)":/;
const BYBIT = /"topic":"orderbook\./;
const HYPERLIQUID = /"channel":"/;
const MESSAGES: Readonly<Record<'binance' | 'hyperliquid', string>> = {
  binance: 'has messages of Binance',
  hyperliquid: 'has messages of Hyperliquid',
};

/**
 * Looks at the beginning of a file that could not be read as what somebody said it was.
 *
 * @returns null where nothing can be said: it cannot be opened, or is like nothing that is known
 */
export function lookAtRecording(path: string, member?: string): RecordingLook | null {
  const head = headOf(path, member);
  if (head === null) return null;
  if (isZstandard(head) || text(head).startsWith('DBN')) return databento(path, member);
  const lines = text(head)
    .split('\n')
    .filter((line) => line !== '');
  const [first = '', second = ''] = lines.map((line) => line.replace(/\r$/, ''));
  return lookAtMessage(first) ?? lookAtTable(first, second);
}

function lookAtMessage(line: string): RecordingLook | null {
  const stamped = STAMPED.exec(line);
  if (stamped !== null) {
    const format = HYPERLIQUID.test(stamped[2]!) ? 'hyperliquid' : BINANCE.test(stamped[2]!) ? 'binance' : null;
    const beginsTs = Number(stamped[1]!.slice(0, -3));
    return format === null ? null : known(format, `${MESSAGES[format]}, each behind the time at which it came`, beginsTs);
  }
  if (!line.startsWith('{')) return null;
  if (BYBIT.test(line)) {
    return known('bybit', 'has messages of an order book of Bybit', milliseconds(/"ts":(\d{13})\b/.exec(line)?.[1]));
  }
  const format = HYPERLIQUID.test(line) ? 'hyperliquid' : BINANCE.test(line) ? 'binance' : null;
  if (format === null) return null;
  const what = `${MESSAGES[format]} without the time at which each came, 19 digits of nanoseconds and a space in front of it`;
  return known(null, what, null);
}

function lookAtTable(header: string, row: string): RecordingLook | null {
  const names = header.split(',');
  const [has, cells] = [(name: string): boolean => names.includes(name), row.split(',')];
  if (has('local_timestamp') && has('exchange')) {
    const us = Number(cells[names.indexOf('local_timestamp')]);
    return known('tardis', 'is a table of Tardis', Number.isSafeInteger(us) && us > 0 ? us : null);
  }
  if (has('first_update_id') && has('update_type')) {
    const beginsTs = milliseconds(cells[names.indexOf('timestamp')]);
    return known('binance-depth-csv', "is a table of Binance's historical depth", beginsTs);
  }
  // Its rows need not be in order of time: the log is sorted when it is read.
  if (has('exchange.timestamp') && has('direction')) return known('bitstamp', 'is a log of Bitstamp orders', null);
  if (names.length < 2 || !/^[\x20-\x7e]+$/.test(header) || /[{"]/.test(header)) return null;
  return { format: null, what: 'is a table with the columns of no recording', beginsTs: null, isTable: true };
}

function databento(path: string, member: string | undefined): RecordingLook | null {
  const what = 'is a DBN file of Databento';
  try {
    const { startNs } = openDbnFile(path, member).metadata;
    const beginsTs = Number(startNs / 1000n);
    return known('databento', what, Number.isSafeInteger(beginsTs) && beginsTs > 0 ? beginsTs : null);
  } catch {
    // Damaged, or a schema that is not read: what reads it says so better.
    return known('databento', what, null);
  }
}

function known(format: RecordingFormat | null, what: string, beginsTs: number | null): RecordingLook {
  return { format, what, beginsTs, isTable: false };
}

function milliseconds(digits: string | undefined): number | null {
  const us = venueTimeUs(Number(digits));
  return digits === undefined || digits === '' || Number.isNaN(us) ? null : us;
}

function headOf(path: string, member: string | undefined): Uint8Array | null {
  try {
    const source = openByteSource(path, member);
    try {
      const head = new Uint8Array(HEAD_BYTES);
      return head.subarray(0, source.read(head, 0));
    } finally {
      source.close();
    }
  } catch {
    // What cannot be opened has been refused for that.
    return null;
  }
}

function text(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}
