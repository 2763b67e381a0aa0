import { describe, expect, it } from 'vitest';
import { BlockKind } from '../../model/blocks.ts';
import type { SubmitOrder } from '../../model/commands.ts';
import { EXACT_FEES } from '../../model/fees.ts';
import { instrumentWith } from '../../model/instrument.fixture.ts';
import { OrderFlag, TimeInForce } from '../../model/order.ts';
import {
  barsOf,
  BUY,
  cancel,
  limit,
  market,
  MINUTE,
  modify,
  quotesOf,
  SELL,
  stop,
  stopLimit,
  tradesOf,
  VenuePlayer,
} from '../simulated-venue.fixture.ts';

const quiet = barsOf([[100, 100, 100, 100]]);

function lines(player: VenuePlayer, ...orders: readonly SubmitOrder[]): readonly string[] {
  player.play(quiet);
  player.send(...orders);
  return player.lines();
}

describe('checks on entry', () => {
  const instrument = instrumentWith({ priceIncrement: 5, lotSize: 10, quantityMin: 20, quantityMax: 1000, notionalMin: 50_00000000n });
  it.each<[string, SubmitOrder, string]>([
    ['an instrument that is not traded here', market(1, BUY, 20, { instrument: 7 }), 'VENUE_INSTRUMENT_UNKNOWN'],
    ['a quantity off the lot', market(1, BUY, 25), 'VENUE_QUANTITY_INVALID'],
    ['a quantity below the minimum', market(1, BUY, 10), 'VENUE_QUANTITY_INVALID'],
    ['a quantity above the maximum', market(1, BUY, 1010), 'VENUE_QUANTITY_INVALID'],
    ['a limit price off the increment', limit(1, BUY, 100, 97), 'VENUE_PRICE_INVALID'],
    ['a limit order without a limit price', limit(1, BUY, 100, 0), 'VENUE_PRICE_INVALID'],
    ['a stop price off the increment', stop(1, BUY, 100, 103), 'VENUE_PRICE_INVALID'],
    ['a value below the minimum: 40 × 1.00', market(1, BUY, 40), 'VENUE_NOTIONAL_BELOW_MINIMUM'],
    [
      'a GTD order that comes too late',
      limit(1, BUY, 100, 95, { timeInForce: TimeInForce.GTD, expireTs: MINUTE - 1 }),
      'VENUE_EXPIRE_TIME_PASSED',
    ],
    ['a post-only order that would take', limit(1, BUY, 100, 100, { flags: OrderFlag.POST_ONLY }), 'VENUE_POST_ONLY_WOULD_TAKE'],
    ['a reduce-only order without a position', market(1, SELL, 100, { flags: OrderFlag.REDUCE_ONLY }), 'VENUE_NOTHING_TO_REDUCE'],
  ])('%s is rejected', (_, order, code) => expect(lines(new VenuePlayer({ instrument }), order)).toEqual([`Rejected 1 ${code}`]));

  it('a good order is accepted', () => expect(lines(new VenuePlayer({ instrument }), limit(1, BUY, 100, 95))).toEqual(['Accepted 1']));
});

