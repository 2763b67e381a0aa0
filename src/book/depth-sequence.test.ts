import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeBookDeltaBlock } from '../model/blocks.ts';
import { BookAction, BookFlag } from '../model/book-delta.ts';
import { BinanceFuturesSequence } from './binance-futures-sequence.ts';
import { BinanceSpotSequence } from './binance-spot-sequence.ts';
import { BybitSequence } from './bybit-sequence.ts';
import { DEPTH_LEVELS_BUFFERED_MAX, type DepthSequence, DepthVerdict, NO_BOOK } from './depth-sequence.ts';
import { BookState, OrderBook } from './order-book.ts';

const { BUFFER, IGNORE, APPLY, GAP, STALE } = DepthVerdict;

type Levels = ReadonlyMap<number, number>;

/** A change of one level, numbered by the venue. */
interface Change {
  readonly id: number;
  readonly price: number;
  readonly quantity: number;
}

interface Diff {
  readonly firstId: number;
  readonly lastId: number;
  readonly previousId: number;
  readonly levels: Levels;
}

/** The true book at an id: every change up to it, one after another. */
function truthAt(changes: readonly Change[], id: number): Levels {
  const levels = new Map<number, number>();
  for (const change of changes) {
    if (change.id > id) break;
    if (change.quantity === 0) levels.delete(change.price);
    else levels.set(change.price, change.quantity);
  }
  return levels;
}

function sorted(levels: Levels): readonly (readonly [number, number])[] {
  return [...levels].sort(([a], [b]) => a - b);
}

/** What whoever asks a rule does with its answers: keeps the messages and the levels. */
class Rebuilt {
  readonly sequence: DepthSequence;
  levels = new Map<number, number>();
  isGapped = false;
  private waiting: Diff[] = [];

  constructor(sequence: DepthSequence) {
    this.sequence = sequence;
  }

  diff(diff: Diff): void {
    const verdict = this.sequence.onDiff(diff.firstId, diff.lastId, diff.previousId, diff.levels.size);
    if (verdict === GAP) {
      this.waiting = [];
      this.isGapped = true;
    }
    if (verdict === GAP || verdict === BUFFER) this.waiting.push(diff);
    if (verdict !== APPLY) return;
    for (const [price, quantity] of diff.levels) {
      if (quantity === 0) this.levels.delete(price);
      else this.levels.set(price, quantity);
    }
  }

  snapshot(id: number, levels: Levels): DepthVerdict {
    const verdict = this.sequence.onSnapshot(id);
    if (verdict !== APPLY) return verdict;
    this.levels = new Map(levels);
    this.isGapped = false;
    const { waiting } = this;
    this.waiting = [];
    for (const diff of waiting) this.diff(diff);
    return verdict;
  }
}

/** Changes in groups: those of Spot are numbered one by one, ids of futures have holes where other books changed. */
const group = fc.array(
  fc.record({ step: fc.integer({ min: 1, max: 4 }), price: fc.integer({ min: 1, max: 6 }), quantity: fc.integer({ min: 0, max: 3 }) }),
  { minLength: 1, maxLength: 4 },
);
const groups = fc.array(group, { minLength: 3, maxLength: 14 });
/** What happens to a message on its way, and whether a snapshot comes behind it. */
const fate = fc.record({
  what: fc.constantFrom('arrives', 'arrives', 'arrives', 'arrives', 'is lost', 'comes twice', 'comes late'),
  snapshotBack: fc.oneof({ weight: 3, arbitrary: fc.constant(-1) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 12 }) }),
});

function told(all: readonly (readonly { step: number; price: number; quantity: number }[])[], hasHoles: boolean): [Change[], Diff[]] {
  const changes: Change[] = [];
  const diffs: Diff[] = [];
  let id = 100;
  let previousId = 100;
  for (const steps of all) {
    const levels = new Map<number, number>();
    const from = changes.length;
    for (const { step, price, quantity } of steps) {
      id += hasHoles ? step : 1;
      changes.push({ id, price, quantity });
      levels.set(price, quantity);
    }
    diffs.push({ firstId: changes[from]!.id, lastId: id, previousId, levels });
    previousId = id;
  }
  return [changes, diffs];
}

interface Fate {
  readonly what: string;
  readonly snapshotBack: number;
}

