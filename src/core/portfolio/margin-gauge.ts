import type { AccountDefinition, AccountIndex, MarginTerms, MarkSource } from '../../model/account.ts';
import type { Instrument, InstrumentIndex, Price, Quantity } from '../../model/instrument.ts';
import { PositionSide } from '../../model/position.ts';
import { notionalDouble } from '../../model/valuation.ts';
import type { LedgerRow } from './ledger-records.ts';
import type { Ledger } from './ledger.ts';
import {
  factorsOf,
  INITIAL_OF_COST,
  INITIAL_OF_COUNT,
  INITIAL_OF_VALUE,
  MAINTENANCE_OF_COST,
  MAINTENANCE_OF_COUNT,
  MAINTENANCE_OF_VALUE,
  STRIDE,
} from './margin-factors.ts';
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
  /** The instruments in which the account read last holds a position: the first `openCount` of the column. */
  openCount = 0;
  readonly open: Int32Array;
  /** By instrument: what the account read last holds, 0 for nothing, and at which mark the figures have it where it holds something. */
  readonly quantity: Float64Array;
  readonly mark: Float64Array;
  /** Whose the figures are, and what had been booked by then; {@link NOBODY} where they are not whole. */
  #account: AccountIndex = NOBODY;
  #sequence = -1;
  #rows: readonly LedgerRow[] = NO_ROWS;
  readonly #cash = new Float64Array(1);
  readonly #cost: Float64Array;
  readonly #accounts: readonly AccountDefinition[];
  readonly #instruments: readonly Instrument[];
  readonly #accountOf: readonly AccountIndex[];
  readonly #ledger: Ledger;
  readonly #positions: PositionManager;
  readonly #marks: MarkSource;
  readonly #isPlain: readonly boolean[];
  readonly #movesNoFaster: readonly boolean[];
  /** {@link STRIDE} factors for each instrument. */
  readonly #factors: Float64Array;

  constructor(options: MarginGaugeOptions) {
    const { accounts, instruments, accountOf, terms } = options;
    this.#accounts = accounts;
    this.#instruments = instruments;
    this.#accountOf = accountOf;
    this.#ledger = options.ledger;
    this.#positions = options.positions;
    this.#marks = options.marks;
    this.#isPlain = instruments.map((instrument) => {
      const { positionMode, baseCurrency } = accounts[accountOf[instrument.index]!]!;
      const isLinear = !instrument.isInverse && !instrument.isDelivered && !Number.isNaN(instrument.notionalFactorDouble);
      return isLinear && positionMode === 'NETTING' && instrument.settlement.code === baseCurrency.code;
    });
    this.#movesNoFaster = terms.map((own) => own.kind !== 'leverage' || own.maintenanceRatePpb <= own.leveragePpb);
    this.#factors = Float64Array.from(terms.flatMap((own, index) => factorsOf(own, instruments[index]!)));
    this.open = new Int32Array(instruments.length);
    this.quantity = new Float64Array(instruments.length);
    this.mark = new Float64Array(instruments.length);
    this.#cost = new Float64Array(instruments.length);
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
    const { instrument: index, price, worstQty, fees } = question;
    if (this.#isPlain[index] !== true) return false;
    const instrument = this.#instruments[index]!;
    const factors = this.#factors;
    const at = index * STRIDE;
    // An order has no cost yet: its margin is taken of its value, whichever of the two positions are margined on.
    const share = factors[at + INITIAL_OF_VALUE]! + factors[at + INITIAL_OF_COST]!;
    const perCount = factors[at + INITIAL_OF_COUNT]!;
    const held = this.quantity[index]!;
    // What is held has a mark, or the figures would not have been read; what is not has no use for one.
    const mark = held === 0 ? price : this.mark[index]!;
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

  /** True where maintenance margin moves with the price no faster than the value itself does. */
  movesNoFasterThanValue(instrument: InstrumentIndex): boolean {
    return this.#movesNoFaster[instrument]!;
  }

  /** Reads what is booked for an account; false where that cannot be done in doubles, and then the figures are nobody's. */
  #takeBooks(account: AccountIndex): boolean {
    this.#account = NOBODY;
    for (let place = 0; place < this.openCount; place += 1) this.quantity[this.open[place]!] = 0;
    this.openCount = 0;
    const rows = this.#ledger.cashRows(account);
    const currency = this.#accounts[account]!.baseCurrency.code;
    this.#cash[0] = 0;
    for (let place = 0; place < rows.length; place += 1) {
      const row = rows[place]!;
      if (row.currency.code === currency) this.#cash[0] = row.balanceDouble;
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
    if (this.#isPlain[index] !== true) return false;
    const book = this.#positions.venueBook(index, PositionSide.NET);
    // Strategies that cancel each other out hold something; the account does not.
    if (book === undefined || book.quantity === 0) return true;
    this.quantity[index] = book.quantity;
    this.#cost[index] = book.costDouble;
    this.open[this.openCount] = index;
    this.openCount += 1;
    return true;
  }

  /** Brings the figures to the marks as they are now; false where one is missing, and then the figures are nobody's. */
  #takeMarks(isSummed: boolean): boolean {
    let isAtMarks = isSummed;
    for (let place = 0; place < this.openCount; place += 1) {
      const index = this.open[place]!;
      const mark = this.#marks.markPrice(index);
      if (mark === 0) {
        this.#account = NOBODY;
        return false;
      }
      if (mark !== this.mark[index]) {
        this.mark[index] = mark;
        isAtMarks = false;
      }
    }
    if (!isAtMarks) this.#sum();
    return true;
  }

  #sum(): void {
    const factors = this.#factors;
    let equity = this.#cash[0]!;
    let size = Math.abs(equity);
    let initialSum = 0;
    let maintenanceSum = 0;
    for (let place = 0; place < this.openCount; place += 1) {
      const index = this.open[place]!;
      const quantity = this.quantity[index]!;
      const cost = this.#cost[index]!;
      const count = Math.abs(quantity);
      const value = notionalDouble(this.#instruments[index]!, this.mark[index]!, quantity);
      const valueSize = Math.abs(value);
      const costSize = Math.abs(cost);
      const at = index * STRIDE;
      // Factors that are 0 cost less than a question which of them are.
      const initial =
        valueSize * factors[at + INITIAL_OF_VALUE]! + costSize * factors[at + INITIAL_OF_COST]! + count * factors[at + INITIAL_OF_COUNT]!;
      const maintenance =
        valueSize * factors[at + MAINTENANCE_OF_VALUE]! +
        costSize * factors[at + MAINTENANCE_OF_COST]! +
        count * factors[at + MAINTENANCE_OF_COUNT]!;
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
