import { inputError } from './input-problem.ts';
import { daysInMonth, YEAR_MAX, YEAR_MIN } from './time-of-day.ts';
import { DAY_US, HOUR_US, MINUTE_US, SECOND_US, dayNumberOf } from '../../model/civil-date.ts';

/** What {@link StampParser.read} returns for text that is not of the format. */
const STAMP_MALFORMED = Number.NaN;
/** What it returns for a text of the format that is not on the calendar or the clock. */
const STAMP_OFF_CALENDAR = Number.POSITIVE_INFINITY;

const ZERO = 48;
const MINUS = 45;
const PLUS = 43;
const COLON = 58;
const POINT = 46;
const SPACE = 32;
const LETTER_T = 84;
const LETTER_Z = 90;

/** Shape bits of a stamp; a column keeps the shape of its first row. */
export const SHAPE_OFFSET = 1;
export const SHAPE_TIME_OF_DAY = 2;

/** Reads times from bytes without making strings. Hot: one call per row of a file with text times. */
export interface StampParser {
  /** Where the last stamp ended. */
  stop: number;
  /** {@link SHAPE_OFFSET} and {@link SHAPE_TIME_OF_DAY} of the last stamp. */
  shape: number;
  /** Clock time as if UTC, or UTC where the text had its own offset (`shape`); microseconds. */
  read(bytes: Uint8Array, at: number): number;
}

/** The digit at `at`, or a NaN that spoils every sum it enters. */
function digit(bytes: Uint8Array, at: number): number {
  const value = bytes[at]! - ZERO;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}

function twoDigits(bytes: Uint8Array, at: number): number {
  return digit(bytes, at) * 10 + digit(bytes, at + 1);
}

function fourDigits(bytes: Uint8Array, at: number): number {
  return twoDigits(bytes, at) * 100 + twoDigits(bytes, at + 2);
}

function dateUs(year: number, month: number, day: number): number {
  const sum = year + month + day;
  if (sum !== sum) return STAMP_MALFORMED;
  if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return STAMP_OFF_CALENDAR;
  return dayNumberOf(year, month, day) * DAY_US;
}

function clockUs(hour: number, minute: number, second: number): number {
  const sum = hour + minute + second;
  if (sum !== sum) return STAMP_MALFORMED;
  if (hour > 23 || minute > 59 || second > 59) return STAMP_OFF_CALENDAR;
  return hour * HOUR_US + minute * MINUTE_US + second * SECOND_US;
}

/**
 * ISO 8601 as files write it: `yyyy-MM-dd`, then optionally `T` or a space and `HH:mm`, `:ss`, a fraction of 1 to 9 digits
 * (beyond microseconds cut off), then optionally `Z`, `±HH:mm`, `±HHmm` or `±HH`.
 */
class IsoParser implements StampParser {
  stop = 0;
  shape = 0;

  read(bytes: Uint8Array, at: number): number {
    const day = dateUs(fourDigits(bytes, at), twoDigits(bytes, at + 5), twoDigits(bytes, at + 8));
    this.stop = at + 10;
    this.shape = 0;
    if (bytes[at + 4] !== MINUS || bytes[at + 7] !== MINUS) return STAMP_MALFORMED;
    const separator = bytes[at + 10];
    if (separator !== LETTER_T && separator !== SPACE) return day;
    const hour = twoDigits(bytes, at + 11);
    if (separator === SPACE && hour !== hour) return day;
    this.shape = SHAPE_TIME_OF_DAY;
    if (bytes[at + 13] !== COLON) return STAMP_MALFORMED;
    let n = at + 16;
    let second = 0;
    let fractionUs = 0;
    if (bytes[n] === COLON) {
      second = twoDigits(bytes, n + 1);
      n += 3;
      if (bytes[n] === POINT) {
        const from = n + 1;
        let unitUs = 100_000;
        for (n = from; isDigit(bytes[n]!); n += 1) {
          if (n - from < 6) fractionUs += (bytes[n]! - ZERO) * unitUs;
          unitUs /= 10;
        }
        if (n === from || n - from > 9) return STAMP_MALFORMED;
      }
    }
    this.stop = n;
    return day + clockUs(hour, twoDigits(bytes, at + 14), second) + fractionUs - this.#offsetUs(bytes, n);
  }

  #offsetUs(bytes: Uint8Array, at: number): number {
    const mark = bytes[at];
    if (mark === LETTER_Z) {
      this.stop = at + 1;
      this.shape |= SHAPE_OFFSET;
      return 0;
    }
    if (mark !== PLUS && mark !== MINUS) return 0;
    this.shape |= SHAPE_OFFSET;
    const hour = twoDigits(bytes, at + 1);
    let n = at + 3;
    let minute = 0;
    if (bytes[n] === COLON) {
      minute = twoDigits(bytes, n + 1);
      n += 3;
    } else if (isDigit(bytes[n]!)) {
      minute = twoDigits(bytes, n);
      n += 2;
    }
    this.stop = n;
    const us = clockUs(hour, minute, 0);
    return mark === MINUS ? -us : us;
  }
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= 57;
}

