import type { Outcome } from './engine-side.fixture.ts';
import type { Scenario } from './scenario.fixture.ts';
import { TwinVenue } from './twin-venue.fixture.ts';

/*
 * The whole backtest a second time: slow and obvious, written from docs/concepts (fills, orders, fees, accounts-and-positions, risk), with
 * nothing of src in it. A bar's path is walked tick by tick, every row is looked at, money is a fraction of big integers.
 */

class Twin extends TwinVenue {
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

  private liquidate(): void {
    const { account } = this.s;
    const equity = this.equity();
    if (account.type === 'CASH' || this.position === 0 || equity === null || equity > this.positionMargin(account.maintenancePpb)) return;
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
}

export function runTwin(scenario: Scenario): Outcome {
  return new Twin(scenario).run();
}
