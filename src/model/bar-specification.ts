import { DAY_US, HOUR_US, MINUTE_US, SECOND_US } from './civil-date.ts';

/** What a bar counts until it is complete: time, rows, quantity, or value (price × quantity in quote money). */
type BarUnit = 'time' | 'tick' | 'volume' | 'value';

/** What bars are built from. */
export type BarSource = 'trades' | 'quotes' | 'bars';

/** How one series of bars is cut. */
export interface BarSpecification {
  readonly unit: BarUnit;
  /** time: microseconds; tick: rows; volume: whole units of the instrument; value: whole units of the quote currency. */
  readonly step: number;
  readonly from: BarSource;
  /** The canonical text: `60m` is written `1h`. */
  readonly text: string;
}

/** Why a text is no bar specification. */
interface BarSpecificationRefusal {
  readonly text: string;
  /** The rule that was broken and what to write instead, as a sentence. */
  readonly reason: string;
}

export const WEEK_US = 7 * DAY_US;
/** A month has no fixed length; for telling finer data from coarser this is near enough. */
const MONTH_US = 30 * DAY_US;
/** A hundred years: beyond it a count is a slip of the pen. */
const INTERVAL_US_MAX = 1200 * MONTH_US;

/** What the interval of a recorded bar counts: seconds, minutes, hours, days, weeks or months. */
export type IntervalUnit = 's' | 'm' | 'h' | 'd' | 'w' | 'M';

/** The interval of recorded bars: any count, months too, since it is read and not cut. */
interface BarInterval {
  readonly count: number;
  readonly unit: IntervalUnit;
  /** Its length; of a month 30 days, whatever the calendar says. */
  readonly us: number;
}

const TIME_STEPS: readonly (readonly [letter: string, us: number])[] = [
  ['w', WEEK_US],
  ['d', DAY_US],
  ['h', HOUR_US],
  ['m', MINUTE_US],
  ['s', SECOND_US],
];
const COUNT_UNITS: Readonly<Record<string, BarUnit>> = { t: 'tick', v: 'volume', n: 'value' };
const COUNT_LETTERS: Readonly<Record<BarUnit, string>> = { time: '', tick: 't', volume: 'v', value: 'n' };
/** Largest count of ticks, volume or value; keeps thresholds printable and far from 2^53 in whole units. */
const COUNT_MAX = 1_000_000_000_000;

/**
 * Reads `30s 1m 5m 15m 1h 4h 1d 1w` (time), `100t` (ticks), `1000v` (volume) or `50000n` (value).
 *
 * Time steps below a day must divide a day, so that every day (or session) is cut the same way; above an hour-based step there are only
 * one day and one week. Quotes carry no executed quantity and bars no single trades, so those combinations are refused.
 *
 * @param from what the bars are built from
 */
export function parseBarSpecification(text: string, from: BarSource = 'trades'): BarSpecification | BarSpecificationRefusal {
  const match = /^([1-9]\d{0,15})([a-z])$/.exec(text);
  if (match === null) {
    return refuse(text, 'A bar is a whole number from 1 and a letter: s m h d w (time), t (ticks), v (volume) or n (value), such as "5m".');
  }
  const count = Number(match[1]);
  const letter = match[2]!;
  const unit = COUNT_UNITS[letter];
  if (unit !== undefined) return countSpecification(text, unit, count, from);
  const timeStep = TIME_STEPS.find(([name]) => name === letter);
  if (timeStep === undefined) return refuse(text, `The letter "${letter}" is none of s m h d w (time), t (ticks), v (volume), n (value).`);
  const step = count * timeStep[1];
  if (step > DAY_US && step !== WEEK_US) return refuse(text, 'Time bars longer than a day are 1w only: others have no agreed first day.');
  if (step < DAY_US && DAY_US % step !== 0) {
    return refuse(
      text,
      'A time bar must divide a day evenly, or its edges would fall differently every day: take 1m 2m 5m 10m 15m 30m 1h 4h.',
    );
  }
  return { unit: 'time', step, from, text: formatBarSpecification('time', step) };
}

/** The canonical text of a unit and step: time in the largest letter that divides it. */
function formatBarSpecification(unit: BarUnit, step: number): string {
  if (unit !== 'time') return `${step}${COUNT_LETTERS[unit]}`;
  const [letter, us] = TIME_STEPS.find(([, size]) => step % size === 0) ?? ['us', 1];
  return `${step / us}${letter}`;
}

/** Reads `5m`, `1d`, `2w` or `1M` (also `1mo`), the intervals in which files and the store have bars; null for anything else. */
export function parseBarInterval(text: string): BarInterval | null {
  const match = /^([1-9]\d{0,9})(mo|[smhdwM])$/.exec(text);
  if (match === null) return null;
  const unit = (match[2] === 'mo' ? 'M' : match[2]) as IntervalUnit;
  const count = Number(match[1]);
  const us = count * (TIME_STEPS.find(([letter]) => letter === unit)?.[1] ?? MONTH_US);
  return us > INTERVAL_US_MAX ? null : { count, unit, us };
}

/**
 * The interval as a name that is one in any writing, or null where the text is no interval: canonical (60m is 1h), and `mo` for months,
 * since `1M` and `1m` would be one file name where names have no case. A name is its own name.
 */
export function barIntervalName(text: string): string | null {
  const specification = parseBarSpecification(text);
  if (!isBarSpecificationRefusal(specification)) return specification.text;
  const interval = parseBarInterval(text);
  if (interval === null) return null;
  return interval.unit === 'M' ? `${interval.count}mo` : formatBarSpecification('time', interval.us);
}

/** As {@link barIntervalName}; a text that is no interval stays as it is, and whoever looks it up finds nothing. */
export function everyName(every: string): string {
  return barIntervalName(every) ?? every;
}

/** Tells a refusal from a specification. */
export function isBarSpecificationRefusal(result: BarSpecification | BarSpecificationRefusal): result is BarSpecificationRefusal {
  return 'reason' in result;
}

function countSpecification(text: string, unit: BarUnit, step: number, from: BarSource): BarSpecification | BarSpecificationRefusal {
  if (step > COUNT_MAX) return refuse(text, `The count is above ${COUNT_MAX}.`);
  if (from === 'quotes' && unit !== 'tick')
    return refuse(text, 'Quotes carry no executed quantity: build volume and value bars from trades.');
  if (from === 'bars' && unit !== 'volume')
    return refuse(text, 'Bars no longer know their single trades: build tick and value bars from trades.');
  return { unit, step, from, text: formatBarSpecification(unit, step) };
}

function refuse(text: string, reason: string): BarSpecificationRefusal {
  return { text, reason };
}
