import type { AccountDefinition, AccountIndex, MarginTerms, MarkSource } from '../../model/account.ts';
import type { Instrument, InstrumentIndex, Price, Quantity } from '../../model/instrument.ts';
import { PositionSide } from '../../model/position.ts';
import { notionalDouble } from '../../model/valuation.ts';
import type { LedgerRow } from './ledger-records.ts';
import type { Ledger } from './ledger.ts';
import { MarginLine } from './margin-line.ts';
import type { PositionManager } from './position-manager.ts';

interface MarginGaugeOptions {
  readonly accounts: readonly AccountDefinition[];
  readonly instruments: readonly Instrument[];
  /** By instrument. */
  readonly accountOf: readonly AccountIndex[];
  readonly ledger: Ledger;
  readonly positions: PositionManager;
  readonly marks: MarkSource;
  /** By instrument. */
  readonly terms: readonly MarginTerms[];
}

/** What an order would come to, for {@link MarginGauge.bears}. */
export interface MarginQuestion {
  instrument: InstrumentIndex;
  /** Price that the order counts at. */
  price: Price;
  /** The worst position that it and everything open could lead to; its sign plays no part. */
  worstQty: Quantity;
  /** In the account's currency, 0 or more; NaN where nothing is known of them, and then the answer is no. */
  fees: number;
  /** By how much more the need is taken, parts per million. */
  bufferPpm: number;
  /** The order fills now, at `price`: the position held is valued at it. */
  isAtFill: boolean;
}

/** Distance between doubles at 1; one operation is off by half of it. */
const EPSILON = Number.EPSILON;
/** The figures are of no account. */
const NOBODY: AccountIndex = -1;
const NO_ROWS: readonly LedgerRow[] = [];
/** More operations than any term goes through: factors, quotients, conversions from money. */
const STEPS_PER_TERM = 32;

/**
 * Hot: equity and margin of an account in doubles, with a bound on how far from the exact sums they can be. Most questions about margin
 * ("is there much more than this order needs?") have an answer far from the limit; the exact sums are for those that are near it.
 *
 * The bound: each term passes fewer than {@link STEPS_PER_TERM} operations and the sum as many as it has terms, each off by half an epsilon
 * of the size of all terms together, and where exact margin is rounded up a whole count more. A missing mark or a value that is no number
 * makes it say nothing.
 *
 * It speaks of positions that net, in linear contracts that pay in the account's currency; of anything else it says nothing.
 *
 * The same figures are asked for by a decision, after its fill and for the liquidation bands. What is booked is therefore read again only
 * after something was booked, and the sums are formed again only where a mark has changed since.
 */
export class MarginGauge {
  /** Of the account read last, in its currency. */
  equity = 0;
  initial = 0;
  maintenance = 0;
  /** No sum or difference of two of the figures is further off than this. */
  tolerance = 0;
  /** The instruments in which the account read last holds a position: the first `openCount` of the list. */
  openCount = 0;
  readonly open: MarginLine[] = [];
  /** Whose the figures are, and what had been booked by then; {@link NOBODY} where they are not whole. */
  #account: AccountIndex = NOBODY;
  #sequence = -1;
  #rows: readonly LedgerRow[] = NO_ROWS;
  #cash = Number.NaN;
  readonly #accounts: readonly AccountDefinition[];
  /** By instrument. */
  readonly lines: readonly MarginLine[];
  readonly #accountOf: readonly AccountIndex[];
  readonly #ledger: Ledger;
  readonly #positions: PositionManager;
  readonly #marks: MarkSource;

  constructor(options: MarginGaugeOptions) {
    const { accounts, instruments, accountOf, terms } = options;
    this.#accounts = accounts;
    this.#accountOf = accountOf;
    this.#ledger = options.ledger;
    this.#positions = options.positions;
    this.#marks = options.marks;
    this.lines = instruments.map((instrument, index) => {
      const { positionMode, baseCurrency } = accounts[accountOf[index]!]!;
      const isLinear = !instrument.isInverse && !instrument.isDelivered && !Number.isNaN(instrument.notionalFactorDouble);
      const isPlain = isLinear && positionMode === 'NETTING' && instrument.settlement.code === baseCurrency.code;
      return new MarginLine(instrument, terms[index]!, isPlain);
    });
  }

