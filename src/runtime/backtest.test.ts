import { describe, expect, it } from 'vitest';
import {
  accountOf,
  backtestOf,
  barsOf,
  DOLLAR,
  fillsOf,
  flatBars,
  futureOf,
  instrumentOf,
  MINUTE,
  quotesOf,
  type RunOptions,
  runAll,
  scripted,
  tradesOf,
} from './backtest.fixture.ts';
import { StrategyMistake } from '../core/strategy/strategy-mistake.ts';
import { MovingAverageCrossover } from '../strategies/moving-average-crossover.ts';
import { makeCurrency } from '../model/currency.ts';

const TENS = Array.from({ length: 10 }, (_, i) => [i * 10, 10_000 + i * 100] as const);

const UNSAMPLED = { sampling: { kind: 'interval', everyUs: 1e15 } } as const;

/** Buys one at the trade of time 10. */
const buyer = () =>
  scripted({ onStart: (s) => s.subscribeTrades(0), onTrade: (s, trade) => trade.tsInit === 10 && s.marketOrder(0, 'BUY', 1) });

describe('latency', () => {
  it.each([
    [0, 0, 20, 20],
    [5, 0, 20, 20],
    [15, 0, 30, 30],
    [15, 7, 30, 37],
    [25, 40, 40, 80],
  ])('of %i out and %i back fills at the first trade from then on (%i) and is known at %i', (orderEntryUs, responseUs, filled, known) => {
    const { recorder } = runAll({ streams: [tradesOf(TENS)], strategies: [buyer()], latencyUs: { orderEntryUs, responseUs } });
    expect(recorder.fills.map(({ tsEvent, tsInit }) => [tsEvent, tsInit])).toEqual([[filled, known]]);
  });
});

describe('rows that validation refuses', () => {
  it('fill no order, trigger none and give the venue no price', () => {
    const backtest = runAll({
      streams: [
        tradesOf([
          [10, 10_000],
          [20, 10_000],
          [30, -5],
          [40, 0],
          [50, 10_000],
          [60, 10_000],
        ]),
      ],
      strategies: [
        scripted({
          onStart: (s) => s.subscribeTrades(0),
          onTrade: (s, trade) => {
            if (trade.tsInit !== 10) return;
            s.limitOrder(0, 'BUY', 1, 50);
            s.stopOrder(0, 'SELL', 1, 40);
          },
        }),
      ],
    });
    expect(backtest.recorder.fills.length).toBe(0);
    expect(backtest.engine.orders.openOrders({}).length).toBe(2);
  });

  it('are no bars of the equity curve and no last open', () => {
    const backtest = runAll({
      streams: [
        barsOf([
          [MINUTE, 100, 100, 100, 100],
          [2 * MINUTE, 110, 110, 110, 110],
          [3 * MINUTE, 5, 1, 9, 5],
        ]),
      ],
      series: [{ instrument: 0, every: '1m' }],
      strategies: [
        scripted({ onStart: (s) => s.subscribeBars(0, '1m'), onBar: (s, bar) => bar.tsEvent === MINUTE && s.marketOrder(0, 'BUY', 1) }),
      ],
      spec: { atEnd: 'closeAtLastOpen' },
    });
    expect(fillsOf(backtest)[1]).toMatch(/^SELL 1 @ 110 at/);
  });
});

