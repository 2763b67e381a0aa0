import { describe, expect, it } from 'vitest';
import type { Currency } from '../../model/currency.ts';
import {
  account,
  BTC,
  ETH,
  EUR,
  fill,
  instrument,
  leverage,
  money,
  NO_MARGIN,
  portfolioOf,
  price,
  USD,
  USDT,
} from './portfolio.fixture.ts';

const PERP = instrument('PERPETUAL', 'BTC-PERP.X', BTC, USDT, { priceDecimals: 1, quantityDecimals: 3 });

describe('AccountValuation', () => {
  const eurUsd = instrument('FX', 'EUR-USD.FX', EUR, USD, { priceDecimals: 4 }, 0);
  const ethUsdt = instrument('SPOT', 'ETH-USDT.X', ETH, EUR, { quantityDecimals: 5 }, 1);
  const accounts = (base: Currency, held: Currency) => [
    account('X', base, '0', { openingBalances: [{ currency: held, amount: money('110', held) }] }),
    account('FX', USD, '0'),
  ];

  it('converts at the mark of a stated instrument, either way round', () => {
    const direct = portfolioOf([eurUsd, ethUsdt], accounts(USD, EUR), { conversions: [0] });
    direct.mark(eurUsd, '1.1000');
    expect(direct.portfolio.valuation.equity(0)).toBe(money('121', USD));
    const inverse = portfolioOf([eurUsd, ethUsdt], accounts(EUR, USD), { conversions: [0] });
    inverse.mark(eurUsd, '1.1000');
    expect(inverse.portfolio.valuation.equity(0)).toBe(money('100', EUR));
  });

  it('values a coin at the mark of the instrument that trades it and converts what results', () => {
    const { portfolio, mark } = portfolioOf([eurUsd, ethUsdt], accounts(USD, ETH), { conversions: [0] });
    mark(eurUsd, '1.1000');
    mark(ethUsdt, '2000.00');
    expect(portfolio.valuation.equity(0)).toBe(money('242000', USD)); // 110 × 2000 × 1.1
  });

  it('converts any amount, rounded half to even or, for a risk control, away from zero', () => {
    const { portfolio, mark } = portfolioOf([eurUsd, ethUsdt], accounts(USD, EUR), { conversions: [0] });
    mark(eurUsd, '1.5000');
    expect(portfolio.valuation.convert(3n, EUR, USD)).toBe(4n); // 4.5
    expect(portfolio.valuation.convert(3n, EUR, USD, 'up')).toBe(5n);
    expect(portfolio.valuation.convert(-2n, USD, EUR)).toBe(-1n); // −1.33
    expect(portfolio.valuation.convert(-2n, USD, EUR, 'up')).toBe(-2n);
    expect(portfolio.valuation.convert(1n, USDT, EUR)).toMatchObject({
      code: 'CONVERSION_RATE_MISSING',
      message: 'no conversion from USDT to EUR is stated',
    });
  });

  it('refuses with a code where a rate or a mark is missing, and asks for none where nothing is held', () => {
    const unstated = portfolioOf([eurUsd, ethUsdt], accounts(USD, EUR)).portfolio.valuation;
    expect(unstated.equity(0)).toMatchObject({ code: 'CONVERSION_RATE_MISSING', message: 'X: no conversion from EUR to USD is stated' });
    const unmarked = portfolioOf([eurUsd, ethUsdt], accounts(USD, EUR), { conversions: [0] }).portfolio.valuation;
    expect(unmarked.equity(0)).toMatchObject({ code: 'MARK_PRICE_MISSING' });
    expect(unmarked.equity(1)).toBe(0n);
    const open = portfolioOf([PERP], [account('X', USDT, '1000', { margin: leverage(10, 1_000_000_000, 5_000_000) })]).portfolio;
    open.applyFill(fill(PERP, 'BUY', '0.1', '40000.0'));
    for (const value of [
      open.valuation.equity(0),
      open.valuation.locked(0, 'USDT'),
      open.valuation.marginFree(0),
      open.valuation.needsLiquidation(0),
    ]) {
      expect(value).toMatchObject({ code: 'MARK_PRICE_MISSING' });
    }
  });

  it('liquidates at the maintenance margin of the mark', () => {
    // 0.1 BTC from 40,000 with 580 in cash: at 36,000 equity 580 − 400 = 180 and maintenance 5 % of 3,600 = 180.
    const { portfolio, mark } = portfolioOf([PERP], [account('X', USDT, '580', { margin: leverage(1, 100_000_000, 50_000_000) })]);
    portfolio.applyFill(fill(PERP, 'BUY', '0.1', '40000.0'));
    mark(PERP, '36000.1');
    expect(portfolio.valuation.needsLiquidation(0)).toBe(false);
    mark(PERP, '36000.0');
    expect(portfolio.valuation.needsLiquidation(0)).toBe(true);
  });

  it('never liquidates a cash account', () => {
    const ethUsd = instrument('SPOT', 'ETH-USD.X', ETH, USD, { quantityDecimals: 5 });
    const { portfolio, mark } = portfolioOf([ethUsd], [account('X', USD, '0', { type: 'CASH' })]);
    portfolio.applyFill(fill(ethUsd, 'BUY', '1', '2000'));
    mark(ethUsd, '1000');
    expect(portfolio.valuation.equity(0)).toBe(money('-1000', USD));
    expect(portfolio.valuation.needsLiquidation(0)).toBe(false);
  });

  it('uses an instrument’s own margin terms before the account’s', () => {
    const instrumentMargins = [{ instrument: 0, margin: NO_MARGIN }];
    const { portfolio } = portfolioOf([PERP], [account('X', USDT, '500', { margin: leverage(1, 100_000_000, 0), instrumentMargins })]);
    expect(portfolio.valuation.marginFor(0, price('40000.0', PERP), 100)).toBe(0n);
  });

  it('rounds a margin up: 1 / 3 of 100 is never 33.33333333', () => {
    const { portfolio } = portfolioOf([PERP], [account('X', USDT, '500', { margin: leverage(3, 1_000_000_000, 0) })]);
    expect(portfolio.valuation.marginFor(0, price('100.0', PERP), -1000)).toBe(money('33.33333334', USDT));
  });
});
