import { assert, InvariantError } from '../../base/assert.ts';
import { shareHalfEven } from '../../base/exact-integer.ts';
import type { Money } from '../../model/currency.ts';
import type { Fill } from '../../model/events.ts';
import type { Instrument, InstrumentIndex, Price, Quantity } from '../../model/instrument.ts';
import type { PortfolioAlert } from '../../model/account.ts';
import {
  type CostMethod,
  POSITION_SIDE_NAMES,
  POSITION_SIDES,
  type PositionMode,
  PositionSide,
  type PositionSnapshot,
} from '../../model/position.ts';
import type { ClosedTradeLog } from './closed-trade-log.ts';
import { PositionBook, type PositionBookState } from './position-book.ts';
import { COMMISSION, COST_CHANGE, PositionBooking, REALIZED_PNL } from './position-booking.ts';
import { snapshot } from './position-records.ts';
import { splitQuantities, splitQuantity } from './split-quantity.ts';

/** How an account keeps its positions. */
export interface PositionRules {
  readonly mode: PositionMode;
  readonly costMethod: CostMethod;
}

interface PositionManagerOptions {
  readonly instruments: readonly Instrument[];
  /** Strategies are 0 to strategyCount − 1. */
  readonly strategyCount: number;
  /** Per instrument: the rules of the account that holds it. */
  readonly rules: readonly PositionRules[];
}

export interface PositionManagerState {
  readonly strategies: readonly {
    readonly strategy: number;
    readonly instrument: InstrumentIndex;
    readonly positionSide: PositionSide;
    readonly book: PositionBookState;
  }[];
  readonly venue: readonly {
    readonly instrument: InstrumentIndex;
    readonly positionSide: PositionSide;
    readonly book: PositionBookState;
  }[];
  /** Instruments in which any strategy holds something, in the order in which they were opened. */
  readonly open: readonly InstrumentIndex[];
}

interface StrategyBook {
  readonly strategy: number;
  readonly book: PositionBook;
}

const NO_ALERTS: readonly PortfolioAlert[] = Object.freeze([]);

/**
 * Positions twice over: per strategy (attribution: whose profit was it), and per account and instrument (what the venue sees, what moves
 * cash). For each instrument and side the strategies' quantities sum to the venue's.
 *
 * Where two strategies stand against each other their realized profits are not the account's: one may have closed what is open for the
 * account. The ledger follows the account.
 */
export class PositionManager {
  /** What the last fill did to the account's position. Read only from outside. */
  readonly booking = new PositionBooking();
  readonly #instruments: readonly Instrument[];
  readonly #rules: readonly PositionRules[];
  readonly #strategyCount: number;
  /** Net quantity by strategy × instruments + instrument: what strategies ask on every event. */
  readonly #netQuantity: Float64Array;
  /** By instrument: the strategies' books in order of first fill. */
  readonly #strategyBooks: StrategyBook[][];
  /** The same books by (strategy × instruments + instrument) × 3 + side + 1. */
  readonly #strategyBookAt: (PositionBook | undefined)[];
  /** By instrument × 3 + side + 1. */
  readonly #venueBooks: (PositionBook | undefined)[];
  /** By instrument: the sum of these books' quantities. */
  readonly #venueQuantity: Float64Array;
  /** In the order in which they were opened. */
  readonly #openInstruments: InstrumentIndex[] = [];

  constructor(options: PositionManagerOptions) {
    assert(options.rules.length === options.instruments.length, 'position rules are given per instrument');
    this.#instruments = options.instruments;
    this.#rules = options.rules;
    this.#strategyCount = options.strategyCount;
    this.#netQuantity = new Float64Array(options.strategyCount * options.instruments.length);
    this.#strategyBooks = options.instruments.map(() => []);
    this.#strategyBookAt = new Array<PositionBook | undefined>(options.strategyCount * options.instruments.length * 3).fill(undefined);
    this.#venueBooks = new Array<PositionBook | undefined>(options.instruments.length * 3).fill(undefined);
    this.#venueQuantity = new Float64Array(options.instruments.length);
  }

  /** Net signed quantity of a strategy (long less short where they hedge). O(1), allocates nothing. */
  quantity(strategy: number, instrument: InstrumentIndex): Quantity {
    return this.#netQuantity[strategy * this.#instruments.length + instrument]!;
  }

  /** Net signed quantity of the account, all strategies together. */
  venueQuantity(instrument: InstrumentIndex): Quantity {
    return this.#venueQuantity[instrument]!;
  }

