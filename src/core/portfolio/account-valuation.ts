import type { Rounding } from '../../base/decimal.ts';
import type { AccountDefinition, AccountIndex, MarginTerms, MarkSource, PortfolioRefusal } from '../../model/account.ts';
import type { Currency, Money } from '../../model/currency.ts';
import type { Instrument, InstrumentIndex, Price, Quantity } from '../../model/instrument.ts';
import { Side } from '../../model/order.ts';
import { POSITION_SIDES, type PositionSide } from '../../model/position.ts';
import { notionalValue } from '../../model/valuation.ts';
import type { ConversionTable } from './conversion.ts';
import type { Ledger } from './ledger.ts';
import { type MarginRequirement, marginOf } from './margin.ts';
import { MarginGauge } from './margin-gauge.ts';
import type { PositionManager } from './position-manager.ts';

/** A position that the venue closes: send `side` × `quantity`, reduce-only, on `positionSide`. */
export interface LiquidationItem {
  readonly strategy: number;
  readonly instrument: InstrumentIndex;
  readonly positionSide: PositionSide;
  readonly side: Side;
  readonly quantity: Quantity;
}

interface AccountValuationOptions {
  readonly accounts: readonly AccountDefinition[];
  readonly instruments: readonly Instrument[];
  /** By instrument. */
  readonly accountOf: readonly AccountIndex[];
  readonly ledger: Ledger;
  readonly positions: PositionManager;
  readonly conversions: ConversionTable;
  readonly marks: MarkSource;
}

/** True for an amount, false for a refusal. */
export function isMoney(value: Money | PortfolioRefusal): value is Money {
  return typeof value === 'bigint';
}

/**
 * What the accounts are worth and what of it is free, exactly, at the moment of asking: nothing is kept up per tick. Cost of a call:
 * proportional to the currencies held and the positions open.
 *
 * A mark or a conversion that is missing is a refusal, never a guess; it is asked for only where an amount is not zero.
 */
export class AccountValuation {
  readonly #options: AccountValuationOptions;
  readonly #terms: readonly MarginTerms[];
  /** The same sums in doubles, for questions that are far from their limit. */
  readonly gauge: MarginGauge;

