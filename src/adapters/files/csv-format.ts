import type { BlockKindName } from '../../model/blocks.ts';

/** What the rows of a file are. Changes of books come in recordings (recordings/). */
export type CsvKind = Exclude<BlockKindName, 'book-deltas'>;

/** What a column can hold. `time` is a whole stamp; `date` with `timeOfDay` splits it over two columns. */
export type CsvField =
  | 'time'
  | 'date'
  | 'timeOfDay'
  | 'symbol'
  | 'open'
  | 'high'
  | 'low'
  | 'close'
  | 'volume'
  | 'price'
  | 'quantity'
  | 'side'
  | 'buyerIsMaker'
  | 'tradeId'
  | 'bid'
  | 'ask'
  | 'bidSize'
  | 'askSize'
  | 'bidOpen'
  | 'bidHigh'
  | 'bidLow'
  | 'bidClose'
  | 'askOpen'
  | 'askHigh'
  | 'askLow'
  | 'askClose';

/** Name in the header, or number from 1. */
export type CsvColumn = string | number;

/**
 * How a file is laid out. Shapes and units: docs/guide/data-files.md, which has an example of each option.
 *
 * Nothing about time is guessed: text without its own offset needs `zone`, bars need `every` and `stamp`.
 */
export interface CsvFormat {
  readonly kind: CsvKind;
  readonly columns: { readonly [F in CsvField]?: CsvColumn };
  /** One character; default a comma. */
  readonly delimiter?: string;
  /** Whether a line of names comes first; default true. */
  readonly header?: boolean;
  /** Lines to pass over before the header; default 0. */
  readonly skipLines?: number;
  /** Lines that start with this character are passed over. */
  readonly comment?: string;
  /** Default a point. */
  readonly decimalMark?: '.' | ',';
  /** `iso`, `epoch-s`, `epoch-ms`, `epoch-us`, `epoch-ns`, or a pattern of yyyy MM dd HH mm ss S and literal characters. */
  readonly timeFormat: string;
  /** For `timeOfDay`: `ms-of-day`, `s-of-day`, or a pattern such as `HH:mm:ss`. */
  readonly timeOfDayFormat?: string;
  /** With a `timeOfDay` column and no `date` column: the day of the whole file, yyyy-MM-dd. */
  readonly fileDate?: string;
  /** IANA name, `UTC`, or a fixed offset such as `-05:00`. Needed where times carry no offset of their own. */
  readonly zone?: string;
  /** Bars: which end of the interval the file's time names. A date alone names the day (`close`: the last day) that the bar covers. */
  readonly stamp?: 'open' | 'close';
  /** Bars: length of the interval, a count and a unit: s, m, h, d, w, M (months). */
  readonly every?: string;
  /** Bars of d, w and M: time of day in `zone` at which the last day closes, instead of the midnight after it. */
  readonly sessionClose?: string;
  /** Bars of d, w and M: time of day in `zone` at which the first day opens, instead of its midnight. */
  readonly sessionOpen?: string;
  /** Prices in the file are integers of 10^-priceScale (LEAN equities: 4). Default 0. */
  readonly priceScale?: number;
  /** What to do with digits beyond the instrument's decimals; without it they are refused unless they are zeros. */
  readonly round?: { readonly price?: 'half-even'; readonly quantity?: 'half-even' };
  /** Bars: `absent` states that there is no volume column; volume is then 0. */
  readonly volume?: 'absent';
  /** Quotes and quote bars: `absent` lets a side be empty (stored as 0); default is to refuse. */
  readonly emptySide?: 'absent' | 'refuse';
  /** Words of the `side` column, beside buy/b/bid and sell/s/ask. An empty text is an unknown side. */
  readonly sides?: { readonly buy: readonly string[]; readonly sell: readonly string[] };
  /** With a `symbol` column: the text to take, and what to do with other rows (default `refuse`). */
  readonly symbol?: { readonly text: string; readonly others?: 'refuse' | 'skip' };
}

/** Keeps what lies in a time span: bars by their open and close, ticks by their time (start included, end not). Microseconds since the epoch. */
export interface TimeRange {
  readonly fromTs?: number;
  readonly toTs?: number;
}

/** Keeps bars that lie wholly between two times of day, such as 09:30 to 16:00 New York. */
export interface SessionFilter {
  readonly from: string;
  readonly to: string;
  readonly zone: string;
}

/** What a reader did besides reading. */
export interface LoadCounters {
  /** Rows delivered. */
  rows: number;
  /** Rows left out because of a defect (only with `onDefect: 'skip'`). */
  skipped: number;
  /** Rows left out by symbol, time range or session. */
  filtered: number;
  /** Values that were rounded to the instrument's decimals. */
  rounded: number;
  /** Skipped rows by code. */
  readonly skippedByCode: Map<string, number>;
}

/** Columns that a kind needs and may have, apart from those of time. */
export const KIND_FIELDS: Readonly<Record<CsvKind, { readonly needed: readonly CsvField[]; readonly optional: readonly CsvField[] }>> = {
  bars: { needed: ['open', 'high', 'low', 'close', 'volume'], optional: ['symbol'] },
  trades: { needed: ['price', 'quantity'], optional: ['side', 'buyerIsMaker', 'tradeId', 'symbol'] },
  quotes: { needed: ['bid', 'ask'], optional: ['bidSize', 'askSize', 'symbol'] },
  'quote-bars': {
    needed: ['bidOpen', 'bidHigh', 'bidLow', 'bidClose', 'askOpen', 'askHigh', 'askLow', 'askClose'],
    optional: ['bidSize', 'askSize', 'symbol'],
  },
};
