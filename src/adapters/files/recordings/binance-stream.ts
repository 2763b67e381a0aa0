import { unreachable } from '../../../base/assert.ts';
import { BlockKind } from '../../../model/blocks.ts';
import type { LoadCounters } from '../csv-format.ts';
import { BinanceJson } from './binance-json.ts';
import { BinanceEvent, BinanceMessage } from './binance-message.ts';
import { BinanceScanner } from './binance-scanner.ts';
import { DepthAssembler } from './depth-assembler.ts';
import { MessageFields } from './message-fields.ts';
import { MessageLines } from './message-lines.ts';
import { type OpenRecordingOptions, type RecordDecoder, RecordingReader, type RecordPlace } from './recording-reader.ts';
import type { RecordedKind, RowBuffer } from './row-buffer.ts';
import { SymbolFilter } from './symbol-filter.ts';

export interface BinanceStreamOptions extends OpenRecordingOptions {
  /** Recordings of several symbols: which one, such as `BTCUSDT`. */
  readonly symbol?: string;
}

/**
 * Opens a recording of Binance's streams (Spot, USD-M, COIN-M): lines of `<nanoseconds since the epoch> <JSON message>`.
 *
 * BOOK_DELTAS come from `depth` diffs and the snapshots of `GET …/depth` that stand among them, QUOTES from `bookTicker`, TRADES from `trade`, or
 * `aggTrade` where that comes first. tsInit is the time of the line, tsEvent the message's `T`, else `E`, else the time of the line.
 *
 * @throws InputError from `next()`, with the line, for what is damaged or unknown
 */
export function openBinanceStream(options: BinanceStreamOptions): RecordingReader {
  const decoder = new BinanceStreamDecoder(options);
  const reader = new RecordingReader(decoder, options);
  decoder.counters = reader.counters;
  return reader;
}

class BinanceStreamDecoder implements RecordDecoder {
  counters: LoadCounters | null = null;
  private readonly lines: MessageLines;
  private readonly fields: MessageFields;
  private readonly symbols: SymbolFilter;
  private readonly kind: RecordedKind;
  private readonly message = new BinanceMessage();
  private readonly scanner: BinanceScanner;
  private readonly json: BinanceJson;
  private readonly depth = new DepthAssembler();
  private tsInit = Number.NEGATIVE_INFINITY;
  /** TRADE or AGGREGATE, whichever comes first: both tell the same executions. */
  private tradeEvent: BinanceEvent = BinanceEvent.NONE;
  private lastTradeId = -1;

  constructor({ path, member, kind, instrument, symbol }: BinanceStreamOptions) {
    this.kind = kind;
    this.lines = new MessageLines(path, member);
    this.fields = new MessageFields(this.lines, instrument);
    this.symbols = new SymbolFilter(this.fields, symbol);
    this.scanner = new BinanceScanner(this.message, instrument.priceDecimals, instrument.quantityDecimals);
    this.json = new BinanceJson(this.fields, kind);
  }

  get progress(): number {
    return this.lines.progress;
  }

  get place(): RecordPlace {
    return this.lines.place;
  }

  decode(rows: RowBuffer): boolean {
    const { lines, fields } = this;
    if (!lines.next()) {
      if (this.kind === BlockKind.BOOK_DELTAS) this.depth.end();
      this.symbols.end();
      return false;
    }
    const tsInit = fields.stamp();
    const event = this.scanner.scan(lines.bytes, fields.messageAt, lines.to) ?? this.readSlowly(fields.messageAt);
    if (event === BinanceEvent.NONE) return true;
    if (tsInit < this.tsInit) {
      throw fields.refuse('TIME_BACKWARDS', {
        value: String(tsInit),
        rule: `The message came ${this.tsInit - tsInit} µs before the one that stands before it.`,
      });
    }
    this.tsInit = tsInit;
    this.append(rows, event);
    return true;
  }

  close(): void {
    this.lines.close();
  }

  private readSlowly(at: number): BinanceEvent {
    const envelope = this.json.open(at);
    const { stream, event, symbol } = envelope;
    const isWanted = event !== BinanceEvent.NONE && this.symbols.isWanted(symbol);
    if (event !== BinanceEvent.NONE && !isWanted) this.countFiltered();
    if (isWanted) this.json.read(envelope, this.message);
    if (stream !== null && event !== BinanceEvent.SNAPSHOT && (isWanted || event === BinanceEvent.NONE)) {
      this.scanner.learn(stream, event, symbol ?? '');
    }
    return isWanted ? event : BinanceEvent.NONE;
  }

  private append(rows: RowBuffer, event: BinanceEvent): void {
    const { message, tsInit, lines } = this;
    const tsEvent = Number.isNaN(message.tsEvent) ? tsInit : message.tsEvent;
    message.tsEvent = tsEvent;
    switch (event) {
      case BinanceEvent.DIFF:
        this.depth.diff(rows, message, message.levels, tsInit, lines.place);
        return;
      case BinanceEvent.SNAPSHOT:
        this.depth.snapshot(rows, message, message.levels, tsInit, lines.place);
        return;
      case BinanceEvent.QUOTE:
        rows.addQuote(tsEvent, tsInit, message.bidPrice, message.askPrice, message.bidSize, message.askSize);
        return;
      case BinanceEvent.TRADE:
      case BinanceEvent.AGGREGATE:
        this.appendTrade(rows, event);
        return;
      case BinanceEvent.NONE:
        return;
      default:
        unreachable(event);
    }
  }

  private appendTrade(rows: RowBuffer, event: BinanceEvent): void {
    const { message, lastTradeId } = this;
    if (this.tradeEvent === BinanceEvent.NONE) this.tradeEvent = event;
    if (event !== this.tradeEvent) {
      this.countFiltered();
      return;
    }
    if (message.tradeId <= lastTradeId) {
      throw this.fields.refuse('TRADE_ID_DUPLICATE', {
        column: event === BinanceEvent.TRADE ? 't' : 'a',
        value: String(message.tradeId),
        rule: `Trade ids rise; the trade before has ${lastTradeId}.`,
        fix: 'Take the line out of the file.',
      });
    }
    this.lastTradeId = message.tradeId;
    if (message.isOnBook) rows.addTrade(message.tsEvent, this.tsInit, message.price, message.quantity, message.aggressorSide);
    else this.countFiltered();
  }

  private countFiltered(): void {
    if (this.counters !== null) this.counters.filtered += 1;
  }
}
