import { describe, expect, it } from 'vitest';
import { BlockKind } from '../../model/blocks.ts';
import type { SubmitOrder } from '../../model/commands.ts';
import { EXACT_FEES } from '../../model/fees.ts';
import { instrumentWith } from '../../model/instrument.fixture.ts';
import { OrderFlag, TimeInForce } from '../../model/order.ts';
import type { VenueReport } from '../../model/reports.ts';
import {
  type BarRow,
  barsOf,
  BUY,
  limit,
  market,
  MINUTE,
  quoteBarsOf,
  SELL,
  stop,
  stopLimit,
  VenuePlayer,
} from '../simulated-venue.fixture.ts';
import type { PathRule } from './fill-rules.ts';

/** A quiet bar at 100 first; the orders are sent when it has closed. */
function fillsAfter(
  orders: readonly SubmitOrder[],
  bars: readonly BarRow[],
  rules: ConstructorParameters<typeof VenuePlayer>[0] = {},
): readonly string[] {
  const player = new VenuePlayer(rules);
  const block = barsOf([[100, 100, 100, 100], ...bars]);
  player.play(block, 0, 1);
  player.send(...orders);
  player.play(block, 1);
  return player.fills();
}

const path = (rule: PathRule): { readonly rules: { readonly path: PathRule } } => ({ rules: { path: rule } });

describe('market orders on bars', () => {
  it('fill at the next open', () => expect(fillsAfter([market(1, BUY, 10)], [[103, 105, 101, 104]])).toEqual(['1 10@103 TAKER']));

  it('fill at this close', () => {
    expect(fillsAfter([market(1, BUY, 10)], [[103, 105, 101, 104]], { rules: { market: 'thisClose' } })).toEqual(['1 10@100 TAKER']);
  });

  it('wait for the first bar where nothing has been seen yet, whatever the rule', () => {
    const player = new VenuePlayer({ rules: { market: 'thisClose' } });
    player.send(market(1, BUY, 10));
    player.play(barsOf([[103, 105, 101, 104]]));
    expect(player.fills()).toEqual(['1 10@103 TAKER']);
  });

  it('go before limit and stop orders at the open, each group in order of arrival', () => {
    const orders = [limit(1, BUY, 1, 110), stop(2, BUY, 1, 101), market(3, SELL, 1), market(4, BUY, 1)];
    expect(fillsAfter(orders, [[102, 102, 102, 102]])).toEqual(['3 1@102 TAKER', '4 1@102 TAKER', '1 1@102 TAKER', '2 1@102 TAKER']);
  });

  it("bear the time of the bar's open, and of its close when they fill there", () => {
    const player = new VenuePlayer();
    player.send(market(1, BUY, 1), limit(2, SELL, 1, 130));
    player.play(barsOf([[100, 120, 90, 130]], 7 * MINUTE));
    expect(player.reports.filter((report) => report.kind === 'Fill').map((report) => report.tsEvent)).toEqual([7 * MINUTE, 8 * MINUTE]);
  });
});

describe('limit orders on bars', () => {
  it.each<[string, SubmitOrder, BarRow, string[]]>([
    ['a buy fills at its limit when the low reaches it', limit(1, BUY, 5, 98), [100, 101, 98, 99], ['1 5@98 MAKER']],
    ['a buy does not fill when the low stays above', limit(1, BUY, 5, 97), [100, 101, 98, 99], []],
    ['a sell fills at its limit when the high reaches it', limit(1, SELL, 5, 101), [100, 101, 98, 99], ['1 5@101 MAKER']],
    ['a buy fills at the open when the bar opens below it', limit(1, BUY, 5, 98), [95, 101, 94, 99], ['1 5@95 MAKER']],
    ['a sell fills at the open when the bar opens above it', limit(1, SELL, 5, 103), [104, 106, 100, 105], ['1 5@104 MAKER']],
    ['a buy above the market takes at the open', limit(1, BUY, 5, 102), [101, 103, 99, 100], ['1 5@101 TAKER']],
    [
      'a buy above the market that opens beyond its limit rests, and fills at the limit',
      limit(1, BUY, 5, 102),
      [104, 105, 101, 103],
      ['1 5@102 MAKER'],
    ],
  ])('%s', (_, order, bar, expected) => expect(fillsAfter([order], [bar])).toEqual(expected));

  it('a marketable limit takes at this close where market orders do', () => {
    expect(fillsAfter([limit(1, BUY, 5, 102)], [], { rules: { market: 'thisClose' } })).toEqual(['1 5@100 TAKER']);
  });

  it.each<[number, string[]]>([
    [98, []],
    [97, []],
    [96, ['1 5@98 MAKER']],
  ])('through by 2 ticks: limit 98 and low %i', (low, expected) => {
    expect(fillsAfter([limit(1, BUY, 5, 98)], [[100, 101, low, 99]], { rules: { limitFill: 'through', throughTicks: 2 } })).toEqual(
      expected,
    );
  });

  it('through by 2 ticks: an open beyond the limit fills at the open all the same', () => {
    expect(fillsAfter([limit(1, BUY, 5, 98)], [[97, 101, 97, 99]], { rules: { limitFill: 'through', throughTicks: 2 } })).toEqual([
      '1 5@97 MAKER',
    ]);
  });
});

