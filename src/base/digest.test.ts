import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Digest } from './digest.ts';

describe('Digest', () => {
  it('steps its lanes as XXH32 does: a slow twin that gives the published values of XXH32 gives the same words', () => {
    expect(xxh32('')).toBe(0x02cc5d05n);
    expect(xxh32('abc')).toBe(0x32d153ffn);
    expect(xxh32('Nobody inspects the spammish repetition')).toBe(0xe2293b2fn);
    const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    const record = fc.array(fc.tuple(word, word, word, word), { maxLength: 8 });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 20 }), (records) => {
        const digest = new Digest();
        for (const blocks of records) addBlocks(digest, blocks);
        expect(digest.finish()).toEqual(twin(records.flat(2)));
      }),
    );
  });

  it('writes its words in order as hexadecimal', () => {
    const digest = new Digest();
    digest.addNumber(7);
    const [first, second, third, fourth] = digest.finish();
    expect(digest.hex()).toMatch(/^[0-9a-f]{32}$/);
    expect(BigInt(`0x${digest.hex()}`)).toBe((BigInt(first) << 96n) | (BigInt(second) << 64n) | (BigInt(third) << 32n) | BigInt(fourth));
  });

  it('puts a double as its two words, low first: 1.5 is 0x3ff80000 00000000', () => {
    expect(wordsOf((d) => d.addNumber(1.5))).toEqual(twin([0, 0x3ff80000, 0, 0]));
    expect(wordsOf((d) => d.addNumber(-0.1))).toEqual(twin([0x9999999a, 0xbfb99999, 0, 0]));
  });

  it('takes -0 for 0 and every NaN for one, 0x7ff80000 00000000', () => {
    expect(wordsOf((d) => d.addNumber(-0))).toEqual(twin([0, 0, 0, 0]));
    for (const bits of [0x7ff8_0000_0000_0000n, 0xfff8_0000_0000_0001n, 0x7fff_ffff_ffff_ffffn]) {
      const odd = new Float64Array(new BigUint64Array([bits]).buffer)[0]!;
      expect(wordsOf((d) => d.addNumber(odd))).toEqual(twin([0, 0x7ff80000, 0, 0]));
    }
  });

  it('puts a big integer as its low 64 bits, low word first', () => {
    const add = (value: bigint) => (digest: Digest) => {
      digest.putBigint(0, value);
      digest.putPair(1, 5, 6);
      digest.add(2);
    };
    expect(wordsOf(add(0x1234_5678_9abc_def0n))).toEqual(twin([0x9abcdef0, 0x12345678, 5, 6]));
    expect(wordsOf(add(-1n))).toEqual(twin([0xffffffff, 0xffffffff, 5, 6]));
    expect(wordsOf(add(-(2n ** 63n)))).toEqual(twin([0, 0x80000000, 5, 6]));
  });

  it('adds a text as its length, then its units, eight to a block', () => {
    expect(wordsOf((d) => d.addText(''))).toEqual(twin([0, 0, 0, 0]));
    // 9 is 0x40220000 00000000 as a double.
    const text = 'abcdefgh\u1234';
    const units = [0x00620061, 0x00640063, 0x00660065, 0x00680067, 0x1234, 0, 0, 0];
    expect(wordsOf((d) => d.addText(text))).toEqual(twin([0, 0x40220000, 0, 0, ...units]));
  });

  it('tells texts apart that join to the same: "a" then "b" is not "ab"', () => {
    expect(wordsOf((d) => ['a', 'b'].forEach((t) => d.addText(t)))).not.toEqual(wordsOf((d) => d.addText('ab')));
    expect(wordsOf((d) => d.addText(''))).not.toEqual(wordsOf(() => undefined));
  });

  it('changes with every bit of a record, and with the number of rows even where they are zero', () => {
    const base = Array.from({ length: 32 }, (_, place) => Math.imul(place + 1, 0x9e3779b1));
    const digests = new Set([hexOf(base)]);
    for (let bit = 0; bit < 32 * 32; bit += 1) {
      digests.add(hexOf(base.map((word, place) => (place === bit >> 5 ? word ^ (1 << (bit & 31)) : word))));
    }
    for (let blocks = 0; blocks <= 7; blocks += 1) digests.add(hexOf(Array.from({ length: 4 * blocks }, () => 0)));
    expect(digests.size).toBe(1 + 32 * 32 + 8);
  });

  it('spreads a change over all of its bits, whichever word it is in, also of the last block', () => {
    const base = Array.from({ length: 20 }, (_, place) => Math.imul(place + 1, 0x85ebca77));
    const before = wordsOf((d) => addBlocks(d, blocksOf(base)));
    for (let place = 0; place < base.length; place += 1) {
      let changed = 0;
      for (let bit = 0; bit < 32; bit += 1) {
        const after = wordsOf((d) => addBlocks(d, blocksOf(base.map((word, at) => (at === place ? word ^ (1 << bit) : word)))));
        after.forEach((word, lane) => {
          changed += bitsOf(word ^ before[lane]!);
        });
      }
      // 64 of 128 bits in the mean of 32 changes: its standard deviation is 1.
      expect(Math.abs(changed / 32 - 64), `word ${place}`).toBeLessThan(6);
    }
  });

  it('does not mind what other digests are given between its records', () => {
    const alone = new Digest();
    const [one, other] = [new Digest(), new Digest()];
    for (let record = 0; record < 50; record += 1) {
      alone.addText(`record ${record}`);
      one.addText(`record ${record}`);
      other.addNumber(record);
    }
    expect(one.hex()).toBe(alone.hex());
  });

  it('goes on after saving and loading, and after being asked, as if it had not stopped', () => {
    for (let cut = 0; cut < 9; cut += 1) {
      const straight = new Digest();
      for (let i = 0; i < 9; i += 1) straight.addNumber(i * 77);
      const first = new Digest();
      for (let i = 0; i < cut; i += 1) first.addNumber(i * 77);
      first.finish();
      const second = new Digest();
      second.addNumber(99);
      second.loadState(JSON.parse(JSON.stringify(first.saveState())) as number[]);
      for (let i = cut; i < 9; i += 1) second.addNumber(i * 77);
      expect(second.hex()).toBe(straight.hex());
    }
  });
});