describe('time in force', () => {
  it('DAY works through the last microsecond of its day, in the bar that ends with it too', () => {
    const close = 3 * MINUTE;
    const player = new VenuePlayer({ sessionCloseAfter: () => close });
    player.play(quiet);
    player.send(limit(1, BUY, 1, 95, { timeInForce: TimeInForce.DAY }), limit(2, BUY, 1, 90, { timeInForce: TimeInForce.DAY }));
    player.play(
      barsOf(
        [
          [100, 100, 99, 100],
          [100, 100, 95, 100],
          [100, 100, 80, 100],
        ],
        MINUTE,
      ),
    );
    expect(player.lines()).toEqual(['Accepted 1', 'Accepted 2', 'Fill 1 1@95', 'Expired 2']);
    expect(player.reports.at(-1)!.tsEvent).toBe(close);
  });

  it('DAY without a calendar ends at the next UTC midnight', () => {
    const player = new VenuePlayer();
    player.now = 86_400_000_000;
    player.send(limit(1, BUY, 1, 95, { timeInForce: TimeInForce.DAY }));
    expect(player.venue.nextDueTs).toBe(2 * 86_400_000_000 + 1);
  });

  it('GTD expires at its time, and an order that ends inside a bar does not take part in it', () => {
    const player = new VenuePlayer();
    player.play(quiet);
    player.send(limit(1, BUY, 1, 95, { timeInForce: TimeInForce.GTD, expireTs: 1.5 * MINUTE }));
    player.play(barsOf([[95, 95, 95, 95]], MINUTE));
    expect(player.lines()).toEqual(['Accepted 1', 'Expired 1']);
  });

  it('GTD orders a microsecond apart expire a microsecond apart', () => {
    const player = new VenuePlayer();
    const gtd = (id: number, expireTs: number): SubmitOrder => limit(id, BUY, 1, 95, { timeInForce: TimeInForce.GTD, expireTs });
    player.send(gtd(1, 11), gtd(2, 10));
    player.advance(11);
    expect(player.lines().slice(2)).toEqual(['Expired 2']);
    player.advance(12);
    expect(player.lines().slice(2)).toEqual(['Expired 2', 'Expired 1']);
  });

  it.each([
    [TimeInForce.IOC, 'VENUE_IOC_REMAINDER'],
    [TimeInForce.FOK, 'VENUE_FOK_NOT_FILLABLE'],
  ] as const)(
    'an immediate limit order (%i) away from the market is canceled at once, or at the next open where orders wait for it',
    (timeInForce, code) => {
      const order = limit(1, BUY, 1, 95, { timeInForce });
      expect(lines(new VenuePlayer({ rules: { market: 'thisClose' } }), order)).toEqual(['Accepted 1', `Canceled 1 ${code}`]);
      const player = new VenuePlayer();
      expect(lines(player, order)).toEqual(['Accepted 1']);
      player.play(barsOf([[96, 97, 90, 95]], MINUTE));
      expect(player.lines()).toEqual(['Accepted 1', `Canceled 1 ${code}`]);
    },
  );

  it('an immediate limit order fills at the next open when that reaches it', () => {
    const player = new VenuePlayer();
    lines(player, limit(1, BUY, 1, 95, { timeInForce: TimeInForce.FOK }));
    player.play(barsOf([[94, 97, 90, 95]], MINUTE));
    expect(player.fills()).toEqual(['1 1@94 TAKER']);
  });
});

describe('post-only', () => {
  it('is canceled when its first chance would take', () => {
    const player = new VenuePlayer();
    player.send(limit(1, BUY, 1, 95, { flags: OrderFlag.POST_ONLY }));
    player.play(barsOf([[94, 97, 90, 95]]));
    expect(player.lines()).toEqual(['Accepted 1', 'Canceled 1 VENUE_POST_ONLY_WOULD_TAKE']);
  });

  it('fills as maker once it rests', () => {
    const player = new VenuePlayer();
    lines(player, limit(1, BUY, 1, 95, { flags: OrderFlag.POST_ONLY }));
    player.play(barsOf([[100, 100, 90, 95]], MINUTE));
    expect(player.fills()).toEqual(['1 1@95 MAKER']);
  });
});

describe('reduce-only', () => {
  const reduce = { flags: OrderFlag.REDUCE_ONLY };

  it('fills no more than the position, and is canceled when that is gone', () => {
    const player = new VenuePlayer();
    player.venue.setPosition(0, 30);
    lines(player, market(1, SELL, 50, reduce), stop(2, SELL, 30, 95, reduce));
    player.play(barsOf([[101, 102, 99, 100]], MINUTE));
    expect(player.lines().slice(2)).toEqual(['Fill 1 30@101', 'Canceled 1 VENUE_NOTHING_TO_REDUCE', 'Canceled 2 VENUE_NOTHING_TO_REDUCE']);
    expect(player.venue.position(0)).toBe(0);
  });
});

