import { describe, expect, it } from 'vitest';
import { textFrame } from './frames.ts';

describe('a frame', () => {
  // RFC 6455, section 5.2: final text is 0x81; lengths up to 125 are one byte, up to 65,535 are 126 and two, else 127 and eight.
  it.each([
    [0, [0x81, 0]],
    [125, [0x81, 125]],
    [126, [0x81, 126, 0, 126]],
    [65_535, [0x81, 126, 255, 255]],
    [65_536, [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]],
  ])('of %i bytes begins as the protocol says', (length, head) => {
    const frame = textFrame('x'.repeat(length));
    expect([...frame.subarray(0, head.length)]).toEqual(head);
    expect(frame.length).toBe(head.length + length);
  });

  it('counts bytes and not characters', () => {
    // Two bytes each in UTF-8.
    expect([...textFrame('éé')]).toEqual([0x81, 4, 0xc3, 0xa9, 0xc3, 0xa9]);
  });
});
