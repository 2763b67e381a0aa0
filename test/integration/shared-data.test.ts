import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { CsvFormat } from '../../src/adapters/files/csv-format.ts';
import { openCsvBars, openCsvQuotes, openCsvTrades } from '../../src/adapters/files/csv-reader.ts';
import {
  leanZone, openLeanBars, openLeanQuoteBars, type LeanOptions, type LeanResolution, type LeanSecurity,
} from '../../src/adapters/files/lean-reader.ts';
import { QuoteBarPairReader } from '../../src/adapters/files/quote-bar-pair.ts';
import { parseBigDecimal } from '../../src/base/decimal.ts';
import { makeCurrency } from '../../src/model/currency.ts';
import { makeInstrument, type Instrument } from '../../src/model/instrument.ts';

/**
 * Every CSV and LEAN bar file of the shared data set is loaded and held against expected.json, which other software computed.
 * A bar file without a description here fails the test.
 */
const ROOT = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const isThere = existsSync(`${ROOT}expected.json`);
const expected: Readonly<Record<string, Readonly<Record<string, unknown>>>> = isThere
  ? (JSON.parse(readFileSync(`${ROOT}expected.json`, 'utf8').replaceAll(/: NaN\b/g, ': null')) as { files: Record<string, Record<string, unknown>> }).files
  : {};
const WHY = isThere ? '' : ' (skipped: ../shared/data is absent)';

function instrumentOf(priceDecimals: number, quantityDecimals: number): Instrument {
  const quote = makeCurrency('USD', priceDecimals + quantityDecimals);
  return makeInstrument({
    id: 'X-USD.TEST', kind: 'SPOT', base: makeCurrency('X'), quote, settlement: quote, priceDecimals, quantityDecimals, priceIncrement: 1, lotSize: 1,
    quantityMin: 0, quantityMax: 0, notionalMin: 0n, multiplier: 1, multiplierDecimals: 0, calendar: null, expiryTs: null,
  }, 0);
}

function decimal(text: unknown, decimals: number): bigint {
  const count = parseBigDecimal(String(text), decimals);
  if (typeof count !== 'bigint') throw new Error(`${String(text)} at ${decimals} decimals: ${count}`);
  return count;
}

/** Clock time of an instant in a zone as `yyyyMMddHHmmssSSS`, through Intl: the opposite direction of what the loader computes. */
const formats = new Map<string, Intl.DateTimeFormat>();
function clockText(us: number, zone: string): string {
  const ms = Math.floor(us / 1000);
  if (/^[+-]/.test(zone)) return clockText(us + (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4))) * 6e7, 'UTC');
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3,
  });
  formats.set(zone, format);
  return format.format(ms).replace(/\D/g, '').padEnd(17, '0');
}

/** The same shape from a time as expected.json has it. */
function expectedText(text: string): string {
  if (/^\d{10}$/.test(text)) return clockText(Number(text) * 1e6, 'UTC');
  if (/^\d{13}$/.test(text)) return clockText(Number(text) * 1e3, 'UTC');
  return text.replace(/\+00:00$/, '').replace(/\D/g, '').padEnd(17, '0').slice(0, 17);
}

interface Facts {
  rows: number;
  firstTs: number;
  lastTs: number;
  firstOpen: number;
  lastClose: number;
  low: number;
  high: number;
  sumClose: bigint;
  sumVolume: bigint;
}

