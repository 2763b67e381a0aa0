import fc from 'fast-check';
import { expect, it } from 'vitest';
import { murmurOf } from './murmur.ts';

it('is MurmurHash3_x86_128: a slow twin that passes the published SMHasher verification gives the same words', () => {
  expect(smhasherVerification()).toBe(0xb3ece62a);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 0xffffffff }), { maxLength: 40 }), (words) => {
      const bytes = words.flatMap((word) => [word & 255, (word >>> 8) & 255, (word >>> 16) & 255, word >>> 24]);
      expect(murmurOf(words)).toEqual(twin(bytes, 0));
    }),
  );
});

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
