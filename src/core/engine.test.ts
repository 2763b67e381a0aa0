import { describe, expect, it } from 'vitest';
import type { Strategy } from './strategy.ts';
import { TradingState } from './risk/trading-state.ts';
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
  runAll,
  scripted,
  type Script,
  tradesOf,
} from '../runtime/backtest.fixture.ts';

const EVERY_TEN = Array.from({ length: 20 }, (_, i) => [i * 10, 10_000] as const);

/** A strategy on trades that calls `act` at the trade of that time. */
function at(times: Readonly<Record<number, (s: Strategy) => void>>, more: Script = {}) {
  return scripted({
    onStart: (s) => s.subscribeTrades(0),
    onTrade: (s, trade) => times[trade.tsInit]?.(s),
    ...more,
  });
}

describe('a step', () => {
  it('stops behind the first row that has an effect, so that it is carried out before the next row', () => {
    const { engine } = backtestOf({ streams: [], strategies: [at({ 30: (s) => s.marketOrder(0, 'BUY', 1), 60: (s) => s.log('x') })] });
    engine.start();
    engine.effects.clear();
    const block = tradesOf(EVERY_TEN).next()!;
    expect(engine.step(block, 0, 20)).toBe(4);
    expect(engine.effects.commands).toMatchObject([{ kind: 'SubmitOrder', ts: 30 }]);
    engine.effects.clear();
    expect(engine.step(block, 4, 20)).toBe(7);
    expect(engine.effects.records).toMatchObject([{ kind: 'LogLine', tsInit: 60 }]);
    engine.effects.clear();
    expect(engine.step(block, 7, 20)).toBe(20);
    expect(engine.now).toBe(190);
  });

  it('skips rows that validation refuses and counts them; strategies never see them', () => {
    const seen: number[] = [];
    const backtest = runAll({
      streams: [
        tradesOf([
          [10, 100],
          [20, -5],
          [30, 0],
          [40, Number.NaN],
          [35, 100],
          [40, 101],
        ]),
      ],
      strategies: [scripted({ onStart: (s) => s.subscribeTrades(0), onTrade: (_s, trade) => seen.push(trade.priceExact) })],
    });
    expect(seen).toEqual([100, 100, 101]);
    expect(backtest.engine.marketData.counters()).toMatchObject([{ accepted: 3, refused: { MARKET_DATA_NOT_POSITIVE: 2 } }]);
    expect(backtest.events).toBe(6);
  });

  it('has the time of the row in hand as now, in every handler', () => {
    const seen: number[] = [];
    runAll({
      streams: [
        tradesOf([
          [10, 100],
          [25, 100],
          [25, 100],
          [70, 100],
        ]),
      ],
      strategies: [scripted({ onStart: (s) => s.subscribeTrades(0), onTrade: (s) => seen.push(s.now) })],
    });
    expect(seen).toEqual([10, 25, 25, 70]);
  });
});

describe('the order of things at one microsecond', () => {
  it('is bar close, quotes, trades, recorded bars, then timers in the order of setting', () => {
    const seen: string[] = [];
    runAll({
      streams: [
        flatBars([100, 100]),
        tradesOf([
          [10, 100],
          [MINUTE, 101],
          [MINUTE, 102],
          [MINUTE + 1, 103],
        ]),
        quotesOf([[MINUTE, 99, 101]]),
      ],
      series: [{ instrument: 0, every: '1m' }],
      strategies: [
        scripted({
          onStart: (s) => {
            s.subscribeTrades(0);
            s.subscribeQuotes(0);
            s.subscribeBars(0, '1m');
            s.subscribeBars(0, '1m', 'trades');
            s.setTimer('b', MINUTE);
            s.setTimer('a', MINUTE);
          },
          onTrade: (_s, trade) => seen.push(`trade ${trade.priceExact}`),
          onQuote: () => seen.push('quote'),
          onBar: (_s, bar) => seen.push(bar.series === 0 ? 'recorded' : `built ${bar.closeExact}`),
          onTimer: (_s, name, ts) => seen.push(`timer ${name} ${ts / MINUTE}`),
        }),
      ],
    });
    expect(seen.slice(0, 9)).toEqual([
      'trade 100',
      'built 100',
      'quote',
      'trade 101',
      'trade 102',
      'recorded',
      'timer b 1',
      'timer a 1',
      'trade 103',
    ]);
  });
});

