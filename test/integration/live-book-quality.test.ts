import { describe, expect, it } from 'vitest';
import { diffText, SECOND, snapshotText, startedFeed, subscription } from '../../src/adapters/binance/feed.fixture.ts';
import { MarketDataCache } from '../../src/core/market-data/market-data-cache.ts';
import { MarketDataManager } from '../../src/core/market-data/market-data-manager.ts';
import { BlockKind, type BookDeltaBlock } from '../../src/model/blocks.ts';

const BOOK = subscription(BlockKind.BOOK_DELTAS);
const BID: readonly [string, string] = ['99.00000000', '1.00000000'];
const ASK: readonly [string, string] = ['101.00000000', '2.00000000'];
const AGE_MAX_US = 30 * SECOND;
const CROSSED_MAX_US = SECOND;

/** A feed whose rows the core takes, and what the core says of the book now. */
async function coreOnFeed() {
  const { venue, feed, log } = await startedFeed([BOOK]);
  const instruments = [BOOK.instrument];
  const cache = new MarketDataCache(instruments);
  const manager = new MarketDataManager({ instruments, cache, limits: { ageMaxUs: AGE_MAX_US, bookCrossedMaxUs: CROSSED_MAX_US } });
  const book = manager.books.watch(0);
  const onRows = log.onRows.bind(log);
  log.onRows = (stream, block) => {
    onRows(stream, block);
    const deltas = block as BookDeltaBlock;
    expect(manager.scan(deltas, 0, deltas.length)).toBe(deltas.length);
    for (let row = 0; row < deltas.length; row += 1) manager.applyDelta(book, deltas, row);
    manager.commit(deltas, 0, deltas.length);
  };
  venue.socket.accept();
  const unfit = (): string | null => manager.unfitBookReason(0, venue.clock.now());
  return { venue, feed, book, unfit };
}

describe('the core on a live book', () => {
  it('INV-14, S-58: no decision hangs on a book that is crossed or locked for as long as it may be, until it is neither', async () => {
    const { venue, unfit } = await coreOnFeed();
    await venue.answerDepth({ body: snapshotText(10, [BID], [ASK]) });
    expect(unfit()).toBe(null);
    venue.socket.say(diffText(11, 11, [['101.00000000', '1.00000000']]));
    expect(unfit()).toBe(null);
    await venue.advance(CROSSED_MAX_US);
    expect(unfit()).toBe('is crossed or locked');
    venue.socket.say(diffText(12, 12, [['102.00000000', '1.00000000']]));
    expect(unfit()).toBe('is crossed or locked');
    venue.socket.say(
      diffText(13, 13, [
        ['101.00000000', '0.00000000'],
        ['102.00000000', '0.00000000'],
      ]),
    );
    expect(unfit()).toBe(null);
  });

  it('INV-14, S-59: no decision hangs on a book that does not change while the connection lives', async () => {
    const { venue, feed, unfit } = await coreOnFeed();
    await venue.answerDepth({ body: snapshotText(10, [BID], [ASK]) });
    for (let second = 0; second < 30; second += 3) {
      expect([feed.state, unfit()]).toEqual(['CONNECTED', null]);
      await venue.advance(3 * SECOND);
      venue.socket.alive();
    }
    await venue.advance(SECOND);
    expect([feed.state, unfit()]).toEqual(['CONNECTED', 'has not changed for longer than marketData.ageMax']);
    venue.socket.say(diffText(11, 11, [BID]));
    expect(unfit()).toBe(null);
  });

  it('INV-14, S-23, S-53: no decision hangs on a book without a snapshot, with a gap, or behind a connection that was lost', async () => {
    const { venue, unfit } = await coreOnFeed();
    const waits = 'waits for a snapshot after missing changes';
    const said: (string | null)[] = [unfit()];
    await venue.answerDepth({ body: snapshotText(10, [BID], [ASK]) });
    said.push(unfit());
    venue.socket.say(diffText(13, 13, [BID]));
    said.push(unfit());
    await venue.answerDepth({ body: snapshotText(13, [BID], [ASK]) });
    said.push(unfit());
    venue.socket.close();
    said.push(unfit());
    await venue.advance(SECOND);
    venue.socket.accept();
    said.push(unfit());
    await venue.answerDepth({ body: snapshotText(90, [BID], [ASK]) });
    expect([...said, unfit()]).toEqual(['has had no snapshot yet', null, waits, null, waits, waits, null]);
  });
});
