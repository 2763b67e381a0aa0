import { describe, expect, it } from 'vitest';
import { BlockKind } from '../../model/blocks.ts';
import {
  ALL_KINDS,
  diffText,
  infoText,
  klineText,
  quoteText,
  SECOND,
  snapshotText,
  START,
  startedFeed,
  subscription,
  tradeText,
} from './feed.fixture.ts';
import { CONNECTION_AGE_US_MAX, SILENT_US_MAX, STALE_US_MAX } from './spot-connection.ts';

const BOOK = [subscription(BlockKind.BOOK_DELTAS)];
const TRADES = [subscription(BlockKind.TRADES)];
const BID: readonly [string, string] = ['99.00000000', '1.00000000'];
const ASK: readonly [string, string] = ['101.00000000', '2.00000000'];
/** A book of one bid and one ask as rows: CLEAR, then SETs; flags SNAPSHOT = 2, LAST = 1. */
const SNAPSHOT_ROWS = ['rows 0 CLEAR 0 0 0 2', 'rows 0 SET 1 9900 100000 2', 'rows 0 SET -1 10100 200000 3'];

async function connectedBook() {
  const started = await startedFeed(BOOK);
  started.venue.socket.accept();
  await started.venue.answerDepth({ body: snapshotText(10, [BID], [ASK]) });
  started.log.take();
  return started;
}

