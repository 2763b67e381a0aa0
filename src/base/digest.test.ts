import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Digest } from './digest.ts';

describe('Digest', () => {
  it('is MurmurHash3_x86_128: a slow twin that passes the published SMHasher verification gives the same words', () => {
    expect(smhasherVerification()).toBe(0xb3ece62a);
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 0xffffffff }), { maxLength: 40 }),
        fc.integer({ min: 0, max: 0xffffffff }),
        (words, seed) => {
          const digest = new Digest(seed);
          for (const word of words) digest.addUint32(word);
          const bytes = words.flatMap((word) => [word & 255, (word >>> 8) & 255, (word >>> 16) & 255, word >>> 24]);
          expect(digest.finish()).toEqual(twin(bytes, seed));
        },
      ),
    );
  });

  it('is all zero for nothing, and writes its words in order as hexadecimal', () => {
    expect(new Digest().hex()).toBe('0'.repeat(32));
    const digest = new Digest();
    digest.addUint32(7);
    expect(digest.hex()).toBe(
      digest
        .finish()
        .map((word) => word.toString(16).padStart(8, '0'))
        .join(''),
    );
    expect(digest.hex()).toHaveLength(32);
  });

  it('adds a double as its two words, low first: 1.5 is 0x3ff80000 00000000', () => {
    expect(words((d) => d.addNumber(1.5))).toEqual(words((d) => [0, 0x3ff80000].forEach((word) => d.addUint32(word))));
  });

  it('takes -0 for 0 and every NaN for one', () => {
    expect(words((d) => d.addNumber(-0))).toEqual(words((d) => d.addNumber(0)));
    const odd = new Float64Array(new BigUint64Array([0xfff8_0000_0000_0001n]).buffer)[0]!;
    expect(words((d) => d.addNumber(odd))).toEqual(words((d) => d.addNumber(NaN)));
  });

  it('tells lengths apart: "a" then "b" is not "ab", 2^32 is not 0 then 1, 5 is not -5', () => {
    expect(words((d) => ['a', 'b'].forEach((t) => d.addText(t)))).not.toEqual(words((d) => d.addText('ab')));
    expect(words((d) => d.addBigInt(2n ** 32n))).not.toEqual(words((d) => [0n, 1n].forEach((n) => d.addBigInt(n))));
    expect(words((d) => d.addBigInt(-5n))).not.toEqual(words((d) => d.addBigInt(5n)));
    expect(words((d) => d.addText(''))).not.toEqual(words(() => undefined));
  });

  it('adds a big integer as length and sign, then 32-bit words', () => {
    expect(words((d) => d.addBigInt(-(2n ** 40n + 3n)))).toEqual(words((d) => [2 * 2 + 1, 3, 256].forEach((word) => d.addUint32(word))));
  });

  it('adds a pair as two words, and numbers behind an odd number of words as behind an even one', () => {
    expect(words((d) => d.addPair(-1, 7))).toEqual(words((d) => [-1, 7].forEach((word) => d.addUint32(word))));
    const odd = (d: Digest): void => {
      d.addUint32(9);
      d.addNumber(1.5);
      d.addPair(3, 4);
      d.addNumber(-0);
    };
    expect(words(odd)).toEqual(words((d) => [9, 0, 0x3ff80000, 3, 4, 0, 0].forEach((word) => d.addUint32(word))));
  });

  it('aligns by one word of zero, and only where the number of words is odd', () => {
    const aligned = (count: number) => (d: Digest) => {
      for (let word = 0; word < count; word += 1) d.addUint32(5);
      d.align();
    };
    expect(words(aligned(3))).toEqual(words((d) => [5, 5, 5, 0].forEach((word) => d.addUint32(word))));
    expect(words(aligned(2))).toEqual(words((d) => [5, 5].forEach((word) => d.addUint32(word))));
  });

  it('gives the same words however much is added at a time: a long mixture is its words one by one', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.double(), fc.bigInt(), fc.string()), { maxLength: 800, minLength: 100 }), (values) => {
        const straight = new Digest();
        const stepwise = new Digest();
        for (const value of values) {
          add(straight, value);
          add(stepwise, value);
          stepwise.finish();
          stepwise.loadState(stepwise.saveState());
        }
        expect(stepwise.hex()).toBe(straight.hex());
      }),
      { numRuns: 50 },
    );
  });

  it('adds a big integer of any length as its magnitude by words', () => {
    const edge = fc.constantFrom(0n, 2n ** 31n, 2n ** 32n, 2n ** 63n, 2n ** 63n - 1n, 2n ** 64n, 2n ** 32n - 1n, 1n << 62n);
    fc.assert(
      fc.property(fc.oneof(fc.bigInt(), edge), fc.boolean(), (value, isNegated) => {
        const signed = isNegated ? -value : value;
        const magnitude: number[] = [];
        for (let rest = signed < 0n ? -signed : signed; rest > 0n; rest >>= 32n) magnitude.push(Number(rest & 0xffffffffn));
        const head = magnitude.length * 2 + (signed < 0n ? 1 : 0);
        expect(words((d) => d.addBigInt(signed))).toEqual(words((d) => [head, ...magnitude].forEach((word) => d.addUint32(word))));
      }),
      { numRuns: 1000 },
    );
  });

  it('goes on after saving and loading as if it had not stopped', () => {
    for (let cut = 0; cut < 9; cut += 1) {
      const straight = new Digest();
      for (let i = 0; i < 9; i += 1) straight.addUint32(i * 77);
      const first = new Digest();
      for (let i = 0; i < cut; i += 1) first.addUint32(i * 77);
      const second = new Digest(99);
      second.loadState(JSON.parse(JSON.stringify(first.saveState())) as number[]);
      for (let i = cut; i < 9; i += 1) second.addUint32(i * 77);
      expect(second.hex()).toBe(straight.hex());
    }
  });
});