describe('rows whose times are not what they should be', () => {
  // Times 1 to 199 and then 1 again, refused when it is its turn: what is due at 100 comes at 100 all the same.
  const late = () => tradesOf([...Array.from({ length: 199 }, (_, i) => [i + 1, 1000] as const), [1, 1000]]);

  it('keep no timer waiting', () => {
    const told: string[] = [];
    runAll({
      streams: [late()],
      spec: UNSAMPLED,
      strategies: [
        scripted({
          onStart: (s) => {
            s.subscribeTrades(0);
            s.setTimer('t', 100);
          },
          onTrade: (_s, { tsInit }) => (tsInit === 100 || tsInit === 101) && told.push(`row ${tsInit}`),
          onTimer: (_s, name, ts) => told.push(`${name} ${ts}`),
        }),
      ],
    });
    expect(told).toEqual(['row 100', 't 100', 'row 101']);
  });

  it('keep no split waiting', () => {
    const seen: number[] = [];
    const split = { kind: 'SplitEffective', instrument: 0, numerator: 2, denominator: 1, tsEvent: 100, tsInit: 100 } as const;
    runAll({
      streams: [late()],
      spec: { ...UNSAMPLED, accountEvents: [split] },
      strategies: [
        scripted({
          onStart: (s) => s.subscribeTrades(0),
          onTrade: (s, { tsInit }) => {
            if (tsInit === 5) s.marketOrder(0, 'BUY', 10);
            if (tsInit === 99 || tsInit === 101) seen.push(s.position(0));
          },
        }),
      ],
    });
    expect(seen).toEqual([10, 20]);
  });

  it('end the run where a time has no end', () => {
    const rows = [1, 2, Number.POSITIVE_INFINITY].map((ts) => [ts, 1000] as const);
    expect(runAll({ streams: [tradesOf(rows)], spec: UNSAMPLED, strategies: [buyer()] }).engine.now).toBe(2);
  });
});

describe('records of a run that ends in an exception', () => {
  const boom = (isSo: boolean): void => {
    if (isSo) throw new Error('boom');
  };

  it('are kept when it comes as the run begins', () => {
    const backtest = backtestOf({
      streams: [tradesOf(TENS)],
      strategies: [
        scripted({
          onStart: (s) => {
            s.log('started');
            s.limitOrder(0, 'BUY', 1, 5);
          },
          onOrderEvent: (_s, event) => boom(event.kind === 'OrderAccepted'),
        }),
      ],
    });
    expect(() => backtest.advance(1000)).toThrow('boom');
    expect(backtest.recorder.logLineCount).toBe(1);
  });

  it('are kept when it comes as the run ends', () => {
    const backtest = backtestOf({
      streams: [tradesOf(TENS)],
      rules: { market: 'last' },
      strategies: [
        scripted({
          onStart: (s) => s.subscribeTrades(0),
          onStop: (s) => {
            s.log('stopping');
            s.marketOrder(0, 'BUY', 1);
          },
          onFill: () => boom(true),
        }),
      ],
    });
    while (!backtest.advance(1000));
    expect(() => backtest.finish()).toThrow('boom');
    expect(backtest.recorder.logLineCount).toBe(1);
  });
});

describe('rows that were checked when they were stored', () => {
  const ROWS = Array.from({ length: 20_000 }, (_, i) => [1000 + i * 10, 1000 + ((i * 7919) % 41)] as const);

  /** A strategy whose timers and orders, with latency, come between rows at any distance. */
  const run = (isValidated: boolean, rowsPerBlock: number) => {
    const reader = tradesOf(ROWS, 0, rowsPerBlock);
    let state = 1;
    const roll = (sides: number): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) % sides;
    const seen: number[] = [];
    const backtest = runAll({
      streams: [
        {
          next: () => {
            const block = reader.next();
            if (block !== null) block.isValidated = isValidated;
            return block;
          },
          close: () => {},
        },
      ],
      spec: { sampling: { kind: 'interval', everyUs: 50_000 }, stepRowsMax: 4096 },
      latencyUs: { orderEntryUs: 333, responseUs: 77 },
      strategies: [
        scripted({
          onStart: (s) => s.subscribeTrades(0),
          onTrade: (s) => {
            if (roll(97) === 0) s.setTimer(`t${roll(5)}`, s.now + 1 + roll(2000));
            if (roll(211) === 0) s.marketOrder(0, roll(2) === 0 ? 'BUY' : 'SELL', 1);
          },
          onTimer: (s, _name, ts) => {
            seen.push(ts, s.now);
            if (roll(3) === 0) s.setTimer('again', s.now + 1 + roll(500));
          },
        }),
      ],
    });
    return { digest: backtest.digest(), fills: fillsOf(backtest), seen };
  };

  it('are played as those that are checked in the run: timers, orders on their way and samples come where they belong', () => {
    const checked = run(false, 1000);
    expect(checked.fills.length).toBeGreaterThan(50);
    expect(checked.seen.length).toBeGreaterThan(300);
    // A timer fires at its own time, not at a row after it.
    expect(checked.seen.every((ts, at) => at % 2 === 0 || ts === checked.seen[at - 1])).toBe(true);
    for (const rowsPerBlock of [20_000, 1000, 37]) expect(run(true, rowsPerBlock), String(rowsPerBlock)).toEqual(checked);
  });
});