/** Diffs as they arrive, each with the id of the snapshot behind it, or −1. A snapshot may be of any id up to the newest. */
function arrivals(diffs: readonly Diff[], fates: readonly Fate[]): (readonly [Diff, number])[] {
  const out: [Diff, number][] = [];
  let late: Diff | null = null;
  diffs.forEach((diff, at) => {
    const { what, snapshotBack } = fates[at]!;
    const snapshotId = snapshotBack < 0 ? -1 : Math.max(0, diff.lastId - snapshotBack);
    if (what === 'comes late' && late === null) {
      late = diff;
      return;
    }
    if (what !== 'is lost') out.push([diff, snapshotId]);
    if (what === 'comes twice') out.push([diff, -1]);
    if (late !== null) {
      out.push([late, -1]);
      late = null;
    }
  });
  return out;
}

const RULES = [
  ['Binance Spot', () => new BinanceSpotSequence(), false],
  ['Binance futures', () => new BinanceFuturesSequence(), true],
] as const;

describe.each(RULES)('the rule of %s', (_name, make, hasHoles) => {
  it('S-53, S-54: makes the true book or none of diffs that are lost, late or twice, and of snapshots of any age', () => {
    let valid = 0;
    let gapped = 0;
    fc.assert(
      fc.property(groups, fc.array(fate, { minLength: 14, maxLength: 14 }), (all, fates) => {
        const [changes, diffs] = told(all, hasHoles);
        const rebuilt = new Rebuilt(make());
        for (const [diff, snapshotId] of arrivals(diffs, fates)) {
          rebuilt.diff(diff);
          if (snapshotId >= 0) rebuilt.snapshot(snapshotId, truthAt(changes, snapshotId));
          const { bookId } = rebuilt.sequence;
          if (bookId === NO_BOOK) continue;
          valid += 1;
          expect(rebuilt.isGapped).toBe(false);
          expect(sorted(rebuilt.levels)).toEqual(sorted(truthAt(changes, bookId)));
        }
        if (rebuilt.isGapped) gapped += 1;
      }),
      { numRuns: 2000, seed: 54 },
    );
    // The property says something only where both happen.
    expect(valid).toBeGreaterThan(2000);
    expect(gapped).toBeGreaterThan(200);
  });

  it('comes to the newest id without a gap where nothing is lost and the snapshot is of an id that a diff ends with or holds', () => {
    fc.assert(
      fc.property(groups, fc.nat(), fc.nat(), (all, whenAt, whichAt) => {
        const [changes, diffs] = told(all, hasHoles);
        const when = whenAt % diffs.length;
        const known = changes.filter((change) => change.id <= diffs[when]!.lastId);
        const snapshotId = known[whichAt % known.length]!.id;
        const rebuilt = new Rebuilt(make());
        diffs.forEach((diff, at) => {
          rebuilt.diff(diff);
          if (at === when) expect(rebuilt.snapshot(snapshotId, truthAt(changes, snapshotId))).toBe(APPLY);
        });
        expect(rebuilt.isGapped).toBe(false);
        expect(rebuilt.sequence.bookId).toBe(diffs.at(-1)!.lastId);
        expect(sorted(rebuilt.levels)).toEqual(sorted(truthAt(changes, diffs.at(-1)!.lastId)));
      }),
      { numRuns: 500, seed: 55 },
    );
  });

  it('takes a snapshot that is newer than the book, and passes over one that is older', () => {
    const rule = make();
    expect([rule.onSnapshot(100), rule.onSnapshot(99), rule.bookId]).toEqual([APPLY, IGNORE, 100]);
    expect([rule.onSnapshot(120), rule.bookId, rule.onDiff(110, 119, 105, 1)]).toEqual([APPLY, 120, IGNORE]);
  });

  it('lets diffs wait up to the bound, then begins to wait anew with the diff at hand', () => {
    const rule = make();
    const half = DEPTH_LEVELS_BUFFERED_MAX / 2 - 1;
    expect([rule.onDiff(1, 1, 0, half), rule.onDiff(2, 2, 1, half), rule.onDiff(3, 3, 2, 0)]).toEqual([BUFFER, BUFFER, GAP]);
    // The first two are forgotten: a snapshot that only they would continue is too old.
    expect([rule.onSnapshot(1), rule.onDiff(4, 4, 3, 0), rule.onSnapshot(3)]).toEqual([STALE, BUFFER, APPLY]);
  });
});

