import { bigOf, doubleOf, isExact, numberOf, shareHalfEvenSafe } from '../../base/exact-integer.ts';
import type { Money } from '../../model/currency.ts';
import type { Fill } from '../../model/events.ts';
import type { Instrument, Price, Quantity } from '../../model/instrument.ts';
import { Side } from '../../model/order.ts';
import { type AveragePrice, averagePriceOf, type CostMethod, type PositionSide } from '../../model/position.ts';
import { notionalDouble, notionalValue } from '../../model/valuation.ts';
import type { ClosedTradeLog } from './closed-trade-log.ts';
import * as row from './closed-trade-log.ts';
import { closedQuantity } from './fill-parts.ts';
import { type Lot, LotBook } from './lot-book.ts';
import { COMMISSION, COST_CHANGE, type PositionBooking, REALIZED_PNL } from './position-booking.ts';

export interface PositionBookState {
  readonly realizedPnl: string;
  readonly commission: string;
  readonly dividend: string;
  readonly funding: string;
  readonly lots: readonly {
    readonly quantity: Quantity;
    readonly cost: string;
    readonly commission: string;
    readonly openTs: number;
    readonly tag: string;
  }[];
}

/** The figures of a position that is at most one lot. */
const COST = 0;
/** Entry commission that no close has taken yet. */
const OPEN_COMMISSION = 1;
const OPEN_TS = 2;
const TOTAL_REALIZED = 3;
const TOTAL_COMMISSION = 4;
const FIGURE_COUNT = 5;

/**
 * One position: what is held, what it cost, what closing it has brought. All money in settlement money.
 *
 * A linear position of one lot whose every figure is a safe integer is kept and booked in doubles; any other as a {@link LotBook}, which
 * says what the figures mean. Which of the two it is cannot be told from outside.
 * Source: docs/decisions/0014-doubles-where-they-are-exact.md
 */
export class PositionBook {
  readonly instrument: Instrument;
  readonly costMethod: CostMethod;
  readonly positionSide: PositionSide;
  /** Signed; read only from outside. */
  quantity: Quantity = 0;
  dividend: Money = 0n;
  funding: Money = 0n;
  readonly #figures = new Float64Array(FIGURE_COUNT);
  #tag = '';
  /** Not null where doubles do not do: then everything is in there. */
  #lots: LotBook | null = null;

  constructor(instrument: Instrument, costMethod: CostMethod, positionSide: PositionSide) {
    this.instrument = instrument;
    this.costMethod = costMethod;
    this.positionSide = positionSide;
  }

  /** Signed as the quantity. */
  get cost(): Money {
    return this.#lots === null ? bigOf(this.#figures[COST]!) : this.#lots.cost;
  }

  /** The double nearest to {@link cost}: itself where it is a safe integer. */
  get costDouble(): number {
    return this.#lots === null ? this.#figures[COST]! : doubleOf(this.#lots.cost);
  }

  get realizedPnl(): Money {
    return this.#lots === null ? bigOf(this.#figures[TOTAL_REALIZED]!) : this.#lots.realizedPnl;
  }

  get commission(): Money {
    return this.#lots === null ? bigOf(this.#figures[TOTAL_COMMISSION]!) : this.#lots.commission;
  }

