import { type Desk, type Draft, type Row, Script, type Scenario } from './scenario.fixture.ts';
import { most, TwinBooks } from './twin-books.fixture.ts';
import { type Command, FOREVER, type Report, type TwinOrder } from './twin-order.fixture.ts';

/*
 * The twin's house: what was asked for and what has been told. See twin.fixture.ts.
 */

const OPEN = new Set(['SUBMITTED', 'ACCEPTED', 'TRIGGERED', 'PARTIALLY_FILLED']);

export class TwinHouse extends TwinBooks {
  protected readonly script: Script;
  protected readonly orders: TwinOrder[] = [];
  protected readonly fills: string[] = [];
  // What it has been told.
  protected houseTs = 0;
  /** When the newest report arrived by its latency. */
  protected heardTs = 0;
  protected readonly outbox: Command[] = [];
  protected inbox: { readonly arriveTs: number; readonly report: Report }[] = [];

  constructor(scenario: Scenario) {
    super(scenario);
    this.script = new Script(scenario, this.desk());
  }

  protected markTo(row: Row): void {
    if (row.kind === 'bar') this.mark = row.close;
    else if (row.kind === 'trade') this.mark = row.price;
    else if (row.bid !== 0 && row.ask !== 0) this.mark = Math.floor((row.bid + row.ask) / 2);
  }

  protected statusOf(order: TwinOrder): string {
    if (!OPEN.has(order.status)) return order.status;
    if (order.isCancelPending) return 'PENDING_CANCEL';
    return order.change === null ? order.status : 'PENDING_MODIFY';
  }

  protected isOpen(order: TwinOrder): boolean {
    return OPEN.has(order.status);
  }

  /** What an order may still do, with the larger of its old and its pending quantity. */
  protected reserved(order: TwinOrder): number {
    return Math.max(0, Math.max(order.quantity, order.change?.quantity ?? 0) - order.filled);
  }

  /** Of that, what the balance must bear. */
  protected needed(order: TwinOrder): number {
    return Math.min(this.reserved(order), Math.max(0, order.sized - order.filled));
  }

  // ---------------------------------------------------------------- shares of equity

  /** The signed position that a share of equity comes to: the most whole lots whose value, with the fee of the order from `held` there, fit. */
  protected quantityOf(weightPpb: number, held: number, price: number, equity: bigint): number {
    const side = weightPpb < 0 ? -1 : 1;
    const budget = equity <= 0n ? 0n : (equity * BigInt(Math.abs(weightPpb))) / 1_000_000_000n;
    const { lot } = this.s.instrument;
    const feeTo = (position: number): bigint => {
      const change = position - held;
      return change === 0 ? 0n : this.feeOfWhole(change > 0 ? 1 : -1, Math.abs(change), price);
    };
    let quantity = Number(budget / this.value(price, lot)) * lot;
    while (quantity > 0 && this.value(price, quantity) + feeTo(side * quantity) > budget) quantity -= lot;
    return side * quantity;
  }

  /** What an order sized at the fill comes to at this price: never more than stated, nothing where it has no way to go or cannot be borne. */
  protected sizeAt(order: TwinOrder, price: number): number {
    const { side, weightPpb } = order.draft;
    const mark = this.mark;
    this.mark = price;
    const wanted = this.quantityOf(weightPpb!, this.position, price, this.equity()!);
    const wished = (wanted - this.position) * side;
    const quantity = Math.min(wished, order.draft.quantity);
    const isGood = quantity > 0 && this.isWellFormed(order.draft, quantity, 0, 0) && this.isBearable(order, quantity, 0, price);
    this.mark = mark;
    this.reach(isGood ? 'order sized at the fill' : 'order sized at the fill to nothing');
    if (isGood && quantity < wished) this.reach('order sized at the fill, cut at its maximum');
    return isGood ? quantity : 0;
  }

  protected born(draft: Draft): TwinOrder {
    const { quantity, limit, stop } = draft;
    const order: TwinOrder = {
      id: this.orders.length + 1,
      draft,
      status: 'DENIED',
      quantity,
      sized: draft.weightPpb === undefined ? FOREVER : 0,
      filled: 0,
      limit,
      stop,
      isCancelPending: false,
      change: null,
      venue: {
        quantity,
        filled: 0,
        valueFilled: 0n,
        limit,
        stop,
        lastTs: FOREVER,
        sinceTs: 0,
        isTriggered: false,
        isFirstChance: draft.type === 'MARKET' || draft.type === 'LIMIT',
        sitsOut: null,
        isSized: draft.weightPpb === undefined,
        isRefused: false,
      },
    };
    this.orders.push(order);
    return order;
  }

