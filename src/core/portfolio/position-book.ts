import { InvariantError } from '../../base/assert.ts';
import { divideRounded } from '../../base/decimal.ts';
import { bigOf, isExact, shareHalfEven } from '../../base/exact-integer.ts';
import type { Money } from '../../model/currency.ts';
import type { Fill } from '../../model/events.ts';
import type { Instrument, Price, Quantity } from '../../model/instrument.ts';
import { Side } from '../../model/order.ts';
import { type AveragePrice, averagePriceOf, type ClosedTrade, type CostMethod, type PositionSide } from '../../model/position.ts';
import { notionalValue } from '../../model/valuation.ts';
import type { FillParts } from './fill-parts.ts';

/** A part of a position that was opened together; with average cost everything held is one lot. Quantity and cost carry the position's sign. */
interface Lot {
  quantity: Quantity;
  cost: Money;
  /** Entry commission that no close has taken yet. */
  commission: Money;
  openTs: number;
  tag: string;
}

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

export const NO_TRADES: readonly ClosedTrade[] = Object.freeze([]);

/**
 * One position: what is held, what it cost, what closing it has brought. All money in settlement money.
 *
 * The cost is the exact integer Σ value of what was bought. A close takes cost × closed ÷ held, rounded half to even; the rest stays with
 * what is still held, so from flat to flat the profit is exact whatever the roundings between.
 * Source: docs/concepts/accounts-and-positions.md
 */
export class PositionBook {
  readonly instrument: Instrument;
  readonly costMethod: CostMethod;
  readonly positionSide: PositionSide;
  /** Signed; read only from outside. */
  quantity: Quantity = 0;
  /** Σ of the lots' cost, signed as the quantity; read only from outside. */
  cost: Money = 0n;
  realizedPnl: Money = 0n;
  commission: Money = 0n;
  dividend: Money = 0n;
  funding: Money = 0n;
  readonly #listsTrades: boolean;
  #lots: Lot[] = [];
  /** The denominator of the last closed trade's entry price, and the quantity that it is of. */
  #denominator = 0n;
  #denominatorQuantity: Quantity = 0;

  /** @param owner an account's own book lists no closed trades: they are attributed to strategies */
  constructor(instrument: Instrument, costMethod: CostMethod, positionSide: PositionSide, owner: 'STRATEGY' | 'ACCOUNT') {
    this.instrument = instrument;
    this.costMethod = costMethod;
    this.positionSide = positionSide;
    this.#listsTrades = owner === 'STRATEGY';
  }

  /** When the oldest part still open was opened; 0 when flat. */
  get openTs(): number {
    return this.#lots[0]?.openTs ?? 0;
  }

  get avgPx(): AveragePrice | null {
    return this.quantity === 0 ? null : averagePriceOf(this.instrument, this.quantity, this.cost);
  }

  /** Profit of the open quantity if it were closed at `markPrice`. */
  unrealizedPnl(markPrice: Price): Money {
    if (this.quantity === 0) return 0n;
    return profit(this.instrument, this.cost, notionalValue(this.instrument, markPrice, this.quantity));
  }

  /**
   * Books a fill, or the part of one that is this position's: closes first, oldest lot first, then opens. Hot.
   *
   * @param parts the fill divided at this position's quantity
   * @returns one closed trade per lot that was closed or cut; none for an account's own book
   */
  apply(fill: Fill, parts: FillParts): readonly ClosedTrade[] {
    const closedTrades = parts.closeQuantity === 0 ? NO_TRADES : this.#close(fill, parts);
    if (parts.openQuantity !== 0) this.#open(fill, parts);
    this.commission += parts.commission;
    return closedTrades;
  }

