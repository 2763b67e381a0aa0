import { FieldReader, type JsonObject, parseObject, RefusedMessage } from './message-reading.ts';
import { SpotEvent, type SpotMessage, type SpotStream } from './spot-message.ts';

/** A final candle. */
export interface SpotKline {
  readonly tsOpen: number;
  /** Where its interval ends. */
  readonly tsClose: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** What the slow way made of a message. */
export type SlowReading =
  | { readonly kind: 'data'; readonly stream: SpotStream }
  | { readonly kind: 'kline'; readonly stream: SpotStream; readonly kline: SpotKline }
  /** A candle that is not final, or a stream's that was just left. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'shutdown' }
  | { readonly kind: 'answer'; readonly id: number; readonly isTaken: boolean; readonly detail: string };

const NOTHING: SlowReading = { kind: 'nothing' };
const EVENT_NAMES: Readonly<Record<SpotEvent, string | null>> = {
  [SpotEvent.DIFF]: 'depthUpdate',
  [SpotEvent.QUOTE]: null,
  [SpotEvent.TRADE]: 'trade',
  [SpotEvent.KLINE]: 'kline',
};

/** Reads any message in full, by JSON.parse. It has the last word on what the scanner does not take. */
export class SpotJson {
  private readonly message: SpotMessage;
  private readonly streams = new Map<string, SpotStream>();
  private readonly fields = new FieldReader('FEED_MESSAGE_DAMAGED');

  constructor(message: SpotMessage) {
    this.message = message;
  }

  learn(stream: SpotStream): void {
    this.streams.set(stream.name, stream);
  }

  /** @throws RefusedMessage */
  read(text: string): SlowReading {
    const { fields } = this;
    const message = parseObject(text, 'FEED_MESSAGE_DAMAGED');
    if (!Object.hasOwn(message, 'stream')) return this.control(message);
    const name = fields.text(message, 'stream');
    const data = fields.object(message, 'data');
    if (name === '!serverShutdown') return { kind: 'shutdown' };
    const stream = this.streams.get(name);
    if (stream === undefined) throw new RefusedMessage('FEED_MESSAGE_UNKNOWN', `the stream ${name} was not asked for`);
    this.checkEvent(stream, data);
    switch (stream.event) {
      case SpotEvent.QUOTE:
        this.quote(stream, data);
        break;
      case SpotEvent.TRADE:
        this.trade(stream, data);
        break;
      case SpotEvent.DIFF:
        this.diff(stream, data);
        break;
      default: {
        const kline = this.kline(stream, data);
        return kline === null ? NOTHING : { kind: 'kline', stream, kline };
      }
    }
    return { kind: 'data', stream };
  }

  private control(message: JsonObject): SlowReading {
    if (message['e'] === 'serverShutdown') return { kind: 'shutdown' };
    const id = message['id'];
    const error = message['error'] ?? (Object.hasOwn(message, 'code') ? message : undefined);
    if (typeof id === 'number' && Object.hasOwn(message, 'result')) return { kind: 'answer', id, isTaken: true, detail: '' };
    if (error !== undefined) return { kind: 'answer', id: typeof id === 'number' ? id : 0, isTaken: false, detail: JSON.stringify(error) };
    throw new RefusedMessage('FEED_MESSAGE_UNKNOWN', 'the message names no stream and answers nothing');
  }

  private checkEvent(stream: SpotStream, data: JsonObject): void {
    const { fields } = this;
    const wanted = EVENT_NAMES[stream.event];
    const symbol = fields.text(data, 's');
    const isNamed = wanted === null ? data['e'] === undefined || data['e'] === 'bookTicker' : data['e'] === wanted;
    if (!isNamed || symbol !== stream.symbol) throw fields.refuse(`${stream.name} has ${String(data['e'])} of ${symbol}`);
  }

  private quote({ priceDecimals, quantityDecimals }: SpotStream, data: JsonObject): void {
    const { fields, message } = this;
    message.stamp = Number.NaN;
    message.lastId = fields.id(data, 'u');
    message.price = fields.decimal(data['b'], 'b', priceDecimals);
    message.quantity = fields.decimal(data['B'], 'B', quantityDecimals);
    message.askPrice = fields.decimal(data['a'], 'a', priceDecimals);
    message.askSize = fields.decimal(data['A'], 'A', quantityDecimals);
    if ((message.price === 0) !== (message.quantity === 0) || (message.askPrice === 0) !== (message.askSize === 0))
      throw fields.refuse('a side of a quote has a price and a size, or neither');
  }

  private trade({ priceDecimals, quantityDecimals }: SpotStream, data: JsonObject): void {
    const { fields, message } = this;
    message.stamp = fields.time(data, 'T');
    message.lastId = fields.id(data, 't');
    message.price = fields.positive(data['p'], 'p', priceDecimals);
    message.quantity = fields.positive(data['q'], 'q', quantityDecimals);
    message.aggressorSide = fields.flag(data, 'm') ? -1 : 1;
  }

  private diff(stream: SpotStream, data: JsonObject): void {
    const { fields, message } = this;
    message.stamp = fields.time(data, 'E');
    message.firstId = fields.id(data, 'U');
    message.lastId = fields.id(data, 'u');
    if (message.firstId > message.lastId) throw fields.refuse('U is above u');
    message.levels = 0;
    readLevels(fields, message, stream, data, 'b');
    message.bids = message.levels;
    readLevels(fields, message, stream, data, 'a');
  }

  private kline({ priceDecimals, quantityDecimals, name }: SpotStream, data: JsonObject): SpotKline | null {
    const { fields } = this;
    const kline = fields.object(data, 'k');
    if (!fields.flag(kline, 'x')) return null;
    if (!name.endsWith(`@kline_${fields.text(kline, 'i')}`)) throw fields.refuse('the candle has another length');
    const price = (field: string): number => fields.positive(kline[field], field, priceDecimals);
    const [open, high, low, close] = [price('o'), price('h'), price('l'), price('c')];
    const volume = fields.decimal(kline['v'], 'v', quantityDecimals);
    // `T` is the last millisecond of the interval.
    const [tsOpen, tsClose] = [fields.time(kline, 't'), fields.time(kline, 'T') + 1000];
    const isSound = low <= Math.min(open, close) && high >= Math.max(open, close) && tsOpen < tsClose;
    if (!isSound) throw fields.refuse('the candle contradicts itself');
    return { tsOpen, tsClose, open, high, low, close, volume };
  }
}

/** Appends a list of `[price, quantity]`, both texts, to the levels of the message. */
export function readLevels(
  fields: FieldReader,
  message: SpotMessage,
  { priceDecimals, quantityDecimals }: Pick<SpotStream, 'priceDecimals' | 'quantityDecimals'>,
  data: JsonObject,
  name: string,
): void {
  for (const level of fields.list(data, name)) {
    if (!Array.isArray(level) || level.length !== 2) throw fields.refuse(`a level of ${name} is no price and quantity`);
    const price = fields.positive(level[0], name, priceDecimals);
    const quantity = fields.decimal(level[1], name, quantityDecimals);
    if (message.levels === message.levelPrice.length) message.growLevels();
    message.levelPrice[message.levels] = price;
    message.levelQuantity[message.levels] = quantity;
    message.levels += 1;
  }
}
