import { unreachable } from '../../base/assert.ts';
import { BIG_BILLION, divideRounded } from '../../base/decimal.ts';
import type { Price, Quantity } from '../../model/instrument.ts';
import type { Side } from '../../model/order.ts';

/**
 * How much worse than the price seen an order that takes liquidity fills. `bps`: ten-thousandths of the price. `volumeImpact`: price ×
 * coefficient × (quantity ÷ volume of the bar, trade or quote)², the quadratic volume-share model; coefficient in billionths (0.1 is
 * 100_000_000), share at most 1. The result is rounded to the price increment, away from the trader's favor.
 */
export type Slippage =
  | { readonly kind: 'none' }
  | { readonly kind: 'ticks'; readonly ticks: number }
  | { readonly kind: 'bps'; readonly bps: number }
  | { readonly kind: 'volumeImpact'; readonly coefficientPpb: number };

/**
 * Price after slippage.
 *
 * @param priceIncrement the slipped price is a multiple of it; without slippage the price passes unchanged
 * @param marketQuantity volume that the model compares with; 0 counts as a share of 1
 */
export function slippedPrice(
  slippage: Slippage,
  side: Side,
  price: Price,
  priceIncrement: Price,
  quantity: Quantity,
  marketQuantity: Quantity,
): Price {
  switch (slippage.kind) {
    case 'none':
      return price;
    case 'ticks':
      return slippage.ticks === 0 ? price : roundShareWorse(price, 1, side * slippage.ticks * priceIncrement, 1, side, priceIncrement);
    case 'bps':
      return slippage.bps === 0 ? price : roundShareWorse(price, 10_000 + side * slippage.bps, 0, 10_000, side, priceIncrement);
    case 'volumeImpact': {
      const whole = BigInt(Math.max(marketQuantity, 1));
      const part = BigInt(Math.min(quantity, Math.max(marketQuantity, 1)));
      const denominator = BIG_BILLION * whole * whole;
      const impact = BigInt(slippage.coefficientPpb) * (marketQuantity === 0 ? whole * whole : part * part);
      return impact === 0n ? price : roundWorse(BigInt(price) * (denominator + BigInt(side) * impact), denominator, side, priceIncrement);
    }
    default:
      return unreachable(slippage);
  }
}

/**
 * (price × factor + addend) ÷ divisor, rounded as {@link roundWorse}: in doubles where all is a safe integer. A quotient of two such never
 * rounds to a whole number that it is not: it lies at least 1 / divisor away.
 */
function roundShareWorse(price: Price, factor: number, addend: number, divisor: number, side: Side, priceIncrement: Price): Price {
  const dividend = price * factor + addend;
  const step = divisor * priceIncrement;
  if (!Number.isSafeInteger(price * factor) || !Number.isSafeInteger(dividend) || !Number.isSafeInteger(step)) {
    return roundWorse(BigInt(price) * BigInt(factor) + BigInt(addend), BigInt(divisor), side, priceIncrement);
  }
  const steps = side > 0 ? Math.ceil(dividend / step) : Math.floor(dividend / step);
  return Math.max(steps * priceIncrement, priceIncrement);
}

/** A price never falls below one increment. */
function roundWorse(dividend: bigint, divisor: bigint, side: Side, priceIncrement: Price): Price {
  const steps = divideRounded(dividend, divisor * BigInt(priceIncrement), side > 0 ? 'ceiling' : 'floor');
  return Math.max(Number(steps) * priceIncrement, priceIncrement);
}
