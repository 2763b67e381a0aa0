import { MessageLines } from '../../adapters/files/recordings/message-lines.ts';
import type { MarketSink, ServedMarket, ServedSnapshot, ServedSymbol } from '../../adapters/binance/loopback/served-market.ts';
import { columnDecimals, formatDecimal } from '../../base/decimal.ts';
import type { Clock, ClockCall } from '../../ports/clock.ts';
import { InputError } from '../../ports/errors.ts';

/** Messages between two looks at the clock: whatever else the process has to do comes in between. */
const MESSAGES_PER_TURN = 2048;
const LINE = /^(\d{19}) (\{.*)$/;
const ENVELOPE = /^\{"stream":"([^"@]+)@([^"]+)","data":(.*)\}$/;
const STAMPS = /"([ET])":(\d{13})\b/g;
const DECIMAL = /"(\d+\.\d+)"/g;

export interface RecordedMarketOptions {
  /** Lines of nanoseconds, a space and the message, in files that follow each other. */
  readonly paths: readonly string[];
  readonly clock: Clock;
  /** So many times as fast as it was recorded. */
  readonly speed: number;
  /** Leave the venue's stamps as they were recorded; otherwise they are moved to now. */
  readonly keepsTimes: boolean;
}

/**
 * Plays a raw recording of Binance Spot, one symbol, as its streams sent it. It begins where the recording has a snapshot of the book: before, nobody could
 * be told one.
 */
export class RecordedMarket implements ServedMarket {
  readonly symbols: readonly ServedSymbol[];
  private readonly options: RecordedMarketOptions;
  private readonly symbol: string;
  private lines: MessageLines;
  /** Of the recording at the start, microseconds, and what the clock showed then. */
  private firstUs = Number.NaN;
  private startUs = Number.NaN;
  private next: { readonly ts: number; readonly text: string } | null = null;
  private call: ClockCall | null = null;

  /** @throws InputError RECORDING_FORMAT_WRONG, or what reading the files throws */
  constructor(options: RecordedMarketOptions) {
    this.options = options;
    const { symbol, ...found } = lookThrough(options.paths);
    this.symbol = symbol;
    this.symbols = [{ symbol, ...found }];
    this.lines = new MessageLines(options.paths);
  }

  start(sink: MarketSink): void {
    const { symbol } = this;
    const early: string[] = [];
    for (let line = this.read(); ; line = this.read()) {
      if (line === null) return sink.ended();
      const snapshot = snapshotOf(line.text);
      if (snapshot === null) {
        early.push(line.text);
        continue;
      }
      for (const text of early) {
        const [, , suffix, data] = ENVELOPE.exec(text) ?? [];
        if (suffix?.startsWith('depth') === true) sink.message(symbol, suffix, data!);
      }
      sink.book(symbol, snapshot);
      this.firstUs = line.ts;
      break;
    }
    this.startUs = this.options.clock.now();
    this.next = this.read();
    this.turn(sink);
  }

  stop(): void {
    this.call?.cancel();
    this.call = null;
    this.lines.close();
  }

  private turn(sink: MarketSink): void {
    const { clock } = this.options;
    const now = clock.now();
    let count = 0;
    while (this.next !== null && this.dueTs(this.next.ts) <= now && count < MESSAGES_PER_TURN) {
      this.play(sink, this.next.text);
      this.next = this.read();
      count += 1;
    }
    if (this.next === null) return sink.ended();
    this.call = clock.callAt(Math.max(now, this.dueTs(this.next.ts)), () => this.turn(sink));
  }

  private play(sink: MarketSink, text: string): void {
    const snapshot = snapshotOf(text);
    // The server's book goes on by diffs; a later snapshot says what it has already.
    if (snapshot !== null) return;
    const [, , suffix, data] = ENVELOPE.exec(text) ?? [];
    if (suffix === undefined) return;
    sink.message(
      this.symbol,
      suffix,
      this.options.keepsTimes ? data! : data!.replace(STAMPS, (_, name: string, ms: string) => `"${name}":${this.movedMs(Number(ms))}`),
    );
  }

  private dueTs(ts: number): number {
    return this.startUs + Math.floor((ts - this.firstUs) / this.options.speed);
  }

  /** Where a stamp of the venue stands now. */
  private movedMs(ms: number): number {
    return Math.floor(this.dueTs(ms * 1000) / 1000);
  }

  private read(): { readonly ts: number; readonly text: string } | null {
    while (this.lines.next()) {
      const match = LINE.exec(this.lines.text(this.lines.from));
      if (match !== null) return { ts: Number(match[1]!.slice(0, -3)), text: match[2]! };
    }
    return null;
  }
}

function snapshotOf(text: string): ServedSnapshot | null {
  if (!text.startsWith('{"lastUpdateId"')) return null;
  const { lastUpdateId, bids, asks } = JSON.parse(text) as ServedSnapshot;
  return { lastUpdateId, bids, asks };
}

/** Reads the recording once: whose it is, and in how many decimals its numbers are. */
function lookThrough(paths: readonly string[]): ServedSymbol {
  const lines = new MessageLines(paths);
  let symbol = '';
  let priceDecimals = 0;
  let quantityDecimals = 0;
  while (lines.next()) {
    const text = lines.text(lines.from);
    const envelope = ENVELOPE.exec(LINE.exec(text)?.[2] ?? '');
    if (envelope !== null) {
      const named = envelope[1]!.toUpperCase();
      if (symbol !== '' && named !== symbol) throw wrong(paths, `It has ${symbol} and ${named}; the server plays one symbol.`);
      symbol = named;
    }
    // Prices and quantities take turns in every message.
    const numbers = [...text.matchAll(DECIMAL)].map(([, number]) => number!);
    priceDecimals = columnDecimals(
      numbers.filter((_, at) => at % 2 === 0),
      priceDecimals,
      8,
    );
    quantityDecimals = columnDecimals(
      numbers.filter((_, at) => at % 2 === 1),
      quantityDecimals,
      8,
    );
  }
  if (symbol === '') throw wrong(paths, 'It has no message of a stream.');
  const [, baseAsset, quoteAsset] = /^(.+?)(USDT|USDC|FDUSD|BUSD|TUSD|BTC|ETH|BNB|EUR|TRY|USD)$/.exec(symbol) ?? [symbol, symbol, 'UNIT'];
  const step = (decimals: number): string => formatDecimal(10 ** (8 - decimals), 8);
  return {
    symbol,
    baseAsset: baseAsset!,
    quoteAsset: quoteAsset!,
    tickSize: step(priceDecimals),
    stepSize: step(quantityDecimals),
    minNotional: '5.00000000',
  };
}

function wrong(paths: readonly string[], rule: string): InputError {
  const fix = 'Give a raw recording of Binance Spot: lines of nanoseconds, a space and the message, of one symbol.';
  return new InputError([{ code: 'RECORDING_FORMAT_WRONG', file: paths.join(', '), rule, fix }]);
}
