import { serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { decodeInput, encodeInput, RecordKind } from './input-codec.ts';
import type { SessionInput } from '../../model/session-input.ts';

describe('a gap in the journal', () => {
  it.each<SessionInput & { readonly kind: 'GAP' }>([
    { kind: 'GAP', ts: 9_000, tsFrom: 1_000, tsTo: 9_000, instruments: null, reason: 'DOWN' },
    { kind: 'GAP', ts: 9_000, tsFrom: 1_000, tsTo: 6_000, instruments: [0, 3], reason: 'FEED_CONNECTION_LOST' },
  ])('comes back as it was: %j', (input) => {
    expect(decodeInput({ ts: input.ts, ...encodeInput(input) })).toEqual(input);
  });

  it('of an earlier program is one of all instruments, up to when it was told', () => {
    const payload = serialize({ tsFrom: 1_000, reason: 'DOWN' });
    expect(decodeInput({ kind: RecordKind.GAP, ts: 9_000, payload })).toEqual({
      kind: 'GAP',
      ts: 9_000,
      tsFrom: 1_000,
      tsTo: 9_000,
      instruments: null,
      reason: 'DOWN',
    });
  });
});
