import { describe, expect, it } from 'vitest';
import { OrderPool, QUANTITY, ROW_BITS } from '../../book/order-pool.ts';
import { PriceLadder } from '../../book/price-ladder.ts';
import { auctionOutcome } from './auction-price.ts';

type Book = readonly (readonly [lots: number, price: number | null])[];

/** @param market lots at any price stand with a price of null */
function outcomeOf(buys: Book, sells: Book, referencePrice = Number.NaN, low = -Infinity, high = Infinity) {
  const pool = new OrderPool(100);
  const put = (orders: Book, sign: number): [PriceLadder, number] => {
    const ladder = new PriceLadder(pool);
    let market = 0;
    for (const [lots, price] of orders) {
      if (price === null) market += lots;
      else {
        const slot = pool.take();
        pool.numbers[(slot << ROW_BITS) | QUANTITY] = lots;
        ladder.append(slot, sign * price);
      }
    }
    return [ladder, market];
  };
  const [bids, marketBuyQty] = put(buys, -1);
  const [asks, marketSellQty] = put(sells, 1);
  const { price, volume, imbalance } = auctionOutcome({
    ...{ bids, asks, marketBuyQty, marketSellQty, referencePrice, low, high },
    lotsAt: (ladder, key) => ladder.quantityAt(key),
  });
  return [price, volume, imbalance];
}

describe('the price of an auction', () => {
  it('is the one at which most trades and least is left', () => {
    // At 200: 900 bought, 900 sold. At 202: 200 and 900; at 198: 1100 and 500.
    const buys: Book = [
      [200, 202],
      [200, 201],
      [500, 200],
      [200, 198],
    ];
    const sells: Book = [
      [500, 198],
      [400, 199],
    ];
    expect(outcomeOf(buys, sells)).toEqual([200, 900, 0]);
  });

  it('is the highest of those with a surplus to buy, the lowest of those with one to sell', () => {
    const buys: Book = [[600, 202]];
    const sells: Book = [[500, 199]];
    expect(outcomeOf(buys, sells)).toEqual([202, 500, 100]);
    expect(outcomeOf([[500, 202]], [[600, 199]])).toEqual([199, 500, -100]);
  });

  it('is the nearest to the reference price where nothing is left over, the higher of two that are as near', () => {
    const buys: Book = [[500, 202]];
    const sells: Book = [[500, 199]];
    expect(outcomeOf(buys, sells, 200)).toEqual([200, 500, 0]);
    expect(outcomeOf(buys, sells, 190)).toEqual([199, 500, 0]);
    expect(outcomeOf(buys, sells, 210)).toEqual([202, 500, 0]);
    expect(outcomeOf(buys, sells)).toEqual([202, 500, 0]);
  });

  it('is the reference price where only market orders meet, and none where there is none', () => {
    expect(outcomeOf([[5, null]], [[3, null]], 150)).toEqual([150, 3, 2]);
    expect(outcomeOf([[5, null]], [[3, null]])).toEqual([Number.NaN, 0, 0]);
  });

  it('is none where the book is not crossed, nor outside the price band', () => {
    expect(outcomeOf([[5, 99]], [[5, 100]], 99)).toEqual([Number.NaN, 0, 0]);
    expect(outcomeOf([[5, 110]], [[5, 100]], Number.NaN, 101, 109)).toEqual([Number.NaN, 0, 0]);
    expect(outcomeOf([[5, 110]], [[5, 100]], 105, 101, 109)).toEqual([105, 5, 0]);
  });
});
