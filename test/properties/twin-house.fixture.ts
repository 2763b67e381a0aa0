import { type Desk, type Draft, type Row, Script, type Scenario } from './scenario.fixture.ts';

/*
 * The twin's house: what was asked for, what has been told, positions and money. See twin.fixture.ts.
 */

export const FOREVER = Number.MAX_SAFE_INTEGER;
/** Money is counted in 10^-8 dollars, prices in cents. */
const MONEY_PER_CENT = 1_000_000n;

export interface TwinOrder {
  readonly id: number;
  readonly draft: Draft;
  /** As the house knows it. */
  status: string;
  quantity: number;
  /** What the balance must bear of it: an order that is sized at the fill needs nothing before. */
  sized: number;
  filled: number;
  limit: number;
  stop: number;
  isCancelPending: boolean;
  change: { quantity: number; limit: number; stop: number } | null;
  /** As the venue knows it. */
  venue: {
    quantity: number;
    filled: number;
    valueFilled: bigint;
    limit: number;
    stop: number;
    lastTs: number;
    /** Takes part in what happens from here on. */
    sinceTs: number;
    isTriggered: boolean;
    isFirstChance: boolean;
    sitsOut: Row | null;
    isSized: boolean;
    /** On its way while the account was closed by force. */
    isRefused: boolean;
  };
}

export type Command =
  | { readonly kind: 'submit' | 'cancel' | 'judge'; readonly order: TwinOrder }
  | { readonly kind: 'modify'; readonly order: TwinOrder; readonly change: { quantity: number; limit: number; stop: number } };

export interface Report {
  readonly kind: 'accepted' | 'rejected' | 'triggered' | 'fill' | 'canceled' | 'expired' | 'modified' | 'cancelRejected' | 'modifyRejected';
  readonly order: TwinOrder;
  readonly ts: number;
  readonly quantity?: number;
  readonly price?: number;
  readonly commission?: bigint;
  readonly isMaker?: boolean;
  /** The order's whole quantity, where this fill has decided it. */
  readonly finalQuantity?: number | undefined;
  readonly limit?: number;
  readonly stop?: number;
}

interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

/** Rounds a fraction; a half goes to the even neighbor, or away from zero. */
function round({ over, under }: Fraction, half: 'even' | 'up'): bigint {
  const isNegative = over < 0n;
  const size = isNegative ? -over : over;
  const whole = size / under;
  const twice = (size % under) * 2n;
  const isUp = twice > under || (twice === under && (half === 'up' || whole % 2n === 1n));
  const rounded = isUp ? whole + 1n : whole;
  return isNegative ? -rounded : rounded;
}

const big = (value: bigint): bigint => (value < 0n ? -value : value);
const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const OPEN = new Set(['SUBMITTED', 'ACCEPTED', 'TRIGGERED', 'PARTIALLY_FILLED']);

export class TwinHouse {
  protected readonly s: Scenario;
  protected readonly script: Script;
  protected readonly orders: TwinOrder[] = [];
  protected readonly fills: string[] = [];
  /** How often the market came to what is rare. */
  protected readonly reached = new Map<string, number>();
  // The house: what it has been told.
  protected houseTs = 0;
  /** When the newest report arrived by its latency. */
  protected heardTs = 0;
  protected mark = 0;
  protected position = 0;
  protected cost = 0n;
  /** Oldest first; the cost carries the sign of the position. */
  protected lots: { quantity: number; cost: bigint }[] = [];
  protected cash: bigint;
  protected realized = 0n;
  protected commission = 0n;
  protected writtenOff = 0n;
  protected shares = 0;
  protected readonly outbox: Command[] = [];
  protected inbox: { readonly arriveTs: number; readonly report: Report }[] = [];

  constructor(scenario: Scenario) {
    this.s = scenario;
    this.cash = BigInt(scenario.account.openingDollars) * 100n * MONEY_PER_CENT;
    this.script = new Script(scenario, this.desk());
  }

  protected reach(what: string): void {
    this.reached.set(what, (this.reached.get(what) ?? 0) + 1);
  }

  // ---------------------------------------------------------------- money

  protected value(price: number, quantity: number): bigint {
    return BigInt(price) * BigInt(quantity) * BigInt(this.s.instrument.multiplier) * MONEY_PER_CENT;
  }