  constructor(options: AccountValuationOptions) {
    this.#options = options;
    this.#terms = options.instruments.map((instrument) => {
      const account = options.accounts[options.accountOf[instrument.index]!]!;
      return account.instrumentMargins.find((own) => own.instrument === instrument.index)?.margin ?? account.margin;
    });
    this.gauge = new MarginGauge({ ...options, terms: this.#terms });
  }

  /** What the venue holds for us of a currency (or of a thing), locked amounts included. */
  balance(account: AccountIndex, currency: string): Money {
    return this.#options.ledger.balance('CASH', account, currency);
  }

  /** Margin of the positions that settle in the currency (which requirement: the terms' `locks`). */
  locked(account: AccountIndex, currency: string): Money | PortfolioRefusal {
    let sum = 0n;
    for (const index of this.#options.positions.openInstruments()) {
      const instrument = this.#options.instruments[index]!;
      if (this.#options.accountOf[index] !== account || instrument.settlement.code !== currency) continue;
      const terms = this.#terms[index]!;
      const margin = this.#positionMargin(instrument, terms.kind === 'none' ? 'INITIAL' : terms.locks);
      if (!isMoney(margin)) return margin;
      sum += margin;
    }
    return sum;
  }

  /** Balance less what is locked; negative where more is locked than held. */
  free(account: AccountIndex, currency: string): Money | PortfolioRefusal {
    const locked = this.locked(account, currency);
    return isMoney(locked) ? this.balance(account, currency) - locked : locked;
  }

  /** Everything held, at the marks, plus the open profit of margined positions, in the account's base currency. */
  equity(account: AccountIndex): Money | PortfolioRefusal {
    const { instruments, ledger, positions, accountOf } = this.#options;
    let sum = 0n;
    for (const row of ledger.cashRows(account)) {
      const value = this.toBase(account, row.balance, row.currency);
      if (!isMoney(value)) return value;
      sum += value;
    }
    for (const index of positions.openInstruments()) {
      const instrument = instruments[index]!;
      if (accountOf[index] !== account || instrument.isDelivered) continue;
      const profit = this.unrealizedPnl(index);
      if (!isMoney(profit)) return profit;
      const value = this.toBase(account, profit, instrument.settlement);
      if (!isMoney(value)) return value;
      sum += value;
    }
    return sum;
  }

  /** As {@link equity}, in another currency. */
  equityIn(account: AccountIndex, currency: Currency): Money | PortfolioRefusal {
    const equity = this.equity(account);
    return isMoney(equity) ? this.convert(equity, this.#options.accounts[account]!.baseCurrency, currency) : equity;
  }

  /** An amount in the account's base currency, at the marks. */
  toBase(account: AccountIndex, amount: Money, currency: Currency): Money | PortfolioRefusal {
    const { baseCurrency, venue } = this.#options.accounts[account]!;
    if (currency.code === baseCurrency.code) return amount;
    return this.#options.conversions.convert(amount, currency, baseCurrency, venue);
  }

  /** An amount in another currency, at the marks; a risk control rounds `up`, away from zero. */
  convert(amount: Money, from: Currency, to: Currency, rounding: Rounding = 'half-even'): Money | PortfolioRefusal {
    return this.#options.conversions.convert(amount, from, to, '', rounding);
  }

  /** Open profit of the account's position in an instrument (both sides together) at the mark, in settlement money. */
  unrealizedPnl(instrument: InstrumentIndex): Money | PortfolioRefusal {
    let sum = 0n;
    for (const side of POSITION_SIDES) {
      const book = this.#options.positions.venueBook(instrument, side);
      if (book === undefined || book.quantity === 0) continue;
      const mark = this.#mark(instrument);
      if (typeof mark !== 'number') return mark;
      sum += book.unrealizedPnl(mark);
    }
    return sum;
  }

  /** Initial margin of all open positions, in the base currency. */
  marginInitial(account: AccountIndex): Money | PortfolioRefusal {
    return this.#accountMargin(account, 'INITIAL');
  }

  /** Maintenance margin of all open positions, in the base currency. */
  marginMaintenance(account: AccountIndex): Money | PortfolioRefusal {
    return this.#accountMargin(account, 'MAINTENANCE');
  }

  /** Equity less initial margin, in the base currency; negative where overdrawn. */
  marginFree(account: AccountIndex): Money | PortfolioRefusal {
    const equity = this.equity(account);
    if (!isMoney(equity)) return equity;
    const margin = this.marginInitial(account);
    if (!isMoney(margin)) return margin;
    return equity - margin;
  }

  /** Margin that a position of `quantity` at `price` would need, in settlement money. Always taken at that price. */
  marginFor(instrument: InstrumentIndex, price: Price, quantity: Quantity, requirement: MarginRequirement = 'INITIAL'): Money {
    const known = this.#options.instruments[instrument]!;
    const terms = this.#terms[instrument]!;
    const notional = terms.kind === 'leverage' ? notionalValue(known, price, quantity) : 0n;
    return marginOf(terms, requirement, known, quantity, notional);
  }

  /** True when a margin account with open positions has no more equity than its maintenance margin (with none asked: equity ≤ 0). */
  needsLiquidation(account: AccountIndex): boolean | PortfolioRefusal {
    if (this.#options.accounts[account]!.type === 'CASH' || !this.hasOpenPositions(account)) return false;
    const equity = this.equity(account);
    if (!isMoney(equity)) return equity;
    const margin = this.marginMaintenance(account);
    return isMoney(margin) ? equity <= margin : margin;
  }

  /** What to close to leave the account flat, by instrument, strategy and side; the quantities of an instrument sum to the account's. */
  liquidationList(account: AccountIndex): readonly LiquidationItem[] {
    return this.#options.positions
      .positions()
      .filter((position) => position.quantity !== 0 && this.#options.accountOf[position.instrument] === account)
      .map(({ strategy, instrument, positionSide, quantity }) => ({
        strategy,
        instrument,
        positionSide,
        side: quantity > 0 ? Side.SELL : Side.BUY,
        quantity: Math.abs(quantity),
      }));
  }

  /** True while any strategy holds something in the account: also where two of them cancel out. */
  hasOpenPositions(account: AccountIndex): boolean {
    for (const instrument of this.#options.positions.openInstruments()) if (this.#options.accountOf[instrument] === account) return true;
    return false;
  }

  #accountMargin(account: AccountIndex, requirement: MarginRequirement): Money | PortfolioRefusal {
    const { instruments, positions, accountOf } = this.#options;
    let sum = 0n;
    for (const index of positions.openInstruments()) {
      if (accountOf[index] !== account) continue;
      const instrument = instruments[index]!;
      const margin = this.#positionMargin(instrument, requirement);
      if (!isMoney(margin)) return margin;
      const value = this.toBase(account, margin, instrument.settlement);
      if (!isMoney(value)) return value;
      sum += value;
    }
    return sum;
  }

  #positionMargin(instrument: Instrument, requirement: MarginRequirement): Money | PortfolioRefusal {
    const terms = this.#terms[instrument.index]!;
    let sum = 0n;
    for (const side of POSITION_SIDES) {
      const book = this.#options.positions.venueBook(instrument.index, side);
      if (book === undefined || book.quantity === 0) continue;
      let notional = book.cost;
      if (terms.kind === 'leverage' && terms.markedAt === 'MARK') {
        const mark = this.#mark(instrument.index);
        if (typeof mark !== 'number') return mark;
        notional = notionalValue(instrument, mark, book.quantity);
      }
      sum += marginOf(terms, requirement, instrument, book.quantity, notional);
    }
    return sum;
  }

  #mark(instrument: InstrumentIndex): Price | PortfolioRefusal {
    const mark = this.#options.marks.markPrice(instrument);
    if (mark !== 0) return mark;
    return {
      code: 'MARK_PRICE_MISSING',
      message: `${this.#options.instruments[instrument]!.id}: no price is known yet to value the position`,
    };
  }
}
