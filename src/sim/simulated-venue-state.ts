import type { RandomState } from '../base/random.ts';
import type { VenueCommand } from '../model/commands.ts';
import type { InstrumentIndex } from '../model/instrument.ts';
import type { DepthPlayState } from './depth/depth-play.ts';
import type { ExecutionsState } from './executions.ts';
import type { MarketState } from './orders/instrument-desk.ts';
import type { JudgeOrder } from './orders/order-entry.ts';
import type { WorkingOrder } from './orders/working-order.ts';
import type { ReportQueueState } from './report-queue.ts';

export interface PendingCommand {
  readonly dueTs: number;
  readonly command: VenueCommand | JudgeOrder;
  /** An order that was on its way when the account was closed by force: it is refused when it arrives. */
  readonly isVoid?: true;
}

/** Everything the venue must remember to go on; plain data (bigints included). */
export interface SimulatedVenueState {
  readonly queue: ReportQueueState;
  /** Of a latency that is drawn by chance. */
  readonly entryLatency: RandomState | null;
  readonly sequence: number;
  readonly rowSerial: number;
  readonly orders: readonly WorkingOrder[];
  readonly markets: readonly (readonly [InstrumentIndex, MarketState])[];
  readonly pending: readonly PendingCommand[];
  readonly executions: ExecutionsState;
  /** Of a venue that plays a recording. */
  readonly depth: DepthPlayState | null;
}
