import { SpotEvent, type SpotMessage, type SpotStream } from './spot-message.ts';
import { counted, DECIMALS_SENT, eightDigits, fourDigits, type Word, wordOf } from './wire-bytes.ts';

/** Slots of the table of streams: a power of two, at least twice as many as the venue takes on a connection. */
const SLOTS = 4096;
/** Bytes of a message that the first one may have without growing. */
const BYTES_FIRST = 65_536;
/** Bytes behind a message that may be read, so that four at a time need no look at its end. */
const BYTES_BEHIND = 64;

const QUOTE = 34;
const COMMA = 44;
const POINT = 46;
const ZERO = 48;
const CLOSE = 93;
/** `["`, `"]` and `}}` as two bytes, `","` as three, little end first. */
const LEVEL_OPEN = 0x22_5b;
const LEVEL_CLOSE = 0x5d_22;
const END = 0x7d_7d;
const LEVEL_MIDDLE = 0x22_2c_22;
const THREE_BYTES = 0xff_ff_ff;
const WHOLE_DIGITS_MAX = 7;
/** A number's longest text that the scanner takes. */
const TEXT_BYTES_MAX = WHOLE_DIGITS_MAX + 1 + DECIMALS_SENT;
/** Where the name of the stream begins. */
const NAME_AT = 11;

/** The text that a number had last, by its first and last eight bytes, and what it counts: most numbers of a quote are those of the one before. */
interface LastNumber {
  head: number;
  tail: number;
  length: number;
  count: number;
}

/** A stream with what its messages look like between their values. */
interface Layout {
  readonly stream: SpotStream;
  /** All before the first value. */
  readonly head: Word;
  readonly afterFirst: Word;
  readonly priceDecimals: number;
  readonly quantityDecimals: number;
  /** Of a quote; of a trade its price is that of the bid. */
  readonly bid: LastNumber;
  readonly bidSize: LastNumber;
  readonly ask: LastNumber;
  readonly askSize: LastNumber;
}

const BETWEEN_IDS = wordOf(',"u":');
const BIDS = wordOf(',"b":[');
const ASKS = wordOf(',"a":[');
const BID_SIZE = wordOf('","B":"');
const ASK = wordOf('","a":"');
const ASK_SIZE = wordOf('","A":"');
const PRICE = wordOf(',"p":"');
const QUANTITY = wordOf('","q":"');
const TRADE_TIME = wordOf('","T":');
const MAKER_TRUE = wordOf(',"m":true,"M":');
const MAKER_FALSE = wordOf(',"m":false,"M":');
const TRUE = wordOf('true');
const FALSE = wordOf('false');

/** The quantity of a level that goes, with what ends it: eight bytes and four. */
const NOTHING_TEXT = new DataView(new TextEncoder().encode('0.00000000"]').buffer);
const NOTHING_HEAD = NOTHING_TEXT.getFloat64(0, true);
const NOTHING_TAIL = NOTHING_TEXT.getInt32(8, true);
const NOTHING_LENGTH = 12;

/**
 * Reads messages of combined streams in the layout that Spot sends today, field for field, without a text or an object: `bookTicker`, `trade` and `depth`.
 * A message is taken whole or not at all; what is not taken (another order of fields, a new one, more digits) is for JSON.parse, see spot-json.ts.
 *
 * Hot (bench rows feed/json-parse and feed/ccxt); tests hold it against the reader of recordings and against JSON.parse.
 */
export class SpotScanner {
  readonly message: SpotMessage;
  private readonly layouts: (Layout | null)[] = Array.from({ length: SLOTS }, () => null);
  /** The message at hand. */
  private own = new Uint8Array(BYTES_FIRST);
  private view = new DataView(this.own.buffer);
  /** How far it has been read. */
  private at = 0;

  constructor(message: SpotMessage) {
    this.message = message;
  }

  learn(stream: SpotStream): void {
    if (stream.event === SpotEvent.KLINE) return;
    const { name, symbol, priceDecimals, quantityDecimals } = stream;
    const [first, then] = {
      [SpotEvent.QUOTE]: ['"u":', `,"s":"${symbol}","b":"`],
      [SpotEvent.TRADE]: ['"e":"trade","E":', `,"s":"${symbol}","t":`],
      [SpotEvent.DIFF]: ['"e":"depthUpdate","E":', `,"s":"${symbol}","U":`],
    }[stream.event] as [string, string];
    const head = `{"stream":"${name}","data":{${first}`;
    this.take(new TextEncoder().encode(head));
    let slot = this.slot();
    while (this.layouts[slot] != null) slot = (slot + 1) & (SLOTS - 1);
    const none = (): LastNumber => ({ head: Number.NaN, tail: Number.NaN, length: 8, count: Number.NaN });
    const last = { bid: none(), bidSize: none(), ask: none(), askSize: none() };
    this.layouts[slot] = { stream, head: wordOf(head), afterFirst: wordOf(then), priceDecimals, quantityDecimals, ...last };
  }

