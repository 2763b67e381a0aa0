import { bigPowerOfTen, divideRounded, parseBigDecimal } from '../../base/decimal.ts';
import type { DividendPaid, SplitEffective } from '../../model/events.ts';
import type { Instrument } from '../../model/instrument.ts';
import { openByteSource } from './byte-source.ts';
import { inputError } from './input-problem.ts';
import { LineBuffer } from './line-buffer.ts';
import { makeStampParser } from './stamp-parser.ts';
import { DAY_US } from '../../model/civil-date.ts';
import type { ZoneClock } from '../../ports/zone-clock.ts';

/** Decimals that factors are kept with; LEAN writes 8 at most. */
const FACTOR_DECIMALS = 12;

/** A row holds up to and including its date. Factors count 10^-12. */
interface FactorRow {
  /** Midnight of the date as if UTC. */
  readonly dateUs: number;
  readonly priceFactor: bigint;
  readonly splitFactor: bigint;
  /** Unadjusted close of the date, before the event of the next trading day; in 10^-12. 0 in the last row. */
  readonly close: bigint;
}

const ONE = bigPowerOfTen(FACTOR_DECIMALS);

/**
 * Reads a LEAN factor file: `yyyyMMdd,price factor,split factor,close` with rising dates.
 *
 * @throws InputError `FACTORS_INVALID`
 */
export function readFactorFile(path: string): readonly FactorRow[] {
  const source = openByteSource(path);
  const buffer = new LineBuffer();
  const rows: FactorRow[] = [];
  const parser = makeStampParser('yyyyMMdd', 'date');
  try {
    buffer.start(source);
    for (let line = buffer.peekLine(); line !== null; buffer.passLine(), line = buffer.peekLine()) {
      if (line === '') continue;
      const place = { file: path, line: buffer.line, value: line };
      const fields = line.split(',');
      const dateUs = fields[0]!.length === 8 ? parser.read(new TextEncoder().encode(fields[0]), 0) : Number.NaN;
      const values = fields.slice(1, 4).map((text) => parseBigDecimal(text, FACTOR_DECIMALS));
      const [priceFactor, splitFactor, close = 0n] = values;
      if (!Number.isFinite(dateUs) || typeof priceFactor !== 'bigint' || typeof splitFactor !== 'bigint' || typeof close !== 'bigint') {
        throw inputError('FACTORS_INVALID', place);
      }
      if (priceFactor <= 0n || splitFactor <= 0n || close < 0n) {
        throw inputError('FACTORS_INVALID', { ...place, rule: 'Factors are above zero and closes not below.' });
      }
      const last = rows.at(-1);
      if (last !== undefined && dateUs <= last.dateUs)
        throw inputError('FACTORS_INVALID', { ...place, rule: 'The dates of a factor file rise.' });
      rows.push({ dateUs, priceFactor, splitFactor, close });
    }
  } finally {
    source.close();
  }
  if (rows.length === 0) throw inputError('FILE_EMPTY', { file: path });
  return rows;
}

/**
 * Adjusts prices of one stream by the first factor row whose date is on or after the bar's; after the last row the factor is 1.
 * Prices are rounded half to even at the instrument's decimals, volumes (divided by the split factor) at its quantity decimals.
 */
export class FactorAdjuster {
  readonly #rows: readonly FactorRow[];
  #fromUs = Infinity;
  #toUs = -Infinity;
  #factor = ONE;
  #split = ONE;

  constructor(rows: readonly FactorRow[]) {
    this.#rows = rows;
  }