describe('the scan under the through rule', () => {
  it.each<[string, SubmitOrder, BarRow, number]>([
    ['a buy limit stops it at an open one tick below', limit(1, BUY, 1, 98), [97, 97, 97, 97], 2],
    ['a sell limit stops it at an open one tick above', limit(1, SELL, 1, 102), [103, 103, 103, 103], 2],
    ['an open at the limit does not stop it', limit(1, SELL, 1, 102), [102, 102, 102, 102], 3],
  ])('%s', (_, order, bar, expected) => {
    const player = new VenuePlayer({ rules: { limitFill: 'through', throughTicks: 3 } });
    const block = barsOf([[100, 100, 100, 100], [100, 100, 100, 100], bar]);
    player.play(block, 0, 1);
    player.send(order);
    expect(player.venue.scan(block, 1, 3)).toBe(expected);
  });
});

describe('stop orders on bars', () => {
  it.each<[string, SubmitOrder, BarRow, string[]]>([
    ['a buy stop fills at its stop when the high reaches it', stop(1, BUY, 5, 102), [100, 103, 99, 101], ['1 5@102 TAKER']],
    ['a sell stop fills at its stop when the low reaches it', stop(1, SELL, 5, 98), [100, 103, 97, 101], ['1 5@98 TAKER']],
    ['a sell stop that the open has gapped through fills at the open', stop(1, SELL, 5, 98), [90, 92, 88, 91], ['1 5@90 TAKER']],
    ['a buy stop that the open has gapped through fills at the open', stop(1, BUY, 5, 102), [108, 109, 107, 108], ['1 5@108 TAKER']],
    ['a stop that is not reached rests', stop(1, BUY, 5, 104), [100, 103, 99, 101], []],
  ])('%s', (_, order, bar, expected) => expect(fillsAfter([order], [bar])).toEqual(expected));

  it('report the trigger before the fill', () => {
    const player = new VenuePlayer();
    player.send(stop(1, BUY, 5, 102));
    player.play(barsOf([[100, 103, 99, 101]]));
    expect(player.lines()).toEqual(['Accepted 1', 'Triggered 1', 'Fill 1 5@102']);
  });
});

describe('stop-limit orders on bars', () => {
  const bars: BarRow[] = [
    [100, 103, 99, 101],
    [101, 102, 99, 100],
  ];
  it.each<['sameBar' | 'nextBar', string, SubmitOrder, string[]]>([
    ['sameBar', 'limit above the stop: fills at the stop', stopLimit(1, BUY, 5, 102, 102), ['1 5@102 TAKER']],
    ['nextBar', 'limit above the stop: fills at the next open', stopLimit(1, BUY, 5, 102, 102), ['1 5@101 TAKER']],
    ['sameBar', 'limit below the stop: fills later on the path of this bar', stopLimit(1, BUY, 5, 102, 100), ['1 5@100 MAKER']],
    ['nextBar', 'limit below the stop: fills in the next bar', stopLimit(1, BUY, 5, 102, 100), ['1 5@100 MAKER']],
    ['sameBar', 'a limit that the path does not come back to waits', stopLimit(1, BUY, 5, 102, 98), []],
  ])('%s, %s', (triggeredLimit, _, order, expected) => {
    expect(fillsAfter([order], bars, { rules: { triggeredLimit, path: 'openHighLowClose' } })).toEqual(expected);
  });

  it('nextBar keeps the fill out of the triggering bar (R1.9: buy stop 484 limit 466, low 460.37 in the triggering bar)', () => {
    const player = new VenuePlayer({ rules: { triggeredLimit: 'nextBar' } });
    const block = barsOf([
      [45908, 46248, 46037 - 100, 46037],
      [47000, 48464, 46037, 48000],
      [47000, 47500, 46900, 47200],
      [46700, 46800, 46500, 46600],
    ]);
    player.play(block, 0, 1);
    player.send(stopLimit(1, BUY, 100, 48400, 46600));
    player.play(block, 1);
    expect(player.reports.filter((report) => report.kind === 'Fill').map((fill) => [fill.lastPx, fill.tsEvent > 3 * MINUTE])).toEqual([
      [46600, true],
    ]);
  });
});

