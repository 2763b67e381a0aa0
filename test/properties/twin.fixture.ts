import type { Outcome } from './engine-side.fixture.ts';
import { type Desk, type Draft, type Row, Script, type Scenario } from './scenario.fixture.ts';

/*
 * The whole backtest a second time: slow and obvious, written from docs/concepts (fills, orders, fees, accounts-and-positions, risk), with
 * nothing of src in it. A bar's path is walked tick by tick, every row is looked at, money is a fraction of big integers.
 */

const DAY_US = 86_400_000_000;
const FOREVER = Number.MAX_SAFE_INTEGER;
/** Money is counted in 10^-8 dollars, prices in cents. */
const MONEY_PER_CENT = 1_000_000n;

interface TwinOrder {
  readonly id: number;
  readonly draft: Draft;
  /** As the house knows it. */
  status: string;
  quantity: number;
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
  };
}

type Command =
  | { readonly kind: 'submit' | 'cancel'; readonly order: TwinOrder }
  | { readonly kind: 'modify'; readonly order: TwinOrder; readonly change: { quantity: number; limit: number; stop: number } };

interface Report {
  readonly kind: 'accepted' | 'rejected' | 'triggered' | 'fill' | 'canceled' | 'expired' | 'modified' | 'cancelRejected' | 'modifyRejected';
  readonly order: TwinOrder;
  readonly ts: number;
  readonly quantity?: number;
  readonly price?: number;
  readonly commission?: bigint;
  readonly isMaker?: boolean;
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

export class Twin {
  private readonly s: Scenario;
  private readonly script: Script;
  private readonly orders: TwinOrder[] = [];
  private readonly fills: string[] = [];
  // The house: what it has been told.
  private houseTs = 0;
  /** When the newest report arrived by its latency. */
  private heardTs = 0;
  private mark = 0;
  private position = 0;
  private cost = 0n;
  private cash: bigint;
  private realized = 0n;
  private commission = 0n;
  private writtenOff = 0n;
  private shares = 0;
  private readonly outbox: Command[] = [];
  private inbox: { readonly arriveTs: number; readonly report: Report }[] = [];
  // Between house and venue.
  private onTheWay: { readonly dueTs: number; readonly command: Command }[] = [];
  private onTheWayBack: { readonly arriveTs: number; readonly report: Report }[] = [];
  // The venue.
  private venueTs = 0;
  private book: TwinOrder[] = [];
  private held = 0;
  private bid = 0;
  private ask = 0;
  private last = 0;
  private quoteTs = -1;
  private tradeTs = -1;
  private lastBarClose = 0;
  private poolRow: Row | null = null;
  private poolBuy = 0;
  private poolSell = 0;
  /** The row whose path is being walked, and where its prices stand. */
  private walk: { row: Row; isJump: boolean; startTs: number; eventTs: number; buyAt: number; sellAt: number } | null = null;

  constructor(scenario: Scenario) {
    this.s = scenario;
    this.cash = BigInt(scenario.account.openingDollars) * 100n * MONEY_PER_CENT;
    this.script = new Script(scenario, this.desk());
  }

  run(): Outcome {
    for (const row of this.s.rows) {
      this.settle(row.ts);
      this.walkRow(row);
      this.seeRow(row);
      this.settle(row.ts);
      this.houseTs = Math.max(this.houseTs, row.ts);
      this.markTo(row);
      this.script.onRow();
      this.carryOut();
      this.liquidate();
    }
    return {
      orders: this.orders.map((order) => `${order.id} ${this.statusOf(order)} ${order.filled}/${order.quantity}`),
      fills: this.fills,
      books: [
        `position ${this.position}`,
        `CASH ${this.cash}`,
        `TRADING ${this.isDelivered ? this.cost : 0n}`,
        `REALIZED_PNL ${-this.realized}`,
        `COMMISSION ${this.commission}`,
        `LIQUIDATION_WRITE_OFF ${this.writtenOff}`,
      ],
    };
  }

  // ---------------------------------------------------------------- time

