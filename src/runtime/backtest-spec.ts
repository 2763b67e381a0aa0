import type { EquitySampling } from './equity-sampler.ts';
import type { EngineOptions } from '../core/engine-options.ts';
import type { AccountEvent } from '../model/events.ts';
import type { FeeSchedule } from '../model/fees.ts';
import type { BlockReader } from '../ports/block-reader.ts';
import type { VenueConfig } from '../sim/matching/fill-rules.ts';

/** What is done with what is still open when the data ends. */
type AtEnd = 'leaveOpen' | 'closeAtLastOpen' | 'closeAtLastClose';

/** A venue of the run: its name (as in instrument ids) and how it trades. */
export interface VenueSpec extends VenueConfig {
  readonly venue: string;
}

/** Everything a backtest needs, resolved: files are open, parameters checked, instruments made. */
export interface BacktestSpec {
  readonly name: string;
  /** What the run is made of, in words: versions, strategy bundle hashes, parameters, data set digests. Enters the digest. */
  readonly identity: readonly string[];
  readonly engine: Omit<EngineOptions, 'estimateFee'>;
  readonly venues: readonly VenueSpec[];
  /** By instrument. */
  readonly fees: readonly FeeSchedule[];
  /** Recorded streams; their order is the `stream` of the total order. Opened anew for each run. */
  readonly streams: readonly BlockReader[];
  /** Dividends, splits and funding, in order of tsInit. */
  readonly accountEvents: readonly AccountEvent[];
  readonly sampling: EquitySampling;
  readonly atEnd: AtEnd;
  /** Rows handed over at a time at most: results do not depend on it. */
  readonly stepRowsMax: number;
}
