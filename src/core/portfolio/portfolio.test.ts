import { describe, expect, it } from 'vitest';
import { makeCurrency } from '../../model/currency.ts';
import { PositionSide } from '../../model/position.ts';
import { Side } from '../../model/order.ts';
import { isMoney } from './account-valuation.ts';
import { ClosedTradeLog } from './closed-trade-log.ts';
import type { PortfolioState } from './portfolio.ts';
import { account, BTC, closedBy, ETH, fill, instrument, leverage, money, portfolioOf, price, USD, USDT } from './portfolio.fixture.ts';

const JPY = makeCurrency('JPY');
const shares = (code: string) => makeCurrency(code);
const GOOG = instrument('EQUITY', 'GOOG.X', shares('GOOG'), USD, {});
const SPY = instrument('EQUITY', 'SPY.X', shares('SPY'), USD, {});
const PERP = instrument('PERPETUAL', 'BTC-PERP.X', BTC, USDT, { priceDecimals: 1, quantityDecimals: 3 });
const INVERSE = instrument('INVERSE_PERPETUAL', 'BTC-USD.X', BTC, USD, { priceDecimals: 1 });
const at = { tsEvent: 9, tsInit: 9 };

describe('Portfolio: published accounting', () => {
  it('R4.8: AUD/USD bought at 0.70000 and sold at 0.70020 with 1.40 commission each ends at 1,000,017.20 USD', () => {
    const audUsd = instrument('FX', 'AUD-USD.X', makeCurrency('AUD'), USD, { priceDecimals: 5 });
    const { portfolio } = portfolioOf([audUsd], [account('X', USD, '1000000', { margin: leverage(10, 1_000_000_000, 0) })]);
    portfolio.applyFill(fill(audUsd, 'BUY', '100000', '0.70000', '1.40'));
    expect(portfolio.valuation.balance(0, 'USD')).toBe(money('999998.60', USD)); // margined: no money is exchanged
    portfolio.applyFill(fill(audUsd, 'SELL', '100000', '0.70020', '1.40'));
    expect(portfolio.valuation.equity(0)).toBe(money('1000017.20', USD));
  });

  it('R4.8: half an ETH on a cash account ends at 100,000.29995 USDT and 10 ETH', () => {
    const ethUsdt = instrument('SPOT', 'ETH-USDT.X', ETH, USDT, { quantityDecimals: 5 });
    const openingBalances = [
      { currency: ETH, amount: money('10', ETH) },
      { currency: USDT, amount: money('100000', USDT) },
    ];
    const { portfolio, mark } = portfolioOf([ethUsdt], [account('X', USDT, '0', { type: 'CASH', openingBalances })]);
    mark(ethUsdt, '2001.00');
    portfolio.applyFill(fill(ethUsdt, 'BUY', '0.5', '2000.00', '0.10'));
    expect(portfolio.valuation.balance(0, 'ETH')).toBe(money('10.5', ETH));
    expect(portfolio.valuation.balance(0, 'USDT')).toBe(money('98999.90', USDT));
    const log = new ClosedTradeLog();
    expect(portfolio.applyFill(fill(ethUsdt, 'SELL', '0.5', '2001.00', '0.10005'), PositionSide.NET, log)).toEqual([]);
    expect([...log].map((trade) => trade.pnl)).toEqual([money('0.29995', USDT)]);
    expect(portfolio.valuation.balance(0, 'ETH')).toBe(money('10', ETH));
    expect(portfolio.valuation.balance(0, 'USDT')).toBe(money('100000.29995', USDT));
    expect(portfolio.valuation.equity(0)).toBe(money('120010.29995', USDT)); // + 10 × 2001
  });

  it('R4.2: 10 BTC at 46,377.0 leave 999,768.115 with 1,159.425 locked; sold at 46,448.0 the account ends at 1,000,245.875', () => {
    const margin = leverage(10, 50_000_000, 25_000_000, { markedAt: 'ENTRY', locks: 'MAINTENANCE' });
    const { portfolio, mark } = portfolioOf([PERP], [account('X', USDT, '1000000', { margin })]);
    mark(PERP, '46400.0');
    portfolio.applyFill(fill(PERP, 'BUY', '10', '46377.0', '231.885'));
    const { valuation } = portfolio;
    expect(valuation.balance(0, 'USDT')).toBe(money('999768.115', USDT));
    expect(valuation.locked(0, 'USDT')).toBe(money('1159.425', USDT));
    expect(valuation.free(0, 'USDT')).toBe(money('998608.69', USDT));
    expect(valuation.equity(0)).toBe(money('999998.115', USDT)); // + 10 × 23
    expect(valuation.marginInitial(0)).toBe(money('2318.85', USDT));
    expect(valuation.marginMaintenance(0)).toBe(money('1159.425', USDT));
    expect(valuation.marginFree(0)).toBe(money('997679.265', USDT));
    portfolio.applyFill(fill(PERP, 'SELL', '10', '46448.0', '232.24'));
    expect(valuation.equity(0)).toBe(money('1000245.875', USDT));
    expect(valuation.locked(0, 'USDT')).toBe(0n);
  });

  const buys = '3643.35 3801.03 3872.37 3863.57 3845.32 3656.43 3542.65 3639.65 3799.86 3840.20 4047.63 4052.55'.split(' ');
  const sells = '3763.95 3811.85 3822.35 3822.57 3829.82 3598.58 3545.92 3766.80 3782.15 3979.73 4045.05'.split(' ');

  it('R2.1: the published fills in shares leave cash 6164.16 and, at 4119.94, a value of 10284.10', () => {
    const stock = instrument('EQUITY', 'IDX.X', shares('IDX'), USD, {});
    const { portfolio, mark } = portfolioOf([stock], [account('X', USD, '10000')]);
    buys.forEach((px, position) => {
      portfolio.applyFill(fill(stock, 'BUY', '1', px));
      const exit = sells[position];
      if (exit !== undefined) portfolio.applyFill(fill(stock, 'SELL', '1', exit));
    });
    mark(stock, '4119.94');
    expect(portfolio.valuation.balance(0, 'USD')).toBe(money('6164.16', USD));
    expect(portfolio.valuation.equity(0)).toBe(money('10284.10', USD));
  });

  it('R2.2: the same fills in futures (×10, commission 2, margin 1000 a contract) come to 12795.00 with 11795.00 free', () => {
    const future = instrument('FUTURE', 'IDX.X', makeCurrency('IDX'), USD, { multiplier: 10 });
    const margin = { kind: 'perContract', initialPerContract: money('1000', USD), maintenancePerContract: 0n, locks: 'INITIAL' } as const;
    const { portfolio, mark } = portfolioOf([future], [account('X', USD, '10000', { margin })]);
    buys.forEach((px, position) => {
      portfolio.applyFill(fill(future, 'BUY', '1', px, '2'));
      if (position === 0) {
        expect(portfolio.valuation.balance(0, 'USD')).toBe(money('9998', USD));
        expect(portfolio.valuation.free(0, 'USD')).toBe(money('8998', USD));
      }
      const exit = sells[position];
      if (exit !== undefined) portfolio.applyFill(fill(future, 'SELL', '1', exit, '2'));
    });
    mark(future, '4119.94');
    expect(portfolio.valuation.equity(0)).toBe(money('12795.00', USD));
    expect(portfolio.valuation.marginFree(0)).toBe(money('11795.00', USD));
    expect(portfolio.valuation.marginFor(0, price('4119.94', future), 3)).toBe(money('3000', USD));
  });

  it('R1.9: +23,469, then −34,420; equity −951 is written off to 0 under its own name', () => {
    const { portfolio, mark } = portfolioOf([GOOG], [account('X', USD, '10000', { margin: leverage(10, 1_000_000_000, 0) })]);
    const { valuation } = portfolio;
    portfolio.applyFill(fill(GOOG, 'BUY', '100', '466'));
    mark(GOOG, '466');
    expect(valuation.marginInitial(0)).toBe(money('4660', USD));
    expect(closedBy((log) => portfolio.applyFill(fill(GOOG, 'SELL', '100', '700.69'), PositionSide.NET, log))[0]!.pnl).toBe(
      money('23469', USD),
    );
    portfolio.applyFill(fill(GOOG, 'SELL', '200', '324.90'));
    mark(GOOG, '257.44');
    expect(valuation.equity(0)).toBe(money('46961', USD)); // the published peak
    mark(GOOG, '492.24');
    expect(valuation.needsLiquidation(0)).toBe(false); // equity 1
    mark(GOOG, '497.00');
    expect(valuation.equity(0)).toBe(money('-951', USD));
    expect(valuation.needsLiquidation(0)).toBe(true);
    expect(valuation.liquidationList(0)).toEqual([
      { strategy: 0, instrument: 0, positionSide: PositionSide.NET, side: Side.BUY, quantity: 200 },
    ]);
    expect(portfolio.writeOffDeficit(0, 1)).toMatchObject({ code: 'LIQUIDATION_INCOMPLETE' });
    expect(closedBy((log) => portfolio.applyFill(fill(GOOG, 'BUY', '200', '497'), PositionSide.NET, log))[0]!.pnl).toBe(
      money('-34420', USD),
    );
    expect(valuation.needsLiquidation(0)).toBe(false); // nothing left to liquidate
    expect(portfolio.writeOffDeficit(0, 1)).toBe(money('951', USD));
    expect(valuation.equity(0)).toBe(0n);
    expect(portfolio.ledger.balance('LIQUIDATION_WRITE_OFF', 0, 'USD')).toBe(money('-951', USD));
    expect(portfolio.ledger.total('USD')).toBe(0n);
    expect(portfolio.writeOffDeficit(0, 1)).toBe(0n);
  });

  it('R3.5: 512 SPY at 97.84 with 2.56 commission and 13.26 of dividends a share come to 120,462.08 at 124.55', () => {
    const { portfolio, mark } = portfolioOf([SPY], [account('X', USD, '100000')]);
    portfolio.applyFill(fill(SPY, 'BUY', '512', '97.84', '2.56'));
    portfolio.applyDividend({ kind: 'DividendPaid', instrument: 0, amountPerUnit: money('0.36', USD), ...at });
    expect(portfolio.ledger.balance('DIVIDEND', 0, 'USD')).toBe(money('-184.32', USD));
    portfolio.applyDividend({ kind: 'DividendPaid', instrument: 0, amountPerUnit: money('12.90', USD), ...at });
    mark(SPY, '124.55'); // close of 2005-12-30
    expect(portfolio.positions.position(0, 0)!.dividend).toBe(money('6789.12', USD));
    expect(portfolio.valuation.equity(0)).toBe(money('120462.08', USD));
  });
});

