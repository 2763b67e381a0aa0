import { assert } from '../../base/assert.ts';
import { divideRounded } from '../../base/decimal.ts';
import type { AccountDefinition, AccountIndex, MarkSource, PortfolioAlert, PortfolioRefusal } from '../../model/account.ts';
import type { Currency, Money } from '../../model/currency.ts';
import type { DividendPaid, Fill, FundingApplied, SplitEffective } from '../../model/events.ts';
import type { Instrument, InstrumentIndex, Price, Quantity } from '../../model/instrument.ts';
import { POSITION_SIDES, PositionSide } from '../../model/position.ts';
import { notionalValue } from '../../model/valuation.ts';
import { AccountValuation, isMoney } from './account-valuation.ts';
import type { ClosedTradeLog } from './closed-trade-log.ts';
import { ConversionTable } from './conversion.ts';
import { FillPostings, unitsOf } from './fill-postings.ts';
import { Ledger } from './ledger.ts';
import type { LedgerEntry, LedgerState } from './ledger-records.ts';
import { assertMarginTerms } from './margin.ts';
import { PositionManager, type PositionManagerState } from './position-manager.ts';

export interface PortfolioOptions {
  /** One per venue; every instrument's venue has one. */
  readonly accounts: readonly AccountDefinition[];
  readonly instruments: readonly Instrument[];
  readonly strategyCount: number;
  /** Instruments (SPOT or FX) whose marks convert between currencies. */
  readonly conversions: readonly InstrumentIndex[];
  readonly marks: MarkSource;
  /** When the opening balances are booked, microseconds since the epoch. */
  readonly startTs: number;
  /** Newest ledger transactions to keep; balances are always kept. Default 0. */
  readonly ledgerHistoryMax?: number;
}

/** Plain data: JSON and back gives the same. */
export interface PortfolioState {
  readonly ledger: LedgerState;
  readonly positions: PositionManagerState;
}

/** Parts per trillion: the unit of funding rates. */
const PPT = 1_000_000_000_000n;

const NO_ALERTS: readonly PortfolioAlert[] = Object.freeze([]);

/**
 * The accounts: books what happens to money and positions, in one ledger.
 *
 * Delivered instruments (SPOT, EQUITY): a fill exchanges money for the thing; what the open position cost stands in TRADING, profit in
 * REALIZED_PNL when it is closed. Margined instruments: only profit and loss, commission and funding move money.
 * Facts are booked, never refused; what should not have been is alerted. Source: docs/concepts/accounts-and-positions.md
 */
export class Portfolio {
  readonly ledger: Ledger;
  readonly positions: PositionManager;
  readonly valuation: AccountValuation;
  readonly #accounts: readonly AccountDefinition[];
  readonly #instruments: readonly Instrument[];
  readonly #accountOf: readonly AccountIndex[];
  readonly #shareCodes: ReadonlySet<string>;
  /** By instrument: whether its account pays in cash, and so must not be overdrawn. */
  readonly #isCash: readonly boolean[];
  readonly #fillPostings: FillPostings;