function words(add: (digest: Digest) => unknown): readonly number[] {
  const digest = new Digest();
  add(digest);
  return digest.finish();
}

function add(digest: Digest, value: number | bigint | string): void {
  if (typeof value === 'number') digest.addNumber(value);
  else if (typeof value === 'bigint') digest.addBigInt(value);
  else digest.addText(value);
}

/** SMHasher's self-test: hashes of {}, {0}, {0,1} … with seeds 256, 255 …, hashed together; its first four bytes are published. */
function smhasherVerification(): number {
  const hashes: number[] = [];
  for (let length = 0; length < 256; length += 1) {
    const key = Array.from({ length }, (_, i) => i);
    for (const word of twin(key, 256 - length)) hashes.push(word & 255, (word >>> 8) & 255, (word >>> 16) & 255, word >>> 24);
  }
  return twin(hashes, 0)[0]!;
}

/** MurmurHash3_x86_128 over bytes in big integers, as its reference implementation reads. */
function twin(bytes: readonly number[], seed: number): number[] {
  const mask = 0xffffffffn;
  const c = [0x239b961bn, 0xab0e9789n, 0x38b34ae5n, 0xa1e38b93n];
  const turns = [15n, 16n, 17n, 18n];
  const bodyTurns = [19n, 17n, 15n, 13n];
  const added = [0x561ccd1bn, 0x0bcaa747n, 0x96cd1c35n, 0x32ac3b17n];
  const rotate = (x: bigint, r: bigint): bigint => ((x << r) | (x >> (32n - r))) & mask;
  const scramble = (k: bigint, lane: number): bigint => (rotate((k * c[lane]!) & mask, turns[lane]!) * c[(lane + 1) % 4]!) & mask;
  const word = (at: number): bigint => [0, 1, 2, 3].reduce((sum, i) => sum | (BigInt(bytes[at + i] ?? 0) << BigInt(8 * i)), 0n);
  const h = [0, 1, 2, 3].map(() => BigInt(seed));
  const blocks = Math.floor(bytes.length / 16);
  for (let block = 0; block < blocks; block += 1) {
    for (let lane = 0; lane < 4; lane += 1) {
      h[lane] = rotate(h[lane]! ^ scramble(word(block * 16 + lane * 4), lane), bodyTurns[lane]!);
      h[lane] = ((h[lane]! + h[(lane + 1) % 4]!) * 5n + added[lane]!) & mask;
    }
  }
  for (let lane = 3; lane >= 0; lane -= 1) h[lane]! ^= scramble(word(blocks * 16 + lane * 4), lane);
  for (let lane = 0; lane < 4; lane += 1) h[lane]! ^= BigInt(bytes.length);
  const spread = (): void => {
    h[0] = (h[0]! + h[1]! + h[2]! + h[3]!) & mask;
    for (let lane = 1; lane < 4; lane += 1) h[lane] = (h[lane]! + h[0]!) & mask;
  };
  spread();
  for (let lane = 0; lane < 4; lane += 1) {
    let x = h[lane]!;
    x = ((x ^ (x >> 16n)) * 0x85ebca6bn) & mask;
    x = ((x ^ (x >> 13n)) * 0xc2b2ae35n) & mask;
    h[lane] = x ^ (x >> 16n);
  }
  spread();
  return h.map(Number);
}
