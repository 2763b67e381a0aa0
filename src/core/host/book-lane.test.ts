import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeBookDeltaBlock, setBookDelta } from '../../model/blocks.ts';
import { BookAction, BookFlag } from '../../model/book-delta.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import {
  backtestOf,
  deltasOf,
  type DeltaRow,
  fillsOf,
  instrumentOf,
  quotesOf,
  runAll,
  scripted,
  type Script,
  tradesOf,
} from '../../runtime/backtest.fixture.ts';
import type { FeedBlock } from '../../sim/depth/venue-feed.ts';
import { Effects } from '../effects.ts';
import { MarketDataCache } from '../market-data/market-data-cache.ts';
import { MarketDataManager } from '../market-data/market-data-manager.ts';
import type { Strategy } from '../strategy/strategy.ts';
import { BookLane } from './book-lane.ts';

const { CLEAR, SET, GAP, ADD } = BookAction;
const { LAST, SNAPSHOT } = BookFlag;
const [BID, ASK] = [1, -1];

/** Bids 99 × 5 and 98 × 7, asks 101 × 4 and 103 × 9, in one event at `ts`. */
function snapshot(ts: number): DeltaRow[] {
  return [
    [ts, CLEAR, 0, 0, 0, SNAPSHOT],
    [ts, SET, BID, 99, 5, SNAPSHOT],
    [ts, SET, BID, 98, 7, SNAPSHOT],
    [ts, SET, ASK, 101, 4, SNAPSHOT],
    [ts, SET, ASK, 103, 9, SNAPSHOT | LAST],
  ];
}

/** A strategy on the book of the first instrument. */
function onBook(onBook: Script['onBook'], more: Script = {}) {
  return scripted({ onStart: (s) => s.subscribeBook(0), ...(onBook === undefined ? {} : { onBook }), ...more });
}

