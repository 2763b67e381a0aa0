import type { Row } from './scenario.fixture.ts';
import { type Command, FOREVER, type Report, TwinHouse, type TwinOrder } from './twin-house.fixture.ts';

/*
 * The twin's venue, and the way between it and the house. See twin.fixture.ts.
 */

const DAY_US = 86_400_000_000;

export class TwinVenue extends TwinHouse {
  // Between house and venue.
  protected onTheWay: { readonly dueTs: number; readonly command: Command }[] = [];
  protected onTheWayBack: { readonly arriveTs: number; readonly report: Report }[] = [];
  // The venue.
  protected venueTs = 0;
  protected book: TwinOrder[] = [];
  protected held = 0;
  /** Of a cash account, whose purchases it pays. */
  protected venueCash = this.cash;
  /** The account is being closed by force. */
  protected isClosing = false;
  protected bid = 0;
  protected ask = 0;
  protected last = 0;
  protected quoteTs = -1;
  protected tradeTs = -1;
  protected lastBarClose = 0;
  protected poolRow: Row | null = null;
  protected poolBuy = 0;
  protected poolSell = 0;
  /** The row whose path is being walked, and where its prices stand. */
  protected walk: { row: Row; isJump: boolean; startTs: number; eventTs: number; buyAt: number; sellAt: number } | null = null;

  // ---------------------------------------------------------------- time

  /** Everything that is due up to a time, in order: what expires, what arrives at the venue, what arrives at the house. */
  protected settle(until: number): void {
    for (;;) {
      const dueTs = Math.min(
        ...this.book.map((order) => order.venue.lastTs + 1),
        ...this.onTheWay.slice(0, 1).map((item) => item.dueTs),
        ...this.onTheWayBack.slice(0, 1).map((item) => item.arriveTs),
        Number.POSITIVE_INFINITY,
      );
      if (dueTs > until) return;
      this.venueTs = Math.max(this.venueTs, dueTs);
      for (const order of this.book.filter((candidate) => candidate.venue.lastTs < dueTs)) {
        this.leave(order);
        this.report({ kind: 'expired', order, ts: order.venue.lastTs });
      }
      while (this.onTheWay.length > 0 && this.onTheWay[0]!.dueTs <= dueTs) {
        // The house sizes from its books, which must know of the fills before.
        if (this.onTheWay[0]!.command.kind === 'judge' && this.hasFillToTell()) break;
        const { command, dueTs: ts } = this.onTheWay.shift()!;
        this.perform(command, ts);
      }
      this.letArrive();
      this.carryOut();
    }
  }

  protected hasFillToTell(): boolean {
    return this.inbox.some(({ report }) => report.kind === 'fill');
  }

  protected letArrive(): void {
    while (this.onTheWayBack.length > 0 && this.onTheWayBack[0]!.arriveTs <= this.venueTs) this.inbox.push(this.onTheWayBack.shift()!);
  }