  /** Takes the figures of an account as it is now; false where it has nothing to say of it. */
  read(account: AccountIndex): boolean {
    // A saved state that is taken over makes new rows: its sequence may be the one that was there before.
    const isBooked = account === this.#account && this.#ledger.sequence === this.#sequence && this.#ledger.cashRows(account) === this.#rows;
    return (isBooked || this.#takeBooks(account)) && this.#takeMarks(isBooked);
  }

  /**
   * True only where the account read last has more free margin than the order needs, whatever the roundings; false where it is near, where
   * it has less, and where nothing can be said.
   */
  bears(question: MarginQuestion): boolean {
    const { price, worstQty, fees } = question;
    const line = this.lines[question.instrument]!;
    if (!line.isPlain) return false;
    const { instrument } = line;
    // An order has no cost yet: its margin is taken of its value, whichever of the two positions are margined on.
    const share = line.initialOfValue + line.initialOfCost;
    const perCount = line.initialOfCount;
    const held = line.quantity;
    // What is held has a mark, or the figures would not have been read; what is not has no use for one.
    const mark = held === 0 ? price : line.mark;
    const used = Math.abs(notionalDouble(instrument, mark, held)) * share + Math.abs(held) * perCount;
    const worst = Math.abs(notionalDouble(instrument, price, worstQty)) * share + Math.abs(worstQty) * perCount;
    const moved = question.isAtFill ? notionalDouble(instrument, price - mark, held) : 0;
    const buffer = 1 + question.bufferPpm / 1_000_000;
    const own = worst - used + fees;
    const needed = own > 0 ? own * buffer : own;
    const size = (worst + used + Math.abs(fees)) * buffer + Math.abs(moved) + Math.abs(this.equity) + this.initial;
    const free = this.equity - this.initial + moved;
    // Four exact figures are rounded up: two margins, the margin that was read and the need with its buffer.
    return free - needed > this.tolerance + size * STEPS_PER_TERM * EPSILON + 4 * buffer;
  }

  /** Reads what is booked for an account; false where that cannot be done in doubles, and then the figures are nobody's. */
  #takeBooks(account: AccountIndex): boolean {
    this.#account = NOBODY;
    for (let place = 0; place < this.openCount; place += 1) this.open[place]!.quantity = 0;
    this.openCount = 0;
    const rows = this.#ledger.cashRows(account);
    const currency = this.#accounts[account]!.baseCurrency.code;
    this.#cash = 0;
    for (let place = 0; place < rows.length; place += 1) {
      const row = rows[place]!;
      if (row.currency.code === currency) this.#cash = row.balanceDouble;
      else if (row.balanceDouble !== 0) return false;
    }
    const held = this.#positions.openInstruments();
    for (let place = 0; place < held.length; place += 1) {
      const index = held[place]!;
      if (this.#accountOf[index] === account && !this.#takeBook(index)) return false;
    }
    this.#account = account;
    this.#sequence = this.#ledger.sequence;
    this.#rows = rows;
    return true;
  }

  #takeBook(index: InstrumentIndex): boolean {
    const line = this.lines[index]!;
    if (!line.isPlain) return false;
    const book = this.#positions.venueBook(index, PositionSide.NET);
    // Strategies that cancel each other out hold something; the account does not.
    if (book === undefined || book.quantity === 0) return true;
    line.quantity = book.quantity;
    line.cost = book.costDouble;
    this.open[this.openCount] = line;
    this.openCount += 1;
    return true;
  }

  /** Brings the figures to the marks as they are now; false where one is missing, and then the figures are nobody's. */
  #takeMarks(isSummed: boolean): boolean {
    let isAtMarks = isSummed;
    for (let place = 0; place < this.openCount; place += 1) {
      const line = this.open[place]!;
      const mark = this.#marks.markPrice(line.instrument.index);
      if (mark === 0) {
        this.#account = NOBODY;
        return false;
      }
      if (mark !== line.mark) {
        line.mark = mark;
        isAtMarks = false;
      }
    }
    if (!isAtMarks) this.#sum();
    return true;
  }

  #sum(): void {
    let equity = this.#cash;
    let size = Math.abs(equity);
    let initialSum = 0;
    let maintenanceSum = 0;
    for (let place = 0; place < this.openCount; place += 1) {
      const line = this.open[place]!;
      const { quantity, cost } = line;
      const count = Math.abs(quantity);
      const value = notionalDouble(line.instrument, line.mark, quantity);
      const valueSize = Math.abs(value);
      const costSize = Math.abs(cost);
      const initial = valueSize * line.initialOfValue + costSize * line.initialOfCost + count * line.initialOfCount;
      const maintenance = valueSize * line.maintenanceOfValue + costSize * line.maintenanceOfCost + count * line.maintenanceOfCount;
      equity += value - cost;
      initialSum += initial;
      maintenanceSum += maintenance;
      size += valueSize + costSize + initial + maintenance;
    }
    this.equity = equity;
    this.initial = initialSum;
    this.maintenance = maintenanceSum;
    this.tolerance = size * (STEPS_PER_TERM + this.openCount * 4) * EPSILON + 2 * (this.openCount + 1);
  }
}
