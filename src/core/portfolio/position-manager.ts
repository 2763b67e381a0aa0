import { assert } from '../../base/assert.ts';
import { divideRounded } from '../../base/decimal.ts';
import type { Money } from '../../model/currency.ts';
import type { Fill } from '../../model/events.ts';
import type { Instrument, InstrumentIndex, Price, Quantity } from '../../model/instrument.ts';
import type { PortfolioAlert } from '../../model/account.ts';
import {
  type ClosedTrade,
  type CostMethod,
  POSITION_SIDE_NAMES,
  type PositionMode,
  PositionSide,
  type PositionSnapshot,
} from '../../model/position.ts';
import { type Execution, PositionBook, type PositionBookState } from './position-book.ts';
import { closedTrade, snapshot } from './position-records.ts';
import { splitQuantities, splitQuantity } from './split-quantity.ts';

/** How an account keeps its positions. */
export interface PositionRules {
  readonly mode: PositionMode;
  readonly costMethod: CostMethod;
}

export interface PositionManagerOptions {
  readonly instruments: readonly Instrument[];
  /** Strategies are 0 to strategyCount − 1. */
  readonly strategyCount: number;
  /** Per instrument: the rules of the account that holds it. */
  readonly rules: readonly PositionRules[];
}

/** What a fill did. Money in settlement money. */
export interface PositionBooking {
  /** Of the strategy whose fill it was. */
  readonly closedTrades: readonly ClosedTrade[];
  /** Profit that the account's own position realized, before commission. */
  readonly venueRealizedPnl: Money;
  /** Change of the cost of the account's own position. */
  readonly venueCostChange: Money;
  readonly alerts: readonly PortfolioAlert[];
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
}

interface StrategyBook {
  readonly strategy: number;
  readonly positionSide: PositionSide;
  readonly book: PositionBook;
}

interface Leg {
  readonly positionSide: PositionSide;
  readonly execution: Execution;
  readonly isClose: boolean;
}

const SIDES: readonly PositionSide[] = [PositionSide.SHORT, PositionSide.NET, PositionSide.LONG];

/**
 * Positions twice over: per strategy (attribution: whose profit was it), and per account and instrument (what the venue sees, what moves
 * cash). For each instrument and side the strategies' quantities sum to the venue's.
 *
 * Where two strategies stand against each other their realized profits are not the account's: one may have closed what is open for the
 * account. The ledger follows the account.
 */
export class PositionManager {
  readonly #instruments: readonly Instrument[];
  readonly #rules: readonly PositionRules[];
  readonly #strategyCount: number;
  /** Net quantity by strategy × instruments + instrument: what strategies ask on every event. */
  readonly #netQuantity: Float64Array;
  /** By instrument: the strategies' books in order of first fill. */
  readonly #strategyBooks: StrategyBook[][];
  /** By instrument × 3 + side + 1. */
  readonly #venueBooks: (PositionBook | undefined)[];
  readonly #openInstruments = new Set<InstrumentIndex>();

  constructor(options: PositionManagerOptions) {
    assert(options.rules.length === options.instruments.length, 'position rules are given per instrument');
    this.#instruments = options.instruments;
    this.#rules = options.rules;
    this.#strategyCount = options.strategyCount;
    this.#netQuantity = new Float64Array(options.strategyCount * options.instruments.length);
    this.#strategyBooks = options.instruments.map(() => []);
    this.#venueBooks = options.instruments.flatMap(() => [undefined, undefined, undefined]);
  }

  /** Net signed quantity of a strategy (long less short where they hedge). O(1), allocates nothing. */
  quantity(strategy: number, instrument: InstrumentIndex): Quantity {
    return this.#netQuantity[strategy * this.#instruments.length + instrument]!;
  }

  /** Net signed quantity of the account, all strategies together. */
  venueQuantity(instrument: InstrumentIndex): Quantity {
    let sum = 0;
    for (const side of SIDES) sum += this.venueBook(instrument, side)?.quantity ?? 0;
    return sum;
  }

  /** The account's own position; undefined before its first fill. Not to be changed. */
  venueBook(instrument: InstrumentIndex, positionSide: PositionSide): PositionBook | undefined {
    return this.#venueBooks[instrument * 3 + positionSide + 1];
  }

  /** Instruments in which any strategy holds something, also where strategies cancel out. */
  openInstruments(): ReadonlySet<InstrumentIndex> {
    return this.#openInstruments;
  }

  /** A strategy's position; null before its first fill. */
  position(strategy: number, instrument: InstrumentIndex, positionSide: PositionSide = PositionSide.NET): PositionSnapshot | null {
    const found = this.#strategyBooks[instrument]!.find((entry) => entry.strategy === strategy && entry.positionSide === positionSide);
    return found === undefined ? null : snapshot(strategy, positionSide, found.book);
  }

