import { parseDecimal } from '../../base/decimal.ts';
import { DAY_US, dayNumberOf } from '../../model/civil-date.ts';
import type { FeedCode } from '../../model/codes/feed.ts';
import { parseStrictJson } from './strict-json.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Stamps at or above this are microseconds, below milliseconds: as milliseconds it is the year 5138, as microseconds 1973. */
const MICROSECONDS_FROM = 1e14;
const TIME_MIN_US = dayNumberOf(1970, 1, 1) * DAY_US;
const TIME_MAX_US = dayNumberOf(2200, 1, 1) * DAY_US;
const PLAIN_DECIMAL = /^\d{1,30}(\.\d{1,30})?$/;

/** A message or an answer that is not what it must be. */
export class RefusedMessage extends Error {
  override readonly name = 'RefusedMessage';
  readonly code: FeedCode;

  constructor(code: FeedCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Microseconds of a stamp in milliseconds or, with 16 digits, microseconds; NaN where no venue can have sent it. */
export function stampUs(stamp: number): number {
  const us = stamp >= MICROSECONDS_FROM ? stamp : stamp * 1000;
  return us >= TIME_MIN_US && us < TIME_MAX_US ? us : Number.NaN;
}

/** @throws RefusedMessage for what is no JSON object */
export function parseObject(text: string, code: FeedCode): JsonObject {
  let value: unknown;
  try {
    value = parseStrictJson(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new RefusedMessage(code, cause.message);
  }
  return objectOf(value, code, 'the message');
}

export function objectOf(value: unknown, code: FeedCode, name: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RefusedMessage(code, `${name} is no object`);
  return value as JsonObject;
}

/** Reads fields of a message exactly or not at all. */
export class FieldReader {
  private readonly code: FeedCode;

  /** @param code under which what is wrong is refused */
  constructor(code: FeedCode) {
    this.code = code;
  }

  refuse(message: string): RefusedMessage {
    return new RefusedMessage(this.code, message);
  }

  object(of: JsonObject, name: string): JsonObject {
    return objectOf(of[name], this.code, name);
  }

  list(of: JsonObject, name: string): readonly unknown[] {
    const value = of[name];
    if (!Array.isArray(value)) throw this.refuse(`${name} is no list`);
    return value as readonly unknown[];
  }

  text(of: JsonObject, name: string): string {
    const value = of[name];
    if (typeof value !== 'string' || value === '') throw this.refuse(`${name} is no text`);
    return value;
  }

  flag(of: JsonObject, name: string): boolean {
    const value = of[name];
    if (typeof value !== 'boolean') throw this.refuse(`${name} is neither true nor false`);
    return value;
  }

  /** A whole number from 0 to 2^53 − 1. */
  id(of: JsonObject, name: string): number {
    const value = of[name];
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw this.refuse(`${name} is no whole number`);
    return value;
  }

  /** Microseconds. */
  time(of: JsonObject, name: string): number {
    const us = stampUs(this.id(of, name));
    if (Number.isNaN(us)) throw this.refuse(`${name} is no time`);
    return us;
  }

  /** A plain decimal text as a count of 10^-decimals. */
  decimal(value: unknown, name: string, decimals: number): number {
    if (typeof value !== 'string' || !PLAIN_DECIMAL.test(value)) throw this.refuse(`${name} is no decimal in quotes`);
    const count = parseDecimal(value, decimals);
    if (typeof count === 'string') throw this.refuse(`${name}, ${value}, is no count of ${decimals} decimals`);
    return count;
  }

  /** As {@link decimal}, above zero. */
  positive(value: unknown, name: string, decimals: number): number {
    const count = this.decimal(value, name, decimals);
    if (count === 0) throw this.refuse(`${name} is zero`);
    return count;
  }
}
