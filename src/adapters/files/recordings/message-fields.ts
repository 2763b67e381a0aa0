import { dayNumberOf, DAY_US } from '../../../model/civil-date.ts';
import type { Instrument } from '../../../model/instrument.ts';
import type { InputError } from '../../../ports/errors.ts';
import { readDecimalText } from '../field-text.ts';
import { type DataCode, inputError } from '../input-problem.ts';
import { YEAR_MAX, YEAR_MIN } from '../time-of-day.ts';
import { digitOf, isDigit } from './decimal-scanner.ts';
import type { DepthLevels } from './depth-levels.ts';
import type { MessageLines } from './message-lines.ts';
import { SeenKeys } from './seen-keys.ts';
import { PRICE_TWICE } from './side-prices.ts';
import { type Decimals, tooPrecise } from './too-precise.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

const TIME_MIN_US = dayNumberOf(YEAR_MIN, 1, 1) * DAY_US;
const TIME_MAX_US = dayNumberOf(YEAR_MAX + 1, 1, 1) * DAY_US;
/** Stamps at or above this are microseconds, below milliseconds: as milliseconds it is the year 5138, as microseconds 1973. */
const MICROSECONDS_FROM = 1e14;
/** Digits of nanoseconds since the epoch, from 2001 to 2286. */
const STAMP_DIGITS = 19;
/** What separates the stamp of a line from its message. */
const SPACE = 32;

/** Microseconds of a venue's stamp, which is milliseconds or, with 16 digits, microseconds; NaN where it lies outside the years that are read. */
export function venueTimeUs(stamp: number): number {
  const us = stamp >= MICROSECONDS_FROM ? stamp : stamp * 1000;
  return us >= TIME_MIN_US && us < TIME_MAX_US ? us : Number.NaN;
}

/** Reads the parts of a message that is one line, each exactly or not at all; refusals name the line and the field. */
export class MessageFields {
  private readonly lines: MessageLines;
  private readonly decimals: Decimals;
  private readonly sidePrices = new SeenKeys();

  constructor(lines: MessageLines, { priceDecimals, quantityDecimals }: Instrument) {
    this.lines = lines;
    this.decimals = { priceDecimals, quantityDecimals };
  }

  /**
   * The time in front of the message, `<19 digits of nanoseconds><space>`, in microseconds: what lies below one is dropped, because a time that
   * is rounded up is one at which nobody had the message yet.
   */
  stamp(): number {
    const { bytes, from, to } = this.lines;
    let us = 0;
    let at = from;
    for (; at < to && at - from < STAMP_DIGITS && isDigit(bytes[at]!); at += 1) {
      if (at - from < STAMP_DIGITS - 3) us = us * 10 + digitOf(bytes[at]!);
    }
    if (at - from !== STAMP_DIGITS || bytes[at] !== SPACE) {
      throw this.refuse('RECORD_DAMAGED', {
        value: this.lines.text(from),
        rule: 'A line is the time at which the message came, 19 digits of nanoseconds since the epoch, a space, and the message.',
      });
    }
    if (us >= TIME_MAX_US) throw this.refuse('TIME_OUT_OF_RANGE', { value: this.lines.text(from).slice(0, STAMP_DIGITS) });
    return us;
  }

  /** Of the line at hand. */
  get file(): string {
    return this.lines.place.file;
  }

  /** Where the message begins in a line with a stamp. */
  get messageAt(): number {
    return this.lines.from + STAMP_DIGITS + 1;
  }

  /** The message, which is the line from `at` on. */
  parse(at: number): JsonObject {
    const text = this.lines.text(at);
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch (cause) {
      const rule = `The message is not JSON (${cause instanceof Error ? cause.message : String(cause)}).`;
      throw this.refuse('RECORD_DAMAGED', { value: text, rule });
    }
    if (typeof message !== 'object' || message === null || Array.isArray(message)) {
      throw this.refuse('RECORD_DAMAGED', { value: text, rule: 'A message is a JSON object.' });
    }
    return message as JsonObject;
  }

  object(of: JsonObject, name: string): JsonObject {
    return this.asObject(this.present(of, name), name);
  }

  asObject(value: unknown, name: string): JsonObject {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.wrongType(name, value, 'an object');
    return value as JsonObject;
  }

  list(of: JsonObject, name: string): readonly unknown[] {
    const value = this.present(of, name);
    if (!Array.isArray(value)) throw this.wrongType(name, value, 'a list');
    return value as readonly unknown[];
  }

  text(of: JsonObject, name: string): string {
    const value = this.present(of, name);
    if (typeof value !== 'string' || value === '') throw this.wrongType(name, value, 'a text');
    return value;
  }

  flag(of: JsonObject, name: string): boolean {
    const value = this.present(of, name);
    if (typeof value !== 'boolean') throw this.wrongType(name, value, 'true or false');
    return value;
  }

