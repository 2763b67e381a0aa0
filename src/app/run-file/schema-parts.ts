import { z } from 'zod';
import { parseBigDecimal, parseDecimal } from '../../base/decimal.ts';
import { HOUR_US, MINUTE_US, SECOND_US } from '../../model/civil-date.ts';
import { parseRate, RATE_COUNT_MAX } from '../../core/risk/limit-text.ts';
import { parseDuration } from '../../model/duration-text.ts';
import { parseInstant } from '../../model/instant.ts';
import { closestName, suggestion } from './closest-name.ts';

/** What the reference page says of a key; docs/reference/run-file.md is made from it. */
export interface KeyNote {
  readonly description: string;
  /** What holds where the key is left out, in words; absent for a key that must be there. */
  readonly defaultText?: string;
  readonly example: string;
}

/** A key that must be there. */
export function required<S extends z.ZodType>(schema: S, description: string, example: string): S {
  return schema.meta({ note: { description, example } satisfies KeyNote });
}

/** A key that may be left out; `defaultText` says what holds then. */
export function optional<S extends z.ZodType>(schema: S, defaultText: string, description: string, example: string): z.ZodOptional<S> {
  return schema.optional().meta({ note: { description, defaultText, example } satisfies KeyNote });
}

/**
 * An object with these keys and no others.
 *
 * @param elsewhere what to do with keys that belong to another object
 */
export function keys<S extends z.core.$ZodLooseShape>(
  shape: S,
  elsewhere: Readonly<Record<string, string>> = {},
): z.ZodObject<S, z.core.$strict> {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => elsewhere[key] ?? suggestion(key, known)).join('\n');
      return issue.input === undefined
        ? undefined
        : `Write keys and values here: ${known.slice(0, 6).join(', ')}${known.length > 6 ? ' …' : ''}.`;
    },
  });
}

/** Objects that their `kind` tells apart. */
export function kinds<const O extends readonly [z.core.$ZodTypeDiscriminable, ...z.core.$ZodTypeDiscriminable[]]>(
  options: O,
  names: readonly string[],
): z.ZodDiscriminatedUnion<O, 'kind'> {
  return z.discriminatedUnion('kind', options, { error: () => `Give it a kind, one of ${names.join(', ')}.` });
}

/**
 * One of a few words.
 *
 * @param meant what stands elsewhere for one of them, in lower case
 */
export function words<const W extends readonly [string, ...string[]]>(
  list: W,
  meant: Readonly<Record<string, W[number]>> = {},
): z.ZodEnum<{ [K in W[number]]: K }> {
  return z.enum(list, {
    error: ({ input }) => {
      const all = list.join(', ');
      if (typeof input !== 'string') return `Give one of ${all}.`;
      const closest = meant[input.toLowerCase()] ?? closestName(input, list);
      return closest === null ? `Give one of ${all}.` : `Did you mean "${closest}"? It takes ${all}.`;
    },
  }) as z.ZodEnum<{ [K in W[number]]: K }>;
}

export const text = z
  .string({ error: () => 'Give a text; quote it where it looks like a number.' })
  .min(1, { error: 'Give a text that is not empty.' });
export const flag = z.boolean({ error: () => 'Give true or false.' });

/** Digits behind the point that any decimal of a run file may have. */
const DECIMALS_MAX = 30;
const decimalSource = z.union([z.string(), z.number()], { error: () => 'Give a decimal number.' }).transform((value) => String(value));

/** A decimal, kept as text so that it stays exact. */
export const decimal = decimalSource.refine((value) => typeof parseBigDecimal(value, DECIMALS_MAX) === 'bigint', {
  error: 'Give a decimal number with a point, such as 0.25.',
});
export const positiveDecimal = decimal.refine((value) => signOf(value) > 0, { error: 'Give a decimal above zero.' });
export const decimalFromZero = decimal.refine((value) => signOf(value) >= 0, { error: 'Give a decimal that is zero or more.' });
/** Between 0 and 1. */
export const share = decimalFromZero
  .refine((value) => typeof parseBigDecimal(value, 9) === 'bigint', { error: 'Give at most 9 digits behind the point.' })
  .refine((value) => Number(value) <= 1, { error: 'Give a share from 0 to 1: 0.25 is a quarter.' });
