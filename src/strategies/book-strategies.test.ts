import { describe, expect, it } from 'vitest';
import { BookImbalance } from './book-imbalance.ts';
import { CrossVenueArbitrage } from './cross-venue-arbitrage.ts';
import { Grid } from './grid.ts';
import { MarketMaking } from './market-making.ts';
import type { OrderView, StrategyClass } from '../core/strategy/strategy.ts';
import { BookAction, BookFlag } from '../model/book-delta.ts';
import { resolveParameters } from '../model/parameters.ts';
import type { BlockReader } from '../ports/block-reader.ts';
import type { Backtest } from '../runtime/backtest.ts';
import { accountOf, deltasOf, type DeltaRow, fillsOf, futureOf, runAll, tradesOf, type TradeRow } from '../runtime/backtest.fixture.ts';
import type { FeedBlock } from '../sim/depth/venue-feed.ts';

const SECOND = 1_000_000;
const [BID, ASK] = [1, -1];

/** A whole book in one event: [price, quantity] of each level, at so many seconds. */
function book(seconds: number, bids: readonly (readonly [number, number])[], asks: readonly (readonly [number, number])[]): DeltaRow[] {
  const ts = seconds * SECOND;
  const rows: DeltaRow[] = [[ts, BookAction.CLEAR, 0, 0, 0, BookFlag.SNAPSHOT]];
  for (const [price, quantity] of bids) rows.push([ts, BookAction.SET, BID, price, quantity, BookFlag.SNAPSHOT]);
  for (const [price, quantity] of asks) rows.push([ts, BookAction.SET, ASK, price, quantity, BookFlag.SNAPSHOT]);
  const [, , side, price, quantity] = rows.at(-1)!;
  rows[rows.length - 1] = [ts, BookAction.SET, side!, price!, quantity!, BookFlag.SNAPSHOT | BookFlag.LAST];
  return rows;
}

interface Market {
  readonly quantityDecimals?: number;
  readonly deltas: readonly DeltaRow[];
  readonly trades?: readonly TradeRow[];
}

type Given = Readonly<Record<string, number | string>>;

function run(strategyClass: StrategyClass, given: Given, ...markets: readonly Market[]): Backtest {
  return runLate(0, strategyClass, given, ...markets);
}

/** As {@link run}, with answers of the venues that are heard so many seconds late. */
function runLate(seconds: number, strategyClass: StrategyClass, given: Given, ...markets: readonly Market[]): Backtest {
  const { values, refusals } = resolveParameters(strategyClass.parameters ?? {}, given);
  expect(refusals).toEqual([]);
  const readers = (): BlockReader<FeedBlock>[] =>
    markets.flatMap(({ deltas, trades }, index) => [
      deltasOf(deltas, index) as BlockReader<FeedBlock>,
      ...(trades === undefined ? [] : [tradesOf(trades, index) as BlockReader<FeedBlock>]),
    ]);
  const backtest = runAll({
    instruments: markets.map(({ quantityDecimals }, index) =>
      futureOf({ id: `M.V${index}`, quantityDecimals: quantityDecimals ?? 0 }, index),
    ),
    accounts: markets.map((_, index) => accountOf({ venue: `V${index}` })),
    streams: readers(),
    recorded: readers,
    strategies: [{ strategyClass, parameters: values }],
    latencyUs: { orderEntryUs: 0, responseUs: seconds * SECOND },
  });
  expect(backtest.recorder.denials).toEqual([]);
  return backtest;
}

/** Every order as it stands at the end, in the order of their birth. */
function ordersOf({ engine }: Backtest): OrderView[] {
  return Array.from({ length: engine.orders.table.length - 1 }, (_, at) => engine.orders.view(at + 1)!);
}