  /** What one fill costs: the fee of the order so far less what it was charged before, each rounded as the schedule says. */
  protected feeOf(price: number, quantity: number, isTaker: boolean, closing: number, quantityBefore: number, valueBefore: bigint): bigint {
    const { fee } = this.s;
    if (fee.kind === 'none') return 0n;
    const charge = (exact: Fraction): bigint =>
      fee.toCents ? round({ over: exact.over, under: exact.under * MONEY_PER_CENT }, 'up') * MONEY_PER_CENT : round(exact, 'even');
    const rate = (ppb: number, value: bigint): Fraction => ({ over: value * BigInt(ppb), under: 1_000_000_000n });
    if (fee.kind === 'percentage') {
      const charged = fee.on === 'both' ? quantity : fee.on === 'exit' ? closing : quantity - closing;
      return charge(rate(fee.ratePpb, this.value(price, charged)));
    }
    if (fee.kind === 'makerTaker') return charge(rate(isTaker ? fee.takerPpb : fee.makerPpb, this.value(price, quantity)));
    const ofOrder = (total: number, value: bigint): bigint => {
      // In 10^-17 dollars, where billionths and shares of value are both whole.
      const least = BigInt(fee.minBillionths) * 100_000_000n;
      const atLeast = most(BigInt(fee.rateBillionths) * BigInt(total) * 100_000_000n, least);
      const cap = fee.maxRatePpb === null ? atLeast : value * BigInt(fee.maxRatePpb);
      return charge({ over: cap < atLeast ? cap : atLeast, under: 1_000_000_000n });
    };
    const before = quantityBefore === 0 ? 0n : ofOrder(quantityBefore, valueBefore);
    return ofOrder(quantityBefore + quantity, valueBefore + this.value(price, quantity)) - before;
  }

  protected get isDelivered(): boolean {
    return this.s.instrument.kind === 'EQUITY';
  }

  /** Netting: a close takes its part of the cost; through zero the rest opens at the fill's price. */
  protected bookFill(side: 1 | -1, quantity: number, price: number, commission: bigint): void {
    const closing = this.position * side < 0 ? Math.min(quantity, Math.abs(this.position)) : 0;
    let realized = 0n;
    if (closing > 0) {
      const part = this.costOfClosing(closing);
      realized = BigInt(-side) * this.value(price, closing) - part;
      this.cost -= part;
    }
    const opening = BigInt(side) * this.value(price, quantity - closing);
    this.cost += opening;
    if (quantity > closing) this.lots.push({ quantity: quantity - closing, cost: opening });
    this.position += side * quantity;
    this.cash -= commission;
    if (this.isDelivered) {
      this.cash -= BigInt(side) * this.value(price, quantity);
      this.shares += side * quantity;
    } else this.cash += realized;
    this.realized += realized;
    this.commission += commission;
  }

  /** Average: the part of all that is held. First in, first out: whole lots from the oldest on, and of the last a part of its own cost. */
  protected costOfClosing(quantity: number): bigint {
    const average = round({ over: this.cost * BigInt(quantity), under: BigInt(Math.abs(this.position)) }, 'even');
    let left = quantity;
    let sum = 0n;
    while (left > 0) {
      const lot = this.lots[0]!;
      const taken = Math.min(left, lot.quantity);
      const part = round({ over: lot.cost * BigInt(taken), under: BigInt(lot.quantity) }, 'even');
      lot.quantity -= taken;
      lot.cost -= part;
      sum += part;
      left -= taken;
      if (lot.quantity === 0) this.lots.shift();
    }
    if (sum !== average) this.reach('close whose cost is another by lots than on average');
    return this.s.account.costMethod === 'FIFO' ? sum : average;
  }

  /** Null where the mark is not known. */
  protected equity(): bigint | null {
    if (this.position === 0) return this.cash;
    if (this.mark === 0) return null;
    return this.cash + this.value(this.mark, this.position) - (this.isDelivered ? 0n : this.cost);
  }

  protected marginOf(notional: bigint, ratePpb: number): bigint {
    const over = big(notional) * BigInt(ratePpb);
    const under = BigInt(this.s.account.leverage) * 1_000_000_000n;
    return (over + under - 1n) / under;
  }

  protected positionMargin(ratePpb: number): bigint {
    return this.marginOf(this.s.account.markedAt === 'ENTRY' ? this.cost : this.value(this.mark, this.position), ratePpb);
  }

  // ---------------------------------------------------------------- the house

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