type Block = readonly [number, number, number, number];

/** Adds blocks of four words as one record. */
function addBlocks(digest: Digest, blocks: readonly Block[]): void {
  blocks.forEach(([a, b, c, d], block) => {
    digest.putPair(2 * block, a, b);
    digest.putPair(2 * block + 1, c, d);
  });
  digest.add(2 * blocks.length);
}

function blocksOf(words: readonly number[]): Block[] {
  return Array.from({ length: words.length / 4 }, (_, block) => words.slice(4 * block, 4 * block + 4) as unknown as Block);
}

function hexOf(words: readonly number[]): string {
  const digest = new Digest();
  addBlocks(digest, blocksOf(words));
  return digest.hex();
}

function wordsOf(add: (digest: Digest) => unknown): readonly number[] {
  const digest = new Digest();
  add(digest);
  return digest.finish();
}

function bitsOf(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

const MASK = 0xffffffffn;
const [P1, P2, P3, P4, P5] = [2654435761n, 2246822519n, 3266489917n, 668265263n, 374761393n] as const;

function rotated(x: bigint, places: bigint): bigint {
  return ((x << places) | (x >> (32n - places))) & MASK;
}

/** The round of the xxHash specification. */
function round(lane: bigint, word: bigint): bigint {
  return (rotated((lane + word * P2) & MASK, 13n) * P1) & MASK;
}

function avalanche(h: bigint): bigint {
  const a = ((h ^ (h >> 15n)) * P2) & MASK;
  const b = ((a ^ (a >> 13n)) * P3) & MASK;
  return b ^ (b >> 16n);
}

const LANES = [(P1 + P2) & MASK, P2, 0n, MASK + 1n - P1];

/** XXH32 with seed 0 of a text of one-byte characters, as its specification reads. */
function xxh32(text: string): bigint {
  const bytes = [...text].map((character) => BigInt(character.charCodeAt(0)));
  const word = (at: number): bigint => [0, 1, 2, 3].reduce((sum, i) => sum | (bytes[at + i]! << BigInt(8 * i)), 0n);
  const lanes = [...LANES];
  let at = 0;
  for (; at + 16 <= bytes.length; at += 16) lanes.forEach((lane, place) => (lanes[place] = round(lane, word(at + 4 * place))));
  let h: bigint = P5;
  if (at > 0) h = [1n, 7n, 12n, 18n].reduce((sum, places, place) => sum + rotated(lanes[place]!, places), 0n);
  h = (h + BigInt(bytes.length)) & MASK;
  for (; at + 4 <= bytes.length; at += 4) h = (rotated((h + word(at) * P3) & MASK, 17n) * P4) & MASK;
  for (; at < bytes.length; at += 1) h = (rotated((h + bytes[at]! * P5) & MASK, 11n) * P1) & MASK;
  return avalanche(h);
}

/** The digest of words: XXH32's rounds, each lane added to the one before it, and all joined at the end. */
function twin(words: readonly number[]): number[] {
  const lanes = [...LANES];
  for (let at = 0; at < words.length; at += 4) {
    for (let lane = 0; lane < 4; lane += 1) {
      lanes[lane] = (round(lanes[lane]!, BigInt(words[at + lane]!) & MASK) + lanes[(lane + 1) % 4]!) & MASK;
    }
  }
  const spread = (): void => {
    const sum = lanes.reduce((total, lane) => total + lane, 0n) & MASK;
    lanes.forEach((lane, place) => (lanes[place] = place === 0 ? sum : (lane + sum) & MASK));
  };
  spread();
  lanes.forEach((lane, place) => (lanes[place] = avalanche(lane)));
  spread();
  return lanes.map(Number);
}