  protected desk(): Desk {
    const twin = this;
    return {
      get now() {
        return twin.houseTs;
      },
      get lastPrice() {
        return twin.mark;
      },
      get position() {
        return twin.position;
      },
      openOrders: () =>
        this.orders
          .filter((order) => this.isOpen(order))
          .map(({ id, limit, stop }) => ({ id, hasLimit: limit !== 0, hasStop: stop !== 0 })),
      submit: (draft) => {
        const order = this.born(draft);
        if (
          !this.isWellFormed(draft, draft.quantity, draft.limit, draft.stop) ||
          (draft.timeInForce === 'GTD' && draft.expireTs <= this.houseTs)
        )
          return;
        if (draft.postOnly && (draft.type !== 'LIMIT' || this.isImmediate(order))) return;
        if (!this.isBearable(order, draft.quantity, 0, this.priceOf(order, draft.limit, draft.stop))) return;
        order.status = 'SUBMITTED';
        this.outbox.push({ kind: 'submit', order });
      },
      target: ({ weightPpb, maxTenths, timeInForce }) => {
        const { lot } = this.s.instrument;
        const underWay = this.orders.filter((order) => this.isOpen(order) && order.draft.type === 'MARKET');
        const expected = underWay.reduce((sum, order) => sum + order.draft.side * this.needed(order), this.position);
        const change = this.quantityOf(weightPpb, expected, this.mark, this.equity()!) - expected;
        if (change === 0) return;
        const quantity = Math.max(1, Math.ceil((Math.abs(change) * maxTenths) / (10 * lot))) * lot;
        const side = change > 0 ? 1 : -1;
        const plain = { limit: 0, stop: 0, expireTs: 0, postOnly: false, reduceOnly: false };
        const order = this.born({ ...plain, side, type: 'MARKET', quantity, timeInForce, weightPpb });
        if (!this.isBearable(order, 0, 0, this.mark)) return;
        order.status = 'SUBMITTED';
        this.outbox.push({ kind: 'submit', order });
      },
      cancel: (id) => {
        const order = this.orders[id - 1]!;
        if (!this.isOpen(order) || order.isCancelPending) return;
        order.isCancelPending = true;
        this.outbox.push({ kind: 'cancel', order });
      },
      modify: (id, quantity, limit, stop) => {
        const order = this.orders[id - 1]!;
        if (!this.isOpen(order) || order.isCancelPending || order.change !== null || !this.isWellFormed(order.draft, quantity, limit, stop))
          return;
        const leaves = Math.max(0, Math.max(quantity, order.quantity) - order.filled);
        const price = this.priceOf(order, limit, stop);
        const former = this.priceOf(order, order.limit, order.stop);
        if (!this.isBearable(order, leaves, this.reserved(order), price === null || former === null ? null : Math.max(price, former)))
          return;
        order.change = { quantity, limit, stop };
        this.outbox.push({ kind: 'modify', order, change: order.change });
      },
    };
  }

  protected isImmediate(order: TwinOrder): boolean {
    return order.draft.timeInForce === 'IOC' || order.draft.timeInForce === 'FOK';
  }

  protected isWellFormed(draft: Draft, quantity: number, limit: number, stop: number): boolean {
    const { tick, lot } = this.s.instrument;
    if (quantity < 1 || (!draft.reduceOnly && quantity % lot !== 0)) return false;
    return limit % tick === 0 && stop % tick === 0;
  }

  /** Price that an order counts at: a buy's limit, else the higher of its own price and the mark; null where there is none. */
  protected priceOf(order: TwinOrder, limit: number, stop: number): number | null {
    if (order.draft.side > 0 && limit !== 0) return limit;
    const price = Math.max(limit !== 0 ? limit : stop, this.mark);
    return price === 0 ? null : price;
  }

