import { BinanceEvent, type BinanceMessage } from './binance-message.ts';
import { DecimalScanner } from './decimal-scanner.ts';
import { venueTimeUs } from './message-fields.ts';

/** Streams that are known by name at once; records of further ones are read the slow way. */
const STREAMS_KNOWN = 16;

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN = 91;
const BACKSLASH = 92;
const CLOSE = 93;
const LETTER_A = 97;
const LETTER_F = 102;
const LETTER_T = 116;
const LETTER_Z = 122;
const LOWER_CASE = 32;
const BRACE_CLOSE = 125;
const SPACE = 32;

const HEAD = ascii('{"stream":"');
const DATA = ascii('","data":{');
const TRUE = ascii('true');
const FALSE = ascii('false');
const MARKET = ascii('MARKET');

/** Bits of the fields that a message has had. */
const Bit = {
  NAME: 1,
  SYMBOL: 2,
  T: 4,
  E: 8,
  U: 16,
  u: 32,
  pu: 64,
  b: 128,
  a: 256,
  B: 512,
  A: 1024,
  id: 2048,
  p: 4096,
  q: 8192,
  m: 16384,
  X: 32768,
};

interface KnownStream {
  readonly name: Uint8Array;
  readonly event: BinanceEvent;
  /** Its event's name, field `e`. */
  readonly eventName: Uint8Array;
  readonly symbol: Uint8Array;
  /** Bits of the fields that are read, by the code of a name of one letter, and of both where it has two. */
  readonly bits: ReadonlyMap<number, number>;
  /** Fields that there must be. */
  readonly needed: number;
}

const EVENT_NAMES: Readonly<Record<number, string>> = {
  [BinanceEvent.DIFF]: 'depthUpdate',
  [BinanceEvent.QUOTE]: 'bookTicker',
  [BinanceEvent.TRADE]: 'trade',
  [BinanceEvent.AGGREGATE]: 'aggTrade',
};
/** Fields of each event that are read, and those of them that may be absent. */
const OF_ALL = { e: Bit.NAME, s: Bit.SYMBOL, T: Bit.T, E: Bit.E };
const OF_TRADE = { ...OF_ALL, p: Bit.p, q: Bit.q, m: Bit.m, X: Bit.X };
const FIELDS: Readonly<Record<number, Readonly<Record<string, number>>>> = {
  [BinanceEvent.DIFF]: { ...OF_ALL, U: Bit.U, u: Bit.u, pu: Bit.pu, b: Bit.b, a: Bit.a },
  [BinanceEvent.QUOTE]: { ...OF_ALL, u: Bit.u, b: Bit.b, B: Bit.B, a: Bit.a, A: Bit.A },
  [BinanceEvent.TRADE]: { ...OF_TRADE, t: Bit.id },
  [BinanceEvent.AGGREGATE]: { ...OF_TRADE, a: Bit.id },
};
const OPTIONAL = Bit.T | Bit.E | Bit.pu | Bit.X;

/**
 * Reads messages of streams that are known already, byte by byte, without a text or an object: `{"stream":"…","data":{…}}` without spaces, one- and
 * two-letter fields in any order, numbers whose digits make at most 2^53 − 1. It takes a message whole or not at all; what it does not take is for BinanceJson, which
 * knows what is wrong with it. Of a stream that was not asked for it reads the name only.
 *
 * Hot (bench row depth/million-per-second); a test holds it against BinanceJson.
 */
export class BinanceScanner {
  private readonly message: BinanceMessage;
  private readonly priceDecimals: number;
  private readonly quantityDecimals: number;
  private readonly numbers = new DecimalScanner();
  private readonly streams: KnownStream[] = [];
  private seen = 0;
  private timeT = 0;
  private timeE = 0;

  constructor(message: BinanceMessage, priceDecimals: number, quantityDecimals: number) {
    this.message = message;
    this.priceDecimals = priceDecimals;
    this.quantityDecimals = quantityDecimals;
  }

  /** From here on every record is read the slow way, which asks whose it is. */
  forget(): void {
    this.streams.length = 0;
  }

