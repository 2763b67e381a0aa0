import { describe, expect, it } from 'vitest';
import {
  ExchangeOrderType as Type,
  ExchangeReason as Reason,
  ExchangeTimeInForce as Tif,
  type NewExchangeOrder,
  SelfTradePrevention as Stp,
  TradingPhase as Phase,
  TrailingOffsetType,
} from './exchange-order.ts';
import { isPrice, refusalOf } from './order-rules.ts';

/** 10,000 times this is the greatest multiple of 10,000 that counts exactly: 9,007,199,254,740,991 without its last four digits. */
const PRICE_MAX = 900_719_925_474;
const MOMENT = { phase: Phase.CONTINUOUS, now: 0, low: -Infinity, high: Infinity };

function refusal(change: Partial<NewExchangeOrder>): Reason {
  return refusalOf(
    {
      side: 1,
      orderType: Type.LIMIT,
      timeInForce: Tif.GTC,
      orderQty: 1,
      limitPrice: 0,
      stopPrice: 0,
      trailingType: 0,
      trailingOffset: 0,
      displayQty: 0,
      expireTs: 0,
      owner: 0,
      selfTrade: Stp.NONE,
      isPostOnly: false,
      isReduceOnly: false,
      ...change,
    },
    MOMENT,
  );
}

describe('the bounds of an order', () => {
  it.each([
    ['limit', (price: number) => refusal({ limitPrice: price })],
    ['stop', (price: number) => refusal({ orderType: Type.STOP, stopPrice: price })],
    ['limit of a stop-limit', (price: number) => refusal({ orderType: Type.STOP_LIMIT, limitPrice: price })],
    ['stop of a limit-if-touched', (price: number) => refusal({ orderType: Type.LIMIT_IF_TOUCHED, stopPrice: price })],
    ['price that is asked about alone', (price: number) => (isPrice(price) ? Reason.NONE : Reason.BAD_PRICE)],
  ])('a %s is a whole number of which ten thousand times count exactly', (_, refusalAt) => {
    for (const price of [PRICE_MAX, -PRICE_MAX, 0]) expect(refusalAt(price), `${price}`).toBe(Reason.NONE);
    for (const price of [PRICE_MAX + 1, -PRICE_MAX - 1, 0.5, NaN]) expect(refusalAt(price), `${price}`).toBe(Reason.BAD_PRICE);
  });

  it.each([
    [TrailingOffsetType.BASIS_POINTS, 9_999],
    [TrailingOffsetType.TICKS, PRICE_MAX],
  ])('a distance of kind %i is at least 1 and at most %i', (trailingType, most) => {
    const of = (trailingOffset: number): Reason => refusal({ orderType: Type.TRAILING_STOP, trailingType, trailingOffset });
    expect([1, most].map(of)).toEqual([Reason.NONE, Reason.NONE]);
    expect([0, -1, 1.5, NaN, most + 1].map(of)).toEqual(Array(5).fill(Reason.BAD_TERMS));
  });

  it('a distance of no kind is none', () => {
    expect(refusal({ orderType: Type.TRAILING_STOP, trailingType: 0, trailingOffset: 1 })).toBe(Reason.BAD_TERMS);
  });

  it('an iceberg shows at least one lot and at most all', () => {
    const of = (displayQty: number): Reason => refusal({ orderQty: 5, displayQty });
    expect([1, 5].map(of)).toEqual([Reason.NONE, Reason.NONE]);
    expect([-1, 0.5, 6, NaN].map(of)).toEqual(Array(4).fill(Reason.BAD_TERMS));
  });

  it('an order that ends at a time ends after now', () => {
    const of = (expireTs: number): Reason => refusal({ timeInForce: Tif.GTD, expireTs });
    expect([1, 0, NaN].map(of)).toEqual([Reason.NONE, Reason.BAD_TERMS, Reason.BAD_TERMS]);
  });
});