  /** @returns the stream whose message was read; null where it must be read the slow way */
  scan(bytes: Uint8Array): SpotStream | null {
    this.take(bytes);
    const layout = this.layout();
    if (layout === null) return null;
    const { stream } = layout;
    const isTaken =
      stream.event === SpotEvent.QUOTE ? this.quote(layout) : stream.event === SpotEvent.TRADE ? this.trade(layout) : this.diff(layout);
    return isTaken && this.at === bytes.length ? stream : null;
  }

  /**
   * Copies the message to where four and eight bytes of it can be read at a time, some behind its end. What stands there is of an older one, and cannot be taken for a part of
   * it, because its length is compared. To copy costs less than to look its buffer up.
   */
  private take(bytes: Uint8Array): void {
    if (bytes.length + BYTES_BEHIND > this.own.length) {
      this.own = new Uint8Array((bytes.length + BYTES_BEHIND) * 2);
      this.view = new DataView(this.own.buffer);
    }
    this.own.set(bytes);
    this.at = 0;
  }

  private layout(): Layout | null {
    for (let slot = this.slot(); ; slot = (slot + 1) & (SLOTS - 1)) {
      const layout = this.layouts[slot]!;
      if (layout === null || this.pass(layout.head)) return layout;
    }
  }

  /** Where a stream stands by its name. */
  private slot(): number {
    const { view } = this;
    const hash =
      Math.imul(view.getInt32(NAME_AT, true), 31) ^
      Math.imul(view.getInt32(NAME_AT + 4, true), 961) ^
      Math.imul(view.getInt32(NAME_AT + 8, true), 29_791) ^
      Math.imul(view.getInt32(NAME_AT + 12, true), 923_521);
    return (hash ^ (hash >>> 11) ^ (hash >>> 22)) & (SLOTS - 1);
  }

  private quote({ afterFirst, priceDecimals, quantityDecimals, bid, bidSize, ask, askSize }: Layout): boolean {
    const { message } = this;
    message.stamp = Number.NaN;
    message.lastId = this.whole();
    if (!this.pass(afterFirst)) return false;
    message.price = this.number(bid, priceDecimals);
    if (!this.pass(BID_SIZE)) return false;
    message.quantity = this.number(bidSize, quantityDecimals);
    if (!this.pass(ASK)) return false;
    message.askPrice = this.number(ask, priceDecimals);
    if (!this.pass(ASK_SIZE)) return false;
    message.askSize = this.number(askSize, quantityDecimals);
    if (this.view.getUint8(this.at) !== QUOTE) return false;
    this.at += 1;
    // Zeros, of absent sides, are rare and left to the slow way; NaN is not above zero either.
    const isWhole = message.price > 0 && message.quantity > 0 && message.askPrice > 0 && message.askSize > 0;
    return isWhole && message.lastId >= 0 && this.end();
  }

  private trade({ afterFirst, priceDecimals, quantityDecimals, bid }: Layout): boolean {
    const { message } = this;
    const sent = this.whole();
    if (!this.pass(afterFirst)) return false;
    message.lastId = this.whole();
    if (!this.pass(PRICE)) return false;
    message.price = this.number(bid, priceDecimals);
    if (!this.pass(QUANTITY)) return false;
    message.quantity = this.decimal(quantityDecimals);
    if (!this.pass(TRADE_TIME)) return false;
    message.stamp = this.whole();
    if (this.pass(MAKER_TRUE)) message.aggressorSide = -1;
    else if (this.pass(MAKER_FALSE)) message.aggressorSide = 1;
    else return false;
    if (!this.pass(TRUE) && !this.pass(FALSE)) return false;
    return sent >= 0 && message.lastId >= 0 && message.stamp >= 0 && message.price > 0 && message.quantity > 0 && this.end();
  }

  private diff({ afterFirst, priceDecimals, quantityDecimals }: Layout): boolean {
    const { message } = this;
    message.levels = 0;
    message.stamp = this.whole();
    if (!this.pass(afterFirst)) return false;
    message.firstId = this.whole();
    if (!this.pass(BETWEEN_IDS)) return false;
    message.lastId = this.whole();
    if (!(message.stamp >= 0 && message.firstId >= 0 && message.lastId >= 0)) return false;
    if (!this.pass(BIDS) || !this.levels(priceDecimals, quantityDecimals)) return false;
    message.bids = message.levels;
    if (!this.pass(ASKS) || !this.levels(priceDecimals, quantityDecimals)) return false;
    return this.end();
  }

