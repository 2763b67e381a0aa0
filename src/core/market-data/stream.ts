import { unreachable } from '../../base/assert.ts';
import { BlockKind, type MarketBlock } from '../../model/blocks.ts';
import type { MarketDataCode } from '../../model/codes/market-data.ts';
import type { InstrumentIndex } from '../../model/instrument.ts';
import { scanBars, scanBookDeltas, scanQuoteBars, scanQuotes, scanTrades } from './row-validation.ts';

/** Rows that are looked at beforehand: a step ends where the core does something, and what was found out of the rows behind it still holds. */
const SCAN_AHEAD_ROWS = 4096;

export interface StreamState {
  readonly instrument: InstrumentIndex;
  readonly kind: BlockKind;
  readonly series: number;
  readonly lastTsInit: number;
  readonly lastTsEvent: number;
  readonly gapCheckedTs: number;
  readonly accepted: number;
  readonly repeated: number;
  readonly gaps: number;
  readonly refused: Readonly<Partial<Record<MarketDataCode, number>>>;
}

/** What is remembered of a stream of rows (an instrument and kind, or a series of bars) between two calls. */
export class Stream {
  readonly instrument: InstrumentIndex;
  readonly kind: BlockKind;
  readonly series: number;
  lastTsInit = -Infinity;
  lastTsEvent = -Infinity;
  /** End of the last row that the gap check has seen. */
  gapCheckedTs = Infinity;
  accepted = 0;
  repeated = 0;
  gaps = 0;
  refused: Partial<Record<MarketDataCode, number>> = {};
  /** The block whose rows [fitFrom, fitEnd) were found fit, all rows before them being committed; null where nothing is known. */
  private fitBlock: MarketBlock | null = null;
  private fitFrom = 0;
  private fitEnd = 0;
  /** The row at `fitEnd` is unfit; else it has not been looked at. */
  private isUnfitAtEnd = false;

  constructor(instrument: InstrumentIndex, kind: BlockKind, series: number) {
    this.instrument = instrument;
    this.kind = kind;
    this.series = series;
  }

  /** First unfit row of [from, to), else `to`. Looks further than it is asked, so that each row is looked at about once. */
  firstUnfit(block: MarketBlock, from: number, to: number): number {
    const holds = block === this.fitBlock && from === this.fitFrom && (to <= this.fitEnd || this.isUnfitAtEnd);
    if (!holds) {
      const ahead = Math.max(to, Math.min(block.length, from + SCAN_AHEAD_ROWS));
      this.fitBlock = block;
      this.fitFrom = from;
      this.fitEnd = scanKind(block, from, ahead, this);
      this.isUnfitAtEnd = this.fitEnd < ahead;
    }
    return this.fitEnd < to ? this.fitEnd : to;
  }

  /** The row at `fitEnd` is passed over, which is all that is known of it. */
  noteRefused(code: MarketDataCode): void {
    this.fitBlock = null;
    this.refused[code] = (this.refused[code] ?? 0) + 1;
  }

  /** Rows [from, to) were committed. */
  noteCommitted(block: MarketBlock, from: number, to: number): void {
    if (block === this.fitBlock) this.fitFrom = to;
    else this.fitBlock = null;
    this.lastTsInit = block.tsInit[to - 1]!;
    this.lastTsEvent = block.tsEvent[to - 1]!;
    this.accepted += to - from;
  }

  saveState(): StreamState {
    const { instrument, kind, series, lastTsInit, lastTsEvent, gapCheckedTs, accepted, repeated, gaps } = this;
    return { instrument, kind, series, lastTsInit, lastTsEvent, gapCheckedTs, accepted, repeated, gaps, refused: { ...this.refused } };
  }

  /** Of the same stream. Which rows of a block were found fit is forgotten: they are looked at again. */
  loadState(state: StreamState): void {
    this.lastTsInit = state.lastTsInit;
    this.lastTsEvent = state.lastTsEvent;
    this.gapCheckedTs = state.gapCheckedTs;
    this.accepted = state.accepted;
    this.repeated = state.repeated;
    this.gaps = state.gaps;
    this.refused = { ...state.refused };
    this.fitBlock = null;
  }
}

/** One call site per kind: each leaf sees one shape of block. */
function scanKind(block: MarketBlock, from: number, to: number, stream: Stream): number {
  switch (block.kind) {
    case BlockKind.TRADES:
      return scanTrades(block, from, to, stream.lastTsInit);
    case BlockKind.QUOTES:
      return scanQuotes(block, from, to, stream.lastTsInit);
    case BlockKind.BARS:
      return scanBars(block, from, to, stream.lastTsInit, stream.lastTsEvent);
    case BlockKind.BOOK_DELTAS:
      return scanBookDeltas(block, from, to, stream.lastTsInit);
    case BlockKind.QUOTE_BARS:
      return scanQuoteBars(block, from, to, stream.lastTsInit, stream.lastTsEvent);
    default:
      return unreachable(block);
  }
}