  /** Makes a stream known; NONE is passed over by its name. */
  learn(stream: string, event: BinanceEvent, symbol: string): void {
    if (this.streams.length === STREAMS_KNOWN) return;
    const name = ascii(stream);
    if (this.streams.some((known) => matches(known.name, name, 0) && known.name.length === name.length)) return;
    const bits = new Map(Object.entries(FIELDS[event] ?? {}).map(([key, bit]) => [codeOf(key), bit]));
    // The best bid and ask of Spot has no event name.
    const optional = event === BinanceEvent.QUOTE ? OPTIONAL | Bit.NAME : OPTIONAL;
    const needed = [...bits.values()].reduce((all, bit) => all | bit, 0) & ~optional;
    this.streams.push({ name, event, eventName: ascii(EVENT_NAMES[event] ?? ''), symbol: ascii(symbol), bits, needed });
  }

  /** @returns what the message is, read into the object that was handed in; null where it must be read the slow way */
  scan(bytes: Uint8Array, at: number, to: number): BinanceEvent | null {
    const stream = this.streamAt(bytes, at);
    if (stream === null || stream.event === BinanceEvent.NONE) return stream === null ? null : BinanceEvent.NONE;
    const { message } = this;
    message.begin();
    this.seen = 0;
    let n = at + HEAD.length + stream.name.length + DATA.length;
    for (;;) {
      n = this.field(bytes, n, stream);
      if (n < 0) return null;
      const mark = bytes[n]!;
      n += 1;
      if (mark === BRACE_CLOSE) break;
      if (mark !== COMMA) return null;
    }
    const isWhole = bytes[n] === BRACE_CLOSE && n + 1 === to && (this.seen & stream.needed) === stream.needed;
    if (!isWhole) return null;
    if ((this.seen & (Bit.T | Bit.E)) === 0) return stream.event;
    message.tsEvent = (this.seen & Bit.T) !== 0 ? this.timeT : this.timeE;
    return Number.isNaN(message.tsEvent) ? null : stream.event;
  }

  private streamAt(bytes: Uint8Array, at: number): KnownStream | null {
    if (!matches(HEAD, bytes, at)) return null;
    const { streams } = this;
    for (let known = 0; known < streams.length; known += 1) {
      const stream = streams[known]!;
      if (matches(stream.name, bytes, at + HEAD.length) && matches(DATA, bytes, at + HEAD.length + stream.name.length)) return stream;
    }
    return null;
  }

  /** Reads `"key":value` at `n`; where it ends, or −1. */
  private field(bytes: Uint8Array, n: number, stream: KnownStream): number {
    let key = bytes[n + 1]!;
    let at = n + 2;
    if (!isLetter(key)) return -1;
    if (isLetter(bytes[at]!)) {
      key = (key << 8) | bytes[at]!;
      at += 1;
    }
    if (bytes[n] !== QUOTE || bytes[at] !== QUOTE || bytes[at + 1] !== COLON) return -1;
    at += 2;
    const bit = stream.bits.get(key) ?? 0;
    if ((this.seen & bit) !== 0) return -1;
    this.seen |= bit;
    const first = bytes[at]!;
    if (first === QUOTE) return this.text(bytes, at + 1, bit, stream);
    if (first === OPEN) return stream.event === BinanceEvent.DIFF ? this.levels(bytes, at + 1, bit) : -1;
    if (first === LETTER_T || first === LETTER_F) return this.flag(bytes, at, bit);
    return this.number(bytes, at, bit);
  }

  private number(bytes: Uint8Array, at: number, bit: number): number {
    const value = this.numbers.whole(bytes, at);
    if (Number.isNaN(value)) return -1;
    const { message } = this;
    switch (bit) {
      case Bit.T:
        this.timeT = venueTimeUs(value);
        break;
      case Bit.E:
        this.timeE = venueTimeUs(value);
        break;
      case Bit.U:
        message.firstId = value;
        break;
      case Bit.u:
        message.lastId = value;
        break;
      case Bit.pu:
        message.previousId = value;
        break;
      case Bit.id:
        message.tradeId = value;
        break;
      case 0:
        break;
      default:
        return -1;
    }
    return this.numbers.stop;
  }

