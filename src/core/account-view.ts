import { assert } from '../base/assert.ts';
import type { AccountIndex, MarkSource, PortfolioRefusal } from '../model/account.ts';
import type { Currency, Money } from '../model/currency.ts';
import type { Instrument, InstrumentIndex, Price, Quantity } from '../model/instrument.ts';
import { isMoney } from './portfolio/account-valuation.ts';
import { POSITION_SIDES } from '../model/position.ts';
import type { MarginQuestion } from './portfolio/margin-gauge.ts';
import type { Portfolio } from './portfolio/portfolio.ts';
import { type AccountKind, converted, MissingValue, type PortfolioView } from './risk/portfolio-view.ts';

/** The portfolio as the risk manager sees it: by venue, and with a missing price or rate turned into an exception that denies under its own code (fail closed). */
export class AccountView implements PortfolioView {
  private readonly portfolio: Portfolio;
  private readonly instruments: readonly Instrument[];
  private readonly marks: MarkSource;
  /** The account asked for last: one decision asks for the same venue many times. */
  private venueLast = '';
  private accountLast: AccountIndex = -1;

  constructor(portfolio: Portfolio, instruments: readonly Instrument[], marks: MarkSource) {
    this.portfolio = portfolio;
    this.instruments = instruments;
    this.marks = marks;
  }

  netQty(instrument: InstrumentIndex): Quantity {
    return this.portfolio.positions.venueQuantity(instrument);
  }

  strategyQty(strategy: number, instrument: InstrumentIndex): Quantity {
    return this.portfolio.positions.quantity(strategy, instrument);
  }

  markPrice(instrument: InstrumentIndex): Price {
    return this.marks.markPrice(instrument);
  }

  accountKind(venue: string): AccountKind {
    return this.portfolio.account(this.account(venue)).type;
  }

  accountCurrency(venue: string): Currency {
    return this.portfolio.account(this.account(venue)).baseCurrency;
  }

  freeCash(venue: string, currency: Currency): Money {
    return this.portfolio.valuation.balance(this.account(venue), currency.code);
  }

  equity(venue: string): Money {
    return known(this.portfolio.valuation.equity(this.account(venue)));
  }

  strategyProfit(strategy: number, currency: Currency): Money {
    let sum = 0n;
    for (const instrument of this.instruments) {
      const { settlement, index } = instrument;
      let profit = 0n;
      for (const side of POSITION_SIDES) {
        const position = this.portfolio.positions.position(strategy, index, side);
        if (position === null) continue;
        profit += position.realizedPnl - position.commission + position.dividend + position.funding;
        if (position.quantity === 0) continue;
        if (this.markPrice(index) === 0) throw new MissingValue('REFERENCE_PRICE_MISSING', `${instrument.id} has no price yet.`);
      }
      profit += this.portfolio.positions.unrealizedPnl(strategy, index, this.markPrice(index));
      if (profit === 0n) continue;
      sum += converted(this, profit, settlement, currency);
    }
    return sum;
  }

  marginFree(venue: string): Money {
    return known(this.portfolio.valuation.marginFree(this.account(venue)));
  }

  marginFor(instrument: InstrumentIndex, price: Price, signedQty: Quantity): Money {
    const account = this.portfolio.accountOf(instrument);
    const margin = this.portfolio.valuation.marginFor(instrument, price, Math.abs(signedQty));
    return known(this.portfolio.valuation.toBase(account, margin, this.instruments[instrument]!.settlement));
  }

  surelyBears(question: MarginQuestion): boolean {
    const { gauge } = this.portfolio.valuation;
    return gauge.read(this.portfolio.accountOf(question.instrument)) && gauge.bears(question);
  }

  convert(amount: Money, from: Currency, to: Currency): Money | null {
    if (from.code === to.code) return amount;
    const converted = this.portfolio.valuation.convert(amount, from, to);
    return isMoney(converted) ? converted : null;
  }

  private account(venue: string): AccountIndex {
    if (venue === this.venueLast) return this.accountLast;
    const account = this.portfolio.accountAt(venue);
    assert(account >= 0, `no account at ${venue}`);
    this.venueLast = venue;
    this.accountLast = account;
    return account;
  }
}

function known(amount: Money | PortfolioRefusal): Money {
  if (isMoney(amount)) return amount;
  if (amount.code === 'MARK_PRICE_MISSING') throw new MissingValue('REFERENCE_PRICE_MISSING', amount.message);
  if (amount.code === 'CONVERSION_RATE_MISSING') throw new MissingValue('CURRENCY_RATE_MISSING', amount.message);
  throw new Error(amount.message);
}
