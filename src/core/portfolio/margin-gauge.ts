import { doubleOf } from '../../base/exact-integer.ts';
import type { AccountDefinition, AccountIndex, MarginTerms, MarkSource } from '../../model/account.ts';
import type { Money } from '../../model/currency.ts';
import type { Instrument, InstrumentIndex, Price, Quantity } from '../../model/instrument.ts';
import { PositionSide } from '../../model/position.ts';
import { notionalDouble } from '../../model/valuation.ts';
import type { Ledger } from './ledger.ts';
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
  /** In the account's currency. */
  fees: Money;
  /** By how much more the need is taken, parts per million. */
  bufferPpm: number;
  /** The order fills now, at `price`: the position held is valued at it. */
  isAtFill: boolean;
}

/** Distance between doubles at 1; one operation is off by half of it. */
const EPSILON = Number.EPSILON;
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
 * Its figures hold until something is booked or a price changes.
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
  readonly #accounts: readonly AccountDefinition[];
  readonly #instruments: readonly Instrument[];
  readonly #accountOf: readonly AccountIndex[];
  readonly #ledger: Ledger;
  readonly #positions: PositionManager;
  readonly #marks: MarkSource;
  readonly #terms: readonly MarginTerms[];
  readonly #isPlain: readonly boolean[];
  readonly #isAtMark: readonly boolean[];
  /** Margin = value × share + |quantity| × amount; by instrument. */
  readonly #initialShare: Float64Array;
  readonly #maintenanceShare: Float64Array;
  readonly #initialAmount: Float64Array;
  readonly #maintenanceAmount: Float64Array;

  constructor(options: MarginGaugeOptions) {
    const { accounts, instruments, accountOf, terms } = options;
    this.#accounts = accounts;
    this.#instruments = instruments;
    this.#accountOf = accountOf;
    this.#ledger = options.ledger;
    this.#positions = options.positions;
    this.#marks = options.marks;
    this.#terms = terms;
    this.#isPlain = instruments.map((instrument) => {
      const { positionMode, baseCurrency } = accounts[accountOf[instrument.index]!]!;
      const isLinear = !instrument.isInverse && !instrument.isDelivered && !Number.isNaN(instrument.notionalFactorDouble);
      return isLinear && positionMode === 'NETTING' && instrument.settlement.code === baseCurrency.code;
    });
    this.#isAtMark = terms.map((own) => own.kind === 'leverage' && own.markedAt === 'MARK');
    this.#initialShare = Float64Array.from(terms, (own) => (own.kind === 'leverage' ? own.initialRatePpb / own.leveragePpb : 0));
    this.#maintenanceShare = Float64Array.from(terms, (own) => (own.kind === 'leverage' ? own.maintenanceRatePpb / own.leveragePpb : 0));
    const amount = (perContract: Money, index: number): number => Number(perContract) / instruments[index]!.quantityScale;
    this.#initialAmount = Float64Array.from(terms, (own, index) =>
      own.kind === 'perContract' ? amount(own.initialPerContract, index) : 0,
    );
    this.#maintenanceAmount = Float64Array.from(terms, (own, index) =>
      own.kind === 'perContract' ? amount(own.maintenancePerContract, index) : 0,
    );
    this.open = new Int32Array(instruments.length);
  }

  /** Takes the figures of an account as it is now; false where it has nothing to say of it. */
  read(account: AccountIndex): boolean {
    const currency = this.#accounts[account]!.baseCurrency.code;
    this.openCount = 0;
    this.initial = 0;
    this.maintenance = 0;
    let equity = 0;
    let size = 0;
    for (const row of this.#ledger.cashRows(account)) {
      if (row.currency.code === currency) {
        equity = row.balanceDouble;
        size = Math.abs(equity);
      } else if (row.balanceDouble !== 0) return false;
    }
    this.equity = equity;
    this.tolerance = size;
    for (const index of this.#positions.openInstruments()) if (this.#accountOf[index] === account && !this.#add(index)) return false;
    this.tolerance = this.tolerance * (STEPS_PER_TERM + this.openCount * 4) * EPSILON + 2 * (this.openCount + 1);
    return true;
  }

  /**
   * True only where the account read last has more free margin than the order needs, whatever the roundings; false where it is near, where
   * it has less, and where nothing can be said.
   */
  bears(question: MarginQuestion): boolean {
    const { instrument: index, price, worstQty } = question;
    if (!this.#isPlain[index]!) return false;
    const instrument = this.#instruments[index]!;
    const held = this.#positions.venueQuantity(index);
    const mark = this.#marks.markPrice(index);
    const used = this.#initialFor(index, instrument, mark !== 0 ? mark : price, held);
    const worst = this.#initialFor(index, instrument, price, worstQty);
    const fees = doubleOf(question.fees);
    const moved = question.isAtFill && mark !== 0 ? notionalDouble(instrument, price - mark, held) : 0;
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
    const terms = this.#terms[instrument]!;
    return terms.kind !== 'leverage' || terms.maintenanceRatePpb <= terms.leveragePpb;
  }

  /** Adds an instrument's position to the figures; false where that cannot be done in doubles. */
  #add(index: InstrumentIndex): boolean {
    if (!this.#isPlain[index]!) return false;
    const book = this.#positions.venueBook(index, PositionSide.NET);
    // Strategies that cancel each other out hold something; the account does not.
    if (book === undefined || book.quantity === 0) return true;
    const mark = this.#marks.markPrice(index);
    if (mark === 0) return false;
    const { quantity } = book;
    const count = Math.abs(quantity);
    const cost = book.costDouble;
    const value = notionalDouble(this.#instruments[index]!, mark, quantity);
    const base = Math.abs(this.#isAtMark[index]! ? value : cost);
    const initial = base * this.#initialShare[index]! + count * this.#initialAmount[index]!;
    const maintenance = base * this.#maintenanceShare[index]! + count * this.#maintenanceAmount[index]!;
    this.open[this.openCount] = index;
    this.openCount += 1;
    this.equity += value - cost;
    this.initial += initial;
    this.maintenance += maintenance;
    this.tolerance += Math.abs(value) + Math.abs(cost) + initial + maintenance;
    return true;
  }

  #initialFor(index: InstrumentIndex, instrument: Instrument, price: Price, quantity: Quantity): number {
    const value = Math.abs(notionalDouble(instrument, price, quantity));
    return value * this.#initialShare[index]! + Math.abs(quantity) * this.#initialAmount[index]!;
  }
}