  /** Reports to the house, then one command at a time to the venue, until nothing more happens. */
  protected carryOut(): void {
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
      else this.send(command, dueTs);
    }
  }

  protected send(command: Command, dueTs: number): void {
    const at = this.onTheWay.findIndex((item) => item.dueTs > dueTs);
    this.onTheWay.splice(at < 0 ? this.onTheWay.length : at, 0, { dueTs, command });
  }

  protected report(report: Report): void {
    const before = this.onTheWayBack.at(-1)?.arriveTs ?? 0;
    const arriveTs = Math.max(report.ts + this.s.responseUs, before);
    if (this.s.responseUs === 0 || (arriveTs <= this.venueTs && this.onTheWayBack.length === 0)) this.inbox.push({ arriveTs, report });
    else this.onTheWayBack.push({ arriveTs, report });
  }

  // ---------------------------------------------------------------- the venue: rows

  protected matches(row: Row): boolean {
    return this.s.matchOn.includes(row.kind);
  }

  protected openPool(row: Row): void {
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

  protected seeRow(row: Row): void {
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
  protected pointsOf(row: Row): readonly (readonly [number, number, number])[] {
    if (row.kind === 'trade') return [[row.price, row.price, row.ts]];
    if (row.kind === 'quote') return [[row.ask, row.bid, row.ts]];
    const start = Math.max(row.tsOpen, this.lastBarClose);
    const span = row.ts - start;
    const isHighNearest = row.high - row.open <= row.open - row.low;
    const isHighFirst = {
      openHighLowClose: true,
      openLowHighClose: false,
      nearestFirst: isHighNearest,
      worstFirst: this.isHighWorst(isHighNearest),
    }[this.s.rules.path];
    const extremes = isHighFirst ? [row.high, row.low] : [row.low, row.high];
    return [
      [row.open, row.open, start],
      [extremes[0]!, extremes[0]!, start + Math.floor(span / 3)],
      [extremes[1]!, extremes[1]!, start + Math.floor((2 * span) / 3)],
      [row.close, row.close, row.ts],
    ];
  }

  protected isHighWorst(isHighNearest: boolean): boolean {
    if (this.held !== 0) return this.held < 0;
    if (this.book.every((order) => order.draft.side > 0)) return true;
    if (this.book.every((order) => order.draft.side < 0)) return false;
    return isHighNearest;
  }

  protected walkRow(row: Row): void {
    this.venueTs = Math.max(this.venueTs, row.ts);
    if (!this.matches(row) || this.book.length === 0) return;
    this.openPool(row);
    const points = this.pointsOf(row);
    let [buyFrom, sellFrom] = row.kind === 'quote' ? [this.ask, this.bid] : [this.last, this.last];
    for (const [at, [buyTo, sellTo, ts]] of points.entries()) {
      const isJump = at === 0;
      this.walk = {
        row,
        isJump,
        startTs: isJump ? ts : points[at - 1]![2],
        eventTs: ts,
        buyAt: isJump ? buyTo : buyFrom,
        sellAt: isJump ? sellTo : sellFrom,
      };
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
  protected heed(): boolean {
    const head = this.onTheWay[0];
    if (head === undefined || (head.dueTs > this.walk!.startTs && head.command.kind !== 'judge')) return false;
    this.onTheWay.shift();
    this.perform(head.command, head.dueTs);
    this.carryOut();
    return true;
  }

  protected takesPart(order: TwinOrder): boolean {
    return order.venue.sinceTs <= this.walk!.startTs && order.venue.sitsOut !== this.walk!.row && order.venue.lastTs >= this.walk!.row.ts;
  }

  /** An opening price, a trade, a quote: market orders first, then in the order of the prices jumped over, then by arrival. */
  protected jump(buyFrom: number, sellFrom: number): void {
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
  protected placeInJump(order: TwinOrder, from: number): number | null {
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
  protected move(to: number): void {
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

  protected reactsAt(order: TwinOrder, price: number): boolean {
    const acts = this.acts(order);
    if (acts === 'STOP') return order.draft.side * (price - order.venue.stop) >= 0;
    return acts === 'LIMIT' && order.draft.side * (price - this.goal(order)) <= 0 && this.available(order) > 0;
  }

  /** The first chance is over: what may not rest is canceled, a limit whose price is not there begins to rest. */
  protected endMove(buyTo: number, sellTo: number): void {
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

  protected perform(command: Command, ts: number): void {
    const { order } = command;
    if (command.kind === 'submit') this.accept(order, ts);
    else if (command.kind === 'judge') {
      if (this.book.includes(order)) this.judge(order, ts);
    } else if (!this.book.includes(order))
      this.report({ kind: command.kind === 'cancel' ? 'cancelRejected' : 'modifyRejected', order, ts });
    else if (command.kind === 'cancel') this.cancel(order, ts);
    else if (command.kind === 'modify') this.alter(order, command.change, ts);
  }

  protected accept(order: TwinOrder, ts: number): void {
    const { draft, venue } = order;
    const isLate = draft.timeInForce === 'GTD' && draft.expireTs < ts;
    const cannotReduce = draft.reduceOnly && this.reducible(draft.side) === 0;
    const wouldTake = draft.postOnly && draft.type === 'LIMIT' && this.isMarketable(order, venue.limit);
    if (this.isClosing || venue.isRefused)
      this.reach(this.isClosing ? 'order sent into a liquidation' : 'order on its way during a liquidation');
    if (this.isClosing || venue.isRefused || isLate || cannotReduce || wouldTake) return this.report({ kind: 'rejected', order, ts });
    if (draft.timeInForce === 'GTD') venue.lastTs = draft.expireTs;
    if (draft.timeInForce === 'DAY') venue.lastTs = (Math.floor(ts / DAY_US) + 1) * DAY_US;
    venue.sinceTs = this.walk === null ? ts : 0;
    this.book.push(order);
    this.report({ kind: 'accepted', order, ts });
    if (venue.isSized || !this.hasFillToTell()) return this.judge(order, ts);
    this.reach('order sized once the fill before it is known');
    this.send({ kind: 'judge', order }, ts);
  }

  protected alter(order: TwinOrder, change: { quantity: number; limit: number; stop: number }, ts: number): void {
    const { venue, draft } = order;
    const stop = venue.isTriggered ? venue.stop : change.stop;
    if (draft.postOnly && this.acts(order) === 'LIMIT' && this.isMarketable(order, change.limit))
      return this.report({ kind: 'modifyRejected', order, ts });
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

  protected judge(order: TwinOrder, ts: number): void {
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

  protected trigger(order: TwinOrder, price: number, ts: number): void {
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

  protected take(order: TwinOrder, price: number, ts: number): void {
    this.execute(order, price, true, ts);
    order.venue.isFirstChance = true;
    if (this.isImmediate(order) && this.book.includes(order)) this.kill(order, ts);
  }

  protected execute(order: TwinOrder, price: number, isTaker: boolean, ts: number): void {
    const { draft, venue } = order;
    if (isTaker && draft.postOnly) return this.cancel(order, ts);
    if (this.available(order) === 0) return;
    let finalQuantity: number | undefined;
    if (!venue.isSized) {
      finalQuantity = this.sizeAt(order, this.slipped(order, price));
      if (finalQuantity === 0) return this.cancel(order, ts);
      venue.quantity = finalQuantity;
      venue.isSized = true;
    }
    const leaves = venue.quantity - venue.filled;
    const wanted = draft.reduceOnly ? Math.min(leaves, this.reducible(draft.side)) : leaves;
    if (wanted === 0) return this.cancel(order, ts);
    const quantity = this.available(order, wanted);
    if (draft.timeInForce === 'FOK' && quantity < leaves) return this.kill(order, ts);
    if (quantity === 0) return;
    const fillPrice = isTaker ? this.slipped(order, price) : price;
    const paid = this.paidOf(order, fillPrice, quantity, isTaker);
    if (paid < quantity) {
      this.reach('purchase that the cash does not pay');
      if (paid > 0 && draft.timeInForce !== 'FOK') this.fill(order, fillPrice, paid, isTaker, ts, finalQuantity);
      return this.cancel(order, ts);
    }
    this.fill(order, fillPrice, quantity, isTaker, ts, finalQuantity);
    if (venue.filled === venue.quantity) this.leave(order);
    else if (draft.timeInForce === 'IOC') this.kill(order, ts);
    this.cancelPointless(ts);
  }

  /** What a cash account can pay of a purchase: a lot less, until value and commission are there. */
  protected paidOf({ draft, venue }: TwinOrder, price: number, quantity: number, isTaker: boolean): number {
    if (this.s.account.type !== 'CASH' || draft.side < 0) return quantity;
    const { lot } = this.s.instrument;
    const costs = (bought: number): bigint =>
      this.value(price, bought) + this.feeOf(price, bought, isTaker, Math.min(bought, this.reducible(1)), venue.filled, venue.valueFilled);
    let paid = quantity;
    while (paid > 0 && costs(paid) > this.venueCash) paid -= paid % lot === 0 ? lot : paid % lot;
    return paid;
  }

  protected executed(order: TwinOrder, price: number, quantity: number, isTaker: boolean, ts: number): Report {
    const { draft, venue } = order;
    const commission = this.feeOf(
      price,
      quantity,
      isTaker,
      Math.min(quantity, this.reducible(draft.side)),
      venue.filled,
      venue.valueFilled,
    );
    this.held += draft.side * quantity;
    this.venueCash -= BigInt(draft.side) * this.value(price, quantity) + commission;
    venue.filled += quantity;
    venue.valueFilled += this.value(price, quantity);
    return { kind: 'fill', order, ts, quantity, price, commission, isMaker: !isTaker };
  }

  protected fill(order: TwinOrder, price: number, quantity: number, isTaker: boolean, ts: number, finalQuantity?: number): void {
    const { draft } = order;
    this.report({ ...this.executed(order, price, quantity, isTaker, ts), finalQuantity });
    if (this.s.rules.volumeShare === null) return;
    const isQuote = this.poolRow?.kind === 'quote';
    if (draft.side > 0 || !isQuote) this.poolBuy -= quantity;
    if (draft.side < 0 || !isQuote) this.poolSell -= quantity;
  }

  /** Reduce-only orders that no position is left for. */
  protected cancelPointless(ts: number): void {
    for (const order of [...this.book]) if (order.draft.reduceOnly && this.reducible(order.draft.side) === 0) this.cancel(order, ts);
  }

  protected cancel(order: TwinOrder, ts: number): void {
    this.leave(order);
    this.report({ kind: 'canceled', order, ts });
  }

  /** An IOC or FOK order whose chance has gone by. */
  protected kill(order: TwinOrder, ts: number): void {
    this.cancel(order, ts);
  }

  protected leave(order: TwinOrder): void {
    this.book = this.book.filter((other) => other !== order);
  }

  protected acts(order: TwinOrder): 'MARKET' | 'LIMIT' | 'STOP' {
    const { type } = order.draft;
    if (type === 'MARKET' || type === 'LIMIT') return type;
    return order.venue.isTriggered ? (type === 'STOP' ? 'MARKET' : 'LIMIT') : 'STOP';
  }

  protected isMarketable(order: TwinOrder, limit: number): boolean {
    const price = this.priceNow(order.draft.side);
    return price !== 0 && order.draft.side * (price - limit) <= 0;
  }

  /** Where the price must go for a limit order to fill. */
  protected goal(order: TwinOrder): number {
    const through = order.venue.isFirstChance ? 0 : this.s.rules.throughTicks * this.s.instrument.tick;
    return order.venue.limit - order.draft.side * through;
  }

  protected priceInWalk(order: TwinOrder): number {
    return order.draft.side > 0 ? this.walk!.buyAt : this.walk!.sellAt;
  }

  protected priceNow(side: 1 | -1): number {
    if (this.walk !== null) return side > 0 ? this.walk.buyAt : this.walk.sellAt;
    const touch = side > 0 ? this.ask : this.bid;
    const { market } = this.s.rules;
    if (market === 'last' || market === 'thisClose') return this.last !== 0 ? this.last : touch;
    return touch !== 0 && (this.quoteTs >= this.tradeTs || this.last === 0) ? touch : this.last;
  }

  protected available(order: TwinOrder, wanted = order.venue.quantity - order.venue.filled): number {
    const pool = order.draft.side > 0 ? this.poolBuy : this.poolSell;
    return pool >= wanted ? wanted : Math.floor(pool / this.s.instrument.lot) * this.s.instrument.lot;
  }

  protected reducible(side: 1 | -1): number {
    return Math.max(0, -side * this.held);
  }

  protected slipped(order: TwinOrder, price: number): number {
    const { side } = order.draft;
    const { tick } = this.s.instrument;
    if (this.s.rules.slippageTicks === 0) return price;
    const worse = Math.max(tick, price + side * this.s.rules.slippageTicks * tick);
    if (order.venue.limit === 0) return worse;
    return side > 0 ? Math.min(worse, order.venue.limit) : Math.max(worse, order.venue.limit);
  }
}
