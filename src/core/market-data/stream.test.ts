import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeTradeBlock } from '../../model/blocks.ts';
import { testInstrument, tradeBlock } from './market-data.fixture.ts';
import { MarketDataCache } from './market-data-cache.ts';
import { MarketDataManager } from './market-data-manager.ts';

function manager(): MarketDataManager {
  const instruments = [testInstrument(0)];
  return new MarketDataManager({ instruments, cache: new MarketDataCache(instruments, 4) });
}

describe('looking ahead', () => {
  /** What a look at one row after the other accepts, by the rule for trades. */
  function acceptedOneByOne(rows: readonly (readonly [number, number])[]): number[] {
    const accepted: number[] = [];
    let last = Number.NEGATIVE_INFINITY;
    rows.forEach(([ts, quantity], row) => {
      if (ts < last || quantity <= 0) return;
      accepted.push(row);
      last = ts;
    });
    return accepted;
  }

  it('looks again at rows that it found fit where others of the stream came before them', () => {
    const data = manager();
    const block = tradeBlock([
      [1, 5, 1],
      [2, 5, 1],
      [3, 5, 1],
    ]);
    expect(data.scan(block, 0, 3)).toBe(3);
    data.commit(block, 0, 1);
    const stored = tradeBlock([[5, 5, 1]]);
    stored.isValidated = true;
    expect(data.scan(stored, 0, 1)).toBe(1);
    data.commit(stored, 0, 1);
    expect(data.scan(block, 1, 3)).toBe(1);
    expect(data.refuse(block, 1)).toBe('MARKET_DATA_OUT_OF_ORDER');
  });

  it('looks at stored rows where they begin before others of the stream ended', () => {
    const data = manager();
    data.commit(tradeBlock([[5, 5, 1]]), 0, 1);
    const stored = tradeBlock([
      [4, 5, 1],
      [6, 5, 1],
    ]);
    stored.isValidated = true;
    expect(data.scan(stored, 0, 2)).toBe(0);
    expect(data.refuse(stored, 0)).toBe('MARKET_DATA_OUT_OF_ORDER');
    expect(data.scan(stored, 1, 2)).toBe(2);
  });

  it('goes on behind what it has looked at, in a block that is longer', () => {
    const data = manager();
    const block = tradeBlock(Array.from({ length: 5000 }, (_, row) => [row, 5, row === 4999 ? 0 : 1] as const));
    expect(data.scan(block, 0, 10)).toBe(10);
    data.commit(block, 0, 10);
    expect(data.scan(block, 10, 4990)).toBe(4990);
    expect(data.scan(block, 10, 5000)).toBe(4999);
  });

  it('finds the same rows unfit wherever steps end and however often a block is filled anew', () => {
    const row = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 5 }));
    const blocks = fc.array(fc.array(row, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 });
    const property = fc.property(
      blocks,
      fc.infiniteStream(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))),
      (filled, cuts) => {
        const data = manager();
        const block = makeTradeBlock(0, 12);
        const accepted: number[] = [];
        let before = 0;
        filled.forEach((rows, at) => {
          rows.forEach(([ts, quantity], place) => {
            block.tsInit[place] = 10 * at + ts;
            block.tsEvent[place] = 10 * at + ts;
            block.price[place] = 5;
            block.quantity[place] = quantity;
          });
          block.length = rows.length;
          for (let from = 0; from < block.length; ) {
            const [asked, taken] = cuts.next().value as [number, number];
            const end = data.scan(block, from, Math.min(block.length, from + asked));
            if (end === from) {
              data.refuse(block, from);
              from += 1;
              continue;
            }
            // The core stopped before the end of what is fit.
            const to = Math.min(end, from + taken);
            for (let place = from; place < to; place += 1) accepted.push(before + place);
            data.commit(block, from, to);
            from = to;
          }
          before += rows.length;
        });
        expect(accepted).toEqual(
          acceptedOneByOne(filled.flatMap((rows, at) => rows.map(([ts, quantity]) => [10 * at + ts, quantity] as const))),
        );
      },
    );
    fc.assert(property, { numRuns: 500 });
  });
});