describe('changes of a book', () => {
  it('are told event by event: nobody sees a book in the middle of one', () => {
    const seen: string[] = [];
    runAll({
      streams: [
        deltasOf(
          [...snapshot(10), [20, SET, BID, 99, 0, 0], [20, SET, BID, 97, 3, 0], [20, SET, ASK, 100, 2], [30, SET, ASK, 100, 1]],
          0,
          3,
        ),
      ],
      strategies: [onBook((s, book) => seen.push(`${s.now} ${book.bidPriceExact}x${book.bidSize} ${book.askPriceExact}x${book.askSize}`))],
    });
    expect(seen).toEqual(['10 99x5 101x4', '20 98x7 100x2', '30 98x7 100x1']);
  });

  it('give levels, depth, imbalance and what a market order would pay', () => {
    const seen: unknown[] = [];
    runAll({
      streams: [deltasOf(snapshot(10))],
      strategies: [
        onBook((_, book) => {
          seen.push(book.levels('bid', 5), book.levels('ask', 1), book.depth('ask', 2), book.imbalance(), book.imbalance(2));
          seen.push(book.sizeAt('bid', 0.98), book.sizeAt('bid', 0.985), book.midPrice, book.spread.toFixed(10));
          seen.push(book.averagePriceFor('ask', 6), book.averagePriceFor('ask', 14));
        }),
      ],
    });
    expect(seen).toEqual([
      [
        { price: 0.99, size: 5 },
        { price: 0.98, size: 7 },
      ],
      [{ price: 1.01, size: 4 }],
      13,
      // (5 − 4) ÷ 9, and (12 − 13) ÷ 25.
      1 / 9,
      -1 / 25,
      7,
      0,
      1,
      '0.0200000000',
      // (4 × 101 + 2 × 103) ÷ 6 cents.
      610 / 6 / 100,
      Number.NaN,
    ]);
  });

  it('S-53: from missing changes to the next snapshot nobody is called, strategies hear of the gap, and nothing that opens is sent', () => {
    const seen: string[] = [];
    const backtest = runAll({
      streams: [
        deltasOf([...snapshot(10), [20, GAP], [30, SET, BID, 100, 1], ...snapshot(40)]),
        tradesOf([
          [15, 100],
          [25, 100],
          [35, 100],
          [45, 100],
        ]),
      ],
      strategies: [
        onBook((s) => seen.push(`book ${s.now}`), {
          onStart: (s) => {
            s.subscribeBook(0);
            s.subscribeTrades(0);
          },
          onTrade: (s, trade) => {
            seen.push(`${trade.tsInit} ${s.book(0).bidPrice} ${s.bestBid(0)}`);
            s.marketOrder(0, 'BUY', 1);
          },
          onGap: (_, gap) => seen.push(`gap ${gap.reason} ${gap.tsFrom} to ${gap.tsTo}`),
          onOrderEvent: (_, event) => {
            if (event.kind === 'OrderDenied') seen.push(`${event.code} ${event.tsInit} ${event.reason}`);
          },
        }),
      ],
    });
    const denied = (ts: number): string =>
      `STALE_MARKET_DATA ${ts} The order book of ACME.XNYS waits for a snapshot after missing changes: only orders that reduce the position pass.`;
    expect(seen).toEqual([
      'book 10',
      '15 0.99 0.99',
      'gap SEQUENCE 10 to 20',
      '25 NaN NaN',
      denied(25),
      '35 NaN NaN',
      denied(35),
      'book 40',
      '45 0.99 0.99',
    ]);
    expect(backtest.recorder.fills.length).toBe(1);
    expect(backtest.engine.marketData.counters()[0]).toMatchObject({ accepted: 11, refused: { MARKET_DATA_BOOK_WAITING: 1 } });
  });

  it('S-58: a crossed or locked book calls nobody and lets nothing out that opens, until it is neither', () => {
    const seen: string[] = [];
    runAll({
      streams: [
        deltasOf([...snapshot(10), [20, SET, BID, 101, 1], [30, SET, BID, 101, 0]]),
        quotesOf([
          [5, 99, 101],
          [25, 99, 101],
        ]),
      ],
      strategies: [
        onBook((s) => seen.push(`book ${s.now}`), {
          onStart: (s) => {
            s.subscribeBook(0);
            s.subscribeQuotes(0);
          },
          onQuote: (s) => s.limitOrder(0, 'BUY', 1, 0.5),
          onOrderEvent: (_, event) => {
            if (event.kind === 'OrderDenied') seen.push(`${event.tsInit} ${event.reason.split(':')[0]}`);
          },
        }),
      ],
    });
    expect(seen).toEqual([
      '5 The order book of ACME.XNYS has had no snapshot yet',
      'book 10',
      '25 The order book of ACME.XNYS is crossed or locked',
      'book 30',
    ]);
  });

  it('S-59: a book that has stood still for longer than ageMax holds orders back, however alive the other data is', () => {
    const seen: string[] = [];
    runAll({
      streams: [
        deltasOf(snapshot(10)),
        quotesOf([
          [20, 99, 101],
          [31, 99, 101],
        ]),
      ],
      strategies: [
        onBook(undefined, {
          onStart: (s) => {
            s.book(0);
            s.subscribeQuotes(0);
          },
          onQuote: (s) => s.limitOrder(0, 'BUY', 1, 0.5),
          onOrderEvent: (_, event) => seen.push(`${event.tsInit} ${event.kind}`),
        }),
      ],
      engine: { marketData: { ageMaxUs: 20 } },
    });
    expect(seen.filter((each) => /Denied|Accepted/.test(each))).toEqual(['20 OrderAccepted', '31 OrderDenied']);
  });

  it('hold back no strategy that does not look at them', () => {
    const backtest = runAll({
      streams: [
        deltasOf([...snapshot(10), [20, GAP]]),
        tradesOf([
          [25, 100],
          [26, 100],
        ]),
      ],
      strategies: [scripted({ onStart: (s) => s.subscribeTrades(0), onTrade: (s) => s.marketOrder(0, 'BUY', 1) })],
    });
    expect(fillsOf(backtest)).toEqual(['BUY 1 @ 100 at 26']);
  });

  it('that are refused leave a book that nobody may use', () => {
    const seen: string[] = [];
    const backtest = runAll({
      streams: [deltasOf([...snapshot(10), [20, SET, BID, -4, 1], [30, SET, BID, 97, 1]])],
      strategies: [onBook((s) => seen.push(`book ${s.now}`), { onGap: (_, gap) => seen.push(`gap ${gap.tsInit}`) })],
    });
    expect(seen).toEqual(['book 10', 'gap 20']);
    expect(backtest.engine.marketData.counters()[0]!.refused).toEqual({ MARKET_DATA_NOT_POSITIVE: 1, MARKET_DATA_BOOK_WAITING: 1 });
  });

  it('that contradict the book break it', () => {
    const seen: string[] = [];
    const backtest = runAll({
      streams: [
        deltasOf([
          [10, CLEAR],
          [20, ADD, BID, 99, 1, LAST, 7],
          [30, ADD, BID, 99, 1, LAST, 7],
          [40, ADD, BID, 99, 1, LAST, 8],
        ]),
      ],
      strategies: [onBook((s) => seen.push(`book ${s.now}`), { onGap: (_, gap) => seen.push(`gap ${gap.tsInit}`) })],
    });
    expect(seen).toEqual(['book 10', 'book 20', 'gap 30']);
    expect(backtest.engine.marketData.counters()[0]!.refused).toEqual({ MARKET_DATA_BOOK_BROKEN: 1, MARKET_DATA_BOOK_WAITING: 1 });
  });

  it('make the price that positions are marked at where nothing else does', () => {
    const backtest = backtestOf({ streams: [deltasOf([...snapshot(10), [20, SET, BID, 100, 1]])], strategies: [] });
    while (!backtest.advance(1000));
    backtest.finish();
    // Middle of 100 and 101, half an increment down.
    expect(backtest.engine.cache.lastPrice(0)).toBe(100);
  });

  it('end a step where something is asked for, and the next begins with the next event', () => {
    const seen: string[] = [];
    const rows: DeltaRow[] = [...snapshot(10), [20, SET, BID, 98, 6, 0], [20, SET, BID, 97, 1], [30, SET, BID, 98, 5]];
    runAll({
      streams: [deltasOf(rows)],
      recorded: () => [deltasOf(rows) as BlockReader<FeedBlock>],
      strategies: [
        onBook(
          (s, book) => {
            seen.push(`${s.now} ${book.sizeAt('bid', 0.98)}`);
            s.marketOrder(0, 'BUY', 1);
          },
          { onFill: (s) => seen.push(`fill ${s.now}`) },
        ),
      ],
    });
    // Each order trades before the next event is seen.
    expect(seen).toEqual(['10 7', 'fill 10', '20 6', 'fill 20', '30 5', 'fill 30']);
  });
});