describe('the path of a bar', () => {
  const exits = [limit(1, SELL, 1, 105), stop(2, SELL, 1, 95)];
  it.each<[PathRule, BarRow, string[]]>([
    ['openHighLowClose', [100, 106, 94, 100], ['1 1@105 MAKER', '2 1@95 TAKER']],
    ['openLowHighClose', [100, 106, 94, 100], ['2 1@95 TAKER', '1 1@105 MAKER']],
    ['nearestFirst', [100, 105, 94, 100], ['1 1@105 MAKER', '2 1@95 TAKER']],
    ['nearestFirst', [100, 106, 95, 100], ['2 1@95 TAKER', '1 1@105 MAKER']],
    ['nearestFirst', [100, 106, 94, 100], ['1 1@105 MAKER', '2 1@95 TAKER']],
  ])('%s over %j', (rule, bar, expected) => expect(fillsAfter(exits, [bar], path(rule))).toEqual(expected));

  it.each<[number, string[]]>([
    [1, ['2 1@95 TAKER', '1 1@105 MAKER']],
    [-1, ['1 1@105 MAKER', '2 1@95 TAKER']],
  ])('worstFirst goes against a position of %i', (position, expected) => {
    const player = new VenuePlayer(path('worstFirst'));
    player.venue.setPosition(0, position);
    player.send(...exits);
    player.play(barsOf([[100, 106, 94, 100]]));
    expect(player.fills()).toEqual(expected);
  });

  it('worstFirst, flat with buys only: the high comes first', () => {
    expect(fillsAfter([limit(1, BUY, 1, 96), stop(2, BUY, 1, 104)], [[100, 106, 94, 100]], path('worstFirst'))).toEqual([
      '2 1@104 TAKER',
      '1 1@96 MAKER',
    ]);
  });

  it('orders are reached by price along the way, and by arrival at one price', () => {
    const orders = [limit(1, SELL, 1, 105), limit(2, SELL, 1, 103), stop(3, BUY, 1, 104), limit(4, SELL, 1, 103)];
    expect(fillsAfter(orders, [[100, 106, 100, 106]])).toEqual(['2 1@103 MAKER', '4 1@103 MAKER', '3 1@104 TAKER', '1 1@105 MAKER']);
  });

  it('a stop placed in answer to a fill works for the rest of the bar', () => {
    // Buy limit 98 fills on the way down; its stop at 96 is reached before the low of 95.
    const player = new VenuePlayer(path('openLowHighClose'));
    player.react = (report) => (report.kind === 'Fill' && report.clientOrderId === 1 ? [stop(2, SELL, 5, 96), limit(3, SELL, 5, 99)] : []);
    player.send(limit(1, BUY, 5, 98));
    player.play(barsOf([[100, 101, 95, 100]]));
    expect(player.fills()).toEqual(['1 5@98 MAKER', '2 5@96 TAKER', '3 5@99 MAKER']);
  });

  it('what is sent inside the bar bears the time of the fill that it answers', () => {
    const player = new VenuePlayer(path('openLowHighClose'));
    player.react = (report) => (report.kind === 'Fill' && report.clientOrderId === 1 ? [limit(2, SELL, 5, 120)] : []);
    player.send(limit(1, BUY, 5, 98));
    player.play(barsOf([[100, 101, 95, 100]]));
    // The low stands at a third of the minute.
    expect(player.reports.slice(1).map((report) => [report.kind, report.tsEvent])).toEqual([
      ['Fill', MINUTE / 3],
      ['Accepted', MINUTE / 3],
    ]);
  });

  it('what was visited before the fill does not count for an order that answers it', () => {
    // High first: 105 is gone when the limit 98 fills; the take-profit at 104 is not reached on the way to the close of 100.
    const player = new VenuePlayer(path('openHighLowClose'));
    player.react = (report) => (report.kind === 'Fill' && report.clientOrderId === 1 ? [limit(2, SELL, 5, 104)] : []);
    player.send(limit(1, BUY, 5, 98));
    player.play(barsOf([[100, 105, 95, 100]]));
    expect(player.fills()).toEqual(['1 5@98 MAKER']);
  });

  it('a stop already passed when it is placed inside the bar triggers at the price of that moment', () => {
    const player = new VenuePlayer();
    player.react = (report) => (report.kind === 'Fill' && report.clientOrderId === 1 ? [stop(2, SELL, 5, 97)] : []);
    player.send(limit(1, BUY, 5, 98));
    player.play(barsOf([[95, 101, 94, 100]]));
    expect(player.fills()).toEqual(['1 5@95 TAKER', '2 5@95 TAKER']);
  });

  it('a market order placed inside the bar waits for the next open', () => {
    const player = new VenuePlayer();
    player.react = (report) => (report.kind === 'Fill' && report.clientOrderId === 1 ? [market(2, SELL, 5)] : []);
    player.send(market(1, BUY, 5));
    player.play(
      barsOf([
        [100, 101, 99, 100],
        [103, 104, 102, 103],
      ]),
    );
    expect(player.fills()).toEqual(['1 5@100 TAKER', '2 5@103 TAKER']);
  });
});

