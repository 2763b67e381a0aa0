import { expect, it } from 'vitest';
import { drawdownsOf, onePerSecond } from './equity-points.ts';

it('of each second the last point is drawn, and what falls behind is left out', () => {
  const points = [
    { ts: 1_000_000, value: 1 },
    { ts: 1_900_000, value: 2 },
    { ts: 3_000_000, value: 3 },
    { ts: 2_000_000, value: 9 },
  ];
  expect(onePerSecond(points)).toEqual([
    { time: 1, value: 2 },
    { time: 3, value: 3 },
  ]);
});

it('drawdown is the share below the highest before', () => {
  const values = [100, 80, 120, 90].map((value, time) => ({ time, value }));
  expect(drawdownsOf(values).map(({ value }) => Number(value.toFixed(4)))).toEqual([0, -0.2, 0, -0.25]);
});
