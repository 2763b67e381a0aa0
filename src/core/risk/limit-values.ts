import { formatDecimalShort, parseBigDecimal, parseDecimal } from '../../base/decimal.ts';
import { durationText, parseDuration } from '../../model/duration-text.ts';
import type { Currency } from '../../model/currency.ts';
import type { Instrument } from '../../model/instrument.ts';
import { quantityText, quantityUnit } from './control.ts';
import { parseRate, rateText } from './limit-text.ts';
import { type AccountLimits, DRAWDOWN_DAYS_MAX, type InstrumentLimits, type MoneyLimit, type RateLimit } from './limits.ts';

export type AnyLimitName = keyof InstrumentLimits | keyof AccountLimits;
export type LimitValue = number | boolean | MoneyLimit | RateLimit;

type LimitKind = 'MONEY' | 'QUANTITY' | 'COUNT' | 'DAYS' | 'RATE' | 'SHARE' | 'AGE' | 'FLAG';

interface LimitForm {
  readonly kind: LimitKind;
  /** Who can have it: instruments; strategies, accounts and the firm; or only accounts and the firm; or accounts. */
  readonly of: readonly ('INSTRUMENT' | 'STRATEGY' | 'ACCOUNT' | 'FIRM')[];
}

const SCOPES = ['STRATEGY', 'ACCOUNT', 'FIRM'] as const;
const EQUITY = ['ACCOUNT', 'FIRM'] as const;

/** How each limit is written, and whose it can be. */
export const LIMIT_FORMS: Readonly<Record<AnyLimitName, LimitForm>> = {
  maxOrderQty: { kind: 'QUANTITY', of: ['INSTRUMENT'] },
  maxOrderValue: { kind: 'MONEY', of: ['INSTRUMENT', ...SCOPES] },
  maxLongQty: { kind: 'QUANTITY', of: ['INSTRUMENT'] },
  maxShortQty: { kind: 'QUANTITY', of: ['INSTRUMENT'] },
  maxGrossQty: { kind: 'QUANTITY', of: ['INSTRUMENT'] },
  maxLongValue: { kind: 'MONEY', of: ['INSTRUMENT'] },
  maxShortValue: { kind: 'MONEY', of: ['INSTRUMENT'] },
  maxGrossValue: { kind: 'MONEY', of: ['INSTRUMENT'] },
  denyOnGap: { kind: 'FLAG', of: ['INSTRUMENT'] },
  denyOnStale: { kind: 'FLAG', of: ['INSTRUMENT'] },
  denyOnCrossed: { kind: 'FLAG', of: ['INSTRUMENT'] },
  maxDataAgeUs: { kind: 'AGE', of: ['INSTRUMENT'] },
  denyWhenClosed: { kind: 'FLAG', of: ['INSTRUMENT'] },
  denyInAuction: { kind: 'FLAG', of: ['INSTRUMENT'] },
  maxExposure: { kind: 'MONEY', of: SCOPES },
  maxOpenOrders: { kind: 'COUNT', of: SCOPES },
  maxOpenPositions: { kind: 'COUNT', of: SCOPES },
  maxNewOrders: { kind: 'RATE', of: SCOPES },
  maxModifies: { kind: 'RATE', of: SCOPES },
  maxCancels: { kind: 'RATE', of: SCOPES },
  maxDailyLoss: { kind: 'MONEY', of: SCOPES },
  maxDailyLossPpm: { kind: 'SHARE', of: EQUITY },
  maxDrawdownPpm: { kind: 'SHARE', of: EQUITY },
  drawdownDays: { kind: 'DAYS', of: EQUITY },
  balanceBufferPpm: { kind: 'SHARE', of: ['ACCOUNT'] },
};

const COUNT_MAX = 1_000_000;
const PPM_DECIMALS = 6;

/** A limit as people write it, and what it is counted in. */
export function limitText(name: AnyLimitName, value: LimitValue, instrument: Instrument | null): readonly [text: string, unit: string] {
  if (typeof value === 'boolean') return [String(value), ''];
  if (typeof value === 'number') return numberText(name, value, instrument);
  if ('windowUs' in value) return [rateText(value), ''];
  const { decimals, displayDecimals, code } = value.currency;
  return [formatDecimalShort(value.amount, decimals, displayDecimals), code];
}

function numberText(name: AnyLimitName, value: number, instrument: Instrument | null): readonly [string, string] {
  switch (LIMIT_FORMS[name].kind) {
    case 'QUANTITY':
      return instrument === null ? [String(value), ''] : [quantityText(instrument, value), quantityUnit(instrument)];
    case 'SHARE':
      return [formatDecimalShort(value, PPM_DECIMALS), ''];
    case 'AGE':
      return [durationText(value), ''];
    case 'DAYS':
      return [String(value), 'days'];
    default:
      return [String(value), name === 'maxOpenOrders' ? 'orders' : 'positions'];
  }
}

/** What a text means as a limit; a sentence where it means none. Exact: what the units of instrument or currency cannot hold is refused. */
export function readLimit(
  name: AnyLimitName,
  text: string,
  instrument: Instrument | null,
  currencies: ReadonlyMap<string, Currency>,
): LimitValue | string {
  switch (LIMIT_FORMS[name].kind) {
    case 'FLAG':
      return text === 'true' ? true : text === 'false' ? false : 'Write true or false.';
    case 'RATE':
      return parseRate(text) ?? 'Write a number and a span of time, such as 100 per 1s.';
    case 'AGE':
      return parseDuration(text) ?? 'Write a length of time, such as 5s.';
    case 'COUNT':
      return wholeOf(text, 0, COUNT_MAX);
    case 'DAYS':
      return wholeOf(text, 1, DRAWDOWN_DAYS_MAX);
    case 'SHARE':
      return shareOf(text);
    case 'QUANTITY':
      return quantityOf(text, instrument);
    case 'MONEY':
      return moneyOf(text, currencies);
    default:
      return 'There is no such limit.';
  }
}

function wholeOf(text: string, min: number, max: number): number | string {
  const count = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  return count >= min && count <= max ? count : `Write a whole number from ${min} to ${max}.`;
}

function shareOf(text: string): number | string {
  const ppm = parseDecimal(text, PPM_DECIMALS);
  return typeof ppm === 'number' && ppm >= 0 && ppm <= 1_000_000 ? ppm : 'Write a share from 0 to 1 with at most 6 decimals: 0.05 is 5 %.';
}

function quantityOf(text: string, instrument: Instrument | null): number | string {
  const count = instrument === null ? null : parseDecimal(text, instrument.quantityDecimals);
  if (typeof count === 'number' && count >= 0) return count;
  return `Write a quantity of 0 or more with at most ${instrument?.quantityDecimals ?? 0} decimals.`;
}

function moneyOf(text: string, currencies: ReadonlyMap<string, Currency>): MoneyLimit | string {
  const match = /^(\d+(?:\.\d+)?) ([A-Za-z0-9]+)$/.exec(text);
  const currency = match === null ? undefined : currencies.get(match[2]!);
  if (match === null) return 'Write an amount with its currency, such as 1000 USD.';
  if (currency === undefined) return `The session has no currency ${match[2]}.`;
  const amount = parseBigDecimal(match[1]!, currency.decimals);
  return typeof amount === 'bigint' ? { amount, currency } : `Amounts of ${currency.code} have at most ${currency.decimals} decimals.`;
}