  /** `["price","quantity"],…]` from behind the first bracket on. Written out: a diff is nearly all levels. */
  private levels(priceDecimals: number, quantityDecimals: number): boolean {
    const { message, view } = this;
    let at = this.at;
    if (view.getUint8(at) === CLOSE) {
      this.at = at + 1;
      return true;
    }
    let level = message.levels;
    let { levelPrice, levelQuantity } = message;
    for (;;) {
      if (view.getUint16(at, true) !== LEVEL_OPEN) return false;
      const priceAt = at + 2;
      at = priceAt;
      let whole = fourDigits(view.getInt32(at, true));
      if (whole >= 0) at += 4;
      else whole = 0;
      for (
        let digit = view.getUint8(at) - ZERO;
        digit >= 0 && digit <= 9 && at - priceAt < WHOLE_DIGITS_MAX;
        digit = view.getUint8(at) - ZERO
      ) {
        whole = whole * 10 + digit;
        at += 1;
      }
      const priceFraction = eightDigits(view, at + 1);
      if (at === priceAt || view.getUint8(at) !== POINT || priceFraction < 0) return false;
      const price = counted(whole, priceFraction, priceDecimals);
      at += 1 + DECIMALS_SENT;
      if (!(price > 0) || (view.getInt32(at, true) & THREE_BYTES) !== LEVEL_MIDDLE) return false;
      at += 3;
      let quantity = 0;
      if (view.getFloat64(at, true) === NOTHING_HEAD && view.getInt32(at + 8, true) === NOTHING_TAIL) at += NOTHING_LENGTH;
      else {
        this.at = at;
        quantity = this.decimal(quantityDecimals);
        at = this.at;
        if (!(quantity >= 0) || view.getUint16(at, true) !== LEVEL_CLOSE) return false;
        at += 2;
      }
      if (level === levelPrice.length) {
        message.growLevels();
        ({ levelPrice, levelQuantity } = message);
      }
      levelPrice[level] = price;
      levelQuantity[level] = quantity;
      level += 1;
      const mark = view.getUint8(at);
      at += 1;
      if (mark === COMMA) continue;
      this.at = at;
      message.levels = level;
      return mark === CLOSE;
    }
  }

  private end(): boolean {
    const isThere = this.view.getUint16(this.at, true) === END;
    this.at += 2;
    return isThere;
  }

  private pass({ eights, firstFour, lastFour, length }: Word): boolean {
    const { view, at } = this;
    const last = eights.length - 1;
    if (last < 0) {
      if (view.getInt32(at, true) !== firstFour || view.getInt32(at + length - 4, true) !== lastFour) return false;
    } else {
      for (let n = 0; n < last; n += 1) if (view.getFloat64(at + 8 * n, true) !== eights[n]) return false;
      if (view.getFloat64(at + length - 8, true) !== eights[last]) return false;
    }
    this.at = at + length;
    return true;
  }

  /** A whole number as JSON writes it, from 0 to 2^53 − 1; NaN for anything else. */
  private whole(): number {
    const { view } = this;
    const from = this.at;
    let n = from;
    let value = 0;
    for (let four = fourDigits(view.getInt32(n, true)); four >= 0 && n - from < 16; four = fourDigits(view.getInt32(n, true))) {
      value = value * 10_000 + four;
      n += 4;
    }
    for (let digit = view.getUint8(n) - ZERO; digit >= 0 && digit <= 9 && n - from < 16; digit = view.getUint8(n) - ZERO) {
      value = value * 10 + digit;
      n += 1;
    }
    this.at = n;
    // A digit beyond the sixteenth is no part of the word that follows, which is not found then.
    const isPlain = n > from && (view.getUint8(from) !== ZERO || n === from + 1) && value <= Number.MAX_SAFE_INTEGER;
    return isPlain ? value : Number.NaN;
  }

  /** As {@link decimal}, by what the text was last. Texts have 10 to 16 bytes, so that both eights together are all of them. */
  private number(last: LastNumber, decimals: number): number {
    const { view, at } = this;
    if (view.getFloat64(at, true) === last.head && view.getFloat64(at + last.length - 8, true) === last.tail) {
      this.at = at + last.length;
      return last.count;
    }
    const count = this.decimal(decimals);
    const length = this.at - at;
    if (!(count > 0) || length > TEXT_BYTES_MAX) return count;
    last.head = view.getFloat64(at, true);
    last.tail = view.getFloat64(at + length - 8, true);
    last.length = length;
    last.count = count;
    return count;
  }

  /** A plain decimal of up to seven whole digits and eight decimals as a count of 10^-decimals; NaN for any other, and for one that is no such count. */
  private decimal(decimals: number): number {
    const { view } = this;
    const from = this.at;
    let n = from;
    let whole = 0;
    // Most quantities have one digit before the point.
    if (view.getUint8(from + 1) === POINT) {
      whole = view.getUint8(from) - ZERO;
      n = whole >= 0 && whole <= 9 ? from + 1 : from;
    } else {
      whole = fourDigits(view.getInt32(n, true));
      if (whole >= 0) n += 4;
      else whole = 0;
      for (let digit = view.getUint8(n) - ZERO; digit >= 0 && digit <= 9 && n - from < WHOLE_DIGITS_MAX; digit = view.getUint8(n) - ZERO) {
        whole = whole * 10 + digit;
        n += 1;
      }
    }
    const fraction = eightDigits(view, n + 1);
    this.at = n + 1 + DECIMALS_SENT;
    if (n === from || view.getUint8(n) !== POINT || fraction < 0) return Number.NaN;
    return counted(whole, fraction, decimals);
  }
}
