import { describe, expect, it } from 'vitest';
import type { Engine } from './engine.ts';
import type { Strategy } from './strategy/strategy.ts';
import {
  backtestOf,
  flatBars,
  flatQuoteBars,
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

/** What the runtime does with effects, but for the effect. */
function carryOutNothing({ effects }: Engine): void {
  effects.beginStep();
  while (effects.takeCommand() !== null);
  effects.forgetRecords();
}

describe('a step', () => {
  it('stops behind the first row that has an effect, so that it is carried out before the next row', () => {
    const { engine } = backtestOf({ streams: [], strategies: [at({ 30: (s) => s.marketOrder(0, 'BUY', 1), 60: (s) => s.log('x') })] });
    engine.start();
    carryOutNothing(engine);
    const block = tradesOf(EVERY_TEN).next()!;
    expect(engine.step(block, 0, 20)).toBe(4);
    expect(engine.effects.commands).toMatchObject([{ kind: 'SubmitOrder', ts: 30 }]);
    carryOutNothing(engine);
    expect(engine.step(block, 4, 20)).toBe(7);
    expect(engine.effects.records).toMatchObject([{ kind: 'LogLine', tsInit: 60 }]);
    carryOutNothing(engine);
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

  it.each([-1, 0.5])('to end which nobody has begun (%d) changes nothing', (key) => {
    const seen: number[] = [];
    runAll({
      streams: [tradesOf(EVERY_TEN)],
      strategies: [
        scripted({
          onStart: (s) => {
            s.subscribeTrades(0);
            s.unsubscribeBars(key);
            s.unsubscribeTrades(key);
          },
          onTrade: (_s, trade) => seen.push(trade.tsInit),
        }),
      ],
    });
    expect(seen).toHaveLength(EVERY_TEN.length);
  });

  it('built bars go on without whoever unsubscribed, and come again to whoever subscribes again', () => {
    const seen: number[] = [];
    let series = 0;
    const times = Array.from({ length: 12 }, (_, i) => [i * (MINUTE / 2), 10_000 + i] as const);
    runAll({
      streams: [tradesOf(times)],
      strategies: [
        scripted({
          onStart: (s) => {
            series = s.subscribeBars(0, '1m');
            s.setTimer('back', 4 * MINUTE);
          },
          onBar: (s, bar) => {
            seen.push(bar.tsEvent / MINUTE);
            if (bar.tsEvent === 2 * MINUTE) s.unsubscribeBars(series);
          },
          onTimer: (s) => s.subscribeBars(0, '1m'),
        }),
      ],
    });
    expect(seen).toEqual([1, 2, 5]);
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
      engine: { marketData: { gapMaxUs: 100 } },
      strategies: [watcher('A', 0), watcher('B', 1)],
    });
    expect(seen).toEqual(['A trade 10', 'B trade 15', 'A trade 20', 'B trade 90', 'A gap 20-500 TIME now 500', 'A trade 500']);
    expect(backtest.recorder.gaps).toMatchObject([{ tsFrom: 20, tsTo: 500 }]);
  });

  it('marks the bars built here that it touches once it is known, and lets no order through that opens where risk says so', () => {
    const bars: string[] = [];
    const SECOND = 1_000_000;
    const backtest = runAll({
      streams: [
        tradesOf([
          [10 * SECOND, 100],
          [20 * SECOND, 100],
          [210 * SECOND, 100],
          [250 * SECOND, 100],
          [310 * SECOND, 100],
        ]),
      ],
      engine: { marketData: { gapMaxUs: 60 * SECOND }, limits: { everyInstrument: { denyOnGap: true } } },
      strategies: [
        scripted({
          onStart: (s) => s.subscribeBars(0, '1m', 'trades'),
          onBar: (_s, bar) => bars.push(`${bar.tsEvent / SECOND}${bar.isGapped ? ' gapped' : ''}`),
          onGap: (s) => s.marketOrder(0, 'BUY', 1),
        }),
      ],
    });
    // At 60 nobody knew yet that nothing would come until 210.
    expect(bars).toEqual(['60', '240 gapped', '300']);
    expect(backtest.recorder.denials).toMatchObject([{ code: 'STALE_MARKET_DATA' }]);
  });

  it('orders decided on data older than the limit are counted, and alerted once in each instrument', () => {
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
            [110, 100],
            [121, 100],
            [122, 100],
          ],
          1,
        ),
      ],
      engine: { marketData: { ageMaxUs: 100 } },
      strategies: [
        scripted({
          onStart: (s) => {
            s.subscribeTrades(0);
            s.subscribeTrades(1);
          },
          // The newest trade of instrument 0 is 0, 90, 101, 102 and 0 old.
          onTrade: (s, trade) => trade.tsInit >= 20 && s.marketOrder(0, 'BUY', 1),
        }),
      ],
    });
    expect([0, 1].map((instrument) => backtest.engine.marketData.staleDecisions(instrument))).toEqual([2, 0]);
    expect(backtest.recorder.alerts.map(({ code, tsInit, message }) => `${code} ${tsInit} ${message}`)).toEqual([
      'MARKET_DATA_STALE 121 ACME.XNYS: an order was decided on market data older than marketData.ageMax',
    ]);
  });

  it('and the parameters handed over are the same for all, and nobody can write to them', () => {
    const refused: boolean[] = [];
    const strategy = scripted({
      onStart: (s) => {
        s.subscribeTrades(0);
        refused.push(Reflect.set(s.parameters, 'fast', 9), Reflect.set(s.instruments, 0, 9));
      },
      onGap: (_s, gap) => refused.push(Reflect.set(gap, 'instrument', 9)),
    });
    const { engine } = backtestOf({ streams: [], strategies: [strategy] });
    engine.start();
    engine.apply(
      { kind: 'Gap', gap: { kind: 'DataGap', instrument: 0, tsFrom: 5, tsTo: 25, reason: 'MARKED', tsEvent: 25, tsInit: 25 } },
      25,
    );
    expect(refused).toEqual([false, false, false]);
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
    carryOutNothing(engine);
    engine.step(block, 0, 1);
    expect(engine.marketData.isGapped(0)).toBe(true);
    engine.step(block, 1, 2);
    expect(engine.marketData.isGapped(0)).toBe(false);
  });
});

describe('the history of bars of bid and ask', () => {
  it('is handed to strategies from the first bar on, newest first, however rows are handed over', () => {
    for (const rowsPerBlock of [1, 2, 1000]) {
      const seen: unknown[] = [];
      runAll({
        streams: [
          flatQuoteBars(
            [
              [MINUTE, 100, 102],
              [2 * MINUTE, 0, 103],
              [3 * MINUTE, 104, 105],
            ],
            { series: 1, rowsPerBlock },
          ),
        ],
        strategies: [
          scripted({
            onStart: (s) => s.subscribeQuoteBars(0),
            onQuoteBar: (s, bar) => {
              const bars = s.quoteBars(bar.series);
              const oldest = bars.length - 1;
              seen.push([bars.length, bars.bidClose(0), bars.askClose(oldest), bars.tsEvent(oldest)]);
            },
          }),
        ],
      });
      expect(seen, `${rowsPerBlock} rows a block`).toEqual([
        [1, 1, 1.02, MINUTE],
        [2, Number.NaN, 1.02, MINUTE],
        [3, 1.04, 1.02, MINUTE],
      ]);
    }
  });

  it('of a series that has had no bar ends the run', () => {
    const { engine } = backtestOf({ streams: [], strategies: [scripted({ onStart: (s) => void s.quoteBars(0) })] });
    expect(() => engine.start()).toThrow('no row');
  });
});
