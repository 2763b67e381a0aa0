import { describe, expect, it } from 'vitest';
import type { DataStream } from './data-streams.ts';
import { depthRules, planDepth } from './venue-depth.ts';
import { BlockKind, makeTradeBlock, type TradeBlock } from '../../model/blocks.ts';
import { instrumentWith } from '../../model/instrument.fixture.ts';
import { DEFAULT_DEPTH_RULES } from '../../sim/depth/depth-rules.ts';
import type { LoadedRunFile } from '../run-file/read-run-file.ts';

/** Only problems ask for it. */
const LOADED = {
  refusal: (_path: unknown, rule: string) => new Error(rule),
} as unknown as LoadedRunFile;

/** Trades that took so many microseconds each, a second apart by the clock of the recording; those that took as long as the one before came with it. */
function tradesThatTook(took: readonly number[]): TradeBlock {
  const block = makeTradeBlock(0, took.length);
  block.length = took.length;
  took.forEach((us, row) => {
    block.tsInit[row] = us === took[row - 1] ? block.tsInit[row - 1]! : 1e12 + row * 1e6;
    block.tsEvent[row] = block.tsInit[row]! - us;
  });
  return block;
}

function streamOf(kind: BlockKind, block: TradeBlock | null): DataStream {
  const open = () => {
    let given = block;
    return {
      next: () => {
        const next = given;
        given = null;
        return next;
      },
      close() {},
    };
  };
  return { instrument: 0, kind, source: { kind, open } } as unknown as DataStream;
}

function plan(took: readonly number[], leastUs?: number) {
  const feed = { kind: 'recorded' as const, ...(leastUs === undefined ? {} : { least: leastUs }) };
  const streams = [streamOf(BlockKind.BOOK_DELTAS, null), streamOf(BlockKind.TRADES, tradesThatTook(took))];
  const venue = { name: 'V', path: ['venues', 0], latency: { feed } };
  const { depth, assumed } = planDepth(LOADED, venue, new Map([[0, DEFAULT_DEPTH_RULES]]), [instrumentWith()], streams);
  return { delay: depth.delay, assumed };
}

describe('the clock of a recording', () => {
  it.each([
    ['ahead, by the row that took least', [5_000, 3_000, 9_000], undefined, 3_000, 'stands 3.000 ms ahead of'],
    ['behind, where rows seem to come before they happened', [-7_000, 3_000], undefined, -7_000, 'stands 7.000 ms behind'],
    ['by what the quickest row is said to have taken', [5_000, 3_000], 1_000, 2_000, 'stands 2.000 ms ahead of'],
    ['without rows whose two times are one, as those that a period begins with', [0, 0, 5_000], undefined, 5_000, '5.000 ms ahead of'],
  ] as const)('is found %s', (_, took, leastUs, clockAheadUs, sentence) => {
    const { delay, assumed } = plan(took, leastUs);
    expect(delay).toEqual({ kind: 'recorded', clockAheadUs });
    expect(assumed).toHaveLength(1);
    expect(assumed[0]).toContain(sentence);
  });

  it('is not found by a message whose stamp is wrong, of however many rows, and that is said', () => {
    const { delay, assumed } = plan([...Array.from({ length: 30 }, () => -4e9), ...Array.from({ length: 40 }, (_, at) => 5_000 + at)]);
    expect(delay).toEqual({ kind: 'recorded', clockAheadUs: 5_000 });
    expect(assumed[1]).toContain('4000005.000 ms sooner than all others');
  });

  it('is not spoken of where there is one clock', () => {
    expect(plan([0, 0, 0])).toEqual({ delay: { kind: 'recorded', clockAheadUs: 0 }, assumed: [] });
  });
});

describe('the rules of a book in a run file', () => {
  it.each([
    [{}, DEFAULT_DEPTH_RULES],
    [{ impactHalfLife: 7 }, { ...DEFAULT_DEPTH_RULES, impactHalfLifeUs: 7 }],
    [{ impactHalfLife: 0 }, 'impactHalfLife is above 0; leave it out for never.'],
    [{ queue: { kind: 'probability' } }, { queue: { kind: 'probability', ratio: 'sides', weight: { kind: 'power', exponent: 1 } } }],
    [
      { queue: { kind: 'probability', ratio: 'whole', weight: 'log' } },
      { queue: { kind: 'probability', ratio: 'whole', weight: { kind: 'log' } } },
    ],
    [{ queue: { kind: 'probability', weight: 'log', exponent: 2 } }, 'exponent goes with weight: power.'],
  ] as const)('%o', (given, expected) => {
    const rules = depthRules(given);
    if (typeof expected === 'string') expect(rules).toBe(expected);
    else expect(rules).toMatchObject(expected);
  });

  it('refuses two books of an instrument, and none', () => {
    const venue = { name: 'V', path: ['venues', 0], latency: undefined };
    const rules = new Map([[0, DEFAULT_DEPTH_RULES]]);
    const books = (count: number): DataStream[] => Array.from({ length: count }, () => streamOf(BlockKind.BOOK_DELTAS, null));
    for (const [count, rule] of [
      [0, /has no book-deltas/],
      [2, /has 2 streams/],
    ] as const)
      expect(() => planDepth(LOADED, venue, rules, [instrumentWith()], books(count))).toThrow(rule);
  });
});