describe('R1.11 of the reference results', () => {
  it('buys at 1, takes profit at 4 through a limit of 3, and pays 25 in all', () => {
    const player = new VenuePlayer({
      fees: { kind: 'fixedPlusPercentage', fixedBillionths: 10_000_000_000, ratePpb: 10_000_000, rounding: EXACT_FEES },
    });
    const prices = [100, 100, 100, 200, 400, 100, 200];
    const block = barsOf(prices.map((price) => [price, price, price, price] as const));
    player.play(block, 0, 2);
    player.send(market(1, BUY, 100));
    player.react = (report) => (report.kind === 'Fill' && report.clientOrderId === 1 ? [limit(2, SELL, 100, 300)] : []);
    player.play(block, 2);
    expect(player.fills()).toEqual(['1 100@100 TAKER', '2 100@400 MAKER']);
    const paid = player.reports.reduce((sum, report) => sum + (report.kind === 'Fill' ? report.commission : 0n), 0n);
    expect(paid).toBe(25_00000000n);
    // 5,000 − 100 × 1 + 100 × 4 − 25 = 5,275.
    expect(5_000_00000000n - 100_00000000n + 400_00000000n - paid).toBe(5_275_00000000n);
  });
});

describe('bars of bid and ask', () => {
  const bar = [99, 102, 97, 100, 101, 104, 99, 102];
  it.each<[string, SubmitOrder, string[]]>([
    ['a market buy fills at the ask open', market(1, BUY, 1), ['1 1@101 TAKER']],
    ['a market sell fills at the bid open', market(1, SELL, 1), ['1 1@99 TAKER']],
    ['a buy limit is judged on the ask: low 99 does not reach 98', limit(1, BUY, 1, 98), []],
    ['a sell limit is judged on the bid: high 102', limit(1, SELL, 1, 102), ['1 1@102 MAKER']],
    ['a sell stop is judged on the bid: low 97', stop(1, SELL, 1, 98), ['1 1@98 TAKER']],
    ['a buy stop is judged on the ask: high 104', stop(1, BUY, 1, 104), ['1 1@104 TAKER']],
  ])('%s', (_, order, expected) => {
    const player = new VenuePlayer({ matchOn: [BlockKind.QUOTE_BARS] });
    player.play(quoteBarsOf([[100, 100, 100, 100, 100, 100, 100, 100]]));
    player.send(order);
    player.play(quoteBarsOf([bar], MINUTE));
    expect(player.fills()).toEqual(expected);
  });

  it('at the touch: buys at the ask close of the quote bar that ends now, else at the last trade close (R3)', () => {
    const fillsWith = (isQuoted: boolean): readonly string[] => {
      const player = new VenuePlayer({ rules: { market: 'touch' } });
      if (isQuoted) player.venue.observe(quoteBarsOf([bar]), 0);
      player.venue.observe(barsOf([[100, 103, 98, 101]]), 0);
      player.now = MINUTE;
      player.send(market(1, BUY, 1), market(2, SELL, 1));
      return player.fills();
    };
    expect(fillsWith(true)).toEqual(['1 1@102 TAKER', '2 1@100 TAKER']);
    expect(fillsWith(false)).toEqual(['1 1@101 TAKER', '2 1@101 TAKER']);
  });

  it('an older quote does not beat a newer trade', () => {
    const player = new VenuePlayer({ rules: { market: 'touch' } });
    player.venue.observe(quoteBarsOf([bar]), 0);
    player.venue.observe(barsOf([[100, 103, 98, 101]], MINUTE), 0);
    player.send(market(1, BUY, 1));
    expect(player.fills()).toEqual(['1 1@101 TAKER']);
  });
});

