import { describe, expect, it } from 'vitest';
import { BlockKind } from '../../model/blocks.ts';
import type { SubmitOrder } from '../../model/commands.ts';
import { EXACT_FEES } from '../../model/fees.ts';
import { instrumentWith } from '../../model/instrument.fixture.ts';
import {
  BUY,
  limit,
  market,
  MINUTE,
  quotesOf,
  SELL,
  stop,
  stopLimit,
  tradesOf,
  VenuePlayer,
  type VenueOptions,
} from '../simulated-venue.fixture.ts';

const TRADES: VenueOptions = { matchOn: [BlockKind.TRADES] };
const QUOTES: VenueOptions = { matchOn: [BlockKind.QUOTES], rules: { market: 'touch' } };

function fillsOnTrades(
  order: SubmitOrder,
  trades: readonly (readonly [number, number])[],
  options: VenueOptions = TRADES,
): readonly string[] {
  const player = new VenuePlayer({ ...TRADES, ...options });
  const block = tradesOf([[100, 1000], ...trades]);
  player.play(block, 0, 1);
  player.send(order);
  player.play(block, 1);
  return player.fills();
}

describe('orders on trades', () => {
  it.each<[string, SubmitOrder, (readonly [number, number])[], VenueOptions, string[]]>([
    [
      'nextTrade: a market order fills at the next trade',
      market(1, BUY, 5),
      [[103, 9]],
      { rules: { market: 'nextTrade' } },
      ['1 5@103 TAKER'],
    ],
    [
      'last: a market order fills at once at the last trade',
      market(1, BUY, 5),
      [[103, 9]],
      { rules: { market: 'last' } },
      ['1 5@100 TAKER'],
    ],
    [
      'touch: a resting buy fills at its limit when a trade reaches it',
      limit(1, BUY, 5, 98),
      [
        [99, 9],
        [98, 9],
      ],
      {},
      ['1 5@98 MAKER'],
    ],
    ['a resting buy fills at its limit when a trade prints below it', limit(1, BUY, 5, 98), [[95, 9]], {}, ['1 5@98 MAKER']],
    [
      'through: a trade at the limit does not fill, one tick below it does',
      limit(1, BUY, 5, 98),
      [
        [98, 9],
        [97, 9],
      ],
      { rules: { limitFill: 'through' } },
      ['1 5@98 MAKER'],
    ],
    [
      'through: a trade at the limit alone does not fill',
      limit(1, SELL, 5, 102),
      [
        [102, 9],
        [101, 9],
      ],
      { rules: { limitFill: 'through' } },
      [],
    ],
    [
      'a stop fills at the trade that gaps through it',
      stop(1, SELL, 5, 98),
      [
        [99, 9],
        [93, 9],
      ],
      {},
      ['1 5@93 TAKER'],
    ],
    ['a triggered limit is judged at the triggering trade', stopLimit(1, BUY, 5, 102, 104), [[103, 9]], {}, ['1 5@103 TAKER']],
    [
      'a triggered limit beyond its limit rests',
      stopLimit(1, BUY, 5, 102, 104),
      [
        [105, 9],
        [104, 9],
      ],
      {},
      ['1 5@104 MAKER'],
    ],
    [
      'half of each trade',
      limit(1, BUY, 5, 98),
      [
        [98, 4],
        [97, 1],
        [96, 20],
      ],
      { rules: { volumeShare: { numerator: 1, denominator: 2 } } },
      ['1 2@98 MAKER', '1 3@98 MAKER'],
    ],
  ])('%s', (_, order, trades, options, expected) => expect(fillsOnTrades(order, trades, options)).toEqual(expected));

  it('a trade that happened before the order arrived does not fill it, though it is known only later', () => {
    const player = new VenuePlayer(TRADES);
    const block = tradesOf([
      [100, 1],
      [98, 1],
      [98, 1],
    ]);
    block.tsInit[1] = block.tsEvent[1]! + 10;
    player.play(block, 0, 1);
    player.now = block.tsEvent[1]! + 5;
    player.send(limit(1, BUY, 1, 98));
    player.playRow(block, 1);
    expect(player.fills()).toEqual([]);
    player.playRow(block, 2);
    expect(player.fills()).toEqual(['1 1@98 MAKER']);
  });
});