describe('cancel', () => {
  it('ends a working order', () => {
    const player = new VenuePlayer();
    lines(player, limit(1, BUY, 1, 95));
    player.send(cancel(1));
    player.play(barsOf([[94, 97, 90, 95]], MINUTE));
    expect(player.lines()).toEqual(['Accepted 1', 'Canceled 1']);
  });

  it('S-09: comes too late for a filled order, and is refused for one never known', () => {
    const player = new VenuePlayer({ rules: { market: 'thisClose' } });
    lines(player, market(1, BUY, 1));
    player.send(cancel(1), cancel(9));
    expect(player.lines()).toEqual([
      'Accepted 1',
      'Fill 1 1@100',
      'CancelRejected 1 VENUE_ORDER_NOT_WORKING',
      'CancelRejected 9 VENUE_ORDER_NOT_WORKING',
    ]);
  });
});

describe('modify', () => {
  const half = { rules: { volumeShare: { numerator: 1, denominator: 2 } } };

  it('S-27: below cumQty the quantity becomes cumQty and the order is done', () => {
    const player = new VenuePlayer(half);
    lines(player, limit(1, BUY, 100, 95));
    player.play(barsOf([[100, 100, 95, 100, 80]], MINUTE));
    player.send(modify(1, 30, 95));
    expect(player.lines()).toEqual(['Accepted 1', 'Fill 1 40@95', 'Modified 1']);
    expect(player.reports.at(-1)).toMatchObject({ orderQty: 40 });
    player.play(barsOf([[95, 95, 95, 95, 800]], 2 * MINUTE));
    expect(player.fills()).toEqual(['1 40@95 MAKER']);
    expect(player.venue.workingOrderCount(0)).toBe(0);
  });

  it('S-26: the new quantity includes what is filled: 60 of which 40 are filled leaves 20', () => {
    const player = new VenuePlayer(half);
    lines(player, limit(1, BUY, 100, 95));
    player.play(barsOf([[100, 100, 95, 100, 80]], MINUTE));
    player.send(modify(1, 60, 95));
    player.play(barsOf([[95, 95, 95, 95, 800]], 2 * MINUTE));
    expect(player.fills()).toEqual(['1 40@95 MAKER', '1 20@95 MAKER']);
  });

  it('to a price that trades takes where market orders fill at once', () => {
    const player = new VenuePlayer({ rules: { market: 'thisClose' } });
    lines(player, limit(1, BUY, 1, 95));
    player.send(modify(1, 1, 101));
    expect(player.fills()).toEqual(['1 1@100 TAKER']);
  });

  it('of price or upwards loses time priority, of quantity downwards keeps it', () => {
    const order = (id: number, quantity = 10): SubmitOrder => limit(id, BUY, quantity, 95);
    const fillsAfter = (change: readonly [number, number]): readonly string[] => {
      const player = new VenuePlayer();
      lines(player, order(1), order(2));
      player.send(modify(1, change[0], change[1]));
      player.play(barsOf([[100, 100, 90, 95]], MINUTE));
      return player.fills().map((fill) => fill.slice(0, 1));
    };
    expect([fillsAfter([5, 95]), fillsAfter([20, 95])]).toEqual([
      ['1', '2'],
      ['2', '1'],
    ]);
  });

  it.each<[string, ReturnType<typeof modify>, string]>([
    ['an unknown order', modify(9, 1, 95), 'ModifyRejected 9 VENUE_ORDER_NOT_WORKING'],
    ['a quantity of zero', modify(1, 0, 95), 'ModifyRejected 1 VENUE_QUANTITY_INVALID'],
    ['a missing price', modify(1, 5, 0), 'ModifyRejected 1 VENUE_PRICE_INVALID'],
    ['a post-only order to where it would take', modify(1, 5, 100), 'ModifyRejected 1 VENUE_POST_ONLY_WOULD_TAKE'],
  ])('S-28: of %s is rejected and the order stays as it was', (_, command, expected) => {
    const player = new VenuePlayer();
    lines(player, limit(1, BUY, 5, 95, { flags: OrderFlag.POST_ONLY }));
    player.send(command);
    expect(player.lines()).toEqual(['Accepted 1', expected]);
    player.play(barsOf([[100, 100, 95, 95]], MINUTE));
    expect(player.fills()).toEqual(['1 5@95 MAKER']);
  });
});

