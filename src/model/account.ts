import type { PortfolioCode } from './codes/portfolio.ts';
import type { Currency, Money } from './currency.ts';
import type { InstrumentIndex, Price } from './instrument.ts';
import type { CostMethod, PositionMode } from './position.ts';

/** Position of an account in the run's list of accounts (one per venue). */
export type AccountIndex = number;

/** CASH: nothing is owed, no balance may fall below zero. MARGIN: may be short and may owe, within its margin. */
type AccountType = 'CASH' | 'MARGIN';

/**
 * What share of the notional is held as margin: notional × rate ÷ leverage. Both are whole parts per billion: 2.5 % is 25_000_000, tenfold
 * leverage 10_000_000_000.
 *
 * `markedAt` says which notional: ENTRY the open position's cost (price paid), MARK its value at the mark price. `locks` says which of the
 * two requirements is taken out of the free balance (venues and published results differ).
 */
export interface LeverageMargin {
  readonly kind: 'leverage';
  readonly leveragePpb: number;
  readonly initialRatePpb: number;
  readonly maintenanceRatePpb: number;
  readonly markedAt: 'ENTRY' | 'MARK';
  readonly locks: 'INITIAL' | 'MAINTENANCE';
}

/** A fixed sum for each contract (one unit of quantity), in settlement money; the price plays no part. */
interface PerContractMargin {
  readonly kind: 'perContract';
  readonly initialPerContract: Money;
  readonly maintenancePerContract: Money;
  readonly locks: 'INITIAL' | 'MAINTENANCE';
}

/** No margin is asked for. */
interface NoMargin {
  readonly kind: 'none';
}

export type MarginTerms = LeverageMargin | PerContractMargin | NoMargin;

/** An amount of a currency that an account starts with. */
interface OpeningBalance {
  readonly currency: Currency;
  readonly amount: Money;
}

/** The account at one venue, as the run file states it. */
export interface AccountDefinition {
  readonly venue: string;
  readonly type: AccountType;
  /** Currency that equity and margin are stated in. */
  readonly baseCurrency: Currency;
  readonly positionMode: PositionMode;
  readonly costMethod: CostMethod;
  readonly openingBalances: readonly OpeningBalance[];
  /** For every instrument of the venue without terms of its own. CASH accounts: `none`. */
  readonly margin: MarginTerms;
  readonly instrumentMargins: readonly { readonly instrument: InstrumentIndex; readonly margin: MarginTerms }[];
}

/** Where marks come from. 0 stands for "none known yet". */
export interface MarkSource {
  markPrice(instrument: InstrumentIndex): Price;
}

/**
 * What a ledger account stands for. CASH is what the venue holds for us (money, coins, shares); every other kind is a counter-account,
 * so its sign is the other way round: income is negative, expense positive.
 *
 * TRADING is what was given for the things held: in money the cost of the open delivered positions, in the thing minus the quantity.
 */
export type LedgerAccountKind =
  | 'CASH'
  | 'CAPITAL'
  | 'TRADING'
  | 'REALIZED_PNL'
  | 'COMMISSION'
  | 'FUNDING'
  | 'DIVIDEND'
  | 'INTEREST'
  | 'LIQUIDATION_WRITE_OFF';

/** A refusal by the accounts: nothing was booked, or the amount cannot be told. A code from the catalogue and the sentence for people. */
export interface PortfolioRefusal {
  readonly code: Exclude<PortfolioCode, 'CASH_BALANCE_NEGATIVE' | 'POSITION_OVERCLOSED'>;
  readonly message: string;
}

/** What a person should look at: a fact that was booked and should not have been, or a refusal that nobody was there to take. */
export interface PortfolioAlert {
  readonly code: PortfolioCode;
  readonly message: string;
}