  /** The account's own position; undefined before its first fill. Not to be changed. */
  venueBook(instrument: InstrumentIndex, positionSide: PositionSide): PositionBook | undefined {
    return this.#venueBooks[instrument * 3 + positionSide + 1];
  }

  /** Instruments in which any strategy holds something, also where strategies cancel out, in the order in which they were opened. The list is live. */
  openInstruments(): readonly InstrumentIndex[] {
    return this.#openInstruments;
  }

  /** A strategy's position; null before its first fill. */
  position(strategy: number, instrument: InstrumentIndex, positionSide: PositionSide = PositionSide.NET): PositionSnapshot | null {
    const book = this.#strategyBookAt[this.#bookIndex(strategy, instrument, positionSide)];
    return book === undefined ? null : snapshot(strategy, book);
  }

  /** The account's own position; `strategy` is −1 in it. */
  venuePosition(instrument: InstrumentIndex, positionSide: PositionSide = PositionSide.NET): PositionSnapshot | null {
    const book = this.venueBook(instrument, positionSide);
    return book === undefined ? null : snapshot(-1, book);
  }

  /** Every strategy position that ever was, by instrument, strategy and side; flat ones included. */
  positions(): readonly PositionSnapshot[] {
    return this.#strategyBooks.flatMap((entries) => sorted(entries).map((entry) => snapshot(entry.strategy, entry.book)));
  }