describe('Portfolio: bookings', () => {
  it('keeps the cost of open delivered positions in TRADING and books profit when they close', () => {
    const { portfolio } = portfolioOf([SPY], [account('X', USD, '1000')]);
    portfolio.applyFill(fill(SPY, 'BUY', '4', '100'));
    expect(portfolio.ledger.stateRows()).toEqual([
      'CASH|0|USD|60000000000',
      'CAPITAL|0|USD|-100000000000',
      'TRADING|0|USD|40000000000',
      'CASH|0|SPY|400000000',
      'TRADING|0|SPY|-400000000',
    ]);
    portfolio.applyFill(fill(SPY, 'SELL', '1', '130'));
    expect(portfolio.ledger.balance('TRADING', 0, 'USD')).toBe(money('300', USD));
    expect(portfolio.ledger.balance('REALIZED_PNL', 0, 'USD')).toBe(money('-30', USD));
    expect(portfolio.ledger.balance('CASH', 0, 'USD')).toBe(money('730', USD));
  });

  it('settles an inverse perpetual in coins: 100,000 USD from 50,000 to 40,000 loses half a bitcoin', () => {
    const { portfolio, mark } = portfolioOf(
      [INVERSE],
      [account('X', BTC, '3', { margin: leverage(2, 1_000_000_000, 0, { markedAt: 'ENTRY' }) })],
    );
    portfolio.applyFill(fill(INVERSE, 'BUY', '100000', '50000.0', '0.001'));
    mark(INVERSE, '40000.0');
    expect(portfolio.valuation.marginInitial(0)).toBe(money('1', BTC));
    expect(portfolio.valuation.equity(0)).toBe(money('2.499', BTC));
    portfolio.applyFill(fill(INVERSE, 'SELL', '100000', '40000.0', '-0.0005')); // a rebate
    expect(portfolio.valuation.balance(0, 'BTC')).toBe(money('2.4995', BTC));
    expect(portfolio.ledger.balance('COMMISSION', 0, 'BTC')).toBe(money('0.0005', BTC));
  });

  it('funding: with a positive rate longs pay and shorts receive', () => {
    const { portfolio } = portfolioOf([PERP, { ...INVERSE, index: 1 }], [account('X', USDT, '1000')]);
    portfolio.applyFill(fill(PERP, 'BUY', '10', '46000.0'));
    portfolio.applyFunding({ kind: 'FundingApplied', instrument: 0, ratePpt: 100_000_000, markPrice: price('46100.0', PERP), ...at });
    expect(portfolio.valuation.balance(0, 'USDT')).toBe(money('953.90', USDT)); // 461,000 × 0.0001 = 46.10
    expect(portfolio.ledger.balance('FUNDING', 0, 'USDT')).toBe(money('46.10', USDT));
    portfolio.applyFill(fill({ ...INVERSE, index: 1 }, 'SELL', '100000', '40000.0'));
    portfolio.applyFunding({ kind: 'FundingApplied', instrument: 1, ratePpt: 100_000_000, markPrice: price('50000.0', INVERSE), ...at });
    expect(portfolio.valuation.balance(0, 'BTC')).toBe(money('0.0002', BTC)); // 2 BTC × 0.0001
    expect(portfolio.positions.position(0, 1)!.funding).toBe(money('0.0002', BTC));
  });

  it('a short pays the dividend', () => {
    const { portfolio } = portfolioOf([SPY], [account('X', USD, '1000')]);
    portfolio.applyFill(fill(SPY, 'SELL', '10', '100'));
    portfolio.applyDividend({ kind: 'DividendPaid', instrument: 0, amountPerUnit: money('0.5', USD), ...at });
    expect(portfolio.valuation.balance(0, 'USD')).toBe(money('1995', USD));
  });

  it('a split pays its fraction in cash as a sale, and is refused without a price for it', () => {
    const { portfolio } = portfolioOf([SPY], [account('X', USD, '1000')]);
    portfolio.applyFill(fill(SPY, 'BUY', '7', '100'));
    const split = { kind: 'SplitEffective', instrument: 0, numerator: 1, denominator: 2, ...at } as const;
    const before = portfolio.ledger.stateRows();
    expect(portfolio.applySplit(split, 0)).toMatchObject({ code: 'SPLIT_PRICE_MISSING' });
    expect(portfolio.ledger.stateRows()).toEqual(before);
    expect(portfolio.applySplit(split, price('120', SPY))).toBeNull();
    expect(portfolio.valuation.balance(0, 'SPY')).toBe(money('3', USD));
    expect(portfolio.valuation.balance(0, 'USD')).toBe(money('420', USD)); // 300 + 0.5 × 240
    expect(portfolio.ledger.balance('REALIZED_PNL', 0, 'USD')).toBe(money('-20', USD));
    expect(portfolio.ledger.balance('TRADING', 0, 'USD')).toBe(money('600', USD));
  });

  it('hedging: margin is held on both sides', () => {
    const margin = leverage(10, 1_000_000_000, 0, { markedAt: 'ENTRY' });
    const { portfolio } = portfolioOf([PERP], [account('X', USDT, '1000', { margin, positionMode: 'HEDGING' })]);
    portfolio.applyFill(fill(PERP, 'BUY', '0.1', '40000.0'), PositionSide.LONG);
    portfolio.applyFill(fill(PERP, 'SELL', '0.1', '41000.0'), PositionSide.SHORT);
    expect(portfolio.valuation.marginInitial(0)).toBe(money('810', USDT)); // (4000 + 4100) / 10
    expect(portfolio.valuation.liquidationList(0).map((item) => [item.positionSide, item.side, item.quantity])).toEqual([
      [PositionSide.SHORT, Side.BUY, 100],
      [PositionSide.LONG, Side.SELL, 100],
    ]);
  });

  it('books commission, negative too, in each instrument’s own settlement currency', () => {
    const future = instrument('FUTURE', 'NK.X', makeCurrency('NK'), JPY, { priceDecimals: 0 }, 1);
    const { portfolio } = portfolioOf([SPY, future], [account('X', USD, '1000')]);
    portfolio.applyFill(fill(SPY, 'BUY', '1', '100', '-0.25'));
    portfolio.applyFill(fill(future, 'BUY', '1', '39000', '350'));
    expect(portfolio.valuation.balance(0, 'USD')).toBe(money('900.25', USD));
    expect(portfolio.valuation.balance(0, 'JPY')).toBe(money('-350', JPY));
  });

  it('a fill that takes a cash account below zero is booked and alerted, in money or in the thing', () => {
    const ethUsdt = instrument('SPOT', 'ETH-USDT.X', ETH, USDT, { quantityDecimals: 5 });
    const { portfolio } = portfolioOf([ethUsdt], [account('X', USDT, '100', { type: 'CASH' })]);
    expect(portfolio.applyFill(fill(ethUsdt, 'BUY', '0.1', '2000'))).toMatchObject([
      { code: 'CASH_BALANCE_NEGATIVE', message: 'X: the balance of USDT is below zero' },
    ]);
    expect(portfolio.applyFill(fill(ethUsdt, 'SELL', '0.3', '2000'))).toMatchObject([{ message: 'X: the balance of ETH is below zero' }]);
    expect(portfolio.valuation.balance(0, 'ETH')).toBe(money('-0.2', ETH));
  });

  it('books a delivered fill to the last count where its value alone is more than a double holds', () => {
    const fine = instrument('SPOT', 'ETH-USDT.X', ETH, USDT, { priceDecimals: 8 }); // a count of price on one unit is a count of money
    const { portfolio } = portfolioOf([fine], [account('X', USDT, '0')]);
    portfolio.applyFill(fill(fine, 'BUY', '1000', '10000'));
    portfolio.applyFill(fill(fine, 'SELL', '6335', '15000.00000001')); // 9,502,500,000,006,335 counts, beyond 2^53 and odd
    expect(portfolio.valuation.balance(0, 'USDT')).toBe(8_502_500_000_006_335n);
    expect(portfolio.positions.booking.realizedPnl).toBe(500_000_000_001_000n);
  });

  it('a margin account buys on credit without an alert', () => {
    const { portfolio, mark } = portfolioOf([SPY], [account('X', USD, '100')]);
    mark(SPY, '100');
    expect(portfolio.applyFill(fill(SPY, 'BUY', '3', '100'))).toEqual([]);
    expect(portfolio.valuation.balance(0, 'USD')).toBe(money('-200', USD));
    expect(portfolio.valuation.equity(0)).toBe(money('100', USD));
  });

  it('refuses to withdraw what is locked or not there, and to move shares', () => {
    const margin = leverage(10, 1_000_000_000, 0, { markedAt: 'ENTRY' });
    const { portfolio, mark } = portfolioOf(
      [PERP, instrument('EQUITY', 'SPY.X', shares('SPY'), USD, {}, 1)],
      [account('X', USDT, '1000', { margin })],
    );
    mark(PERP, '39500.0');
    portfolio.applyFill(fill(PERP, 'BUY', '0.1', '40000.0')); // margin 400, open loss 50
    expect(portfolio.valuation.locked(0, 'USDT')).toBe(money('400', USDT));
    expect(portfolio.withdraw(0, USDT, money('600.00000001', USDT), 1)).toMatchObject({ code: 'WITHDRAWAL_EXCEEDS_FREE' });
    expect(portfolio.withdraw(0, USDT, money('550.00000001', USDT), 1)).toMatchObject({ code: 'WITHDRAWAL_EXCEEDS_FREE' });
    expect(portfolio.withdraw(0, USDT, money('550', USDT), 1)).toBeNull();
    expect(portfolio.valuation.free(0, 'USDT')).toBe(money('50', USDT));
    expect(portfolio.deposit(0, shares('SPY'), 1n, 1)).toMatchObject({ code: 'SHARES_NOT_TRANSFERABLE' });
    expect(portfolio.withdraw(0, shares('SPY'), 1n, 1)).toMatchObject({ code: 'SHARES_NOT_TRANSFERABLE' });
    expect(portfolio.deposit(0, USDT, money('50', USDT), 1)).toBeNull();
    expect(portfolio.ledger.balance('CAPITAL', 0, 'USDT')).toBe(money('-500', USDT));
  });

  it('lets a cash account withdraw its free balance to the last count and no more', () => {
    const { portfolio } = portfolioOf([SPY], [account('X', USD, '100', { type: 'CASH' })]);
    expect(portfolio.withdraw(0, USD, money('100', USD) + 1n, 1)).toMatchObject({ code: 'WITHDRAWAL_EXCEEDS_FREE' });
    expect(portfolio.withdraw(0, USD, money('100', USD), 1)).toBeNull();
  });

  it('books interest received and paid', () => {
    const { portfolio } = portfolioOf([SPY], [account('X', USD, '100', { type: 'CASH' })]);
    expect(portfolio.applyInterest(0, USD, money('1.5', USD), 1)).toEqual([]);
    expect(portfolio.applyInterest(0, USD, money('-102', USD), 1)).toMatchObject([{ code: 'CASH_BALANCE_NEGATIVE' }]);
    expect(portfolio.ledger.balance('INTEREST', 0, 'USD')).toBe(money('100.5', USD));
  });
});

