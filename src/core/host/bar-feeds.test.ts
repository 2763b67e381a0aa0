import { describe, expect, it } from 'vitest';
import { TradingCalendar } from '../../model/calendar.ts';
import {
  barsOf,
  backtestOf,
  flatBars,
  futureOf,
  instrumentOf,
  MINUTE,
  quotesOf,
  runAll,
  scripted,
  specificationOf,
  tradesOf,
} from '../../runtime/backtest.fixture.ts';
import { MarketDataCache } from '../market-data/market-data-cache.ts';
import type { BarSource, Strategy } from '../strategy/strategy.ts';
import { StrategyMistake } from '../strategy/strategy-mistake.ts';
import { BarFeeds, BUILT_SERIES_MAX } from './bar-feeds.ts';

const NOBODY = {} as Strategy;

interface Has {
  readonly series?: readonly string[];
  readonly trades?: boolean;
  readonly quotes?: boolean;
}

function feedsOf({ series = [], trades = false, quotes = false }: Has): BarFeeds {
  const instruments = [instrumentOf()];
  return new BarFeeds(
    {
      instruments,
      calendars: [null],
      series: series.map((every) => ({ instrument: 0, specification: specificationOf(every) })),
      hasTrades: () => trades,
      hasQuotes: () => quotes,
    },
    new MarketDataCache(instruments, 16),
  );
}

describe('BarFeeds', () => {
  it('hands out recorded bars by their place in the run, however the length is written', () => {
    const feeds = feedsOf({ series: ['1m', '1h'], trades: true });
    expect(feeds.subscribe(0, '1h', 'auto', NOBODY)).toBe(1);
    expect(feeds.subscribe(0, '60m', 'bars', NOBODY)).toBe(1);
    expect(feeds.subscribers(1)).toEqual([NOBODY]);
    feeds.unsubscribe(1, NOBODY);
    expect(feeds.subscribers(1)).toEqual([]);
  });

  it('builds so many series and no more, subscribed to still or not', () => {
    const feeds = feedsOf({ trades: true });
    for (let step = 1; step <= BUILT_SERIES_MAX; step += 1) feeds.unsubscribe(feeds.subscribe(0, `${step}t`, 'auto', NOBODY), NOBODY);
    expect(feeds.subscribe(0, '7t', 'auto', NOBODY)).toBe(6);
    expect(() => feeds.subscribe(0, `${BUILT_SERIES_MAX + 1}t`, 'auto', NOBODY)).toThrow('BUILT_SERIES_MAX');
  });

  it('hands out recorded months, which cannot be built, in either writing', () => {
    const instruments = [instrumentOf()];
    const months = { unit: 'time', step: 30 * 24 * 60 * MINUTE, from: 'bars', text: '1M' } as const;
    const feeds = new BarFeeds(
      {
        instruments,
        calendars: [null],
        series: [{ instrument: 0, specification: months }],
        hasTrades: () => true,
        hasQuotes: () => false,
      },
      new MarketDataCache(instruments, 16),
    );
    expect(feeds.subscribe(0, '1M', 'auto', NOBODY)).toBe(0);
    expect(feeds.subscribe(0, '1mo', 'bars', NOBODY)).toBe(0);
    expect(() => feeds.subscribe(0, '3M', 'auto', NOBODY)).toThrow('A bar is a whole number from 1 and a letter');
    expect(() => feeds.subscribe(0, '1M', 'trades', NOBODY)).toThrow('A bar is a whole number from 1 and a letter');
  });

  it('gives series of its own to built bars, after the recorded ones, and one to all who ask for the same', () => {
    const feeds = feedsOf({ series: ['1m'], trades: true, quotes: true });
    expect(feeds.subscribe(0, '5m', 'auto', NOBODY)).toBe(1);
    expect(feeds.subscribe(0, '5m', 'trades', NOBODY)).toBe(1);
    expect(feeds.subscribe(0, '5m', 'quotes', NOBODY)).toBe(2);
    expect(feeds.subscribe(0, '5m', 'bars', NOBODY)).toBe(3);
    expect(feeds.subscribe(0, '1m', 'trades', NOBODY)).toBe(4);
  });

  it.each<[string, Has, string, BarSource, string]>([
    ['nothing at all', {}, '1m', 'auto', "bars of 1m cannot be had for ACME.XNYS: the run's data has no ticks and no bars of it"],
    [
      'coarser bars only',
      { series: ['1h'] },
      '1m',
      'auto',
      "bars of 1m cannot be had for ACME.XNYS: the run's data has bars of 1h, and these are no multiple of any",
    ],
    [
      'bars that do not fit',
      { series: ['15m'], trades: true },
      '20m',
      'bars',
      'bars of 20m cannot be built for ACME.XNYS: the run has no finer bars that fit into them evenly',
    ],
    ['volume from quotes', { quotes: true }, '100v', 'quotes', 'bars of "100v": Quotes carry no executed quantity'],
    ['a length that divides no day', { trades: true }, '7m', 'auto', 'bars of "7m": A time bar must divide a day evenly'],
    ['no length', { trades: true }, 'daily', 'auto', 'bars of "daily": A bar is a whole number from 1 and a letter'],
  ])('refuses in a sentence where there is %s', (_name, has, every, from, sentence) => {
    expect(() => feedsOf(has).subscribe(0, every, from, NOBODY)).toThrow(sentence);
    expect(() => feedsOf(has).subscribe(0, every, from, NOBODY)).toThrow(StrategyMistake);
  });
});

