import type { Currency, Money } from '../../model/currency.ts';
import type { Instrument, InstrumentIndex, Price, Quantity } from '../../model/instrument.ts';
import type { Side } from '../../model/order.ts';
import type { MarginQuestion } from '../portfolio/margin-gauge.ts';

/** CASH pays for what it buys and sells what it has; MARGIN posts initial margin. */
export type AccountKind = 'CASH' | 'MARGIN';

/** Thrown where an amount hangs on a price or rate that is not known: the control denies with this code. */
export class MissingValue extends Error {
  override readonly name = 'MissingValue';
  readonly code: 'REFERENCE_PRICE_MISSING' | 'CURRENCY_RATE_MISSING';

  constructor(code: 'REFERENCE_PRICE_MISSING' | 'CURRENCY_RATE_MISSING', message: string) {
    super(message);
    this.code = code;
  }
}

/** What risk needs to know of positions and money, level with the last fill. An account is named by its venue. */
export interface PortfolioView {
  /** Signed position of the account: + long, − short. */
  netQty(instrument: InstrumentIndex): Quantity;
  /** Signed part of it that is attributed to one strategy. */
  strategyQty(strategy: number, instrument: InstrumentIndex): Quantity;
  /** Last price that the position is marked at; 0 where none is known yet. */
  markPrice(instrument: InstrumentIndex): Price;
  accountKind(venue: string): AccountKind;
  accountCurrency(venue: string): Currency;
  /**
   * Balance that may be spent: of a currency, a coin, or the shares of an EQUITY (its `base`). Open orders are NOT taken off;
   * risk reserves for them itself.
   */
  freeCash(venue: string, currency: Currency): Money;
  /** Everything held, at the marks, in the account's currency. */
  equity(venue: string): Money;
  /** What a strategy has made of its own positions, realized and at the marks, after commission, with dividends and funding. */
  strategyProfit(strategy: number, currency: Currency): Money;
  /** Equity less the initial margin of the positions, both at the marks, in the account's currency. Open orders are NOT taken off. */
  marginFree(venue: string): Money;
  /** Initial margin of a position of `signedQty` at `price`, in the account's currency, >= 0. */
  marginFor(instrument: InstrumentIndex, price: Price, signedQty: Quantity): Money;
  /**
   * True only where `marginFree` is beyond doubt more than the order needs by the same sums; false decides nothing. A view that has no
   * quick answer leaves it out.
   */
  surelyBears?(question: MarginQuestion): boolean;
  /** The same amount in another currency, rounded away from zero; null where no rate is known. */
  convert(amount: Money, from: Currency, to: Currency): Money | null;
}

/** What risk needs to know of market data. */
export interface MarketDataView {
  /** Data of the instrument is missing, from the gap until a row that is whole behind it. */
  isGapped(instrument: InstrumentIndex): boolean;
  /** The newest row is older than the run permits. */
  isStale(instrument: InstrumentIndex, now: number, ageMaxUs?: number): boolean;
  /** Open market since the newest row, microseconds; Infinity before the first. */
  ageUs(instrument: InstrumentIndex, now: number): number;
  /** The newest quote is crossed or locked. */
  isCrossed(instrument: InstrumentIndex): boolean;
  /** Why no decision may hang on the instrument's order book now; null where one may, and where no strategy looks at it. */
  unfitBookReason(instrument: InstrumentIndex, now: number): string | null;
}

/** The fee that the venue would charge, in the instrument's settlement currency; negative for a rebate. */
export type FeeEstimator = (instrument: Instrument, side: Side, quantity: Quantity, price: Price) => Money;

/** No estimate for such an order, on either side, is above this, in the instrument's settlement money; 0 or more, NaN where that cannot be told. */
export type FeeBounder = (instrument: Instrument, price: Price, quantity: Quantity) => number;

/** An amount in another currency. @throws MissingValue where there is no rate */
export function converted(portfolio: Pick<PortfolioView, 'convert'>, amount: Money, from: Currency, to: Currency): Money {
  if (from.code === to.code) return amount;
  const result = portfolio.convert(amount, from, to);
  if (result === null) throw new MissingValue('CURRENCY_RATE_MISSING', `There is no rate from ${from.code} to ${to.code}.`);
  return result;
}
