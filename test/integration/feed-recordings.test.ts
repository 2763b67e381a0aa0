import { describe, expect, it } from 'vitest';
import { isThere, ROOT, WHY } from '../shared-data-kit.ts';
import { SpotDecoder } from '../../src/adapters/binance/spot-decoder.ts';
import { openBinanceStream } from '../../src/adapters/files/recordings/binance-stream.ts';
import { MessageLines } from '../../src/adapters/files/recordings/message-lines.ts';
import { recordedInstrument } from '../../src/adapters/files/recordings/message-recordings.fixture.ts';
import { type Row, rowsOf } from '../../src/adapters/files/recordings/recorded-rows.fixture.ts';
import type { RecordedKind } from '../../src/adapters/files/recordings/row-buffer.ts';
import { BlockKind } from '../../src/model/blocks.ts';
import type { FeedBlock, FeedGap } from '../../src/ports/market-feed.ts';

const FILES = ['l2-binance-raw/spot_btcusdt_20240808.gz', 'l2-binance-raw/spot_btcusdt_20240809.gz'].map((file) => ROOT + file);
const KINDS: readonly RecordedKind[] = [BlockKind.BOOK_DELTAS, BlockKind.QUOTES, BlockKind.TRADES];

/** Everything that the live decoder makes of the recorded messages, as if each came when it was recorded. */
function liveRows(): { readonly rows: readonly Row[][]; readonly gaps: readonly FeedGap[]; readonly decoder: SpotDecoder } {
  const rows: Row[][] = KINDS.map(() => []);
  const gaps: FeedGap[] = [];
  const instrument = recordedInstrument(2, 8);
  const decoder = new SpotDecoder(
    KINDS.map((kind) => ({ instrument, symbol: 'BTCUSDT', kind, every: null, series: 0 })),
    {
      onRows: (stream, block) => copy(block, rows[stream]!),
      onGap: (gap) => gaps.push(gap),
      wantSnapshot: () => {},
      bookChanged: () => {},
    },
  );
  const lines = new MessageLines(FILES);
  while (lines.next()) {
    const text = lines.text(lines.from);
    const now = Number(text.slice(0, 16));
    const message = text.slice(20);
    if (message.startsWith('{"lastUpdateId"')) decoder.bookOf(0)!.snapshot(message, now);
    else decoder.take(Buffer.from(message), now);
  }
  return { rows, gaps, decoder };
}

function copy(block: FeedBlock, into: Row[]): void {
  const columns = Object.entries(block).filter((entry): entry is [string, Float64Array | Int8Array] => ArrayBuffer.isView(entry[1]));
  for (let row = 0; row < block.length; row += 1) into.push(Object.fromEntries(columns.map(([name, column]) => [name, column[row]!])));
}

describe.skipIf(!isThere)(`the live decoder on ten recorded minutes of Binance Spot${WHY}`, () => {
  it('makes the rows that the reader of recordings makes, one for one, and finds nothing missing, double or damaged', {
    timeout: 60_000,
  }, () => {
    const { rows, gaps, decoder } = liveRows();
    const { messages, duplicates, refused } = decoder.counters;
    // The first two diffs end before the id of the snapshot.
    expect([messages, duplicates, [...refused], gaps]).toEqual([99_573, 2, [], []]);
    KINDS.forEach((kind, at) => {
      const recorded = rowsOf(openBinanceStream({ path: FILES, kind, instrument: recordedInstrument(2, 8) }));
      expect(rows[at]!.length).toBe(recorded.length);
      const differs = recorded.findIndex((row, n) => Object.entries(row).some(([name, value]) => rows[at]![n]![name] !== value));
      expect([kind, differs, recorded[differs], rows[at]![differs]]).toEqual([kind, -1, undefined, undefined]);
    });
  });
});
