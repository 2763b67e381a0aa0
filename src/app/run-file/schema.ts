import type { z } from 'zod';
import { HISTORY_ROWS_DEFAULT } from '../../core/market-data/ring-position.ts';
import { DRAWDOWN_DAYS_MAX } from '../../core/risk/limits.ts';
import { CONVENTION_WORDS } from '../../research/conventions.ts';
import { dataSchema, periodSchema } from './schema-data.ts';
import {
  duration,
  flag,
  integer,
  keys,
  listOf,
  moneyText,
  namedBy,
  optional,
  positiveDecimal,
  positiveNumber,
  rateText,
  required,
  share,
  text,
  timeOfDay,
  words,
  yearlyRate,
} from './schema-parts.ts';
import { accountSchema, instrumentSchema, strategySchema, venueSchema } from './schema-trading.ts';

const scope = {
  maxOrderValue: optional(moneyText, 'no limit', 'Largest value of one order (C-04).', '5000 USD'),
  maxExposure: optional(moneyText, 'no limit', 'Largest sum of worst-case positions (C-13).', '20000 USD'),
  maxOpenOrders: optional(integer(0, 1_000_000), 'no limit', 'Most open orders (C-17).', '10'),
  maxOpenPositions: optional(integer(0, 1_000_000), 'no limit', 'Most instruments with a position or an open order (C-17).', '3'),
  maxNewOrders: optional(rateText, 'no limit', 'Most new orders within any span of this length (C-07).', '100 per 1s'),
  maxModifies: optional(rateText, 'no limit', 'Most modifies within any span of this length (C-07).', '100 per 1s'),
  maxCancels: optional(
    rateText,
    'no limit',
    'The same for cancels that are asked for again; the first of an order always goes (C-07).',
    '200 per 1s',
  ),
  maxDailyLoss: optional(moneyText, 'no limit', 'Largest loss of a day, realized and at the marks (C-22).', '500 USD'),
};
const equity = {
  ...scope,
  maxDailyLossShare: optional(share, 'no limit', "The same as a share of the equity at the day's start (C-22).", '0.02'),
  maxDrawdown: optional(share, 'no limit', 'Largest share that the equity may be below its highest (C-23).', '0.1'),
  drawdownDays: optional(integer(1, DRAWDOWN_DAYS_MAX), 'the whole run', 'The highest of so many days, today among them (C-23).', '30'),
};
const ofInstrument = keys({
  maxOrderQuantity: optional(positiveDecimal, 'no limit', 'Largest order (C-03).', '1000'),
  maxOrderValue: optional(moneyText, 'no limit', 'Largest value of one order (C-04).', '5000 USD'),
  maxLong: optional(positiveDecimal, 'no limit', 'Largest long position, open orders included (C-12).', '1000'),
  maxShort: optional(positiveDecimal, 'no limit', 'Largest short position, as a positive number (C-12).', '1000'),
  maxGross: optional(positiveDecimal, 'no limit', 'Largest sum over the strategies (C-12).', '2000'),
  maxLongValue: optional(moneyText, 'no limit', 'As maxLong, in money.', '20000 USD'),
  maxShortValue: optional(moneyText, 'no limit', 'As maxShort, in money.', '20000 USD'),
  maxGrossValue: optional(moneyText, 'no limit', 'As maxGross, in money.', '40000 USD'),
  denyOnGap: optional(flag, 'false', 'Deny orders that open or add while data is missing (C-21).', 'true'),
  denyOnStale: optional(flag, 'false', 'The same while the newest data is older than marketData.ageMax (C-21).', 'true'),
  denyOnCrossed: optional(flag, 'false', 'The same while the newest quote is crossed or locked (C-21).', 'true'),
  maxDataAge: optional(duration, 'no limit', 'The same while the newest data is older than this, in open-market time (C-21).', '5s'),
  denyWhenClosed: optional(flag, 'false', "Deny orders outside the sessions of the instrument's calendar (C-20).", 'true'),
  denyInAuction: optional(flag, 'false', 'Deny orders while the venue holds an auction (C-20).', 'true'),
});

