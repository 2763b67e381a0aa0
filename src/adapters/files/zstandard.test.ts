import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { problemOf } from '../../../test/files-kit.ts';
import { isThere, ROOT, WHY } from '../../../test/shared-data-kit.ts';
import { unpackZstandard } from './zstandard.ts';
import { isZstandard } from './zstandard-frames.ts';
import { blockHeader, plainFrame } from './zstandard.fixture.ts';

const content = Uint8Array.from({ length: 777 }, (_, at) => (at * at) % 251);
const skippable = Uint8Array.of(0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 9, 9, 9);
const refusalOf = (bytes: Uint8Array): string => problemOf(() => unpackZstandard(bytes, 'x.zst')).code;
const ruleOf = (bytes: Uint8Array): string => problemOf(() => unpackZstandard(bytes, 'x.zst')).rule;

describe('a Zstandard file', () => {
  it('is unpacked with and without a stated size and a checksum', () => {
    for (const hasChecksum of [true, false]) {
      for (const hasSize of [true, false]) expect(unpackZstandard(plainFrame(content, { hasChecksum, hasSize }), 'x')).toEqual(content);
    }
  });

  it('of several frames is one text; frames to skip hold nothing', () => {
    const packed = Buffer.concat([skippable, plainFrame(content), skippable, plainFrame(content.subarray(0, 5), { hasSize: false })]);
    expect(isZstandard(packed)).toBe(true);
    expect(unpackZstandard(packed, 'x')).toEqual(new Uint8Array([...content, ...content.subarray(0, 5)]));
  });

  it('cut anywhere but between its frames is refused', () => {
    const packed = Buffer.concat([plainFrame(content), plainFrame(content, { hasSize: false, hasChecksum: false })]);
    const between = plainFrame(content).length;
    for (let length = 1; length < packed.length; length += 1) {
      if (length === between) continue;
      const { code, rule } = problemOf(() => unpackZstandard(packed.subarray(0, length), 'x'));
      expect([code, rule]).toEqual(['ARCHIVE_DAMAGED', expect.stringContaining('is cut short')]);
    }
    expect(unpackZstandard(packed.subarray(0, between), 'x')).toEqual(content);
  });

  it('with a changed byte of its content is refused by its checksum', () => {
    const packed = Uint8Array.from(plainFrame(content));
    packed[300]! ^= 1;
    expect(ruleOf(packed)).toContain('does not have the checksum');
  });

  it('whose frame unpacks to another size than it states is refused, also without a checksum', () => {
    const packed = Uint8Array.from(plainFrame(content, { hasChecksum: false }));
    packed[5]! += 1;
    expect(ruleOf(packed)).toContain('unpacks to 777 bytes; it states 778');
  });

  it('with a reserved bit, a reserved block, a block that is too large or a strange start is refused', () => {
    const reserved = Uint8Array.from(plainFrame(content));
    reserved[4]! |= 8;
    expect(ruleOf(reserved)).toContain('reserved bit');
    const frame = (...blocks: readonly Uint8Array[]): Uint8Array => Buffer.concat([Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0), ...blocks]);
    expect(ruleOf(frame(blockHeader(3, 0, true)))).toContain('reserved type');
    // The window of 1 KiB bounds blocks too.
    expect(ruleOf(frame(blockHeader(0, 1025, true), new Uint8Array(1025)))).toContain('larger than blocks may be');
    expect(ruleOf(Buffer.concat([plainFrame(content), new Uint8Array(20)]))).toContain('starts with no number');
    expect(ruleOf(frame(blockHeader(0, 10, true), new Uint8Array(9)))).toContain('is cut short');
  });

  it('that unpacks to more than is allowed is refused before, by what it states, and on the way', () => {
    const stated = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0xc0, 0x38, 1, 0, 0, 0x80, 0, 0, 0, 0, ...blockHeader(0, 0, true));
    expect(refusalOf(stated)).toBe('FILE_TOO_LARGE');
    const repeated = Buffer.concat([
      Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0x38),
      ...Array.from({ length: 10 }, (_, block) => Buffer.concat([blockHeader(1, 100_000, block === 9), Uint8Array.of(7)])),
    ]);
    expect(Buffer.compare(unpackZstandard(repeated, 'x', 1_000_000), new Uint8Array(1_000_000).fill(7))).toBe(0);
    expect(problemOf(() => unpackZstandard(repeated, 'x', 999_999)).code).toBe('FILE_TOO_LARGE');
    expect(problemOf(() => unpackZstandard(Buffer.concat([repeated, plainFrame(content)]), 'x', 1_000_000)).code).toBe('FILE_TOO_LARGE');
  });

  it('that needs a dictionary or a huge window is refused as such', () => {
    const end = blockHeader(0, 0, true);
    expect(refusalOf(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 1, 0x38, 5, ...end))).toBe('ARCHIVE_UNSUPPORTED');
    expect(refusalOf(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0x90, ...end))).toBe('ARCHIVE_UNSUPPORTED');
  });

  it('whose Huffman tree has one weight, which the package would read for ever, is refused', () => {
    // By hand: literals with a tree (16 bytes, 8 packed), a table of 32 states that all mean weight 0, one block, one segment.
    const literals = [0x02, 0x01, 0x02, 4, 0xf0, 0x03, 0x00, 0x80, 0, 0, 1];
    const packed = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, 16, ...blockHeader(2, literals.length + 1, true), ...literals, 0);
    expect(ruleOf(packed)).toContain('one weight for all');
    // The same with weight 0 told to be absent before (value 1, no repeats): weight 1 has all 32 states.
    const second = [0x02, 0x41, 0x02, 5, 0x10, 0xf8, 0x01, 0x00, 0x80, 0, 0, 1];
    const other = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, 16, ...blockHeader(2, second.length + 1, true), ...second, 0);
    expect(ruleOf(other)).toContain('one weight for all');
  });
});

describe.skipIf(!isThere)(`packed data${WHY}`, () => {
  it('with a single changed byte never passes for good', () => {
    const packed = readFileSync(`${ROOT}databento-cme/historical_bars/futures_trades_2024-07-01T23-58_2024-07-02T00-02.dbn.zst`);
    const plain = unpackZstandard(packed, 'x');
    expect(plain.length).toBe(5966);
    let refused = 0;
    for (let at = 4; at < packed.length; at += 1) {
      const changed = Uint8Array.from(packed);
      changed[at]! ^= 1 << (at % 8);
      try {
        // What is ignored (an unused bit, the size of the window) leaves the content as it is.
        expect(unpackZstandard(changed, 'x')).toEqual(plain);
      } catch (error) {
        if (!(error instanceof Error && 'problems' in error)) throw error;
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(packed.length - 30);
  });
});
