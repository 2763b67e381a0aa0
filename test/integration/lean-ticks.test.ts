import { describe, expect, it } from 'vitest';
import { testInstrument } from '../files-kit.ts';
import { clockText, decimal, expected, isThere, ROOT, WHY } from '../shared-data-kit.ts';
import type { BarBlock, QuoteBarBlock } from '../../src/model/blocks.ts';
import { openByteSource } from '../../src/adapters/files/byte-source.ts';
import { openLeanBars, openLeanQuoteBars } from '../../src/adapters/files/lean-reader.ts';
import { openLeanTicks, type OpenLeanTicksOptions } from '../../src/adapters/files/recordings/lean-ticks.ts';
import { drain, QUOTES, quotesOf, type QuoteRow, TRADES, tradesOf } from '../../src/adapters/files/recordings/recorded-rows.fixture.ts';
import type { RecordingReader } from '../../src/adapters/files/recordings/recording-reader.ts';

const LEAN = `${ROOT}lean`;
const MINUTE_US = 60_000_000;

interface MemberFacts {
  readonly rows: number;
  readonly first_time: string;
  readonly last_time: string;
  readonly [fact: string]: unknown;
}

function factsOf(path: string): MemberFacts {
  return Object.values(expected[path]!['members'] as Record<string, MemberFacts>)[0]!;
}

/** Milliseconds since midnight, as the clock shows them on a day. */
function clockOf(day: string, ms: string): string {
  return day + new Date(Number(ms)).toISOString().slice(11, 23).replace(/\D/g, '');
}

function equity(
  symbol: string,
  day: string,
  kind: OpenLeanTicksOptions['kind'],
  extra: Partial<OpenLeanTicksOptions> = {},
): RecordingReader {
  const days = { fromDate: day, toDate: day };
  return openLeanTicks({ root: LEAN, security: 'equity', market: 'usa', symbol, ...days, kind, instrument: testInstrument(4), ...extra });
}

function forex(market: string, day: string): RecordingReader {
  const days = { fromDate: day, toDate: day };
  return openLeanTicks({ root: LEAN, security: 'forex', market, symbol: 'eurusd', ...days, kind: QUOTES, instrument: testInstrument(5) });
}

/** The cells of a zip's only member. */
function cells(path: string): readonly (readonly string[])[] {
  const source = openByteSource(`${ROOT}${path}`);
  return Buffer.from(source.tail(source.bytes))
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.split(','));
}

/**
 * The quotes of a file, from nothing but its rows: at the end of each change (an ask right after a bid of the same time belongs to it) the newest
 * bid and the newest ask are looked for, from there backwards.
 */
function slowQuotes(rows: readonly (readonly string[])[]): readonly (readonly number[])[] {
  const numbers = rows.map((row) => row.map((cell, n) => (n < 5 || n === 7 ? Number(cell) : 0)));
  const quotes: (readonly number[])[] = [];
  let told = '0,0,0,0';
  numbers.forEach((row, at) => {
    const next = numbers[at + 1];
    if (row[1]! > 0 && next !== undefined && next[1] === 0 && next[0] === row[0]) return;
    let bid = at;
    while (bid >= 0 && (numbers[bid]![1] === 0 || numbers[bid]![7] === 1)) bid -= 1;
    let ask = at;
    while (ask >= 0 && (numbers[ask]![3] === 0 || numbers[ask]![7] === 1)) ask -= 1;
    const values = [numbers[bid]?.[1] ?? 0, numbers[ask]?.[3] ?? 0, numbers[bid]?.[2] ?? 0, numbers[ask]?.[4] ?? 0];
    if (values.join() === told) return;
    told = values.join();
    quotes.push([row[0]!, ...values]);
  });
  return quotes;
}

const QUOTE_DAYS = [
  ['ibm', '20131007'],
  ['ibm', '20131008'],
  ['ibm', '20131009'],
  ['ibm', '20131010'],
  ['ibm', '20131011'],
  ['bac', '20131008'],
] as const;
const TRADE_DAYS = [...QUOTE_DAYS, ['spy', '20131007'], ['spy', '20131008']] as const;

