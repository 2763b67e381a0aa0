import { describe, expect, it } from 'vitest';
import { Digest } from '../../src/base/digest.ts';
import { bar, quote, rowsOf, trade } from '../../src/sim/market-rows.fixture.ts';
import { generatedInstrument } from '../../src/sim/generated/generated-instrument.ts';
import { GeneratedMarket } from '../../src/sim/generated/generated-market.ts';

const DAY = 86_400_000_000;
const START = 19_700 * DAY;

function market(seed: number, days: number, overrides: object = {}): GeneratedMarket {
  const basis = { startPrice: 6_000_000, priceIncrement: 5, lotSize: 1000, quantityTypical: 50_000 };
  return new GeneratedMarket({
    seed,
    startTs: START,
    endTs: START + days * DAY,
    instruments: [
      generatedInstrument({ instrument: 0, ...basis, ...overrides }),
      generatedInstrument({ instrument: 1, ...basis, startPrice: 300_000 }),
      generatedInstrument({ instrument: 2, ...basis, startPrice: 900_000, pairedWith: { position: 0, spreadDeviation: 0.02 } }),
    ],
  });
}

function digestOf(rows: readonly (readonly number[])[]): string {
  const digest = new Digest();
  for (const row of rows) for (const value of row) digest.addNumber(value);
  return digest.hex();
}

function logReturns(closes: readonly number[]): number[] {
  return closes.slice(1).map((close, at) => Math.log(close / closes[at]!));
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (x: readonly number[]): number => x.reduce((sum, value) => sum + value, 0) / x.length;
  const [ma, mb] = [mean(a), mean(b)];
  const product = mean(a.map((value, at) => (value - ma) * (b[at]! - mb)));
  return product / Math.sqrt(mean(a.map((value) => (value - ma) ** 2)) * mean(b.map((value) => (value - mb) ** 2)));
}

