import { describe, expect, it } from 'vitest';
import { afresh } from './afresh.ts';
import { backtestOf, futureOf, type RunOptions, scripted, tradesOf } from './backtest.fixture.ts';
import { FRESH_LOOPS_MAX } from '../core/host/dispatch.ts';
import type { Strategy } from '../core/strategy/strategy.ts';

/** Prices that go up and down by themselves, a microsecond apart. */
const ROWS = Array.from({ length: 3000 }, (_, i) => [i + 1, 10_000 + Math.round(500 * Math.sin(i / 9)) + ((i * 7919) % 41)] as const);

/** Trades every so many rows, in turn long and short. */
const trader = (every: number) =>
  scripted({
    onStart: (s) => s.subscribeTrades(0),
    onTrade: (s, trade) => {
      if (trade.tsInit % every === 0) s.targetPosition(0, trade.tsInit % (2 * every) === 0 ? 1 : -1);
    },
  });

function digestOf(engine: RunOptions['engine'], strategies: RunOptions['strategies']): string {
  const backtest = backtestOf({ instruments: [futureOf()], streams: [tradesOf(ROWS, 0, 97)], strategies, ...(engine && { engine }) });
  while (!backtest.advance(500));
  backtest.finish();
  return `${backtest.recorder.fills.length} ${backtest.digest()}`;
}

describe('functions compiled afresh', () => {
  it('are others, and do the same', () => {
    const twice = (count: number): number => count * 2;
    const other = afresh(twice);
    expect(other).not.toBe(twice);
    expect(other(21)).toBe(42);
  });

  it('change nothing in what one strategy or several decide', () => {
    for (const strategies of [[trader(7)], [trader(7), trader(5), trader(11)]]) {
      const fresh = digestOf(undefined, strategies);
      expect(fresh).not.toMatch(/^0 /);
      expect(digestOf({ afresh: (closed) => closed }, strategies)).toBe(fresh);
    }
  });

  it('are made for a bounded number of lists of strategies', () => {
    let made = 0;
    const toggling = scripted({
      onStart: (s) => s.subscribeTrades(0),
      onTrade: (s: Strategy) => {
        s.unsubscribeTrades(0);
        s.subscribeTrades(0);
      },
    });
    digestOf({ afresh: (closed) => ((made += 1), closed) }, [toggling]);
    // A handler and a loop for each list.
    expect(made).toBe(2 * FRESH_LOOPS_MAX);
  });
});
