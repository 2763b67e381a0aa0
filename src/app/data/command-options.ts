import { everyName } from '../../model/bar-specification.ts';
import type { DataSetKey } from '../../adapters/store/layout.ts';
import { isBarKind, kindOfName } from '../../model/blocks.ts';
import { MINUTE_US } from '../../model/civil-date.ts';
import { makeCurrency } from '../../model/currency.ts';
import { parseInstant } from '../../model/instant.ts';
import { type Instrument, INSTRUMENT_DECIMALS_MAX, makeInstrument } from '../../model/instrument.ts';
import { InputError } from '../../ports/errors.ts';

/** Money decimals that every product of price and quantity fits in: a stored instrument never books money. */
const STORED_MONEY_DECIMALS = 24;

/** What the store needs of an instrument: how its counts are read. */
export function storedInstrument(id: string, priceDecimals: number, quantityDecimals: number, index = 0): Instrument {
  if (!/^[^\s.][^\s]*\.[^\s.]+$/.test(id))
    throw optionProblem('instrument', id, 'An instrument is SYMBOL.VENUE.', 'Write for example --instrument GOOG.NASDAQ.');
  const money = makeCurrency('USD', STORED_MONEY_DECIMALS);
  return makeInstrument(
    {
      id,
      kind: 'SPOT',
      base: makeCurrency('UNIT'),
      quote: money,
      settlement: money,
      priceDecimals,
      quantityDecimals,
      priceIncrement: 1,
      lotSize: 1,
      quantityMin: 0,
      quantityMax: 0,
      notionalMin: 0n,
      multiplier: 1,
      multiplierDecimals: 0,
      calendar: null,
      expiryTs: null,
    },
    index,
  );
}

/** `INSTRUMENT KIND [EVERY]`, as `data list` shows it. */
export function keyOf(instrumentId: string, kindName: string, every: string | undefined): DataSetKey {
  const kind = kindOfName(kindName);
  if (kind === null)
    throw argumentProblem(
      'kind',
      kindName,
      'A data set is of trades, quotes, bars, quote-bars or book-deltas.',
      'Look at "quanthybrid data list".',
    );
  if (every === undefined && isBarKind(kind))
    throw argumentProblem(
      'every',
      '',
      'Bars are named with their length.',
      `Write for example ${instrumentId} ${kindName} 1d, or 100t; see "quanthybrid data list".`,
    );
  return { instrumentId, kind, every: every === undefined ? null : everyName(every) };
}

export function decimals(text: string | undefined, option: string, otherwise: number | undefined): number {
  if (text !== undefined) return whole(option, text, 0, INSTRUMENT_DECIMALS_MAX);
  if (otherwise !== undefined) return otherwise;
  throw optionProblem(option, '', `Nothing says how many decimals there are.`, `Give --${option}.`);
}

export function whole(option: string, text: string, min: number, max: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max))
    throw optionProblem(option, text, `--${option} takes a whole number from ${min} to ${max}.`, 'Correct it.');
  return value;
}

/** Microseconds of a date or an ISO time in UTC, a whole minute. */
export function minuteOf(option: string, text: string): number {
  const us = parseInstant(text);
  if (us === null || us % MINUTE_US !== 0)
    throw optionProblem(
      option,
      text,
      `--${option} takes a day or a minute in UTC, from 1685 to 2254.`,
      'Write for example 2024-01-31 or 2024-01-31T09:30.',
    );
  return us;
}

/** As {@link optionProblem}, of what is given without a name. */
function argumentProblem(argument: string, value: string, rule: string, fix: string): InputError {
  return new InputError([{ code: 'OPTION_INVALID', file: `[${argument}]`, rule, fix, ...(value === '' ? {} : { value }) }]);
}

export function optionProblem(option: string, value: string, rule: string, fix: string): InputError {
  return new InputError([{ code: 'OPTION_INVALID', file: `--${option}`, rule, fix, ...(value === '' ? {} : { value }) }]);
}
