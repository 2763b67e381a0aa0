import type { Candle, Candles } from '../../../../src/contract/api/market.ts';
import { call } from '../../api/http.ts';
import { PATHS } from '../../api/paths.ts';
import type { ChartBar } from '../../charts/indicator-lines.ts';
import { desk } from '../../state/desk.ts';

export const INTERVAL_SECONDS = { '1m': 60, '5m': 300, '15m': 900, '1h': 3600, '1d': 86_400 } as const;
export type IntervalName = keyof typeof INTERVAL_SECONDS;
export const INTERVALS = Object.keys(INTERVAL_SECONDS) as readonly IntervalName[];

/** Candles that tell how far apart the data are: fewer may lie around a gap. */
const SPACING_BARS_MIN = 10;

/** @returns the shortest distance of two candles in a row, seconds: what is cut finer shows no more bars. 0 where there are too few to tell. */
export function spacingSeconds(candles: readonly { readonly tsOpen: number }[]): number {
  if (candles.length < SPACING_BARS_MIN) return 0;
  let least = Number.POSITIVE_INFINITY;
  for (let at = 1; at < candles.length; at += 1) least = Math.min(least, candles[at]!.tsOpen - candles[at - 1]!.tsOpen);
  return least / 1e6;
}

/** Bars of one request. */
const PAGE_BARS = 1000;
/** Bars that are looked at again when one has closed. */
const CLOSED_BARS = 3;
/** Bars kept of one chart. */
const BARS_MAX = 20_000;

interface CandleListener {
  readonly onBars: (bars: readonly ChartBar[], isOther: boolean) => void;
  readonly onLast: (bar: ChartBar) => void;
  readonly onFailed: () => void;
}

function barOf({ tsOpen, open, high, low, close, volume }: Candle): ChartBar {
  return {
    time: Math.round(tsOpen / 1e6),
    open: Number(open),
    high: Number(high),
    low: Number(low),
    close: Number(close),
    volume: Number(volume),
  };
}

/** Bars of one instrument: history by request, the open one by what the stream says of it. */
export class CandleStore {
  private bars: readonly ChartBar[] = [];
  private isFetching = false;
  private isWhole = false;
  private listener: CandleListener | null = null;
  private readonly instrument: string;
  private readonly interval: IntervalName;

  constructor(instrument: string, interval: IntervalName) {
    this.instrument = instrument;
    this.interval = interval;
  }

  /** @returns stops it */
  follow(listener: CandleListener): () => void {
    this.listener = listener;
    void this.fetchNewest();
    const stopNewest = desk.newestCandles.subscribe(() => this.takeNewest());
    // After a silence the bars that were missed are fetched again.
    let wasLive = true;
    const stopLink = desk.link.subscribe(() => {
      const isLive = desk.link.get().state === 'live';
      if (isLive && !wasLive) void this.fetchNewest();
      wasLive = isLive;
    });
    return () => {
      this.listener = null;
      stopNewest();
      stopLink();
    };
  }

  async fetchOlder(): Promise<void> {
    const first = this.bars[0];
    if (this.isFetching || this.isWhole || first === undefined || this.bars.length >= BARS_MAX) return;
    const older = await this.fetch(`&before=${first.time * 1e6}`);
    if (older === null || this.listener === null) return;
    const fresh = older.filter((bar) => bar.time < first.time);
    this.isWhole = fresh.length === 0;
    if (fresh.length === 0) return;
    this.bars = [...fresh, ...this.bars];
    this.listener.onBars(this.bars, false);
  }

  private async fetchNewest(): Promise<void> {
    const bars = await this.fetch('');
    if (this.listener === null) return;
    if (bars === null) {
      this.listener.onFailed();
      return;
    }
    const isOther = this.bars.length === 0;
    const since = bars[0]?.time ?? 0;
    this.bars = [...this.bars.filter((bar) => bar.time < since), ...bars];
    this.listener.onBars(this.bars, isOther);
  }

  private async fetch(more: string, limit = PAGE_BARS): Promise<readonly ChartBar[] | null> {
    this.isFetching = true;
    const answer = await call<Candles>(`${PATHS.candles(this.instrument)}?interval=${this.interval}&limit=${limit}${more}`);
    this.isFetching = false;
    return answer.ok ? answer.value.candles.map(barOf) : null;
  }

  /** The open candle as the engine has it; where its start has moved on, the one before is fetched as it closed. */
  private takeNewest(): void {
    const newest = desk.newestCandles.get();
    const last = this.bars.at(-1);
    if (newest?.instrument !== this.instrument || last === undefined) return;
    const found = newest.candles.find(({ interval }) => interval === this.interval);
    if (found === undefined) return;
    const bar = barOf(found.candle);
    if (bar.time > last.time) void this.fetchClosed(bar);
    if (bar.time >= last.time) this.put(bar);
  }

  /** The last word on a candle may have come in a message that was left out. */
  private async fetchClosed(open: ChartBar): Promise<void> {
    const bars = await this.fetch(`&before=${open.time * 1e6}`, CLOSED_BARS);
    if (bars === null || this.listener === null) return;
    const byTime = new Map(bars.map((bar) => [bar.time, bar]));
    const known = new Set(this.bars.map((bar) => bar.time));
    const isWhole = bars.every((bar) => known.has(bar.time));
    const same = (a: ChartBar, b: ChartBar) => a.close === b.close && a.high === b.high && a.low === b.low && a.volume === b.volume;
    if (isWhole && this.bars.every((bar) => same(bar, byTime.get(bar.time) ?? bar))) return;
    const since = bars[0]?.time ?? 0;
    this.bars = [...this.bars.filter((bar) => bar.time < since), ...bars, ...this.bars.filter((bar) => bar.time >= open.time)];
    this.listener.onBars(this.bars, false);
  }

  private put(bar: ChartBar): void {
    const last = this.bars.at(-1);
    this.bars = last?.time === bar.time ? [...this.bars.slice(0, -1), bar] : [...this.bars, bar];
    this.listener?.onLast(bar);
  }
}