interface Rows {
  readonly length: number;
  readonly ts: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

/** Sums in a bigint per block: a block of prices stays below 2^53 (8192 × 10^12), volumes are added one by one. */
function factsOf(next: () => Rows | null): Facts {
  const facts: Facts = { rows: 0, firstTs: 0, lastTs: 0, firstOpen: 0, lastClose: 0, low: Infinity, high: 0, sumClose: 0n, sumVolume: 0n };
  for (let rows = next(); rows !== null; rows = next()) {
    if (facts.rows === 0) {
      facts.firstTs = rows.ts[0]!;
      facts.firstOpen = rows.open[0]!;
    }
    for (let r = 0; r < rows.length; r += 1) {
      if (rows.low[r]! > 0) facts.low = Math.min(facts.low, rows.low[r]!);
      facts.high = Math.max(facts.high, rows.high[r]!);
      facts.sumClose += BigInt(rows.close[r]!);
      facts.sumVolume += BigInt(rows.volume[r]!);
    }
    facts.rows += rows.length;
    facts.lastTs = rows.ts[rows.length - 1]!;
    facts.lastClose = rows.close[rows.length - 1]!;
  }
  return facts;
}

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
  { files: /^backtrader\/(2005-2006|2006|2006-volume)-day-001\.txt$/, zone: BERLIN, priceDecimals: 2, quantityDecimals: 0,
    format: { kind: 'bars', columns: { time: 'Date', ...TITLED }, timeFormat: 'iso', zone: BERLIN, ...DAILY } },
  { files: /^backtrader\/2006-week-001\.txt$/, zone: BERLIN, priceDecimals: 2, quantityDecimals: 0, stampOf: (close) => close - DAY_US,
    format: { kind: 'bars', columns: { time: 'Date', ...TITLED }, timeFormat: 'yyyy-MM-dd', zone: BERLIN, stamp: 'close', every: '1w' } },
  { files: /^backtrader\/2006-01-02-volume-min-001\.txt$/, zone: BERLIN, priceDecimals: 2, quantityDecimals: 0, stampOf: (close) => close,
    format: {
      kind: 'bars', columns: { date: 1, timeOfDay: 2, open: 3, high: 4, low: 5, close: 6, volume: 7 },
      timeFormat: 'yyyy-MM-dd', timeOfDayFormat: 'HH:mm:ss', zone: BERLIN, stamp: 'close', every: '1m',
    } },
  { files: /^backtrader\/(nvda|yhoo)-.*\.txt$/, zone: NEW_YORK, priceDecimals: 6, quantityDecimals: 0,
    format: { kind: 'bars', columns: { time: 'Date', ...TITLED }, timeFormat: 'iso', zone: NEW_YORK, ...DAILY } },
  { files: /^crypto-bars\/bitfinex_btcusd_1m_\d+\.csv\.gz$/, zone: 'UTC', priceDecimals: 8, quantityDecimals: 8,
    format: { kind: 'bars', header: false, columns: { time: 1, open: 2, close: 3, high: 4, low: 5, volume: 6 }, timeFormat: 'epoch-ms', ...MINUTE } },
  { files: /^crypto-bars\/btc-perp-.*_1m\.csv$/, zone: 'UTC', priceDecimals: 3, quantityDecimals: 7,
    format: { kind: 'bars', columns: { time: 'timestamp', ...OHLCV }, timeFormat: 'yyyy-MM-dd HH:mm:ss.SSSSSS', zone: 'UTC', ...MINUTE, ...NOISE } },
  { files: /^crypto-bars\/flox_.*_1m\.csv$/, zone: 'UTC', priceDecimals: 8, quantityDecimals: 8,
    format: { kind: 'bars', columns: { time: 'timestamp', ...OHLCV }, timeFormat: 'epoch-ms', ...MINUTE } },
  { files: /^daily-hourly-misc\/GOOG\.csv$/, zone: NEW_YORK, priceDecimals: 2, quantityDecimals: 0,
    format: { kind: 'bars', columns: { time: 1, ...TITLED }, timeFormat: 'iso', zone: NEW_YORK, ...DAILY } },
  { files: /^daily-hourly-misc\/EURUSD\.csv$/, zone: 'UTC', priceDecimals: 5, quantityDecimals: 0,
    format: { kind: 'bars', columns: { time: 1, ...TITLED }, timeFormat: 'iso', zone: 'UTC', stamp: 'open', every: '1h' } },
  { files: /^daily-hourly-misc\/BTCUSD\.csv$/, zone: 'UTC', priceDecimals: 2, quantityDecimals: 8, stampOf: (close) => close - DAY_US,
    format: { kind: 'bars', columns: { time: 1, ...TITLED }, timeFormat: 'iso', zone: 'UTC', stamp: 'close', every: '1M', ...NOISE } },
  { files: /^futures-bars\/6EH4.*\.csv\.gz$/, zone: 'UTC', priceDecimals: 5, quantityDecimals: 0,
    format: { kind: 'bars', columns: { time: 'timestamp_utc', ...OHLCV }, timeFormat: 'iso', zone: 'UTC', ...MINUTE } },
  { files: /^fx-bars\/fxcm_.*-m1-(bid|ask)-\d+\.csv$/, zone: 'UTC', priceDecimals: 5, quantityDecimals: 0,
    format: { kind: 'bars', columns: { time: 'timestamp', open: 'open', high: 'high', low: 'low', close: 'close' }, volume: 'absent', timeFormat: 'iso', ...MINUTE } },
];

