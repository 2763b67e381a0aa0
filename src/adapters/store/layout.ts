import { unreachable } from '../../base/assert.ts';
import { barIntervalName } from '../../model/bar-specification.ts';
import {
  BlockKind,
  isBarKind,
  kindName,
  makeBarBlock,
  makeBookDeltaBlock,
  makeQuoteBarBlock,
  makeQuoteBlock,
  makeTradeBlock,
} from '../../model/blocks.ts';
import type { MarketBlock } from '../../model/blocks.ts';
import type { InstrumentIndex } from '../../model/instrument.ts';
import { InputError } from '../../ports/errors.ts';
import { storeProblem } from './problem.ts';

/*
 * How data sets lie on disk: <root>/<instrument id>/<kind[-every]>/, one file per column beside manifest.json.
 * Column files are bare arrays (little-endian doubles, or bytes for the aggressor's side), so that reading is a copy and nothing else.
 */

/** One column of a kind: its name is the block's field and the file's stem. */
export interface ColumnSpec {
  readonly name: string;
  readonly type: 'float64' | 'int8';
}

export const MANIFEST_FILE = 'manifest.json';
export const LOCK_FILE = '.lock';
export const IMPORTING_PREFIX = '.importing-';
export const REPLACED_PREFIX = '.replaced-';
/** Rows that one checksum covers: 512 KiB of doubles, small enough to point at damage, large enough to keep manifests short. */
export const CHUNK_ROWS = 65_536;

/** What identifies a data set within a store. `every` names the interval of bars ("1m", "1mo", "100t") by its one name; null for trades and quotes. */
export interface DataSetKey {
  readonly instrumentId: string;
  readonly kind: BlockKind;
  readonly every: string | null;
}

const float64 = (...names: string[]): ColumnSpec[] => names.map((name) => ({ name, type: 'float64' }));

const int8 = (...names: string[]): ColumnSpec[] => names.map((name) => ({ name, type: 'int8' }));

/** The columns of each kind, in the order of the block's fields. `tsEvent` and `tsInit` come first in all of them. */
export const COLUMNS: Readonly<Record<BlockKind, readonly ColumnSpec[]>> = {
  [BlockKind.BOOK_DELTAS]: [...float64('tsEvent', 'tsInit', 'price', 'quantity', 'orderId'), ...int8('action', 'side', 'flags')],
  [BlockKind.QUOTES]: float64('tsEvent', 'tsInit', 'bidPrice', 'askPrice', 'bidSize', 'askSize'),
  [BlockKind.QUOTE_BARS]: float64(
    'tsEvent',
    'tsInit',
    'tsOpen',
    'bidOpen',
    'bidHigh',
    'bidLow',
    'bidClose',
    'askOpen',
    'askHigh',
    'askLow',
    'askClose',
    'bidSize',
    'askSize',
  ),
  [BlockKind.TRADES]: [...float64('tsEvent', 'tsInit', 'price', 'quantity'), ...int8('aggressorSide')],
  [BlockKind.BARS]: float64('tsEvent', 'tsInit', 'tsOpen', 'open', 'high', 'low', 'close', 'volume'),
};

/** Bytes of one value. */
export function widthOf(spec: ColumnSpec): number {
  return spec.type === 'float64' ? 8 : 1;
}

/** The block's arrays in the order of {@link COLUMNS}. */
export function columnsOf(block: MarketBlock): readonly (Float64Array | Int8Array)[] {
  const fields = block as unknown as Readonly<Record<string, Float64Array | Int8Array>>;
  return COLUMNS[block.kind].map((spec) => fields[spec.name]!);
}

/** Allocates a block of any kind. */
export function makeBlock(kind: BlockKind, instrument: InstrumentIndex, series: number, rows: number, shared: boolean): MarketBlock {
  switch (kind) {
    case BlockKind.BOOK_DELTAS:
      return makeBookDeltaBlock(instrument, rows, shared);
    case BlockKind.QUOTES:
      return makeQuoteBlock(instrument, rows, shared);
    case BlockKind.QUOTE_BARS:
      return makeQuoteBarBlock(instrument, series, rows, shared);
    case BlockKind.TRADES:
      return makeTradeBlock(instrument, rows, shared);
    case BlockKind.BARS:
      return makeBarBlock(instrument, series, rows, shared);
    default:
      return unreachable(kind);
  }
}

/** `BTC-USDT.BINANCE bars 1m`, for messages. */
export function keyText(key: DataSetKey): string {
  return `${key.instrumentId} ${kindName(key.kind)}${key.every === null ? '' : ` ${key.every}`}`;
}

/**
 * Folder name of an instrument: its id, with every character that some file system treats specially as % and two hexadecimal digits
 * per UTF-8 byte; reversible, so two ids never share a folder on a file system that tells cases apart.
 */
export function instrumentFolder(instrumentId: string): string {
  const dot = instrumentId.lastIndexOf('.');
  if (dot <= 0 || dot === instrumentId.length - 1 || instrumentId.length > 80) {
    throw new InputError([
      storeProblem('STORE_NAME_INVALID', 'An instrument id is SYMBOL.VENUE, at most 80 characters.', { value: instrumentId }),
    ]);
  }
  const escape = (character: string): string =>
    [...new TextEncoder().encode(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  return instrumentId.replace(/[^A-Za-z0-9._+-]/gu, escape).replace(/^\./, '%2e');
}

/** Folder name of a data set within its instrument: `trades`, `bars-1m`. */
export function dataSetFolder(key: DataSetKey): string {
  if (isBarKind(key.kind) !== (key.every !== null) || (key.every !== null && barIntervalName(key.every) !== key.every)) {
    throw new InputError([
      storeProblem('STORE_NAME_INVALID', 'Bars have an interval (a number and a unit: 1m, 1h, 1mo, 100t); trades and quotes have none.', {
        value: key.every ?? '',
      }),
    ]);
  }
  return key.every === null ? kindName(key.kind) : `${kindName(key.kind)}-${key.every}`;
}
