import { describe, expect, it } from 'vitest';
import { type ChartBar, INDICATORS, IndicatorRun } from './indicator-lines.ts';

function bars(count: number): ChartBar[] {
  let state = 11;
  const draw = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
  return Array.from({ length: count }, (_, at) => {
    const open = 100 + draw() * 10;
    const close = 100 + draw() * 10;
    return { time: at * 60, open, high: Math.max(open, close) + draw(), low: Math.min(open, close) - draw(), close, volume: 1 + draw() };
  });
}

describe('indicators over a chart whose last bar moves', () => {
  it.each(INDICATORS)('$title comes to the same by steps as over the whole', (choice) => {
    const all = bars(120);
    const moving = new IndicatorRun(choice);
    moving.all(all.slice(0, 100));
    const byStep: (readonly number[])[] = [];
    for (const bar of all.slice(100)) {
      moving.next({ ...bar, close: bar.open, high: bar.high + 5, volume: 0.5 });
      moving.again({ ...bar, close: bar.low });
      byStep.push(moving.again(bar));
    }
    expect(byStep).toEqual(new IndicatorRun(choice).all(all).slice(100));
  });

  it.each(INDICATORS)('$title takes the last bar of the history again with other values', (choice) => {
    const all = bars(100);
    const moved = { ...all[99]!, close: all[99]!.low };
    const run = new IndicatorRun(choice);
    run.all(all);
    expect(run.again(moved)).toEqual(new IndicatorRun(choice).all([...all.slice(0, 99), moved]).at(-1));
  });

  it('an average of twenty says nothing before the twentieth bar, and the mean then', () => {
    const all = bars(20);
    const values = new IndicatorRun(INDICATORS.find(({ id }) => id === 'sma-20')!).all(all);
    expect(values[18]![0]).toBeNaN();
    expect(values[19]![0]).toBeCloseTo(all.reduce((sum, bar) => sum + bar.close, 0) / 20, 10);
  });
});