  /** Everything that is due up to a time, in order: what expires, what arrives at the venue, what arrives at the house. */
  private settle(until: number): void {
    for (;;) {
      const dueTs = Math.min(
        ...this.book.map((order) => order.venue.lastTs + 1), ...this.onTheWay.slice(0, 1).map((item) => item.dueTs),
        ...this.onTheWayBack.slice(0, 1).map((item) => item.arriveTs), Number.POSITIVE_INFINITY,
      );
      if (dueTs > until) return;
      this.venueTs = Math.max(this.venueTs, dueTs);
      for (const order of this.book.filter((candidate) => candidate.venue.lastTs < dueTs)) {
        this.leave(order);
        this.report({ kind: 'expired', order, ts: order.venue.lastTs });
      }
      while (this.onTheWay.length > 0 && this.onTheWay[0]!.dueTs <= dueTs) {
        const { command, dueTs: ts } = this.onTheWay.shift()!;
        this.perform(command, ts);
      }
      this.letArrive();
      this.carryOut();
    }
  }

  private letArrive(): void {
    while (this.onTheWayBack.length > 0 && this.onTheWayBack[0]!.arriveTs <= this.venueTs) this.inbox.push(this.onTheWayBack.shift()!);
  }

  /** Reports to the house, then one command at a time to the venue, until nothing more happens. */
  private carryOut(): void {
    for (;;) {
      if (this.inbox.length > 0) {
        const arrived = this.inbox;
        this.inbox = [];
        this.houseTs = Math.max(this.houseTs, this.venueTs);
        for (const { arriveTs, report } of arrived) {
          this.heardTs = arriveTs;
          this.learn(report);
        }
        continue;
      }
      const command = this.outbox.shift();
      if (command === undefined) return;
      // Inside a bar a reply leaves when the house has heard, which is after the event it replies to.
      const presentTs = this.walk?.eventTs ?? this.houseTs;
      const dueTs = (this.walk === null ? this.houseTs : Math.max(presentTs, this.heardTs)) + this.s.orderEntryUs;
      // Nothing overtakes what was sent before it.
      if (dueTs === presentTs && !(this.onTheWay.length > 0 && this.onTheWay[0]!.dueTs <= dueTs)) this.perform(command, dueTs);
      else {
        const at = this.onTheWay.findIndex((item) => item.dueTs > dueTs);
        this.onTheWay.splice(at < 0 ? this.onTheWay.length : at, 0, { dueTs, command });
      }
    }
  }

  private report(report: Report): void {
    const before = this.onTheWayBack.at(-1)?.arriveTs ?? 0;
    const arriveTs = Math.max(report.ts + this.s.responseUs, before);
    if (this.s.responseUs === 0 || (arriveTs <= this.venueTs && this.onTheWayBack.length === 0)) this.inbox.push({ arriveTs, report });
    else this.onTheWayBack.push({ arriveTs, report });
  }

  // ---------------------------------------------------------------- the venue: rows

  private matches(row: Row): boolean {
    return this.s.matchOn.includes(row.kind);
  }

  private openPool(row: Row): void {
    if (this.poolRow === row) return;
    this.poolRow = row;
    const share = (quantity: number): number => {
      const { volumeShare } = this.s.rules;
      const { lot } = this.s.instrument;
      return volumeShare === null ? FOREVER : Math.floor((quantity * volumeShare.numerator) / (volumeShare.denominator * lot)) * lot;
    };
    if (row.kind === 'quote') [this.poolBuy, this.poolSell] = [share(row.askSize), share(row.bidSize)];
    else this.poolBuy = this.poolSell = share(row.kind === 'bar' ? row.volume : row.quantity);
  }

  private seeRow(row: Row): void {
    this.openPool(row);
    this.venueTs = Math.max(this.venueTs, row.ts);
    if (row.kind === 'quote') {
      [this.bid, this.ask, this.quoteTs] = [row.bid, row.ask, row.ts];
      return;
    }
    [this.last, this.tradeTs] = [row.kind === 'bar' ? row.close : row.price, row.ts];
    if (row.kind === 'bar') this.lastBarClose = row.ts;
  }

