import { WholeNumbers } from '../../base/whole-numbers.ts';
import type { Money } from '../../model/currency.ts';
import type { Fill } from '../../model/events.ts';
import type { Quantity } from '../../model/instrument.ts';
import { divideFill, type FillParts, type HeldPosition } from './fill-parts.ts';

/** The places of {@link PositionBooking.money}. The first is what the fill brings, the others what the position booked last did with it. */
export const COMMISSION = 0;
/** Profit that the position realized, before commission. */
export const REALIZED_PNL = 1;
/** Change of what the position has cost. */
export const COST_CHANGE = 2;
const PLACE_COUNT = 3;

/**
 * A fill, or its part on one side, on its way through the books: its commission, and what booking it has done to the position booked last.
 * In settlement money. Hot: one object, used again for every fill.
 */
export class PositionBooking {
  readonly money = new WholeNumbers(PLACE_COUNT);
  #parts: FillParts | null = null;
  #partsHeld: Quantity = 0;

  begin(commission: Money): void {
    this.money.set(COMMISSION, commission);
    this.#parts = null;
  }

  get realizedPnl(): Money {
    return this.money.get(REALIZED_PNL);
  }

  get costChange(): Money {
    return this.money.get(COST_CHANGE);
  }

  /** The fill divided at a position's quantity: the strategy's position and the account's are nearly always divided alike, so once for both. */
  partsFor(position: HeldPosition, fill: Fill, quantity: Quantity): FillParts {
    if (this.#parts !== null && this.#partsHeld === position.quantity) return this.#parts;
    this.#parts = divideFill(position, fill.lastPx, quantity, this.money.get(COMMISSION));
    this.#partsHeld = position.quantity;
    return this.#parts;
  }
}
