import { bigPowerOfTen, powerOfTen } from '../../../base/decimal.ts';
import { DAY_US, dayNumberOf } from '../../../model/civil-date.ts';
import type { Instrument, Price, Quantity } from '../../../model/instrument.ts';
import { inputError } from '../input-problem.ts';
import { YEAR_MAX } from '../time-of-day.ts';
import type { DbnFile } from './dbn-file.ts';
import { tooPrecise } from './too-precise.ts';

/** Prices are whole numbers of 10^-9; this one stands for none. */
const PRICE_DECIMALS = 9;
const PRICE_NONE_HIGH = 0x7fffffff;
const WORD = 2 ** 32;
const WORD_MAX = WORD - 1;
/** 2^32 = 4,294,967 × 1,000 + 296: so nanoseconds become microseconds without a number above 2^53. */
const WORD_THOUSANDS = 4_294_967;
const WORD_REST = 296;
/** High half of the first nanosecond that is not read. */
const TS_HIGH_MAX = Math.floor((dayNumberOf(YEAR_MAX + 1, 1, 1) * DAY_US * 1000) / WORD);
/** High half of 2^53. */
const SAFE_HIGH = 2 ** 21;

const NOT_ABOVE_ZERO = 'Prices at or below zero, as spreads have them, are not traded here; leave the instrument out.';

/** Reads the numbers of records as counts of an instrument's decimals. */
export class DbnNumbers {
  private readonly priceDecimals: number;
  /** 10 to the decimals that prices have more, or less, than the instrument. */
  private readonly priceFactor: number;
  private readonly quantityScale: number;

  constructor(instrument: Instrument) {
    this.priceDecimals = instrument.priceDecimals;
    this.priceFactor = powerOfTen(Math.abs(PRICE_DECIMALS - instrument.priceDecimals));
    this.quantityScale = instrument.quantityScale;
  }

  /**
   * A price, or 0 where the record has none.
   *
   * @throws InputError `NUMBER_TOO_PRECISE`, `NUMBER_OUT_OF_RANGE`, `NUMBER_ZERO`, `NUMBER_NEGATIVE`
   */
  price(file: DbnFile, offset: number, field: string): Price {
    const at = file.at + offset;
    const high = file.view.getInt32(at + 4, true);
    const low = file.view.getUint32(at, true);
    if (high === PRICE_NONE_HIGH && low === WORD_MAX) return 0;
    const nano = high * WORD + low;
    if (nano <= 0) {
      throw file.problem(
        nano < 0 ? 'NUMBER_NEGATIVE' : 'NUMBER_ZERO',
        'has a price at or below zero',
        field,
        priceText(file, at),
        NOT_ABOVE_ZERO,
      );
    }
    if (!Number.isSafeInteger(nano)) return this.widePrice(file, at, field);
    if (this.priceDecimals < PRICE_DECIMALS) {
      if (nano % this.priceFactor !== 0) throw this.tooPrecise(file, at, field);
      return nano / this.priceFactor;
    }
    const count = nano * this.priceFactor;
    if (!Number.isSafeInteger(count)) throw this.outOfRange(file, at, field);
    return count;
  }

  /** The price of an order or a trade, which must be there. */
  priceNeeded(file: DbnFile, offset: number, field: string): Price {
    const price = this.price(file, offset, field);
    if (price === 0) throw file.problem('VALUE_MISSING', 'has no price, and cannot be without', field, undefined, 'Fetch the file again.');
    return price;
  }

  /** @throws InputError `VALUE_MISSING`, `NUMBER_OUT_OF_RANGE` */
  quantity(file: DbnFile, offset: number, field: string): Quantity {
    const size = file.view.getUint32(file.at + offset, true);
    if (size === WORD_MAX)
      throw file.problem('VALUE_MISSING', 'has no quantity, and cannot be without', field, undefined, 'Fetch the file again.');
    const count = size * this.quantityScale;
    if (!Number.isSafeInteger(count)) {
      const fix = 'Lower quantityDecimals of the instrument (--quantity-decimals).';
      throw file.problem('NUMBER_OUT_OF_RANGE', 'has a quantity above 53 bits at the decimals of the instrument', field, String(size), fix);
    }
    return count;
  }