describe('MarketMaking', () => {
  const given = {
    quantity: '1',
    maxPosition: '2',
    riskAversion: 1,
    liquidity: 1,
    horizon: 1,
    refresh: 1,
    volatilityHalfLife: 1000,
    requoteTicks: 1,
  };

  it('quotes by the formula of Avellaneda and Stoikov, and leans away from what it holds', () => {
    // The middle moves from 100.00 to 100.10 in a second: σ² = 0.01 per second. With γ = k = T − t = 1 the spread is 0.01 + 2 ln 2 = 1.3963, half of it
    // 0.69815: bid 100.10 − 0.69815 rounded down 99.40, ask rounded up 100.80.
    const first = book(1, [[9950, 9]], [[10050, 9]]);
    const second = book(2, [[9960, 9]], [[10060, 9]]);
    // A sale at 99.39 fills the bid; a second later, at the same middle, the estimate is (0.01 × 2^(-1/1000)) and q = 1.
    const third = book(4, [[9960, 9]], [[10060, 9]]);
    const backtest = run(MarketMaking, given, { deltas: [...first, ...second, ...third], trades: [[3 * SECOND, 9939, 1]] });
    const seen = ordersOf(backtest).map((order) => `${order.side > 0 ? 'BUY' : 'SELL'} ${order.limitPrice}`);
    expect(fillsOf(backtest)).toEqual([`BUY 1 @ 9940 at ${3 * SECOND}`]);
    // r = 100.10 − 1 × 0.00999307 = 100.09; half the spread is 0.69814…: bid 99.39, ask 100.79. The ask has been moved there.
    expect(seen).toEqual(['BUY 9940', 'SELL 10079', 'BUY 9939']);
  });

  it('takes what is not stated from the book: the lean from what the middle moves, the distance from the spread, and when to move from both', () => {
    const measured = { quantity: '1', maxPosition: '2', refresh: 1, volatilityHalfLife: 1000, horizon: 100 };
    const seenWith = (more: object, trades: readonly TradeRow[]): string[] => {
      const deltas = [...book(1, [[9950, 9]], [[10050, 9]]), ...book(2, [[9960, 9]], [[10060, 9]]), ...book(4, [[9960, 9]], [[10060, 9]])];
      return ordersOf(run(MarketMaking, { ...measured, ...more }, { deltas, trades })).map(
        ({ side, limitPrice }) => `${side > 0 ? 'BUY' : 'SELL'} ${limitPrice}`,
      );
    };
    // σ² T = 0.01 × 100 = 1: γ' = 0.1 ÷ 1. The spread is 1.00: k = 2. Distance 0.1 × 1 + 20 ln 1.05 = 1.0758, half 0.5379: 99.56 and 100.64.
    // Holding 1 moves both by 0.1: a bid at 99.46; the offer is 0.10 off, less than a quarter of the distance, and keeps its place.
    expect(seenWith({}, [[3 * SECOND, 9955, 1]])).toEqual(['BUY 9956', 'SELL 10064', 'BUY 9946']);
    expect(seenWith({ requoteTicks: 1 }, [[3 * SECOND, 9955, 1]])).toEqual(['BUY 9956', 'SELL 10054', 'BUY 9946']);
    // σ² T = 0.001: 0.1 ÷ 0.0316 is above k, so γ' = 2: distance 2 × 0.001 + ln 2 = 0.6951, half 0.3476.
    expect(seenWith({ horizon: 0.1 }, [[3 * SECOND, 10_000, 1]])).toEqual(['BUY 9975', 'SELL 10045']);
  });

  it('holds five quotes at most where nothing is said of it', () => {
    const looks = Array.from({ length: 9 }, (_, n) => book(4 + 2 * n, [[9960, 9]], [[10060, 9]])).flat();
    const deltas = [...book(1, [[9950, 9]], [[10050, 9]]), ...book(2, [[9960, 9]], [[10060, 9]]), ...looks];
    const sales = Array.from({ length: 9 }, (_, n): TradeRow => [(3 + 2 * n) * SECOND, 9000, 2]);
    expect(fillsOf(run(MarketMaking, { quantity: '2', refresh: 1 }, { deltas, trades: sales })).map((fill) => fill.slice(0, 5))).toEqual(
      Array.from({ length: 5 }, () => 'BUY 2'),
    );
  });

  it('leans by what is held in quotes, and quotes as near whatever their quantity', () => {
    const deltas = [...book(1, [[9950, 9]], [[10050, 9]]), ...book(2, [[9960, 9]], [[10060, 9]])];
    // γ' = γ Q = 2: 2 × 0.01 + ln(1 + 2) = 1.1186, half 0.5593: 99.54 and 100.66.
    const seen = ordersOf(run(MarketMaking, { ...given, quantity: '2' }, { deltas })).map(({ limitPrice }) => limitPrice);
    expect(seen).toEqual([9954, 10_066]);
  });

  it('does not quote the side that would add beyond the most it may hold, nor ever through the other side', () => {
    const deltas = [...book(1, [[9950, 9]], [[10050, 9]]), ...book(2, [[9960, 9]], [[10060, 9]]), ...book(4, [[9960, 9]], [[10060, 9]])];
    const backtest = run(MarketMaking, { ...given, maxPosition: '1' }, { deltas, trades: [[3 * SECOND, 9939, 1]] });
    expect(ordersOf(backtest).map((order) => order.side)).toEqual([1, -1]);
    // 0.2 is held of at most 0.3: another 0.1 is quoted, though 0.1 + 0.2 is above 0.3 in doubles.
    const more = book(6, [[9960, 9]], [[10060, 9]]);
    const lots = { ...given, quantity: '0.1', maxPosition: '0.3' };
    const sales: [number, number, number][] = [3, 5].map((second) => [second * SECOND, 9900, 1]);
    const held = run(MarketMaking, lots, { deltas: [...deltas, ...more], trades: sales, quantityDecimals: 1 });
    expect(ordersOf(held).map(({ side }) => side)).toEqual([1, -1, 1, 1]);
    // With a horizon of 1000 the risk is 10 a unit and half the spread 5.69: a bought offer at 105.80 leaves it short, and the bid, which should be
    // 110.10 − 5.69, stays one increment before the best offer.
    const short = run(MarketMaking, { ...given, horizon: 1000 }, { deltas, trades: [[3 * SECOND, 10600, 1]] });
    expect(fillsOf(short)).toEqual([`SELL 1 @ 10580 at ${3 * SECOND}`]);
    expect(ordersOf(short).filter(({ side }) => side > 0)[0]!.limitPrice).toBe(10_059);
    // A middle that leaps: σ² = 100 would put the reservation price of a holder far beyond the other side; the quote stays one increment before it.
    const leap = [...book(1, [[9950, 9]], [[10050, 9]]), ...book(2, [[9150, 9]], [[9250, 9]])];
    const tight = run(MarketMaking, { ...given, riskAversion: 0.000001, liquidity: 10_000 }, { deltas: leap });
    for (const { side, limitPrice } of ordersOf(tight)) expect(side > 0 ? limitPrice < 9250 : limitPrice > 9150).toBe(true);
  });

  // Quotes of 10 at γ = 0.1 are the quotes of 1 at γ = 1: 99.40 and 100.80 at two seconds.
  const large = { ...given, quantity: '10', maxPosition: '100', riskAversion: 0.1 };
  const calm = [...book(1, [[9950, 9]], [[10050, 9]]), ...book(2, [[9960, 9]], [[10060, 9]])];
  const canceledOf = ({ recorder }: Backtest): string[] =>
    recorder.cancellations.map(({ clientOrderId, reason }) => `${clientOrderId} ${String(reason)}`);

  // The middle leaps by 10, which weighs 1 − 2^-0.001 = 0.000693: σ² = 0.01 + 0.000693 × 99.99 = 0.07928. The distance is 0.07928 + 2 ln 2 = 1.4656, half
  // 0.7328. The 2 that the leap shows would have met the quote in its way, so 0.2 quotes are held: r is 0.2 × 0.07928 = 0.0159 away from the middle.
  it.each([
    // Short: 110.10 + 0.0159 ∓ 0.7328.
    ['up', [10960, 2], [11060, 2], 'SELL 2 @ 10080', [10_938, 11_085]],
    // Long: 90.10 − 0.0159 ∓ 0.7328.
    ['down', [8960, 2], [9060, 2], 'BUY 2 @ 9940', [8935, 9082]],
  ] as const)(
    'never meets its own quote when the market leaps %s past it, and has followed at the second look',
    (_, bid, ask, fill, ends) => {
      const deltas = [...calm, ...book(3, [bid], [ask]), ...book(4, [bid], [ask])];
      const backtest = run(MarketMaking, large, { deltas });
      expect(canceledOf(backtest)).toEqual([]);
      expect(fillsOf(backtest)).toEqual([`${fill} at ${3 * SECOND}`]);
      expect(ordersOf(backtest).map(({ limitPrice }) => limitPrice)).toEqual(ends);
    },
  );

  it.each([
    // The bid is sold whole at 2.9, which is heard at 3.4. At 3 the market is at 98.10, and the offer is asked to 99.41, one increment above the bid that may
    // still stand. At 3.45 the market is at 103.10 and the house has not heard that the offer has moved: a new bid at 99.40 meets it neither way.
    ['bid', 9939, [9760, 9860], [10260, 10360], 9940],
    // The offer is bought whole, the market rises, and the bid is asked to 100.79, where a new offer would meet it when the market falls.
    ['offer', 10081, [10160, 10260], [9660, 9760], 10_080],
    // The market rises by 10: the offer is asked away from 100.80, but that may be refused, and a new bid stays short of it. The same the other way round.
    ['bid', 9939, [10960, 11060], [10960, 11060], 10_079],
    ['offer', 10081, [8960, 9060], [8960, 9060], 9941],
  ] as const)('never meets a move of its own that is not answered, after its %s has filled', (_, trade, there, back, price) => {
    const at = (seconds: number, [bid, ask]: readonly [number, number]): DeltaRow[] => book(seconds, [[bid, 2]], [[ask, 2]]);
    const deltas = [...calm, ...at(3, there), ...at(3.45, back)];
    // The trade between the two sides reaches nobody; it lets time pass until everything is heard.
    const trades: TradeRow[] = [
      [2.9 * SECOND, trade, 10],
      [9 * SECOND, (back[0] + back[1]) / 2, 1],
    ];
    const backtest = runLate(0.5, MarketMaking, { ...large, refresh: 0.1 }, { deltas, trades });
    expect(canceledOf(backtest)).toEqual([]);
    expect(ordersOf(backtest)[2]!.limitPrice).toBe(price);
  });
});