  /** The points of a row's path as [price for buys, price for sells, time]. */
  private pointsOf(row: Row): readonly (readonly [number, number, number])[] {
    if (row.kind === 'trade') return [[row.price, row.price, row.ts]];
    if (row.kind === 'quote') return [[row.ask, row.bid, row.ts]];
    const start = Math.max(row.tsOpen, this.lastBarClose);
    const span = row.ts - start;
    const isHighNearest = row.high - row.open <= row.open - row.low;
    const isHighFirst = { openHighLowClose: true, openLowHighClose: false, nearestFirst: isHighNearest, worstFirst: this.isHighWorst(isHighNearest) }[this.s.rules.path];
    const extremes = isHighFirst ? [row.high, row.low] : [row.low, row.high];
    return [
      [row.open, row.open, start],
      [extremes[0]!, extremes[0]!, start + Math.floor(span / 3)],
      [extremes[1]!, extremes[1]!, start + Math.floor((2 * span) / 3)],
      [row.close, row.close, row.ts],
    ];
  }

  private isHighWorst(isHighNearest: boolean): boolean {
    if (this.held !== 0) return this.held < 0;
    if (this.book.every((order) => order.draft.side > 0)) return true;
    if (this.book.every((order) => order.draft.side < 0)) return false;
    return isHighNearest;
  }

  private walkRow(row: Row): void {
    this.venueTs = Math.max(this.venueTs, row.ts);
    if (!this.matches(row) || this.book.length === 0) return;
    this.openPool(row);
    const points = this.pointsOf(row);
    let [buyFrom, sellFrom] = row.kind === 'quote' ? [this.ask, this.bid] : [this.last, this.last];
    for (const [at, [buyTo, sellTo, ts]] of points.entries()) {
      const isJump = at === 0;
      this.walk = { row, isJump, startTs: isJump ? ts : points[at - 1]![2], eventTs: ts, buyAt: isJump ? buyTo : buyFrom, sellAt: isJump ? sellTo : sellFrom };
      // What the end of the move before called forth.
      this.carryOut();
      if (isJump) this.jump(buyFrom === 0 ? buyTo : buyFrom, sellFrom === 0 ? sellTo : sellFrom);
      else this.move(buyTo);
      this.endMove(buyTo, sellTo);
      [buyFrom, sellFrom] = [buyTo, sellTo];
    }
    this.walk = null;
    this.seeRow(row);
    this.carryOut();
  }

  /** Lets commands take effect whose time has come by the start of the present move. */
  private heed(): boolean {
    const head = this.onTheWay[0];
    if (head === undefined || head.dueTs > this.walk!.startTs) return false;
    this.onTheWay.shift();
    this.perform(head.command, head.dueTs);
    this.carryOut();
    return true;
  }

  private takesPart(order: TwinOrder): boolean {
    return order.venue.sinceTs <= this.walk!.startTs && order.venue.sitsOut !== this.walk!.row && order.venue.lastTs >= this.walk!.row.ts;
  }

  /** An opening price, a trade, a quote: market orders first, then in the order of the prices jumped over, then by arrival. */
  private jump(buyFrom: number, sellFrom: number): void {
    for (;;) {
      if (this.heed()) continue;
      let first: TwinOrder | null = null;
      let firstPlace = Number.POSITIVE_INFINITY;
      for (const order of this.book) {
        const place = this.takesPart(order) ? this.placeInJump(order, order.draft.side > 0 ? buyFrom : sellFrom) : null;
        if (place !== null && place < firstPlace) [first, firstPlace] = [order, place];
      }
      if (first === null) return;
      const { row } = this.walk!;
      const to = this.priceInWalk(first);
      if (this.acts(first) === 'STOP') this.trigger(first, to, this.walk!.eventTs);
      else {
        const isTaker = this.acts(first) === 'MARKET' || first.venue.isFirstChance;
        this.execute(first, isTaker || row.kind === 'bar' ? to : first.venue.limit, isTaker, this.walk!.eventTs);
      }
      this.carryOut();
    }
  }

  /** Where in a jump an order's turn is: −1 market orders, 0 what was reached before it, 1 what only the end reaches; null for never. */
  private placeInJump(order: TwinOrder, from: number): number | null {
    const { side } = order.draft;
    const to = this.priceInWalk(order);
    if (to === 0) return null;
    const acts = this.acts(order);
    if (acts !== 'STOP' && this.available(order) === 0) return null;
    if (acts === 'MARKET') return -1;
    const level = acts === 'STOP' ? order.venue.stop : this.goal(order);
    const way = acts === 'STOP' ? side : -side;
    if (way * (to - level) >= 0) return way * (from - level) >= 0 ? 0 : (level - from) / (to - from);
    const opensBeyondLimit = acts === 'LIMIT' && this.walk!.row.kind === 'bar' && side * (to - order.venue.limit) < 0;
    return opensBeyondLimit ? 1 : null;
  }

