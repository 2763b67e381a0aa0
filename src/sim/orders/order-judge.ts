import type { Code } from '../../model/codes/catalogue.ts';
import type { SubmitOrder } from '../../model/commands.ts';
import type { Price } from '../../model/instrument.ts';
import type { Side } from '../../model/order.ts';
import type { InstrumentDesk } from './instrument-desk.ts';
import type { WorkingOrder } from './working-order.ts';

/** What a venue's front asks of whoever matches orders: against rows as they go by, or against a recorded book. */
export interface OrderJudge {
  /** The desk whose row's path is being walked; null between rows. */
  readonly pathDesk: InstrumentDesk | null;
  /** The price at which an order of this side could trade now; 0 where none is known. */
  priceNow(desk: InstrumentDesk, side: Side): Price;
  /** First judgement of an order that has arrived, or was changed: it may trade or trigger at once, wait, or begin to rest. */
  judge(desk: InstrumentDesk, order: WorkingOrder, ts: number): void;
  /** @param reason empty where the owner asked for it */
  cancel(desk: InstrumentDesk, order: WorkingOrder, reason: Code | '', ts: number): void;
  /** True where an order that has just been accepted fills whole at once by {@link takeWhole}, so that it needs no place among the working orders. */
  canTakeWhole(desk: InstrumentDesk, command: SubmitOrder, priceNow: Price): boolean;
  takeWhole(desk: InstrumentDesk, command: SubmitOrder, priceNow: Price, ts: number): void;
}