  /** C-28 and C-14: may the order stand at `leaves`, of which `own` are counted already? */
  protected isBearable(order: TwinOrder, leaves: number, own: number, price: number | null): boolean {
    const { side } = order.draft;
    const others = this.orders.filter((other) => other !== order && this.isOpen(other));
    const onSide = (way: number): number =>
      others.filter((other) => other.draft.side === way).reduce((sum, other) => sum + this.needed(other), 0);
    const ahead = others.filter((other) => other.draft.side === side).reduce((sum, other) => sum + this.reserved(other), 0);
    if (order.draft.reduceOnly && ahead + leaves > Math.max(0, -side * this.position)) return false;
    if (this.s.account.type === 'CASH') return this.isPaidFor(order, leaves, price, others, onSide(-1));
    const worst = side * this.position + onSide(side) + leaves;
    const before = side * this.position + onSide(side) + own;
    if (worst <= Math.max(0, before)) return true;
    const equity = this.equity();
    if (price === null || equity === null) return false;
    const fees = this.feeEstimate(side, leaves, price) + this.feeEstimate(1, onSide(1), price) + this.feeEstimate(-1, onSide(-1), price);
    const rate = 1_000_000_000;
    const now = this.marginOf(this.value(this.mark !== 0 ? this.mark : price, this.position), rate);
    const needed = this.marginOf(this.value(price, worst), rate) - now + fees;
    const free = equity - this.positionMargin(rate);
    const isWayOut = side * this.position < 0 && worst <= Math.abs(this.position) && needed <= 0n;
    if (isWayOut && needed > free) this.reach('way out through zero though margin is short');
    return isWayOut || needed <= free;
  }

  protected isPaidFor(order: TwinOrder, leaves: number, price: number | null, others: readonly TwinOrder[], openSells: number): boolean {
    if (order.draft.side < 0) return openSells + leaves <= this.shares;
    if (price === null) return false;
    let needed = this.value(price, leaves) + this.feeEstimate(1, leaves, price);
    for (const other of others.filter((candidate) => candidate.draft.side > 0)) {
      const at = this.priceOf(other, Math.max(other.limit, other.change?.limit ?? 0), Math.max(other.stop, other.change?.stop ?? 0));
      if (at === null) return false;
      needed += this.value(at, this.needed(other)) + this.feeEstimate(1, this.needed(other), at);
    }
    return needed <= this.cash;
  }

  /** As a taker of a whole order; a rebate does not count. */
  protected feeEstimate(side: 1 | -1, quantity: number, price: number): bigint {
    return quantity === 0 ? 0n : most(0n, this.feeOfWhole(side, quantity, price));
  }

  protected feeOfWhole(side: 1 | -1, quantity: number, price: number): bigint {
    const closing = this.position * side < 0 ? Math.min(quantity, Math.abs(this.position)) : 0;
    return this.feeOf(price, quantity, true, closing, 0, 0n);
  }

  protected learn(report: Report): void {
    const { order } = report;
    const wasOpen = this.isOpen(order);
    const end = (status: string): void => {
      if (!wasOpen) return;
      order.status = status;
      order.change = null;
      if (status !== 'FILLED') this.script.onEnded();
    };
    switch (report.kind) {
      case 'accepted':
        if (order.status === 'SUBMITTED') order.status = 'ACCEPTED';
        return;
      case 'triggered':
        if (order.status === 'SUBMITTED' || order.status === 'ACCEPTED') order.status = 'TRIGGERED';
        return;
      case 'rejected':
        return end('REJECTED');
      case 'canceled':
        return end('CANCELED');
      case 'expired':
        return end('EXPIRED');
      case 'cancelRejected':
        order.isCancelPending = false;
        return;
      case 'modifyRejected':
        order.change = null;
        if (wasOpen && order.filled >= order.quantity) end('FILLED');
        return;
      case 'modified':
        if (!wasOpen) return;
        [order.quantity, order.limit, order.stop] = [Math.max(report.quantity!, order.filled), report.limit!, report.stop!];
        order.change = null;
        if (order.quantity === order.filled) end('FILLED');
        return;
      case 'fill': {
        const { quantity, price, commission } = report as Required<Report>;
        if (report.finalQuantity !== undefined) order.quantity = order.sized = report.finalQuantity;
        order.filled += quantity;
        order.quantity = Math.max(order.quantity, Math.min(order.filled, order.change?.quantity ?? 0));
        if (order.filled >= Math.max(order.quantity, order.change?.quantity ?? 0)) end('FILLED');
        else if (wasOpen) order.status = 'PARTIALLY_FILLED';
        this.bookFill(order.draft.side, quantity, price, commission);
        this.fills.push(
          `${order.id} ${order.draft.side * quantity}@${price} ${report.ts} ${commission} ${report.isMaker ? 'maker' : 'taker'}`,
        );
        this.script.onFill();
      }
    }
  }
}
