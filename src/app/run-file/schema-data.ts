import { parseDate } from '../../model/civil-date.ts';
import { z } from 'zod';
import { RECORDING_FORMATS } from '../../adapters/files/recordings/recording-format.ts';
import { BLOCK_KIND_NAMES } from '../../model/blocks.ts';

/** What venues and vendors call the rows of order books and of the best prices. */
const WORDS_FOR_KINDS = {
  orderbook: 'book-deltas',
  'order-book': 'book-deltas',
  book: 'book-deltas',
  depth: 'book-deltas',
  l2: 'book-deltas',
  l3: 'book-deltas',
  bookticker: 'quotes',
  bbo: 'quotes',
} as const;
import {
  duration,
  flag,
  instant,
  integer,
  keys,
  listOf,
  namedBy,
  number,
  optional,
  positiveDecimal,
  required,
  text,
  words,
} from './schema-parts.ts';

const paths = z.union([text, listOf(text)], { error: () => 'Give a path, or a list of paths that follow each other in time.' });
const session = keys({
  from: required(text, 'Time of day, HH:mm.', '09:30'),
  to: required(text, 'Time of day, HH:mm.', '16:00'),
  zone: required(text, 'IANA zone.', 'America/New_York'),
});
const sessionKey = optional(
  session,
  'the whole day',
  'Keeps bars that lie wholly between two times of day.',
  '{ from: "09:30", to: "16:00", zone: America/New_York }',
);
const round = optional(
  keys({
    price: optional(words(['half-even']), 'refused', 'Rounds prices with more digits than the instrument.', 'half-even'),
    quantity: optional(words(['half-even']), 'refused', 'Rounds quantities with more digits than the instrument.', 'half-even'),
  }),
  'further digits are refused',
  "What to do with digits beyond the instrument's decimals.",
  '{ price: half-even }',
);
const column = z.union([text, integer(1, 10_000)], { error: () => "Give the column's name in the header, or its number from 1." });
const sessionOpen = optional(text, 'midnight', 'Bars of a day and longer: time of day at which the first day opens.', '09:30');
const sessionClose = optional(text, 'midnight', 'Bars of a day and longer: time of day at which the last day closes.', '16:00');
const zone = optional(
  text,
  'none: where times carry no offset and columns are given, it is needed; with a recognized layout UTC is assumed, and said',
  'Zone of times without an offset of their own.',
  'America/New_York',
);
/** YAML reads 20131007 as a number. */
/** `20131007` or `2013-10-07`, as the first. */
const leanDay = z.union([text, integer(0, 99_999_999)]).transform((value, context) => {
  const day = String(value).replace(/^(\d{4})-(\d{2})-(\d{2})$/, '$1$2$3');
  const isDay = parseDate(day.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3')) !== null;
  if (!isDay) context.addIssue({ code: 'custom', message: 'Give a day such as 20131007 or 2013-10-07.' });
  return day;
});
const digits = z.union([text, integer(0, 99_999_999)]).transform(String);

/** Keys of the data entry that are often written one level too deep. */
function besideIt(layout: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    ['instrument', 'kind', 'every', 'as'].map((key) => [key, `"${key}" stands beside ${layout}:, not in it: move it out one level.`]),
  );
}