describe('fixed latency', () => {
  const options = { orderEntryUs: 30, responseUs: 12, matchOn: [BlockKind.TRADES], rules: { market: 'last' } } as const;

  it('a command takes effect after the way to the venue, and its reports arrive after the way back', () => {
    const player = new VenuePlayer(options);
    player.play(tradesOf([[100, 1]]));
    player.now = 1000;
    player.send(market(1, BUY, 1));
    expect([player.lines(), player.venue.nextDueTs]).toEqual([[], 1030]);
    player.venue.observe(tradesOf([[107, 1]], 1020), 0);
    player.advance(1030);
    expect([player.lines(), player.venue.nextDueTs]).toEqual([[], 1042]);
    player.venue.advance(1042);
    expect(player.venue.tsArrive).toEqual([1042, 1042]);
    player.deliver();
    expect(player.fills()).toEqual(['1 1@107 TAKER']);
    expect(player.reports.map((report) => report.tsEvent)).toEqual([1030, 1030]);
    expect(player.venue.nextDueTs).toBe(Number.POSITIVE_INFINITY);
  });

  it('an answer to the fill of the only order still arrives within the bar, and meets the rest of its path', () => {
    const player = new VenuePlayer({ orderEntryUs: 1000, rules: { path: 'openLowHighClose' } });
    player.react = (report) => (report.kind === 'Fill' && report.clientOrderId === 1 ? [limit(2, SELL, 1, 108)] : []);
    player.play(quiet);
    player.send(market(1, BUY, 1));
    player.advance(MINUTE + 1000);
    player.play(barsOf([[100, 110, 90, 105]], 3 * MINUTE));
    expect(player.fills()).toEqual(['1 1@100 TAKER', '2 1@108 MAKER']);
  });

  it('an order that arrives after a bar has opened does not fill at its open', () => {
    const player = new VenuePlayer({ orderEntryUs: 1 });
    player.play(quiet);
    player.send(market(1, BUY, 1));
    player.play(
      barsOf(
        [
          [101, 101, 101, 101],
          [102, 102, 102, 102],
        ],
        MINUTE,
      ),
    );
    expect(player.fills()).toEqual(['1 1@102 TAKER']);
  });

  it('a stop that the bar has passed before the order arrives fills where the path stands then', () => {
    // Arrives a second into the bar: its open is past, the path stands at the low of 90 by then, and goes up to the close.
    const player = new VenuePlayer({ orderEntryUs: 1_000_000 });
    player.play(quiet);
    player.send(stop(1, SELL, 1, 95), stop(2, BUY, 1, 93));
    player.play(barsOf([[91, 94, 90, 92]], MINUTE));
    expect(player.fills()).toEqual(['1 1@90 TAKER', '2 1@93 TAKER']);
  });

  it('a bar that claims to have opened before the last one closed counts from that close', () => {
    const player = new VenuePlayer();
    player.play(quiet);
    player.send(market(1, BUY, 1));
    const overlapping = barsOf([[101, 101, 101, 101]], MINUTE);
    overlapping.tsOpen[0] = 0;
    player.play(overlapping);
    expect(player.reports.flatMap((report) => (report.kind === 'Fill' ? [[report.lastPx, report.tsEvent]] : []))).toEqual([[101, MINUTE]]);
  });

  it('a cancel can lose the race against a fill', () => {
    const player = new VenuePlayer({ orderEntryUs: 30, matchOn: [BlockKind.TRADES] });
    player.play(tradesOf([[100, 1]]));
    player.send(limit(1, BUY, 1, 95));
    player.advance(30);
    player.now = 1000;
    player.send(cancel(1));
    player.play(tradesOf([[94, 1]], 1010));
    player.advance(1030);
    expect(player.lines()).toEqual(['Accepted 1', 'Fill 1 1@95', 'CancelRejected 1 VENUE_ORDER_NOT_WORKING']);
  });
});