  /** The quantity of an order or a trade, which is above zero. */
  quantityNeeded(file: DbnFile, offset: number, field: string): Quantity {
    const quantity = this.quantity(file, offset, field);
    if (quantity === 0) throw file.problem('NUMBER_ZERO', 'has the quantity 0, and cannot have it', field, '0', 'Fetch the file again.');
    return quantity;
  }

  private widePrice(file: DbnFile, at: number, field: string): Price {
    const nano = file.view.getBigInt64(at, true);
    const isCut = this.priceDecimals < PRICE_DECIMALS;
    const factor = bigPowerOfTen(Math.abs(PRICE_DECIMALS - this.priceDecimals));
    if (isCut && nano % factor !== 0n) throw this.tooPrecise(file, at, field);
    const count = Number(isCut ? nano / factor : nano * factor);
    if (!Number.isSafeInteger(count)) throw this.outOfRange(file, at, field);
    return count;
  }

  private tooPrecise(file: DbnFile, at: number, field: string): Error {
    const text = priceText(file, at);
    const { rule, fix } = tooPrecise('priceDecimals', this.priceDecimals, text);
    return inputError('NUMBER_TOO_PRECISE', {
      file: file.name,
      column: field,
      value: text,
      rule: `${rule.slice(0, -1)} (${file.place}).`,
      fix,
    });
  }

  private outOfRange(file: DbnFile, at: number, field: string): Error {
    const what = `has a price above 53 bits at the ${this.priceDecimals} decimals of the instrument`;
    return file.problem(
      'NUMBER_OUT_OF_RANGE',
      what,
      field,
      priceText(file, at),
      'Lower priceDecimals of the instrument (--price-decimals).',
    );
  }
}

/**
 * A time in whole microseconds since the epoch, rounded down.
 *
 * @throws InputError `TIME_OUT_OF_RANGE`, also for the number that stands for none
 */
export function timeOf(file: DbnFile, offset: number, field: string): number {
  const at = file.at + offset;
  const high = file.view.getUint32(at + 4, true);
  const low = file.view.getUint32(at, true);
  if (high >= TS_HIGH_MAX) {
    const value = String(file.view.getBigUint64(at, true));
    throw file.problem('TIME_OUT_OF_RANGE', `has a time behind the year ${YEAR_MAX}, or none`, field, value, 'Fetch the file again.');
  }
  return high * WORD_THOUSANDS + Math.floor((high * WORD_REST + low) / 1000);
}

/** @throws InputError `NUMBER_OUT_OF_RANGE` above 2^53 − 1 */
export function orderIdOf(file: DbnFile, offset: number): number {
  const at = file.at + offset;
  const high = file.view.getUint32(at + 4, true);
  if (high >= SAFE_HIGH) {
    const value = String(file.view.getBigUint64(at, true));
    const fix = 'Take the schema mbp-10, whose records name no orders.';
    throw file.problem('NUMBER_OUT_OF_RANGE', 'names an order with a number above 2^53 − 1', 'order_id', value, fix);
  }
  return high * WORD + file.view.getUint32(at, true);
}

/** For messages: all nine decimals. @param at of the file's bytes */
export function priceText(file: DbnFile, at: number): string {
  const nano = file.view.getBigInt64(at, true);
  const digits = String(nano < 0n ? -nano : nano).padStart(PRICE_DECIMALS + 1, '0');
  return `${nano < 0n ? '-' : ''}${digits.slice(0, -PRICE_DECIMALS)}.${digits.slice(-PRICE_DECIMALS)}`;
}
