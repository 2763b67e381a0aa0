import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TradeIdWindow, type TradeIdVerdict } from '../../src/core/orders/trade-id-window.ts';

/** The slow twin: a list of what was admitted, oldest first, searched from one end to the other. */
class ListedWindow {
  private readonly entries: { readonly tradeId: string; readonly said: string }[] = [];
  private readonly idsMax: number;

  constructor(idsMax: number) {
    this.idsMax = idsMax;
  }

  admit(tradeId: string, order: number, lastQty: number, lastPx: number): TradeIdVerdict {
    const said = `${order}/${lastQty}/${lastPx}`;
    const known = this.entries.find((entry) => entry.tradeId === tradeId);
    if (known !== undefined) return known.said === said ? 'DUPLICATE' : 'CONFLICT';
    this.entries.push({ tradeId, said });
    if (this.entries.length > this.idsMax) this.entries.shift();
    return 'NEW';
  }
}

/** Ids that fit into words and ids that do not, ids that share beginnings, lengths and hashes: "Aa" and "BB" hash alike where they are part of a long id. */
const anyId = fc.oneof(
  fc.nat(150).map((n) => `T-${n}`),
  fc.stringMatching(/^(Aa|BB){0,9}$/),
  fc.constantFrom(
    '',
    '\0',
    '\0\0',
    '\u00ff',
    '\u0100',
    '\u0141',
    'A',
    '\u{1F600}',
    '123456789012345',
    '1234567890123456',
    '12345678901234567',
  ),
  fc.string({ maxLength: 40 }),
  fc.uuid(),
);

describe('the window of trade ids', () => {
  it('judges as a list does that is searched from end to end, at any bound, for ids of any length and alphabet', () => {
    const fill = fc.record({ tradeId: anyId, order: fc.integer({ min: 1, max: 2 }), lastQty: fc.integer({ min: 1, max: 2 }) });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.array(fill, { maxLength: 600, size: 'max' }), (idsMax, fills) => {
        const window = new TradeIdWindow(idsMax);
        const twin = new ListedWindow(idsMax);
        for (const { tradeId, order, lastQty } of fills) {
          expect(window.admit(tradeId, order, lastQty, -5), tradeId).toBe(twin.admit(tradeId, order, lastQty, -5));
        }
      }),
      { numRuns: 300 },
    );
  });
});