  /** Profit of a strategy's open position at a price, in settlement money, both sides together. */
  unrealizedPnl(strategy: number, instrument: InstrumentIndex, markPrice: Price): Money {
    let sum = 0n;
    for (const entry of this.#strategyBooks[instrument]!) if (entry.strategy === strategy) sum += entry.book.unrealizedPnl(markPrice);
    return sum;
  }

  /**
   * Books an execution with the strategy and with the account. A fill through zero closes first and opens the rest. Hot.
   *
   * @param positionSide NET where the account nets; LONG or SHORT where it hedges
   * @param log gets the trades that the strategy has closed; null where nobody asks for them
   */
  applyFill(fill: Fill, positionSide: PositionSide, log: ClosedTradeLog | null): readonly PortfolioAlert[] {
    const { strategy, instrument, side, lastQty } = fill;
    const isHedging = this.#rules[instrument]!.mode === 'HEDGING';
    const isInOrder = strategy >= 0 && strategy < this.#strategyCount && lastQty > 0 && isHedging === (positionSide !== PositionSide.NET);
    if (!isInOrder) return this.#refuse(fill, positionSide);
    // Written out: the compiler has put in all that it will by here, and would call for it.
    const at = (strategy * this.#instruments.length + instrument) * 3 + positionSide + 1;
    const own = this.#strategyBookAt[at] ?? this.#newStrategyBook(fill, positionSide);
    const held = own.quantity;
    if (isHedging && positionSide !== side && lastQty > Math.abs(held)) return this.#bookOverclosed(fill, own, log);
    this.booking.begin(fill.commission);
    this.#book(fill, own, side * lastQty, log);
    if (held === 0 || own.quantity === 0) this.#noteOpen(instrument);
    return NO_ALERTS;
  }

  /**
   * Applies a split to every position of the instrument. The account's quantities are cut to whole lots towards zero; the strategies' are
   * too, and lots that the cutting lost between them go to the largest fractions, paid at the price, so that they still sum to the account's.
   *
   * @param price last price before the split; what is not a whole lot is paid at it
   * @returns for the account: money received, change of cost and of quantity
   */
  applySplit(
    instrument: InstrumentIndex,
    numerator: number,
    denominator: number,
    price: Price,
  ): { cash: Money; costChange: Money; quantityChange: Quantity } {
    const lotSize = this.#instruments[instrument]!.lotSize;
    const total = { cash: 0n, costChange: 0n, quantityChange: 0 };
    for (const side of POSITION_SIDES) {
      const venueBook = this.venueBook(instrument, side);
      if (venueBook === undefined) continue;
      const quantityBefore = venueBook.quantity;
      const quantityAfter = splitQuantity(quantityBefore, { numerator, denominator, lotSize });
      this.#splitStrategies(instrument, side, { numerator, denominator, price, quantityAfter });
      const { cash, costChange } = venueBook.split(numerator, denominator, quantityAfter, price);
      total.cash += cash;
      total.costChange += costChange;
      total.quantityChange += quantityAfter - quantityBefore;
    }
    this.#venueQuantity[instrument]! += total.quantityChange;
    this.#noteOpen(instrument);
    return total;
  }

  /** True where a split leaves a fraction of a lot to be paid in cash. */
  splitLeavesFraction(instrument: InstrumentIndex, numerator: number, denominator: number): boolean {
    const unit = BigInt(this.#instruments[instrument]!.lotSize) * BigInt(denominator);
    const leaves = (book: PositionBook | undefined): boolean =>
      book !== undefined && (BigInt(book.quantity) * BigInt(numerator)) % unit !== 0n;
    return (
      POSITION_SIDES.some((side) => leaves(this.venueBook(instrument, side))) ||
      this.#strategyBooks[instrument]!.some((entry) => leaves(entry.book))
    );
  }

  /**
   * Shares money that the account received for (or paid on) a position among the strategies that hold it, in proportion; what rounding
   * leaves goes to the last of them.
   */
  attribute(instrument: InstrumentIndex, positionSide: PositionSide, what: 'dividend' | 'funding', amount: Money): void {
    const venueBook = this.venueBook(instrument, positionSide);
    if (venueBook === undefined || venueBook.quantity === 0) return;
    venueBook[what] += amount;
    const holders = this.#strategyBooks[instrument]!.filter(
      (entry) => entry.book.positionSide === positionSide && entry.book.quantity !== 0,
    );
    let rest = amount;
    holders.forEach((entry, position) => {
      const isLast = position === holders.length - 1;
      const part = isLast ? rest : shareHalfEven(amount, entry.book.quantity, venueBook.quantity);
      entry.book[what] += part;
      rest -= part;
    });
  }

  saveState(): PositionManagerState {
    return {
      strategies: this.#strategyBooks.flatMap((entries, instrument) =>
        entries.map(({ strategy, book }) => ({ strategy, instrument, positionSide: book.positionSide, book: book.saveState() })),
      ),
      venue: this.#instruments.flatMap(({ index }) =>
        POSITION_SIDES.flatMap((positionSide) => {
          const book = this.venueBook(index, positionSide);
          return book === undefined ? [] : [{ instrument: index, positionSide, book: book.saveState() }];
        }),
      ),
      open: [...this.#openInstruments],
    };
  }

  /** Takes over a saved state, made with the same instruments, strategies and rules. */
  loadState(state: PositionManagerState): void {
    this.#netQuantity.fill(0);
    this.#strategyBookAt.fill(undefined);
    this.#venueBooks.fill(undefined);
    this.#venueQuantity.fill(0);
    this.#openInstruments.length = 0;
    for (const entries of this.#strategyBooks) entries.length = 0;
    for (const saved of state.strategies) {
      const book = this.#newStrategyBook(saved, saved.positionSide);
      book.loadState(saved.book);
      this.#netQuantity[saved.strategy * this.#instruments.length + saved.instrument]! += book.quantity;
    }
    for (const saved of state.venue) {
      const book = this.#newVenueBook(saved.instrument, saved.positionSide);
      book.loadState(saved.book);
      this.#venueQuantity[saved.instrument]! += book.quantity;
    }
    this.#openInstruments.push(...state.open);
  }

  /**
   * Books a fill, or its part on one side. Each book crosses zero at its own quantity: where positions net, the account may stand elsewhere
   * than the strategy; where they hedge, its sides are the sums of the strategies' sides.
   */
  #book(fill: Fill, own: PositionBook, quantity: Quantity, log: ClosedTradeLog | null): void {
    const { booking } = this;
    const { strategy, instrument } = fill;
    const venue = this.#venueBooks[instrument * 3 + own.positionSide + 1] ?? this.#newVenueBook(instrument, own.positionSide);
    const isAlike = venue.standsAs(own);
    own.apply(fill, quantity, booking, log);
    if (isAlike) venue.follow(own, fill, quantity, booking);
    else venue.apply(fill, quantity, booking, null);
    this.#netQuantity[strategy * this.#instruments.length + instrument]! += quantity;
    this.#venueQuantity[instrument]! += quantity;
  }

  /** Where positions hedge, a fill that closes more than is held opens the rest on the other side, with its share of the commission. */
  #bookOverclosed(fill: Fill, own: PositionBook, log: ClosedTradeLog | null): readonly PortfolioAlert[] {
    const { booking } = this;
    const { strategy, instrument, side, commission } = fill;
    const quantity = side * fill.lastQty;
    const held = own.quantity;
    const excess = quantity + held;
    const message = `${own.instrument.id}: fill ${fill.tradeId} of order ${fill.clientOrderId} closed ${Math.abs(excess)} more than the ${POSITION_SIDE_NAMES[own.positionSide]} position held`;
    const other = this.#strategyBookAt[this.#bookIndex(strategy, instrument, side)] ?? this.#newStrategyBook(fill, side);
    const closingCommission = shareHalfEven(commission, -held, quantity);
    let realizedPnl = 0n;
    let costChange = 0n;
    if (held !== 0) {
      booking.begin(closingCommission);
      this.#book(fill, own, -held, log);
      ({ realizedPnl, costChange } = booking);
    }
    booking.begin(commission - closingCommission);
    this.#book(fill, other, excess, log);
    booking.money.set(COMMISSION, commission);
    booking.money.set(REALIZED_PNL, realizedPnl + booking.realizedPnl);
    booking.money.set(COST_CHANGE, costChange + booking.costChange);
    this.#noteOpen(instrument);
    return [{ code: 'POSITION_OVERCLOSED', message }];
  }