describe('the rule of Binance Spot', () => {
  it('S-53: is told a gap by U > book id + 1, and nothing follows until a snapshot', () => {
    const rule = new BinanceSpotSequence();
    expect([rule.onSnapshot(10), rule.onDiff(11, 15, NO_BOOK, 1), rule.onDiff(17, 18, NO_BOOK, 1)]).toEqual([APPLY, APPLY, GAP]);
    expect([rule.bookId, rule.onDiff(19, 20, NO_BOOK, 1), rule.onSnapshot(18), rule.onDiff(17, 18, NO_BOOK, 1)]).toEqual([
      NO_BOOK,
      BUFFER,
      APPLY,
      IGNORE,
    ]);
  });

  it('S-54: wants another snapshot while it is older than the first diff that waits; one that the diff follows directly is new enough', () => {
    const rule = new BinanceSpotSequence();
    expect([rule.onDiff(20, 25, NO_BOOK, 1), rule.onSnapshot(18), rule.onSnapshot(19)]).toEqual([BUFFER, STALE, APPLY]);
  });
});

describe('the rule of Binance futures', () => {
  it('S-53: is told a gap by pu that is not the u before, whatever U is', () => {
    const rule = new BinanceFuturesSequence();
    expect([rule.onSnapshot(10), rule.onDiff(8, 15, 7, 1), rule.onDiff(19, 20, 15, 1), rule.onDiff(21, 24, 19, 1)]).toEqual([
      APPLY,
      APPLY,
      APPLY,
      GAP,
    ]);
  });

  it('S-54: begins with the diff that holds the snapshot or names it as the one before; otherwise the snapshot is too old', () => {
    const rule = new BinanceFuturesSequence();
    expect([rule.onDiff(20, 25, 15, 1), rule.onSnapshot(14), rule.onSnapshot(17), rule.onSnapshot(15)]).toEqual([
      BUFFER,
      STALE,
      STALE,
      APPLY,
    ]);
    expect([rule.onDiff(20, 25, 15, 1), rule.bookId]).toEqual([APPLY, 25]);
  });

  it('a diff that ends with the id of the snapshot is the first one, not passed over', () => {
    const rule = new BinanceFuturesSequence();
    expect([rule.onDiff(20, 25, 15, 1), rule.onSnapshot(25), rule.onDiff(20, 25, 15, 1), rule.onDiff(30, 31, 25, 1)]).toEqual([
      BUFFER,
      APPLY,
      APPLY,
      APPLY,
    ]);
  });
});

describe('the rule of Binance futures, once a diff has followed the snapshot', () => {
  it('S-53: a diff that holds the id of the book is a gap where pu is another, and one that is said again is passed over', () => {
    const rule = new BinanceFuturesSequence();
    expect([rule.onSnapshot(10), rule.onDiff(8, 20, 7, 1), rule.onDiff(8, 20, 7, 1), rule.onDiff(15, 30, 14, 1)]).toEqual([
      APPLY,
      APPLY,
      IGNORE,
      GAP,
    ]);
  });
});

