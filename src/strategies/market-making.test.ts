import { describe, expect, it } from 'vitest';
import type { Backtest } from '../runtime/backtest.ts';
import { OrderStatus } from '../model/order-status.ts';
import { makeCurrency } from '../model/currency.ts';
import { book, type Given, type Market, ordersOf, run, runDenied, runLate, SECOND } from './book-run.fixture.ts';
import { MarketMaking } from './market-making.ts';
import { type DeltaRow, DOLLAR, fillsOf, type TradeRow, USD } from '../runtime/backtest.fixture.ts';

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
    const held = run(MarketMaking, lots, { deltas: [...deltas, ...more], trades: sales, instrument: { quantityDecimals: 1 } });
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

  it('takes the distance from the mean spread of what it has seen, not from the last', () => {
    // Half of 1.00 and half of 2.00 after a half-life: k = 2 ÷ 1.5. σ² T = 0.01 × 100 = 1, γ' = 0.1: the distance is 0.1 + 20 ln(1 + 0.1 ÷ 1.3333) =
    // 1.5464, half 0.7732: 100.10 ∓ 0.7732.
    const deltas = [...book(1, [[9950, 9]], [[10050, 9]]), ...book(2, [[9910, 9]], [[10110, 9]])];
    const backtest = run(MarketMaking, { quantity: '1', refresh: 1, volatilityHalfLife: 1, horizon: 100 }, { deltas });
    expect(ordersOf(backtest).map(({ limitPrice }) => limitPrice)).toEqual([9932, 10_088]);
  });

  it('leaves a quote alone while its price is being changed, and moves it when that is answered', () => {
    // Quotes at 2 are known to stand at 2.5. At 3 the middle has risen by 0.30, at 3.2 by another 0.20: the change of 3 is answered at 3.5.
    const at = (seconds: number, middle: number): DeltaRow[] => book(seconds, [[middle - 50, 9]], [[middle + 50, 9]]);
    const deltas = [...calm, ...at(3, 10_040), ...at(3.2, 10_060), ...at(4, 10_060), ...at(6, 10_060)];
    const backtest = runLate(0.5, MarketMaking, { ...given, refresh: 0.1 }, { deltas });
    const quotes = ordersOf(backtest);
    // What the run's stop asks for is not answered any more.
    expect(quotes.map(({ side, status }) => [side, status])).toEqual([
      [1, OrderStatus.PENDING_CANCEL],
      [-1, OrderStatus.PENDING_CANCEL],
    ]);
    // Each as far from the middle of 100.60, to which only the change of 4 brought them.
    expect(quotes[0]!.limitPrice).toBeLessThan(10_000);
    expect(quotes[0]!.limitPrice + quotes[1]!.limitPrice).toBe(2 * 10_060);
  });

  it('takes its quotes away when the run stops', () => {
    const backtest = run(MarketMaking, given, { deltas: calm });
    expect(ordersOf(backtest).map(({ side, status }) => [side, status])).toEqual([
      [1, OrderStatus.CANCELED],
      [-1, OrderStatus.CANCELED],
    ]);
  });
});

