import { describe, expect, it } from 'vitest';
import { accountOf, barsOf, DOLLAR, fillsOf, flatBars, futureOf, MINUTE, NO_FEE, runAll, scripted, USD } from './backtest.fixture.ts';
import { Strategy, type StrategySetup } from '../core/strategy/strategy.ts';
import { BlockKind } from '../model/blocks.ts';
import { DEFAULT_FILL_RULES } from '../sim/matching/fill-rules.ts';

/** What happens at the nth bar, from 1. */
const atBar = (steps: Readonly<Record<number, (s: Strategy) => void>>) => {
  let count = 0;
  return {
    onStart: (s: Strategy): void => void s.subscribeBars(0, '1m'),
    onBar: (s: Strategy): void => steps[(count += 1)]?.(s),
  };
};

describe('flatten', () => {
  it('closes the position while a stop for all of it is open, canceled in the same breath or not', () => {
    for (const cancels of [true, false]) {
      const backtest = runAll({
        instruments: [futureOf()],
        series: [{ instrument: 0, every: '1m' }],
        streams: [flatBars([100, 100, 100, 100, 100])],
        strategies: [
          scripted(
            atBar({
              1: (s) => s.marketOrder(0, 'BUY', 10),
              2: (s) => s.stopOrder(0, 'SELL', 10, 0.5, { reduceOnly: true }),
              3: (s) => {
                if (cancels) s.cancelAllOrders();
                s.flatten(0);
              },
            }),
          ),
        ],
      });
      expect(fillsOf(backtest).map((line) => line.split(' @')[0])).toEqual(['BUY 10', 'SELL 10']);
      expect(backtest.recorder.denials).toEqual([]);
    }
  });

  it('closes what each of two strategies holds, though together they hold nothing', () => {
    const first = atBar({ 1: (s) => s.marketOrder(0, 'BUY', 10), 3: (s) => s.flatten(0) });
    const second = atBar({ 1: (s) => s.marketOrder(0, 'SELL', 10), 3: (s) => s.flatten(0) });
    const backtest = runAll({
      instruments: [futureOf()],
      series: [{ instrument: 0, every: '1m' }],
      streams: [flatBars([100, 100, 100, 100, 100])],
      strategies: [scripted(first), scripted(second)],
    });
    const { positions } = backtest.engine.portfolio;
    expect([positions.quantity(0, 0), positions.quantity(1, 0)]).toEqual([0, 0]);
  });
});

describe('the way out of one of two strategies that stand against each other', () => {
  /** Ten times leverage, nothing to maintain: a contract at 100.00 takes 10 dollars of margin. Both act at the bars given. */
  const play = (
    dollars: bigint,
    closes: readonly number[],
    first: Readonly<Record<number, (s: Strategy) => void>>,
    second: Readonly<Record<number, (s: Strategy) => void>>,
  ) =>
    runAll({
      instruments: [futureOf()],
      accounts: [
        accountOf({
          openingBalances: [{ currency: USD, amount: dollars * DOLLAR }],
          margin: {
            kind: 'leverage',
            leveragePpb: 10_000_000_000,
            initialRatePpb: 1_000_000_000,
            maintenanceRatePpb: 0,
            markedAt: 'MARK',
            locks: 'INITIAL',
          },
        }),
      ],
      series: [{ instrument: 0, every: '1m' }],
      streams: [flatBars(closes)],
      strategies: [scripted(atBar(first)), scripted(atBar(second))],
    });

  it('is open where it leaves the account with less margin than it uses, though margin is short', () => {
    // Long 30 against short 10: the account is long 20. From 100.00 to 88.00 it loses 240 of 300: 60 are left, and 20 contracts take 176.
    const backtest = play(
      300n,
      [10_000, 10_000, 10_000, 8_800, 8_800],
      { 2: (s) => s.marketOrder(0, 'BUY', 30), 4: (s) => s.marketOrder(0, 'SELL', 30) },
      { 1: (s) => s.marketOrder(0, 'SELL', 10) },
    );
    // Short 10 takes 88: less than before, so it is let out.
    expect(backtest.recorder.denials).toEqual([]);
    expect(fillsOf(backtest).map((line) => line.split(' @')[0])).toEqual(['SELL 10', 'BUY 30', 'SELL 30']);
  });

  it('is judged as what it is for the account where that holds nothing: an opening, as far as there is margin', () => {
    const backtest = play(
      50n,
      Array.from({ length: 8 }, () => 10_000),
      {
        1: (s) => s.marketOrder(0, 'BUY', 5),
        3: (s) => s.marketOrder(0, 'BUY', 5),
        5: (s) => s.marketOrder(0, 'SELL', 10),
        6: (s) => s.marketOrder(0, 'SELL', 5),
      },
      { 2: (s) => s.marketOrder(0, 'SELL', 10), 7: (s) => s.marketOrder(0, 'BUY', 10) },
    );
    // Long 10 against short 10 use no margin. To leave whole would take 100 of the 50 that are there; half of it takes 50.
    expect(backtest.recorder.denials.map(({ clientOrderId, code }) => [clientOrderId, code])).toEqual([[4, 'MARGIN_EXCEEDS_FREE_BALANCE']]);
    // Then the other is let out: its 10 carry the account from short 5 to long 5, which takes no more.
    expect(fillsOf(backtest).map((line) => line.split(' @')[0])).toEqual(['BUY 5', 'SELL 10', 'BUY 5', 'SELL 5', 'BUY 10']);
  });
});