  /** From where the price stands to the next point of a bar, through every price between. */
  private move(to: number): void {
    const walk = this.walk!;
    for (;;) {
      if (this.heed()) continue;
      const at = walk.buyAt;
      const order = this.book.find((candidate) => this.takesPart(candidate) && this.reactsAt(candidate, at));
      if (order !== undefined) {
        if (this.acts(order) === 'STOP') this.trigger(order, at, walk.eventTs);
        else {
          const isTaker = order.venue.isFirstChance || order.draft.side * (at - this.goal(order)) < 0;
          this.execute(order, isTaker ? at : order.venue.limit, isTaker, walk.eventTs);
        }
        this.carryOut();
      } else if (at === to) return;
      else walk.buyAt = walk.sellAt = at + Math.sign(to - at);
    }
  }

  private reactsAt(order: TwinOrder, price: number): boolean {
    const acts = this.acts(order);
    if (acts === 'STOP') return order.draft.side * (price - order.venue.stop) >= 0;
    return acts === 'LIMIT' && order.draft.side * (price - this.goal(order)) <= 0 && this.available(order) > 0;
  }

  /** The first chance is over: what may not rest is canceled, a limit whose price is not there begins to rest. */
  private endMove(buyTo: number, sellTo: number): void {
    const walk = this.walk!;
    for (const order of [...this.book]) {
      const to = order.draft.side > 0 ? buyTo : sellTo;
      if (!order.venue.isFirstChance || !this.takesPart(order) || to === 0) continue;
      if (this.acts(order) === 'MARKET' && !walk.isJump) continue;
      if (this.isImmediate(order)) this.kill(order, walk.eventTs);
      else if (this.acts(order) === 'LIMIT') order.venue.isFirstChance = order.draft.side * (to - order.venue.limit) <= 0;
    }
  }

  // ---------------------------------------------------------------- the venue: orders

  private perform(command: Command, ts: number): void {
    const { order } = command;
    if (command.kind === 'submit') this.accept(order, ts);
    else if (!this.book.includes(order)) this.report({ kind: command.kind === 'cancel' ? 'cancelRejected' : 'modifyRejected', order, ts });
    else if (command.kind === 'cancel') this.cancel(order, ts);
    else if (command.kind === 'modify') this.alter(order, command.change, ts);
  }

  private accept(order: TwinOrder, ts: number): void {
    const { draft, venue } = order;
    const isLate = draft.timeInForce === 'GTD' && draft.expireTs < ts;
    const cannotReduce = draft.reduceOnly && this.reducible(draft.side) === 0;
    const wouldTake = draft.postOnly && draft.type === 'LIMIT' && this.isMarketable(order, venue.limit);
    if (isLate || cannotReduce || wouldTake) return this.report({ kind: 'rejected', order, ts });
    if (draft.timeInForce === 'GTD') venue.lastTs = draft.expireTs;
    if (draft.timeInForce === 'DAY') venue.lastTs = (Math.floor(ts / DAY_US) + 1) * DAY_US;
    venue.sinceTs = this.walk === null ? ts : 0;
    this.book.push(order);
    this.report({ kind: 'accepted', order, ts });
    this.judge(order, ts);
  }

  private alter(order: TwinOrder, change: { quantity: number; limit: number; stop: number }, ts: number): void {
    const { venue, draft } = order;
    const stop = venue.isTriggered ? venue.stop : change.stop;
    if (draft.postOnly && this.acts(order) === 'LIMIT' && this.isMarketable(order, change.limit)) return this.report({ kind: 'modifyRejected', order, ts });
    const losesPlace = change.limit !== venue.limit || stop !== venue.stop || change.quantity > venue.quantity;
    [venue.quantity, venue.limit, venue.stop] = [Math.max(change.quantity, venue.filled), change.limit, stop];
    this.report({ kind: 'modified', order, ts, quantity: venue.quantity, limit: venue.limit, stop: venue.stop });
    if (venue.quantity === venue.filled) return this.leave(order);
    if (!losesPlace) return;
    this.leave(order);
    this.book.push(order);
    venue.sinceTs = this.walk === null ? ts : 0;
    venue.isFirstChance = this.acts(order) !== 'STOP';
    this.judge(order, ts);
  }

