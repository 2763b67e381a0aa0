import type { PriceLadder } from '../../book/price-ladder.ts';

/** What an auction would do. */
export interface AuctionOutcome {
  /** Increments; NaN where nothing trades. */
  readonly price: number;
  /** Lots that trade at it. */
  readonly volume: number;
  /** Lots that would still be bought (above 0) or sold (below 0) at it. */
  readonly imbalance: number;
}

export interface AuctionInput {
  readonly bids: PriceLadder;
  readonly asks: PriceLadder;
  /** All lots of a queue, those that are not shown included. */
  readonly lotsAt: (ladder: PriceLadder, key: number) => number;
  /** Lots to buy and to sell at any price. */
  readonly marketBuyQty: number;
  readonly marketSellQty: number;
  /** The last price; NaN where there is none. Decides ties, and trades where market orders meet without a limit. */
  readonly referencePrice: number;
  readonly low: number;
  readonly high: number;
}

interface Level {
  readonly price: number;
  readonly lots: number;
}

const NOTHING: AuctionOutcome = { price: Number.NaN, volume: 0, imbalance: 0 };

/**
 * The price of a call auction: among the prices of the limit orders and the reference price, the one at which most trades; of several the one with
 * the smallest surplus; of several the highest where all have a surplus to buy, the lowest where all have one to sell, else the nearest to the
 * reference price, the higher of two.
 *
 * Source: Deutsche Börse, Xetra Market Model Equities, Release 21, chapter 10.1 (rules of price determination in auctions)
 */
export function auctionOutcome(input: AuctionInput): AuctionOutcome {
  const { marketBuyQty, marketSellQty, referencePrice, low, high } = input;
  const bids = levels(input, input.bids, -1);
  const asks = levels(input, input.asks, 1);
  const prices = [...new Set([...bids, ...asks].map(({ price }) => price))];
  if (!Number.isNaN(referencePrice)) prices.push(referencePrice);
  const outcomes = [...new Set(prices)]
    .filter((price) => price >= low && price <= high)
    .sort((a, b) => a - b)
    .map((price): AuctionOutcome => {
      const bought = marketBuyQty + sumOf(bids, (level) => level.price >= price);
      const sold = marketSellQty + sumOf(asks, (level) => level.price <= price);
      return { price, volume: Math.min(bought, sold), imbalance: bought - sold };
    });
  const volume = Math.max(0, ...outcomes.map((outcome) => outcome.volume));
  if (volume === 0) return NOTHING;
  const most = outcomes.filter((outcome) => outcome.volume === volume);
  const surplus = Math.min(...most.map(({ imbalance }) => Math.abs(imbalance)));
  const best = most.filter(({ imbalance }) => Math.abs(imbalance) === surplus);
  if (best.every(({ imbalance }) => imbalance > 0)) return best.at(-1)!;
  if (best.every(({ imbalance }) => imbalance < 0)) return best[0]!;
  if (Number.isNaN(referencePrice)) return best.at(-1)!;
  return best.reduce((nearest, each) =>
    Math.abs(each.price - referencePrice) <= Math.abs(nearest.price - referencePrice) ? each : nearest,
  );
}

function levels({ lotsAt }: AuctionInput, ladder: PriceLadder, sign: number): Level[] {
  const found: Level[] = [];
  for (let key = ladder.bestKey; key !== Number.POSITIVE_INFINITY; key = ladder.keyAfter(key)) {
    found.push({ price: sign * key, lots: lotsAt(ladder, key) });
  }
  return found;
}

function sumOf(all: readonly Level[], counts: (level: Level) => boolean): number {
  let sum = 0;
  for (const level of all) if (counts(level)) sum += level.lots;
  return sum;
}
