import { InvariantError } from '../../base/assert.ts';
import { divideRounded } from '../../base/decimal.ts';
import { shareHalfEven } from '../../base/exact-integer.ts';
import type { Money } from '../../model/currency.ts';
import type { Fill } from '../../model/events.ts';
import type { Instrument, Price, Quantity } from '../../model/instrument.ts';
import { Side } from '../../model/order.ts';
import { averagePriceOf, type ClosedTrade, type CostMethod, type PositionSide } from '../../model/position.ts';
import type { ClosedTradeLog } from './closed-trade-log.ts';
import type { FillParts } from './fill-parts.ts';

/** A part of a position that was opened together; with average cost everything held is one lot. Quantity and cost carry the position's sign. */
export interface Lot {
  quantity: Quantity;
  cost: Money;
  /** Entry commission that no close has taken yet. */
  commission: Money;
  openTs: number;
  tag: string;
}

/**
 * A position as a list of lots, in bigints: what {@link PositionBook} does in doubles for the most frequent case, in general.
 *
 * The cost is the exact integer Σ value of what was bought. A close takes cost × closed ÷ held, rounded half to even; the rest stays with
 * what is still held, so from flat to flat the profit is exact whatever the roundings between.
 * Source: docs/concepts/accounts-and-positions.md
 */
export class LotBook {
  readonly instrument: Instrument;
  readonly costMethod: CostMethod;
  readonly positionSide: PositionSide;
  /** Σ of the lots' quantities. */
  quantity: Quantity = 0;
  /** Σ of the lots' cost, signed as the quantity. */
  cost: Money = 0n;
  realizedPnl: Money;
  commission: Money;
  #lots: Lot[];

  /** @param of what was realized and paid in commission so far, and the lots held, oldest first */
  constructor(
    position: { readonly instrument: Instrument; readonly costMethod: CostMethod; readonly positionSide: PositionSide },
    of: { readonly realizedPnl: Money; readonly commission: Money; readonly lots: Lot[] },
  ) {
    this.instrument = position.instrument;
    this.costMethod = position.costMethod;
    this.positionSide = position.positionSide;
    this.realizedPnl = of.realizedPnl;
    this.commission = of.commission;
    this.#lots = of.lots;
    for (const lot of of.lots) {
      this.quantity += lot.quantity;
      this.cost += lot.cost;
    }
  }

  /** Oldest first. */
  get lots(): readonly Lot[] {
    return this.#lots;
  }

  /**
   * Books a fill, or the part of one that is this position's: closes first, oldest lot first, then opens. Hot where contracts are inverse.
   *
   * @param parts the fill divided at this position's quantity
   * @param log gets one closed trade per lot that was closed or cut; null where nobody asks for them
   */
  apply(fill: Fill, parts: FillParts, log: ClosedTradeLog | null): void {
    if (parts.closeQuantity !== 0) this.#close(fill, parts, log);
    if (parts.openQuantity !== 0) this.#open(fill, parts);
    this.commission += parts.commission;
  }

  #open(fill: Fill, { openQuantity, openValue, openCommission }: FillParts): void {
    const held = this.quantity;
    if (held * openQuantity < 0) throw new InvariantError(`${this.instrument.id}: an opening fill against the position`);
    const quantity = held + openQuantity;
    if (!Number.isSafeInteger(quantity)) throw new InvariantError(`${this.instrument.id}: position out of range`);
    const oldest = this.#lots[0];
    if (this.costMethod === 'AVERAGE' && oldest !== undefined) {
      oldest.quantity += openQuantity;
      oldest.cost += openValue;
      oldest.commission += openCommission;
    } else {
      const lots = this.#lots;
      // By index: a list that was born empty has had two layouts by now, and a `push` that has met both is a call.
      lots[lots.length] = { quantity: openQuantity, cost: openValue, commission: openCommission, openTs: fill.tsEvent, tag: fill.tag };
    }
    this.quantity = quantity;
    this.cost = held === 0 ? openValue : this.cost + openValue;
  }

  #close(fill: Fill, parts: FillParts, log: ClosedTradeLog | null): void {
    const total = -parts.closeQuantity;
    const held = this.quantity;
    if (total * held <= 0 || Math.abs(total) > Math.abs(held)) throw new InvariantError(`${this.instrument.id}: close too large`);
    this.quantity = held - total;
    const lot = this.#lots[0]!;
    if (Math.abs(total) > Math.abs(lot.quantity)) this.#closeLots(fill, total, parts, log);
    else this.#take(fill, lot, total, parts.closeValue, parts.closeCommission, log);
  }

  /** A close over several lots: value and commission of the fill are shared out by running totals, so that the shares sum to the whole. */
  #closeLots(fill: Fill, total: Quantity, { closeValue, closeCommission }: FillParts, log: ClosedTradeLog | null): void {
    let done = 0;
    let valueDone = 0n;
    let commissionDone = 0n;
    while (done !== total) {
      const lot = this.#lots[0]!;
      const left = total - done;
      const quantity = Math.abs(lot.quantity) <= Math.abs(left) ? lot.quantity : left;
      done += quantity;
      const exitValue = share(closeValue, done, total) - valueDone;
      const exitCommission = share(closeCommission, done, total) - commissionDone;
      valueDone += exitValue;
      commissionDone += exitCommission;
      this.#take(fill, lot, quantity, exitValue, exitCommission, log);
    }
  }

  /** Takes a quantity out of the oldest lot, which holds that much, in exchange for `exitValue`. */
  #take(fill: Fill, lot: Lot, quantity: Quantity, exitValue: Money, exitCommission: Money, log: ClosedTradeLog | null): void {
    const entryValue = share(lot.cost, quantity, lot.quantity);
    const entryCommission = share(lot.commission, quantity, lot.quantity);
    // Linear: what it brings less what it cost. Inverse: contracts are worth fewer coins as the price rises, so the other way round.
    const grossPnl = this.instrument.isInverse ? entryValue - exitValue : exitValue - entryValue;
    if (log !== null) log.push(this.#closedTrade(fill, lot, quantity, entryValue, exitValue, entryCommission, exitCommission, grossPnl));
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
      entryPx: averagePriceOf(this.instrument, Math.abs(lot.quantity), lotCostAsBought),
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
}

/** The part of `whole` that belongs to `part` of `of`, rounded half to even; everything when they are equal. */
function share(whole: Money, part: Quantity, of: Quantity): Money {
  return part === of ? whole : shareHalfEven(whole, part, of);
}