/** Rates are kept in billionths. */
export const rate = decimal.refine((value) => typeof parseDecimal(value, 9) === 'number', {
  error: 'Give a decimal with at most 9 digits behind the point: 0.002 is 0.2 %.',
});
/** `1000 USD` */
export const moneyText = z
  .string({ error: () => 'Give an amount with its currency, such as 1000 USD.' })
  .regex(/^\d+(\.\d+)? [A-Za-z0-9]+$/, {
    error: 'Give an amount with its currency, such as 1000 USD.',
  });

export function integer(min: number, max: number): z.ZodNumber {
  return z
    .number({ error: () => `Give a whole number from ${min} to ${max}.` })
    .int({ error: `Give a whole number from ${min} to ${max}.` })
    .min(min, { error: `Give a whole number from ${min} to ${max}.` })
    .max(max, { error: `Give a whole number from ${min} to ${max}.` });
}

export const number = z.number({ error: () => 'Give a number.' });
export const positiveNumber = number.refine((value) => value > 0, { error: 'Give a number above zero.' });
/** A rate by the year, between −100 % and 100 %. */
export const yearlyRate = number.refine((value) => value > -1 && value < 1, { error: 'Give a share between −1 and 1: 0.02 is 2 %.' });

/** `250ms`, in microseconds once read. */
export const duration = z
  .string({ error: () => 'Give a duration with its unit: 250us, 5ms, 1s, 1m, 1h or 1d.' })
  .transform((value, context) => {
    const us = parseDuration(value);
    if (us !== null) return us;
    context.addIssue({ code: 'custom', message: 'Give a duration with its unit: 250us, 5ms, 1s, 1m, 1h or 1d.' });
    return z.NEVER;
  });

/** `100 per 1s`: at most so many within a span; once read, the number and the span in microseconds. */
export const rateText = z.string({ error: () => RATE_RULE }).transform((value, context) => {
  const rate = parseRate(value);
  if (rate !== null) return rate;
  context.addIssue({ code: 'custom', message: RATE_RULE });
  return z.NEVER;
});
const RATE_RULE = `Give a number up to ${RATE_COUNT_MAX} and a span of time, such as 100 per 1s.`;

/** `HH:MM` or `HH:MM:SS` of a day; microseconds from midnight once read. */
export const timeOfDay = z.string({ error: () => TIME_OF_DAY_RULE }).transform((value, context) => {
  const match = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(value);
  if (match !== null) return Number(match[1]) * HOUR_US + Number(match[2]) * MINUTE_US + Number(match[3] ?? 0) * SECOND_US;
  context.addIssue({ code: 'custom', message: TIME_OF_DAY_RULE });
  return z.NEVER;
});
const TIME_OF_DAY_RULE = 'Give a time of day in quotes, such as "17:00".';

/** A date (its midnight) or an instant, UTC; microseconds since the epoch once read. */
export const instant = z.string({ error: () => INSTANT_RULE }).transform((value, context) => {
  const us = parseInstant(value);
  if (us !== null) return us;
  context.addIssue({ code: 'custom', message: INSTANT_RULE });
  return z.NEVER;
});
const INSTANT_RULE = 'Give a date or an instant in UTC, from 1685 to 2254: 2004-08-19 or 2004-08-19T13:30:00Z.';

/** A mapping from names to values. */
export function namedBy<S extends z.ZodType>(value: S): z.ZodRecord<z.ZodString, S> {
  return z.record(z.string(), value, { error: () => 'Write names and values here, such as { USD: 10000 }.' });
}

export function listOf<S extends z.ZodType>(value: S): z.ZodArray<S> {
  return z.array(value, { error: () => 'Write a list here: each entry starts with "- ".' });
}

function signOf(value: string): number {
  const count = parseBigDecimal(value, DECIMALS_MAX);
  return typeof count === 'string' || count === 0n ? 0 : count > 0n ? 1 : -1;
}
