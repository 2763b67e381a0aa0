import { describe, expect, it } from 'vitest';
import type { CsvFormat } from '../../src/adapters/files/csv-format.ts';
import { openCsvBars, openCsvQuotes, openCsvTrades } from '../../src/adapters/files/csv-reader.ts';
import { QuoteBarPairReader } from '../../src/adapters/files/quote-bar-pair.ts';
import { testInstrument } from '../files-kit.ts';
import { clockText, decimal, expectBars, expected, expectedText, expectVolume, factsOf, isThere, ROOT, WHY } from '../shared-data-kit.ts';

interface CsvCase {
  readonly files: RegExp;
  readonly format: CsvFormat;
  readonly priceDecimals: number;
  readonly quantityDecimals: number;
  /** What the stamp of the file is among the times of a bar, where it is not tsOpen. */
  readonly stampOf?: (close: number) => number;
  readonly zone: string;
}

const OHLCV = { open: 'open', high: 'high', low: 'low', close: 'close', volume: 'volume' };
const TITLED = { open: 'Open', high: 'High', low: 'Low', close: 'Close', volume: 'Volume' };
const DAILY = { stamp: 'open', every: '1d' } as const;
const MINUTE = { stamp: 'open', every: '1m' } as const;
const BERLIN = 'Europe/Berlin';
const NEW_YORK = 'America/New_York';
const DAY_US = 86_400_000_000;
const NOISE = { round: { quantity: 'half-even' } } as const;

const BAR_CASES: readonly CsvCase[] = [
  {
    files: /^backtrader\/(2005-2006|2006|2006-volume)-day-001\.txt$/,
    zone: BERLIN,
    priceDecimals: 2,
    quantityDecimals: 0,
    format: { kind: 'bars', columns: { time: 'Date', ...TITLED }, timeFormat: 'iso', zone: BERLIN, ...DAILY },
  },
  {
    files: /^backtrader\/2006-week-001\.txt$/,
    zone: BERLIN,
    priceDecimals: 2,
    quantityDecimals: 0,
    stampOf: (close) => close - DAY_US,
    format: { kind: 'bars', columns: { time: 'Date', ...TITLED }, timeFormat: 'yyyy-MM-dd', zone: BERLIN, stamp: 'close', every: '1w' },
  },
  {
    files: /^backtrader\/2006-01-02-volume-min-001\.txt$/,
    zone: BERLIN,
    priceDecimals: 2,
    quantityDecimals: 0,
    stampOf: (close) => close,
    format: {
      kind: 'bars',
      columns: { date: 1, timeOfDay: 2, open: 3, high: 4, low: 5, close: 6, volume: 7 },
      timeFormat: 'yyyy-MM-dd',
      timeOfDayFormat: 'HH:mm:ss',
      zone: BERLIN,
      stamp: 'close',
      every: '1m',
    },
  },
  {
    files: /^backtrader\/(nvda|yhoo)-.*\.txt$/,
    zone: NEW_YORK,
    priceDecimals: 6,
    quantityDecimals: 0,
    format: { kind: 'bars', columns: { time: 'Date', ...TITLED }, timeFormat: 'iso', zone: NEW_YORK, ...DAILY },
  },
  {
    files: /^crypto-bars\/bitfinex_btcusd_1m_\d+\.csv\.gz$/,
    zone: 'UTC',
    priceDecimals: 8,
    quantityDecimals: 8,
    format: {
      kind: 'bars',
      header: false,
      columns: { time: 1, open: 2, close: 3, high: 4, low: 5, volume: 6 },
      timeFormat: 'epoch-ms',
      ...MINUTE,
    },
  },
  {
    files: /^crypto-bars\/btc-perp-.*_1m\.csv$/,
    zone: 'UTC',
    priceDecimals: 3,
    quantityDecimals: 7,
    format: {
      kind: 'bars',
      columns: { time: 'timestamp', ...OHLCV },
      timeFormat: 'yyyy-MM-dd HH:mm:ss.SSSSSS',
      zone: 'UTC',
      ...MINUTE,
      ...NOISE,
    },
  },
  {
    files: /^crypto-bars\/flox_.*_1m\.csv$/,
    zone: 'UTC',
    priceDecimals: 8,
    quantityDecimals: 8,
    format: { kind: 'bars', columns: { time: 'timestamp', ...OHLCV }, timeFormat: 'epoch-ms', ...MINUTE },
  },
  {
    files: /^daily-hourly-misc\/GOOG\.csv$/,
    zone: NEW_YORK,
    priceDecimals: 2,
    quantityDecimals: 0,
    format: { kind: 'bars', columns: { time: 1, ...TITLED }, timeFormat: 'iso', zone: NEW_YORK, ...DAILY },
  },
  {
    files: /^daily-hourly-misc\/EURUSD\.csv$/,
    zone: 'UTC',
    priceDecimals: 5,
    quantityDecimals: 0,
    format: { kind: 'bars', columns: { time: 1, ...TITLED }, timeFormat: 'iso', zone: 'UTC', stamp: 'open', every: '1h' },
  },
  {
    files: /^daily-hourly-misc\/BTCUSD\.csv$/,
    zone: 'UTC',
    priceDecimals: 2,
    quantityDecimals: 8,
    stampOf: (close) => close - DAY_US,
    format: { kind: 'bars', columns: { time: 1, ...TITLED }, timeFormat: 'iso', zone: 'UTC', stamp: 'close', every: '1M', ...NOISE },
  },
  {
    files: /^futures-bars\/6EH4.*\.csv\.gz$/,
    zone: 'UTC',
    priceDecimals: 5,
    quantityDecimals: 0,
    format: { kind: 'bars', columns: { time: 'timestamp_utc', ...OHLCV }, timeFormat: 'iso', zone: 'UTC', ...MINUTE },
  },
  {
    files: /^fx-bars\/fxcm_.*-m1-(bid|ask)-\d+\.csv$/,
    zone: 'UTC',
    priceDecimals: 5,
    quantityDecimals: 0,
    format: {
      kind: 'bars',
      columns: { time: 'timestamp', open: 'open', high: 'high', low: 'low', close: 'close' },
      volume: 'absent',
      timeFormat: 'iso',
      ...MINUTE,
    },
  },
];