type Part = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'fraction';
const PARTS: Readonly<Record<string, { readonly part: Part; readonly width: number }>> = {
  yyyy: { part: 'year', width: 4 },
  MM: { part: 'month', width: 2 },
  dd: { part: 'day', width: 2 },
  HH: { part: 'hour', width: 2 },
  mm: { part: 'minute', width: 2 },
  ss: { part: 'second', width: 2 },
};

/** A pattern of fixed width: where each part stands, and the literal characters between. */
class PatternParser implements StampParser {
  stop = 0;
  shape = 0;
  readonly #at: Readonly<Record<Part, number>>;
  readonly #fractionDigits: number;
  readonly #literalAt: readonly number[];
  readonly #literal: readonly number[];
  readonly #width: number;
  readonly #shape: number;

  constructor(pattern: string, kind: 'stamp' | 'date' | 'timeOfDay') {
    const at: Record<Part, number> = { year: -1, month: -1, day: -1, hour: -1, minute: -1, second: -1, fraction: -1 };
    const literalAt: number[] = [];
    const literal: number[] = [];
    let fractionDigits = 0;
    let width = 0;
    for (const [token] of pattern.matchAll(/yyyy|MM|dd|HH|mm|ss|S+|[\s\S]/g)) {
      const known = PARTS[token];
      const part = known?.part ?? (token.startsWith('S') ? 'fraction' : null);
      const bad = part === null ? (/[a-zA-Z]/.test(token) && token !== 'T') || token.charCodeAt(0) > 127 : at[part] >= 0;
      if (bad || token.length > 9) throw badPattern(pattern, `The time format has "${token}" where it is not understood.`);
      if (part === null) {
        literalAt.push(width);
        literal.push(token.charCodeAt(0));
      } else {
        at[part] = width;
        if (part === 'fraction') fractionDigits = token.length;
      }
      width += token.length;
    }
    const hasDate = at.year >= 0 && at.month >= 0 && at.day >= 0;
    const hasClock = at.hour >= 0;
    if (kind !== 'timeOfDay' && !hasDate) throw badPattern(pattern, 'The time format lacks yyyy, MM or dd.');
    if (kind === 'timeOfDay' && (!hasClock || at.year >= 0 || at.month >= 0 || at.day >= 0)) {
      throw badPattern(pattern, 'A format for timeOfDay has HH and no date.');
    }
    if (kind === 'date' && hasClock) throw badPattern(pattern, 'A format for date has no time of day when timeOfDay has its own column.');
    this.#at = at;
    this.#fractionDigits = fractionDigits;
    this.#literalAt = literalAt;
    this.#literal = literal;
    this.#width = width;
    this.#shape = hasClock ? SHAPE_TIME_OF_DAY : 0;
  }

  read(bytes: Uint8Array, start: number): number {
    this.stop = start + this.#width;
    this.shape = this.#shape;
    for (let i = 0; i < this.#literal.length; i += 1) {
      if (bytes[start + this.#literalAt[i]!] !== this.#literal[i]) return STAMP_MALFORMED;
    }
    const at = this.#at;
    const day =
      at.year < 0 ? 0 : dateUs(fourDigits(bytes, start + at.year), twoDigits(bytes, start + at.month), twoDigits(bytes, start + at.day));
    const clock = clockUs(
      at.hour < 0 ? 0 : twoDigits(bytes, start + at.hour),
      at.minute < 0 ? 0 : twoDigits(bytes, start + at.minute),
      at.second < 0 ? 0 : twoDigits(bytes, start + at.second),
    );
    let fractionUs = 0;
    let unitUs = 100_000;
    for (let i = 0; i < this.#fractionDigits; i += 1) {
      const value = digit(bytes, start + at.fraction + i);
      fractionUs += i < 6 ? value * unitUs : value * 0;
      unitUs /= 10;
    }
    return day + clock + fractionUs;
  }
}

/**
 * Makes the parser of a text format.
 *
 * @throws InputError `FORMAT_INVALID` for a pattern that is not understood
 */
export function makeStampParser(format: string, kind: 'stamp' | 'date' | 'timeOfDay'): StampParser {
  return format === 'iso' && kind !== 'timeOfDay' ? new IsoParser() : new PatternParser(format, kind);
}

function badPattern(pattern: string, rule: string): Error {
  return inputError('FORMAT_INVALID', {
    value: pattern,
    rule,
    fix: 'Use iso, epoch-s, epoch-ms, epoch-us, epoch-ns, or yyyy MM dd HH mm ss S and literal characters.',
  });
}