  private flag(bytes: Uint8Array, at: number, bit: number): number {
    const isTrue = bytes[at] === LETTER_T;
    if (!matches(isTrue ? TRUE : FALSE, bytes, at)) return -1;
    if (bit === Bit.m) this.message.aggressorSide = isTrue ? -1 : 1;
    else if (bit !== 0) return -1;
    return at + (isTrue ? TRUE.length : FALSE.length);
  }

  private text(bytes: Uint8Array, at: number, bit: number, stream: KnownStream): number {
    const { message, priceDecimals, quantityDecimals } = this;
    if (bit === 0) return passText(bytes, at);
    if (bit === Bit.NAME) return passWord(bytes, at, stream.eventName);
    if (bit === Bit.SYMBOL) return passWord(bytes, at, stream.symbol);
    if (bit === Bit.X) return passWord(bytes, at, MARKET);
    if (stream.event === BinanceEvent.DIFF) return -1;
    const isPrice = bit === Bit.p || bit === Bit.b || bit === Bit.a;
    const value = this.numbers.decimal(bytes, at, isPrice ? priceDecimals : quantityDecimals);
    // Zeros, of absent sides, are rare and left to the slow way.
    if (!(value > 0) || bytes[this.numbers.stop] !== QUOTE) return -1;
    if (bit === Bit.p) message.price = value;
    else if (bit === Bit.q) message.quantity = value;
    else if (bit === Bit.b) message.bidPrice = value;
    else if (bit === Bit.B) message.bidSize = value;
    else if (bit === Bit.a) message.askPrice = value;
    else if (bit === Bit.A) message.askSize = value;
    else return -1;
    return this.numbers.stop + 1;
  }

  /** `["price","quantity"],…]` from behind the first bracket on. */
  private levels(bytes: Uint8Array, from: number, bit: number): number {
    const { numbers, priceDecimals, quantityDecimals } = this;
    const { levels } = this.message;
    if (bit === Bit.a ? (this.seen & Bit.b) === 0 : bit !== Bit.b) return -1;
    let at = from;
    if (bytes[at] !== CLOSE) {
      for (;;) {
        if (bytes[at] !== OPEN || bytes[at + 1] !== QUOTE) return -1;
        const price = numbers.decimal(bytes, at + 2, priceDecimals);
        at = numbers.stop;
        if (!(price > 0) || bytes[at] !== QUOTE || bytes[at + 1] !== COMMA || bytes[at + 2] !== QUOTE) return -1;
        const quantity = numbers.decimal(bytes, at + 3, quantityDecimals);
        at = numbers.stop;
        if (!(quantity >= 0) || bytes[at] !== QUOTE || bytes[at + 1] !== CLOSE) return -1;
        levels.add(price, quantity);
        const mark = bytes[at + 2];
        at += 3;
        if (mark === CLOSE) break;
        if (mark !== COMMA) return -1;
      }
    } else at += 1;
    if (bit === Bit.b) levels.endBids();
    return at;
  }
}

function isLetter(byte: number): boolean {
  const lower = byte | LOWER_CASE;
  return lower >= LETTER_A && lower <= LETTER_Z;
}

/** Behind a text that nobody asks for; −1 where it is not plain. */
function passText(bytes: Uint8Array, at: number): number {
  let n = at;
  for (let byte = bytes[n]!; byte !== QUOTE; byte = bytes[n]!) {
    if (byte < SPACE || byte === BACKSLASH) return -1;
    n += 1;
  }
  return n + 1;
}

/** Behind a text that must be `word`; −1 where it is another. */
function passWord(bytes: Uint8Array, at: number, word: Uint8Array): number {
  return matches(word, bytes, at) && bytes[at + word.length] === QUOTE ? at + word.length + 1 : -1;
}

function matches(word: Uint8Array, bytes: Uint8Array, at: number): boolean {
  for (let n = 0; n < word.length; n += 1) if (bytes[at + n] !== word[n]) return false;
  return true;
}

/** As `field` reads it. */
function codeOf(key: string): number {
  return key.length === 1 ? key.charCodeAt(0) : (key.charCodeAt(0) << 8) | key.charCodeAt(1);
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