  constructor(options: PortfolioOptions) {
    const { accounts, instruments } = options;
    assertAccounts(accounts);
    assertInstruments(instruments);
    this.#accounts = accounts;
    this.#instruments = instruments;
    this.#accountOf = instruments.map((instrument) => {
      const account = accounts.findIndex((candidate) => candidate.venue === instrument.venue);
      assert(account >= 0, `${instrument.id}: no account at ${instrument.venue}`);
      return account;
    });
    this.#isCash = this.#accountOf.map((account) => accounts[account]!.type === 'CASH');
    this.#shareCodes = new Set(instruments.filter((instrument) => instrument.kind === 'EQUITY').map((instrument) => instrument.base.code));
    this.ledger = new Ledger(options.ledgerHistoryMax);
    this.#fillPostings = new FillPostings(this.ledger, instruments, this.#accountOf);
    const rules = this.#accountOf.map((account) => ({ mode: accounts[account]!.positionMode, costMethod: accounts[account]!.costMethod }));
    this.positions = new PositionManager({ instruments, strategyCount: options.strategyCount, rules });
    this.valuation = new AccountValuation({
      accounts,
      instruments,
      accountOf: this.#accountOf,
      ledger: this.ledger,
      positions: this.positions,
      marks: options.marks,
      conversions: new ConversionTable(instruments, options.conversions, options.marks),
    });
    accounts.forEach((account, index) => {
      for (const { currency, amount } of account.openingBalances) {
        assert(amount >= 0n && !this.#shareCodes.has(currency.code), `${account.venue}: opening balance of ${currency.code}`);
        this.#move(index, currency, amount, 'CAPITAL', 'OPENING_BALANCE', options.startTs);
      }
    });
  }

  account(index: AccountIndex): AccountDefinition {
    return this.#accounts[index]!;
  }

  accountOf(instrument: InstrumentIndex): AccountIndex {
    return this.#accountOf[instrument]!;
  }

  /** −1 where there is no account at the venue. */
  accountAt(venue: string): AccountIndex {
    const accounts = this.#accounts;
    for (let index = 0; index < accounts.length; index += 1) if (accounts[index]!.venue === venue) return index;
    return -1;
  }

  /**
   * Books an execution: position, money, profit, commission. Hot.
   *
   * @param positionSide as in {@link PositionManager.applyFill}
   * @param log gets the trades that the fill closed; null where nobody asks for them
   */
  applyFill(fill: Fill, positionSide: PositionSide = PositionSide.NET, log: ClosedTradeLog | null = null): readonly PortfolioAlert[] {
    const alerts = this.positions.applyFill(fill, positionSide, log);
    this.#fillPostings.post(fill, this.positions.booking);
    return this.#isCash[fill.instrument]! ? [...alerts, ...this.#overdrawnBy(fill)] : alerts;
  }

  /** Pays a dividend on the shares held; who is short pays it. Rounded half to even at the currency's scale. */
  applyDividend(event: DividendPaid): readonly PortfolioAlert[] {
    const instrument = this.#instruments[event.instrument]!;
    assert(instrument.kind === 'EQUITY', `${instrument.id}: dividends are paid on shares`);
    const scale = BigInt(instrument.quantityScale);
    return this.#payOnPositions(instrument, 'DIVIDEND', event.tsInit, (quantity) =>
      divideRounded(BigInt(quantity) * event.amountPerUnit, scale, 'half-even'),
    );
  }

  /** Funding at the mark: with a positive rate longs pay and shorts receive. Rounded half to even at the currency's scale. */
  applyFunding(event: FundingApplied): readonly PortfolioAlert[] {
    const instrument = this.#instruments[event.instrument]!;
    assert(instrument.kind === 'PERPETUAL' || instrument.kind === 'INVERSE_PERPETUAL', `${instrument.id}: funding is paid on perpetuals`);
    return this.#payOnPositions(instrument, 'FUNDING', event.tsInit, (quantity) =>
      divideRounded(-notionalValue(instrument, event.markPrice, quantity) * BigInt(event.ratePpt), PPT, 'half-even'),
    );
  }

  /**
   * Turns each share held into numerator/denominator shares; the cost stays. A fraction of a lot is paid in cash as a sale.
   *
   * @param lastPrice last price before the split, 0 for none: then a split that leaves a fraction is refused and nothing is booked
   */
  applySplit(event: SplitEffective, lastPrice: Price): PortfolioRefusal | null {
    const { numerator, denominator, instrument: index } = event;
    const instrument = this.#instruments[index]!;
    assert(instrument.kind === 'EQUITY', `${instrument.id}: splits happen to shares`);
    assert(
      Number.isSafeInteger(numerator) && numerator > 0 && Number.isSafeInteger(denominator) && denominator > 0,
      `${instrument.id}: split ratio`,
    );
    if (lastPrice === 0 && this.positions.splitLeavesFraction(index, numerator, denominator)) {
      return {
        code: 'SPLIT_PRICE_MISSING',
        message: `${instrument.id}: the ${numerator}-for-${denominator} split leaves a fraction and no price is known`,
      };
    }
    const account = this.#accountOf[index]!;
    const { cash, costChange, quantityChange } = this.positions.applySplit(index, numerator, denominator, lastPrice);
    const units = unitsOf(instrument, quantityChange);
    if (units === 0n && cash === 0n && costChange === 0n) return null;
    const entries: LedgerEntry[] = [
      { kind: 'CASH', account, currency: instrument.base, amount: units },
      { kind: 'TRADING', account, currency: instrument.base, amount: -units },
    ];
    if (cash !== 0n || costChange !== 0n) {
      entries.push(
        { kind: 'CASH', account, currency: instrument.quote, amount: cash },
        { kind: 'TRADING', account, currency: instrument.quote, amount: costChange },
        { kind: 'REALIZED_PNL', account, currency: instrument.quote, amount: -cash - costChange },
      );
    }
    this.ledger.post(event.tsInit, 'SPLIT', entries);
    return null;
  }

  /** Interest on a balance: received positive, paid negative. */
  applyInterest(account: AccountIndex, currency: Currency, amount: Money, ts: number): readonly PortfolioAlert[] {
    this.#move(account, currency, amount, 'INTEREST', 'INTEREST', ts);
    return this.#overdrawn(account, [currency]);
  }

  deposit(account: AccountIndex, currency: Currency, amount: Money, ts: number): PortfolioRefusal | null {
    assert(amount > 0n, 'a deposit is above zero');
    if (this.#shareCodes.has(currency.code)) return this.#sharesRefusal(account, currency);
    this.#move(account, currency, amount, 'CAPITAL', 'DEPOSIT', ts);
    return null;
  }

  /** Refused beyond the free balance and, for a margin account, beyond its free margin. */
  withdraw(account: AccountIndex, currency: Currency, amount: Money, ts: number): PortfolioRefusal | null {
    assert(amount > 0n, 'a withdrawal is above zero');
    if (this.#shareCodes.has(currency.code)) return this.#sharesRefusal(account, currency);
    const refusal = this.#withdrawalRefusal(account, currency, amount);
    if (refusal === null) this.#move(account, currency, -amount, 'CAPITAL', 'WITHDRAWAL', ts);
    return refusal;
  }

  /**
   * After a liquidation: where the account is worth less than nothing, every balance goes to zero against LIQUIDATION_WRITE_OFF: the venue
   * takes what is left and bears the rest.
   *
   * @returns the deficit written off in the base currency (0n where there was none), or a refusal while positions are open
   */
  writeOffDeficit(account: AccountIndex, ts: number): Money | PortfolioRefusal {
    const { venue } = this.#accounts[account]!;
    if (this.valuation.hasOpenPositions(account)) {
      return { code: 'LIQUIDATION_INCOMPLETE', message: `${venue}: positions are still open` };
    }
    const equity = this.valuation.equity(account);
    if (!isMoney(equity) || equity >= 0n) return isMoney(equity) ? 0n : equity;
    for (const row of this.ledger.cashRows(account))
      this.#move(account, row.currency, -row.balance, 'LIQUIDATION_WRITE_OFF', 'LIQUIDATION_WRITE_OFF', ts);
    return -equity;
  }

  saveState(): PortfolioState {
    return { ledger: this.ledger.saveState(), positions: this.positions.saveState() };
  }

  /** Takes over a saved state, made with the same accounts, instruments and strategies; opening balances are part of it. */
  loadState(state: PortfolioState): void {
    this.ledger.loadState(state.ledger);
    this.positions.loadState(state.positions);
  }

  /** Of what a fill gives and takes, what is below zero now. */
  #overdrawnBy({ instrument }: Fill): readonly PortfolioAlert[] {
    const { settlement, base, isDelivered } = this.#instruments[instrument]!;
    return this.#overdrawn(this.#accountOf[instrument]!, isDelivered ? [settlement, base] : [settlement]);
  }

  #payOnPositions(
    instrument: Instrument,
    kind: 'DIVIDEND' | 'FUNDING',
    ts: number,
    amountOf: (quantity: Quantity) => Money,
  ): readonly PortfolioAlert[] {
    const account = this.#accountOf[instrument.index]!;
    let sum = 0n;
    for (const side of POSITION_SIDES) {
      const quantity = this.positions.venueBook(instrument.index, side)?.quantity ?? 0;
      if (quantity === 0) continue;
      const amount = amountOf(quantity);
      this.positions.attribute(instrument.index, side, kind === 'DIVIDEND' ? 'dividend' : 'funding', amount);
      sum += amount;
    }
    this.#move(account, instrument.settlement, sum, kind, kind, ts);
    return this.#overdrawn(account, [instrument.settlement]);
  }

  /** Adds to a balance against a counter-account. */
  #move(account: AccountIndex, currency: Currency, amount: Money, counter: LedgerEntry['kind'], reason: string, ts: number): void {
    if (amount === 0n) return;
    this.ledger.post(ts, reason, [
      { kind: 'CASH', account, currency, amount },
      { kind: counter, account, currency, amount: -amount },
    ]);
  }

  #overdrawn(account: AccountIndex, currencies: readonly Currency[]): readonly PortfolioAlert[] {
    const { type, venue } = this.#accounts[account]!;
    if (type !== 'CASH') return NO_ALERTS;
    const alerts: PortfolioAlert[] = [];
    for (const { code } of currencies) {
      if (this.ledger.balance('CASH', account, code) >= 0n) continue;
      alerts.push({ code: 'CASH_BALANCE_NEGATIVE', message: `${venue}: the balance of ${code} is below zero` });
    }
    return alerts;
  }

  #sharesRefusal(account: AccountIndex, currency: Currency): PortfolioRefusal {
    return { code: 'SHARES_NOT_TRANSFERABLE', message: `${this.#accounts[account]!.venue}: ${currency.code} are shares` };
  }

  #withdrawalRefusal(account: AccountIndex, currency: Currency, amount: Money): PortfolioRefusal | null {
    const { venue } = this.#accounts[account]!;
    const free = this.valuation.free(account, currency.code);
    if (!isMoney(free)) return free;
    if (amount > free)
      return {
        code: 'WITHDRAWAL_EXCEEDS_FREE',
        message: `${venue}: ${amount} of ${currency.code} asked, ${free} free (10^-${currency.decimals})`,
      };
    if (this.#accounts[account]!.type === 'CASH' || !this.valuation.hasOpenPositions(account)) return null;
    const inBase = this.valuation.toBase(account, amount, currency);
    if (!isMoney(inBase)) return inBase;
    const marginFree = this.valuation.marginFree(account);
    if (!isMoney(marginFree)) return marginFree;
    return inBase <= marginFree ? null : { code: 'WITHDRAWAL_EXCEEDS_FREE', message: `${venue}: the open positions need the margin` };
  }
}