describe('BookImbalance', () => {
  it('buys where bids outweigh asks, and closes when the weight has gone', () => {
    // (9 − 1) ÷ 10 = 0.8; then (1 − 9) ÷ 10, so far away in time that it is the whole average.
    const deltas = [...book(1, [[99, 9]], [[101, 1]]), ...book(2, [[99, 9]], [[101, 1]]), ...book(60, [[99, 1]], [[101, 9]])];
    const backtest = run(
      BookImbalance,
      { quantity: '1', levels: 1, entry: 0.5, exit: 0 },
      { deltas: [...deltas, ...book(61, [[99, 5]], [[101, 5]])] },
    );
    expect(fillsOf(backtest)).toEqual([`BUY 1 @ 101 at ${SECOND}`, `SELL 1 @ 99 at ${60 * SECOND}`]);
  });

  it.each([
    // From 0 on 0.8 weighs a half after one second: 0.4, 0.6 and 0.7 are the averages.
    [1, 3],
    // After a half of the half-life it weighs 1 − 2^-0.5: 0.234, 0.4, 0.517 and 0.6.
    [2, 5],
  ])('follows the average, in which an imbalance counts half after %d seconds', (halfLife, enteredAt) => {
    const deltas = [2, 3, 4, 5, 6].flatMap((second) => book(second, [[99, 9]], [[101, 1]]));
    const given = { quantity: '1', levels: 1, entry: 0.55, halfLife };
    const backtest = run(BookImbalance, given, { deltas: [...book(1, [[99, 5]], [[101, 5]]), ...deltas] });
    expect(fillsOf(backtest)).toEqual([`BUY 1 @ 101 at ${enteredAt * SECOND}`]);
  });

  it('sells where asks outweigh bids, and buys back when the weight has gone', () => {
    const deltas = [...book(1, [[99, 1]], [[101, 9]]), ...book(2, [[99, 1]], [[101, 9]]), ...book(60, [[99, 9]], [[101, 1]])];
    const backtest = run(BookImbalance, { quantity: '1', levels: 1, entry: 0.5, exit: 0 }, { deltas });
    expect(fillsOf(backtest)).toEqual([`SELL 1 @ 99 at ${SECOND}`, `BUY 1 @ 101 at ${60 * SECOND}`]);
  });

  it('holds at least as long as it is told', () => {
    const deltas = [...book(1, [[99, 9]], [[101, 1]]), ...book(60, [[99, 1]], [[101, 9]]), ...book(70, [[99, 2]], [[101, 9]])];
    const backtest = run(BookImbalance, { quantity: '1', levels: 1, entry: 0.79, exit: 0, holdAtLeast: 65 }, { deltas });
    expect(fillsOf(backtest)[1]).toBe(`SELL 1 @ 99 at ${70 * SECOND}`);
  });
});

