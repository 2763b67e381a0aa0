import { lockForImports, PendingImport } from '../../adapters/store/import-into.ts';
import type { Provenance } from '../../adapters/store/manifest.ts';
import { openStore, type StoredDataSet } from '../../adapters/store/store.ts';
import { instantText } from '../../model/instant.ts';
import type { FeedBlock, FeedGap, FeedInstrumentChange, FeedStateChange, MarketFeed, MarketFeedListener } from '../../ports/market-feed.ts';
import { factsOf } from './store-rows.ts';

/** Gaps of a stream that its manifest names; further ones are counted there. */
export const RECORDED_GAPS_MAX = 1000;

export interface RecordDataOptions {
  readonly feed: MarketFeed;
  readonly storeRoot: string;
  readonly replace: boolean;
  /** Program and version, for the manifest. */
  readonly createdBy: string;
  /** Where the rows come from, for the manifest. */
  readonly source: string;
  readonly onState?: (change: FeedStateChange) => void;
  readonly onGap?: (gap: FeedGap) => void;
  readonly onInstrument?: (change: FeedInstrumentChange) => void;
  /** After rows were taken: how many there are of all streams. */
  readonly onRows?: (rows: number) => void;
}

/** What was stored. */
export interface RecordedData {
  readonly dataSets: readonly StoredDataSet[];
  readonly rows: number;
  readonly gaps: number;
}

/** One stream on its way into the store. */
interface Recording {
  readonly pending: PendingImport;
  /** Written into the manifest when the recording ends. */
  readonly options: Record<string, string>;
  readonly gaps: string[];
  gapCount: number;
}

/**
 * Stores what a feed tells, a data set for each of its streams, until it is told to end. Rows stand in the data sets from {@link end} on: a process that is
 * killed leaves the store as it was.
 *
 * Gaps are in the book's rows as GAP, and for every kind in the manifest.
 */
export class DataRecorder implements MarketFeedListener {
  rows = 0;
  gaps = 0;
  /** What went wrong while rows were taken; the recording ends with what there was before. */
  failure: unknown = null;
  private readonly options: RecordDataOptions;
  private readonly recordings: readonly Recording[];
  private readonly lock;

  /** @throws InputError STORE_LOCKED, STORE_DATA_SET_EXISTS */
  constructor(options: RecordDataOptions) {
    this.options = options;
    const { feed, storeRoot, replace, createdBy, source } = options;
    const store = openStore(storeRoot);
    const lock = lockForImports(store);
    this.lock = lock;
    const recordings: Recording[] = [];
    try {
      for (const { instrument, kind, every, symbol } of feed.subscriptions) {
        const given: Record<string, string> = { symbol };
        const provenance: Provenance = { source, zone: null, stamp: null, files: [], options: given };
        const target = { instrument: factsOf(instrument), kind, every, provenance, createdBy };
        recordings.push({ pending: new PendingImport(store, target, { replace, lock }), options: given, gaps: [], gapCount: 0 });
      }
    } catch (cause) {
      for (const { pending } of recordings) pending.abort();
      lock.release();
      throw cause;
    }
    this.recordings = recordings;
  }

  onRows(stream: number, block: FeedBlock): void {
    if (this.failure !== null) return;
    try {
      this.recordings[stream]!.pending.append(block);
    } catch (error) {
      this.failure = error;
    }
    this.rows += block.length;
    this.options.onRows?.(this.rows);
  }

  onGap(gap: FeedGap): void {
    const recording = this.recordings[gap.stream]!;
    recording.gapCount += 1;
    this.gaps += 1;
    if (recording.gaps.length < RECORDED_GAPS_MAX)
      recording.gaps.push(`${instantText(gap.tsFrom)} to ${instantText(gap.tsTo)} ${gap.code}`);
    this.options.onGap?.(gap);
  }

  onState(change: FeedStateChange): void {
    this.options.onState?.(change);
  }

  onInstrument(change: FeedInstrumentChange): void {
    this.options.onInstrument?.(change);
  }

  /** Stops the feed and makes the rows durable; streams that had none are left out. */
  end(): RecordedData {
    this.options.feed.stop();
    const dataSets: StoredDataSet[] = [];
    try {
      for (const { pending, options, gaps, gapCount } of this.recordings) {
        options['gapCount'] = String(gapCount);
        if (gapCount > 0) options['gaps'] = JSON.stringify(gaps);
        if (pending.rows > 0) dataSets.push(pending.commit());
      }
    } finally {
      for (const { pending } of this.recordings) pending.abort();
      this.lock.release();
    }
    return { dataSets, rows: this.rows, gaps: this.gaps };
  }
}
