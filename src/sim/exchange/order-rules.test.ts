import { describe, expect, it } from 'vitest';
import {
  ExchangeOrderType as Type,
  ExchangeReason as Reason,
  ExchangeTimeInForce as Tif,
  type NewExchangeOrder,
  plainOrder,
  TrailingOffsetType,
} from './exchange-order.ts';
import { REPORT_REASON, ReportKind } from './exchange-reports.ts';
import { MatchingEngine } from './matching-engine.ts';
import { isPrice } from './order-rules.ts';

/** 10,000 times this is the greatest multiple of 10,000 that counts exactly: 9,007,199,254,740,991 without its last four digits. */
const EXCHANGE_PRICE_MAX = 900_719_925_474;
function refusal(change: Partial<NewExchangeOrder>): Reason {
  const engine = new MatchingEngine();
  engine.submit(plainOrder(change));
  const { rows } = engine.reports;
  return rows[0] === ReportKind.REJECTED ? (rows[REPORT_REASON] as Reason) : Reason.NONE;
}

describe('the bounds of an order', () => {
  it('a code that stands for nothing is refused, whatever else the order says', () => {
    const unknown: readonly Partial<Record<keyof NewExchangeOrder, number>>[] = [
      ...[0, 2, -2, 0.5, NaN].map((side) => ({ side })),
      ...[0, 8, 2.5, NaN, -1].map((orderType) => ({ orderType })),
      ...[0, 8, 1.5, NaN, -1].map((timeInForce) => ({ timeInForce })),
      ...[5, 1.5, NaN, -1].map((selfTrade) => ({ selfTrade })),
      ...[-1, 0.5, NaN, 2000].map((owner) => ({ owner })),
    ];
    for (const codes of unknown)
      for (const more of [{}, { isPostOnly: true }, { displayQty: 1 }]) {
        const change = { ...more, ...codes } as unknown as Partial<NewExchangeOrder>;
        expect(refusal(change), JSON.stringify(change)).toBe(Reason.BAD_TERMS);
      }
  });

  it.each([
    ['limit', (price: number) => refusal({ limitPrice: price })],
    ['stop', (price: number) => refusal({ orderType: Type.STOP, stopPrice: price })],
    ['limit of a stop-limit', (price: number) => refusal({ orderType: Type.STOP_LIMIT, limitPrice: price })],
    ['stop of a limit-if-touched', (price: number) => refusal({ orderType: Type.LIMIT_IF_TOUCHED, stopPrice: price })],
    ['price that is asked about alone', (price: number) => (isPrice(price) ? Reason.NONE : Reason.BAD_PRICE)],
  ])('a %s is a whole number of which ten thousand times count exactly', (_, refusalAt) => {
    for (const price of [EXCHANGE_PRICE_MAX, -EXCHANGE_PRICE_MAX, 0]) expect(refusalAt(price), `${price}`).toBe(Reason.NONE);
    for (const price of [EXCHANGE_PRICE_MAX + 1, -EXCHANGE_PRICE_MAX - 1, 0.5, NaN])
      expect(refusalAt(price), `${price}`).toBe(Reason.BAD_PRICE);
  });

  it.each([
    [TrailingOffsetType.BASIS_POINTS, 9_999],
    [TrailingOffsetType.TICKS, EXCHANGE_PRICE_MAX],
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
