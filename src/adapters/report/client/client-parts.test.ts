import { describe, expect, it } from 'vitest';
import { timeTicks, valueTicks } from './axis-ticks.ts';
import { decimalText } from './decimal-text.ts';
import { durationText } from './duration-text.ts';
import { thinPoints } from './thin-points.ts';
import { TimeView } from './time-view.ts';
import { clientScript } from '../client-script.ts';
import { timeDigits } from '../text-columns.ts';
import { isoToUs } from '../page-data.ts';

const THIN = '\u202f';

describe('decimal texts', () => {
  it('have fixed decimals, thin spaces and a true minus, at any length', () => {
    expect(decimalText('1234567.5', 2, false)).toBe(`1${THIN}234${THIN}567.50`);
    expect(decimalText('-0.005', 2, true)).toBe('\u22120.01');
    expect(decimalText('0.004', 2, true)).toBe('0.00');
    expect(decimalText('999.995', 2, true)).toBe(`+1${THIN}000.00`);
    expect(decimalText('12345678901234567890.25', 1, false)).toBe(`12${THIN}345${THIN}678${THIN}901${THIN}234${THIN}567${THIN}890.3`);
    expect(decimalText('-3', 0, false)).toBe('\u22123');
  });

  it('leave alone what is no decimal', () => {
    expect(decimalText('<b>', 2, true)).toBe('<b>');
    expect(decimalText('1e9', 2, true)).toBe('1e9');
  });
});

describe('columns of texts', () => {
  it('cut times to what tells them apart', () => {
    expect(timeDigits(['2020-01-02T00:00:00.000000Z'])).toBe(10);
    expect(timeDigits(['2020-01-02T00:00:00.000000Z', '2020-01-02T09:30:00.000000Z'])).toBe(16);
    expect(timeDigits(['2020-01-02T09:30:01.000000Z'])).toBe(19);
    expect(timeDigits(['2020-01-02T09:30:01.000001Z'])).toBe(26);
  });

  it('read ISO times to the microsecond', () => {
    expect(isoToUs('1970-01-01T00:00:01.000002Z')).toBe(1_000_002);
    expect(isoToUs('2013-10-07T13:31:00Z')).toBe(1_381_152_660_000_000);
    expect(isoToUs('yesterday')).toBeNaN();
  });
});

describe('durations', () => {
  it('are said in their two largest units', () => {
    expect([120, 45_200_000, 3_900_000_000, 7_200_000_000, 86_400_000_000, 1_051_200_000_000].map(durationText)).toEqual([
      '120 µs',
      '45.2 s',
      '1 h 5 min',
      '2 h',
      '1 d',
      '12 d 4 h',
    ]);
  });
});

describe('thinning', () => {
  const count = 20_000;
  const ts = Array.from({ length: count }, (_, index) => index);
  const value = ts.map((index) => (index === 777 ? 50 : index === 12_345 ? -50 : Math.sin(index)));

  it('keeps the ends and every peak and trough, in order, and at most four points for each bucket', () => {
    const kept = thinPoints(ts, value, value, { from: 0, to: count - 1 }, 100);
    expect(kept.length).toBeLessThanOrEqual(4 * 101);
    expect(kept).toEqual([...kept].sort((a, b) => a - b));
    expect(kept).toEqual(expect.arrayContaining([0, 777, 12_345, count - 1]));
  });

  it('keeps every point where there are few, and the neighbors just outside', () => {
    expect(thinPoints(ts, value, value, { from: 100, to: 105 }, 100)).toEqual([99, 100, 101, 102, 103, 104, 105, 106]);
    expect(thinPoints([], [], [], { from: 0, to: 1 }, 10)).toEqual([]);
  });

  it('finds the peak after a hole in the values', () => {
    const holed = value.map((figure, index) => (index < 5 ? Number.NaN : figure));
    expect(thinPoints(ts, holed, holed, { from: 0, to: count - 1 }, 10)).toEqual(expect.arrayContaining([777, 12_345]));
  });
});

describe('axes', () => {
  it('have round steps and the decimals that tell them apart', () => {
    expect(valueTicks(0, 10, 5)).toEqual({ values: [0, 2, 4, 6, 8, 10], decimals: 0 });
    expect(valueTicks(1.02, 1.09, 4).decimals).toBe(2);
    expect(valueTicks(3, 3, 4).values).toEqual([]);
  });

  it('name years and months where there are years, and clock times within a day', () => {
    const us = (text: string): number => Date.parse(text) * 1000;
    expect(timeTicks(us('2004-08-19'), us('2007-03-01'), 4).map((tick) => tick.label)).toEqual(['2005', '2006', '2007']);
    expect(timeTicks(us('2004-11-15'), us('2005-03-02'), 4).map((tick) => tick.label)).toEqual(['2004-12', '2005', '2005-02', '2005-03']);
    expect(timeTicks(us('2004-11-15T22:30'), us('2004-11-16T01:30'), 3).map((tick) => tick.label)).toEqual([
      '23:00',
      '2004-11-16',
      '01:00',
    ]);
  });
});

describe('the shared view of time', () => {
  it('zooms about a moment, never beyond the data and never below the smallest span', () => {
    const view = new TimeView(0, 1000, 10);
    view.zoom(0.5, 250);
    expect([view.from, view.to]).toEqual([125, 625]);
    for (let times = 0; times < 20; times += 1) view.zoom(0.5, 250);
    expect(view.to - view.from).toBeCloseTo(10, 9);
    expect((view.from + view.to) / 2).toBeGreaterThan(245);
    for (let times = 0; times < 20; times += 1) view.zoom(2, 250);
    expect([view.from, view.to, view.isWhole]).toEqual([0, 1000, true]);
  });

  it('stops at the ends when it pans, and tells its charts', () => {
    const view = new TimeView(0, 1000, 10);
    let told = 0;
    view.onChange(() => {
      told += 1;
    });
    view.show(100, 300);
    view.pan(-5);
    expect([view.from, view.to, told]).toEqual([0, 200, 2]);
  });
});

describe('the script of the page', () => {
  it('is whole: it compiles, and holds nothing that could end its element', () => {
    const script = clientScript();
    expect(script).not.toMatch(/<\/script|<!--/i);
    expect(script).not.toMatch(/__vi_|\bimport\b|\brequire\b/);
    expect(() => new Function(script)).not.toThrow();
  });
});