describe('an order that answers a fill', () => {
  it("is not worked at prices older than what the strategy has seen: another instrument's bar of the same minute", () => {
    // A shows its bar before B's is walked; B is bought at its open, and the answer must not meet B's high of that same minute.
    const bars = { open: 100, high: 200, low: 90, close: 100 };
    const rows = [1, 2, 3, 4].map((n) => [n * MINUTE, bars.open, bars.high, bars.low, bars.close] as const);
    const backtest = runAll({
      instruments: [futureOf({ id: 'A.XNYS' }, 0), futureOf({ id: 'B.XNYS' }, 1)],
      series: [
        { instrument: 0, every: '1m' },
        { instrument: 1, every: '1m' },
      ],
      streams: [barsOf(rows), barsOf(rows, { instrument: 1, series: 1 })],
      rules: { path: 'openLowHighClose' },
      strategies: [
        scripted({
          onStart: (s) => void s.subscribeBars(1, '1m'),
          onBar: (s) => {
            if (s.position(1) === 0 && s.openOrders(1).length === 0) s.marketOrder(1, 'BUY', 1);
          },
          onFill: (s, fill) => {
            if (fill.side === 'BUY') s.limitOrder(1, 'SELL', 1, 2);
          },
        }),
      ],
    });
    const fills = backtest.recorder.fills;
    // Bought at the second minute's open; the third minute's high is the first that the answer may meet.
    expect(fills.at(0).tsEvent).toBe(MINUTE);
    expect(fills.at(1).tsEvent).toBeGreaterThan(2 * MINUTE);
  });
});

describe('the end of the data', () => {
  it('ends the run: a dividend after the last row is not paid', () => {
    const dividend = { kind: 'DividendPaid', instrument: 0, amountPerUnit: 100_000_000n } as const;
    const backtest = runAll({
      series: [{ instrument: 0, every: '1m' }],
      streams: [flatBars([100, 100, 100])],
      strategies: [scripted(atBar({ 1: (s) => s.marketOrder(0, 'BUY', 5) }))],
      spec: {
        accountEvents: [2.5 * MINUTE, 4 * MINUTE].map((ts) => ({ ...dividend, tsEvent: ts, tsInit: ts })),
      },
    });
    // 5 shares at 1.00 a share, once.
    expect(backtest.engine.portfolio.ledger.balance('DIVIDEND', 0, 'USD')).toBe(-500_000_000n);
    expect(backtest.engine.now).toBe(3 * MINUTE);
  });
});

describe('bars of two lengths, the longer ones moving orders', () => {
  it('an order sent within a long bar waits for the next one to open', () => {
    const short = Array.from({ length: 12 }, (_, n) => [(n + 1) * MINUTE, 108, 108, 108, 108] as const);
    const long = [100, 104, 120].map((open, n) => [(n + 1) * 4 * MINUTE, open, 130, 90, 108] as const);
    const instrument = futureOf();
    const matching = { instrument, rules: DEFAULT_FILL_RULES, fees: NO_FEE, matchOn: [BlockKind.BARS], matchSeries: 1 };
    const backtest = runAll({
      instruments: [instrument],
      series: [
        { instrument: 0, every: '1m' },
        { instrument: 0, every: '4m' },
      ],
      streams: [barsOf(short), barsOf(long, { series: 1, stepUs: 4 * MINUTE })],
      strategies: [scripted(atBar({ 6: (s) => s.marketOrder(0, 'BUY', 1) }))],
      spec: { venues: [{ venue: 'XNYS', orderEntryUs: 0, responseUs: 0, instruments: [matching] }] },
    });
    expect(fillsOf(backtest)).toEqual([`BUY 1 @ 120 at ${8 * MINUTE}`]);
  });
});

describe('words that a strategy makes up', () => {
  it.each(['toString', 'constructor', '__proto__', 'buy'])('deny the order: side %s', (side) => {
    const backtest = runAll({
      instruments: [futureOf()],
      series: [{ instrument: 0, every: '1m' }],
      streams: [flatBars([100, 100, 100])],
      strategies: [
        scripted(
          atBar({ 1: (s) => s.marketOrder(0, side as 'BUY', 1), 2: (s) => s.marketOrder(0, 'BUY', 1, { timeInForce: side as 'DAY' }) }),
        ),
      ],
    });
    expect(fillsOf(backtest)).toEqual([]);
    expect(backtest.recorder.denials.map((event) => event.code)).toEqual(['ORDER_INVALID', 'ORDER_INVALID']);
  });
});

describe('the context that a strategy is handed', () => {
  it('cannot be changed, and leads to nothing but its calls', () => {
    let context: unknown;
    class Curious extends Strategy {
      constructor(setup: StrategySetup) {
        super(setup);
        context = setup.context;
      }
    }
    runAll({ instruments: [futureOf()], streams: [flatBars([100])], series: [{ instrument: 0, every: '1m' }], strategies: [Curious] });
    expect(Object.isFrozen(context)).toBe(true);
    expect(Object.getOwnPropertyNames(context)).toEqual([]);
    const shared: unknown = Object.getPrototypeOf(context);
    expect(Object.isFrozen(shared)).toBe(true);
    expect(Object.getPrototypeOf(shared)).toBe(Object.prototype);
    for (const { value, get } of Object.values(Object.getOwnPropertyDescriptors(shared))) expect(Object.isFrozen(value ?? get)).toBe(true);
    for (const name of ['restart', 'strategy', 'tellGap', 'warmingUp', 'requireOwn']) expect(context).not.toHaveProperty(name);
  });
});