describe('the quantity of a quote of MarketMaking that is not stated', () => {
  const deltas = [...book(1, [[9950, 9]], [[10050, 9]]), ...book(2, [[9960, 9]], [[10060, 9]])];
  const quantitiesOf = (instrument: Market['instrument'], parameters: Given = {}, account: Market['account'] = {}): number[] =>
    ordersOf(run(MarketMaking, { refresh: 1, ...parameters }, { deltas, instrument: { quantityDecimals: 2, ...instrument }, account })).map(
      ({ orderQty }) => orderQty,
    );

  it('is a hundredth of equity in value, in whole lots', () => {
    // 100 USD ÷ 100.10
    expect(quantitiesOf({})).toEqual([99, 99]);
    expect(quantitiesOf({ lotSize: 10 })).toEqual([90, 90]);
  });

  it('is a hundredth of equity in the coin, where contracts are inverse', () => {
    // 0.1 of 10 coins is worth 10.01 USD at 100.10: ten contracts of 1 USD.
    const coin = makeCurrency('UNIT');
    const account = { baseCurrency: coin, openingBalances: [{ currency: coin, amount: 10n * 10n ** BigInt(coin.decimals) }] };
    expect(quantitiesOf({ kind: 'INVERSE_PERPETUAL', settlement: coin, quantityDecimals: 0 }, {}, account)).toEqual([10, 10]);
  });

  it('is no more than the largest order', () => {
    expect(quantitiesOf({ quantityMax: 50 })).toEqual([50, 50]);
  });

  it('is worth twice the smallest order in value where equity is too small for it, and no more than may be held', () => {
    // 2 × 150 ÷ 100.10 = 2.997
    const instrument = { notionalMin: 150n * DOLLAR };
    expect(quantitiesOf(instrument)).toEqual([299, 299]);
    expect(quantitiesOf(instrument, { maxPosition: '2' })).toEqual([200, 200]);
    // 150 ÷ 100.10 = 1.4985
    expect(() => quantitiesOf(instrument, { maxPosition: '1.49' })).toThrow(
      'maxPosition is 1.49, worth less at 100.1 than the smallest order of M.V0 in value: write 1.5 or more',
    );
    expect(() => quantitiesOf(instrument, { quantity: '1.49' })).toThrow(
      'quantity is 1.49, worth less at 100.1 than the smallest order of M.V0 in value: write 1.5 or more',
    );
  });
});

describe('MarketMaking after a refusal', () => {
  const given = { quantity: '1', maxPosition: '2', riskAversion: 1, liquidity: 1, horizon: 1, refresh: 0.1, volatilityHalfLife: 1000 };
  const at = (seconds: number, middle: number): DeltaRow[] => book(seconds, [[middle - 50, 9]], [[middle + 50, 9]]);

  it('places nothing on that side for ten seconds, and goes on quoting the other', () => {
    // One at 100.10 is worth what an order must be, its bid at 99.40 is not, its offer at 100.80 is.
    const deltas = [1, 2, 3, 11.9, 12].flatMap((second) => at(second, second === 1 ? 10_000 : 10_010));
    const backtest = runDenied({}, MarketMaking, given, { deltas, instrument: { notionalMin: 100n * DOLLAR } });
    expect(backtest.recorder.denials.map(({ code, tsEvent }) => [code, tsEvent / SECOND])).toEqual([
      ['NOTIONAL_BELOW_MINIMUM', 2],
      ['NOTIONAL_BELOW_MINIMUM', 12],
    ]);
    expect(ordersOf(backtest).map(({ side, status }) => [side, status])).toEqual([
      [1, OrderStatus.DENIED],
      [-1, OrderStatus.CANCELED],
      [1, OrderStatus.DENIED],
    ]);
  });

  it('takes a quote away that may not be moved, and places it again after ten seconds', () => {
    // Orders are worth 100.90 at most. At 3 the middle has risen by 1.00: the bid follows to 100.40, the offer may not go to 101.80. The look at 3.1 takes it
    // away, so that nobody buys at 100.80 what is worth 102.00 at 5. At 12.9 it would be 100.80 again, and is at 13.
    const limits = { everyInstrument: { maxOrderValue: { amount: (1009n * DOLLAR) / 10n, currency: USD } } };
    const soFar = [...at(1, 10_000), ...at(2, 10_010), ...at(3, 10_110), ...at(3.1, 10_110), ...at(12.9, 10_010)];
    const trades: TradeRow[] = [[5 * SECOND, 10_200, 5]];
    const sidesOf = (backtest: Backtest): number[] => ordersOf(backtest).map(({ side }) => side);
    const before = runDenied(limits, MarketMaking, given, { deltas: soFar, trades });
    expect(fillsOf(before)).toEqual([]);
    expect(ordersOf(before)[0]!.limitPrice).toBe(9940);
    expect(sidesOf(before)).toEqual([1, -1]);
    const after = runDenied(limits, MarketMaking, given, { deltas: [...soFar, ...at(13, 10_010)], trades });
    expect(sidesOf(after)).toEqual([1, -1, -1]);
    expect(ordersOf(after)[2]!.limitPrice).toBe(10_080);
  });
});