  private judge(order: TwinOrder, ts: number): void {
    const price = this.priceNow(order.draft.side);
    const acts = this.acts(order);
    const isAtOnce = ['thisClose', 'last', 'touch'].includes(this.s.rules.market);
    const mayTrade = price !== 0 && (isAtOnce || this.walk !== null);
    if (acts === 'STOP') {
      if (mayTrade && order.draft.side * (price - order.venue.stop) >= 0) this.trigger(order, price, ts);
    } else if (acts === 'MARKET') {
      if (mayTrade && isAtOnce) this.take(order, price, ts);
      else if (this.walk !== null) order.venue.sitsOut = this.walk.row;
    } else if (mayTrade && this.isMarketable(order, order.venue.limit)) this.take(order, price, ts);
    else if (mayTrade && this.isImmediate(order)) this.kill(order, ts);
    else if (price !== 0 && !this.isImmediate(order) && !this.isMarketable(order, order.venue.limit)) order.venue.isFirstChance = false;
  }

  private trigger(order: TwinOrder, price: number, ts: number): void {
    order.venue.isTriggered = true;
    this.report({ kind: 'triggered', order, ts });
    if (order.draft.type === 'STOP') return this.take(order, price, ts);
    const isThere = order.draft.side * (price - order.venue.limit) <= 0;
    if (this.s.rules.triggeredLimit === 'nextBar' && this.walk?.row.kind === 'bar') {
      order.venue.sitsOut = this.walk.row;
      order.venue.isFirstChance = isThere || this.isImmediate(order);
    } else if (isThere) this.take(order, price, ts);
    else if (this.isImmediate(order)) this.kill(order, ts);
  }

  private take(order: TwinOrder, price: number, ts: number): void {
    this.execute(order, price, true, ts);
    order.venue.isFirstChance = true;
    if (this.isImmediate(order) && this.book.includes(order)) this.kill(order, ts);
  }

  private execute(order: TwinOrder, price: number, isTaker: boolean, ts: number): void {
    const { draft, venue } = order;
    if (isTaker && draft.postOnly) return this.cancel(order, ts);
    if (this.available(order) === 0) return;
    const leaves = venue.quantity - venue.filled;
    const wanted = draft.reduceOnly ? Math.min(leaves, this.reducible(draft.side)) : leaves;
    if (wanted === 0) return this.cancel(order, ts);
    const quantity = this.available(order, wanted);
    if (draft.timeInForce === 'FOK' && quantity < leaves) return this.kill(order, ts);
    if (quantity === 0) return;
    this.fill(order, isTaker ? this.slipped(order, price) : price, quantity, isTaker, ts);
    if (venue.filled === venue.quantity) this.leave(order);
    else if (draft.timeInForce === 'IOC') this.kill(order, ts);
    this.cancelPointless(ts);
  }

  private executed(order: TwinOrder, price: number, quantity: number, isTaker: boolean, ts: number): Report {
    const { draft, venue } = order;
    const commission = this.feeOf(price, quantity, isTaker, Math.min(quantity, this.reducible(draft.side)), venue.filled, venue.valueFilled);
    this.held += draft.side * quantity;
    venue.filled += quantity;
    venue.valueFilled += this.value(price, quantity);
    return { kind: 'fill', order, ts, quantity, price, commission, isMaker: !isTaker };
  }

  private fill(order: TwinOrder, price: number, quantity: number, isTaker: boolean, ts: number): void {
    const { draft } = order;
    this.report(this.executed(order, price, quantity, isTaker, ts));
    if (this.s.rules.volumeShare === null) return;
    const isQuote = this.poolRow?.kind === 'quote';
    if (draft.side > 0 || !isQuote) this.poolBuy -= quantity;
    if (draft.side < 0 || !isQuote) this.poolSell -= quantity;
  }

