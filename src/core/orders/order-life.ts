import { assert } from '../../base/assert.ts';
import type { OrderEvent } from '../../model/events.ts';
import type { Quantity } from '../../model/instrument.ts';
import type { ClientOrderId } from '../../model/order.ts';
import {
  FORMER,
  isOpenStatus,
  isPendingStatus,
  isTerminalStatus,
  nextStatus,
  NOT_PERMITTED,
  OrderInput,
  OrderStatus,
} from '../../model/order-status.ts';
import type { OrderTable } from './order-table.ts';

/** What is true of an order before a change, so that the sums can follow. */
interface Before {
  status: OrderStatus;
  formerStatus: OrderStatus;
  reservedQty: Quantity;
  sizedQty: Quantity;
}

type OrderFacts = Pick<OrderEvent, 'clientOrderId' | 'strategy' | 'instrument' | 'tsEvent' | 'tsInit'>;

/**
 * Moves orders through the transition table and keeps the order table's lists and sums level with them.
 * A change is `keep`, then whatever quantities change, then `move`.
 */
export class OrderLife {
  readonly table: OrderTable;
  /** The order of the last {@link keep}, as it was. */
  readonly before: Before = { status: OrderStatus.INITIALIZED, formerStatus: OrderStatus.INITIALIZED, reservedQty: 0, sizedQty: 0 };

  constructor(table: OrderTable) {
    this.table = table;
  }

  status(id: ClientOrderId): OrderStatus {
    assert(this.table.has(id), `order ${id} does not exist`);
    return this.table.status[id] as OrderStatus;
  }

  /** Notes the order as it is before a change. */
  keep(id: ClientOrderId): void {
    const before = this.before;
    before.status = this.status(id);
    before.formerStatus = this.table.formerStatus[id] as OrderStatus;
    before.reservedQty = this.table.reservedQty(id);
    before.sizedQty = this.table.reservedSizedQty(id);
  }

  /** Moves the order by the table and brings lists and sums level. False where the table does not permit it; quantities settle anyway. */
  move(id: ClientOrderId, input: OrderInput, ts: number): boolean {
    const { table } = this;
    const before = this.before;
    const next = this.#next(id, input);
    if (next !== NOT_PERMITTED) {
      table.formerStatus[id] = this.#nextFormer(id, input, next);
      table.status[id] = next;
      if (isOpenStatus(next) && !isOpenStatus(before.status)) table.open(id);
      if (isTerminalStatus(next) && isOpenStatus(before.status)) {
        table.close(id);
        this.clearPending(id);
      }
    }
    table.tsLast[id] = ts;
    table.settle(id, before.reservedQty, before.sizedQty);
    return next !== NOT_PERMITTED;
  }

  #next(id: ClientOrderId, input: OrderInput): OrderStatus | typeof NOT_PERMITTED {
    const next = nextStatus(this.status(id), input);
    if (next !== FORMER) return next;
    // A cancel that overtook a modify is refused: the modify is still to be answered.
    if (input === OrderInput.CANCEL_REJECT && this.table.pendingQty[id]! > 0) return OrderStatus.PENDING_MODIFY;
    return this.table.formerStatus[id] as OrderStatus;
  }

  /** While a request is pending, what the venue reports moves the former status by the same table. */
  #nextFormer(id: ClientOrderId, input: OrderInput, next: OrderStatus): OrderStatus {
    const former = this.table.formerStatus[id] as OrderStatus;
    if (!isPendingStatus(next)) return next;
    if (next !== this.before.status) return former;
    const moved = nextStatus(former, input);
    return moved === NOT_PERMITTED || moved === FORMER ? former : moved;
  }

  clearPending(id: ClientOrderId): void {
    this.table.pendingQty[id] = 0;
    this.table.pendingLimitPrice[id] = 0;
    this.table.pendingStopPrice[id] = 0;
  }

  /** True where the last {@link move} told something new. */
  hasChanged(id: ClientOrderId): boolean {
    return this.table.status[id] !== this.before.status || this.table.formerStatus[id] !== this.before.formerStatus;
  }

  /** What every order event carries. */
  facts(id: ClientOrderId, tsEvent: number, tsInit: number): OrderFacts {
    return { clientOrderId: id, strategy: this.table.strategy[id]!, instrument: this.table.instrument[id]!, tsEvent, tsInit };
  }
}