describe('Grid', () => {
  it('offers higher what it bought, and buys back lower what it sold', () => {
    // First price 100.00, levels a whole apart. A sale at 98.99 fills the bid at 99, which is offered at 100; a purchase at 100.10 takes it.
    const deltas = book(1, [[9990, 9]], [[10010, 9]]);
    const backtest = run(
      Grid,
      { quantity: '1', levels: 1, spacing: 0.01, data: 'book' },
      {
        deltas,
        trades: [
          [2 * SECOND, 9899, 1],
          [3 * SECOND, 10010, 5],
        ],
      },
    );
    expect(ordersOf(backtest).map(({ side, limitPrice }) => [side, limitPrice])).toEqual([
      [1, 9900],
      [-1, 10100],
      [-1, 10000],
      [1, 9900],
    ]);
  });
});

describe('a Grid that fills in parts', () => {
  it.each([
    [
      'a purchase',
      9899,
      [
        [1, 9900],
        [-1, 10100],
        [-1, 10000],
      ],
    ],
    [
      'a sale',
      10101,
      [
        [1, 9900],
        [-1, 10100],
        [1, 10000],
      ],
    ],
  ] as const)('lays one order for %s when it is whole', (_, price, orders) => {
    const trades: TradeRow[] = [2, 3].map((second) => [second * SECOND, price, 1]);
    const given = { quantity: '2', levels: 1, spacing: 0.01, data: 'book' };
    const part = run(Grid, given, { deltas: book(1, [[9990, 9]], [[10010, 9]]), trades: trades.slice(0, 1) });
    expect(ordersOf(part).length).toBe(2);
    const whole = run(Grid, given, { deltas: book(1, [[9990, 9]], [[10010, 9]]), trades });
    expect(fillsOf(whole).length).toBe(2);
    expect(ordersOf(whole).map(({ side, limitPrice }) => [side, limitPrice])).toEqual(orders);
  });
});