  /** Chooses the factors of a day (clock time in the exchange's zone as if UTC). */
  setDay(localUs: number): void {
    const dayUs = Math.floor(localUs / DAY_US) * DAY_US;
    if (dayUs >= this.#fromUs && dayUs <= this.#toUs) return;
    const index = this.#rows.findIndex((row) => row.dateUs >= dayUs);
    const row = index < 0 ? null : this.#rows[index]!;
    this.#factor = row === null ? ONE * ONE : row.priceFactor * row.splitFactor;
    this.#split = row === null ? ONE : row.splitFactor;
    this.#fromUs = row === null ? this.#rows.at(-1)!.dateUs + DAY_US : index === 0 ? -Infinity : this.#rows[index - 1]!.dateUs + DAY_US;
    this.#toUs = row === null ? Infinity : row.dateUs;
  }

  price(count: number): number {
    return Number(divideRounded(BigInt(count) * this.#factor, ONE * ONE, 'half-even'));
  }

  quantity(count: number): number {
    return Number(divideRounded(BigInt(count) * ONE, this.#split, 'half-even'));
  }
}

interface LeanActionOptions {
  readonly factorFile: string;
  readonly instrument: Instrument;
  /** The exchange's zone. */
  readonly clock: ZoneClock;
  /** The trading day after a date (both midnights as if UTC); default the next day from Monday to Friday. */
  readonly nextTradingDay?: (dateUs: number) => number;
  readonly fromTs?: number;
  readonly toTs?: number;
}

/** One microsecond after midnight: the daily bar of the day before closes at midnight itself and must be seen at its own prices. */
const AFTER_MIDNIGHT_US = 1;
/** Decimals that dividends per share are paid with. */
const DIVIDEND_DECIMALS = 2;

/**
 * Derives dividends and splits from consecutive factor rows, for RAW prices, in order of time, a split before a dividend.
 *
 * Dividend per share = close × (1 − price factor ÷ next price factor), rounded half to even to cents; split ratio = next split factor ÷
 * split factor. Both take effect one microsecond into the next trading day. Source: QuantConnect LEAN `CorporateFactorRow`.
 */
export function readLeanActions(options: LeanActionOptions): readonly (DividendPaid | SplitEffective)[] {
  const { instrument, clock, nextTradingDay = nextWeekday, fromTs = -Infinity, toTs = Infinity } = options;
  const rows = readFactorFile(options.factorFile);
  const actions: (DividendPaid | SplitEffective)[] = [];
  for (let i = 0; i + 1 < rows.length; i += 1) {
    const row = rows[i]!;
    const next = rows[i + 1]!;
    const ts = clock.localToUtcUs(nextTradingDay(row.dateUs)) + AFTER_MIDNIGHT_US;
    if (ts < fromTs || ts >= toTs) continue;
    const times = { instrument: instrument.index, tsEvent: ts, tsInit: ts };
    if (row.splitFactor !== next.splitFactor) {
      const ratio = splitRatio(row.splitFactor, next.splitFactor);
      if (!Number.isSafeInteger(ratio.numerator) || !Number.isSafeInteger(ratio.denominator)) {
        const rule = 'The split factors of two rows make a ratio of numbers beyond 2^53.';
        throw inputError('FACTORS_INVALID', { file: options.factorFile, line: i + 2, rule });
      }
      actions.push({ kind: 'SplitEffective', ...ratio, ...times });
    }
    const unit = next.priceFactor * bigPowerOfTen(FACTOR_DECIMALS - DIVIDEND_DECIMALS);
    const cents = divideRounded(row.close * (next.priceFactor - row.priceFactor), unit, 'half-even');
    if (cents !== 0n) {
      actions.push({ kind: 'DividendPaid', amountPerUnit: cents * bigPowerOfTen(instrument.quote.decimals - DIVIDEND_DECIMALS), ...times });
    }
  }
  return actions;
}

function nextWeekday(dateUs: number): number {
  const next = dateUs + DAY_US;
  // 1970-01-01 was a Thursday: day 2 after it a Saturday.
  const weekday = (((next / DAY_US) % 7) + 7) % 7;
  return weekday === 2 ? next + 2 * DAY_US : weekday === 3 ? next + DAY_US : next;
}

/** Products of rounded factors miss the true ratio by up to this much (seen: 1.5e-4 after five splits). */
const RATIO_TOLERANCE = 2e-4;
const RATIO_DENOMINATOR_MAX = 20;

/**
 * The simplest ratio near `to / from`. Split factors are rounded products (0.0357143 for 1/28), so the quotient itself would turn
 * seven-for-one into 2500000/357143. With no simple ratio near, the quotient stands.
 */
export function splitRatio(from: bigint, to: bigint): { readonly numerator: number; readonly denominator: number } {
  const ratio = Number(to) / Number(from);
  const isBelowOne = ratio < 1;
  const above = isBelowOne ? 1 / ratio : ratio;
  for (let denominator = 1; denominator <= RATIO_DENOMINATOR_MAX; denominator += 1) {
    const numerator = Math.round(above * denominator);
    if (numerator !== denominator && Math.abs(numerator / denominator / above - 1) <= RATIO_TOLERANCE) {
      return isBelowOne ? { numerator: denominator, denominator: numerator } : { numerator, denominator };
    }
  }
  let a = from;
  let b = to;
  while (b !== 0n) [a, b] = [b, a % b];
  return { numerator: Number(to / a), denominator: Number(from / a) };
}