/** Rows of ticks that a file writes as bars. */
const TICK_FILE = 'backtrader/ticksample.csv';
const isCsv = (path: string): boolean => /\.(csv|txt|csv\.gz)$/.test(path) && !path.startsWith('lean/');
const csvBarFiles = Object.keys(expected).filter((path) => isCsv(path) && 'sum_close' in expected[path]!);

function expectBars(path: string, facts: Facts, want: Readonly<Record<string, unknown>>, priceDecimals: number): void {
  expect([path, facts.rows]).toEqual([path, want['rows']]);
  expect([path, BigInt(facts.firstOpen)]).toEqual([path, decimal(want['first_open'], priceDecimals)]);
  expect([path, BigInt(facts.lastClose)]).toEqual([path, decimal(want['last_close'], priceDecimals)]);
  expect([path, BigInt(facts.low)]).toEqual([path, decimal(want['min_low'], priceDecimals)]);
  expect([path, BigInt(facts.high)]).toEqual([path, decimal(want['max_high'], priceDecimals)]);
  expect([path, facts.sumClose]).toEqual([path, decimal(want['sum_close'], priceDecimals)]);
}

/** Exact, or within half an increment per rounded value. `want` has more decimals than the instrument where values were rounded. */
function expectVolume(path: string, sum: bigint, want: unknown, quantityDecimals: number, rounded: number): void {
  const exact = decimal(want, quantityDecimals + 12);
  const offBy = sum * 10n ** 12n - exact;
  expect([path, offBy <= BigInt(rounded) * 10n ** 12n / 2n && -offBy <= BigInt(rounded) * 10n ** 12n / 2n]).toEqual([path, true]);
}