  /** Reduce-only orders that no position is left for. */
  private cancelPointless(ts: number): void {
    for (const order of [...this.book]) if (order.draft.reduceOnly && this.reducible(order.draft.side) === 0) this.cancel(order, ts);
  }

  private cancel(order: TwinOrder, ts: number): void {
    this.leave(order);
    this.report({ kind: 'canceled', order, ts });
  }

  /** An IOC or FOK order whose chance has gone by. */
  private kill(order: TwinOrder, ts: number): void {
    this.cancel(order, ts);
  }

  private leave(order: TwinOrder): void {
    this.book = this.book.filter((other) => other !== order);
  }

  private acts(order: TwinOrder): 'MARKET' | 'LIMIT' | 'STOP' {
    const { type } = order.draft;
    if (type === 'MARKET' || type === 'LIMIT') return type;
    return order.venue.isTriggered ? (type === 'STOP' ? 'MARKET' : 'LIMIT') : 'STOP';
  }

  private isImmediate(order: TwinOrder): boolean {
    return order.draft.timeInForce === 'IOC' || order.draft.timeInForce === 'FOK';
  }

  private isMarketable(order: TwinOrder, limit: number): boolean {
    const price = this.priceNow(order.draft.side);
    return price !== 0 && order.draft.side * (price - limit) <= 0;
  }

  /** Where the price must go for a limit order to fill. */
  private goal(order: TwinOrder): number {
    const through = order.venue.isFirstChance ? 0 : this.s.rules.throughTicks * this.s.instrument.tick;
    return order.venue.limit - order.draft.side * through;
  }

  private priceInWalk(order: TwinOrder): number {
    return order.draft.side > 0 ? this.walk!.buyAt : this.walk!.sellAt;
  }

  private priceNow(side: 1 | -1): number {
    if (this.walk !== null) return side > 0 ? this.walk.buyAt : this.walk.sellAt;
    const touch = side > 0 ? this.ask : this.bid;
    const { market } = this.s.rules;
    if (market === 'last' || market === 'thisClose') return this.last !== 0 ? this.last : touch;
    return touch !== 0 && (this.quoteTs >= this.tradeTs || this.last === 0) ? touch : this.last;
  }

  private available(order: TwinOrder, wanted = order.venue.quantity - order.venue.filled): number {
    const pool = order.draft.side > 0 ? this.poolBuy : this.poolSell;
    return pool >= wanted ? wanted : Math.floor(pool / this.s.instrument.lot) * this.s.instrument.lot;
  }

  private reducible(side: 1 | -1): number {
    return Math.max(0, -side * this.held);
  }

  private slipped(order: TwinOrder, price: number): number {
    const { side } = order.draft;
    const { tick } = this.s.instrument;
    if (this.s.rules.slippageTicks === 0) return price;
    const worse = Math.max(tick, price + side * this.s.rules.slippageTicks * tick);
    if (order.venue.limit === 0) return worse;
    return side > 0 ? Math.min(worse, order.venue.limit) : Math.max(worse, order.venue.limit);
  }

  // ---------------------------------------------------------------- money

  private value(price: number, quantity: number): bigint {
    return BigInt(price) * BigInt(quantity) * BigInt(this.s.instrument.multiplier) * MONEY_PER_CENT;
  }