describe('orders on quotes', () => {
  function fillsOnQuotes(
    order: SubmitOrder,
    quotes: readonly (readonly [number, number, number?, number?])[],
    options: VenueOptions = {},
  ): readonly string[] {
    const player = new VenuePlayer({ ...QUOTES, ...options });
    const block = quotesOf([[99, 101], ...quotes]);
    player.play(block, 0, 1);
    player.send(order);
    player.play(block, 1);
    return player.fills();
  }

  it.each<[string, SubmitOrder, (readonly [number, number, number?, number?])[], string[]]>([
    ['a market buy takes the ask at once', market(1, BUY, 5), [], ['1 5@101 TAKER']],
    ['a market sell takes the bid at once', market(1, SELL, 5), [], ['1 5@99 TAKER']],
    ['a buy limit at the ask takes', limit(1, BUY, 5, 101), [], ['1 5@101 TAKER']],
    [
      'a buy limit inside the spread rests until the ask comes to it',
      limit(1, BUY, 5, 100),
      [
        [99, 101],
        [98, 100],
      ],
      ['1 5@100 MAKER'],
    ],
    ['a resting buy fills at its limit when the ask falls through it', limit(1, BUY, 5, 100), [[95, 97]], ['1 5@100 MAKER']],
    ['a sell limit fills when the bid comes to it', limit(1, SELL, 5, 103), [[103, 104]], ['1 5@103 MAKER']],
    ['a buy stop is triggered by the ask and fills there', stop(1, BUY, 5, 103), [[102, 104]], ['1 5@104 TAKER']],
    ['a sell stop is triggered by the bid and fills there', stop(1, SELL, 5, 97), [[96, 102]], ['1 5@96 TAKER']],
    ['an absent ask fills no buy limit', limit(1, BUY, 5, 100), [[99, 0]], []],
    ['an absent bid triggers no sell stop', stop(1, SELL, 5, 97), [[0, 101]], []],
  ])('%s', (_, order, quotes, expected) => expect(fillsOnQuotes(order, quotes)).toEqual(expected));

  it('an absent side does not stop the scan', () => {
    const player = new VenuePlayer(QUOTES);
    const block = quotesOf([
      [99, 101],
      [0, 101],
      [99, 0],
      [96, 101],
    ]);
    player.play(block, 0, 1);
    player.send(stop(1, SELL, 1, 97), limit(2, BUY, 1, 95));
    expect(player.venue.scan(block, 1, 4)).toBe(3);
  });

  it('takes no more than the size shown, side by side', () => {
    const rules = { market: 'touch', volumeShare: { numerator: 1, denominator: 1 } } as const;
    const player = new VenuePlayer({ ...QUOTES, rules });
    player.play(quotesOf([[99, 101, 7, 3]]));
    player.send(market(1, BUY, 5), market(2, SELL, 5));
    player.play(quotesOf([[99, 102, 7, 3]], MINUTE));
    expect(player.fills()).toEqual(['1 3@101 TAKER', '2 5@99 TAKER', '1 2@102 TAKER']);
  });

  it('a market order waits for its side when it is absent', () => {
    const player = new VenuePlayer(QUOTES);
    player.play(quotesOf([[99, 0]]));
    player.send(market(1, BUY, 5));
    player.play(
      quotesOf(
        [
          [99, 0],
          [99, 102],
        ],
        MINUTE,
      ),
    );
    expect(player.fills()).toEqual(['1 5@102 TAKER']);
  });

  it('R4.8 by hand: buys 100,000 AUD/USD at 0.70000, sells at 0.70020, commissions 1.40 and 1.40, final 1,000,017.20', () => {
    const instrument = instrumentWith({ kind: 'FX', priceDecimals: 5 });
    const display = { to: 'decimals', decimals: 'display', mode: 'half-even' } as const;
    const player = new VenuePlayer({
      ...QUOTES,
      instrument,
      fees: { kind: 'makerTaker', makerPpb: 20_000, takerPpb: 20_000, rounding: display },
    });
    const ticks = [70_000, 70_000, 70_010, 70_020, 70_020].map((price) => [price, price] as const);
    const block = quotesOf(ticks);
    player.play(block, 0, 2);
    player.send(market(1, BUY, 100_000));
    player.play(block, 2, 4);
    player.send(market(2, SELL, 100_000));
    const fills = player.reports.filter((report) => report.kind === 'Fill');
    expect(fills.map((fill) => [fill.lastPx, fill.commission])).toEqual([
      [70_000, 1_40000000n],
      [70_020, 1_40000000n],
    ]);
    const profit = BigInt(fills[1]!.lastPx - fills[0]!.lastPx) * 100_000n * 1000n;
    expect(1_000_000_00000000n + profit - 2_80000000n).toBe(1_000_017_20000000n);
  });

  it('maker and taker are charged apart', () => {
    const fees = { kind: 'makerTaker', makerPpb: -1_000_000, takerPpb: 2_000_000, rounding: EXACT_FEES } as const;
    const player = new VenuePlayer({ ...QUOTES, fees });
    player.play(quotesOf([[9900, 10000]]));
    player.send(market(1, BUY, 1), limit(2, BUY, 1, 9950));
    player.play(quotesOf([[9900, 9950]], MINUTE));
    // 0.2 % of 100.00 paid; 0.1 % of 99.50 received.
    expect(player.reports.flatMap((report) => (report.kind === 'Fill' ? [report.commission] : []))).toEqual([20000000n, -9950000n]);
  });
});

describe('a limit order that takes more than is shown', () => {
  it('goes on taking at the next quote while that is within its limit, and rests when it is not', () => {
    const player = new VenuePlayer({ ...QUOTES, rules: { market: 'touch', volumeShare: { numerator: 1, denominator: 1 } } });
    player.play(quotesOf([[99, 101, 7, 3]]));
    player.send(limit(1, BUY, 10, 105));
    player.play(
      quotesOf(
        [
          [99, 102, 7, 3],
          [104, 106, 7, 3],
          [99, 103, 7, 3],
        ],
        MINUTE,
      ),
    );
    expect(player.fills()).toEqual(['1 3@101 TAKER', '1 3@102 TAKER', '1 3@105 MAKER']);
  });
});
