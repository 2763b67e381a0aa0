import { type Money, moneyApprox } from '../../model/currency.ts';
import type { Fill } from '../../model/events.ts';
import type { Instrument, InstrumentIndex, Price, Quantity } from '../../model/instrument.ts';
import { type ClientOrderId, LiquiditySide, Side } from '../../model/order.ts';
import type { SideName } from './strategy-context.ts';

/**
 * An execution in the words in which a strategy orders: side as text, price and quantity as doubles that are the nearest to the exact
 * counts beside them. The exact event comes to `onOrderEvent`.
 */
export interface StrategyFill {
  readonly clientOrderId: ClientOrderId;
  readonly tradeId: string;
  readonly instrument: InstrumentIndex;
  readonly side: SideName;
  /** Filled now, in units of the instrument. */
  readonly quantity: number;
  readonly price: number;
  /** Still open of the order; 0 when it is done. */
  readonly leavesQuantity: number;
  /** In units of the settlement currency; negative for a rebate. */
  readonly commission: number;
  readonly liquidity: 'MAKER' | 'TAKER';
  /** What the order was tagged with. */
  readonly tag: string;
  /** When it happened at the venue, and when it was known here; microseconds since the epoch. */
  readonly tsEvent: number;
  readonly tsInit: number;
  /** Counts of 10^-quantityDecimals, 10^-priceDecimals, and of the settlement currency's smallest unit. */
  readonly quantityExact: Quantity;
  readonly priceExact: Price;
  readonly commissionExact: Money;
}

/** Made for one strategy and read by nobody else, so that it need not be frozen. */
export function strategyFill(fill: Fill, instrument: Instrument): StrategyFill {
  const { clientOrderId, tradeId, tag, tsEvent, tsInit } = fill;
  return {
    clientOrderId,
    tradeId,
    instrument: fill.instrument,
    side: fill.side === Side.BUY ? 'BUY' : 'SELL',
    quantity: fill.lastQty / instrument.quantityScale,
    price: fill.lastPx / instrument.priceScale,
    leavesQuantity: fill.leavesQty / instrument.quantityScale,
    commission: moneyApprox(fill.commission, instrument.settlement),
    liquidity: fill.liquiditySide === LiquiditySide.MAKER ? 'MAKER' : 'TAKER',
    tag,
    tsEvent,
    tsInit,
    quantityExact: fill.lastQty,
    priceExact: fill.lastPx,
    commissionExact: fill.commission,
  };
}