describe.skipIf(!isThere)(`shared CSV files agree with expected.json${WHY}`, () => {
  it('every CSV bar file has a description', () => {
    expect(csvBarFiles.filter((path) => path !== TICK_FILE && !BAR_CASES.some(({ files }) => files.test(path)))).toEqual([]);
    expect(csvBarFiles.length).toBe(21);
  });

  for (const path of csvBarFiles.filter((each) => each !== TICK_FILE)) {
    it(`${path} has the rows, times, prices and sums of expected.json`, () => {
      const { format, priceDecimals, quantityDecimals, zone, stampOf } = BAR_CASES.find(({ files }) => files.test(path))!;
      const reader = openCsvBars({ path: ROOT + path, format, instrument: instrumentOf(priceDecimals, quantityDecimals) });
      const stamps = new Float64Array(8192);
      const facts = factsOf(() => {
        const block = reader.next();
        if (block === null) return null;
        for (let r = 0; r < block.length; r += 1) stamps[r] = stampOf === undefined ? block.tsOpen[r]! : stampOf(block.tsEvent[r]!);
        return { ts: stamps, length: block.length, open: block.open, high: block.high, low: block.low, close: block.close, volume: block.volume };
      });
      const want = expected[path]!;
      expectBars(path, facts, want, priceDecimals);
      expect(clockText(facts.firstTs, zone)).toBe(expectedText(String(want['first_time'])));
      expect(clockText(facts.lastTs, zone)).toBe(expectedText(String(want['last_time'])));
      if (want['sum_volume'] !== undefined) expectVolume(path, facts.sumVolume, want['sum_volume'], quantityDecimals, reader.counters.rounded);
      expect(reader.counters.skipped).toBe(0);
    });
  }

  it('a tick file written as bars loads as trades, repeated times and all', () => {
    const want = expected[TICK_FILE]!;
    const reader = openCsvTrades({
      path: ROOT + TICK_FILE, instrument: instrumentOf(2, 0),
      format: { kind: 'trades', columns: { time: 'Datetime', price: 'Close', quantity: 'Volume' }, timeFormat: 'iso', zone: BERLIN },
    });
    const facts = factsOf(() => {
      const block = reader.next();
      return block === null ? null : { ts: block.tsEvent, length: block.length, open: block.price, high: block.price, low: block.price, close: block.price, volume: block.quantity };
    });
    expectBars(TICK_FILE, facts, want, 2);
    expect(facts.sumVolume).toBe(decimal(want['sum_volume'], 0));
    expect(clockText(facts.firstTs, BERLIN)).toBe('20150923205742146');
    expect(clockText(facts.lastTs, BERLIN)).toBe('20150923210000238');
  });

  it('trade files (Kraken, BitMEX by Tardis) have the rows, ranges and sums of expected.json', () => {
    const kraken = 'freqtrade/kraken/trades_csv/BCHEUR.csv';
    const first = openCsvTrades({
      path: ROOT + kraken, instrument: instrumentOf(6, 8),
      format: { kind: 'trades', header: false, columns: { time: 1, price: 2, quantity: 3 }, timeFormat: 'epoch-s' },
    }).next()!;
    expect(first.length).toBe(148);
    expect([first.tsEvent[0], first.tsEvent[147]]).toEqual([1672531436e6, 1672615187e6]);
    expect(first.quantity.subarray(0, 148).reduce((sum, quantity) => sum + BigInt(quantity), 0n)).toBe(decimal('426.64478477', 8));
    const bitmex = openCsvTrades({
      path: `${ROOT}tardis-samples/bitmex_trades_XBTUSD.csv`, instrument: instrumentOf(1, 0),
      format: {
        kind: 'trades', columns: { time: 'local_timestamp', price: 'price', quantity: 'amount', side: 'side', tradeId: 'id', symbol: 'symbol' },
        timeFormat: 'epoch-us', symbol: { text: 'XBTUSD' },
      },
    }).next()!;
    expect([bitmex.length, bitmex.price[0], bitmex.aggressorSide[0]]).toEqual([10, 85315, -1]);
    expect(bitmex.quantity.subarray(0, 10).reduce((sum, quantity) => sum + quantity, 0)).toBe(2161);
  });

  it('quote files (TrueFX, HistData, Tardis) have the rows, times, ranges and sums of expected.json', () => {
    const cases = [
      { path: 'fx-ticks/truefx_usdjpy-ticks.csv', decimals: 3, zone: 'UTC',
        format: { kind: 'quotes', columns: { time: 'timestamp', bid: 'bid', ask: 'ask' }, timeFormat: 'iso' } },
      { path: 'fx-ticks/quote_tick_data.csv', decimals: 6, zone: '-05:00',
        format: { kind: 'quotes', header: false, columns: { time: 1, bid: 2, ask: 3 }, timeFormat: 'yyyyMMdd HHmmssSSS', zone: '-05:00' } },
    ] as const;
    for (const { path, decimals, format, zone } of cases) {
      const reader = openCsvQuotes({ path: ROOT + path, format, instrument: instrumentOf(decimals, 0) });
      const asks = { sum: 0n };
      const facts = factsOf(() => {
        const block = reader.next();
        if (block === null) return null;
        for (let r = 0; r < block.length; r += 1) asks.sum += BigInt(block.askPrice[r]!);
        return { ts: block.tsEvent, length: block.length, open: block.bidPrice, high: block.askPrice, low: block.bidPrice, close: block.bidPrice, volume: block.bidSize };
      });
      const want = expected[path]!;
      expect([path, facts.rows, facts.sumClose, asks.sum]).toEqual([path, want['rows'], decimal(want['sum_bid'], decimals), decimal(want['sum_ask'], decimals)]);
      expect([BigInt(facts.low), BigInt(facts.high)]).toEqual([decimal(want['min_bid'], decimals), decimal(want['max_ask'], decimals)]);
      expect([clockText(facts.firstTs, zone), clockText(facts.lastTs, zone)])
        .toEqual([expectedText(String(want['first_time'])), expectedText(String(want['last_time']))]);
    }
  });

  it('FXCM bid and ask files join into quote bars with equal stamps', () => {
    for (const pair of ['gbpusd-m1-#-2012', 'usdjpy-m1-#-2013']) {
      const path = (side: string): string => `fx-bars/fxcm_${pair.replace('#', side)}.csv`;
      const { format } = BAR_CASES.at(-1)!;
      const reader = new QuoteBarPairReader({ bidPath: ROOT + path('bid'), askPath: ROOT + path('ask'), format, instrument: instrumentOf(5, 0) });
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
        expected[path('bid')]!['rows'], decimal(expected[path('bid')]!['sum_close'], 5), decimal(expected[path('ask')]!['sum_close'], 5),
      ]);
    }
  });
});

interface LeanCase {
  readonly path: string;
  readonly member: string;
  readonly want: Readonly<Record<string, unknown>>;
}

/** Bar files: everything but ticks and open interest. */
const leanCases: readonly LeanCase[] = Object.keys(expected)
  .filter((path) => path.startsWith('lean/') && path.endsWith('.zip') && !path.includes('/tick/') && !path.includes('openinterest'))
  .flatMap((path) => Object.entries(expected[path]!['members'] as Record<string, Record<string, unknown>>).map(([member, want]) => ({ path, member, want })));