const riskSchema = keys({
  maxOrderQuantity: optional(namedBy(positiveDecimal), 'no limit', 'Short for the same under `instruments`.', '{ GOOG.NASDAQ: 1000 }'),
  firm: optional(keys(equity), 'no limit', 'Everything together.', '{ maxOpenOrders: 10 }'),
  accounts: optional(
    namedBy(keys({ ...equity, balanceBuffer: optional(share, '0', 'What an order needs is taken as this share more (C-14).', '0.01') })),
    'no limit',
    'By venue.',
    '{ NASDAQ: { maxOpenOrders: 10 } }',
  ),
  strategies: optional(
    namedBy(
      keys({
        ...scope,
        instruments: optional(
          namedBy(ofInstrument),
          'no limit',
          "By instrument id, on the strategy's own position.",
          '{ GOOG.NASDAQ: { maxLong: 100 } }',
        ),
      }),
    ),
    'no limit',
    'By name of the strategy.',
    '{ cross: { maxOpenOrders: 2 } }',
  ),
  everyInstrument: optional(ofInstrument, 'no limit', 'Each instrument that says nothing else.', '{ maxOrderValue: 5000 USD }'),
  instruments: optional(namedBy(ofInstrument), 'no limit', 'By instrument id.', '{ GOOG.NASDAQ: { maxLong: 1000 } }'),
  day: optional(
    keys({
      zone: optional(
        text,
        'UTC',
        'IANA name of the zone whose clocks say when the day begins; days on which they are set are longer or shorter.',
        'America/New_York',
      ),
      begins: optional(timeOfDay, '"00:00"', 'Time of day at which it begins.', '"17:00"'),
      calendarOf: optional(
        text,
        'zone and begins',
        'In their place: the day begins where the trading day of this instrument has closed.',
        'GOOG.NASDAQ',
      ),
    }),
    '{ zone: UTC }',
    'When the day of maxDailyLoss and drawdownDays begins.',
    '{ zone: America/New_York, begins: "17:00" }',
  ),
  onLoss: optional(
    keys({
      state: optional(words(['reducing', 'halted']), 'reducing', 'The trading state that the scope is set to.', 'halted'),
      openOrders: optional(
        words(['cancel', 'keep']),
        'cancel',
        'What becomes of open orders; with `reducing`, those that are reduce-only stay in any case.',
        'keep',
      ),
    }),
    '{ state: reducing, openOrders: cancel }',
    'What is done once where a loss is above its limit (C-22, C-23).',
    '{ state: halted, openOrders: cancel }',
  ),
});

const statisticsSchema = keys({
  preset: optional(
    words(CONVENTION_WORDS.preset),
    'standard',
    'The set of conventions; docs/reference/statistics.md explains each.',
    'backtesting.py',
  ),
  sampling: optional(words(CONVENTION_WORDS.sampling), 'of the preset', 'Returns per UTC day or per sample.', 'day'),
  firstDay: optional(words(CONVENTION_WORDS.firstDay), 'of the preset', 'Where the first daily return counts from.', 'included'),
  periodsPerYear: optional(positiveNumber, 'of the preset (252)', 'Returns in a year; 365 where the market never closes.', '365'),
  daysPerYear: optional(positiveNumber, 'of the preset', 'Days in a year for CAGR.', '365.25'),
  annualFromDays: optional(
    positiveNumber.refine((days) => days >= 1, { error: 'Give 1 day or more.' }),
    'of the preset (30)',
    'Days that a run covers at least for figures by the year (CAGR, volatility, Sharpe); below, they are null with a reason.',
    '365',
  ),
  returns: optional(words(CONVENTION_WORDS.returns), 'of the preset', 'Simple or logarithmic.', 'simple'),
  deviation: optional(words(CONVENTION_WORDS.deviation), 'of the preset', 'Of the sample or of the population.', 'sample'),
  annualReturn: optional(words(CONVENTION_WORDS.annualReturn), 'of the preset', "How returns become a year's.", 'geometric'),
  annualVolatility: optional(words(CONVENTION_WORDS.annualVolatility), 'of the preset', "How deviation becomes a year's.", 'scaled'),
  riskFreeRate: optional(yearlyRate, 'of the preset (0)', 'Per year, as a share.', '0.02'),
  ratioNumerator: optional(words(CONVENTION_WORDS.ratioNumerator), 'of the preset', 'What Sharpe and Sortino divide.', 'mean'),
  downside: optional(words(CONVENTION_WORDS.downside), 'of the preset', 'Denominator of Sortino.', 'semi-deviation'),
  downsideTarget: optional(words(CONVENTION_WORDS.downsideTarget), 'of the preset', 'What the semi-deviation is taken from.', 'zero'),
  calmarNumerator: optional(words(CONVENTION_WORDS.calmarNumerator), 'of the preset', 'What Calmar divides.', 'cagr'),
  profitFactor: optional(words(CONVENTION_WORDS.profitFactor), 'of the preset', 'From profits or from returns.', 'pnl'),
  expectancy: optional(words(CONVENTION_WORDS.expectancy), 'of the preset', 'From profits, returns or the win rate.', 'pnl'),
  averageTrade: optional(words(CONVENTION_WORDS.averageTrade), 'of the preset', 'Arithmetic or geometric mean.', 'arithmetic'),
  betaReturns: optional(words(CONVENTION_WORDS.betaReturns), 'of the preset', 'Returns that beta compares.', 'simple'),
  alpha: optional(words(CONVENTION_WORDS.alpha), 'of the preset', 'Of annual or of total returns.', 'jensen'),
  valueAtRisk: optional(words(CONVENTION_WORDS.valueAtRisk), 'of the preset', 'Historical quantile or a normal law.', 'historical'),
  benchmark: optional(text, 'the first instrument of the run', 'Instrument that buy-and-hold, alpha and beta compare with.', 'GOOG.NASDAQ'),
  benchmarkFromBar: optional(integer(0, 1_000_000_000), '0', 'Equity sample at which buy-and-hold buys.', '29'),
});