describe('what a strategy does about a gap', () => {
  const run = (stepRowsMax: number, rowsPerBlock = 1000): string => {
    const hundred = (from: number) => Array.from({ length: 100 }, (_, i) => [from + i, 1000 + i] as const);
    const backtest = runAll({
      streams: [tradesOf([...hundred(1), ...hundred(1_000_001)], 0, rowsPerBlock)],
      spec: { ...UNSAMPLED, stepRowsMax },
      engine: { marketData: { gapMaxUs: 1000 } },
      strategies: [
        scripted({
          onStart: (s) => s.subscribeBars(0, '1m', 'trades'),
          onGap: (s) => {
            s.marketOrder(0, 'BUY', 1);
            s.setTimer('x', s.now + 5);
          },
          onTimer: (s) => s.marketOrder(0, 'SELL', 1),
        }),
      ],
    });
    return [...fillsOf(backtest), backtest.digest()].join();
  };

  it.each([
    [4096, 1000],
    [7, 1000],
    [4096, 103],
    [4096, 1],
  ])('does not depend on the size of steps (%i) and blocks (%i), also where nobody wants the rows', (stepRowsMax, rowsPerBlock) => {
    expect(run(stepRowsMax, rowsPerBlock)).toBe(run(1));
  });
});

describe('the end of a run', () => {
  const BARS = [
    [MINUTE, 100, 110, 90, 105],
    [2 * MINUTE, 200, 210, 190, 205],
    [3 * MINUTE, 300, 310, 290, 305],
    [4 * MINUTE, 400, 410, 390, 405],
  ] as const;
  const options = (atEnd: 'leaveOpen' | 'closeAtLastOpen' | 'closeAtLastClose'): RunOptions => ({
    streams: [barsOf(BARS, { rowsPerBlock: 3 })],
    series: [{ instrument: 0, every: '1m' }],
    spec: { atEnd },
    strategies: [
      scripted({
        onStart: (s) => s.subscribeBars(0, '1m'),
        onBar: (s, bar) => {
          if (bar.tsEvent !== MINUTE) return;
          s.marketOrder(0, 'BUY', 2);
          s.limitOrder(0, 'BUY', 1, 0.5);
        },
      }),
    ],
  });

  it.each([
    ['leaveOpen', [], 1],
    ['closeAtLastOpen', [`SELL 2 @ 400 at ${3 * MINUTE}`], 0],
    ['closeAtLastClose', [`SELL 2 @ 405 at ${4 * MINUTE}`], 0],
  ] as const)('%s does with positions and orders what it says', (atEnd, closes, open) => {
    const backtest = runAll(options(atEnd));
    expect(fillsOf(backtest).slice(1)).toEqual(closes);
    expect(backtest.engine.orders.openOrders({}).length).toBe(open);
  });

  it('cut short knows nothing of the rows that came after, though their block was loaded', () => {
    const backtest = backtestOf(options('closeAtLastOpen'));
    expect(backtest.advance(3)).toBe(false);
    backtest.finish();
    expect([backtest.events, ...fillsOf(backtest)]).toEqual([3, expect.stringMatching(/^BUY 2 @ 200/), `SELL 2 @ 300 at ${2 * MINUTE}`]);
    expect(backtest.sampler.ts[backtest.sampler.count - 1]).toBe(3 * MINUTE);
  });

  it('carries out what strategies ask in onStop where it takes no time', () => {
    const stopper = scripted({ onStop: (s) => s.marketOrder(0, 'BUY', 1) });
    expect(fillsOf(runAll({ streams: [tradesOf(TENS)], strategies: [stopper], rules: { market: 'last' } }))).toEqual([
      'BUY 1 @ 10900 at 90',
    ]);
    expect(
      fillsOf(
        runAll({
          streams: [tradesOf(TENS)],
          strategies: [stopper],
          rules: { market: 'last' },
          latencyUs: { orderEntryUs: 1, responseUs: 0 },
        }),
      ),
    ).toEqual([]);
  });

  it('of a run without data is a run without events', () => {
    const backtest = runAll({ streams: [], strategies: [buyer()] });
    expect([backtest.events, backtest.equityApprox()]).toEqual([0, 10_000]);
  });
});

