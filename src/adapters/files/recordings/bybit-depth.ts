import { BybitSequence } from '../../../book/bybit-sequence.ts';
import { DepthVerdict } from '../../../book/depth-sequence.ts';
import { BlockKind, kindName } from '../../../model/blocks.ts';
import type { LoadCounters } from '../csv-format.ts';
import { inputError } from '../input-problem.ts';
import { appendGap, DepthLevels } from './depth-levels.ts';
import { type JsonObject, MessageFields } from './message-fields.ts';
import { MessageLines } from './message-lines.ts';
import { type OpenRecordingOptions, type RecordDecoder, RecordingReader, type RecordPlace } from './recording-reader.ts';
import type { RowBuffer } from './row-buffer.ts';
import { SymbolFilter } from './symbol-filter.ts';

/** `orderbook.<depth>.<symbol>`. */
const TOPIC = /^orderbook\.\d+\.([^.]+)$/;

export interface BybitDepthOptions extends OpenRecordingOptions {
  /** Recordings of several symbols: which one, such as `XRPUSDT`. */
  readonly symbol?: string;
}

/**
 * Opens Bybit's recordings of its order book: lines of JSON messages of topic `orderbook.<depth>.<symbol>`, as the venue offers them for download.
 *
 * Only book deltas. tsInit is the message's `ts`, at which it left the venue, because the recording does not say when it came; tsEvent is `cts`, at
 * which the engine made it, else `ts`.
 *
 * @throws InputError for another kind of rows; from `next()`, with the line, for what is damaged or unknown
 */
export function openBybitDepth(options: BybitDepthOptions): RecordingReader {
  if (options.kind !== BlockKind.BOOK_DELTAS) {
    throw inputError('KIND_UNSUPPORTED', {
      file: typeof options.path === 'string' ? options.path : options.path.join(', '),
      value: kindName(options.kind),
      rule: 'Order books of Bybit hold book deltas only.',
      fix: 'Ask for book-deltas.',
    });
  }
  const decoder = new BybitDepthDecoder(options);
  const reader = new RecordingReader(decoder, options);
  decoder.counters = reader.counters;
  return reader;
}

class BybitDepthDecoder implements RecordDecoder {
  counters: LoadCounters | null = null;
  private readonly lines: MessageLines;
  private readonly fields: MessageFields;
  private readonly symbols: SymbolFilter;
  private readonly sequence = new BybitSequence();
  private readonly levels = new DepthLevels();
  private topic: string | null = null;
  private hasBegun = false;
  private firstDelta: RecordPlace | null = null;

  constructor({ path, member, instrument, symbol }: BybitDepthOptions) {
    this.lines = new MessageLines(path, member);
    this.fields = new MessageFields(this.lines, instrument);
    this.symbols = new SymbolFilter(this.fields, symbol);
  }

  get progress(): number {
    return this.lines.progress;
  }

  get place(): RecordPlace {
    return this.lines.place;
  }

  decode(rows: RowBuffer): boolean {
    if (!this.lines.next()) {
      if (!this.hasBegun && this.firstDelta !== null) throw inputError('BOOK_SNAPSHOT_MISSING', { ...this.firstDelta });
      this.symbols.end();
      return false;
    }
    const message = this.fields.parse(this.lines.from);
    if (this.isWanted(message)) this.append(rows, message);
    return true;
  }

  close(): void {
    this.lines.close();
  }

  private isWanted(message: JsonObject): boolean {
    const { fields } = this;
    const topic = fields.text(message, 'topic');
    const symbol = TOPIC.exec(topic)?.[1];
    if (symbol === undefined) {
      throw fields.refuse('RECORD_UNKNOWN', { column: 'topic', value: topic, rule: 'The topic is not orderbook.<depth>.<symbol>.' });
    }
    if (!this.symbols.isWanted(symbol.toUpperCase())) {
      if (this.counters !== null) this.counters.filtered += 1;
      return false;
    }
    this.topic ??= topic;
    if (topic !== this.topic) {
      const rule = `The recording has the book to two depths, ${this.topic} and ${topic}: they do not continue each other.`;
      throw fields.refuse('RECORD_UNKNOWN', { column: 'topic', value: topic, rule, fix: 'Put each depth into a file of its own.' });
    }
    return true;
  }

  private append(rows: RowBuffer, message: JsonObject): void {
    const { fields, levels, sequence } = this;
    const type = fields.text(message, 'type');
    if (type !== 'snapshot' && type !== 'delta') {
      throw fields.refuse('RECORD_UNKNOWN', { column: 'type', value: type, rule: 'A message is a snapshot or a delta.' });
    }
    const tsInit = fields.time(message, 'ts');
    const tsEvent = Object.hasOwn(message, 'cts') ? fields.time(message, 'cts') : tsInit;
    const data = fields.object(message, 'data');
    const updateId = fields.id(data, 'u');
    const seq = fields.id(data, 'seq');
    const isWhole = sequence.isWhole(type === 'snapshot', updateId);
    levels.clear();
    fields.levels(data, 'b', !isWhole, levels);
    levels.endBids();
    fields.levels(data, 'a', !isWhole, levels);
    if (isWhole) {
      sequence.onSnapshot(updateId, seq);
      this.hasBegun = true;
      levels.appendSnapshot(rows, tsEvent, tsInit);
      return;
    }
    this.firstDelta ??= this.place;
    const verdict = sequence.onDelta(updateId, seq);
    if (verdict === DepthVerdict.APPLY) levels.appendDiff(rows, tsEvent, tsInit);
    else if (verdict === DepthVerdict.GAP) appendGap(rows, tsEvent, tsInit);
  }
}
