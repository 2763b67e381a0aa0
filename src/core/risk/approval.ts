import { assert } from '../../base/assert.ts';
import type { Price, Quantity } from '../../model/instrument.ts';
import type { ClientOrderId } from '../../model/order.ts';
import { orderHash } from '../orders/order-hash.ts';
import type { Assessment } from './assessment.ts';
import { deny, type Control, type Denial } from './control.ts';
import { MissingValue } from './portfolio-view.ts';

/** Known to this module only: without it no approval can be made, not even by code that lies about its types. */
const MINT = Symbol('approval');

/**
 * The risk manager's yes to one new order: the only thing that the order manager submits for.
 *
 * It names the order by id and by the hash of what was judged, and it is good only until something changes what may fill.
 */
export class ApprovedOrder {
  /*
   * Private with getters rather than frozen: nobody outside can write them either, and freezing costs as much as the rest of a decision.
   */
  readonly #clientOrderId: ClientOrderId;
  readonly #hash: number;
  readonly #exposureVersion: number;
  readonly #decisionQty: Quantity;

  /** @internal made by {@link approveOrder} only */
  constructor(mint: symbol, clientOrderId: ClientOrderId, hash: number, exposureVersion: number, decisionQty: Quantity) {
    assert(mint === MINT, 'only the risk manager approves orders');
    this.#clientOrderId = clientOrderId;
    this.#hash = hash;
    this.#exposureVersion = exposureVersion;
    this.#decisionQty = decisionQty;
  }

  get clientOrderId(): ClientOrderId {
    return this.#clientOrderId;
  }

  get hash(): number {
    return this.#hash;
  }

  /** State of the order table that was judged. */
  get exposureVersion(): number {
    return this.#exposureVersion;
  }

  /** Quantity that the balance was reserved for; the order's own unless it is sized at the fill. */
  get decisionQty(): Quantity {
    return this.#decisionQty;
  }

  /** True for what this module made and what still says what it said then; false for a look-alike, also one painted over the real thing. */
  static isGenuine(approval: ApprovedOrder): boolean {
    return (
      #hash in approval &&
      approval.clientOrderId === approval.#clientOrderId &&
      approval.hash === approval.#hash &&
      approval.exposureVersion === approval.#exposureVersion &&
      approval.decisionQty === approval.#decisionQty
    );
  }
}

/** The risk manager's yes to new values for an open order. */
export class ApprovedModify {
  readonly #isApproved = true;
  readonly clientOrderId: ClientOrderId;
  readonly orderQty: Quantity;
  readonly limitPrice: Price;
  readonly stopPrice: Price;
  readonly hash: number;
  readonly exposureVersion: number;

  /** @internal made by {@link approveModify} only */
  constructor(mint: symbol, a: Assessment, hash: number, exposureVersion: number) {
    assert(mint === MINT, 'only the risk manager approves modifies');
    this.clientOrderId = a.id;
    this.orderQty = a.orderQty;
    this.limitPrice = a.limitPrice;
    this.stopPrice = a.stopPrice;
    this.hash = hash;
    this.exposureVersion = exposureVersion;
    Object.freeze(this);
  }

  static isGenuine(approval: ApprovedModify): boolean {
    return #isApproved in approval && approval.#isApproved;
  }
}

/**
 * Asks every control in turn; the first that denies speaks.
 * An exception inside a control denies too (law 7): what cannot be judged does not go.
 */
export function judge(controls: readonly Control[], assessment: Assessment): Denial | null {
  assert(controls.length > 0, 'a control table has controls');
  let place = 0;
  try {
    for (; place < controls.length; place += 1) {
      const denial = controls[place]!.check(assessment);
      if (denial !== null) return denial;
    }
    return null;
  } catch (error) {
    const { id, name } = controls[place]!;
    if (error instanceof MissingValue) return deny(id, error.code, error.message);
    const message = error instanceof Error ? error.message : String(error);
    return deny(id, 'RISK_CHECK_FAILED', `Control ${id} (${name}) failed: ${message}.`);
  }
}

/** Judges a new order and, if nothing speaks against it, makes its approval. */
export function approveOrder(controls: readonly Control[], a: Assessment): ApprovedOrder | Denial {
  const denial = judge(controls, a);
  if (denial !== null) return denial;
  const hash = orderHash(a.world.table, a.id, a.orderQty, a.limitPrice, a.stopPrice);
  return new ApprovedOrder(MINT, a.id, hash, a.world.table.exposureVersion, a.sizedQty);
}

/** Judges new values for an open order and, if nothing speaks against them, makes their approval. */
export function approveModify(controls: readonly Control[], a: Assessment): ApprovedModify | Denial {
  const denial = judge(controls, a);
  if (denial !== null) return denial;
  const hash = orderHash(a.world.table, a.id, a.orderQty, a.limitPrice, a.stopPrice);
  return new ApprovedModify(MINT, a, hash, a.world.table.exposureVersion);
}