  /** What one fill costs: the fee of the order so far less what it was charged before, each rounded as the schedule says. */
  private feeOf(price: number, quantity: number, isTaker: boolean, closing: number, quantityBefore: number, valueBefore: bigint): bigint {
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

  private get isDelivered(): boolean {
    return this.s.instrument.kind === 'EQUITY';
  }

  /** Average cost, netting: a close takes its part of the cost; through zero the rest opens at the fill's price. */
  private bookFill(side: 1 | -1, quantity: number, price: number, commission: bigint): void {
    const closing = this.position * side < 0 ? Math.min(quantity, Math.abs(this.position)) : 0;
    let realized = 0n;
    if (closing > 0) {
      const part = round({ over: this.cost * BigInt(closing), under: BigInt(Math.abs(this.position)) }, 'even');
      realized = BigInt(-side) * this.value(price, closing) - part;
      this.cost -= part;
    }
    this.cost += BigInt(side) * this.value(price, quantity - closing);
    this.position += side * quantity;
    this.cash -= commission;
    if (this.isDelivered) {
      this.cash -= BigInt(side) * this.value(price, quantity);
      this.shares += side * quantity;
    } else this.cash += realized;
    this.realized += realized;
    this.commission += commission;
  }

  /** Null where the mark is not known. */
  private equity(): bigint | null {
    if (this.position === 0) return this.cash;
    if (this.mark === 0) return null;
    return this.cash + this.value(this.mark, this.position) - (this.isDelivered ? 0n : this.cost);
  }

  private marginOf(notional: bigint, ratePpb: number): bigint {
    const over = big(notional) * BigInt(ratePpb);
    const under = BigInt(this.s.account.leverage) * 1_000_000_000n;
    return (over + under - 1n) / under;
  }

  private positionMargin(ratePpb: number): bigint {
    return this.marginOf(this.s.account.markedAt === 'ENTRY' ? this.cost : this.value(this.mark, this.position), ratePpb);
  }

  private liquidate(): void {
    const { account } = this.s;
    const equity = this.equity();
    if (account.type === 'CASH' || this.position === 0 || equity === null || equity > this.positionMargin(account.maintenancePpb)) return;
    const side = this.position > 0 ? -1 : 1;
    const quantity = Math.abs(this.position);
    const order = this.born({ side, type: 'MARKET', quantity, limit: 0, stop: 0, timeInForce: 'IOC', expireTs: 0, postOnly: false, reduceOnly: true });
    order.status = 'SUBMITTED';
    this.report(this.executed(order, this.mark, quantity, true, this.houseTs));
    this.cancelPointless(this.houseTs);
    // Told without latency, behind all that is on its way.
    this.inbox.push(...this.onTheWayBack.splice(0));
    this.carryOut();
    // The venue takes what is left and bears the rest.
    const left = this.equity();
    if (this.position !== 0 || left === null || left >= 0n) return;
    this.writtenOff += this.cash;
    this.cash = 0n;
  }

  // ---------------------------------------------------------------- the house

  private markTo(row: Row): void {
    if (row.kind === 'bar') this.mark = row.close;
    else if (row.kind === 'trade') this.mark = row.price;
    else if (row.bid !== 0 && row.ask !== 0) this.mark = Math.floor((row.bid + row.ask) / 2);
  }

  private statusOf(order: TwinOrder): string {
    if (!OPEN.has(order.status)) return order.status;
    if (order.isCancelPending) return 'PENDING_CANCEL';
    return order.change === null ? order.status : 'PENDING_MODIFY';
  }

  private isOpen(order: TwinOrder): boolean {
    return OPEN.has(order.status);
  }

  /** What an order may still do, with the larger of its old and its pending quantity. */
  private reserved(order: TwinOrder): number {
    return Math.max(0, Math.max(order.quantity, order.change?.quantity ?? 0) - order.filled);
  }

  private born(draft: Draft): TwinOrder {
    const { quantity, limit, stop } = draft;
    const order: TwinOrder = {
      id: this.orders.length + 1, draft, status: 'DENIED', quantity, filled: 0, limit, stop, isCancelPending: false, change: null,
      venue: {
        quantity, filled: 0, valueFilled: 0n, limit, stop, lastTs: FOREVER, sinceTs: 0, isTriggered: false,
        isFirstChance: draft.type === 'MARKET' || draft.type === 'LIMIT', sitsOut: null,
      },
    };
    this.orders.push(order);
    return order;
  }

  private desk(): Desk {
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
      openOrders: () => this.orders.filter((order) => this.isOpen(order)).map(({ id, limit, stop }) => ({ id, hasLimit: limit !== 0, hasStop: stop !== 0 })),
      submit: (draft) => {
        const order = this.born(draft);
        if (!this.isWellFormed(draft, draft.quantity, draft.limit, draft.stop) || (draft.timeInForce === 'GTD' && draft.expireTs <= this.houseTs)) return;
        if (draft.postOnly && (draft.type !== 'LIMIT' || this.isImmediate(order))) return;
        if (!this.isBearable(order, draft.quantity, 0, this.priceOf(order, draft.limit, draft.stop))) return;
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
        if (!this.isOpen(order) || order.isCancelPending || order.change !== null || !this.isWellFormed(order.draft, quantity, limit, stop)) return;
        const leaves = Math.max(0, Math.max(quantity, order.quantity) - order.filled);
        const price = this.priceOf(order, limit, stop);
        const former = this.priceOf(order, order.limit, order.stop);
        if (!this.isBearable(order, leaves, this.reserved(order), price === null || former === null ? null : Math.max(price, former))) return;
        order.change = { quantity, limit, stop };
        this.outbox.push({ kind: 'modify', order, change: order.change });
      },
    };
  }

