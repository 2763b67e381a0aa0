import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Delays } from './delays.ts';
import { gatesOf, type MemorySample, median, type SoakOutcome } from './soak-gates.ts';

const MB = 2 ** 20;

/** Heap of so many megabytes, two thirds of it in the main thread. */
function sample(minute: number, heap: number): MemorySample {
  const memory = { mainHeap: heap * MB * (2 / 3), workerHeap: heap * MB * (1 / 3), mainBuffers: 0, workerBuffers: 0, resident: 0 };
  return { at: minute * 60, memory };
}

const window = (slow: boolean, p99: number) => ({ slow, p50: 1, p99 });

const GOOD: SoakOutcome = {
  minutes: 10,
  samples: [sample(1, 80), sample(3, 100), sample(10, 101.9)],
  windows: [window(true, 1100), window(false, 1000)],
  holes: 0,
  fastClosed: 0,
  slowCloses: { 4409: 7 },
  slowClients: 20,
};

/** By place: held, failed, or not to be said. */
const held = (outcome: SoakOutcome) => gatesOf(outcome).map(({ isHeld }) => isHeld);

describe('the gates of a soak', () => {
  it('hold where heap, delays and closes are within their bounds', () => {
    expect(held(GOOD)).toEqual([true, true, true, true, true]);
  });

  it('count growth from minute 3 on, not what fills before', () => {
    expect(held({ ...GOOD, samples: [sample(3, 100), sample(10, 102.1)] })[0]).toBe(false);
    expect(held({ ...GOOD, samples: [sample(1, 50), sample(3.2, 100), sample(10, 101)] })[0]).toBe(true);
  });

  it('count growth an hour, from minute 10 on, where the soak is an hour or more', () => {
    // 0.8 % in 50 minutes are 0.96 % an hour; 0.9 % are 1.08 %.
    expect(held({ ...GOOD, minutes: 60, samples: [sample(3, 50), sample(10, 100), sample(60, 100.8)] })[0]).toBe(true);
    expect(held({ ...GOOD, minutes: 60, samples: [sample(3, 50), sample(10, 100), sample(60, 100.9)] })[0]).toBe(false);
  });

  it('say nothing of the heap where the soak ended with its warm-up', () => {
    expect(held({ ...GOOD, minutes: 3, samples: [sample(1, 1), sample(3, 100)] })[0]).toBeNull();
    expect(held({ ...GOOD, samples: [] })[0]).toBeNull();
  });

  it('take the median of the windows, so that a single bad one does not decide', () => {
    const windows = [
      window(true, 1090),
      window(false, 1000),
      window(true, 9000),
      window(false, 1000),
      window(true, 1050),
      window(false, 10),
    ];
    expect(held({ ...GOOD, windows })[1]).toBe(true);
    expect(held({ ...GOOD, windows: windows.map(({ slow, p99 }) => window(slow, slow ? p99 * 2 : p99)) })[1]).toBe(false);
    expect(held({ ...GOOD, windows: [window(false, 10)] })[1]).toBeNull();
  });

  it.each([
    ['a slow client that was cut off without a code', { slowCloses: { 4409: 7, 1006: 1 } }, 2],
    ['slow clients that nobody closes', { slowCloses: {} }, 2],
    ['a message that went missing', { holes: 1 }, 3],
    ['a client that read and was closed', { fastClosed: 1 }, 4],
  ])('fail for %s', (_, change, place) => {
    expect(held({ ...GOOD, ...change })[place]).toBe(false);
  });
});

describe('figures of delays', () => {
  it('give quantiles within two percent of those of the sorted delays', () => {
    const delay = fc.integer({ min: 50, max: 1_000_000_000 });
    fc.assert(
      fc.property(fc.array(delay, { minLength: 1, maxLength: 300 }), fc.constantFrom(0.5, 0.99, 1), (delays, share) => {
        const counted = new Delays();
        for (const each of delays) counted.add(each);
        const exact = delays.toSorted((a, b) => a - b)[Math.ceil(share * delays.length) - 1]!;
        const found = new Delays(counted.counts).quantile(share);
        expect(found / exact).toBeGreaterThan(0.9999);
        expect(found / exact).toBeLessThan(1.0201);
      }),
    );
  });

  it('are not a number where there are none', () => {
    expect(new Delays().quantile(0.99)).toBeNaN();
    expect(median([])).toBeNaN();
    expect(median([Number.NaN, 4, 1, 2, 3])).toBe(2.5);
  });
});
