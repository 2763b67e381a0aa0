import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder, testInstrument } from '../../../test/files-kit.ts';
import type { SourceContext } from './data-source.ts';
import { recordingSource } from './source-recording.ts';

const folder = makeFolder();
afterAll(folder.remove);
const file = folder.write('one.txt', 'some bytes');
const other = folder.write('other.txt', 'other bytes');
const copy = folder.write('copy.txt', 'some bytes');

/** What a run knows the data by that it traded on. */
function identityOf(recording: object, kind = 'trades'): string {
  const context = {
    loaded: { path: (relative: string) => relative },
    data: { kind, recording: { format: 'hyperliquid', file, ...recording } },
    path: ['data', 0],
    instrument: testInstrument(),
    span: { fromTs: null, toTs: null },
  } as unknown as SourceContext;
  return recordingSource(context).identity();
}

describe('the identity of a recording', () => {
  it('is another for each thing that changes which rows come', () => {
    const identities = [
      identityOf({}),
      identityOf({ symbol: 'BTC' }),
      identityOf({ symbol: 'ETH' }),
      identityOf({ member: 'BTC' }),
      identityOf({ symbol: 'BTC', member: 'BTC' }),
      identityOf({ format: 'binance' }),
      identityOf({}, 'book-deltas'),
      identityOf({ file: other }),
      identityOf({ file: [file, other] }),
      identityOf({ file: [other, file] }),
    ];
    expect(new Set(identities).size).toBe(identities.length);
  });

  it('is the same wherever the bytes lie', () => {
    expect(identityOf({ file: copy })).toBe(identityOf({}));
  });
});