describe('Portfolio: saved state', () => {
  it('comes back whole from plain data', () => {
    const make = () =>
      portfolioOf([PERP], [account('X', USDT, '1000', { margin: leverage(10, 1_000_000_000, 0, { markedAt: 'ENTRY' }) })]).portfolio;
    const first = make();
    first.applyFill(fill(PERP, 'BUY', '0.1', '40000.0', '1', { strategy: 2, tag: 'entry' }));
    const second = make();
    expect(second.deposit(0, USDT, 5n, 1)).toBeNull(); // gives way to what is loaded
    second.loadState(JSON.parse(JSON.stringify(first.saveState())) as PortfolioState);
    expect(second.saveState()).toEqual(first.saveState());
    expect(second.positions.quantity(2, 0)).toBe(100);
    expect(second.valuation.locked(0, 'USDT')).toBe(money('400', USDT));
    const exit = fill(PERP, 'SELL', '0.1', '41000.0', '1', { strategy: 2 });
    const closed = closedBy((log) => second.applyFill(exit, PositionSide.NET, log));
    expect(closed).toMatchObject([{ strategy: 2, entryTag: 'entry', pnl: money('98', USDT) }]);
    expect(closed).toEqual(closedBy((log) => first.applyFill(exit, PositionSide.NET, log)));
    expect(second.saveState()).toEqual(first.saveState());
    const equity = second.valuation.equity(0);
    expect(isMoney(equity) && equity === money('1098', USDT)).toBe(true);
  });
});
