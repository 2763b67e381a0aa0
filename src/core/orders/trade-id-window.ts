import type { Price, Quantity } from '../../model/instrument.ts';
import type { ClientOrderId } from '../../model/order.ts';

/**
 * Trade ids remembered per instrument and side. At the bound the oldest is forgotten: a duplicate that arrives later than this many fills
 * of the instrument is booked again and shows as an overfill or late fill, which is alerted and pauses the strategy.
 */
export const TRADE_IDS_MAX = 65_536;

export type TradeIdVerdict = 'NEW' | 'DUPLICATE' | 'CONFLICT';

/**
 * The last trade ids of one instrument and side with what they said.
 *
 * One window per side, because the two legs of a self-trade may carry the same trade id and are both ours.
 */
export class TradeIdWindow {
  readonly #slotOf = new Map<string, number>();
  readonly #tradeIds: string[] = [];
  readonly #orders: ClientOrderId[] = [];
  readonly #quantities: Quantity[] = [];
  readonly #prices: Price[] = [];
  readonly #idsMax: number;
  #oldest = 0;

  constructor(idsMax: number = TRADE_IDS_MAX) {
    this.#idsMax = idsMax;
  }

  /** Judges a fill; one that is new is remembered. */
  admit(tradeId: string, order: ClientOrderId, lastQty: Quantity, lastPx: Price): TradeIdVerdict {
    const known = this.#slotOf.get(tradeId);
    if (known !== undefined) {
      const isSame = this.#orders[known] === order && this.#quantities[known] === lastQty && this.#prices[known] === lastPx;
      return isSame ? 'DUPLICATE' : 'CONFLICT';
    }
    const slot = this.#take();
    this.#tradeIds[slot] = tradeId;
    this.#orders[slot] = order;
    this.#quantities[slot] = lastQty;
    this.#prices[slot] = lastPx;
    this.#slotOf.set(tradeId, slot);
    return 'NEW';
  }

  #take(): number {
    if (this.#tradeIds.length < this.#idsMax) return this.#tradeIds.length;
    const slot = this.#oldest;
    this.#oldest = (slot + 1) % this.#idsMax;
    this.#slotOf.delete(this.#tradeIds[slot]!);
    return slot;
  }
}