describe('a feed of Binance Spot', () => {
  it('asks for its streams on one connection and hands over rows in exact counts', async () => {
    const { venue, log } = await startedFeed(ALL_KINDS);
    expect(venue.socket.url).toBe('ws://venue/stream');
    venue.socket.accept();
    const names = ['btcusdt@depth@100ms', 'btcusdt@bookTicker', 'btcusdt@trade', 'btcusdt@kline_1m'];
    expect(JSON.parse(venue.socket.sent[0]!)).toEqual({ method: 'SUBSCRIBE', params: names, id: 1 });
    expect(log.take()).toEqual(['state RESYNCING FEED_RESYNCING']);
    venue.socket.say(quoteText(7));
    venue.socket.say(tradeText(3, '100.25000000', '0.00001000'));
    venue.socket.say(klineText(START / 1000, false));
    venue.socket.say(klineText(START / 1000));
    expect(log.take()).toEqual(['rows 1 9900 100000 10100 200000', 'rows 2 10025 1 -1', 'rows 3 100 300 50 200 700000']);
    await venue.answerDepth({ body: snapshotText(10, [BID], [ASK]) });
    expect(log.take()).toEqual([...SNAPSHOT_ROWS, 'state CONNECTED FEED_CONNECTED']);
  });

  it('asks for candles of a month as the venue writes them: 1m is a minute', async () => {
    const { venue } = await startedFeed([subscription(BlockKind.BARS, '1mo')]);
    venue.socket.accept();
    expect(JSON.parse(venue.socket.sent[0]!)).toMatchObject({ params: ['btcusdt@kline_1M'] });
  });

  it('S-53: ids that are missing between two diffs make the book worth nothing until a new snapshot, and are told as a gap', async () => {
    const { venue, log, feed } = await connectedBook();
    venue.socket.say(diffText(11, 12, [['99.00000000', '3.00000000']]));
    expect(log.take()).toEqual(['rows 0 SET 1 9900 300000 1']);
    await venue.advance(2 * SECOND);
    venue.socket.say(diffText(14, 15, [['98.00000000', '1.00000000']]));
    expect(log.take()).toEqual(['rows 0 GAP 0 0 0 1', 'state RESYNCING FEED_RESYNCING']);
    venue.socket.say(diffText(16, 16, [['98.50000000', '1.00000000']]));
    expect(log.take()).toEqual([]);
    await venue.answerDepth({ body: snapshotText(15, [BID], [ASK]) });
    expect(log.take()).toEqual([
      ...SNAPSHOT_ROWS,
      'gap 0 0 2 FEED_SEQUENCE_GAP',
      'rows 0 SET 1 9850 100000 1',
      'state CONNECTED FEED_CONNECTED',
    ]);
    expect([feed.counters.gaps, feed.counters.snapshots, feed.counters.duplicates]).toEqual([1, 2, 1]);
  });

  it('S-54: a snapshot older than the first diff that waits is fetched again until one is not; one that the diff follows directly is new enough', async () => {
    const { venue, log } = await startedFeed(BOOK);
    venue.socket.accept();
    venue.socket.say(diffText(21, 22, [['98.00000000', '1.00000000']]));
    log.take();
    await venue.answerDepth({ body: snapshotText(19, [BID], [ASK]) });
    expect([log.take(), venue.depthAsked]).toEqual([[], 0]);
    await venue.advance(SECOND);
    expect(venue.depthAsked).toBe(1);
    await venue.answerDepth({ body: snapshotText(20, [BID], [ASK]) });
    expect(log.take()).toEqual([...SNAPSHOT_ROWS, 'rows 0 SET 1 9800 100000 1', 'state CONNECTED FEED_CONNECTED']);
  });

  it('hands over snapshots and diffs of more levels than a block has rows in several blocks, and small ones behind them whole', async () => {
    const { venue, log } = await startedFeed(BOOK);
    venue.socket.accept();
    const levels = Array.from({ length: 9000 }, (_, at): readonly [string, string] => [`${at + 1}.00000000`, '1.00000000']);
    const sets = levels.map((_, at) => `rows 0 SET 1 ${(at + 1) * 100} 100000`);
    log.take();
    await venue.answerDepth({ body: snapshotText(10, levels) });
    expect(log.take()).toEqual([
      'rows 0 CLEAR 0 0 0 2',
      ...sets.map((set, at) => `${set} ${at === 8999 ? 3 : 2}`),
      'state CONNECTED FEED_CONNECTED',
    ]);
    for (const [from, of] of [
      [11, levels],
      [12, levels.slice(0, 2)],
      [13, levels.slice(0, 1)],
      [14, levels.slice(0, 2)],
    ] as const) {
      venue.socket.say(diffText(from, from, of));
      expect(log.take()).toEqual(sets.slice(0, of.length).map((set, at) => `${set} ${at === of.length - 1 ? 1 : 0}`));
    }
  });

  it('S-23: after a loss the feed is RESYNCING until every book is whole again, and tells what is missing of each stream', async () => {
    const { venue, log, feed } = await startedFeed(ALL_KINDS);
    venue.socket.accept();
    await venue.answerDepth({ body: snapshotText(10, [BID], [ASK]) });
    venue.socket.say(tradeText(3));
    log.take();
    await venue.advance(SECOND);
    venue.socket.close();
    expect([feed.state, log.take()]).toEqual(['DOWN', ['state DOWN FEED_CONNECTION_LOST', 'rows 0 GAP 0 0 0 1']]);
    await venue.advance(SECOND);
    venue.socket.accept();
    await venue.advance(0);
    expect(log.take()).toEqual(['state RESYNCING FEED_RESYNCING', 'gap 1 0 2 FEED_CONNECTION_LOST']);
    venue.socket.say(tradeText(5));
    expect(log.take()).toEqual(['gap 2 0 2 FEED_CONNECTION_LOST', 'rows 2 10000 50000 -1']);
    await venue.advance(SECOND);
    await venue.answerDepth({ body: snapshotText(30, [BID], [ASK]) });
    expect(log.take()).toEqual([...SNAPSHOT_ROWS, 'gap 0 0 3 FEED_CONNECTION_LOST', 'state CONNECTED FEED_CONNECTED']);
  });

  it('a loss after which no trade is missing is none of trades', async () => {
    const { venue, log } = await startedFeed(TRADES);
    venue.socket.accept();
    venue.socket.say(tradeText(3));
    venue.socket.close();
    await venue.advance(SECOND);
    venue.socket.accept();
    log.take();
    venue.socket.say(tradeText(4));
    venue.socket.say(tradeText(4));
    venue.socket.say(tradeText(6));
    expect(log.take()).toEqual(
      ['rows 2 10000 50000 -1', 'gap 2 1 1 FEED_SEQUENCE_GAP', 'rows 2 10000 50000 -1'].map((line) => line.replace(' 2 ', ' 0 ')),
    );
  });

  it('a candle that does not open where the last one closed follows a gap', async () => {
    const { venue, log } = await startedFeed([subscription(BlockKind.BARS, '1m')]);
    venue.socket.accept();
    log.take();
    const open = START / 1000;
    for (const minute of [0, 1, 1, 4]) venue.socket.say(klineText(open + minute * 60_000));
    const row = 'rows 0 100 300 50 200 700000';
    expect(log.take()).toEqual([row, row, 'gap 0 120 240 FEED_SEQUENCE_GAP', row]);
  });

  it('S-25: a connection through which nothing comes is pinged, stale after a while, then ended, and another takes its place', async () => {
    const { venue, log, feed } = await connectedBook();
    const [first] = venue.sockets;
    await venue.advance(STALE_US_MAX);
    expect([feed.state, first!.pings > 0, log.take()]).toEqual(['STALE', true, ['state STALE FEED_STALE']]);
    await venue.advance(SILENT_US_MAX - STALE_US_MAX);
    expect([first!.isTerminated, log.take()]).toEqual([true, ['state DOWN FEED_SILENT', 'rows 0 GAP 0 0 0 1']]);
    await venue.advance(SECOND);
    expect(venue.sockets.length).toBe(2);
  });

  it('S-25: an answer to a ping keeps a quiet connection alive, and ends its being stale', async () => {
    const { venue, log, feed } = await connectedBook();
    for (let look = 0; look < 20; look += 1) {
      await venue.advance(SILENT_US_MAX / 2);
      venue.socket.alive();
    }
    expect([venue.sockets.length, feed.state]).toEqual([1, 'CONNECTED']);
    expect(new Set(log.take())).toEqual(new Set(['state STALE FEED_STALE', 'state CONNECTED FEED_CONNECTED']));
  });

  it('waits twice as long before each further try, by chance between half and the whole, and begins anew after a steady minute', async () => {
    const { venue } = await startedFeed(TRADES);
    const waits: number[] = [];
    for (let tries = 1; tries <= 9; tries += 1) {
      const from = venue.clock.now();
      venue.socket.close();
      while (venue.sockets.length === tries) await venue.advance(SECOND / 100);
      waits.push((venue.clock.now() - from) / SECOND);
    }
    const bounds = [0.5, 1, 2, 4, 8, 16, 30, 30, 30];
    expect(waits.map((wait, at) => wait >= bounds[at]! / 2 && wait <= bounds[at]! + 0.01)).toEqual(bounds.map(() => true));
    expect(new Set(waits.map((wait, at) => (wait / bounds[at]!).toFixed(2))).size).toBeGreaterThan(3);
    venue.socket.accept();
    for (let second = 0; second < 60; second += 5) {
      await venue.advance(5 * SECOND);
      venue.socket.alive();
    }
    venue.socket.close();
    await venue.advance(SECOND / 2);
    expect(venue.sockets.length).toBe(11);
  });

  it('ends a connection whose subscription is not acknowledged in time, or is refused', async () => {
    const { venue, log } = await startedFeed(TRADES);
    venue.socket.open();
    await venue.advance(10 * SECOND);
    expect([venue.sockets[0]!.isTerminated, log.take()]).toEqual([true, ['state DOWN FEED_CONNECTION_FAILED']]);
    await venue.advance(SECOND);
    venue.socket.open();
    venue.socket.say(JSON.stringify({ code: 2, msg: 'Invalid request', id: 1 }));
    expect(venue.sockets[1]!.isTerminated).toBe(true);
  });

  it('a connection of 24 hours less ten minutes is replaced before its end: nothing is lost, and what comes twice is passed over', async () => {
    const { venue, log, feed } = await startedFeed([...BOOK, ...TRADES]);
    venue.socket.accept();
    await venue.answerDepth({ body: snapshotText(10, [BID], [ASK]) });
    venue.socket.say(tradeText(1));
    const [old] = venue.sockets;
    while (venue.clock.now() < START + CONNECTION_AGE_US_MAX) {
      await venue.advance(5 * SECOND);
      old!.alive();
    }
    expect([venue.sockets.length, old!.isTerminated]).toEqual([2, false]);
    log.take();
    venue.socket.accept();
    expect([venue.depthAsked, log.take()]).toEqual([0, []]);
    for (const socket of [old!, venue.socket]) {
      socket.say(diffText(11, 12, [BID]));
      socket.say(tradeText(2));
    }
    expect(log.take()).toEqual(['rows 0 SET 1 9900 100000 1', 'rows 1 10000 50000 -1']);
    await venue.advance(2 * SECOND);
    expect([old!.isTerminated, venue.sockets.length, feed.state, feed.counters.duplicates]).toEqual([true, 2, 'CONNECTED', 2]);
    venue.socket.say(tradeText(3));
    expect(log.take()).toEqual(['rows 1 10000 50000 -1']);
  });

  it('a venue that says that it shuts down is connected to anew at once', async () => {
    const { venue, feed } = await connectedBook();
    venue.socket.say(JSON.stringify({ stream: '!serverShutdown', data: { e: 'serverShutdown', E: START / 1000 } }));
    expect([venue.sockets.length, venue.sockets[0]!.isTerminated, feed.state]).toEqual([2, false, 'CONNECTED']);
  });

  it('S-60: measures how far the venue is ahead, and measures anew where a clock was set', async () => {
    const { venue, feed } = await startedFeed(TRADES);
    expect(feed.clockOffsetUs).toBe(0);
    for (const ahead of [5 * SECOND, -5 * SECOND, 3600 * SECOND]) {
      venue.aheadUs = ahead;
      await venue.advance(300 * SECOND);
      expect([feed.clockOffsetUs, feed.venueClock.now() - venue.clock.now()]).toEqual([ahead, ahead]);
    }
  });

  it('S-60: a leap of the clock by an hour, as after a sleep, ends the connection: nothing is known of the hour but that it is missing', async () => {
    const { venue, log } = await connectedBook();
    venue.clock.jumpTo(START + 3600 * SECOND);
    expect(log.take()).toEqual(['state DOWN FEED_SILENT', 'rows 0 GAP 0 0 0 1']);
    await venue.advance(SECOND);
    venue.socket.accept();
    await venue.answerDepth({ body: snapshotText(90, [BID], [ASK]) }).catch(() => {});
    expect(log.take().filter((line) => line.startsWith('gap'))).toEqual(['gap 0 0 3601 FEED_SILENT']);
  });

  it('S-61: a snapshot refused with 429 waits as long as the venue says and is asked for again; the feed says why it is not whole', async () => {
    const { venue, log } = await startedFeed(BOOK);
    venue.socket.accept();
    log.take();
    await venue.answerDepth({ status: 429, header: (name) => (name === 'retry-after' ? '7' : null) });
    expect([log.take(), venue.depthAsked]).toEqual([['state RESYNCING FEED_RATE_LIMITED'], 0]);
    await venue.advance(6.9 * SECOND);
    expect(venue.depthAsked).toBe(0);
    await venue.advance(0.2 * SECOND);
    await venue.answerDepth({ body: snapshotText(10, [BID], [ASK]) });
    expect(log.take()).toEqual([...SNAPSHOT_ROWS, 'state CONNECTED FEED_CONNECTED']);
  });

  it('S-61: a connection refused with 429 or 418 is not tried again before the venue allows it', async () => {
    const { venue, log } = await startedFeed(TRADES);
    venue.socket.close({ status: 418, retryAfterS: 120 });
    expect(log.take()).toEqual(['state DOWN FEED_BANNED']);
    await venue.advance(119 * SECOND);
    expect(venue.sockets.length).toBe(1);
    await venue.advance(SECOND);
    expect(venue.sockets.length).toBe(2);
  });

  it('S-62: tells when the venue stops trading in a symbol and when it goes on', async () => {
    const { venue, log, toldFirst } = await startedFeed(TRADES);
    // A session that comes back may know of a halt that has ended since.
    expect(toldFirst).toEqual(['instrument true FEED_SYMBOL_TRADING']);
    for (const [status, told] of [
      ['HALT', ['instrument false FEED_SYMBOL_HALTED']],
      ['HALT', []],
      ['TRADING', ['instrument true FEED_SYMBOL_TRADING']],
    ] as const) {
      venue.info = infoText(status);
      await venue.advance(60 * SECOND);
      expect(log.take().filter((line) => line.startsWith('instrument'))).toEqual(told);
    }
  });

  it('S-62: calls maintenance by its name, and is whole again by itself after it', async () => {
    const { venue, log, feed } = await connectedBook();
    venue.socket.close();
    await venue.advance(SECOND);
    venue.socket.close({ status: 503 });
    expect(log.take()).toEqual(['state DOWN FEED_CONNECTION_LOST', 'rows 0 GAP 0 0 0 1', 'state DOWN FEED_MAINTENANCE']);
    await venue.advance(SECOND);
    venue.socket.accept();
    await venue.answerDepth({ body: snapshotText(50, [BID], [ASK]) });
    expect(feed.state).toBe('CONNECTED');
  });

  it('S-62: says of an instrument that counts fewer decimals than the venue quotes that it cannot be read', async () => {
    const { venue, log } = await startedFeed(TRADES);
    venue.info = infoText().replace('"tickSize":"0.01000000"', '"tickSize":"0.00100000"');
    await venue.advance(60 * SECOND);
    expect(log.take()).toContain('instrument false FEED_DECIMALS_TOO_FEW');
  });

  it('stops for good: nothing is told, nothing waits', async () => {
    const { venue, log, feed } = await connectedBook();
    feed.stop();
    venue.socket.say(diffText(11, 12, [BID]));
    await venue.advance(0);
    expect([venue.socket.isTerminated, venue.clock.waitingCount, log.take()]).toEqual([true, 0, []]);
    feed.stop();
  });
});