describe('volume share', () => {
  const tenth = { volumeShare: { numerator: 1, denominator: 10 } };

  it('fills a tenth of each bar until the order is done', () => {
    const bars: BarRow[] = [
      [101, 101, 101, 101, 1000],
      [102, 102, 102, 102, 509],
      [103, 103, 103, 103, 5],
      [104, 104, 104, 104, 9000],
    ];
    expect(fillsAfter([market(1, BUY, 200)], bars, { rules: tenth })).toEqual(['1 100@101 TAKER', '1 50@102 TAKER', '1 50@104 TAKER']);
  });

  it('is shared by all orders of the bar, and rounded down to lots', () => {
    // A tenth of 1,250 is 125: four lots of 30.
    const instrument = instrumentWith({ lotSize: 30 });
    const orders = [market(1, BUY, 90), market(2, SELL, 90)];
    expect(fillsAfter(orders, [[101, 101, 101, 101, 1250]], { rules: tenth, instrument })).toEqual(['1 90@101 TAKER', '2 30@101 TAKER']);
  });

  it('is whole again at the next row, though that is equal to the last and stands at the same place of its block', () => {
    const player = new VenuePlayer({ rules: { ...tenth, market: 'thisClose' } });
    player.play(barsOf([[100, 100, 100, 100, 100]]));
    player.send(market(1, BUY, 7), market(2, BUY, 7, { timeInForce: TimeInForce.IOC }));
    player.venue.observe(barsOf([[100, 100, 100, 100, 100]]), 0);
    player.send(market(3, BUY, 7));
    expect(player.fills()).toEqual(['1 7@100 TAKER', '2 3@100 TAKER', '3 7@100 TAKER']);
  });

  it.each<[string, TimeInForce, string[]]>([
    ['GTC works on', TimeInForce.GTC, ['Accepted 1', 'Fill 1 100@101', 'Fill 1 50@102']],
    ['IOC cancels the rest', TimeInForce.IOC, ['Accepted 1', 'Fill 1 100@101', 'Canceled 1 VENUE_IOC_REMAINDER']],
    ['FOK cancels the whole', TimeInForce.FOK, ['Accepted 1', 'Canceled 1 VENUE_FOK_NOT_FILLABLE']],
  ])('%s', (_, timeInForce, expected) => {
    const player = new VenuePlayer({ rules: tenth });
    player.send(market(1, BUY, 150, { timeInForce }));
    player.play(
      barsOf([
        [101, 101, 101, 101, 1000],
        [102, 102, 102, 102, 1000],
      ]),
    );
    expect(player.lines()).toEqual(expected);
  });
});

describe('orders sized at the fill', () => {
  const allIn = { flags: OrderFlag.SIZE_AT_FILL };

  it('are sized from the books after the fills before them, in one step of the same open', () => {
    // 1,000.00 in cash and 10 shares. They are sold at 50.00 first, so 1,500.00 buy 30 shares.
    let cash = 100_000;
    const player = new VenuePlayer({ sizeAtFill: (_, price) => Math.floor(cash / price) });
    player.venue.setPosition(0, 10);
    player.react = (report: VenueReport) => {
      if (report.kind === 'Fill' && report.clientOrderId === 1) cash += report.lastQty * report.lastPx;
      return [];
    };
    player.send(market(1, SELL, 10), market(2, BUY, 1_000_000, allIn));
    player.play(barsOf([[5000, 5000, 5000, 5000]]));
    expect(player.fills()).toEqual(['1 10@5000 TAKER', '2 30@5000 TAKER']);
    expect(player.reports.find((report) => report.kind === 'Fill' && report.clientOrderId === 2)).toMatchObject({ orderQtyFinal: 30 });
  });

  it('wait for the fill before them when both fill at once', () => {
    let held = 10;
    const player = new VenuePlayer({ rules: { market: 'thisClose' }, sizeAtFill: () => 5 + held });
    player.react = (report: VenueReport) => {
      if (report.kind === 'Fill' && report.clientOrderId === 1) held = 0;
      return [];
    };
    player.venue.setPosition(0, 10);
    player.play(barsOf([[100, 100, 100, 100]]));
    player.venue.handle(market(1, SELL, 10), player.now);
    player.venue.handle(market(2, SELL, 1_000_000, allIn), player.now);
    player.deliver();
    player.advance(player.now);
    expect(player.fills()).toEqual(['1 10@100 TAKER', '2 5@100 TAKER']);
  });

  it('are canceled when the quantity comes to zero', () => {
    const player = new VenuePlayer({ sizeAtFill: () => 0 });
    player.send(market(1, BUY, 100, { flags: OrderFlag.FLATTEN | OrderFlag.SIZE_AT_FILL }));
    player.play(barsOf([[100, 100, 100, 100]]));
    expect(player.lines()).toEqual(['Accepted 1', 'Canceled 1 VENUE_SIZE_ZERO']);
  });
});
