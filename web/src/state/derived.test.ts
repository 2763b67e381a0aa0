import { describe, expect, it } from 'vitest';
import { drawdownsOf } from './derived.ts';

function points(...values: readonly number[]) {
  return values.map((value, at) => ({ ts: at, value }));
}

describe('drawdowns', () => {
  it('the worst is no milder than that of now, and stays when the curve has recovered', () => {
    expect(drawdownsOf(points(100, 120, 90))).toEqual({ now: -0.25, worst: -0.25 });
    expect(drawdownsOf(points(100, 120, 90, 108))).toEqual({ now: 108 / 120 - 1, worst: -0.25 });
    expect(drawdownsOf(points(100, 50, 200))).toEqual({ now: 0, worst: -0.5 });
  });

  it('are not known of nothing', () => expect(drawdownsOf([])).toEqual({ now: null, worst: null }));
});
