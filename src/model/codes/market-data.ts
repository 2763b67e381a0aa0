/** Why the market data manager refuses a row, what it notes about a stream, and what is wrong with a calendar. */
export const MARKET_DATA_CODES = {
  MARKET_DATA_NOT_EXACT: {
    meaning: 'A time, price or quantity is not a whole count within ±(2^53 − 1): a fraction, NaN, infinity or too large.',
    fix: 'Import the file again; if the column really needs more digits, raise priceDecimals or quantityDecimals of the instrument.',
  },
  MARKET_DATA_OUT_OF_ORDER: {
    meaning: 'The row is older (tsInit, and for bars tsEvent) than one of its stream that was accepted before.',
    fix: 'Sort the file by time, or import it again; a row that came late cannot be traded on.',
  },
  MARKET_DATA_DUPLICATE: {
    meaning: 'The series already has a bar that closes at this time; the first one is kept.',
    fix: 'Remove the second bar from the file, or state the right zone: a clock turned back looks like this.',
  },
  MARKET_DATA_NOT_POSITIVE: {
    meaning: 'A price or traded quantity is zero or negative, or a size or volume is negative.',
    fix: 'Correct the row; in quotes, 0 as price stands for an absent side.',
  },
  MARKET_DATA_BAR_EARLY: {
    meaning: 'The bar would be known (tsInit) before it closes (tsEvent): whoever traded on it would look ahead.',
    fix: 'State in the run file whether the file stamps bars with their open or their close.',
  },
  MARKET_DATA_BAR_INCONSISTENT: {
    meaning: 'The bar contradicts itself: high below open, close or low, low above open or close, only part of a side, or no duration.',
    fix: 'Correct the row, or check the column mapping of the import.',
  },
  MARKET_DATA_CROSSED: {
    meaning: 'The bid is above the ask. (A locked quote, bid equal to ask, is accepted.)',
    fix: 'Check the column mapping of the import; a venue that really crosses needs its own book feed.',
  },
  MARKET_DATA_DELTA_INVALID: {
    meaning: 'A change of an order book has no action or side that exists.',
    fix: 'Import the recording again.',
  },
  MARKET_DATA_BOOK_WAITING: {
    meaning:
      'A change of an order book came before its first snapshot, or after missing changes and before the next one; it was passed over.',
    fix: 'Nothing, where a recording begins so; else look why the recording has no snapshot there.',
  },
  MARKET_DATA_ORDER_UNKNOWN: {
    meaning: 'A change names an order that the book has not; it was passed over.',
    fix: 'Nothing, where a recording begins in the middle of the life of orders; else the recording lacks something.',
  },
  MARKET_DATA_BOOK_BROKEN: {
    meaning:
      'A change contradicts the book (adds an order that is there, mixes levels with orders) or would pass its bound; the book waits for a snapshot.',
    fix: 'Import the recording again; the bound is listed in docs/reference/limits.md.',
  },
  MARKET_DATA_OFF_INCREMENT: {
    meaning: "A price is no multiple of the instrument's tickSize (checked only with marketData.checkTickSize).",
    fix: 'Correct tickSize of the instrument, or leave checkTickSize out for adjusted prices.',
  },
  MARKET_DATA_STALE: {
    meaning: 'An order was decided while the newest row of its instrument was older than marketData.ageMax; alerted once per instrument.',
    fix: 'Look whether the feed or file has a hole there, or ask isStale before ordering; raise ageMax where the market is that quiet.',
  },
  MARKET_DATA_LEFT_OUT: {
    meaning:
      'Bars were built without some rows: outside the sessions of the calendar, or after their bar was closed; alerted once per series.',
    fix: "Nothing, where trading before and after hours is to stay out; else correct the instrument's calendar, or the times or zone of the data.",
  },
  CALENDAR_INVALID: {
    meaning: 'The trading calendar contradicts itself or has a date or time that cannot be read.',
    fix: 'Dates are YYYY-MM-DD, times HH:MM or HH:MM:SS up to 24:00, weekdays 0 (Sunday) to 6; sessions may not overlap.',
  },
} as const satisfies Record<string, { meaning: string; fix: string }>;

export type MarketDataCode = keyof typeof MARKET_DATA_CODES;
