import { BlockKind } from '../../../model/blocks.ts';
import { DepthLevels } from './depth-levels.ts';
import { type JsonObject, MessageFields } from './message-fields.ts';
import { MessageLines } from './message-lines.ts';
import { type OpenRecordingOptions, type RecordDecoder, RecordingReader, requireKind } from './recording-reader.ts';
import type { RecordedKind, RowBuffer } from './row-buffer.ts';
import { MessageChoice } from './message-choice.ts';

/** Trade ids that are remembered; the first answer to a subscription has some thirty of the trades before. */
const TRADE_IDS_KEPT = 4096;
/** Channels that have nothing of what is read. Source: the venue's page of WebSocket subscriptions. */
const OTHER_CHANNELS: ReadonlySet<string> = new Set([
  'activeAssetCtx',
  'activeSpotAssetCtx',
  'allMids',
  'bbo',
  'candle',
  'pong',
  'subscriptionResponse',
]);
const SIDES: Readonly<Record<string, number>> = { B: 1, A: -1 };

/**
 * Opens a recording of Hyperliquid's streams: lines of `<nanoseconds since the epoch> <JSON message>`.
 *
 * BOOK_DELTAS come from channel `l2Book`, whose messages are whole (20 levels a side): each becomes a CLEAR and its levels. TRADES come from channel
 * `trades`. tsInit is the time of the line, tsEvent the message's `time`.
 *
 * @throws InputError for another kind of rows; from `next()`, with the line, for what is damaged or unknown
 */
export function openHyperliquid(options: OpenRecordingOptions): RecordingReader {
  const rule = 'Recordings of Hyperliquid hold book deltas and trades.';
  const fix = 'Ask for book-deltas: the best bid and ask are the first levels of the book.';
  requireKind(options, [BlockKind.BOOK_DELTAS, BlockKind.TRADES], rule, fix);
  const lines = new MessageLines(options.path, options.member);
  return new RecordingReader(lines, new HyperliquidDecoder(lines, options), options);
}

class HyperliquidDecoder implements RecordDecoder {
  private readonly lines: MessageLines;
  private readonly fields: MessageFields;
  private readonly choice: MessageChoice;
  private readonly kind: RecordedKind;
  private readonly levels = new DepthLevels();
  private readonly tradeIds = new Set<number>();

  constructor(lines: MessageLines, { kind, instrument, symbol }: OpenRecordingOptions) {
    this.kind = kind;
    this.lines = lines;
    this.fields = new MessageFields(lines, instrument);
    this.choice = new MessageChoice(this.fields, symbol);
  }

  decode(rows: RowBuffer): boolean {
    const { lines, fields } = this;
    if (!lines.next()) {
      this.choice.finish();
      return false;
    }
    const tsInit = fields.stamp();
    const message = fields.parse(fields.messageAt);
    const channel = fields.text(message, 'channel');
    if (channel === 'l2Book') {
      if (this.kind === BlockKind.BOOK_DELTAS) this.appendBook(rows, fields.object(message, 'data'), tsInit);
    } else if (channel === 'trades') {
      if (this.kind === BlockKind.TRADES) this.appendTrades(rows, message, tsInit);
    } else if (!OTHER_CHANNELS.has(channel)) {
      throw fields.refuse('RECORD_UNKNOWN', { column: 'channel', value: channel, rule: `The channel ${channel} is not known.` });
    }
    return true;
  }

  private appendBook(rows: RowBuffer, data: JsonObject, tsInit: number): void {
    const { fields, levels } = this;
    if (!this.isWanted(rows, data)) return;
    const tsEvent = fields.time(data, 'time');
    const sides = fields.list(data, 'levels');
    if (sides.length !== 2) throw fields.wrongType('levels', sides.length, 'a list of bids and a list of asks');
    levels.clear();
    this.readSide(sides[0], 'levels[0]');
    levels.endBids();
    this.readSide(sides[1], 'levels[1]');
    rows.startEvent({ tsEvent, tsInit });
    levels.appendSnapshot(rows);
  }

  private readSide(side: unknown, name: string): void {
    const { fields, levels } = this;
    if (!Array.isArray(side)) throw fields.wrongType(name, side, 'a list of levels');
    fields.beginSide();
    (side as readonly unknown[]).forEach((each, at) => {
      const level = fields.asObject(each, `${name}[${at}]`);
      const price = fields.priceOnce(fields.present(level, 'px'), `${name}[${at}].px`);
      levels.add(price, fields.quantity(fields.present(level, 'sz'), `${name}[${at}].sz`, false));
    });
  }

  private appendTrades(rows: RowBuffer, message: JsonObject, tsInit: number): void {
    const { fields } = this;
    fields.list(message, 'data').forEach((each, at) => {
      const trade = fields.asObject(each, `data[${at}]`);
      if (!this.isWanted(rows, trade)) return;
      const tsEvent = fields.time(trade, 'time');
      const sideText = fields.text(trade, 'side');
      const side = SIDES[sideText];
      if (side === undefined) {
        const rule = 'A trade has side B where the buyer crossed the spread, A where the seller did.';
        throw fields.refuse('SIDE_UNKNOWN', { column: `data[${at}].side`, value: sideText, rule, fix: 'Repair the line.' });
      }
      const price = fields.price(fields.present(trade, 'px'), `data[${at}].px`);
      const quantity = fields.quantity(fields.present(trade, 'sz'), `data[${at}].sz`, false);
      if (!this.isNew(fields.id(trade, 'tid'))) {
        rows.countFiltered();
        return;
      }
      rows.startEvent({ tsEvent, tsInit });
      rows.addTrade(price, quantity, side);
    });
  }

  private isWanted(rows: RowBuffer, of: JsonObject): boolean {
    const isWanted = this.choice.isChosen(this.fields.text(of, 'coin'));
    if (!isWanted) rows.countFiltered();
    return isWanted;
  }

  /** A subscription is answered with the trades before it: after a reconnection they come a second time. */
  private isNew(tradeId: number): boolean {
    const { tradeIds } = this;
    if (tradeIds.has(tradeId)) return false;
    if (tradeIds.size === TRADE_IDS_KEPT) {
      const [oldest] = tradeIds;
      tradeIds.delete(oldest!);
    }
    tradeIds.add(tradeId);
    return true;
  }
}