/** What `csv:` takes; `data import` takes the same keys as options. */
export const csvLayout = keys(
  {
    file: optional(
      paths,
      'bidFile and askFile',
      'The file, relative to the run file; `.gz` and `.zip` are unpacked. Or a list, in order of time.',
      'GOOG.csv',
    ),
    bidFile: optional(
      paths,
      'file',
      'With `askFile`: bars of bid and ask in a file each, laid out as bars, which become quote bars. Or a list, in order of time.',
      'bid.csv',
    ),
    askFile: optional(paths, 'file', 'With `bidFile`: the bars of the ask, of the same times.', 'ask.csv'),
    member: optional(text, 'the only one', 'Of a zip: which file in it.', 'goog.csv'),
    columns: optional(
      namedBy(column),
      'recognized from the header',
      'Which column holds what; see docs/guide/data-files.md.',
      '{ time: Date, open: Open, high: High, low: Low, close: Close, volume: Volume }',
    ),
    delimiter: optional(text, 'a comma; with a recognized layout the one found', 'One character.', '";"'),
    header: optional(flag, 'true', 'Whether a line of names comes first.', 'false'),
    skipLines: optional(integer(0, 1000), '0', 'Lines to pass over before the header.', '1'),
    comment: optional(text, 'none', 'Lines that start with it are passed over.', '"#"'),
    decimalMark: optional(
      words(['.', ',']),
      'a point; with a recognized layout the one found',
      'What stands before the decimals. Numbers with the other mark are refused.',
      '","',
    ),
    timeFormat: optional(
      text,
      'iso',
      '`iso`, `epoch-s`, `epoch-ms`, `epoch-us`, `epoch-ns`, or a pattern of yyyy MM dd HH mm ss S.',
      'yyyyMMdd HH:mm',
    ),
    timeOfDayFormat: optional(text, 'none', 'For a `timeOfDay` column.', 'ms-of-day'),
    fileDate: optional(text, 'none', 'Day of a file whose rows have only a time of day.', '2013-10-07'),
    zone,
    stamp: optional(words(['open', 'close']), 'open', 'Which end of a bar its time names.', 'close'),
    sessionOpen,
    sessionClose,
    priceScale: optional(integer(0, 12), '0', 'Prices in the file are integers of 10^-priceScale.', '4'),
    round,
    volume: optional(words(['absent']), 'a column', '`absent`: the file has no volume.', 'absent'),
    emptySide: optional(words(['absent', 'refuse']), 'refuse', 'Quotes: whether a side may be empty.', 'absent'),
    sides: optional(
      keys({ buy: required(listOf(text), 'Words for bought.', '[B]'), sell: required(listOf(text), 'Words for sold.', '[S]') }),
      'buy, b, bid and sell, s, ask',
      'Words of a `side` column.',
      '{ buy: [B], sell: [S] }',
    ),
    symbol: optional(
      keys({
        text: required(text, 'The rows to take.', 'SPY'),
        others: optional(words(['refuse', 'skip']), 'refuse', 'What to do with the others.', 'skip'),
      }),
      'none',
      'With a `symbol` column: which rows.',
      '{ text: SPY, others: skip }',
    ),
    session: sessionKey,
    onDefect: optional(words(['refuse', 'skip']), 'refuse', 'A defective row ends the run, or is left out and counted.', 'skip'),
  },
  besideIt('csv'),
);

/** What `lean:` takes. */
export const leanLayout = keys(
  {
    root: required(text, 'The LEAN data folder, which holds equity, forex and so on.', '../lean'),
    security: optional(
      words(['equity', 'forex', 'cfd', 'crypto', 'cryptofuture', 'future']),
      'from the kind of the instrument',
      'Folder of the kind of security.',
      'equity',
    ),
    market: optional(text, 'usa', 'Folder of the market.', 'usa'),
    resolution: optional(words(['tick', 'second', 'minute', 'hour', 'daily']), 'daily', 'Folder of the resolution.', 'minute'),
    symbol: optional(text, 'the symbol of the instrument in lower case', 'Name of the files.', 'spy'),
    fromDate: optional(leanDay, 'period.from', 'First file by day, of seconds and minutes only.', '20131007'),
    toDate: optional(leanDay, 'period.to', 'Last file by day, of seconds and minutes only.', '20131011'),
    member: optional(digits, 'the only one', 'Of a zip with a file per contract: which.', '201312'),
    zone: optional(text, 'as LEAN documents for the market', 'Zone of the times.', 'America/New_York'),
    prices: optional(
      words(['raw', 'adjusted']),
      'raw',
      '`adjusted` applies the factor file and needs priceDecimals 8; `raw` brings dividends and splits as events.',
      'adjusted',
    ),
    factorFile: optional(text, 'root/equity/market/factor_files/symbol.csv', 'The factor file.', 'factors.csv'),
    actions: optional(flag, 'true for raw equities that have a factor file', 'Whether dividends and splits are paid.', 'false'),
    sessionOpen,
    sessionClose,
    session: sessionKey,
    round,
    exchange: optional(text, 'all', 'Ticks of trades: the code of the one exchange to take.', 'Q'),
    suspicious: optional(
      words(['filter', 'keep']),
      'filter',
      'Ticks that the file marks as suspicious are left out and counted, or taken.',
      'keep',
    ),
    onDefect: optional(words(['refuse', 'skip']), 'refuse', 'A defective row ends the run, or is left out and counted.', 'skip'),
  },
  besideIt('lean'),
);