/** The whole run file. Every key's note is what docs/reference/run-file.md prints. */
export const runFileSchema = keys({
  name: optional(text, "the file's name", 'What the run is called.', 'goog-sma-cross'),
  period: optional(periodSchema, 'all data', 'Which part of the data is played.', '{ from: 2004-08-19, to: 2013-03-02 }'),
  accounts: required(
    listOf(accountSchema).min(1, { error: 'Give at least one account.' }),
    'One per venue.',
    '[{ balances: { USD: 10000 } }]',
  ),
  venues: optional(
    listOf(venueSchema),
    'a venue without fees or latency for each that instruments name',
    'How venues fill and charge.',
    '[{ name: NASDAQ }]',
  ),
  instruments: required(
    listOf(instrumentSchema).min(1, { error: 'Give at least one instrument.' }),
    'What is traded.',
    '[{ id: GOOG.NASDAQ, kind: equity, quote: USD }]',
  ),
  data: required(
    listOf(dataSchema).min(1, { error: 'Give at least one stream of data.' }),
    'Streams of market data; their order breaks ties of time and kind.',
    '[{ csv: GOOG.csv }]',
  ),
  strategies: required(
    listOf(strategySchema).min(1, { error: 'Give at least one strategy.' }),
    'What trades.',
    '[{ use: moving-average-crossover }]',
  ),
  risk: optional(riskSchema, 'no limits', 'Limits that no order gets past.', '{ maxOrderQuantity: { GOOG.NASDAQ: 1000 } }'),
  equity: optional(
    keys({ every: required(text, '`bar`, after each recorded bar, or an interval of time.', 'bar') }),
    'bar where the run has bars, 1s where it has order books, else 1h',
    'How often equity is written down.',
    '{ every: 1h }',
  ),
  statistics: optional(statisticsSchema, '{ preset: standard }', 'How statistics are computed.', '{ preset: backtesting.py }'),
  atEnd: optional(
    words(['leaveOpen', 'closeAtLastOpen', 'closeAtLastClose']),
    'leaveOpen',
    'What is done with positions that are open when the data ends.',
    'closeAtLastOpen',
  ),
  marketData: optional(
    keys({
      gapMax: optional(duration, 'never', 'More open-market time than this without data is a gap: bars are marked, strategies told.', '5m'),
      ageMax: optional(
        duration,
        'never',
        'An order that is decided on older data, in open-market time, is counted and alerted (MARKET_DATA_STALE).',
        '10s',
      ),
      bookCrossedMax: optional(
        duration,
        '0s',
        'How long an order book that a strategy looks at may be crossed or locked before orders that open or add are denied (C-21).',
        '200ms',
      ),
      checkTickSize: optional(
        flag,
        'false',
        "Rows whose prices are no multiple of the instrument's tickSize are refused (MARKET_DATA_OFF_INCREMENT).",
        'true',
      ),
    }),
    'no limits',
    'What is asked of the data of every instrument.',
    '{ gapMax: 5m, ageMax: 10s, checkTickSize: true }',
  ),
  history: optional(
    integer(1, 10_000_000),
    String(HISTORY_ROWS_DEFAULT),
    'Rows of history kept per instrument and series for strategies to ask for.',
    '5000',
  ),
});

/** A run file, read and checked. Decimals are texts; instants and durations are microseconds. */
export type RunFile = z.infer<typeof runFileSchema>;
export type RunFileAccount = RunFile['accounts'][number];
type RunFileVenue = NonNullable<RunFile['venues']>[number];
export type RunFileInstrument = RunFile['instruments'][number];
export type RunFileData = RunFile['data'][number];
export type RunFileCsv = Exclude<NonNullable<RunFileData['csv']>, string>;
export type RunFileLean = NonNullable<RunFileData['lean']>;
export type RunFileStrategy = RunFile['strategies'][number];
export type RunFileFees = NonNullable<RunFileVenue['fees']>;
export type RunFileFills = NonNullable<RunFileVenue['fills']>;
export type RunFileBookFills = NonNullable<RunFileFills['book']>;
export type RunFileLatency = NonNullable<RunFileVenue['latency']>;
/** How long a way takes; a number is microseconds. */
export type RunFileLength = NonNullable<RunFileLatency['orderEntry']>;
export type RunFileMargin = NonNullable<RunFileAccount['margin']>;
export type RunFileRisk = NonNullable<RunFile['risk']>;
