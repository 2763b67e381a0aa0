import { Strategy } from '../../core/strategy/strategy.ts';
import { unreachable } from '../../base/assert.ts';
import type { ClientOrderId } from '../../model/order.ts';
import type { ManualOrder } from '../../model/session-input.ts';

/** Orders by hand: they belong to a strategy like all others, and pass the same controls. It decides nothing by itself. */
export class OperatorDesk extends Strategy {
  override onStart(): void {}

  place(order: ManualOrder): ClientOrderId {
    const { instrument, side, quantity, limitPrice = '', stopPrice = '' } = order;
    const { timeInForce, postOnly, reduceOnly, tag } = order;
    const options = {
      ...(timeInForce === undefined ? {} : { timeInForce }),
      ...(postOnly === undefined ? {} : { postOnly }),
      ...(reduceOnly === undefined ? {} : { reduceOnly }),
      ...(tag === undefined ? {} : { tag }),
    };
    switch (order.orderType) {
      case 'MARKET':
        return this.marketOrder(instrument, side, quantity, options);
      case 'LIMIT':
        return this.limitOrder(instrument, side, quantity, limitPrice, options);
      case 'STOP':
        return this.stopOrder(instrument, side, quantity, stopPrice, options);
      case 'STOP_LIMIT':
        return this.stopLimitOrder(instrument, side, quantity, { stopPrice, limitPrice }, options);
      default:
        return unreachable(order.orderType);
    }
  }
}