describe('what a handler changes about what comes next', () => {
  it.each([1, 7, 4096])('holds from the next row on, at %i rows a step', (stepRowsMax) => {
    const seen: string[] = [];
    const backtest = runAll({
      streams: [tradesOf(EVERY_TEN)],
      spec: { stepRowsMax },
      strategies: [
        scripted({
          onStart: (s) => s.subscribeTrades(0),
          onTrade: (s, trade) => {
            seen.push(`${trade.tsInit}`);
            if (trade.tsInit === 20) s.setTimer('once', 45);
            if (trade.tsInit === 50) s.setInterval('each', 30);
            if (trade.tsInit === 100) s.cancelTimer('each');
            if (trade.tsInit === 110) s.unsubscribeTrades(0);
            if (trade.tsInit === 110) s.setTimer('back', 155);
          },
          onTimer: (s, name, ts) => {
            seen.push(`${name}@${ts}`);
            if (name === 'back') s.subscribeTrades(0);
          },
        }),
      ],
    });
    expect(seen.join(' ')).toBe('0 10 20 30 40 once@45 50 60 each@60 70 80 90 each@90 100 110 back@155 160 170 180 190');
    expect(backtest.events).toBe(20);
  });

  it('a timer in the past fires after the rows of this instant', () => {
    const seen: string[] = [];
    runAll({
      streams: [
        tradesOf([
          [10, 100],
          [10, 101],
          [20, 100],
        ]),
      ],
      strategies: [
        scripted({
          onStart: (s) => s.subscribeTrades(0),
          onTrade: (s, trade) => {
            seen.push(`${trade.priceExact}`);
            if (seen.length === 1) s.setTimer('past', 3);
          },
          onTimer: (_s, _name, ts) => seen.push(`timer ${ts}`),
        }),
      ],
    });
    expect(seen).toEqual(['100', '101', 'timer 10', '100']);
  });

  it('a thousand timers may be set and each set anew, one more may not', () => {
    let reached = 0;
    const start = (s: Strategy): void => {
      for (let i = 0; i < 1000; i += 1) s.setTimer(`t${i}`, 1e9);
      s.setTimer('t5', 2e9);
      reached = 1;
      s.setTimer('one more', 1e9);
    };
    expect(() => backtestOf({ streams: [], strategies: [scripted({ onStart: start })] }).engine.start()).toThrow('at most 1000 timers');
    expect(reached).toBe(1);
  });
});

describe('a gap', () => {
  it('is told to those who watch the instrument, before the row that shows it, and lasts until a whole row', () => {
    const seen: string[] = [];
    const watcher = (name: string, instrument: number) =>
      scripted({
        onStart: (s) => s.subscribeTrades(instrument),
        onTrade: (s, trade) => seen.push(`${name} trade ${trade.tsInit}${s.isGapped(instrument) ? ' gapped' : ''}`),
        onGap: (s, gap) => seen.push(`${name} gap ${gap.tsFrom}-${gap.tsTo} ${gap.reason} now ${s.now}`),
      });
    const backtest = runAll({
      instruments: [instrumentOf(), instrumentOf({ id: 'BOLT.XNYS' }, 1)],
      streams: [
        tradesOf([
          [10, 100],
          [20, 100],
          [500, 100],
        ]),
        tradesOf(
          [
            [15, 100],
            [90, 100],
          ],
          1,
        ),
      ],
      engine: { gapMaxUs: 100 },
      strategies: [watcher('A', 0), watcher('B', 1)],
    });
    expect(seen).toEqual(['A trade 10', 'B trade 15', 'A trade 20', 'B trade 90', 'A gap 20-500 TIME now 500', 'A trade 500']);
    expect(backtest.recorder.gaps).toMatchObject([{ tsFrom: 20, tsTo: 500 }]);
  });

  it('that is announced leaves the instrument gapped until data from behind it', () => {
    const { engine } = backtestOf({ streams: [], strategies: [scripted({ onStart: (s) => s.subscribeTrades(0) })] });
    engine.start();
    engine.apply(
      { kind: 'Gap', gap: { kind: 'DataGap', instrument: 0, tsFrom: 5, tsTo: 25, reason: 'MARKED', tsEvent: 25, tsInit: 25 } },
      25,
    );
    const block = tradesOf([
      [20, 100],
      [30, 100],
    ]).next()!;
    expect(engine.marketData.isGapped(0)).toBe(true);
    engine.effects.clear();
    engine.step(block, 0, 1);
    expect(engine.marketData.isGapped(0)).toBe(true);
    engine.step(block, 1, 2);
    expect(engine.marketData.isGapped(0)).toBe(false);
  });
});

