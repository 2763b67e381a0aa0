import { BlockKind, kindName } from '../../../model/blocks.ts';
import type { RecordedKind } from './row-buffer.ts';

/** Where fields lie in a record, in bytes from its start. Source: `record.rs` of the public DBN reference (github.com/databento/dbn). */
export const HEADER = { LENGTH: 0, RTYPE: 1, INSTRUMENT_ID: 4, TS_EVENT: 8, BYTES: 16 } as const;
export const MBO = { ORDER_ID: 16, PRICE: 24, SIZE: 32, FLAGS: 36, ACTION: 38, SIDE: 39, TS_RECV: 40 } as const;
/** Records of the schemas trades, tbbo, mbp-1, mbp-10 and bbo share the places of these. */
export const MBP = { PRICE: 16, SIZE: 24, ACTION: 28, SIDE: 29, FLAGS: 30, TS_RECV: 32, LEVELS: 48 } as const;
export const LEVEL = { BID_PRICE: 0, ASK_PRICE: 8, BID_SIZE: 16, ASK_SIZE: 20, BYTES: 32 } as const;

/** Bits of the field `flags`. Source: `flags.rs`. */
export const DbnFlag = { LAST: 128, TOP_OF_BOOK: 64, SNAPSHOT: 32, LEVEL: 16, MAYBE_BAD_BOOK: 4 } as const;

/** How a live stream, which mixes schemas, states its schema. */
const SCHEMA_MIXED = 0xffff;

/** A schema whose records are read. */
export interface DbnSchema {
  readonly name: string;
  readonly rtype: number;
  /** Length of a record. */
  readonly bytes: number;
  /** Levels of the book on each side. */
  readonly levels: number;
  /** What its records can be read as. */
  readonly kinds: readonly RecordedKind[];
}

const { BOOK_DELTAS, TRADES, QUOTES } = BlockKind;
const SCHEMAS: Readonly<Record<number, DbnSchema>> = {
  0: { name: 'mbo', rtype: 0xa0, bytes: 56, levels: 0, kinds: [BOOK_DELTAS, TRADES] },
  1: { name: 'mbp-1', rtype: 0x01, bytes: 80, levels: 1, kinds: [QUOTES, TRADES] },
  2: { name: 'mbp-10', rtype: 0x0a, bytes: 368, levels: 10, kinds: [BOOK_DELTAS, TRADES] },
  3: { name: 'tbbo', rtype: 0x01, bytes: 80, levels: 1, kinds: [QUOTES, TRADES] },
  4: { name: 'trades', rtype: 0x00, bytes: 48, levels: 0, kinds: [TRADES] },
  18: { name: 'bbo-1s', rtype: 0xc3, bytes: 80, levels: 1, kinds: [QUOTES] },
  19: { name: 'bbo-1m', rtype: 0xc4, bytes: 80, levels: 1, kinds: [QUOTES] },
};

const OTHER_SCHEMAS: Readonly<Record<number, string>> = {
  5: 'ohlcv-1s',
  6: 'ohlcv-1m',
  7: 'ohlcv-1h',
  8: 'ohlcv-1d',
  9: 'definition',
  10: 'statistics',
  11: 'status',
  12: 'imbalance',
  13: 'ohlcv-eod',
  14: 'cmbp-1',
  15: 'cbbo-1s',
  16: 'cbbo-1m',
  17: 'tcbbo',
  [SCHEMA_MIXED]: 'mixed (a live stream)',
};

/** The schema of a number, or null where its records are not read. */
export function schemaOf(code: number): DbnSchema | null {
  return SCHEMAS[code] ?? null;
}

export function schemaName(code: number): string {
  return SCHEMAS[code]?.name ?? OTHER_SCHEMAS[code] ?? `number ${code}`;
}

/** For messages: what is read, and as what. */
export const SCHEMAS_READ = Object.values(SCHEMAS)
  .map(({ name, kinds }) => `${name} (${kinds.map(kindName).join(', ')})`)
  .join('; ');