describe('a generated market', () => {
  it('gives the same digest for the same seed, another for another', () => {
    const of = (seed: number): string => digestOf(rowsOf(market(seed, 2).trades(0), trade));
    expect(of(7)).toBe(of(7));
    expect(of(8)).not.toBe(of(7));
  });

  it('gives the same rows whatever the block size and whatever else is read meanwhile', () => {
    const one = market(7, 1);
    const wanted = {
      trades: rowsOf(one.trades(0), trade),
      quotes: rowsOf(one.quotes(0), quote),
      bars: rowsOf(one.bars(0, 7_000_000, 0), bar),
    };
    for (const blockRows of [1, 13, 100_000]) {
      const other = market(7, 1).trades(1);
      other.next();
      expect(rowsOf(one.trades(0, { blockRows }), trade)).toEqual(wanted.trades);
      expect(rowsOf(one.quotes(0, { blockRows }), quote)).toEqual(wanted.quotes);
      expect(rowsOf(one.bars(0, 7_000_000, 0, { blockRows }), bar)).toEqual(wanted.bars);
    }
  });

  it('keeps whole prices above zero on the increment, whole lots, time in order, and bid below ask', () => {
    const one = market(3, 20, { startPrice: 600, annualVolatility: 5 });
    let before = START - 1;
    for (const [init, price, quantity, side, event] of rowsOf(one.trades(0), trade) as [number, number, number, number, number][]) {
      if (init < before || event !== init || price <= 0 || price % 5 !== 0 || quantity <= 0 || quantity % 1000 !== 0 || side * side !== 1)
        throw new Error(`${init}`);
      before = init;
    }
    expect(before).toBeLessThan(START + 20 * DAY);
    before = START - 1;
    for (const [init, bid, ask, bidSize, askSize, event] of rowsOf(one.quotes(0), quote) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ][]) {
      if (init < before || event !== init || bid <= 0 || bid >= ask || bid % 5 !== 0 || ask % 5 !== 0 || bidSize < 1000 || askSize < 1000)
        throw new Error(`${init}`);
      before = init;
    }
  });

  it('trades at the bid or the ask of the quote before, for no more than was shown', () => {
    const one = market(4, 2);
    const trades = rowsOf(one.trades(0), trade);
    const quotes = rowsOf(one.quotes(0), quote);
    expect(trades).toHaveLength(quotes.length);
    trades.forEach(([ts, price, quantity, side], at) => {
      const [quoteTs, bid, ask, bidSize, askSize] = quotes[at]!;
      const isSound = quoteTs! < ts! && (at + 1 === quotes.length || ts! < quotes[at + 1]![0]!);
      if (!isSound || price !== (side! > 0 ? ask : bid) || quantity! > (side! > 0 ? askSize : bidSize)!) throw new Error(`trade ${at}`);
    });
  });

  it('gives the bars that its trades make, from 7 s to 1 day; empty ones and the unfinished last are left out', () => {
    const one = market(5, 3);
    const trades = rowsOf(one.trades(0), trade);
    // An interval at whose edge a trade falls to the microsecond, and five hours, which leave an unfinished bar at the end.
    let edge = 7_000_000;
    const closesBar = (ts: number, before: number): boolean => ts % edge === 0 && Math.floor(before / edge) === ts / edge - 1;
    while (!trades.slice(1, 2000).some(([ts], at) => closesBar(ts!, trades[at]![0]!))) edge += 1;
    expect((START + 3 * DAY) % 18_000_000_000).not.toBe(0);
    for (const every of [7_000_000, 60_000_000, 3_600_000_000, 18_000_000_000, DAY, edge]) {
      const wanted = new Map<number, number[]>();
      for (const [ts, price, quantity] of trades as [number, number, number][]) {
        const open = ts - (ts % every);
        const have = wanted.get(open);
        if (have === undefined) wanted.set(open, [open, open + every, price, price, price, price, quantity]);
        else
          wanted.set(open, [
            open,
            open + every,
            have[2]!,
            Math.max(have[3]!, price),
            Math.min(have[4]!, price),
            price,
            have[6]! + quantity,
          ]);
      }
      const complete = [...wanted.values()].filter((row) => row[1]! <= START + 3 * DAY);
      expect(rowsOf(one.bars(0, every, 0), bar)).toEqual(complete);
    }
  });

  it('looks like a market: heavy tails, clustered volatility, no memory in returns, busy nights, about the volatility asked for', () => {
    const bars = rowsOf(market(11, 120).bars(1, 60_000_000, 0), bar);
    expect(bars).toHaveLength(120 * 1440);
    const returns = logReturns(bars.map((row) => row[5]!));
    const square = returns.reduce((sum, r) => sum + r * r, 0) / returns.length;
    const fourth = returns.reduce((sum, r) => sum + r ** 4, 0) / returns.length;
    // A normal distribution has 3; minute returns of traded assets have 10 and more (Cont 2001).
    expect(fourth / square ** 2).toBeGreaterThan(6);
    const sizes = returns.map(Math.abs);
    for (const lag of [10, 60]) expect(correlation(sizes.slice(lag), sizes.slice(0, -lag))).toBeGreaterThan(0.1);
    expect(Math.abs(correlation(returns.slice(10), returns.slice(0, -10)))).toBeLessThan(0.05);
    const annual = Math.sqrt(square * 525_600);
    expect(annual).toBeGreaterThan(0.4);
    expect(annual).toBeLessThan(0.9);
    const volumeAt = (from: number, to: number): number =>
      bars
        .filter((row) => (row[0]! / 60_000_000) % 1440 >= from && (row[0]! / 60_000_000) % 1440 < to)
        .reduce((sum, row) => sum + row[6]!, 0);
    // The season says 1.73 in the first hour on average and 0.60 around noon.
    expect(volumeAt(0, 60) / volumeAt(690, 750)).toBeGreaterThan(2);
  });

  it('keeps a pair together and lets the others share the market', () => {
    const one = market(12, 120);
    const closes = [0, 1, 2].map((position) => rowsOf(one.bars(position, 3_600_000_000, 0), bar).map((row) => row[5]!));
    const ratios = closes[2]!.map((close, at) => Math.log(close / 900_000) - Math.log(closes[0]![at]! / 6_000_000));
    const deviation = Math.sqrt(ratios.reduce((sum, ratio) => sum + ratio * ratio, 0) / ratios.length);
    expect(deviation).toBeGreaterThan(0.01);
    expect(deviation).toBeLessThan(0.04);
    expect(Math.max(...ratios.map(Math.abs))).toBeLessThan(0.12);
    const [first, second] = [logReturns(closes[0]!), logReturns(closes[1]!)];
    // marketShare 0.3 in both: about 0.3, less what spells and jumps add on their own.
    expect(correlation(first, second)).toBeGreaterThan(0.1);
    expect(correlation(first, second)).toBeLessThan(0.5);
  });

  it('stays within a factor of ten of its starting price over two years', () => {
    const closes = rowsOf(market(13, 730, { tradesPerMinute: 1 }).bars(0, DAY, 0), bar).map((row) => row[5]!);
    expect(closes).toHaveLength(730);
    expect(Math.min(...closes)).toBeGreaterThan(600_000);
    expect(Math.max(...closes)).toBeLessThan(60_000_000);
  });

  it('refuses what it cannot make', () => {
    const make = (overrides: object) => () => market(1, 1, overrides);
    for (const wrong of [
      { startPrice: 6_000_001 },
      { priceIncrement: 0 },
      { annualVolatility: 0 },
      { tradesPerMinute: 7000 },
      { marketShare: 2 },
      { spreadIncrements: 0.5 },
      { pairedWith: { position: 2, spreadDeviation: 0.1 } },
    ]) {
      expect(make(wrong)).toThrow(/generated instrument 0/);
    }
    expect(() => market(1, 0)).toThrow(/start before end/);
  });
});