describe.skipIf(!isThere)(`LEAN ticks of equities${WHY}`, () => {
  it.each(TRADE_DAYS)('trades of %s on %s: rows, times, prices, volume and exchanges', (symbol, day) => {
    const facts = factsOf(`lean/equity/usa/tick/${symbol}/${day}_trade.zip`);
    const reader = equity(symbol, day, TRADES);
    const rows = tradesOf(reader);
    expect(rows.length).toBe(facts.rows);
    expect([rows[0]!, rows.at(-1)!].map(({ tsInit }) => clockText(tsInit, 'America/New_York'))).toEqual([
      clockOf(day, facts.first_time),
      clockOf(day, facts.last_time),
    ]);
    const prices = rows.map(({ price }) => price);
    expect(prices.reduce((a, b) => Math.min(a, b))).toBe(Number(facts['min_price']));
    expect(prices.reduce((a, b) => Math.max(a, b))).toBe(Number(facts['max_price']));
    expect(rows.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(Number(facts['sum_volume']));
    expect(reader.counters.filtered).toBe(facts['suspicious_rows']);
    expect(rows.every(({ tsEvent, tsInit, aggressorSide }) => tsEvent === tsInit && aggressorSide === 0)).toBe(true);
    if (symbol === 'spy') return;
    for (const [exchange, count] of Object.entries(facts['rows_by_exchange'] as Record<string, number>)) {
      const one = equity(symbol, day, TRADES, { exchange });
      expect([exchange, drain(one), one.counters.filtered]).toEqual([exchange, count, facts.rows - count]);
    }
  });

  it.each(QUOTE_DAYS)('quotes of %s on %s: each change of the newest bid and ask, as a slower reader has it', (symbol, day) => {
    const path = `lean/equity/usa/tick/${symbol}/${day}_quote.zip`;
    const facts = factsOf(path);
    const raw = cells(path);
    const byExchange: Record<string, number> = {};
    for (const row of raw) byExchange[row[5]!] = (byExchange[row[5]!] ?? 0) + 1;
    expect([raw.length, raw.filter((row) => row[1] !== '0').length, raw.filter((row) => row[3] !== '0').length, byExchange]).toEqual([
      facts.rows,
      facts['bid_rows'],
      facts['ask_rows'],
      facts['rows_by_exchange'],
    ]);

    const reader = equity(symbol, day, QUOTES);
    const rows = quotesOf(reader);
    expect(clockText(rows[0]!.tsInit, 'America/New_York')).toBe(clockOf(day, facts.first_time));
    expect(reader.counters.filtered).toBe(facts['suspicious_rows']);
    expect(rows.map(({ bidPrice }) => bidPrice).reduce((a, b) => Math.max(a, b))).toBe(Number(facts['max_nonsuspicious_bid']));
    const asks = rows.map(({ askPrice }) => askPrice).filter((price) => price !== 0);
    expect(asks.reduce((a, b) => Math.min(a, b))).toBe(Number(facts['min_nonsuspicious_ask']));
    const midnight = Date.parse(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T04:00:00Z`);
    const told = rows.map((row) => [row.tsInit / 1000 - midnight, row.bidPrice, row.askPrice, row.bidSize, row.askSize].join());
    const slow = slowQuotes(raw).map((quote) => quote.join());
    const differs = told.findIndex((quote, at) => quote !== slow[at]);
    expect([told.length, differs, told[differs]]).toEqual([slow.length, -1, undefined]);
  });

  it.each(QUOTE_DAYS)('quotes of %s on %s close all 390 minutes as the minute bars of LEAN do', (symbol, day) => {
    const closes = new Map<number, readonly number[]>();
    for (const row of quotesOf(equity(symbol, day, QUOTES))) {
      closes.set(Math.floor(row.tsInit / MINUTE_US) * MINUTE_US, [row.bidPrice, row.askPrice]);
    }
    const minutes = openLeanQuoteBars({
      root: LEAN,
      security: 'equity',
      market: 'usa',
      resolution: 'minute',
      symbol,
      fromDate: day,
      toDate: day,
      instrument: testInstrument(4),
      session: { from: '09:30', to: '16:00', zone: 'America/New_York' },
    });
    const bars: (readonly [number, readonly number[]])[] = [];
    for (let block = minutes.next() as QuoteBarBlock | null; block !== null; block = minutes.next() as QuoteBarBlock | null) {
      for (let row = 0; row < block.length; row += 1) bars.push([block.tsOpen[row]!, [block.bidClose[row]!, block.askClose[row]!]]);
    }
    expect(bars.length).toBe(390);
    expect(bars.filter(([open, close]) => closes.get(open)?.join() !== close.join())).toEqual([]);
  });

  it('trades of SPY on 2013-10-08 have the volume of the minute bars in 389 of 390 regular minutes', () => {
    const volumes = new Map<number, number>();
    for (const { tsInit, quantity } of tradesOf(equity('spy', '20131008', TRADES))) {
      const open = Math.floor(tsInit / MINUTE_US) * MINUTE_US;
      volumes.set(open, (volumes.get(open) ?? 0) + quantity);
    }
    const minutes = openLeanBars({
      root: LEAN,
      security: 'equity',
      market: 'usa',
      resolution: 'minute',
      symbol: 'spy',
      fromDate: '20131008',
      toDate: '20131008',
      instrument: testInstrument(4),
      session: { from: '09:30', to: '16:00', zone: 'America/New_York' },
    });
    const block = minutes.next() as BarBlock;
    expect(block.length).toBe(390);
    expect(Array.from({ length: 390 }, (_, row) => volumes.get(block.tsOpen[row]!) === block.volume[row]).filter(Boolean).length).toBe(389);
  });

  it('days follow each other, and a suspicious quote is kept where that is asked for', () => {
    const both = { fromDate: '20131007', toDate: '20131008' };
    const reader = equity('ibm', '', QUOTES, both);
    const rows = drain(reader);
    const kept = equity('ibm', '', QUOTES, { ...both, suspicious: 'keep' });
    expect(reader.counters.filtered).toBe(2);
    // Each of the two is the last row of its day, and an ask far from the one before.
    expect([drain(kept) - rows, kept.counters.filtered]).toEqual([2, 0]);
  });
});

describe.skipIf(!isThere)(`LEAN ticks of forex${WHY}`, () => {
  const days = ['oanda', 'fxcm'].flatMap((market) => ['20140506', '20140507', '20140508'].map((day) => [market, day] as const));
  const zoneOf = (market: string): string => (market === 'oanda' ? 'UTC' : '-05:00');

  it.each(days)('%s on %s: rows, times, prices and sums', (market, day) => {
    const facts = factsOf(`lean/forex/${market}/tick/eurusd/${day}_quote.zip`);
    const rows = quotesOf(forex(market, day));
    expect(rows.length).toBe(facts.rows);
    expect([rows[0]!, rows.at(-1)!].map(({ tsInit }) => clockText(tsInit, zoneOf(market)))).toEqual([
      clockOf(day, facts.first_time),
      clockOf(day, facts.last_time),
    ]);
    const sum = (key: keyof QuoteRow): bigint => rows.reduce((total, row) => total + BigInt(row[key]), 0n);
    expect([sum('bidPrice'), sum('askPrice')]).toEqual([decimal(facts['sum_bid'], 5), decimal(facts['sum_ask'], 5)]);
    expect(BigInt(rows.reduce((low, row) => Math.min(low, row.bidPrice), Infinity))).toBe(decimal(facts['min_bid'], 5));
    expect(BigInt(rows.reduce((high, row) => Math.max(high, row.askPrice), 0))).toBe(decimal(facts['max_ask'], 5));
    expect(rows.filter((row) => row.bidPrice > row.askPrice).length).toBe(facts['rows_with_bid_gt_ask']);
    expect(rows.filter((row) => row.bidPrice === row.askPrice).length).toBe(facts['rows_with_bid_eq_ask']);
  });

  it.each([
    ['oanda', 1389],
    ['fxcm', 1431],
  ])('ticks of %s on 2014-05-06 make all %i minutes of its minute file', (market, count) => {
    const bars = new Map<number, number[]>();
    for (const { tsInit, bidPrice, askPrice } of quotesOf(forex(market, '20140506'))) {
      const open = Math.floor(tsInit / MINUTE_US) * MINUTE_US;
      const bar = bars.get(open);
      if (bar === undefined) {
        bars.set(open, [bidPrice, bidPrice, bidPrice, bidPrice, askPrice, askPrice, askPrice, askPrice]);
        continue;
      }
      bar[1] = Math.max(bar[1]!, bidPrice);
      bar[2] = Math.min(bar[2]!, bidPrice);
      bar[3] = bidPrice;
      bar[5] = Math.max(bar[5]!, askPrice);
      bar[6] = Math.min(bar[6]!, askPrice);
      bar[7] = askPrice;
    }
    const stored = new Map<number, number[]>();
    const day = { resolution: 'minute', symbol: 'eurusd', fromDate: '20140506', toDate: '20140506' } as const;
    const minutes = openLeanQuoteBars({ root: LEAN, security: 'forex', market, ...day, instrument: testInstrument(5) });
    for (let block = minutes.next() as QuoteBarBlock | null; block !== null; block = minutes.next() as QuoteBarBlock | null) {
      const { bidOpen, bidHigh, bidLow, bidClose, askOpen, askHigh, askLow, askClose } = block;
      const columns = [bidOpen, bidHigh, bidLow, bidClose, askOpen, askHigh, askLow, askClose];
      for (let row = 0; row < block.length; row += 1)
        stored.set(
          block.tsOpen[row]!,
          columns.map((column) => column[row]!),
        );
    }
    expect(stored.size).toBe(count);
    expect(bars).toEqual(stored);
  });
});
