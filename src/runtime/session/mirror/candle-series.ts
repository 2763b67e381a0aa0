import type { Price, Quantity } from '../../../model/instrument.ts';
import type { Candle } from '../../../ports/session-view.ts';
import { lowerBound } from '../../../base/sorted-search.ts';

/** Candles kept of one instrument and interval. */
export const MIRROR_CANDLES_MAX = 10_000;
const CANDLES_FIRST = 256;
const COLUMNS = 6;

/** Columns of the candles that are shown: time of opening, open, high, low, close, volume. */
export type CandleSeriesState = readonly Float64Array[];

/**
 * Candles of one length, cut at multiples of it since the epoch (UTC), from trades or from shorter bars. Stretches without any have none.
 *
 * Columns in one array of doubles each, twice as long as the bound at most; the oldest half goes when it is full.
 */
export class CandleSeries {
  length = 0;
  private readonly intervalUs: number;
  private columns: Float64Array[] = Array.from({ length: COLUMNS }, () => new Float64Array(CANDLES_FIRST));

  constructor(intervalUs: number) {
    this.intervalUs = intervalUs;
  }

  saveState(): CandleSeriesState {
    const oldest = Math.max(0, this.length - MIRROR_CANDLES_MAX);
    return this.columns.map((column) => column.slice(oldest, this.length));
  }

  loadState(columns: CandleSeriesState): void {
    const [tsOpen] = columns;
    this.length = tsOpen!.length;
    const rows = Math.max(CANDLES_FIRST, this.length);
    this.columns = columns.map((column) => {
      const own = new Float64Array(rows);
      own.set(column);
      return own;
    });
  }

  /** Once per trade that is shown: no allocation but where a candle begins. Times that fall back belong to the last candle. */
  add(ts: number, open: Price, high: Price, low: Price, close: Price, volume: Quantity): void {
    const tsOpen = ts - (ts % this.intervalUs);
    const [opens, first, highs, lows, closes, volumes] = this.columns as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const last = this.length - 1;
    if (last >= 0 && tsOpen <= opens[last]!) {
      highs[last] = Math.max(highs[last]!, high);
      lows[last] = Math.min(lows[last]!, low);
      closes[last] = close;
      volumes[last] = volumes[last]! + volume;
      return;
    }
    if (this.length === first.length) {
      this.makeRoom();
      this.add(ts, open, high, low, close, volume);
      return;
    }
    const at = this.length;
    this.length += 1;
    opens[at] = tsOpen;
    first[at] = open;
    highs[at] = high;
    lows[at] = low;
    closes[at] = close;
    volumes[at] = volume;
  }

  /** The newest that open before a time, oldest first. */
  before(ts: number, limit: number): readonly Candle[] {
    const end = lowerBound(this.columns[0]!, 0, this.length, ts);
    const oldest = Math.max(0, this.length - MIRROR_CANDLES_MAX);
    const candles: Candle[] = [];
    for (let at = Math.max(oldest, end - limit); at < end; at += 1) {
      const [tsOpen, open, high, low, close, volume] = this.columns.map((column) => column[at]!) as [
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      candles.push({ tsOpen, open, high, low, close, volume });
    }
    return candles;
  }

  private makeRoom(): void {
    const rows = this.columns[0]!.length;
    if (rows < 2 * MIRROR_CANDLES_MAX) {
      this.columns = this.columns.map((column) => {
        const grown = new Float64Array(Math.min(2 * MIRROR_CANDLES_MAX, rows * 2));
        grown.set(column);
        return grown;
      });
      return;
    }
    for (const column of this.columns) column.copyWithin(0, rows - MIRROR_CANDLES_MAX, rows);
    this.length = MIRROR_CANDLES_MAX;
  }
}