describe('orders in the core', () => {
  it('are denied while history is replayed; targets then ask for nothing; market data is seen all the same', () => {
    let seen = 0;
    const backtest = runAll({
      streams: [tradesOf(EVERY_TEN)],
      engine: { tradingFromTs: 50 },
      strategies: [
        scripted({
          onStart: (s) => s.subscribeTrades(0),
          onTrade: (s, trade) => {
            seen += 1;
            expect(s.isWarmingUp).toBe(trade.tsInit < 50);
            if (trade.tsInit === 20) {
              s.marketOrder(0, 'BUY', 1);
              expect(s.targetPosition(0, 9)).toBe(0);
            }
            if (trade.tsInit === 50) s.marketOrder(0, 'BUY', 2);
          },
        }),
      ],
    });
    expect(seen).toBe(20);
    expect(backtest.recorder.denials.map(({ code, tsInit }) => `${code} ${tsInit}`)).toEqual(['WARMING_UP 20']);
    expect(fillsOf(backtest)).toEqual(['BUY 2 @ 10000 at 60']);
  });

  it('tell their strategy every event in order, and fills after the event of the fill', () => {
    const seen: string[] = [];
    runAll({
      streams: [tradesOf(EVERY_TEN)],
      strategies: [
        at(
          { 20: (s) => s.marketOrder(0, 'BUY', 1) },
          {
            onOrderEvent: (_s, event) => seen.push(event.kind),
            onFill: (s, fill) => seen.push(`fill ${fill.lastQty} position ${s.position(0)}`),
          },
        ),
        at({}, { onOrderEvent: () => seen.push('told to a stranger') }),
      ],
    });
    expect(seen).toEqual(['OrderInitialized', 'OrderSubmitted', 'OrderAccepted', 'OrderFilled', 'fill 1 position 1']);
  });

  it('that answer their own denials without end stop the run in words', () => {
    const strategy = at(
      { 10: (s) => s.marketOrder(0, 'BUY', -1) },
      { onOrderEvent: (s, event) => event.kind === 'OrderDenied' && s.marketOrder(0, 'BUY', -1) },
    );
    expect(() => runAll({ streams: [tradesOf(EVERY_TEN)], strategies: [strategy] })).toThrow(
      'more than 200000 order events in one step: a strategy answers its own order events without end',
    );
  });
});

