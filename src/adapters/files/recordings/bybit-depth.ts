import { BybitSequence } from '../../../book/bybit-sequence.ts';
import { DepthVerdict } from '../../../book/depth-sequence.ts';
import { BlockKind } from '../../../model/blocks.ts';
import { inputError } from '../input-problem.ts';
import { DepthLevels } from './depth-levels.ts';
import { type JsonObject, MessageFields } from './message-fields.ts';
import { MessageLines } from './message-lines.ts';
import { type OpenRecordingOptions, type RecordDecoder, RecordingReader, type RecordPlace, requireKind } from './recording-reader.ts';
import type { RowBuffer } from './row-buffer.ts';
import { MessageChoice } from './message-choice.ts';

/** `orderbook.<depth>.<symbol>`. */
const TOPIC = /^orderbook\.\d+\.([^.]+)$/;

/**
 * Opens Bybit's recordings of its order book: lines of JSON messages of topic `orderbook.<depth>.<symbol>`, as the venue offers them for download.
 *
 * Only book deltas. tsInit is the message's `ts`, at which it left the venue, because the recording does not say when it came; tsEvent is `cts`, at
 * which the engine made it, else `ts`.
 *
 * @throws InputError for another kind of rows; from `next()`, with the line, for what is damaged or unknown
 */
export function openBybitDepth(options: OpenRecordingOptions): RecordingReader {
  requireKind(options, [BlockKind.BOOK_DELTAS], 'Order books of Bybit hold book deltas only.', 'Ask for book-deltas.');
  const lines = new MessageLines(options.path, options.member);
  return new RecordingReader(lines, new BybitDepthDecoder(lines, options), options);
}

class BybitDepthDecoder implements RecordDecoder {
  private readonly lines: MessageLines;
  private readonly fields: MessageFields;
  private readonly choice: MessageChoice;
  private readonly sequence = new BybitSequence();
  private readonly levels = new DepthLevels();
  private topic: string | null = null;
  private hasBegun = false;
  private firstDelta: RecordPlace | null = null;

  constructor(lines: MessageLines, { instrument, symbol }: OpenRecordingOptions) {
    this.lines = lines;
    this.fields = new MessageFields(lines, instrument);
    this.choice = new MessageChoice(this.fields, symbol);
  }

  decode(rows: RowBuffer): boolean {
    if (!this.lines.next()) {
      this.choice.finish();
      if (!this.hasBegun && this.firstDelta !== null) throw inputError('BOOK_SNAPSHOT_MISSING', { ...this.firstDelta });
      return false;
    }
    const message = this.fields.parse(this.lines.from);
    if (this.isWanted(rows, message)) this.append(rows, message);
    return true;
  }

  private isWanted(rows: RowBuffer, message: JsonObject): boolean {
    const { fields } = this;
    const topic = fields.text(message, 'topic');
    const symbol = TOPIC.exec(topic)?.[1];
    if (symbol === undefined) {
      throw fields.refuse('RECORD_UNKNOWN', { column: 'topic', value: topic, rule: 'The topic is not orderbook.<depth>.<symbol>.' });
    }
    if (!this.choice.isChosen(symbol)) {
      rows.countFiltered();
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
    rows.startEvent({ tsEvent, tsInit });
    levels.clear();
    fields.levels(data, 'b', isWhole, levels);
    levels.endBids();
    fields.levels(data, 'a', isWhole, levels);
    if (isWhole) {
      sequence.onSnapshot(updateId, seq);
      this.hasBegun = true;
      levels.appendSnapshot(rows);
      return;
    }
    this.firstDelta ??= this.lines.place;
    const verdict = sequence.onDelta(updateId, seq);
    if (verdict === DepthVerdict.APPLY) levels.appendDiff(rows);
    else if (verdict === DepthVerdict.GAP) rows.addGap();
  }
}