  /** An id: a whole number from 0 to 2^53 − 1. */
  id(of: JsonObject, name: string): number {
    const value = this.present(of, name);
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
      throw this.wrongType(name, value, 'a whole number from 0 to 2^53 − 1');
    }
    return value;
  }

  /** A time of the venue, in microseconds; 16 digits are microseconds already, as Binance Spot sends them on request. */
  time(of: JsonObject, name: string): number {
    const value = this.id(of, name);
    const us = venueTimeUs(value);
    if (Number.isNaN(us)) throw this.refuse('TIME_OUT_OF_RANGE', { column: name, value: String(value) });
    return us;
  }

  /** A price, above zero. */
  price(value: unknown, name: string): number {
    return this.decimal(value, name, 'priceDecimals', false);
  }

  /** @param mayBeZero a quantity of 0 takes a level away */
  quantity(value: unknown, name: string, mayBeZero: boolean): number {
    return this.decimal(value, name, 'quantityDecimals', mayBeZero);
  }

  /** Price and quantity of one side of a quote into `into`; an absent side has neither. */
  quoteSide(of: JsonObject, priceName: string, sizeName: string, into: { price: number; size: number }): void {
    into.price = this.decimal(this.present(of, priceName), priceName, 'priceDecimals', true);
    into.size = this.decimal(this.present(of, sizeName), sizeName, 'quantityDecimals', true);
    if ((into.price === 0) === (into.size === 0)) return;
    const zero = into.price === 0 ? priceName : sizeName;
    throw this.refuse('NUMBER_ZERO', {
      column: zero,
      value: String(of[zero]),
      rule: 'A side of a quote has a price and a size, or neither.',
    });
  }

  /**
   * Appends a list of `[price, quantity]`, both texts.
   *
   * @param isWhole the list is all of a side: no level of it is empty, and none comes twice
   */
  levels(of: JsonObject, name: string, isWhole: boolean, into: DepthLevels): void {
    const list = this.list(of, name);
    this.beginSide();
    list.forEach((level, at) => {
      if (!Array.isArray(level) || level.length !== 2) throw this.wrongType(`${name}[${at}]`, level, 'a list of price and quantity');
      const [price, quantity] = level as readonly unknown[];
      const priceCount = isWhole ? this.priceOnce(price, `${name}[${at}][0]`) : this.price(price, `${name}[${at}][0]`);
      into.add(priceCount, this.quantity(quantity, `${name}[${at}][1]`, !isWhole));
    });
  }

  /** A side of a whole book begins. */
  beginSide(): void {
    this.sidePrices.clear();
  }

  /** A price that no level of the side has had. */
  priceOnce(value: unknown, name: string): number {
    const price = this.price(value, name);
    if (this.sidePrices.add(price)) return price;
    throw this.refuse('RECORD_DAMAGED', { column: name, value: String(value), rule: PRICE_TWICE });
  }

  refuse(
    code: DataCode,
    what: { readonly column?: string; readonly value?: string; readonly rule?: string; readonly fix?: string },
  ): InputError {
    return inputError(code, { ...this.lines.place, ...what });
  }

  wrongType(column: string, value: unknown, wanted: string): InputError {
    return this.refuse('RECORD_DAMAGED', { column, value: JSON.stringify(value), rule: `The field is ${wanted}.` });
  }

  present(of: JsonObject, name: string): unknown {
    const value = Object.hasOwn(of, name) ? of[name] : undefined;
    if (value !== undefined && value !== null) return value;
    throw this.refuse('VALUE_MISSING', {
      column: name,
      rule: 'The message lacks a field that it must have.',
      fix: 'Fetch the file again, or cut it before the line.',
    });
  }

  private decimal(value: unknown, name: string, of: keyof Decimals, mayBeZero: boolean): number {
    if (typeof value !== 'string') {
      throw this.refuse('NUMBER_MALFORMED', {
        column: name,
        value: JSON.stringify(value),
        rule: 'The venue writes prices and quantities as texts in quotes; anything else may have lost digits.',
        fix: 'Record the messages as they come, without parsing them.',
      });
    }
    if (value === '') throw this.refuse('VALUE_MISSING', { column: name, value, rule: 'The number is empty.' });
    const decimals = this.decimals[of];
    const reading = readDecimalText(value, decimals, false, false);
    if (reading.code === 'NUMBER_TOO_PRECISE') throw this.refuse(reading.code, { column: name, value, ...tooPrecise(of, decimals, value) });
    if (reading.code !== null) throw this.refuse(reading.code, { column: name, value, ...FIXES[reading.code] });
    if (reading.value === 0 && !mayBeZero) {
      throw this.refuse('NUMBER_ZERO', { column: name, value, fix: 'Take the line out of the file.' });
    }
    return reading.value;
  }
}

const REMOVE_FIX = { fix: 'Fetch the file again, or cut it before the line.' };
/** What to do in a recording, where the catalogue speaks of options that CSV files have. */
const FIXES: Readonly<Partial<Record<DataCode, { readonly fix: string }>>> = {
  NUMBER_OUT_OF_RANGE: { fix: 'Lower priceDecimals or quantityDecimals of the instrument, or repair the line.' },
  NUMBER_NOT_FINITE: REMOVE_FIX,
  NUMBER_NEGATIVE: REMOVE_FIX,
  NUMBER_MALFORMED: REMOVE_FIX,
  NUMBER_TRAILING_TEXT: REMOVE_FIX,
};
