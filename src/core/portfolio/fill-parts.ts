import { shareHalfEven } from '../../base/exact-integer.ts';
import type { Money } from '../../model/currency.ts';
import type { Instrument, Price, Quantity } from '../../model/instrument.ts';
import { notionalValue } from '../../model/valuation.ts';

/** What {@link divideFill} needs to know of a position. */
export interface HeldPosition {
  readonly instrument: Instrument;
  readonly quantity: Quantity;
}

/**
 * A fill as one position sees it: the part that closes what is held and the part beyond, which opens, each with its value and its share of
 * the commission.
 */
export interface FillParts {
  /** Signed as the fill, +bought −sold; 0 when nothing is closed. */
  readonly closeQuantity: Quantity;
  /** Value of what is closed at the fill's price, signed as the position was. */
  readonly closeValue: Money;
  readonly closeCommission: Money;
  /** Signed as the fill; 0 when nothing is opened. */
  readonly openQuantity: Quantity;
  /** Signed as what is opened. */
  readonly openValue: Money;
  readonly openCommission: Money;
  /** Of both parts. */
  readonly commission: Money;
}

/** Of a signed fill, the part that closes what is held: up to zero, signed as the fill. Hot. */
export function closedQuantity(held: Quantity, quantity: Quantity): Quantity {
  if (held * quantity >= 0) return 0;
  return Math.abs(quantity) <= Math.abs(held) ? quantity : -held;
}

/** Divides a fill at zero; of the commission the closing part takes its proportion, rounded half to even, and the opening part the rest. Hot. */
export function divideFill(position: HeldPosition, price: Price, quantity: Quantity, commission: Money): FillParts {
  const { instrument, quantity: held } = position;
  const closes = closedQuantity(held, quantity);
  const opens = quantity - closes;
  const closeCommission = closes === 0 ? 0n : opens === 0 ? commission : shareHalfEven(commission, closes, quantity);
  return {
    closeQuantity: closes,
    closeValue: closes === 0 ? 0n : notionalValue(instrument, price, -closes),
    closeCommission,
    openQuantity: opens,
    openValue: opens === 0 ? 0n : notionalValue(instrument, price, opens),
    openCommission: opens === 0 ? 0n : closes === 0 ? commission : commission - closeCommission,
    commission,
  };
}
