import { describe, expect, it } from 'vitest';
import { EQUITY_SAMPLES_MAX, EquitySampler, type EquitySampling } from './equity-sampler.ts';
import { flatBars, futureOf, MINUTE, runAll, scripted, tradesOf } from './backtest.fixture.ts';

const curve = ({ ts, equityApprox, count }: EquitySampler): string[] =>
  Array.from({ length: count }, (_, i) => `${ts[i]}: ${equityApprox[i]}`);

/** Long one unit from 100.00 (filled at 20): equity is 10 000 + (price − 100). */
function sampled(sampling: EquitySampling, rows: readonly (readonly [number, number])[]): string[] {
  const strategy = scripted({
    onStart: (s) => s.subscribeTrades(0),
    onTrade: (s, trade) => trade.tsInit === 10 && s.marketOrder(0, 'BUY', 1),
  });
  return curve(runAll({ instruments: [futureOf()], streams: [tradesOf(rows)], strategies: [strategy], spec: { sampling } }).sampler);
}

describe('the equity curve', () => {
  it('at an interval begins with what was there, then holds what is true when every input up to that time is handled; the last falls on its interval too', () => {
    const rows = [
      [10, 10_000],
      [20, 10_000],
      [50, 10_100],
      [50, 10_200],
      [51, 10_300],
      [120, 10_500],
    ] as const;
    expect(sampled({ kind: 'interval', everyUs: 50 }, rows)).toEqual(['10: 10000', '50: 10002', '100: 10003', '150: 10005']);
  });

  it('has no samples where there is no data', () => {
    expect(
      sampled({ kind: 'interval', everyUs: 10 }, [
        [10, 10_000],
        [20, 10_000],
        [1005, 10_100],
        [1010, 10_200],
      ]),
    ).toEqual(['10: 10000', '20: 10000', '1010: 10002']);
  });

  it('by bar has one sample per bar time, both instruments of that time included', () => {
    let isBought = false;
    const { sampler } = runAll({
      instruments: [futureOf(), futureOf({ id: 'BOLT.XNYS' }, 1)],
      series: [
        { instrument: 0, every: '1m' },
        { instrument: 1, every: '1m' },
      ],
      streams: [flatBars([10_000, 10_000, 10_100]), flatBars([10_000, 10_000, 10_300], { instrument: 1, series: 1 })],
      strategies: [
        scripted({
          onStart: (s) => s.subscribeBars(1, '1m'),
          onBar: (s) => {
            if (!isBought) for (const instrument of [0, 1]) s.marketOrder(instrument, 'BUY', 1);
            isBought = true;
          },
        }),
      ],
    });
    expect(curve(sampler)).toEqual([`${MINUTE}: 10000`, `${2 * MINUTE}: 10000`, `${3 * MINUTE}: 10004`]);
  });

  it('grows past its first size and keeps every sample', () => {
    const sampler = new EquitySampler({ kind: 'interval', everyUs: 1 });
    sampler.begin(1, Number.NaN);
    for (let i = 1; i <= 10_000; i += 1) sampler.take(i * 2, i + 1);
    sampler.finish(10_001, 7);
    expect([sampler.count, sampler.ts[9_999], sampler.equityApprox[9_999], sampler.equityApprox[10_000]]).toEqual([
      10_001, 10_000, 20_000, 7,
    ]);
  });

  it('refuses a sample beyond the most that are kept, with a code', () => {
    const sampler = new EquitySampler({ kind: 'bar' });
    sampler.count = EQUITY_SAMPLES_MAX - 1;
    sampler.finish(60, 1);
    expect(sampler.count).toBe(EQUITY_SAMPLES_MAX);
    expect(() => sampler.finish(61, 1)).toThrow(
      'at most 50000000 samples. Sample less often, or run a shorter period. [EQUITY_SAMPLES_TOO_MANY]',
    );
  });

  it('ends with the state at the end, in place of a sample of the same time', () => {
    const sampler = new EquitySampler({ kind: 'bar' });
    sampler.noteBar(60);
    sampler.take(1, 70);
    sampler.finish(60, 2);
    expect(curve(sampler)).toEqual(['60: 2']);
    expect(sampler.dueTs).toBe(Number.POSITIVE_INFINITY);
  });
});