describe('the rule of Bybit', () => {
  it('makes the true book or none of messages that are lost, late or twice, with a restart in between', () => {
    let valid = 0;
    let gapped = 0;
    fc.assert(
      fc.property(groups, fc.nat({ max: 13 }), fc.array(fate, { minLength: 14, maxLength: 14 }), (all, restartAt, fates) => {
        // seq is what the truth is found by: u begins anew at the restart.
        const [changes, diffs] = told(all, true);
        let u = 5000;
        const messages = diffs.map((diff, at) => {
          u = at === restartAt ? 1 : u + 1;
          return { ...diff, u, isSnapshot: false };
        });
        const rule = new BybitSequence();
        let levels = new Map<number, number>();
        let seq = 0;
        rule.onSnapshot(5000, 100);
        for (const [diff, snapshotId] of arrivals(messages, fates)) {
          const message = diff as (typeof messages)[number];
          const isWhole = rule.isWhole(snapshotId >= 0, message.u);
          const verdict = isWhole ? rule.onSnapshot(message.u, message.lastId) : rule.onDelta(message.u, message.lastId);
          if (verdict === GAP) gapped += 1;
          if (verdict !== APPLY) continue;
          valid += 1;
          seq = message.lastId;
          if (isWhole) levels = new Map(truthAt(changes, seq));
          else
            for (const [price, quantity] of message.levels) {
              if (quantity === 0) levels.delete(price);
              else levels.set(price, quantity);
            }
          expect(sorted(levels)).toEqual(sorted(truthAt(changes, seq)));
        }
      }),
      { numRuns: 2000, seed: 56 },
    );
    expect(valid).toBeGreaterThan(2000);
    expect(gapped).toBeGreaterThan(200);
  });

  it('passes over deltas before the first snapshot and those that the book has, and takes a jump of u for a gap', () => {
    const rule = new BybitSequence();
    expect([rule.onDelta(7, 70), rule.onSnapshot(8, 80), rule.onDelta(8, 80), rule.onDelta(9, 90), rule.onDelta(11, 110)]).toEqual([
      IGNORE,
      APPLY,
      IGNORE,
      APPLY,
      GAP,
    ]);
    expect([rule.onDelta(12, 120), rule.onSnapshot(13, 130), rule.onDelta(14, 140)]).toEqual([IGNORE, APPLY, APPLY]);
  });

  it('takes u = 1 for a snapshot whatever the message calls itself, and a delta after a restart that was lost for a gap', () => {
    const rule = new BybitSequence();
    expect([rule.isWhole(false, 1), rule.isWhole(true, 9), rule.isWhole(false, 2)]).toEqual([true, true, false]);
    expect([rule.onSnapshot(500, 1000), rule.onDelta(3, 2000), rule.bookId]).toEqual([APPLY, GAP, NO_BOOK]);
  });

  it('passes over a late delta from before a restart, though its u would follow', () => {
    const rule = new BybitSequence();
    expect([rule.onSnapshot(1, 2000), rule.onDelta(2, 1500), rule.onDelta(2, 2001)]).toEqual([APPLY, IGNORE, APPLY]);
  });
});

describe('a book that is kept by a rule', () => {
  const block = makeBookDeltaBlock(0, 1);

  function put(book: OrderBook, action: BookAction, side: number, price: number, quantity: number, tsInit: number): void {
    block.tsInit[0] = tsInit;
    block.action[0] = action;
    block.side[0] = side;
    block.price[0] = price;
    block.quantity[0] = quantity;
    block.flags[0] = BookFlag.LAST;
    book.apply(block, 0);
  }

  function begin(): OrderBook {
    const book = new OrderBook();
    put(book, BookAction.CLEAR, 0, 0, 0, 1);
    put(book, BookAction.SET, 1, 99, 5, 1);
    put(book, BookAction.SET, -1, 101, 5, 1);
    return book;
  }

  it('S-53: is worth nothing from a gap to the next snapshot', () => {
    const book = begin();
    put(book, BookAction.GAP, 0, 0, 0, 2);
    expect([book.state, book.isUsable]).toEqual([BookState.GAPPED, false]);
    put(book, BookAction.SET, 1, 100, 5, 3);
    expect([book.state, book.bestBid]).toEqual([BookState.GAPPED, 99]);
    put(book, BookAction.CLEAR, 0, 0, 0, 4);
    expect([book.state, book.bestBid]).toEqual([BookState.VALID, 0]);
  });

  it('S-55: a diff that takes away a level that the snapshot did not have changes nothing', () => {
    const book = begin();
    put(book, BookAction.SET, 1, 12, 0, 2);
    expect([book.state, book.count, book.bestBid, book.bestAsk]).toEqual([BookState.VALID, 2, 99, 101]);
  });

  it('S-58: tells since when it is crossed or locked, and is not usable meanwhile', () => {
    const book = begin();
    put(book, BookAction.SET, 1, 101, 5, 7);
    put(book, BookAction.SET, 1, 102, 5, 9);
    expect([book.crossedSinceTs, book.isUsable]).toEqual([7, false]);
    put(book, BookAction.SET, 1, 101, 0, 10);
    put(book, BookAction.SET, 1, 102, 0, 11);
    expect([book.crossedSinceTs, book.isUsable]).toEqual([Number.POSITIVE_INFINITY, true]);
  });

  it('S-59: tells when it changed last, which alone shows its age while the connection lives', () => {
    const book = begin();
    put(book, BookAction.SET, 1, 98, 5, 42);
    expect(book.updatedTs).toBe(42);
  });
});
