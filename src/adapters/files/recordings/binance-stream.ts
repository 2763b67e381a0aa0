import { unreachable } from '../../../base/assert.ts';
import { BlockKind } from '../../../model/blocks.ts';
import { BinanceJson } from './binance-json.ts';
import { BinanceEvent, BinanceMessage } from './binance-message.ts';
import { BinanceScanner } from './binance-scanner.ts';
import { BinanceBookAssembler } from './binance-book-assembler.ts';
import { MessageFields } from './message-fields.ts';
import { MessageLines } from './message-lines.ts';
import { type OpenRecordingOptions, type RecordDecoder, RecordingReader } from './recording-reader.ts';
import type { RecordedKind, RowBuffer } from './row-buffer.ts';
import { MessageChoice } from './message-choice.ts';

/**
 * Opens a recording of Binance's streams (Spot, USD-M, COIN-M): lines of `<nanoseconds since the epoch> <JSON message>`.
 *
 * BOOK_DELTAS come from `depth` diffs and the snapshots of `GET …/depth` that stand among them, QUOTES from `bookTicker`, TRADES from `trade`, or
 * `aggTrade` where that comes first. tsInit is the time of the line, tsEvent the message's `T`, else `E`, else the time of the line.
 *
 * @throws InputError from `next()`, with the line, for what is damaged or unknown
 */
export function openBinanceStream(options: OpenRecordingOptions): RecordingReader {
  const lines = new MessageLines(options.path, options.member);
  return new RecordingReader(lines, new BinanceStreamDecoder(lines, options), options);
}

class BinanceStreamDecoder implements RecordDecoder {
  private readonly lines: MessageLines;
  private readonly fields: MessageFields;
  private readonly choice: MessageChoice;
  private readonly kind: RecordedKind;
  private readonly message = new BinanceMessage();
  private readonly scanner: BinanceScanner;
  private readonly json: BinanceJson;
  private readonly depth = new BinanceBookAssembler();
  private tsInit = Number.NEGATIVE_INFINITY;
  /** TRADE or AGGREGATE, whichever comes first: both tell the same executions. */
  private tradeEvent: BinanceEvent = BinanceEvent.NONE;
  private lastTradeId = -1;

  constructor(lines: MessageLines, { kind, instrument, symbol }: OpenRecordingOptions) {
    this.kind = kind;
    this.lines = lines;
    this.fields = new MessageFields(lines, instrument);
    this.choice = new MessageChoice(this.fields, symbol);
    this.scanner = new BinanceScanner(this.message, instrument.priceDecimals, instrument.quantityDecimals);
    this.json = new BinanceJson(this.fields, kind);
  }

  decode(rows: RowBuffer): boolean {
    const { lines, fields } = this;
    if (!lines.next()) {
      // A symbol that is not there has no snapshot either, and is the reason.
      this.choice.finish();
      if (this.kind === BlockKind.BOOK_DELTAS) this.depth.end();
      return false;
    }
    const tsInit = fields.stamp();
    const event = this.scanner.scan(lines.bytes, fields.messageAt, lines.to) ?? this.readSlowly(rows, fields.messageAt);
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

  private readSlowly(rows: RowBuffer, at: number): BinanceEvent {
    const envelope = this.json.open(at);
    const { stream, event, symbol } = envelope;
    const isWanted = event !== BinanceEvent.NONE && this.choice.isChosen(symbol);
    if (this.choice.isSearching) this.scanner.forget();
    if (event !== BinanceEvent.NONE && !isWanted) rows.countFiltered();
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
        rows.startEvent({ tsEvent, tsInit });
        rows.addQuote(message.bidPrice, message.askPrice, message.bidSize, message.askSize);
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
      rows.countFiltered();
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
    if (!message.isOnBook) {
      rows.countFiltered();
      return;
    }
    rows.startEvent({ tsEvent: message.tsEvent, tsInit: this.tsInit });
    rows.addTrade(message.price, message.quantity, message.aggressorSide);
  }
}
