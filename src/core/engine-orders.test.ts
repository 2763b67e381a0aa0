import { describe, expect, it } from 'vitest';
import { Strategy } from './strategy/strategy.ts';
import { StrategyMistake } from './strategy/strategy-mistake.ts';
import { TradingState } from '../model/trading-state.ts';
import {
  accountOf,
  backtestOf,
  barsOf,
  DOLLAR,
  fillsOf,
  futureOf,
  instrumentOf,
  MINUTE,
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
            onFill: (s, fill) => seen.push(`fill ${fill.quantityExact} position ${s.position(0)}`),
          },
        ),
        at({}, { onOrderEvent: () => seen.push('told to a stranger') }),
      ],
    });
    expect(seen).toEqual(['OrderInitialized', 'OrderSubmitted', 'OrderAccepted', 'OrderFilled', 'fill 1 position 1']);
  });

  it('tell facts that a strategy cannot change: events are frozen, and the fill is its own copy', () => {
    const refused: string[] = [];
    const backtest = runAll({
      streams: [tradesOf(EVERY_TEN)],
      strategies: [
        at(
          { 20: (s) => s.marketOrder(0, 'BUY', 1) },
          {
            onOrderEvent: (_s, event) => {
              const objects: object[] = event.kind === 'OrderInitialized' ? [event, event.request] : [event];
              for (const object of objects) if (!Reflect.set(object, 'instrument', 7)) refused.push(event.kind);
            },
            onFill: (_s, fill) => Object.assign(fill, { quantityExact: 99, priceExact: 99 }),
          },
        ),
      ],
    });
    expect(refused).toEqual(['OrderInitialized', 'OrderInitialized', 'OrderSubmitted', 'OrderAccepted', 'OrderFilled']);
    expect(fillsOf(backtest)).toEqual(['BUY 1 @ 10000 at 30']);
    expect([...backtest.recorder.fills]).toMatchObject([{ instrument: 0, lastQty: 1, lastPx: 10_000 }]);
  });

  it('that answer their own denials without end stop the run in words', () => {
    const strategy = at(
      { 10: (s) => s.marketOrder(0, 'BUY', -1) },
      { onOrderEvent: (s, event) => event.kind === 'OrderDenied' && s.marketOrder(0, 'BUY', -1) },
    );
    expect(() => runAll({ streams: [tradesOf(EVERY_TEN)], strategies: [strategy] })).toThrow(
      new StrategyMistake('STRATEGY_ENDLESS', 'more than 200000 order events in one step: a strategy answers its own events without end'),
    );
  });
});

describe('orders without end of a strategy that hears of none', () => {
  it('stop the run in words too', () => {
    class Deaf extends Strategy {
      override onStart(): void {
        this.subscribeTrades(0);
      }
      override onTrade(): void {
        for (let order = 0; order < 100_001; order += 1) this.marketOrder(0, 'BUY', -1);
      }
    }
    expect(() => runAll({ streams: [tradesOf(EVERY_TEN)], strategies: [Deaf] })).toThrow('more than 200000 order events in one step');
  });
});

describe('timers without end', () => {
  const again = (every: number) =>
    scripted({
      onStart: (s) => {
        s.subscribeTrades(0);
        s.setTimer('again', 5);
      },
      onTimer: (s) => s.setTimer('again', s.now + every),
    });

  it('between two rows stop the run in words, at the bound and not before it', () => {
    const run = (timersBetweenRowsMax: number, every: number) =>
      runAll({ streams: [tradesOf(EVERY_TEN)], engine: { timersBetweenRowsMax }, strategies: [again(every)] });
    // From 5 on, before the row at 10: one timer each at 5, 6, 7, 8, 9 and 10.
    expect(() => run(10, 1)).not.toThrow();
    const words = 'timers fired between two rows of market data: a strategy answers its own events without end';
    expect(() => run(9, 1)).toThrow(new StrategyMistake('STRATEGY_ENDLESS', `9 ${words}`));
    expect(() => run(1000, 0)).toThrow(new StrategyMistake('STRATEGY_ENDLESS', `1000 ${words}`));
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
