import type { Row } from './scenario.fixture.ts';
import { type Command, FOREVER, type Report, type TwinOrder } from './twin-order.fixture.ts';
import { TwinWorkingOrders } from './twin-working-orders.fixture.ts';

/*
 * The rows that come to the twin's venue, and the way between it and the house. See twin.fixture.ts.
 */

export class TwinVenue extends TwinWorkingOrders {
  // Between house and venue.
  protected onTheWay: { readonly dueTs: number; readonly command: Command }[] = [];
  protected onTheWayBack: { readonly arriveTs: number; readonly report: Report }[] = [];
  // The venue.
  protected venueTs = 0;
  protected lastBarClose = 0;

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

  protected override send(command: Command, dueTs: number): void {
    const at = this.onTheWay.findIndex((item) => item.dueTs > dueTs);
    this.onTheWay.splice(at < 0 ? this.onTheWay.length : at, 0, { dueTs, command });
  }

  protected override report(report: Report): void {
    const before = this.onTheWayBack.at(-1)?.arriveTs ?? 0;
    const arriveTs = Math.max(report.ts + this.s.responseUs, before);
    if (this.s.responseUs === 0 || (arriveTs <= this.venueTs && this.onTheWayBack.length === 0)) this.inbox.push({ arriveTs, report });
    else this.onTheWayBack.push({ arriveTs, report });
  }

  // ---------------------------------------------------------------- rows

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
}