describe('built bars in a run', () => {
  const ROWS = [
    [10_000_000, 100],
    [50_000_000, 130],
    [MINUTE, 90],
    [70_000_000, 95],
    [3 * MINUTE + 1, 120],
  ] as const;

  it('cover [open, close), come before the row that shows their time has passed, and skip empty minutes', () => {
    const seen: string[] = [];
    runAll({
      streams: [tradesOf(ROWS)],
      strategies: [
        scripted({
          onStart: (s) => {
            s.subscribeTrades(0);
            s.subscribeBars(0, '1m');
          },
          onTrade: (_s, trade) => seen.push(`trade ${trade.tsInit}`),
          onBar: (s, bar) =>
            seen.push(
              `bar ${bar.openExact} ${bar.highExact} ${bar.lowExact} ${bar.closeExact} ${bar.volumeExact} at ${bar.tsEvent} now ${s.now}`,
            ),
        }),
      ],
    });
    expect(seen).toEqual([
      'trade 10000000',
      'trade 50000000',
      'bar 100 130 100 130 2 at 60000000 now 60000000',
      'trade 60000000',
      'trade 70000000',
      'bar 90 95 90 95 2 at 120000000 now 120000000',
      'trade 180000001',
    ]);
  });

  it('tell once per series, when the run ends, how many rows they left out', () => {
    const calendar = new TradingCalendar({
      name: 'two-minutes',
      zone: 'UTC',
      spanFromTs: 0,
      spanToTs: 10 * MINUTE,
      sessionOpen: Float64Array.of(0),
      sessionClose: Float64Array.of(2 * MINUTE),
      sessionDay: Float64Array.of(0),
    });
    const run = runAll({
      streams: [tradesOf([...ROWS, [4 * MINUTE, 125]])],
      engine: { calendars: [calendar] },
      strategies: [scripted({ onStart: (s) => s.subscribeBars(0, '1m') })],
    });
    expect(run.recorder.alerts.map(({ code, message }) => [code, message])).toEqual([
      ['MARKET_DATA_LEFT_OUT', 'ACME.XNYS: bars of 1m leave out trades: 2 outside the sessions of two-minutes.'],
    ]);
  });

  it('of several time frames from one stream agree, finer first at the same instant', () => {
    const seen: string[] = [];
    const trades = Array.from({ length: 21 }, (_, i) => [i * 30_000_000, 100 + i] as const);
    runAll({
      streams: [tradesOf(trades)],
      strategies: [
        scripted({
          onStart: (s) => {
            s.subscribeBars(0, '1m');
            s.subscribeBars(0, '5m');
            s.subscribeBars(0, '7t');
          },
          onBar: (_s, bar) => seen.push(`${bar.series}: ${bar.openExact}-${bar.closeExact} at ${bar.tsEvent / 1e6}`),
        }),
      ],
    });
    expect(seen.filter((line) => line.startsWith('0')).length).toBe(10);
    expect(seen.filter((line) => line.startsWith('1'))).toEqual(['1: 100-109 at 300', '1: 110-119 at 600']);
    expect(seen.filter((line) => line.startsWith('2'))).toEqual(['2: 100-106 at 180', '2: 107-113 at 390', '2: 114-120 at 600']);
    expect(seen.slice(seen.indexOf('1: 100-109 at 300') - 1, seen.indexOf('1: 100-109 at 300'))).toEqual(['0: 108-109 at 300']);
  });

  it('of recorded bars are the same as of the trades they came from', () => {
    const minutes = [
      [1, 100, 120, 90, 110, 5],
      [2, 110, 111, 80, 85, 7],
      [3, 85, 99, 85, 99, 1],
      [4, 99, 100, 98, 98, 2],
      [5, 98, 140, 98, 139, 9],
      [6, 139, 139, 139, 139, 1],
    ] as const;
    const seen: string[] = [];
    runAll({
      streams: [barsOf(minutes.map(([at, open, high, low, close, volume]) => [at * MINUTE, open, high, low, close, volume]))],
      series: [{ instrument: 0, every: '1m' }],
      engine: { hasTrades: () => false, hasQuotes: () => false },
      strategies: [
        scripted({
          onStart: (s) => s.subscribeBars(0, '5m'),
          onBar: (_s, bar) =>
            seen.push([bar.openExact, bar.highExact, bar.lowExact, bar.closeExact, bar.volumeExact, bar.tsOpen, bar.tsEvent].join(' ')),
        }),
      ],
    });
    // By hand over the first five minutes: open of the first, extremes of all, close of the last, volumes 5 + 7 + 1 + 2 + 9.
    expect(seen).toEqual([`100 140 80 139 24 0 ${5 * MINUTE}`]);
  });

  it('of recorded bars are built from the coarsest that fits', () => {
    const seen: number[] = [];
    // The minutes lie about the price, so that the source shows.
    runAll({
      streams: [flatBars(Array.from({ length: 16 }, () => 1)), flatBars([100, 110, 120, 130], { series: 1, stepUs: 5 * MINUTE })],
      series: [
        { instrument: 0, every: '1m' },
        { instrument: 0, every: '5m' },
      ],
      engine: { hasTrades: () => false, hasQuotes: () => false },
      strategies: [scripted({ onStart: (s) => s.subscribeBars(0, '15m'), onBar: (_s, bar) => seen.push(bar.openExact, bar.closeExact) })],
    });
    expect(seen).toEqual([100, 120]);
  });

  it('of quotes take the middle, half an increment down', () => {
    const seen: number[] = [];
    runAll({
      streams: [
        quotesOf([
          [1, 100, 103],
          [2, 110, 112],
          [MINUTE, 100, 100],
        ]),
      ],
      strategies: [
        scripted({
          onStart: (s) => s.subscribeBars(0, '1m', 'quotes'),
          onBar: (_s, bar) => seen.push(bar.openExact, bar.closeExact),
        }),
      ],
    });
    expect(seen).toEqual([101, 111]);
  });

  it('that a handler subscribes to begin with the next row, whatever the step size', () => {
    const trades = Array.from({ length: 20 }, (_, i) => [i * 10, 100 + i] as const);
    for (const stepRowsMax of [1, 3, 4096]) {
      const seen: string[] = [];
      runAll({
        streams: [tradesOf(trades)],
        spec: { stepRowsMax },
        strategies: [
          scripted({
            onStart: (s) => s.subscribeTrades(0),
            onTrade: (s, trade) => {
              if (trade.tsInit === 50) s.subscribeBars(0, '3t');
            },
            onBar: (_s, bar) => seen.push(`${bar.openExact}-${bar.closeExact}`),
          }),
        ],
      });
      expect(seen).toEqual(['106-108', '109-111', '112-114', '115-117']);
    }
  });

  it('say in the middle of a run why they cannot be had', () => {
    const backtest = backtestOf({
      instruments: [futureOf()],
      streams: [flatBars([100, 100])],
      series: [{ instrument: 0, every: '1d' }],
      engine: { hasTrades: () => false, hasQuotes: () => false },
      strategies: [scripted({ onStart: (s) => s.subscribeBars(0, '1h') })],
    });
    expect(() => backtest.advance(10)).toThrow(
      "bars of 1h cannot be had for ACME.XNYS: the run's data has bars of 1d, and these are no multiple of any",
    );
  });
});
