/** Why a live feed is not as it should be, what it refused, and what it notes. */
export const FEED_CODES = {
  FEED_CONNECTED: {
    meaning: 'The feed is whole: connected, subscribed, and every book has its snapshot.',
    fix: 'None needed.',
  },
  FEED_STOPPED: {
    meaning: 'The feed was stopped, or has not been started.',
    fix: 'None needed.',
  },
  FEED_CONNECTION_FAILED: {
    meaning: 'No connection came about: the address does not answer, refuses, or does not acknowledge the subscription in time.',
    fix: 'Check the address and the network; the feed tries again by itself, later each time.',
  },
  FEED_CONNECTION_LOST: {
    meaning: 'The connection ended. What came meanwhile is missing and told as a gap.',
    fix: 'None needed: the feed connects, subscribes and synchronizes again by itself. Check the network where it happens often.',
  },
  FEED_SILENT: {
    meaning: 'Nothing came for so long, not even an answer to a ping, that the connection was taken for half-open and ended.',
    fix: 'None needed: the feed connects again by itself. Check the network where it happens often.',
  },
  FEED_STALE: {
    meaning: 'The connection stands, but nothing has come for longer than it should.',
    fix: 'None needed: it becomes FEED_SILENT or goes on by itself.',
  },
  FEED_RESYNCING: {
    meaning: 'The feed is connected and puts its books together: at least one waits for a snapshot.',
    fix: 'None needed; books are worth nothing until then.',
  },
  FEED_SEQUENCE_GAP: {
    meaning: 'The ids of messages tell that some between them are missing.',
    fix: 'None needed: a book is fetched anew, the gap is told.',
  },
  FEED_BUFFER_FULL: {
    meaning:
      'More messages waited for the snapshot of a book, or requests for their turn, than are kept; they were forgotten, and the feed tries anew.',
    fix: 'Check that the REST address answers; see DEPTH_LEVELS_BUFFERED_MAX and FEED_REQUESTS_MAX in docs/reference/limits.md.',
  },
  FEED_CORE_BEHIND: {
    meaning:
      'The session takes market data more slowly than it comes: the feed was let go, and is taken up again when the session has caught up. What came meanwhile is a gap.',
    fix: 'Ask for fewer streams, or look what strategies do for every row; see LIVE_ROWS_MAX in docs/reference/limits.md.',
  },
  FEED_MESSAGE_DAMAGED: {
    meaning: 'A message is no JSON, lacks a field, or has one that is not what it must be; it was passed over and counted.',
    fix: 'None needed for a few. Where it is every message the protocol has changed: look for a newer version.',
  },
  FEED_MESSAGE_UNKNOWN: {
    meaning: 'A message is of no stream or kind that was asked for; it was passed over and counted.',
    fix: 'None needed for a few; look for a newer version where they are many.',
  },
  FEED_ANSWER_DAMAGED: {
    meaning: 'An answer to a request is not what it must be.',
    fix: 'Check that the REST address is that of the venue; the feed asks again by itself.',
  },
  FEED_REQUEST_FAILED: {
    meaning: 'A request was not answered in time, or answered with an error.',
    fix: 'Check the address and the network; the feed asks again by itself, later each time.',
  },
  FEED_RATE_LIMITED: {
    meaning:
      'The venue takes no more requests for now (HTTP 429), or the weight of the minute is used up. Requests wait and are sent later.',
    fix: 'Ask for fewer books, or run fewer programs from this address.',
  },
  FEED_BANNED: {
    meaning: 'The venue has shut this address out for a while (HTTP 418). Nothing is sent until its time is over.',
    fix: 'Run fewer programs from this address.',
  },
  FEED_MAINTENANCE: {
    meaning: 'The venue is not there for anybody: it answers 5xx, or says that it shuts down.',
    fix: 'Wait; the feed connects again by itself.',
  },
  FEED_SYMBOL_UNKNOWN: {
    meaning: 'The venue does not have this symbol.',
    fix: 'Write the symbol as the venue does, in capitals: BTCUSDT.',
  },
  FEED_SYMBOL_HALTED: {
    meaning: 'The venue has stopped trading in this symbol.',
    fix: 'Wait; the feed tells when trading goes on.',
  },
  FEED_SYMBOL_TRADING: {
    meaning: 'The venue trades this symbol again.',
    fix: 'None needed.',
  },
  FEED_INSTRUMENT_DIFFERS: {
    meaning:
      'The run file says other currencies or increments of an instrument than the venue does: orders that it allows could not be sent.',
    fix: 'Give the instrument what the message names.',
  },
  FEED_DECIMALS_TOO_FEW: {
    meaning: 'The instrument counts prices or quantities in fewer decimals than the venue quotes them in.',
    fix: 'Raise priceDecimals or quantityDecimals of the instrument to what the message says.',
  },
} as const satisfies Record<string, { meaning: string; fix: string }>;
export type FeedCode = keyof typeof FEED_CODES;
