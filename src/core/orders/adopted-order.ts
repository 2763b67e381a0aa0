import type { Quantity } from '../../model/instrument.ts';
import { OrderFlag, type OrderRequest, OrderType, TimeInForce } from '../../model/order.ts';

/** What a venue's own order (a liquidation) says. */
export type AdoptedOrder = Pick<OrderRequest, 'strategy' | 'instrument' | 'side' | 'tag'> & { readonly quantity: Quantity };

/** The request that such an order would have been. */
export function adoptedRequest({ strategy, instrument, side, tag, quantity }: AdoptedOrder): OrderRequest {
  return {
    strategy,
    instrument,
    side,
    orderType: OrderType.MARKET,
    timeInForce: TimeInForce.IOC,
    orderQty: quantity,
    limitPrice: 0,
    stopPrice: 0,
    expireTs: 0,
    flags: OrderFlag.REDUCE_ONLY,
    targetWeightPpb: 0,
    tag,
  };
}
