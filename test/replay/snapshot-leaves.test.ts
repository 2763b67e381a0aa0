import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { changeLeaf, type Leaf, leavesOf } from './snapshot-leaves.fixture.ts';
import { drawInputs } from './snapshot-market.fixture.ts';
import { Session } from './snapshot-session.fixture.ts';

const SEEDS = Array.from({ length: 18 }, (_, at) => at + 1);
/** Inputs between two looks at a session. */
const STRIDE = 31;

/** Leaves that had one value whenever a session was looked at: that they are loaded shows in the other test and where they are said to be shown. */
const CONSTANT: readonly (readonly [kind: RegExp, because: string])[] = [
  [/^\.engine\.(version|make\.)/, 'of the program and of the options'],
  [/^\.engine\.risk\.(limits|states\[\]\.scope|losses\.meters\[\]\.scope)/, 'as a person gave them, whole'],
  [/^\.engine\.hosts\[\]\.strategy\./, "the strategies' own"],
  [/\.(kind|level)$/, 'what something is'],
  [/(inFlight\[\]\.report|pending\[\]\.command)\./, 'a message, whole'],
  [/quoteBars\[\]\.(instrument|series)$/, 'of the only series of its kind'],
  [/\.(isComplete|isMadeAnew|isSizeTold)$/, 'within a step only'],
  [/\.isVoid$/, 'there, or not'],
  [/\.lateRowCount$/, 'bar-state.test.ts'],
  [/Ids\[\]\.oldest$/, 'trade-id-window.test.ts'],
  [/\.dormantRow$/, 'within a bar only'],
  [/\.queueAhead$/, 'book-start.test.ts'],
];

const isNullElsewhereMore = (kind: string, kinds: Iterable<string>): boolean =>
  [...kinds].some((other) => other.startsWith(`${kind}.`) || other.startsWith(`${kind}[`));

describe('every number, text and truth that a session saves', () => {
  it('has been seen with more than one value, so that one that is not loaded shows', () => {
    const seen = new Map<string, Set<unknown>>();
    for (const seed of SEEDS) {
      const session = new Session(seed, seed % 3 === 0);
      session.start();
      drawInputs(seed).forEach((input, place) => {
        session.take(input);
        if (place % STRIDE !== 0) return;
        for (const { kind, value } of leavesOf(session.saveState())) {
          const values = seen.get(kind);
          if (values === undefined) seen.set(kind, new Set([value]));
          else if (values.size < 2) values.add(value);
        }
      });
    }
    const constant = [...seen].flatMap(([kind, values]) => {
      if (values.size > 1 || (values.has(null) && (kind.endsWith('.sides') || isNullElsewhereMore(kind, seen.keys())))) return [];
      return CONSTANT.some(([pattern]) => pattern.test(kind)) ? [] : [kind];
    });
    expect(constant).toEqual([]);
    expect(seen.size).toBeGreaterThan(300);
  }, 300_000);

  it('is loaded: a change of it is refused, or is there when the session is saved again', () => {
    for (const [seed, inputs] of [
      [3, 560],
      [4, 250],
    ] as const) {
      const session = new Session(seed, seed === 3);
      session.start();
      for (const input of drawInputs(seed).slice(0, inputs)) session.take(input);
      const state = session.saveState();
      const leaves = new Map<string, Leaf>();
      // One that says something, where there is such; null is said where there is nothing to load.
      for (const leaf of leavesOf(state))
        if (leaf.value !== null && (leaf.value !== 0 || !leaves.has(leaf.kind))) leaves.set(leaf.kind, leaf);
      const lost = [...leaves.values()].filter((leaf) => {
        const other = structuredClone(state);
        changeLeaf(other, leaf);
        const loaded = new Session(seed, seed === 3);
        try {
          loaded.loadState(other);
          return isDeepStrictEqual(loaded.saveState(), state);
        } catch {
          return false;
        }
      });
      expect([seed, lost.map(({ kind }) => kind)]).toEqual([seed, []]);
      expect(leaves.size).toBeGreaterThan(200);
    }
  }, 300_000);
});
