import type { Outcome } from './engine-side.fixture.ts';
import type { Scenario } from './scenario.fixture.ts';
import { TwinVenue } from './twin-venue.fixture.ts';

/*
 * The whole backtest a second time: slow and obvious, written from docs/concepts (fills, orders, fees, accounts-and-positions, risk), with
 * nothing of src in it. A bar's path is walked tick by tick, every row is looked at, money is a fraction of big integers.
 */

class Twin extends TwinVenue {
  run(): ReturnType<typeof runTwin> {
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
      reached: this.reached,
    };
  }

  private liquidate(): void {
    const { account } = this.s;
    const equity = this.equity();
    if (account.type === 'CASH' || this.position === 0 || equity === null || equity > this.positionMargin(account.maintenancePpb)) return;
    // Orders first: they could fill against what is closed. What is on its way to the house arrives before it hears of that.
    this.reach('liquidation');
    if (this.book.some((order) => order.draft.type === 'LIMIT')) this.reach('liquidation while a limit order works');
    if (this.position !== this.held) this.reach('liquidation while a fill is on its way');
    this.isClosing = true;
    for (const order of [...this.book]) this.cancel(order, this.houseTs);
    this.tellAll();
    if (this.position !== 0) this.closeAll();
    this.isClosing = false;
    for (const { command } of this.onTheWay) if (command.kind === 'submit') command.order.venue.isRefused = true;
    // The venue takes what is left and bears the rest.
    const left = this.equity();
    if (this.position !== 0 || left === null || left >= 0n) return;
    this.writtenOff += this.cash;
    this.cash = 0n;
  }

  private closeAll(): void {
    const side = this.position > 0 ? -1 : 1;
    const quantity = Math.abs(this.position);
    const order = this.born({
      side,
      type: 'MARKET',
      quantity,
      limit: 0,
      stop: 0,
      timeInForce: 'IOC',
      expireTs: 0,
      postOnly: false,
      reduceOnly: true,
    });
    order.status = 'SUBMITTED';
    this.report(this.executed(order, this.mark, quantity, true, this.houseTs));
    this.tellAll();
  }

  /** Told without latency, behind all that is on its way. */
  private tellAll(): void {
    this.inbox.push(...this.onTheWayBack.splice(0));
    this.carryOut();
  }
}

/** The outcome, and how often the market came to what is rare. */
export function runTwin(scenario: Scenario): Outcome & { readonly reached: ReadonlyMap<string, number> } {
  return new Twin(scenario).run();
}
