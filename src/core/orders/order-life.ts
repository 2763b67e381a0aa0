import { InvariantError } from '../../base/assert.ts';
import type { ClientOrderId } from '../../model/order.ts';
import { FORMER, isOpenStatus, isPendingStatus, nextStatus, NOT_PERMITTED, OrderInput, OrderStatus } from '../../model/order-status.ts';
import type { OrderTable } from './order-table.ts';

/** Where an order stood before a change. */
interface Before {
  status: OrderStatus;
  formerStatus: OrderStatus;
}

/**
 * Moves orders through the transition table and keeps the order table's lists and sums level with them.
 * A change is `keep`, then whatever quantities change, then `move`.
 */
export class OrderLife {
  readonly table: OrderTable;
  /** The order of the last {@link keep}, as it was. */
  readonly before: Before = { status: OrderStatus.INITIALIZED, formerStatus: OrderStatus.INITIALIZED };

  constructor(table: OrderTable) {
    this.table = table;
  }

  status(id: ClientOrderId): OrderStatus {
    if (!this.table.has(id)) throw new InvariantError(`order ${id} does not exist`);
    return this.table.status[id] as OrderStatus;
  }

  /** Notes the order as it is before a change. */
  keep(id: ClientOrderId): void {
    const { table, before } = this;
    before.status = this.status(id);
    before.formerStatus = table.formerStatus[id] as OrderStatus;
  }

  /** Moves the order by the table and brings lists and sums level. False where the table does not permit it; quantities settle anyway. Hot. */
  move(id: ClientOrderId, input: OrderInput, ts: number): boolean {
    const next = this.#turn(id, input, ts);
    this.table.settle(id);
    return next !== NOT_PERMITTED;
  }

  /** As {@link move}, where no quantity has changed since {@link keep}: sums change only when the order begins or ends. */
  moveStatus(id: ClientOrderId, input: OrderInput, ts: number): boolean {
    const next = this.#turn(id, input, ts);
    if (next === NOT_PERMITTED) return false;
    if (isOpenStatus(next) !== isOpenStatus(this.before.status)) this.table.settle(id);
    return true;
  }

  #turn(id: ClientOrderId, input: OrderInput, ts: number): OrderStatus | typeof NOT_PERMITTED {
    const { table, before } = this;
    const was = before.status;
    const next = this.#next(id, input);
    if (next !== NOT_PERMITTED && (next !== was || isPendingStatus(was))) {
      table.formerStatus[id] = isPendingStatus(next) ? this.#nextFormer(id, input, next) : next;
      table.status[id] = next;
      const isOpen = isOpenStatus(next);
      if (isOpen !== isOpenStatus(was)) {
        if (isOpen) table.open(id);
        else this.#close(id);
      }
    }
    table.tsLast[id] = ts;
    return next;
  }

  #close(id: ClientOrderId): void {
    this.table.close(id);
    this.clearPending(id);
  }

  #next(id: ClientOrderId, input: OrderInput): OrderStatus | typeof NOT_PERMITTED {
    const next = nextStatus(this.before.status, input);
    if (next !== FORMER) return next;
    // A cancel that overtook a modify is refused: the modify is still to be answered.
    if (input === OrderInput.CANCEL_REJECT && this.table.pendingQty[id]! > 0) return OrderStatus.PENDING_MODIFY;
    return this.table.formerStatus[id] as OrderStatus;
  }

  /** While a request is pending, what the venue reports moves the former status by the same table. */
  #nextFormer(id: ClientOrderId, input: OrderInput, next: OrderStatus): OrderStatus {
    const former = this.table.formerStatus[id] as OrderStatus;
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
}