/** What `recording:` takes; `data import` takes the same keys as options. */
const recordingLayout = keys(
  {
    format: required(words(RECORDING_FORMATS), 'What wrote it; docs/guide/recordings.md says what each holds.', 'binance'),
    file: required(
      paths,
      'The file, relative to the run file; `.gz`, `.zip` and `.zst` are unpacked. Or a list, in order of time.',
      'btcusdt_20240808.gz',
    ),
    member: optional(text, 'the only one', 'Of a zip: which file in it.', 'xrpusdt.data'),
    symbol: optional(text, 'the only one', 'Of a recording of several instruments: which, by its name there.', 'BTCUSDT'),
  },
  besideIt('recording'),
);

const storeLayout = keys({
  root: required(text, 'The store\'s folder, as in "quanthybrid data import".', './data'),
  verify: optional(flag, 'false', 'Checks every checksum while reading.', 'true'),
});

const perDay = optional(number, '0', 'Mean count a day, by chance; 0 to 1000.', '2');
const at = optional(
  listOf(instant),
  'none',
  'Instants at which it happens, UTC: each once, after the beginning of the period and two microseconds or more before its end.',
  '[2024-01-01T14:30:00Z]',
);

/** What `generated:` takes; some keys are of one of the two markets only, which `source-generated.ts` and `source-agents.ts` see to. */
const generatedLayout = keys({
  market: optional(
    words(['paths', 'agents']),
    'paths',
    'How it is made: `paths` of prices, quick and for years of bars; or `agents` that trade on an exchange, with order books. See docs/concepts/generated-markets.md.',
    'agents',
  ),
  seed: required(integer(0, Number.MAX_SAFE_INTEGER), 'The same seed gives the same market.', '1'),
  startPrice: required(
    positiveDecimal,
    'Where the price starts; at most 10^13 counts of priceDecimals (of agents 10^10 increments), so that what it grows to is exact.',
    '100',
  ),
  typicalQuantity: optional(positiveDecimal, 'ten lots', 'Middle of the quantities that are traded.', '0.1'),
  annualVolatility: optional(number, '0.6', "Deviation of a year's log return.", '0.4'),
  spreadTicks: optional(integer(1, 1000), '2', 'Usual spread in increments.', '1'),
  tradesPerMinute: optional(number, '6', 'Of paths: mean over the day.', '20'),
  marketShare: optional(number, '0.3', 'Of paths: share of variance that instruments of one seed have in common.', '0.5'),
  follows: optional(
    keys({
      instrument: required(text, 'The instrument whose price this one follows; it follows none itself.', 'AAA.SIM'),
      deviation: required(number, 'Deviation of the log of the ratio.', '0.02'),
    }),
    'nothing',
    'Of paths: makes a cointegrated pair.',
    '{ instrument: AAA.SIM, deviation: 0.02 }',
  ),
  eventsPerSecond: optional(number, '10', 'Of agents: orders, changes and cancels, mean over the day; 0.1 to 10000.', '5'),
  book: optional(words(['orders', 'levels']), 'orders', 'Of agents, kind book-deltas: order by order (L3), or by levels (L2).', 'levels'),
  jumps: optional(
    keys({ perDay, at, size: optional(number, '0.01', 'Mean of the absolute log return, 0 to 0.5.', '0.02') }),
    'none',
    'Of agents: the value of the instrument jumps.',
    '{ perDay: 2, size: 0.02 }',
  ),
  halts: optional(
    keys({
      perDay,
      at,
      lasting: optional(
        duration,
        '5m',
        'How long trading stops, 1s to 1d; it reopens with an auction. A halt inside another prolongs it, to as long after its own beginning.',
        '10m',
      ),
    }),
    'none',
    'Of agents: trading is halted.',
    '{ at: [2024-01-01T14:30:00Z], lasting: 10m }',
  ),
  gaps: optional(
    keys({
      perDay,
      at,
      lasting: optional(
        duration,
        '1m',
        'How long nothing is told, 1ms to 1d. A gap inside another prolongs it, to as long after its own beginning.',
        '30s',
      ),
    }),
    'none',
    'Of agents: data are missing, while the market goes on.',
    '{ perDay: 4, lasting: 30s }',
  ),
});