describe('what the venue does by itself', () => {
  it("liquidation is a fill of the venue's own order at the price given, charged, and in its position", () => {
    const player = new VenuePlayer({ fees: { kind: 'percentage', ratePpb: 10_000_000, on: 'exit', rounding: EXACT_FEES } });
    player.venue.setPosition(0, -200);
    player.venue.liquidate(77, 0, 200, 49_700, 5);
    player.deliver();
    expect(player.lines()).toEqual(['Fill 77 200@49700']);
    // 1 % of 200 × 497.00 = 994.00.
    expect(player.reports[0]).toMatchObject({ tradeId: 'T-1', commission: 994_00000000n, tsEvent: 5 });
    expect(player.venue.position(0)).toBe(0);
  });

  it('a split cancels every order, also those sized at the fill, whose maximum is in old shares, and sets the position', () => {
    const player = new VenuePlayer({ sizeAtFill: () => 70 });
    lines(player, limit(1, BUY, 1, 95), market(2, BUY, 1), market(3, BUY, 1, { flags: OrderFlag.SIZE_AT_FILL }));
    player.venue.split(0, 700, MINUTE);
    player.deliver();
    player.play(barsOf([[14, 14, 14, 14]], MINUTE));
    expect(player.lines().slice(3)).toEqual(['Canceled 1 VENUE_SPLIT', 'Canceled 2 VENUE_SPLIT', 'Canceled 3 VENUE_SPLIT']);
    expect(player.venue.position(0)).toBe(700);
  });

  it("tiers go by the account's own traded value of the window", () => {
    const player = new VenuePlayer({
      matchOn: [BlockKind.QUOTES],
      rules: { market: 'touch' },
      fees: {
        kind: 'tiers',
        windowDays: 2,
        rounding: EXACT_FEES,
        tiers: [
          { fromValue: 0, makerPpb: 0, takerPpb: 2_000_000 },
          { fromValue: 100, makerPpb: 0, takerPpb: 1_000_000 },
        ],
      },
    });
    const day = 86_400_000_000;
    for (const [id, ts] of [
      [1, 0],
      [2, day],
      [3, 2 * day],
    ] as const) {
      player.play(quotesOf([[10_000, 10_000]], ts));
      player.send(market(id, BUY, 1));
    }
    // 100.00 traded per day. Day 0: nothing before. Day 1: 100 before, the next tier. Day 2: day 0 has left the window, 100 of day 1 count.
    const fees = player.reports.flatMap((report) => (report.kind === 'Fill' ? [report.commission] : []));
    expect(fees).toEqual([20000000n, 10000000n, 10000000n]);
    expect(player.venue.tradedValue(0, 3 * day)).toBe(100_00000000n);
  });

  it('saved and loaded state goes on like the venue that was saved', () => {
    const options = {
      orderEntryUs: 30,
      responseUs: 5,
      rules: { volumeShare: { numerator: 1, denominator: 10 }, triggeredLimit: 'nextBar' },
    } as const;
    const first = new VenuePlayer(options);
    first.play(quiet);
    first.send(market(1, BUY, 150), stopLimit(2, SELL, 20, 97, 96), limit(3, BUY, 400, 90, { timeInForce: TimeInForce.DAY }));
    first.play(barsOf([[100, 101, 96, 99]], 2 * MINUTE));
    first.send(limit(4, SELL, 10, 103));
    const second = new VenuePlayer(options);
    second.venue.loadState(structuredClone(first.venue.saveState()));
    second.now = first.now;
    const rest = barsOf(
      [
        [99, 104, 89, 98],
        [98, 98, 98, 98],
        [98, 98, 98, 98],
      ],
      86_400_000_000 - 2 * MINUTE,
    );
    const before = first.reports.length;
    first.play(rest);
    second.play(rest);
    expect(second.reports).toEqual(first.reports.slice(before));
    expect(second.reports.length).toBeGreaterThan(5);
    expect(second.venue.saveState()).toEqual(first.venue.saveState());
  });
});