describe('several venues', () => {
  it('have accounts of their own; equity is stated in the currency of the first', () => {
    const EUR = makeCurrency('EUR');
    const instruments = [
      instrumentOf(),
      instrumentOf({ id: 'BOLT.XPAR', quote: EUR, settlement: EUR }, 1),
      instrumentOf({ id: 'EUR-USD.XNYS', kind: 'FX', base: EUR }, 2),
    ];
    const backtest = runAll({
      instruments,
      accounts: [accountOf(), accountOf({ venue: 'XPAR', baseCurrency: EUR, openingBalances: [{ currency: EUR, amount: 100n * DOLLAR }] })],
      engine: { conversions: [2] },
      streams: [
        tradesOf(TENS),
        tradesOf(
          [
            [5, 1_000],
            [15, 1_000],
          ],
          1,
        ),
        tradesOf([[1, 120]], 2),
      ],
      strategies: [
        buyer(),
        scripted({ onStart: (s) => s.subscribeTrades(1), onTrade: (s, trade) => trade.tsInit === 5 && s.marketOrder(1, 'BUY', 3) }),
      ],
    });
    expect(fillsOf(backtest)).toEqual(['BUY 3 @ 1000 at 15', 'BUY 1 @ 10200 at 20']);
    expect(backtest.engine.portfolio.valuation.balance(1, 'EUR')).toBe(70n * DOLLAR);
    // 10 000 + 7.00 on the share (102 to 109), and 100 EUR at 1.20.
    expect(backtest.equityApprox()).toBe(10_127);
  });

  it('give no equity where a rate between them is missing', () => {
    const accounts = [
      accountOf(),
      accountOf({ venue: 'XPAR', baseCurrency: makeCurrency('EUR'), openingBalances: [{ currency: makeCurrency('EUR'), amount: DOLLAR }] }),
    ];
    expect(backtestOf({ accounts, streams: [], strategies: [] }).equityApprox()).toBeNaN();
  });
});

describe('orders and reports without end', () => {
  it('stop the run in words', () => {
    const strategy = scripted({
      onStart: (s) => s.subscribeTrades(0),
      onTrade: (s) => s.marketOrder(0, 'BUY', 1),
      onFill: (s, fill) => s.marketOrder(0, fill.side === 'BUY' ? 'SELL' : 'BUY', 1),
    });
    expect(() => runAll({ streams: [tradesOf(TENS)], strategies: [strategy], rules: { market: 'last' } })).toThrow(
      new StrategyMistake(
        'STRATEGY_ENDLESS',
        'orders and reports went round 100000 times at one instant: a strategy answers its own events without end',
      ),
    );
  });
});

describe('the digest', () => {
  const run = (rowsPerBlock: number, stepRowsMax: number, advance: number): string => {
    const closes = Array.from({ length: 300 }, (_, i) => 10_000 + Math.round(1_000 * Math.sin(i / 7)) + ((i * 7919) % 37));
    const backtest = backtestOf({
      instruments: [futureOf()],
      streams: [
        flatBars(closes, { rowsPerBlock }),
        quotesOf(
          closes.map((close, i) => [i * MINUTE + 17, close - 1, close + 1]),
          0,
          rowsPerBlock,
        ),
      ],
      series: [{ instrument: 0, every: '1m' }],
      spec: { stepRowsMax },
      strategies: [
        {
          strategyClass: MovingAverageCrossover,
          parameters: { fast: 3, slow: 8, every: '1m', weight: 1, allowShort: true, sizeAt: 'fill' },
        },
      ],
    });
    while (!backtest.advance(advance));
    backtest.finish();
    expect(backtest.recorder.fills.length).toBeGreaterThan(20);
    return backtest.digest();
  };

  it('does not depend on the size of blocks, steps and calls', () => {
    const digests = [run(1000, 4096, 10_000), run(7, 4096, 10_000), run(1000, 1, 10_000), run(13, 5, 3)];
    expect(new Set(digests).size).toBe(1);
  });
});
