import { describe, expect, it } from 'vitest';
import { drawdownCurve, drawdownEpisodes } from './drawdowns.ts';

const series = (...value: number[]) => ({ ts: Float64Array.from(value, (_, index) => index * 10), value: Float64Array.from(value) });

describe('drawdownCurve', () => {
  it('is the share below the highest so far', () => {
    expect([...drawdownCurve(Float64Array.of(100, 80, 100, 200, 150))]).toEqual([0, -0.2, 0, 0, -0.25]);
  });
});

describe('drawdownEpisodes', () => {
  it('run from the last sample at the peak to the first back at it, the last one to the end', () => {
    expect(drawdownEpisodes(series(100, 100, 75, 90, 100, 200, 150, 100, 180))).toEqual([
      { peakIndex: 1, endIndex: 4, depth: -0.25, durationUs: 30 },
      { peakIndex: 5, endIndex: 8, depth: -0.5, durationUs: 30 },
    ]);
  });

  it('count a fall at the very last sample and a recovery there', () => {
    expect(drawdownEpisodes(series(100, 90))).toEqual([{ peakIndex: 0, endIndex: 1, depth: -0.1, durationUs: 10 }]);
    expect(drawdownEpisodes(series(100, 50, 100))).toEqual([{ peakIndex: 0, endIndex: 2, depth: -0.5, durationUs: 20 }]);
  });

  it('are none on the way up', () => {
    expect(drawdownEpisodes(series(1, 2, 2, 3))).toEqual([]);
  });
});
