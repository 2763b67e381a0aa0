import { assert } from '../../base/assert.ts';
import { divideRounded } from '../../base/decimal.ts';
import type { Money } from '../../model/currency.ts';
import type { Instrument, Price, Quantity } from '../../model/instrument.ts';
import { type AveragePrice, averagePriceOf, type CostMethod } from '../../model/position.ts';
import { notionalValue } from '../../model/valuation.ts';

/** A part of a position that was opened together; with average cost everything held is one lot. Quantity and cost carry the position's sign. */
interface Lot {
  quantity: Quantity;
  cost: Money;
  /** Entry commission that no close has taken yet. */
  commission: Money;
  openTs: number;
  tag: string;
}

/** What one closing fill took out of one lot. */
export interface Closure {
  /** Signed as the position was. */
  readonly quantity: Quantity;
  readonly entryTs: number;
  readonly entryPx: AveragePrice;
  /** Cost of the quantity, signed as it. */
  readonly entryValue: Money;
  /** Value of the quantity at the exit price, signed as it. */
  readonly exitValue: Money;
  readonly entryCommission: Money;
  readonly exitCommission: Money;
  readonly grossPnl: Money;
  readonly entryTag: string;
}

/** One execution as a book sees it: `quantity` signed, +bought −sold. */
export interface Execution {
  readonly quantity: Quantity;
  readonly price: Price;
  readonly commission: Money;
  readonly ts: number;
  readonly tag: string;
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
  /** Signed; read only from outside. */
  quantity: Quantity = 0;
  /** Σ of the lots' cost, signed as the quantity; read only from outside. */
  cost: Money = 0n;
  realizedPnl: Money = 0n;
  commission: Money = 0n;
  dividend: Money = 0n;
  funding: Money = 0n;
  #lots: Lot[] = [];

  constructor(instrument: Instrument, costMethod: CostMethod) {
    this.instrument = instrument;
    this.costMethod = costMethod;
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

  /** Adds to the position; the execution must not be against it. */
  open(execution: Execution): void {
    const { quantity, price, commission, ts, tag } = execution;
    assert(quantity !== 0 && this.quantity * quantity >= 0, `${this.instrument.id}: an opening fill against the position`);
    const cost = notionalValue(this.instrument, price, quantity);
    const last = this.#lots[0];
    if (this.costMethod === 'AVERAGE' && last !== undefined) {
      last.quantity += quantity;
      last.cost += cost;
      last.commission += commission;
    } else {
      this.#lots.push({ quantity, cost, commission, openTs: ts, tag });
    }
    this.quantity += quantity;
    assert(Number.isSafeInteger(this.quantity), `${this.instrument.id}: position out of range`);
    this.cost += cost;
    this.commission += commission;
  }

  /** Takes from the position, oldest lot first; the execution is against it and no larger than it. */
  close(execution: Execution): readonly Closure[] {
    const { price, commission } = execution;
    let toClose = -execution.quantity;
    assert(
      toClose !== 0 && toClose * this.quantity > 0 && Math.abs(toClose) <= Math.abs(this.quantity),
      `${this.instrument.id}: close too large`,
    );
    const total = toClose;
    const closures: Closure[] = [];
    // Value and commission of the fill are shared out by running totals, so that the shares sum to the whole.
    let done = 0;
    let valueDone = 0n;
    let commissionDone = 0n;
    const value = notionalValue(this.instrument, price, total);
    while (toClose !== 0) {
      const lot = this.#lots[0]!;
      const entryPx = averagePriceOf(this.instrument, lot.quantity, lot.cost);
      const quantity = Math.abs(lot.quantity) <= Math.abs(toClose) ? lot.quantity : toClose;
      const entryValue = share(lot.cost, quantity, lot.quantity);
      const entryCommission = share(lot.commission, quantity, lot.quantity);
      done += quantity;
      const exitValue = share(value, done, total) - valueDone;
      const exitCommission = share(commission, done, total) - commissionDone;
      valueDone += exitValue;
      commissionDone += exitCommission;
      const grossPnl = profit(this.instrument, entryValue, exitValue);
      closures.push({
        quantity,
        entryTs: lot.openTs,
        entryPx,
        entryValue,
        exitValue,
        entryCommission,
        exitCommission,
        grossPnl,
        entryTag: lot.tag,
      });
      lot.quantity -= quantity;
      lot.cost -= entryValue;
      lot.commission -= entryCommission;
      if (lot.quantity === 0) this.#lots.shift();
      toClose -= quantity;
      this.cost -= entryValue;
      this.realizedPnl += grossPnl;
    }
    this.quantity -= total;
    this.commission += commission;
    return closures;
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
  return part === of ? whole : divideRounded(whole * BigInt(part), BigInt(of), 'half-even');
}

/** Linear: what it brings less what it cost. Inverse: contracts are worth fewer coins as the price rises, so the other way round. */
function profit(instrument: Instrument, entryValue: Money, exitValue: Money): Money {
  return instrument.isInverse ? entryValue - exitValue : exitValue - entryValue;
}
