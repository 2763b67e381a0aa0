import { assert, InvariantError } from '../../base/assert.ts';
import type { Price, Quantity } from '../../model/instrument.ts';
import { clientOrderIdText, type ClientOrderId } from '../../model/order.ts';
import type { OrderTable } from '../orders/order-table.ts';
import type { Assessment } from './assessment.ts';
import type { Denial } from './control.ts';
import type { ControlPanel } from './controls/control-panel.ts';

/** Known to this module only: without it no approval can be made, not even by code that lies about its types. */
const MINT = Symbol('approval');

const STALE_APPROVAL = 'an approval is used in the step that gave it: what is in flight has changed since';

/**
 * The risk manager's yes to one new order: the only thing that the order manager submits for.
 *
 * It is good only while what was judged is still before the controls, the order still has every value that was judged, and nothing has changed
 * what may fill.
 */
export class ApprovedOrder {
  /*
   * Private with getters rather than frozen: nobody outside can write them either, and freezing costs as much as the rest of a decision.
   */
  readonly #judged: Assessment;
  readonly #serial: number;
  readonly #exposureVersion: number;
  readonly #id: ClientOrderId;
  readonly #decisionQty: Quantity;

  /** @internal made by {@link approveOrder} only */
  constructor(mint: symbol, a: Assessment) {
    assert(mint === MINT, 'only the risk manager approves orders');
    this.#judged = a;
    this.#serial = a.serial;
    this.#exposureVersion = a.world.table.exposureVersion;
    this.#id = a.id;
    this.#decisionQty = a.sizedQty;
  }

  get clientOrderId(): ClientOrderId {
    return this.#id;
  }

  /** Quantity that the balance was reserved for; the order's own unless it is sized at the fill. */
  get decisionQty(): Quantity {
    return this.#decisionQty;
  }

  /**
   * Looks at an approval before its order is sent: it was made here, says outside what it says inside, is of the order as it is now, and
   * nothing has happened since it was given. What is sent is what it says inside. Hot.
   *
   * @throws InvariantError where any of that is not so
   */
  static check(approval: ApprovedOrder, table: OrderTable): void {
    // A look-alike has no private fields; the real thing, painted over, has others on top of them.
    const isGenuine = #judged in approval && approval.clientOrderId === approval.#id && approval.decisionQty === approval.#decisionQty;
    if (!isGenuine) throw new InvariantError('only an approval of the risk manager sends an order');
    const id = approval.#id;
    if (approval.#judged.serial !== approval.#serial) throw new InvariantError(STALE_APPROVAL);
    const isAsJudged = approval.#judged.holds(table, table.orderQty[id]!, table.limitPrice[id]!, table.stopPrice[id]!);
    if (!isAsJudged) throw new InvariantError(`${clientOrderIdText(id)} is not what was approved`);
    if (approval.#exposureVersion !== table.exposureVersion) throw new InvariantError(STALE_APPROVAL);
  }

  /** What {@link check} has looked at, whatever has been painted on the approval. */
  static orderOf(approval: ApprovedOrder): ClientOrderId {
    return approval.#id;
  }

  static decisionQtyOf(approval: ApprovedOrder): Quantity {
    return approval.#decisionQty;
  }
}

/** The risk manager's yes to new values for an open order. */
export class ApprovedModify {
  readonly #judged: Assessment;
  readonly #serial: number;
  readonly #exposureVersion: number;
  readonly clientOrderId: ClientOrderId;
  readonly orderQty: Quantity;
  readonly limitPrice: Price;
  readonly stopPrice: Price;

  /** @internal made by {@link approveModify} only */
  constructor(mint: symbol, a: Assessment) {
    assert(mint === MINT, 'only the risk manager approves modifies');
    this.#judged = a;
    this.#serial = a.serial;
    this.#exposureVersion = a.world.table.exposureVersion;
    this.clientOrderId = a.id;
    this.orderQty = a.orderQty;
    this.limitPrice = a.limitPrice;
    this.stopPrice = a.stopPrice;
    Object.freeze(this);
  }

  /** As {@link ApprovedOrder.check}. What it says outside is frozen, so it is what it says inside. */
  static check(approval: ApprovedModify, table: OrderTable): void {
    assert(#judged in approval, 'only an approval of the risk manager modifies an order');
    const { clientOrderId, orderQty, limitPrice, stopPrice } = approval;
    assert(approval.#judged.serial === approval.#serial, STALE_APPROVAL);
    const isAsJudged = approval.#judged.holds(table, orderQty, limitPrice, stopPrice);
    if (!isAsJudged) throw new InvariantError(`${clientOrderIdText(clientOrderId)} is not what was approved`);
    assert(approval.#exposureVersion === table.exposureVersion, STALE_APPROVAL);
  }
}

/** Judges a new order and, if nothing speaks against it, makes its approval. */
export function approveOrder(controls: ControlPanel, a: Assessment): ApprovedOrder | Denial {
  return controls.judge(a) ?? new ApprovedOrder(MINT, a);
}

/** Judges new values for an open order and, if nothing speaks against them, makes their approval. */
export function approveModify(controls: ControlPanel, a: Assessment): ApprovedModify | Denial {
  return controls.judge(a) ?? new ApprovedModify(MINT, a);
}