const LEAN_DECIMALS: Readonly<Record<LeanSecurity, readonly [number, number]>> = {
  equity: [4, 0], forex: [5, 0], cfd: [3, 0], crypto: [8, 8], cryptofuture: [4, 4], future: [2, 0],
};

function leanOptions({ path, member }: LeanCase): LeanOptions & { readonly kind: 'trade' | 'quote'; readonly zone: string } {
  const [, security, market, resolution, ...rest] = path.split('/') as [string, LeanSecurity, string, LeanResolution, ...string[]];
  const name = rest.at(-1)!.replace('.zip', '');
  const isIntraday = rest.length === 2;
  const [stem, kind] = isIntraday ? [rest[0]!, name.slice(9)] : name.split('_');
  const [priceDecimals, quantityDecimals] = LEAN_DECIMALS[security];
  return {
    root: `${ROOT}lean`, security, market, resolution, symbol: stem!, member,
    kind: (kind ?? (security === 'equity' ? 'trade' : 'quote')) as 'trade' | 'quote',
    zone: leanZone(security, market),
    instrument: instrumentOf(priceDecimals, quantityDecimals),
    ...(isIntraday ? { fromDate: name.slice(0, 8), toDate: name.slice(0, 8) } : {}),
    ...(security === 'crypto' ? NOISE : {}),
  };
}

function expectLeanTimes(where: string, facts: Facts, want: Readonly<Record<string, unknown>>, zone: string, date: string | undefined): void {
  const text = (time: unknown): string => {
    if (date === undefined) return expectedText(String(time));
    const ms = Number(time);
    const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
    return `${date}${two(ms / 3_600_000)}${two((ms / 60_000) % 60)}${two((ms / 1000) % 60)}${String(ms % 1000).padStart(3, '0')}`;
  };
  expect([where, clockText(facts.firstTs, zone), clockText(facts.lastTs, zone)]).toEqual([where, text(want['first_time']), text(want['last_time'])]);
}

describe.skipIf(!isThere)(`shared LEAN bar files agree with expected.json${WHY}`, () => {
  const families = new Map<string, LeanCase[]>();
  for (const each of leanCases) {
    const family = each.path.split('/').slice(1, 4).join('/');
    families.set(family, [...(families.get(family) ?? []), each]);
  }

  it('all 212 bar zips are among the cases', () => {
    expect(new Set(leanCases.map(({ path }) => path)).size).toBe(212);
  });

  for (const [family, cases] of families) {
    it(`${family}: every member of every zip has the rows, times, prices and sums of expected.json`, () => {
      for (const each of cases) {
        const options = leanOptions(each);
        const { want } = each;
        const where = `${each.path}/${each.member}`;
        const decimals = options.instrument.priceDecimals;
        // expected.json has equity prices as the file has them, in 1/10000.
        const counted = options.security === 'equity' ? 0 : decimals;
        if (options.kind === 'trade') {
          const reader = openLeanBars(options);
          const facts = factsOf(() => {
            const block = reader.next();
            return block === null ? null : { ...block, ts: block.tsOpen };
          });
          expectBars(where, facts, want, counted);
          expectVolume(where, facts.sumVolume, want['sum_volume'], options.instrument.quantityDecimals, 0);
          expectLeanTimes(where, facts, want, options.zone, options.fromDate);
        } else {
          const reader = openLeanQuoteBars(options);
          let askSum = 0n;
          let empty = 0;
          const facts = factsOf(() => {
            const block = reader.next();
            if (block === null) return null;
            for (let r = 0; r < block.length; r += 1) {
              askSum += BigInt(block.askClose[r]!);
              if (block.askOpen[r] === 0 || block.bidOpen[r] === 0) empty += 1;
            }
            return { ts: block.tsOpen, length: block.length, open: block.bidOpen, high: block.askHigh, low: block.bidLow, close: block.bidClose, volume: block.bidSize };
          });
          expect([where, facts.rows, facts.sumClose, askSum, empty]).toEqual([
            where, want['rows'], decimal(want['sum_bid_close'], counted), decimal(want['sum_ask_close'], counted), want['rows_with_empty_side'],
          ]);
          expect([where, BigInt(facts.low), BigInt(facts.high)]).toEqual([where, decimal(want['min_bid_low'], counted), decimal(want['max_ask_high'], counted)]);
          expectLeanTimes(where, facts, want, options.zone, options.fromDate);
        }
      }
    });
  }
});