  #open(fill: Fill, { openQuantity, openValue, openCommission }: FillParts): void {
    const held = this.quantity;
    if (held * openQuantity < 0) throw new InvariantError(`${this.instrument.id}: an opening fill against the position`);
    const quantity = held + openQuantity;
    if (!Number.isSafeInteger(quantity)) throw new InvariantError(`${this.instrument.id}: position out of range`);
    const last = this.#lots[0];
    if (this.costMethod === 'AVERAGE' && last !== undefined) {
      last.quantity += openQuantity;
      last.cost += openValue;
      last.commission += openCommission;
    } else {
      const lots = this.#lots;
      // By index: a list that was born empty has had two layouts by now, and a `push` that has met both is a call.
      lots[lots.length] = { quantity: openQuantity, cost: openValue, commission: openCommission, openTs: fill.tsEvent, tag: fill.tag };
    }
    this.quantity = quantity;
    this.cost = held === 0 ? openValue : this.cost + openValue;
  }

  #close(fill: Fill, parts: FillParts): readonly ClosedTrade[] {
    const total = -parts.closeQuantity;
    const held = this.quantity;
    if (total * held <= 0 || Math.abs(total) > Math.abs(held)) throw new InvariantError(`${this.instrument.id}: close too large`);
    this.quantity = held - total;
    const lot = this.#lots[0]!;
    if (Math.abs(total) > Math.abs(lot.quantity)) return this.#closeLots(fill, total, parts.closeValue, parts.closeCommission);
    const trade = this.#take(fill, lot, total, parts.closeValue, parts.closeCommission);
    return trade === null ? NO_TRADES : [trade];
  }

  /** A close over several lots: value and commission of the fill are shared out by running totals, so that the shares sum to the whole. */
  #closeLots(fill: Fill, total: Quantity, value: Money, commission: Money): readonly ClosedTrade[] {
    const closedTrades: ClosedTrade[] = [];
    let done = 0;
    let valueDone = 0n;
    let commissionDone = 0n;
    while (done !== total) {
      const lot = this.#lots[0]!;
      const left = total - done;
      const quantity = Math.abs(lot.quantity) <= Math.abs(left) ? lot.quantity : left;
      done += quantity;
      const exitValue = share(value, done, total) - valueDone;
      const exitCommission = share(commission, done, total) - commissionDone;
      valueDone += exitValue;
      commissionDone += exitCommission;
      const trade = this.#take(fill, lot, quantity, exitValue, exitCommission);
      if (trade !== null) closedTrades.push(trade);
    }
    return closedTrades;
  }

  /** Takes a quantity out of the oldest lot, which holds that much, in exchange for `exitValue`. */
  #take(fill: Fill, lot: Lot, quantity: Quantity, exitValue: Money, exitCommission: Money): ClosedTrade | null {
    const entryValue = share(lot.cost, quantity, lot.quantity);
    const entryCommission = share(lot.commission, quantity, lot.quantity);
    const grossPnl = profit(this.instrument, entryValue, exitValue);
    const trade = this.#listsTrades
      ? this.#closedTrade(fill, lot, quantity, entryValue, exitValue, entryCommission, exitCommission, grossPnl)
      : null;
    this.realizedPnl += grossPnl;
    if (quantity === lot.quantity) {
      if (this.#lots.length === 1) this.#lots.pop();
      else this.#lots.shift();
    } else {
      lot.quantity -= quantity;
      lot.cost -= entryValue;
      lot.commission -= entryCommission;
    }
    this.cost = this.#lots.length === 0 ? 0n : this.cost - entryValue;
    return trade;
  }

  /** What is taken out of a lot, with whose it was and what closed it: one literal, so that reports meet one shape. */
  #closedTrade(
    fill: Fill,
    lot: Lot,
    quantity: Quantity,
    entryValue: Money,
    exitValue: Money,
    entryCommission: Money,
    exitCommission: Money,
    grossPnl: Money,
  ): ClosedTrade {
    const isLong = quantity > 0;
    const entryValueAsBought = isLong ? entryValue : -entryValue;
    const lotCostAsBought = quantity === lot.quantity ? entryValueAsBought : isLong ? lot.cost : -lot.cost;
    return {
      strategy: fill.strategy,
      instrument: fill.instrument,
      positionSide: this.positionSide,
      side: isLong ? Side.BUY : Side.SELL,
      quantity: Math.abs(quantity),
      entryTs: lot.openTs,
      exitTs: fill.tsEvent,
      entryPx: this.#averagePx(Math.abs(lot.quantity), lotCostAsBought),
      exitPx: fill.lastPx,
      entryValue: entryValueAsBought,
      exitValue: isLong ? exitValue : -exitValue,
      entryCommission,
      exitCommission,
      grossPnl,
      pnl: grossPnl - entryCommission - exitCommission,
      entryTag: lot.tag,
      exitTag: fill.tag,
    };
  }

  /** As {@link averagePriceOf} of a quantity above zero. Sizes recur, so closed trades share a denominator with the one before. */
  #averagePx(quantity: Quantity, cost: Money): AveragePrice {
    const denominator = quantity * this.instrument.notionalFactorDouble;
    if (this.instrument.isInverse || !isExact(denominator)) return averagePriceOf(this.instrument, quantity, cost);
    if (quantity !== this.#denominatorQuantity) {
      this.#denominatorQuantity = quantity;
      this.#denominator = bigOf(denominator);
    }
    return { numerator: cost, denominator: this.#denominator };
  }

  /**
   * A split: the quantity becomes `quantityAfter`; what numerator/denominator would give beyond that is sold, short of it bought, at
   * `price` before the split (price × denominator/numerator after it).
   *
   * Lots keep their cost; a boundary between lots that falls inside an increment moves to the increment below it, and the cost between moves along.
   *
   * @returns money received for the fraction, negative where paid, and the change of the cost
   */
  split(
    numerator: number,
    denominator: number,
    quantityAfter: Quantity,
    price: Price,
  ): { readonly cash: Money; readonly costChange: Money } {
    const instrument = this.instrument;
    const up = BigInt(numerator);
    const down = BigInt(denominator);
    const exact = BigInt(this.quantity) * up; // over `down`
    const fraction = exact - BigInt(quantityAfter) * down; // over `down`, in quantity after the split
    const cash = divideRounded(fraction * BigInt(price) * instrument.notionalFactor, up, 'half-even');
    const sign = this.quantity < 0 ? -1 : 1;
    const bought = fraction !== 0n && fraction < 0n === sign > 0 ? -cash : 0n;
    const costBefore = this.cost;
    this.#splitLots(up, down, Math.abs(quantityAfter), sign, bought);
    this.quantity = quantityAfter;
    this.cost = 0n;
    for (const lot of this.#lots) this.cost += lot.cost;
    this.realizedPnl += cash + this.cost - costBefore;
    return { cash, costChange: this.cost - costBefore };
  }

  #splitLots(up: bigint, down: bigint, sizeAfter: Quantity, sign: 1 | -1, bought: Money): void {
    const old = this.#lots;
    const lots: Lot[] = [];
    let sizeBefore = 0n; // Σ of the old lots so far
    let from = 0n; // where the new lot begins, in quantity after the split
    let costFrom = 0n;
    let costBefore = 0n;
    let commission = 0n;
    old.forEach((lot, position) => {
      const size = BigInt(Math.abs(lot.quantity));
      const isLast = position === old.length - 1;
      const boundary = ((sizeBefore + size) * up) / down;
      const limit = BigInt(sizeAfter);
      const to = isLast || boundary > limit ? limit : boundary;
      // Cost at `to`: straight-line within the old lot; all of it where `to` lies at or past its end.
      const inside = to * down - sizeBefore * up; // over `up`, in old quantity
      const costTo =
        inside >= size * up
          ? costBefore + lot.cost
          : costBefore + divideRounded(lot.cost * (inside < 0n ? 0n : inside), size * up, 'half-even');
      commission += lot.commission;
      const quantity = Number(to - from) * sign;
      if (quantity !== 0) {
        lots.push({ quantity, cost: costTo - costFrom, commission, openTs: lot.openTs, tag: lot.tag });
        commission = 0n;
        costFrom = costTo;
        from = to;
      }
      sizeBefore += size;
      costBefore += lot.cost;
    });
    const last = lots.at(-1);
    if (last !== undefined) {
      last.commission += commission;
      last.cost += bought;
    }
    this.#lots = lots;
  }

  saveState(): PositionBookState {
    return {
      realizedPnl: this.realizedPnl.toString(),
      commission: this.commission.toString(),
      dividend: this.dividend.toString(),
      funding: this.funding.toString(),
      lots: this.#lots.map((lot) => ({ ...lot, cost: lot.cost.toString(), commission: lot.commission.toString() })),
    };
  }

  loadState(state: PositionBookState): void {
    this.realizedPnl = BigInt(state.realizedPnl);
    this.commission = BigInt(state.commission);
    this.dividend = BigInt(state.dividend);
    this.funding = BigInt(state.funding);
    this.#lots = state.lots.map((lot) => ({ ...lot, cost: BigInt(lot.cost), commission: BigInt(lot.commission) }));
    this.quantity = 0;
    this.cost = 0n;
    for (const lot of this.#lots) {
      this.quantity += lot.quantity;
      this.cost += lot.cost;
    }
  }
}

/** The part of `whole` that belongs to `part` of `of`, rounded half to even; everything when they are equal. */
function share(whole: Money, part: Quantity, of: Quantity): Money {
  return part === of ? whole : shareHalfEven(whole, part, of);
}

/** Linear: what it brings less what it cost. Inverse: contracts are worth fewer coins as the price rises, so the other way round. */
function profit(instrument: Instrument, entryValue: Money, exitValue: Money): Money {
  return instrument.isInverse ? entryValue - exitValue : exitValue - entryValue;
}
