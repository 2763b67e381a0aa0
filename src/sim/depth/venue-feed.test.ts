import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BookSide } from '../../model/book-delta.ts';
import type { LatencyModel } from '../latency.ts';
import { deltasOf, level, type Recorded, trade, tradesOf } from './depth-player.fixture.ts';
import { type FeedBlock, VenueFeed } from './venue-feed.ts';

/** What the venue made, in order: `kind of row`, the time of the recording, and that of the venue. */
function shown(recorded: readonly Recorded[], latency: LatencyModel): [string, number, number][] {
  const readers = [deltasOf(recorded), tradesOf(recorded)].map((block) => {
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
  const feed = new VenueFeed(readers, { kind: 'stated', latency });
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
      const rows = shown(recorded, { kind: 'uniform', minUs: 0, maxUs: 40, seed });
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