describe('CrossVenueArbitrage', () => {
  const cheap = book(1, [[9900, 3]], [[10000, 2]]);
  const dear = book(1, [[10200, 9]], [[10300, 9]]);

  it('buys where it is cheap and sells where it is dear, no more than both books show', () => {
    const backtest = run(CrossVenueArbitrage, { quantity: '5', minEdge: 0.01, maxPosition: '9' }, { deltas: cheap }, { deltas: dear });
    expect(fillsOf(backtest)).toEqual([`BUY 2 @ 10000 at ${SECOND}`, `SELL 2 @ 10200 at ${SECOND}`]);
    const thin = book(1, [[10200, 1]], [[10300, 9]]);
    const less = run(CrossVenueArbitrage, { quantity: '5', minEdge: 0.01, maxPosition: '9' }, { deltas: cheap }, { deltas: thin });
    expect(fillsOf(less)).toEqual([`BUY 1 @ 10000 at ${SECOND}`, `SELL 1 @ 10200 at ${SECOND}`]);
  });

  it('leaves alone what does not earn the least gain, and what it holds enough of', () => {
    // 102 − 100 is 2 %.
    const dearer = { minEdge: 0.021, quantity: '1', maxPosition: '9' };
    expect(fillsOf(run(CrossVenueArbitrage, dearer, { deltas: cheap }, { deltas: dear }))).toEqual([]);
    // Two of the four that are shown then are taken already.
    const again = [...cheap, ...book(2, [[9900, 3]], [[10000, 4]])];
    const backtest = run(CrossVenueArbitrage, { quantity: '2', minEdge: 0.01, maxPosition: '3' }, { deltas: again }, { deltas: dear });
    expect(fillsOf(backtest).filter((fill) => fill.startsWith('BUY'))).toEqual([
      `BUY 2 @ 10000 at ${SECOND}`,
      `BUY 1 @ 10000 at ${2 * SECOND}`,
    ]);
  });

  it('looks both ways: what is dear at the second may be dear at the first', () => {
    const backtest = run(CrossVenueArbitrage, { quantity: '5', minEdge: 0.01, maxPosition: '9' }, { deltas: dear }, { deltas: cheap });
    expect(fillsOf(backtest)).toEqual([`BUY 2 @ 10000 at ${SECOND}`, `SELL 2 @ 10200 at ${SECOND}`]);
  });

  it('sells no more than it may be short, however little it has bought', () => {
    // The two that are offered are gone after the first trade, though the book goes on showing them; the bids are not. Of 5 that it may be short, 4 are
    // sold by then.
    const shown = [1, 2, 3, 4].flatMap((second) => book(second, [[9900, 3]], [[10000, 2]]));
    const backtest = run(CrossVenueArbitrage, { quantity: '2', minEdge: 0.01, maxPosition: '5' }, { deltas: shown }, { deltas: dear });
    expect(fillsOf(backtest)).toEqual([
      `BUY 2 @ 10000 at ${SECOND}`,
      ...[`SELL 2 @ 10200 at ${SECOND}`, `SELL 2 @ 10200 at ${2 * SECOND}`, `SELL 1 @ 10200 at ${3 * SECOND}`],
    ]);
  });

  /** One more is offered every time, so that something is there. */
  const growing = (...seconds: readonly number[]): DeltaRow[] =>
    seconds.flatMap((second, at) => book(second, [[9900, 3]], [[10000, 2 + at]]));
  const buyTimes = (backtest: Backtest): string[] => fillsOf(backtest).flatMap((fill) => (fill.startsWith('BUY') ? [fill.slice(-7)] : []));

  it('pauses between two trades', () => {
    const given = { quantity: '1', minEdge: 0.01, maxPosition: '9', pause: 0.5 };
    const backtest = run(CrossVenueArbitrage, given, { deltas: growing(1, 1.499999, 1.5) }, { deltas: dear });
    expect(buyTimes(backtest)).toEqual(['1000000', '1500000']);
  });

  it('waits for the answers to its orders', () => {
    const given = { quantity: '1', minEdge: 0.01, maxPosition: '9', pause: 0 };
    // What is bought at 2.2 is not heard of any more.
    const backtest = runLate(0.5, CrossVenueArbitrage, given, { deltas: growing(1, 1.4, 1.6, 2.2) }, { deltas: dear });
    expect(buyTimes(backtest)).toEqual(['1000000', '1600000']);
  });
});