function assertAccounts(accounts: readonly AccountDefinition[]): void {
  const venues = new Set<string>();
  for (const account of accounts) {
    assert(!venues.has(account.venue), `two accounts at ${account.venue}`);
    venues.add(account.venue);
    for (const terms of [account.margin, ...account.instrumentMargins.map((own) => own.margin)]) {
      assert(account.type === 'MARGIN' || terms.kind === 'none', `${account.venue}: a cash account has no margin terms`);
      assertMarginTerms(terms);
    }
  }
}

function assertInstruments(instruments: readonly Instrument[]): void {
  const shares = new Set<string>();
  instruments.forEach((instrument, position) => {
    const { id, base, quote, settlement, isDelivered, isInverse } = instrument;
    assert(instrument.index === position, `${id}: instruments are listed by index`);
    assert(settlement.code === (isInverse ? base.code : quote.code), `${id}: settles in ${settlement.code}`);
    if (!isDelivered) return;
    assert(instrument.multiplier === 10 ** instrument.multiplierDecimals, `${id}: a delivered instrument has multiplier 1`);
    assert(base.decimals >= instrument.quantityDecimals, `${id}: ${base.code} needs ${instrument.quantityDecimals} decimals`);
    if (instrument.kind !== 'EQUITY') return;
    // Splits and dividends act on positions: a second instrument in the same shares would miss them.
    assert(!shares.has(`${base.code}@${instrument.venue}`), `${id}: two instruments in ${base.code} at ${instrument.venue}`);
    shares.add(`${base.code}@${instrument.venue}`);
  });
}