  /** When the oldest part still open was opened; 0 when flat. */
  get openTs(): number {
    if (this.#lots !== null) return this.#lots.lots[0]?.openTs ?? 0;
    return this.quantity === 0 ? 0 : this.#figures[OPEN_TS]!;
  }

  get avgPx(): AveragePrice | null {
    return this.quantity === 0 ? null : averagePriceOf(this.instrument, this.quantity, this.cost);
  }

  /** Profit of the open quantity if it were closed at `markPrice`. */
  unrealizedPnl(markPrice: Price): Money {
    if (this.quantity === 0) return 0n;
    const gain = notionalValue(this.instrument, markPrice, this.quantity) - this.cost;
    return this.instrument.isInverse ? -gain : gain;
  }

  /**
   * Books a fill, or the part of one that is this position's: closes first, oldest lot first, then opens. Hot.
   *
   * It is as {@link LotBook.apply}, in doubles and with the whole fill at once, its parts being 0 where there is none. Every sum and
   * difference is of figures that `size` counts, so that where `size` is exact they all are; one that is no number makes it none.
   *
   * @param booking has begun with the fill's commission; tells afterwards what was done here
   * @param log gets the closed trades; null for an account's own book, whose trades are its strategies'
   */
  apply(fill: Fill, quantity: Quantity, booking: PositionBooking, log: ClosedTradeLog | null): void {
    const { instrument, quantity: held } = this;
    const closes = closedQuantity(held, quantity);
    const addsLot = closes === 0 && held !== 0 && this.costMethod === 'FIFO';
    if (this.#lots !== null || instrument.isInverse || addsLot) return this.#applyByLots(fill, quantity, booking, log);
    const figures = this.#figures;
    const money = booking.money.doubles;
    const opens = quantity - closes;
    const quantityAfter = held + quantity;
    const cost = figures[COST]!;
    const openCommission = figures[OPEN_COMMISSION]!;
    const commission = money[COMMISSION]!;

    const takesAll = closes + held === 0;
    const exitValue = notionalDouble(instrument, fill.lastPx, -closes);
    const entryValue = takesAll ? cost : shareHalfEvenSafe(cost, closes, -held);
    const exitCommission = shareHalfEvenSafe(commission, closes, quantity);
    const entryCommission = takesAll ? openCommission : shareHalfEvenSafe(openCommission, closes, -held);
    const grossPnl = exitValue - entryValue;
    const denominator = Math.abs(held) * instrument.notionalFactorDouble;
    const openValue = notionalDouble(instrument, fill.lastPx, opens);
    const costAfter = cost - entryValue + openValue;
    const openCommissionAfter = openCommission - entryCommission + (commission - exitCommission);
    const realizedAfter = figures[TOTAL_REALIZED]! + grossPnl;
    const commissionAfter = figures[TOTAL_COMMISSION]! + commission;

    const closed = Math.abs(entryValue) + Math.abs(exitValue) + Math.abs(grossPnl) + Math.abs(entryCommission) + Math.abs(commission);
    const open = Math.abs(openValue) + Math.abs(costAfter) + Math.abs(openCommissionAfter) + Math.abs(quantityAfter) + denominator;
    const size = closed + open + Math.abs(realizedAfter) + Math.abs(commissionAfter);
    if (!isExact(size)) return this.#applyByLots(fill, quantity, booking, log);

    if (closes !== 0 && log !== null) {
      const side = held > 0 ? Side.BUY : Side.SELL;
      const start = log.begin(fill, this.positionSide, side, this.#tag);
      const { doubles } = log;
      doubles[start + row.QUANTITY] = Math.abs(closes);
      doubles[start + row.ENTRY_TS] = figures[OPEN_TS]!;
      doubles[start + row.ENTRY_NUMERATOR] = side * cost;
      doubles[start + row.ENTRY_DENOMINATOR] = denominator;
      doubles[start + row.ENTRY_VALUE] = side * entryValue;
      doubles[start + row.EXIT_VALUE] = side * exitValue;
      doubles[start + row.ENTRY_COMMISSION] = entryCommission;
      doubles[start + row.EXIT_COMMISSION] = exitCommission;
      doubles[start + row.GROSS_PNL] = grossPnl;
      doubles[start + row.PNL] = grossPnl - entryCommission - exitCommission;
    }
    this.#noteOpening(fill, held, quantityAfter);
    this.quantity = quantityAfter;
    figures[COST] = costAfter;
    figures[OPEN_COMMISSION] = openCommissionAfter;
    figures[TOTAL_REALIZED] = realizedAfter;
    figures[TOTAL_COMMISSION] = commissionAfter;
    money[REALIZED_PNL] = grossPnl;
    money[COST_CHANGE] = openValue - entryValue;
  }

  /** True where the other position's open part is as this one's, so that the same fill does the same to both. */
  standsAs(other: PositionBook): boolean {
    if (this.#lots !== null || other.#lots !== null || this.quantity !== other.quantity) return false;
    const figures = this.#figures;
    const others = other.#figures;
    return figures[COST] === others[COST] && figures[OPEN_COMMISSION] === others[OPEN_COMMISSION];
  }

  /**
   * As {@link apply}, by taking over what the fill has done to a position that stood as this one. Hot: the account's position is nearly
   * always its one strategy's.
   *
   * @param booking what the fill did there
   */
  follow(other: PositionBook, fill: Fill, quantity: Quantity, booking: PositionBooking): void {
    const { doubles } = booking.money;
    const figures = this.#figures;
    const realized = figures[TOTAL_REALIZED]! + doubles[REALIZED_PNL]!;
    const commission = figures[TOTAL_COMMISSION]! + doubles[COMMISSION]!;
    const isExactHere = isExact(Math.abs(realized) + Math.abs(commission));
    if (other.#lots !== null || !isExactHere) return this.apply(fill, quantity, booking, null);
    this.#noteOpening(fill, this.quantity, other.quantity);
    this.quantity = other.quantity;
    figures[COST] = other.#figures[COST]!;
    figures[OPEN_COMMISSION] = other.#figures[OPEN_COMMISSION]!;
    figures[TOTAL_REALIZED] = realized;
    figures[TOTAL_COMMISSION] = commission;
  }

  #noteOpening(fill: Fill, held: Quantity, after: Quantity): void {
    if (after === 0 || held * after > 0) return;
    this.#figures[OPEN_TS] = fill.tsEvent;
    this.#tag = fill.tag;
  }

  #applyByLots(fill: Fill, quantity: Quantity, booking: PositionBooking, log: ClosedTradeLog | null): void {
    const lots = this.#asLots();
    const { cost, realizedPnl } = lots;
    lots.apply(fill, booking.partsFor(lots, fill, quantity), log);
    booking.money.set(REALIZED_PNL, lots.realizedPnl - realizedPnl);
    booking.money.set(COST_CHANGE, lots.cost - cost);
    this.#takeOver(lots);
  }

  /** As {@link LotBook.split}. */
  split(
    numerator: number,
    denominator: number,
    quantityAfter: Quantity,
    price: Price,
  ): { readonly cash: Money; readonly costChange: Money } {
    const lots = this.#asLots();
    const done = lots.split(numerator, denominator, quantityAfter, price);
    this.#takeOver(lots);
    return done;
  }

  saveState(): PositionBookState {
    return {
      realizedPnl: this.realizedPnl.toString(),
      commission: this.commission.toString(),
      dividend: this.dividend.toString(),
      funding: this.funding.toString(),
      lots: this.#asLots().lots.map((lot) => ({ ...lot, cost: lot.cost.toString(), commission: lot.commission.toString() })),
    };
  }

  loadState(state: PositionBookState): void {
    this.dividend = BigInt(state.dividend);
    this.funding = BigInt(state.funding);
    const lots = state.lots.map((lot) => ({ ...lot, cost: BigInt(lot.cost), commission: BigInt(lot.commission) }));
    this.#takeOver(new LotBook(this, { realizedPnl: BigInt(state.realizedPnl), commission: BigInt(state.commission), lots }));
  }

  #asLots(): LotBook {
    if (this.#lots !== null) return this.#lots;
    const { quantity, cost, openTs, realizedPnl, commission } = this;
    const only: Lot = { quantity, cost, commission: bigOf(this.#figures[OPEN_COMMISSION]!), openTs, tag: this.#tag };
    return new LotBook(this, { realizedPnl, commission, lots: quantity === 0 ? [] : [only] });
  }

  /** Keeps in doubles what doubles can keep. */
  #takeOver(lots: LotBook): void {
    this.quantity = lots.quantity;
    this.#lots = lots;
    if (this.instrument.isInverse || lots.lots.length > 1) return;
    const only = lots.lots[0];
    const figures = this.#figures;
    figures[COST] = numberOf(lots.cost);
    figures[OPEN_COMMISSION] = only === undefined ? 0 : numberOf(only.commission);
    figures[OPEN_TS] = only === undefined ? 0 : only.openTs;
    figures[TOTAL_REALIZED] = numberOf(lots.realizedPnl);
    figures[TOTAL_COMMISSION] = numberOf(lots.commission);
    this.#tag = only === undefined ? '' : only.tag;
    if (figures.every((figure) => isExact(figure))) this.#lots = null;
  }
}