  private isWellFormed(draft: Draft, quantity: number, limit: number, stop: number): boolean {
    const { tick, lot } = this.s.instrument;
    if (quantity < 1 || (!draft.reduceOnly && quantity % lot !== 0)) return false;
    return limit % tick === 0 && stop % tick === 0;
  }

  /** Price that an order counts at: a buy's limit, else the higher of its own price and the mark; null where there is none. */
  private priceOf(order: TwinOrder, limit: number, stop: number): number | null {
    if (order.draft.side > 0 && limit !== 0) return limit;
    const price = Math.max(limit !== 0 ? limit : stop, this.mark);
    return price === 0 ? null : price;
  }

  /** C-28 and C-14: may the order stand at `leaves`, of which `own` are counted already? */
  private isBearable(order: TwinOrder, leaves: number, own: number, price: number | null): boolean {
    const { side } = order.draft;
    const others = this.orders.filter((other) => other !== order && this.isOpen(other));
    const onSide = (way: number): number => others.filter((other) => other.draft.side === way).reduce((sum, other) => sum + this.reserved(other), 0);
    if (order.draft.reduceOnly && onSide(side) + leaves > Math.max(0, -side * this.position)) return false;
    if (this.s.account.type === 'CASH') return this.isPaidFor(order, leaves, price, others, onSide(-1));
    const worst = side * this.position + onSide(side) + leaves;
    const before = side * this.position + onSide(side) + own;
    if (worst <= Math.max(0, before)) return true;
    const equity = this.equity();
    if (price === null || equity === null) return false;
    const fees = this.feeEstimate(side, leaves, price) + this.feeEstimate(1, onSide(1), price) + this.feeEstimate(-1, onSide(-1), price);
    const rate = 1_000_000_000;
    const now = this.marginOf(this.value(this.mark !== 0 ? this.mark : price, this.position), rate);
    return this.marginOf(this.value(price, worst), rate) - now + fees <= equity - this.positionMargin(rate);
  }

  private isPaidFor(order: TwinOrder, leaves: number, price: number | null, others: readonly TwinOrder[], openSells: number): boolean {
    if (order.draft.side < 0) return openSells + leaves <= this.shares;
    if (price === null) return false;
    let needed = this.value(price, leaves) + this.feeEstimate(1, leaves, price);
    for (const other of others.filter((candidate) => candidate.draft.side > 0)) {
      const at = this.priceOf(other, Math.max(other.limit, other.change?.limit ?? 0), Math.max(other.stop, other.change?.stop ?? 0));
      if (at === null) return false;
      needed += this.value(at, this.reserved(other)) + this.feeEstimate(1, this.reserved(other), at);
    }
    return needed <= this.cash;
  }

  /** As a taker of a whole order; a rebate does not count. */
  private feeEstimate(side: 1 | -1, quantity: number, price: number): bigint {
    if (quantity === 0) return 0n;
    const closing = this.position * side < 0 ? Math.min(quantity, Math.abs(this.position)) : 0;
    return most(0n, this.feeOf(price, quantity, true, closing, 0, 0n));
  }

  private learn(report: Report): void {
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
        order.filled += quantity;
        order.quantity = Math.max(order.quantity, Math.min(order.filled, order.change?.quantity ?? 0));
        if (order.filled >= Math.max(order.quantity, order.change?.quantity ?? 0)) end('FILLED');
        else if (wasOpen) order.status = 'PARTIALLY_FILLED';
        this.bookFill(order.draft.side, quantity, price, commission);
        this.fills.push(`${order.id} ${order.draft.side * quantity}@${price} ${report.ts} ${commission} ${report.isMaker ? 'maker' : 'taker'}`);
        this.script.onFill();
      }
    }
  }
}

export function runTwin(scenario: Scenario): Outcome {
  return new Twin(scenario).run();
}