/** Rows of ticks that a file writes as bars. */
const TICK_FILE = 'backtrader/ticksample.csv';
const isCsv = (path: string): boolean => /\.(csv|txt|csv\.gz)$/.test(path) && !path.startsWith('lean/');
const csvBarFiles = Object.keys(expected).filter((path) => isCsv(path) && 'sum_close' in expected[path]!);

describe.skipIf(!isThere)(`shared CSV files agree with expected.json${WHY}`, () => {
  it('every CSV bar file has a description', () => {
    expect(csvBarFiles.filter((path) => path !== TICK_FILE && !BAR_CASES.some(({ files }) => files.test(path)))).toEqual([]);
    expect(csvBarFiles.length).toBe(21);
  });

  for (const path of csvBarFiles.filter((each) => each !== TICK_FILE)) {
    it(`${path} has the rows, times, prices and sums of expected.json`, () => {
      const { format, priceDecimals, quantityDecimals, zone, stampOf } = BAR_CASES.find(({ files }) => files.test(path))!;
      const reader = openCsvBars({ path: ROOT + path, format, instrument: testInstrument(priceDecimals, quantityDecimals) });
      const stamps = new Float64Array(8192);
      const facts = factsOf(() => {
        const block = reader.next();
        if (block === null) return null;
        for (let r = 0; r < block.length; r += 1) stamps[r] = stampOf === undefined ? block.tsOpen[r]! : stampOf(block.tsEvent[r]!);
        return {
          ts: stamps,
          length: block.length,
          open: block.open,
          high: block.high,
          low: block.low,
          close: block.close,
          volume: block.volume,
        };
      });
      const want = expected[path]!;
      expectBars(path, facts, want, priceDecimals);
      expect(clockText(facts.firstTs, zone)).toBe(expectedText(String(want['first_time'])));
      expect(clockText(facts.lastTs, zone)).toBe(expectedText(String(want['last_time'])));
      if (want['sum_volume'] !== undefined)
        expectVolume(path, facts.sumVolume, want['sum_volume'], quantityDecimals, reader.counters.rounded);
      expect(reader.counters.skipped).toBe(0);
    });
  }

  it('a tick file written as bars loads as trades, repeated times and all', () => {
    const want = expected[TICK_FILE]!;
    const reader = openCsvTrades({
      path: ROOT + TICK_FILE,
      instrument: testInstrument(2, 0),
      format: { kind: 'trades', columns: { time: 'Datetime', price: 'Close', quantity: 'Volume' }, timeFormat: 'iso', zone: BERLIN },
    });
    const facts = factsOf(() => {
      const block = reader.next();
      return block === null
        ? null
        : {
            ts: block.tsEvent,
            length: block.length,
            open: block.price,
            high: block.price,
            low: block.price,
            close: block.price,
            volume: block.quantity,
          };
    });
    expectBars(TICK_FILE, facts, want, 2);
    expect(facts.sumVolume).toBe(decimal(want['sum_volume'], 0));
    expect(clockText(facts.firstTs, BERLIN)).toBe('20150923205742146');
    expect(clockText(facts.lastTs, BERLIN)).toBe('20150923210000238');
  });

  it('trade files (Kraken, BitMEX by Tardis) have the rows, ranges and sums of expected.json', () => {
    const kraken = 'freqtrade/kraken/trades_csv/BCHEUR.csv';
    const first = openCsvTrades({
      path: ROOT + kraken,
      instrument: testInstrument(6, 8),
      format: { kind: 'trades', header: false, columns: { time: 1, price: 2, quantity: 3 }, timeFormat: 'epoch-s' },
    }).next()!;
    expect(first.length).toBe(148);
    expect([first.tsEvent[0], first.tsEvent[147]]).toEqual([1672531436e6, 1672615187e6]);
    expect(first.quantity.subarray(0, 148).reduce((sum, quantity) => sum + BigInt(quantity), 0n)).toBe(decimal('426.64478477', 8));
    const bitmex = openCsvTrades({
      path: `${ROOT}tardis-samples/bitmex_trades_XBTUSD.csv`,
      instrument: testInstrument(1, 0),
      format: {
        kind: 'trades',
        columns: { time: 'local_timestamp', price: 'price', quantity: 'amount', side: 'side', tradeId: 'id', symbol: 'symbol' },
        timeFormat: 'epoch-us',
        symbol: { text: 'XBTUSD' },
      },
    }).next()!;
    expect([bitmex.length, bitmex.price[0], bitmex.aggressorSide[0]]).toEqual([10, 85315, -1]);
    expect(bitmex.quantity.subarray(0, 10).reduce((sum, quantity) => sum + quantity, 0)).toBe(2161);
  });

  it('quote files (TrueFX, HistData, Tardis) have the rows, times, ranges and sums of expected.json', () => {
    const cases = [
      {
        path: 'fx-ticks/truefx_usdjpy-ticks.csv',
        decimals: 3,
        zone: 'UTC',
        format: { kind: 'quotes', columns: { time: 'timestamp', bid: 'bid', ask: 'ask' }, timeFormat: 'iso' },
      },
      {
        path: 'fx-ticks/quote_tick_data.csv',
        decimals: 6,
        zone: '-05:00',
        format: { kind: 'quotes', header: false, columns: { time: 1, bid: 2, ask: 3 }, timeFormat: 'yyyyMMdd HHmmssSSS', zone: '-05:00' },
      },
    ] as const;
    for (const { path, decimals, format, zone } of cases) {
      const reader = openCsvQuotes({ path: ROOT + path, format, instrument: testInstrument(decimals, 0) });
      const asks = { sum: 0n };
      const facts = factsOf(() => {
        const block = reader.next();
        if (block === null) return null;
        for (let r = 0; r < block.length; r += 1) asks.sum += BigInt(block.askPrice[r]!);
        return {
          ts: block.tsEvent,
          length: block.length,
          open: block.bidPrice,
          high: block.askPrice,
          low: block.bidPrice,
          close: block.bidPrice,
          volume: block.bidSize,
        };
      });
      const want = expected[path]!;
      expect([path, facts.rows, facts.sumClose, asks.sum]).toEqual([
        path,
        want['rows'],
        decimal(want['sum_bid'], decimals),
        decimal(want['sum_ask'], decimals),
      ]);
      expect([BigInt(facts.low), BigInt(facts.high)]).toEqual([decimal(want['min_bid'], decimals), decimal(want['max_ask'], decimals)]);
      expect([clockText(facts.firstTs, zone), clockText(facts.lastTs, zone)]).toEqual([
        expectedText(String(want['first_time'])),
        expectedText(String(want['last_time'])),
      ]);
    }
  });

  it('FXCM bid and ask files join into quote bars with equal stamps', () => {
    for (const pair of ['gbpusd-m1-#-2012', 'usdjpy-m1-#-2013']) {
      const path = (side: string): string => `fx-bars/fxcm_${pair.replace('#', side)}.csv`;
      const { format } = BAR_CASES.at(-1)!;
      const reader = new QuoteBarPairReader({
        bidPath: ROOT + path('bid'),
        askPath: ROOT + path('ask'),
        format,
        instrument: testInstrument(5, 0),
      });
      let bid = 0n;
      let ask = 0n;
      let rows = 0;
      for (let block = reader.next(); block !== null; block = reader.next()) {
        for (let r = 0; r < block.length; r += 1) {
          bid += BigInt(block.bidClose[r]!);
          ask += BigInt(block.askClose[r]!);
        }
        rows += block.length;
      }
      expect([rows, bid, ask]).toEqual([
        expected[path('bid')]!['rows'],
        decimal(expected[path('bid')]!['sum_close'], 5),
        decimal(expected[path('ask')]!['sum_close'], 5),
      ]);
    }
  });
});
