import { describe, expect, it } from 'vitest';
import { stream as seededStream } from '../../base/random.ts';
import { ALL_KINDS, diffText, klineText, quoteText, SECOND, START, startedFeed, subscription, tradeText } from './feed.fixture.ts';
import { BlockKind } from '../../model/blocks.ts';
import { RefusedMessage } from './message-reading.ts';
import { SpotJson } from './spot-json.ts';
import { SpotEvent, SpotMessage, type SpotStream } from './spot-message.ts';
import { SpotScanner } from './spot-scanner.ts';

const DEEP = 100_000;
const QUOTE = quoteText(1);
const TRADE = tradeText(1);
const DIFF = diffText(1, 2, [['99.00000000', '1.00000000']]);

const BAD: readonly (readonly [string, string, string])[] = [
  ['no JSON', 'nonsense', 'FEED_MESSAGE_DAMAGED'],
  ['nothing', '', 'FEED_MESSAGE_DAMAGED'],
  ['cut off', TRADE.slice(0, -4), 'FEED_MESSAGE_DAMAGED'],
  ['more behind it', `${TRADE}}`, 'FEED_MESSAGE_DAMAGED'],
  ['a number', '17', 'FEED_MESSAGE_DAMAGED'],
  ['a list', '[]', 'FEED_MESSAGE_DAMAGED'],
  ['nested without end', `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`, 'FEED_MESSAGE_DAMAGED'],
  ['objects without end', '{"a":'.repeat(DEEP), 'FEED_MESSAGE_DAMAGED'],
  [
    'nested deeper than any message, in a field that nobody reads',
    TRADE.replace('"t":1,', `"t":1,"z":${'['.repeat(20)}${']'.repeat(20)},`),
    'FEED_MESSAGE_DAMAGED',
  ],
  ['a field twice', TRADE.replace('"t":1,', '"t":1,"t":2,'), 'FEED_MESSAGE_DAMAGED'],
  ['a field twice, once escaped', TRADE.replace('"t":1,', '"t":1,"\\u0074":2,'), 'FEED_MESSAGE_DAMAGED'],
  ['__proto__', TRADE.replace('"t":1,', '"t":1,"__proto__":{"t":2},'), 'FEED_MESSAGE_DAMAGED'],
  ['NaN', TRADE.replace('"t":1,', '"t":NaN,'), 'FEED_MESSAGE_DAMAGED'],
  ['a price that is NaN', TRADE.replace('100.00000000', 'NaN'), 'FEED_MESSAGE_DAMAGED'],
  ['a price of 1e400', TRADE.replace('100.00000000', '1e400'), 'FEED_MESSAGE_DAMAGED'],
  ['a price of 1e2', TRADE.replace('100.00000000', '1e2'), 'FEED_MESSAGE_DAMAGED'],
  ['a price below zero', TRADE.replace('100.00000000', '-1.00000000'), 'FEED_MESSAGE_DAMAGED'],
  ['a price of zero', TRADE.replace('100.00000000', '0.00000000'), 'FEED_MESSAGE_DAMAGED'],
  ['a price that is a number', TRADE.replace('"100.00000000"', '100'), 'FEED_MESSAGE_DAMAGED'],
  ['a price with more decimals than there are', TRADE.replace('100.00000000', '100.00100000'), 'FEED_MESSAGE_DAMAGED'],
  ['a price beyond 2^53', TRADE.replace('100.00000000', '90071992547409.93000000'), 'FEED_MESSAGE_DAMAGED'],
  ['an id beyond 2^53', TRADE.replace('"t":1,', '"t":9007199254740993,'), 'FEED_MESSAGE_DAMAGED'],
  ['an id with a fraction', TRADE.replace('"t":1,', '"t":1.5,'), 'FEED_MESSAGE_DAMAGED'],
  ['a time of no year', TRADE.replace(`"T":${START / 1000}`, '"T":99999999999999'), 'FEED_MESSAGE_DAMAGED'],
  ['a field that is missing', TRADE.replace('"t":1,', ''), 'FEED_MESSAGE_DAMAGED'],
  ['another symbol', TRADE.replace('"s":"BTCUSDT"', '"s":"ETHUSDT"'), 'FEED_MESSAGE_DAMAGED'],
  ['another event', TRADE.replace('"e":"trade"', '"e":"aggTrade"'), 'FEED_MESSAGE_DAMAGED'],
  ['half a side of a quote', QUOTE.replace('"B":"1.00000000"', '"B":"0.00000000"'), 'FEED_MESSAGE_DAMAGED'],
  ['a diff that runs backwards', DIFF.replace('"u":2', '"u":0'), 'FEED_MESSAGE_DAMAGED'],
  ['a level of three', DIFF.replace('["99.00000000","1.00000000"]', '["99.00000000","1.00000000","2"]'), 'FEED_MESSAGE_DAMAGED'],
  ['a candle with a high below its close', klineText(START / 1000).replace('"h":"3.00"', '"h":"1.50"'), 'FEED_MESSAGE_DAMAGED'],
  ['a stream that nobody asked for', TRADE.replace('btcusdt@trade', 'ethusdt@trade'), 'FEED_MESSAGE_UNKNOWN'],
  ['no stream', '{"e":"trade"}', 'FEED_MESSAGE_UNKNOWN'],
];

