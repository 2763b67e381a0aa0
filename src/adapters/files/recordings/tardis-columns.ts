import { BookSide } from '../../../model/book-delta.ts';
import { inputError } from '../input-problem.ts';
import type { TableScanner } from './table-scanner.ts';

interface TimedColumns {
  /** Columns of a row. */
  readonly width: number;
  readonly exchange: number;
  readonly symbol: number;
  readonly timestamp: number;
  readonly localTimestamp: number;
}

/** A level of a row that is a snapshot: where its price and amount stand. */
interface LevelColumns {
  readonly side: BookSide;
  readonly price: number;
  readonly amount: number;
}

/** What a file of Tardis holds, and where its values stand. */
export type TardisColumns = TimedColumns &
  (
    | {
        readonly type: 'incremental_book_L2';
        readonly isSnapshot: number;
        readonly side: number;
        readonly price: number;
        readonly amount: number;
      }
    | { readonly type: 'book_snapshot'; readonly levels: readonly LevelColumns[] }
    | { readonly type: 'trades'; readonly side: number; readonly price: number; readonly amount: number }
    | {
        readonly type: 'quotes';
        readonly bidPrice: number;
        readonly bidAmount: number;
        readonly askPrice: number;
        readonly askAmount: number;
      }
  );

const TIMED = ['exchange', 'symbol', 'timestamp', 'local_timestamp'] as const;
/** Columns after the four that every file has, in alphabetical order, by data type. */
const REST = {
  incremental_book_L2: 'amount,is_snapshot,price,side',
  trades: 'amount,id,price,side',
  quotes: 'ask_amount,ask_price,bid_amount,bid_price',
} as const;
const LEVEL = /^(asks|bids)\[(\d+)\]\.(price|amount)$/;
const READ = 'incremental_book_L2, book_snapshot_N, trades, quotes and book_ticker are read.';

/**
 * Reads the header of a file and tells its data type from it.
 *
 * @throws InputError `FILE_EMPTY`, `RECORD_UNKNOWN`, `COLUMN_MISSING`
 */
export function tardisColumns(table: TableScanner): TardisColumns {
  const names = table.readHeader();
  const rest = names
    .filter((name) => !TIMED.some((timed) => timed === name))
    .sort()
    .join(',');
  const isSnapshot = names.some((name) => LEVEL.test(name));
  if (!isSnapshot && !Object.values(REST).some((each) => each === rest))
    throw unknown(table, `The columns are of none of the data types; ${READ}`);
  const at = (name: string): number => table.columnOf(name);
  for (const name of TIMED) at(name);
  const timed = {
    width: names.length,
    exchange: at('exchange'),
    symbol: at('symbol'),
    timestamp: at('timestamp'),
    localTimestamp: at('local_timestamp'),
  };
  if (isSnapshot) return { ...timed, type: 'book_snapshot', levels: levelColumns(table) };
  if (rest === REST.quotes) {
    const [bidPrice, bidAmount, askPrice, askAmount] = ['bid_price', 'bid_amount', 'ask_price', 'ask_amount'].map(at) as [
      number,
      number,
      number,
      number,
    ];
    return { ...timed, type: 'quotes', bidPrice, bidAmount, askPrice, askAmount };
  }
  const level = { side: at('side'), price: at('price'), amount: at('amount') };
  if (rest === REST.incremental_book_L2) return { ...timed, ...level, type: 'incremental_book_L2', isSnapshot: at('is_snapshot') };
  // Tardis names its files by data type, and liquidations have the columns of trades without being executions of the book alone.
  if (/liquidations/i.test(table.file))
    throw unknown(table, `The name of the file says liquidations, whose columns are those of trades; ${READ}`);
  return { ...timed, ...level, type: 'trades' };
}

/** The levels of snapshots, bids first, each side from the best on. */
function levelColumns(table: TableScanner): readonly LevelColumns[] {
  const { columns } = table;
  const found = columns.filter((name) => LEVEL.test(name));
  const strange = columns.find((name) => !found.includes(name) && !TIMED.some((timed) => timed === name));
  if (strange !== undefined) throw unknown(table, `A snapshot has no column ${strange}; ${READ}`);
  const depth = Math.max(...found.map((name) => Number(LEVEL.exec(name)![2]))) + 1;
  if (depth > found.length) throw unknown(table, `The levels do not count from 0 without a hole; ${READ}`);
  return [BookSide.BID, BookSide.ASK].flatMap((side) =>
    Array.from({ length: depth }, (_, level) => {
      const prefix = `${side === BookSide.BID ? 'bids' : 'asks'}[${level}]`;
      return { side, price: table.columnOf(`${prefix}.price`), amount: table.columnOf(`${prefix}.amount`) };
    }),
  );
}

function unknown(table: TableScanner, rule: string): Error {
  return inputError('RECORD_UNKNOWN', { file: table.file, line: table.line, value: table.columns.join(','), rule });
}