describe('kill switch and trading states', () => {
  const held = at({
    10: (s) => {
      s.marketOrder(0, 'BUY', 5);
      s.limitOrder(0, 'BUY', 3, 50);
    },
    80: (s) => s.marketOrder(0, 'BUY', 1),
  });

  it('INV-13: a kill cancels every open order, flattens when asked, and lets no other order pass', () => {
    for (const flatten of [true, false]) {
      const backtest = backtestOf({ streams: [tradesOf(EVERY_TEN)], strategies: [held] });
      backtest.advance(5);
      backtest.engine.apply({ kind: 'Kill', scope: { kind: 'FIRM' }, reason: 'drill', flatten }, 40);
      while (!backtest.advance(100));
      backtest.finish();
      // Commands of an outside event leave with those of the next row (50), so the closing order fills at 60.
      expect(fillsOf(backtest)).toEqual(flatten ? ['BUY 5 @ 10000 at 20', 'SELL 5 @ 10000 at 60'] : ['BUY 5 @ 10000 at 20']);
      expect(backtest.engine.orders.openOrders({})).toEqual([]);
      expect(backtest.recorder.denials.map(({ code }) => code)).toEqual(['TRADING_HALTED']);
    }
  });

  it('INV-13: what fills while the kill is on its way is flattened too', () => {
    const backtest = backtestOf({
      streams: [tradesOf(EVERY_TEN)],
      strategies: [at({ 10: (s) => s.marketOrder(0, 'BUY', 5) })],
      latencyUs: { orderEntryUs: 25, responseUs: 25 },
    });
    backtest.advance(3);
    backtest.engine.apply({ kind: 'Kill', scope: { kind: 'FIRM' }, reason: 'drill', flatten: true }, 20);
    while (!backtest.advance(100));
    backtest.finish();
    // The order is at the venue at 35 and fills at 40, the cancel (sent with row 30) only at 55; the fill is known at 65, its closing order is there at 90.
    expect(fillsOf(backtest)).toEqual(['BUY 5 @ 10000 at 40', 'SELL 5 @ 10000 at 90']);
    expect(backtest.engine.portfolio.positions.quantity(0, 0)).toBe(0);
  });

  it('a release lets orders pass again; reducing lets only those pass that reduce', () => {
    const backtest = backtestOf({
      streams: [tradesOf(EVERY_TEN)],
      strategies: [
        at({
          10: (s) => s.marketOrder(0, 'BUY', 5),
          40: (s) => s.marketOrder(0, 'BUY', 1),
          60: (s) => s.marketOrder(0, 'SELL', 2),
          80: (s) => s.marketOrder(0, 'BUY', 1),
          100: (s) => s.marketOrder(0, 'BUY', 1),
        }),
      ],
    });
    const { engine } = backtest;
    backtest.advance(4);
    engine.apply({ kind: 'TradingState', scope: { kind: 'STRATEGY', strategy: 0 }, state: TradingState.REDUCING, reason: 'test' }, 30);
    backtest.advance(4);
    engine.apply({ kind: 'TradingState', scope: { kind: 'STRATEGY', strategy: 0 }, state: TradingState.ACTIVE, reason: 'test' }, 70);
    engine.apply({ kind: 'Kill', scope: { kind: 'ACCOUNT', venue: 'XNYS' }, reason: 'test', flatten: false }, 70);
    backtest.advance(2);
    engine.apply({ kind: 'Release', scope: { kind: 'ACCOUNT', venue: 'XNYS' }, reason: 'test' }, 90);
    while (!backtest.advance(100));
    expect(backtest.recorder.denials.map(({ code, tsInit }) => `${code} ${tsInit}`)).toEqual([
      'TRADING_STATE_REDUCING 40',
      'TRADING_HALTED 80',
    ]);
    expect(fillsOf(backtest)).toEqual(['BUY 5 @ 10000 at 20', 'SELL 2 @ 10000 at 70', 'BUY 1 @ 10000 at 110']);
    expect(backtest.recorder.alerts.map(({ code }) => code)).toEqual([
      'TRADING_STATE_CHANGED',
      'TRADING_STATE_CHANGED',
      'KILL_SWITCH_ON',
      'KILL_SWITCH_OFF',
    ]);
  });
});