  /** Names what is wrong with a fill; apart from the hot path, so that no message is built where nothing is. */
  #refuse({ strategy, instrument, lastQty }: Fill, positionSide: PositionSide): never {
    assert(strategy >= 0 && strategy < this.#strategyCount, `unknown strategy ${strategy}`);
    assert(lastQty > 0, 'a fill has a quantity above zero');
    throw new InvariantError(`${this.#instruments[instrument]!.id}: position side ${POSITION_SIDE_NAMES[positionSide]}`);
  }

  #noteOpen(instrument: InstrumentIndex): void {
    const at = this.#openInstruments.indexOf(instrument);
    if (!this.#isOpen(instrument)) {
      if (at >= 0) this.#openInstruments.splice(at, 1);
    } else if (at < 0) {
      this.#openInstruments.push(instrument);
    }
  }

  #isOpen(instrument: InstrumentIndex): boolean {
    for (const { book } of this.#strategyBooks[instrument]!) if (book.quantity !== 0) return true;
    return false;
  }

  #splitStrategies(
    instrument: InstrumentIndex,
    positionSide: PositionSide,
    split: { readonly numerator: number; readonly denominator: number; readonly price: Price; readonly quantityAfter: Quantity },
  ): void {
    const { numerator, denominator, price } = split;
    const holders = sorted(this.#strategyBooks[instrument]!.filter((entry) => entry.book.positionSide === positionSide));
    const quantitiesAfter = splitQuantities(
      holders.map((entry) => entry.book.quantity),
      split.quantityAfter,
      {
        numerator,
        denominator,
        lotSize: this.#instruments[instrument]!.lotSize,
      },
    );
    holders.forEach((entry, position) => {
      const after = quantitiesAfter[position]!;
      const change = after - entry.book.quantity;
      entry.book.split(numerator, denominator, after, price);
      this.#netQuantity[entry.strategy * this.#instruments.length + instrument]! += change;
    });
  }

  #bookIndex(strategy: number, instrument: InstrumentIndex, positionSide: PositionSide): number {
    return (strategy * this.#instruments.length + instrument) * 3 + positionSide + 1;
  }

  #newStrategyBook(of: { readonly strategy: number; readonly instrument: InstrumentIndex }, positionSide: PositionSide): PositionBook {
    const { strategy, instrument } = of;
    const book = this.#emptyBook(instrument, positionSide);
    this.#strategyBookAt[this.#bookIndex(strategy, instrument, positionSide)] = book;
    this.#strategyBooks[instrument]!.push({ strategy, book });
    return book;
  }

  #newVenueBook(instrument: InstrumentIndex, positionSide: PositionSide): PositionBook {
    const book = this.#emptyBook(instrument, positionSide);
    this.#venueBooks[instrument * 3 + positionSide + 1] = book;
    return book;
  }

  #emptyBook(instrument: InstrumentIndex, positionSide: PositionSide): PositionBook {
    return new PositionBook(this.#instruments[instrument]!, this.#rules[instrument]!.costMethod, positionSide);
  }
}

function sorted(entries: readonly StrategyBook[]): StrategyBook[] {
  return [...entries].sort((a, b) => a.strategy - b.strategy || a.book.positionSide - b.book.positionSide);
}
