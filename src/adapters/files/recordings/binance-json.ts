import { NO_BOOK } from '../../../book/depth-sequence.ts';
import { BinanceEvent, type BinanceMessage, EVENTS_OF_KIND, OTHER_EVENTS, READ_EVENTS } from './binance-message.ts';
import type { JsonObject, MessageFields } from './message-fields.ts';
import type { RecordedKind } from './row-buffer.ts';

/** Diffs of the whole book. Others of the same event are not: `@depth5`, `10`, `20` are its top, `@rpiDepth` has other orders in it. */
const DIFF_STREAM = /^[^@]+@depth(@\d+ms)?$/;
/** The name under which recorders put the answer of `GET …/depth` among the streams; names of streams have the symbol in small letters. */
const SNAPSHOT_STREAM = /@depthSnapshot$/;
/** Streams of many symbols come as lists. */
const LIST_STREAM = /^!.*@arr(@\d+s)?$/;
/** Executions that do not take from the book, and the sign of a trade that is none. Source: field X of the trade stream of futures. */
const OFF_BOOK: ReadonlySet<string> = new Set(['INSURANCE_FUND', 'ADL', 'NA']);

/** A message that was parsed, before its fields are read. */
interface BinanceEnvelope {
  /** Name of its stream; null where the message came bare. */
  readonly stream: string | null;
  readonly data: JsonObject;
  readonly event: BinanceEvent;
  /** Its instrument; null where it does not say, as snapshots of Spot and USD-M. */
  readonly symbol: string | null;
}

/** Reads any message in full, by JSON.parse. Slow; it has the last word on all that the scanner does not take, and says what is wrong. */
export class BinanceJson {
  private readonly fields: MessageFields;
  private readonly wanted: readonly BinanceEvent[];
  private readonly side = { price: 0, size: 0 };

  constructor(fields: MessageFields, kind: RecordedKind) {
    this.fields = fields;
    this.wanted = EVENTS_OF_KIND[kind];
  }

  /** @throws InputError `RECORD_UNKNOWN` for an event or stream that is not known, `RECORD_DAMAGED` for what is no message */
  open(at: number): BinanceEnvelope {
    const { fields } = this;
    const message = fields.parse(at);
    const isBare = !Object.hasOwn(message, 'stream');
    const stream = isBare ? null : fields.text(message, 'stream');
    if (stream !== null && LIST_STREAM.test(stream)) return { stream, data: message, event: BinanceEvent.NONE, symbol: null };
    const data = isBare ? message : fields.object(message, 'data');
    const event = this.eventOf(data, stream);
    if (!this.wanted.includes(event)) return { stream, data, event: BinanceEvent.NONE, symbol: null };
    if (event !== BinanceEvent.SNAPSHOT) return { stream, data, event, symbol: fields.text(data, 's') };
    if (Object.hasOwn(data, 'symbol')) return { stream, data, event, symbol: fields.text(data, 'symbol') };
    return { stream, data, event, symbol: stream === null ? null : stream.replace(SNAPSHOT_STREAM, '').toUpperCase() };
  }

  /** Reads the fields of a message that is wanted. */
  read(envelope: BinanceEnvelope, into: BinanceMessage): void {
    const { data, event } = envelope;
    into.begin();
    const stamp = Object.hasOwn(data, 'T') ? 'T' : Object.hasOwn(data, 'E') ? 'E' : null;
    if (stamp !== null) into.tsEvent = this.fields.time(data, stamp);
    if (event === BinanceEvent.DIFF) this.readDiff(data, into);
    else if (event === BinanceEvent.SNAPSHOT) this.readSnapshot(data, into);
    else if (event === BinanceEvent.QUOTE) this.readQuote(data, into);
    else this.readTrade(data, event, into);
  }

  private eventOf(data: JsonObject, stream: string | null): BinanceEvent {
    const { fields } = this;
    if (Object.hasOwn(data, 'e')) {
      const name = fields.text(data, 'e');
      const event = READ_EVENTS.get(name);
      if (event === BinanceEvent.DIFF && stream !== null && !DIFF_STREAM.test(stream)) return this.unlessWanted(BinanceEvent.DIFF, stream);
      if (event !== undefined) return event;
      if (OTHER_EVENTS.has(name)) return BinanceEvent.NONE;
      throw fields.refuse('RECORD_UNKNOWN', { column: 'e', value: name, rule: `The event ${name} is not known.` });
    }
    if (Object.hasOwn(data, 'lastUpdateId')) {
      if (stream === null || SNAPSHOT_STREAM.test(stream)) return BinanceEvent.SNAPSHOT;
      return this.unlessWanted(BinanceEvent.SNAPSHOT, stream);
    }
    if (Object.hasOwn(data, 'u') && Object.hasOwn(data, 'B')) return BinanceEvent.QUOTE;
    if (stream === null && Object.hasOwn(data, 'result') && Object.hasOwn(data, 'id')) return BinanceEvent.NONE;
    throw fields.refuse('RECORD_UNKNOWN', {
      value: stream ?? Object.keys(data).join(','),
      rule: 'The message has no event name (e) and is neither a snapshot nor a best bid and ask.',
    });
  }

  /** The top of the book is not the book; nobody minds it who does not ask for the book. */
  private unlessWanted(event: BinanceEvent, stream: string): BinanceEvent {
    if (!this.wanted.includes(event)) return BinanceEvent.NONE;
    throw this.fields.refuse('RECORD_UNKNOWN', {
      column: 'stream',
      value: stream,
      rule: 'The book is read from @depth streams of the whole book; other depth streams have its top or other orders.',
    });
  }

  private readDiff(data: JsonObject, into: BinanceMessage): void {
    const { fields } = this;
    into.firstId = fields.id(data, 'U');
    into.lastId = fields.id(data, 'u');
    into.previousId = Object.hasOwn(data, 'pu') ? fields.id(data, 'pu') : NO_BOOK;
    fields.levels(data, 'b', false, into.levels);
    into.levels.endBids();
    fields.levels(data, 'a', false, into.levels);
  }

  private readSnapshot(data: JsonObject, into: BinanceMessage): void {
    const { fields } = this;
    into.lastId = fields.id(data, 'lastUpdateId');
    fields.levels(data, 'bids', true, into.levels);
    into.levels.endBids();
    fields.levels(data, 'asks', true, into.levels);
  }

  private readQuote(data: JsonObject, into: BinanceMessage): void {
    const { fields, side } = this;
    into.lastId = fields.id(data, 'u');
    fields.quoteSide(data, 'b', 'B', side);
    into.bidPrice = side.price;
    into.bidSize = side.size;
    fields.quoteSide(data, 'a', 'A', side);
    into.askPrice = side.price;
    into.askSize = side.size;
  }

  private readTrade(data: JsonObject, event: BinanceEvent, into: BinanceMessage): void {
    const { fields } = this;
    into.tradeId = fields.id(data, event === BinanceEvent.TRADE ? 't' : 'a');
    into.aggressorSide = fields.flag(data, 'm') ? -1 : 1;
    const by = Object.hasOwn(data, 'X') ? fields.text(data, 'X') : 'MARKET';
    into.isOnBook = !OFF_BOOK.has(by);
    if (!into.isOnBook) return;
    if (by !== 'MARKET') {
      throw fields.refuse('RECORD_UNKNOWN', { column: 'X', value: by, rule: 'How the trade came about is not known.' });
    }
    into.price = fields.price(fields.present(data, 'p'), 'p');
    into.quantity = fields.quantity(fields.present(data, 'q'), 'q', false);
  }
}
