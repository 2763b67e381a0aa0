import { describe, expect, it } from 'vitest';
import { type Random, stream } from '../../base/random.ts';
import { PackedText } from './packed-text.ts';
import { TradeIdWindow } from './trade-id-window.ts';

describe('the window of trade ids', () => {
  it('tells ids apart whose hashes are the same, whichever of their characters differ', () => {
    const random = stream(1, 'ids');
    for (const [from, to] of [
      [0, 8],
      [4, 12],
      [8, 15],
    ] as const) {
      const [one, other] = idsOfOneHash(random, from, to);
      const window = new TradeIdWindow();
      expect([window.admit(one, 1, 1, 10), window.admit(other, 1, 1, 10)]).toEqual(['NEW', 'NEW']);
      expect([window.admit(one, 1, 1, 10), window.admit(other, 1, 1, 11)]).toEqual(['DUPLICATE', 'CONFLICT']);
    }
  });

  it('remembers exactly as many as it was given room for, the newest', () => {
    const window = new TradeIdWindow(1000);
    for (let n = 0; n < 5000; n += 1) expect(window.admit(`T-${n}`, n, 1, 10)).toBe('NEW');
    for (let n = 4000; n < 5000; n += 1) expect(window.admit(`T-${n}`, n, 1, 10)).toBe('DUPLICATE');
    expect(window.admit('T-4999', 4999, 1, 11)).toBe('CONFLICT');
    expect(window.admit('T-3999', 3999, 1, 10)).toBe('NEW');
    // That one took the place of the oldest.
    expect(window.admit('T-4000', 4000, 1, 10)).toBe('NEW');
  });
});

/** Two ids of 15 characters that differ in some of the characters `from` to `to − 1` only: of 300,000 some ten pairs meet in 32 bits. */
function idsOfOneHash(random: Random, from: number, to: number): [string, string] {
  const packed = new PackedText();
  const idOf = new Map<number, string>();
  for (let n = 0; n < 2_000_000; n += 1) {
    let id = '';
    for (let place = 0; place < 15; place += 1) id += String.fromCharCode(place >= from && place < to ? random.nextUint32() & 0xff : 65);
    packed.pack(id);
    const known = idOf.get(packed.hash());
    if (known !== undefined && known !== id) return [known, id];
    idOf.set(packed.hash(), id);
  }
  throw new Error('no two ids have one hash');
}