  /** The account's own position; `strategy` is −1 in it. */
  venuePosition(instrument: InstrumentIndex, positionSide: PositionSide = PositionSide.NET): PositionSnapshot | null {
    const book = this.venueBook(instrument, positionSide);
    return book === undefined ? null : snapshot(-1, positionSide, book);
  }

  /** Every strategy position that ever was, by instrument, strategy and side; flat ones included. */
  positions(): readonly PositionSnapshot[] {
    return this.#strategyBooks.flatMap((entries) =>
      sorted(entries).map((entry) => snapshot(entry.strategy, entry.positionSide, entry.book)),
    );
  }

  /** Profit of a strategy's open position at a price, in settlement money, both sides together. */
  unrealizedPnl(strategy: number, instrument: InstrumentIndex, markPrice: Price): Money {
    let sum = 0n;
    for (const entry of this.#strategyBooks[instrument]!) if (entry.strategy === strategy) sum += entry.book.unrealizedPnl(markPrice);
    return sum;
  }

  /**
   * Books an execution with the strategy and with the account. A fill through zero closes first and opens the rest.
   *
   * @param positionSide NET where the account nets; LONG or SHORT where it hedges
   */
  applyFill(fill: Fill, positionSide: PositionSide): PositionBooking {
    const { strategy, instrument } = fill;
    assert(strategy >= 0 && strategy < this.#strategyCount, `unknown strategy ${strategy}`);
    assert(fill.lastQty > 0, 'a fill has a quantity above zero');
    const isHedging = this.#rules[instrument]!.mode === 'HEDGING';
    assert(
      isHedging === (positionSide !== PositionSide.NET),
      `${this.#instruments[instrument]!.id}: position side ${POSITION_SIDE_NAMES[positionSide]}`,
    );
    const whole: Execution = {
      quantity: fill.side * fill.lastQty,
      price: fill.lastPx,
      commission: fill.commission,
      ts: fill.tsEvent,
      tag: fill.tag,
    };
    const { legs, alerts } = this.#legs(fill, positionSide, whole);
    const closedTrades: ClosedTrade[] = [];
    for (const leg of legs) {
      const book = this.#strategyBook(strategy, instrument, leg.positionSide);
      if (leg.isClose) for (const closure of book.close(leg.execution)) closedTrades.push(closedTrade(fill, leg.positionSide, closure));
      else book.open(leg.execution);
    }
    let venueRealizedPnl = 0n;
    let venueCostChange = 0n;
    // Where positions net, the account crosses zero at its own quantity; where they hedge, its sides are the sums of the strategies' sides.
    for (const leg of isHedging ? legs : [{ positionSide, execution: whole }]) {
      const book = this.#venueBook(instrument, leg.positionSide);
      const costBefore = book.cost;
      const realizedBefore = book.realizedPnl;
      for (const execution of splitAtZero(book.quantity, leg.execution)) {
        if (book.quantity * execution.quantity < 0) book.close(execution);
        else book.open(execution);
      }
      venueCostChange += book.cost - costBefore;
      venueRealizedPnl += book.realizedPnl - realizedBefore;
    }
    this.#netQuantity[strategy * this.#instruments.length + instrument]! += fill.side * fill.lastQty;
    this.#noteOpen(instrument);
    return { closedTrades, venueRealizedPnl, venueCostChange, alerts };
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
    for (const side of SIDES) {
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
    this.#noteOpen(instrument);
    return total;
  }

  /** True where a split leaves a fraction of a lot to be paid in cash. */
  splitLeavesFraction(instrument: InstrumentIndex, numerator: number, denominator: number): boolean {
    const unit = BigInt(this.#instruments[instrument]!.lotSize) * BigInt(denominator);
    const leaves = (book: PositionBook | undefined): boolean =>
      book !== undefined && (BigInt(book.quantity) * BigInt(numerator)) % unit !== 0n;
    return (
      SIDES.some((side) => leaves(this.venueBook(instrument, side))) || this.#strategyBooks[instrument]!.some((entry) => leaves(entry.book))
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
    const holders = this.#strategyBooks[instrument]!.filter((entry) => entry.positionSide === positionSide && entry.book.quantity !== 0);
    let rest = amount;
    holders.forEach((entry, position) => {
      const isLast = position === holders.length - 1;
      const part = isLast ? rest : divideRounded(amount * BigInt(entry.book.quantity), BigInt(venueBook.quantity), 'half-even');
      entry.book[what] += part;
      rest -= part;
    });
  }

  saveState(): PositionManagerState {
    return {
      strategies: this.#strategyBooks.flatMap((entries, instrument) =>
        entries.map(({ strategy, positionSide, book }) => ({ strategy, instrument, positionSide, book: book.saveState() })),
      ),
      venue: this.#instruments.flatMap(({ index }) =>
        SIDES.flatMap((positionSide) => {
          const book = this.venueBook(index, positionSide);
          return book === undefined ? [] : [{ instrument: index, positionSide, book: book.saveState() }];
        }),
      ),
    };
  }

  /** Takes over a saved state, made with the same instruments, strategies and rules. */
  loadState(state: PositionManagerState): void {
    this.#netQuantity.fill(0);
    this.#venueBooks.fill(undefined);
    this.#openInstruments.clear();
    for (const entries of this.#strategyBooks) entries.length = 0;
    for (const saved of state.strategies) {
      const book = this.#strategyBook(saved.strategy, saved.instrument, saved.positionSide);
      book.loadState(saved.book);
      this.#netQuantity[saved.strategy * this.#instruments.length + saved.instrument]! += book.quantity;
      this.#noteOpen(saved.instrument);
    }
    for (const saved of state.venue) this.#venueBook(saved.instrument, saved.positionSide).loadState(saved.book);
  }

  #noteOpen(instrument: InstrumentIndex): void {
    if (this.#strategyBooks[instrument]!.some((entry) => entry.book.quantity !== 0)) this.#openInstruments.add(instrument);
    else this.#openInstruments.delete(instrument);
  }

  #legs(
    fill: Fill,
    positionSide: PositionSide,
    whole: Execution,
  ): { readonly legs: readonly Leg[]; readonly alerts: readonly PortfolioAlert[] } {
    const held = this.#strategyBook(fill.strategy, fill.instrument, positionSide).quantity;
    const opensSide = positionSide === PositionSide.NET || positionSide === fill.side;
    if (opensSide && held * fill.side >= 0) return { legs: [{ positionSide, execution: whole, isClose: false }], alerts: [] };
    const parts = splitAtZero(held, whole);
    const legs: Leg[] = parts.map((execution, position) => {
      const isClose = position === 0 && held !== 0;
      const side = isClose || opensSide ? positionSide : fill.side;
      return { positionSide: side, execution, isClose };
    });
    const excess = legs.find((leg) => leg.positionSide !== positionSide);
    if (excess === undefined) return { legs, alerts: [] };
    const message = `${this.#instruments[fill.instrument]!.id}: fill ${fill.tradeId} of order ${fill.clientOrderId} closed ${Math.abs(excess.execution.quantity)} more than the ${POSITION_SIDE_NAMES[positionSide]} position held`;
    return { legs, alerts: [{ code: 'POSITION_OVERCLOSED', message }] };
  }

  #splitStrategies(
    instrument: InstrumentIndex,
    positionSide: PositionSide,
    split: { readonly numerator: number; readonly denominator: number; readonly price: Price; readonly quantityAfter: Quantity },
  ): void {
    const { numerator, denominator, price } = split;
    const holders = sorted(this.#strategyBooks[instrument]!.filter((entry) => entry.positionSide === positionSide));
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

  #strategyBook(strategy: number, instrument: InstrumentIndex, positionSide: PositionSide): PositionBook {
    const entries = this.#strategyBooks[instrument]!;
    const found = entries.find((entry) => entry.strategy === strategy && entry.positionSide === positionSide);
    if (found !== undefined) return found.book;
    const book = new PositionBook(this.#instruments[instrument]!, this.#rules[instrument]!.costMethod);
    entries.push({ strategy, positionSide, book });
    return book;
  }

  #venueBook(instrument: InstrumentIndex, positionSide: PositionSide): PositionBook {
    const found = this.venueBook(instrument, positionSide);
    if (found !== undefined) return found;
    const book = new PositionBook(this.#instruments[instrument]!, this.#rules[instrument]!.costMethod);
    this.#venueBooks[instrument * 3 + positionSide + 1] = book;
    return book;
  }
}

/** The execution as one piece, or as the piece that closes `held` and the piece beyond it, commission shared in proportion. */
function splitAtZero(held: Quantity, execution: Execution): readonly Execution[] {
  const { quantity, commission } = execution;
  if (held * quantity >= 0 || Math.abs(quantity) <= Math.abs(held)) return [execution];
  const closing = divideRounded(commission * BigInt(-held), BigInt(quantity), 'half-even');
  return [
    { ...execution, quantity: -held, commission: closing },
    { ...execution, quantity: quantity + held, commission: commission - closing },
  ];
}

function sorted(entries: readonly StrategyBook[]): StrategyBook[] {
  return [...entries].sort((a, b) => a.strategy - b.strategy || a.positionSide - b.positionSide);
}