/** A lane of one instrument with what it hands to. */
function laneOf() {
  const instrument = instrumentOf();
  const cache = new MarketDataCache([instrument]);
  const marketData = new MarketDataManager({ instruments: [instrument], cache });
  const lane = new BookLane({ cache, effects: new Effects(), marketData, hasDeltas: () => true, onBroken: () => undefined });
  return { lane, cache, instrument };
}

/** One event per [bid, ask]: the book is told anew with nothing else; 0 for an absent side. */
function eventsOf(tops: readonly (readonly [number, number])[]) {
  const block = makeBookDeltaBlock(0, 3 * tops.length);
  block.length = 3 * tops.length;
  tops.forEach(([bid, ask], at) => {
    const put = (row: number, action: BookAction, side: number, price: number, flags: number): void =>
      setBookDelta(block, 3 * at + row, { ts: at, action, side, price, quantity: price === 0 ? 0 : 1, orderId: 0, flags });
    put(0, CLEAR, 0, 0, SNAPSHOT);
    put(1, SET, BID, bid, SNAPSHOT);
    put(2, SET, ASK, ask, SNAPSHOT | LAST);
  });
  return block;
}

describe('events of a book handed over within a band', () => {
  const bids = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 96, max: 100 }) }, { weight: 1, arbitrary: fc.constant(0) });
  const asks = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 100, max: 104 }) }, { weight: 1, arbitrary: fc.constant(0) });
  const low = fc.oneof(fc.integer({ min: 94, max: 97 }), fc.constant(Number.NEGATIVE_INFINITY));
  const high = fc.oneof(fc.integer({ min: 103, max: 106 }), fc.constant(Number.POSITIVE_INFINITY));

  it('end with the first whose best price has left it, and show the best prices of the last, or none of a book that is locked', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(bids, asks), { minLength: 1, maxLength: 12 }), low, high, (tops, below, above) => {
        const { lane, cache, instrument } = laneOf();
        let told = 0;
        const strategy = {
          onBook: () => {
            told += 1;
          },
        } as unknown as Strategy;
        const isLocked = ([bid, ask]: readonly [number, number]): boolean => bid === 100 && ask === 100;
        const leaves = tops.findIndex((top) => !isLocked(top) && ((top[0] !== 0 && top[0] <= below) || (top[1] !== 0 && top[1] >= above)));
        const taken = leaves === -1 ? tops : tops.slice(0, leaves + 1);
        const end = lane.hand(eventsOf(tops), instrument, 0, 3 * tops.length, [strategy], { low: below, high: above });
        expect([end, told]).toEqual([3 * taken.length, taken.filter((top) => !isLocked(top)).length]);
        const last = taken.at(-1)!;
        expect([cache.bestBid(0), cache.bestAsk(0)]).toEqual(isLocked(last) ? [0, 0] : last);
      }),
      { numRuns: 1000 },
    );
  });
});
