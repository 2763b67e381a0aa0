import { BookFlag } from '../../model/book-delta.ts';
import { plainOrder } from '../exchange/exchange-order.ts';
import type { DeltaRows } from './delta-rows.ts';
import type { LiveMarketListener, LiveReport } from './live-market.ts';

/** Keeps what a live market tells as rows of `market-rows.fixture.ts`, which those of the recorded form can be compared with. */
export class RowKeeper implements LiveMarketListener {
  readonly trades: number[][] = [];
  readonly deltas: number[][] = [];
  readonly reports: LiveReport[] = [];

  onReport(report: LiveReport): void {
    this.reports.push(report);
  }

  onTrade(ts: number, price: number, quantity: number, side: number): void {
    this.trades.push([ts, price, quantity, side, ts]);
  }

  onBook(ts: number, rows: DeltaRows): void {
    for (let row = 0; row < rows.length; row += 1) {
      const flags = rows.flags | (row + 1 === rows.length ? BookFlag.LAST : 0);
      const { action, side, price, quantity, orderId } = rows;
      this.deltas.push([ts, action[row]!, side[row]!, price[row]!, quantity[row]!, orderId[row]!, flags, ts]);
    }
  }
}

/** An order to buy five at a limit, good until canceled; tests change what they are about. */
export const PLAIN = plainOrder({ orderQty: 5, owner: 1 });
