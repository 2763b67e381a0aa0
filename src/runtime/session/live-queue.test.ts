import { describe, expect, it } from 'vitest';
import { LiveQueue } from './live-queue.ts';
import { stream as seededStream } from '../../base/random.ts';
import { makeBarBlock, makeQuoteBlock, makeTradeBlock, type MarketBlock } from '../../model/blocks.ts';

const SECOND = 1_000_000;

/** Rows that carry a number by which they are known again. */
function rowsOf(stream: number, ts: number, name: number, length = 1): MarketBlock {
  const block = stream === 0 ? makeQuoteBlock(0, length) : stream === 1 ? makeTradeBlock(0, length) : makeBarBlock(0, 0, length);
  block.length = length;
  block.tsInit.fill(ts);
  block.tsEvent.fill(name);
  return block;
}

interface Seen {
  readonly ts: number;
  readonly kind: number;
  readonly name: number;
}

describe('the queue of a live feed', () => {
  it('gives everything once, when it is due, in the one total order and in the order of its coming', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const chance = seededStream(seed, 'live-queue');
      const queue = new LiveQueue();
      const seen: Seen[] = [];
      const wanted = new Map<number, number>();
      const cameAhead = new Set<number>();
      let now = SECOND;
      const take = (): void => {
        for (let next = queue.take(now, 1 + chance.nextBelow(5)); next !== null; next = queue.take(now, 3)) {
          if (!('block' in next)) continue;
          const { block } = next;
          for (let row = 0; row < block.length; row += 1)
            seen.push({ ts: block.tsInit[row]!, kind: block.kind, name: block.tsEvent[row]! });
          expect(block.tsInit[block.length - 1]).toBeLessThanOrEqual(now);
        }
      };
      for (let name = 0; name < 60; name += 1) {
        const stream = chance.nextBelow(3);
        // A clock of milliseconds: much comes within one. Bars may be known before they close by our clock.
        const ts = stream === 2 && chance.nextBelow(3) === 0 ? now + chance.nextBelow(5) * 1000 : now;
        if (ts > now) cameAhead.add(name);
        wanted.set(name, ts);
        queue.addRows(stream, rowsOf(stream, ts, name), now);
        if (chance.nextBelow(2) === 0) now += chance.nextBelow(3) * 1000;
        if (chance.nextBelow(3) === 0) take();
      }
      now += SECOND;
      take();
      expect([queue.rows, queue.nextTs]).toEqual([0, Number.POSITIVE_INFINITY]);
      const sorted = seen.toSorted((a, b) => a.ts - b.ts || a.kind - b.kind || 0);
      expect(seen).toEqual(sorted);
      expect(seen.every(({ ts, name }) => ts >= wanted.get(name)!)).toBe(true);
      const names = seen.map(({ name }) => name);
      expect(names.toSorted((a, b) => a - b)).toEqual([...wanted.keys()]);
      const inTime = names.filter((name) => !cameAhead.has(name));
      expect([seed, inTime]).toEqual([seed, inTime.toSorted((a, b) => a - b)]);
      const kindsOfTs = new Map<number, Set<number>>();
      for (const { ts, kind } of seen) kindsOfTs.set(ts, (kindsOfTs.get(ts) ?? new Set()).add(kind));
      expect([...kindsOfTs.values()].every((kinds) => kinds.size === 1)).toBe(true);
    }
  });

  it('gives rows of one stream that follow each other as one block, up to as many as are asked for', () => {
    const queue = new LiveQueue();
    for (let name = 0; name < 5; name += 1) queue.addRows(0, rowsOf(0, SECOND, name), SECOND);
    queue.addRows(1, rowsOf(1, SECOND, 5), SECOND);
    const lengths: number[] = [];
    for (let next = queue.take(2 * SECOND, 3); next !== null; next = queue.take(2 * SECOND, 3))
      if ('block' in next) lengths.push(next.block.length);
    expect(lengths).toEqual([3, 2, 1]);
  });

  it('gives a gap before what came after it, once for all instruments that had it', () => {
    const queue = new LiveQueue();
    const gap = { tsFrom: SECOND, tsTo: 2 * SECOND, reason: 'FEED_SILENT' } as const;
    queue.addRows(0, rowsOf(0, SECOND, 1), SECOND);
    for (const instrument of [0, 2, 0]) queue.addGap({ instrument, ...gap }, 2 * SECOND);
    queue.addRows(0, rowsOf(0, 2 * SECOND, 2), 2 * SECOND);
    const order: unknown[] = [];
    for (let next = queue.take(3 * SECOND, 9); next !== null; next = queue.take(3 * SECOND, 9))
      order.push('gap' in next ? next.gap : 'block' in next && next.block.tsEvent[0]);
    expect(order).toEqual([1, { ...gap, instruments: [2, 0] }, 2]);
  });

  it('keeps gaps of two losses apart', () => {
    const queue = new LiveQueue();
    queue.addGap({ instrument: 0, tsFrom: SECOND, tsTo: 2 * SECOND, reason: 'FEED_SILENT' }, 3 * SECOND);
    queue.addGap({ instrument: 1, tsFrom: SECOND, tsTo: 3 * SECOND, reason: 'FEED_SILENT' }, 3 * SECOND);
    expect([queue.take(4 * SECOND, 9), queue.take(4 * SECOND, 9)]).toMatchObject([
      { gap: { instruments: [0], tsTo: 2 * SECOND } },
      { gap: { instruments: [1], tsTo: 3 * SECOND } },
    ]);
  });

  it('keeps a gap that ends after now until then', () => {
    const queue = new LiveQueue();
    queue.addGap({ instrument: 0, tsFrom: SECOND, tsTo: 3 * SECOND, reason: 'FEED_SEQUENCE_GAP' }, 2 * SECOND);
    expect([queue.take(3 * SECOND - 1, 9), queue.take(3 * SECOND, 9)]).toEqual([null, expect.objectContaining({ ts: 3 * SECOND })]);
  });
});
