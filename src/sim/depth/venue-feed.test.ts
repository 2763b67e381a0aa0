import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BookSide } from '../../model/book-delta.ts';
import { deltasOf, level, type Recorded, trade, tradesOf } from './depth-player.fixture.ts';
import { type FeedBlock, type FeedDelay, VenueFeed } from './venue-feed.ts';

/** What the venue made, in order: `kind of row`, the time of the recording, and that of the venue. */
function shown(recorded: readonly Recorded[], delay: FeedDelay, tsEvents?: readonly number[]): [string, number, number][] {
  const blocks = [deltasOf(recorded), tradesOf(recorded)];
  tsEvents?.forEach((ts, row) => void (blocks[0]!.tsEvent[row] = ts));
  const readers = blocks.map((block) => {
    let given: FeedBlock | null = block;
    return {
      next() {
        const next = given;
        given = null;
        return next;
      },
      close() {},
    };
  });
  const feed = new VenueFeed(readers, delay);
  const rows: [string, number, number][] = [];
  const listener = {
    onDelta: (block: FeedBlock, row: number, ts: number) => void rows.push(['change', block.tsInit[row]!, ts]),
    onTrade: (block: FeedBlock, row: number, ts: number) => void rows.push(['trade', block.tsInit[row]!, ts]),
  };
  while (feed.nextTs !== Number.POSITIVE_INFINITY) feed.show(listener);
  return rows;
}

it('a feed that takes now more and now less keeps the order of the recording, and what came together was made together', () => {
  const steps = fc.array(fc.tuple(fc.nat(30), fc.boolean()), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 1000 }), (each, seed) => {
      let ts = 1000;
      const recorded = each.map(([after, isTrade]) => {
        ts += after;
        return isTrade ? trade(ts, 100, 1) : level(ts, BookSide.BID, 99, 1);
      });
      const rows = shown(recorded, { kind: 'stated', latency: { kind: 'uniform', minUs: 0, maxUs: 40, seed } });
      expect(rows).toHaveLength(recorded.length);
      const byRecording = recorded
        .map((row) => [row.ts, 'trade' in row ? 'trade' : 'change'] as const)
        .sort(([a, first], [b, second]) => a - b || (first === second ? 0 : first === 'trade' ? -1 : 1));
      expect(rows.map(([kind, tsInit]) => [tsInit, kind])).toEqual(byRecording);
      const venueTimes = new Map<number, number>();
      let last = Number.NEGATIVE_INFINITY;
      for (const [, tsInit, venueTs] of rows) {
        expect(venueTs).toBeGreaterThanOrEqual(last);
        expect(venueTs).toBeLessThanOrEqual(tsInit);
        expect(venueTimes.get(tsInit) ?? venueTs).toBe(venueTs);
        venueTimes.set(tsInit, venueTs);
        last = venueTs;
      }
    }),
    { numRuns: 200 },
  );
});

it('by recorded times the venue had a row no later than the house, and later rows no sooner', () => {
  const recorded = [10, 20, 30, 40].map((ts) => level(ts, BookSide.BID, 99, 1));
  // The venue's stamps, 5 behind the recording's clock: 3 is at 8; 19 would be at 24, after the house had it; 11 would be before the row before it.
  const rows = shown(recorded, { kind: 'recorded', clockAheadUs: 5 }, [3, 19, 11, 30]);
  expect(rows.map(([, tsInit, ts]) => [tsInit, ts])).toEqual([
    [10, 8],
    [20, 20],
    [30, 20],
    [40, 35],
  ]);
});
