import { unreachable } from '../base/assert.ts';
import { divideRounded } from '../base/decimal.ts';
import type { Price, Quantity } from '../model/instrument.ts';
import type { Side } from '../model/order.ts';

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
      return slippage.ticks === 0
        ? price
        : roundWorse(BigInt(price) + BigInt(side * slippage.ticks * priceIncrement), 1n, side, priceIncrement);
    case 'bps':
      return slippage.bps === 0 ? price : roundWorse(BigInt(price) * BigInt(10_000 + side * slippage.bps), 10_000n, side, priceIncrement);
    case 'volumeImpact': {
      const whole = BigInt(Math.max(marketQuantity, 1));
      const part = BigInt(Math.min(quantity, Math.max(marketQuantity, 1)));
      const denominator = 1_000_000_000n * whole * whole;
      const impact = BigInt(slippage.coefficientPpb) * (marketQuantity === 0 ? whole * whole : part * part);
      return impact === 0n ? price : roundWorse(BigInt(price) * (denominator + BigInt(side) * impact), denominator, side, priceIncrement);
    }
    default:
      return unreachable(slippage);
  }
}

/** A price never falls below one increment. */
function roundWorse(dividend: bigint, divisor: bigint, side: Side, priceIncrement: Price): Price {
  const steps = divideRounded(dividend, divisor * BigInt(priceIncrement), side > 0 ? 'ceiling' : 'floor');
  return Math.max(Number(steps) * priceIncrement, priceIncrement);
}
