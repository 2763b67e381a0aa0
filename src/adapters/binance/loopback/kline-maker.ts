import { formatDecimal, parseDecimal } from '../../../base/decimal.ts';

const DECIMALS = 8;
const LENGTH_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of an interval as the venue names it, such as `1m`; NaN for one that is not served (weeks and months). */
export function klineLengthMs(interval: string): number {
  const match = /^([1-9]\d?)([smhd])$/.exec(interval);
  return match === null ? Number.NaN : Number(match[1]) * LENGTH_MS[match[2]!]!;
}

/** Makes the candles of one length from trades, and their messages. */
export class KlineMaker {
  private readonly symbol: string;
  private readonly interval: string;
  private readonly lengthMs: number;
  private openMs = Number.NaN;
  private prices = { open: 0, high: 0, low: 0, close: 0 };
  private volume = 0;
  private count = 0;
  private ids = { first: -1, last: -1 };

  constructor(symbol: string, interval: string) {
    this.symbol = symbol;
    this.interval = interval;
    this.lengthMs = klineLengthMs(interval);
  }

  /**
   * Time has come to `nowMs`.
   *
   * @returns the final message of the candle that has ended by then, or null
   */
  closeBefore(nowMs: number): string | null {
    if (Number.isNaN(this.openMs) || nowMs < this.openMs + this.lengthMs) return null;
    const message = this.message(nowMs, true);
    const { close } = this.prices;
    this.openMs += this.lengthMs;
    this.prices = { open: close, high: close, low: close, close };
    this.volume = 0;
    this.count = 0;
    this.ids = { first: -1, last: -1 };
    return message;
  }

  /** @param trade a payload of the stream of trades, parsed */
  trade(trade: { readonly t: number; readonly p: string; readonly q: string; readonly T: number }): void {
    const price = parseDecimal(trade.p, DECIMALS) as number;
    if (Number.isNaN(this.openMs)) {
      this.openMs = Math.floor(trade.T / this.lengthMs) * this.lengthMs;
      this.prices = { open: price, high: price, low: price, close: price };
    }
    const { open, high, low } = this.prices;
    this.prices = {
      open: this.count === 0 ? price : open,
      high: this.count === 0 ? price : Math.max(high, price),
      low: this.count === 0 ? price : Math.min(low, price),
      close: price,
    };
    this.volume += parseDecimal(trade.q, DECIMALS) as number;
    this.count += 1;
    this.ids = { first: this.ids.first < 0 ? trade.t : this.ids.first, last: trade.t };
  }

  private message(nowMs: number, isFinal: boolean): string {
    const { open, high, low, close } = this.prices;
    const text = (count: number): string => formatDecimal(count, DECIMALS);
    const k = {
      t: this.openMs,
      T: this.openMs + this.lengthMs - 1,
      s: this.symbol,
      i: this.interval,
      f: this.ids.first,
      L: this.ids.last,
      o: text(open),
      c: text(close),
      h: text(high),
      l: text(low),
      v: text(this.volume),
      n: this.count,
      x: isFinal,
      q: '0',
      V: '0',
      Q: '0',
      B: '0',
    };
    return JSON.stringify({ e: 'kline', E: nowMs, s: this.symbol, k });
  }
}
