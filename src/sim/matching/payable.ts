import type { Money } from '../../model/currency.ts';
import type { Quantity } from '../../model/instrument.ts';

/** What {@link payableQuantity} fits a purchase to. */
export interface Purchase {
  /** Below zero where the account owes already: then nothing can be paid. */
  readonly cash: Money;
  /** > 0 */
  readonly quantity: Quantity;
  readonly lotSize: Quantity;
  /** Value and commission of so many; does not fall as the quantity grows. */
  readonly costOf: (quantity: Quantity) => Money;
}

/** How much of a purchase can be paid: all of it, or the most whole lots whose cost the cash covers. */
export function payableQuantity({ cash, quantity, lotSize, costOf }: Purchase): Quantity {
  if (costOf(quantity) <= cash) return quantity;
  let paid = 0;
  let tooMany = Math.ceil(quantity / lotSize);
  while (tooMany - paid > 1) {
    const middle = paid + Math.floor((tooMany - paid) / 2);
    if (costOf(middle * lotSize) <= cash) paid = middle;
    else tooMany = middle;
  }
  return paid * lotSize;
}