/** What `live:` takes. */
const liveLayout = keys({
  venue: optional(words(['binance']), 'binance', 'The venue.', 'binance'),
  symbol: optional(
    text.regex(/^[A-Z0-9]{2,30}$/, { error: 'Write the symbol as the venue does, in capitals: BTCUSDT.' }),
    'the symbol of the instrument without its dash: BTCUSDT of BTC-USDT.BINANCE',
    "The venue's name for the instrument.",
    'BTCUSDT',
  ),
  url: optional(
    text,
    'its public address',
    'Where the venue is, the same in all streams of a run; for example that of "quanthybrid venue serve".',
    'http://127.0.0.1:9443',
  ),
});

/** One stream of market data. */
export const dataSchema = keys({
  instrument: optional(text, 'the only one of the run', 'Whose data it is.', 'GOOG.NASDAQ'),
  kind: optional(
    words(BLOCK_KIND_NAMES, WORDS_FOR_KINDS),
    'bars; quote-bars of bidFile and askFile, and of LEAN forex and cfd; book-deltas of a recording, and of a generated market of agents',
    'What the rows are.',
    'trades',
  ),
  every: optional(
    text,
    'recognized from a CSV; from the resolution of LEAN',
    'Length of the bars: 1m, 1h, 1d, 1w, 1M (months; also 1mo).',
    '1d',
  ),
  as: optional(
    words(['quotes']),
    'as they are',
    'Bars only: each becomes four quotes with bid = ask, open, high, low, close, at its start, a quarter, the half, and one microsecond before its end; sizes are its volume.',
    'quotes',
  ),
  csv: optional(
    z.union([text, csvLayout], { error: () => 'Give a path, or { file: …, columns: … }, or { bidFile: …, askFile: … }.' }),
    'one of csv, lean, recording, store, generated, live',
    'A delimited text file. A path alone: the layout is recognized from the header, and what was assumed is said.',
    'GOOG.csv',
  ),
  lean: optional(
    leanLayout,
    'one of csv, lean, recording, store, generated, live',
    'Zip files of QuantConnect LEAN.',
    '{ root: ../lean, market: usa }',
  ),
  recording: optional(
    recordingLayout,
    'one of csv, lean, recording, store, generated, live',
    'Messages of a venue or a vendor, as they were recorded.',
    '{ format: binance, file: btcusdt.gz }',
  ),
  store: optional(
    storeLayout,
    'one of csv, lean, recording, store, generated, live',
    'A data set of the columnar store.',
    '{ root: ./data }',
  ),
  generated: optional(
    generatedLayout,
    'one of csv, lean, recording, store, generated, live',
    'A made-up market; needs period.from and period.to.',
    '{ seed: 1, startPrice: 100 }',
  ),
  live: optional(
    z.union([z.literal('binance'), liveLayout], { error: () => 'Give binance, or { symbol: BTCUSDT }.' }),
    'one of csv, lean, recording, store, generated, live',
    'Public market data of Binance Spot as it happens, for "quanthybrid paper"; no key is needed. See docs/guide/paper.md#on-live-data.',
    'binance',
  ),
});

export const periodSchema = keys({
  from: optional(
    instant,
    'the first row',
    'Rows from here on; a date is its midnight in UTC. Bars must open at or after it.',
    '2004-08-19',
  ),
  to: optional(instant, 'the last row', 'Rows before it. Bars must close at or before it.', '2013-03-02'),
  tradeFrom: optional(instant, 'from', 'Before it strategies see data but orders are denied: warm-up.', '2004-09-01'),
});