describe('bad messages', () => {
  it.each(BAD)('S-65: %s is refused with its code and counted, changes nothing, and the stream goes on', async (_, text, code) => {
    const { venue, feed, log } = await startedFeed(ALL_KINDS);
    venue.socket.accept();
    log.take();
    venue.socket.say(text);
    expect([[...feed.counters.refused], log.take(), venue.socket.isTerminated]).toEqual([[[code, 1]], [], false]);
    venue.socket.say(tradeText(1));
    expect(log.take()).toEqual(['rows 2 10000 50000 -1']);
  });

  it('S-65: a damaged snapshot is refused with its code and asked for again', async () => {
    const { venue, feed, log } = await startedFeed([subscription(BlockKind.BOOK_DELTAS)]);
    venue.socket.accept();
    log.take();
    await venue.answerDepth({ body: '{"lastUpdateId":10,"bids":[["1.00"]],"asks":[]}' });
    expect([[...feed.counters.refused], log.take()]).toEqual([[['FEED_ANSWER_DAMAGED', 1]], []]);
    await venue.advance(SECOND);
    await venue.answerDepth({ body: '{"lastUpdateId":10,"bids":[["1.00","2"]],"asks":[]}' });
    expect(log.take()).toEqual(['rows 0 CLEAR 0 0 0 2', 'rows 0 SET 1 100 200000 3', 'state CONNECTED FEED_CONNECTED']);
  });
});

describe('the scanner', () => {
  const like = { symbol: 'BTCUSDT', priceDecimals: 2, quantityDecimals: 5 };
  const streams: readonly SpotStream[] = [
    { index: 0, name: 'btcusdt@depth@100ms', event: SpotEvent.DIFF, ...like },
    { index: 1, name: 'btcusdt@bookTicker', event: SpotEvent.QUOTE, ...like },
    { index: 2, name: 'btcusdt@trade', event: SpotEvent.TRADE, ...like },
  ];
  const [fast, slow] = [new SpotMessage(), new SpotMessage()];
  const scanner = new SpotScanner(fast);
  const json = new SpotJson(slow);
  for (const stream of streams) {
    scanner.learn(stream);
    json.learn(stream);
  }

  /** What a message says of its event, from the side that read it. */
  function facts({ event }: SpotStream, message: SpotMessage): readonly number[] {
    const { stamp, firstId, lastId, price, quantity, askPrice, askSize, aggressorSide, levels, bids } = message;
    if (event === SpotEvent.QUOTE) return [lastId, price, quantity, askPrice, askSize];
    if (event === SpotEvent.TRADE) return [lastId, price, quantity, aggressorSide];
    const columns = [message.levelPrice, message.levelQuantity].flatMap((column) => [...column.subarray(0, levels)]);
    return [Number.isNaN(stamp) ? 1 : 0, firstId, lastId, levels, bids, ...columns];
  }

  function slowly(text: string): SpotStream | null {
    try {
      const reading = json.read(text);
      return reading.kind === 'data' ? reading.stream : null;
    } catch (error) {
      if (error instanceof RefusedMessage) return null;
      throw error;
    }
  }

  it('takes the three layouts of Spot as they are', () => {
    const levels: readonly (readonly [string, string])[] = [
      ['61737.63000000', '0.00000000'],
      ['0.01000000', '12345.00001000'],
    ];
    const texts = [
      quoteText(50_093_239_189, '61837.63000000'),
      tradeText(3_735_683_259),
      diffText(11, 12, levels, levels),
      diffText(11, 12),
    ];
    const taken = texts.map((text) => [scanner.scan(Buffer.from(text))?.index, facts(slowly(text)!, fast), facts(slowly(text)!, slow)]);
    expect(taken.map(([index]) => index)).toEqual([1, 2, 0, 0]);
    for (const [, ours, twins] of taken) expect(ours).toEqual(twins);
  });

  it('S-65: of messages with a byte changed, lost or more it takes none that JSON.parse would not read alike', () => {
    const random = seededStream(20_260_101, 'messages');
    const texts = [QUOTE, TRADE, DIFF, diffText(11, 12, [['1.00000000', '2.00000000']], [['3.00000000', '0.00000000']])];
    const letters = '0123456789.,:"{}[]abETtu -';
    let taken = 0;
    for (let round = 0; round < 40_000; round += 1) {
      const text = texts[random.nextBelow(texts.length)]!;
      const at = random.nextBelow(text.length);
      const letter = letters[random.nextBelow(letters.length)]!;
      const spoiled = [
        text.slice(0, at) + letter + text.slice(at + 1),
        text.slice(0, at) + text.slice(at + 1),
        text.slice(0, at) + letter + text.slice(at),
      ][random.nextBelow(3)]!;
      const stream = scanner.scan(Buffer.from(spoiled));
      if (stream === null) continue;
      const ours = facts(stream, fast);
      taken += 1;
      // What the feed looks at behind the scanner: order of ids and the years of a time.
      if (stream.event === SpotEvent.DIFF && fast.firstId > fast.lastId) continue;
      const isOutOfYears = fast.stamp > 7_258_118_400_000;
      const twin = slowly(spoiled);
      if (twin === null && isOutOfYears) continue;
      expect([spoiled, ours]).toEqual([spoiled, twin === null ? null : facts(twin, slow)]);
    }
    expect(taken).toBeGreaterThan(1000);
  });
});