describe('account events', () => {
  it('pay dividends on what is held, split positions, and charge funding, before the rows of the same time', () => {
    const equity = runAll({
      streams: [
        tradesOf([
          [10, 10_000],
          [20, 10_000],
          [30, 10_000],
          [40, 5_000],
          [50, 5_000],
        ]),
      ],
      spec: {
        accountEvents: [
          { kind: 'DividendPaid', instrument: 0, amountPerUnit: DOLLAR / 2n, tsEvent: 30, tsInit: 30 },
          { kind: 'SplitEffective', instrument: 0, numerator: 2, denominator: 1, tsEvent: 40, tsInit: 40 },
        ],
      },
      strategies: [at({ 10: (s) => s.marketOrder(0, 'BUY', 10), 40: (s) => expect(s.position(0)).toBe(20) })],
    });
    // 10 000 − 10 × 100 + 10 × 0.50 in cash, and 20 shares of 50.00.
    expect(equity.engine.portfolio.valuation.balance(0, 'USD')).toBe(9_005n * DOLLAR);
    expect(equity.equityApprox()).toBe(10_005);
    const perpetual = runAll({
      instruments: [futureOf({ kind: 'PERPETUAL' })],
      streams: [
        tradesOf([
          [10, 10_000],
          [20, 10_000],
          [40, 10_000],
        ]),
      ],
      spec: {
        accountEvents: [{ kind: 'FundingApplied', instrument: 0, ratePpt: 100_000_000, markPrice: 10_000, tsEvent: 30, tsInit: 30 }],
      },
      strategies: [at({ 10: (s) => s.marketOrder(0, 'SELL', 10) })],
    });
    // Longs pay shorts 0.01 % of 10 × 100.00: 0.10
    expect(perpetual.equityApprox()).toBe(10_000.1);
  });
});

describe('what a strategy sees', () => {
  it('are its own positions and orders, the accounts, and bars back in time', () => {
    const seen: unknown[] = [];
    const other = scripted({
      onStart: (s) => s.subscribeTrades(0),
      onTrade: (s, trade) => trade.tsInit === 40 && seen.push(s.position(0), s.averagePrice(0), s.openOrders().length),
    });
    const mine = at({
      10: (s) => {
        s.marketOrder(0, 'SELL', 4);
        s.limitOrder(0, 'SELL', 1, 500);
      },
      40: (s) =>
        seen.push(
          s.position(0),
          s.averagePrice(0),
          s.unrealizedPnl(0),
          s.equity(),
          s.cash('USD'),
          s.cash('EUR'),
          s.openOrders().length,
          s.lastPrice(0),
        ),
    });
    runAll({
      instruments: [futureOf()],
      streams: [
        tradesOf([
          [10, 10_000],
          [20, 10_100],
          [40, 9_850],
        ]),
      ],
      accounts: [accountOf()],
      strategies: [other, mine],
    });
    // Short 4 at 101.00, now 98.50: 10.00 to the good.
    expect(seen).toEqual([0, Number.NaN, 0, -4, 101, 10, 10_010, '10000', '0', 1, 98.5]);
  });

  it('rounds prices and quantities to what the instrument takes', () => {
    runAll({
      instruments: [instrumentOf({ priceIncrement: 25, quantityDecimals: 1, lotSize: 5 })],
      streams: [],
      strategies: [
        scripted({
          onStart: (s) => {
            expect([
              s.roundPrice(0, 10.3),
              s.roundPrice(0, 10.3, 'up'),
              s.roundPrice(0, 10.3, 'down'),
              s.roundPrice(0, 10.25, 'up'),
            ]).toEqual([10.25, 10.5, 10.25, 10.25]);
            expect([
              s.roundQuantity(0, 1.99),
              s.roundQuantity(0, 1.99, 'nearest'),
              s.roundQuantity(0, 0.3 / 0.1, 'down'),
              s.roundQuantity(0, 1.01, 'up'),
            ]).toEqual([1.5, 2, 3, 1.5]);
            expect(s.instrumentById('ACME.XNYS')).toBe(0);
            expect(() => s.instrumentById('X.Y')).toThrow('there is no instrument X.Y in this run; it has ACME.XNYS');
          },
        }),
      ],
    });
  });

  it('a view that is kept reads NaN when its handler is over', () => {
    const kept: { close: number }[] = [];
    runAll({
      streams: [barsOf([[MINUTE, 1, 2, 1, 2]])],
      series: [{ instrument: 0, every: '1m' }],
      strategies: [scripted({ onStart: (s) => s.subscribeBars(0, '1m'), onBar: (_s, bar) => kept.push(bar) })],
    });
    expect(kept[0]!.close).toBeNaN();
  });
});
