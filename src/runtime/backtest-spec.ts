import type { TradingLoopSpec } from './trading-loop.ts';
import type { AccountEvent } from '../model/events.ts';
import type { BlockReader } from '../ports/block-reader.ts';

/** What is done with what is still open when the data ends. */
type AtEnd = 'leaveOpen' | 'closeAtLastOpen' | 'closeAtLastClose';

/** Everything a backtest needs, resolved: files are open, parameters checked, instruments made. */
export interface BacktestSpec extends TradingLoopSpec {
  readonly name: string;
  /** Recorded streams; their order is the `stream` of the total order. Opened anew for each run. */
  readonly streams: readonly BlockReader[];
  /** Dividends, splits and funding, in order of tsInit. */
  readonly accountEvents: readonly AccountEvent[];
  readonly atEnd: AtEnd;
  /** Rows handed over at a time at most: results do not depend on it. */
  readonly stepRowsMax: number;
}
