import { InputError } from './errors.ts';
import { DATA_CODES } from '../model/codes/data.ts';
import { DAY_US, HOUR_US, SECOND_US, civilDateOf, dayNumberOf } from '../model/civil-date.ts';

/** Most zones kept at once; a run uses a handful. */
const ZONES_MAX = 64;

const clocks = new Map<string, ZoneClock>();

/**
 * The clock of a zone (an IANA name, `UTC`, or a fixed offset such as `-05:00`); usually the same object for the same name.
 *
 * @throws InputError `ZONE_UNKNOWN`
 */
export function zoneClock(name: string): ZoneClock {
  const known = clocks.get(name);
  if (known !== undefined) return known;
  const clock = new ZoneClock(name);
  if (clocks.size >= ZONES_MAX) clocks.clear();
  clocks.set(name, clock);
  return clock;
}

/** A span of time in which the offset from UTC does not change. Local bounds follow the rule for ambiguous and missing times. */
interface Segment {
  readonly utcFrom: number;
  readonly utcTo: number;
  readonly localFrom: number;
  readonly localTo: number;
  readonly offsetUs: number;
  readonly offsetNextUs: number;
}

/**
 * Turns clock times of one zone into UTC. Fast for rows in order: the offset is looked up once per stretch between two changes.
 *
 * A time that occurs twice (clocks go back) means the first; one that does not occur (clocks go forward) is read with the offset from
 * before the change, so 02:30 becomes 03:30. Source: the `compatible` rule of ECMA-262 Temporal and RFC 5545.
 * {@link laterUtcUs} gives the second reading of a time that occurs twice, for readers that see time run on.
 */
export class ZoneClock {
  readonly name: string;
  readonly #offsetOfUtc: (utcUs: number) => number;
  readonly #years = new Map<number, readonly Segment[]>();
  readonly #fixed: boolean;
  #segment: Segment;

  /** @throws InputError `ZONE_UNKNOWN` */
  constructor(name: string) {
    this.name = name;
    const fixedUs = fixedOffsetUs(name);
    this.#fixed = fixedUs !== null;
    this.#offsetOfUtc = fixedUs === null ? intlOffset(name) : () => fixedUs;
    this.#segment = this.#segmentAt(0, true);
  }

  toUtcUs(year: number, month: number, day: number, hour: number, minute: number, second: number, us: number): number {
    return this.localToUtcUs(dayNumberOf(year, month, day) * DAY_US + hour * HOUR_US + (minute * 60 + second) * SECOND_US + us);
  }

  /** `localUs`: the clock time counted as if the zone were UTC. */
  localToUtcUs(localUs: number): number {
    let segment = this.#segment;
    if (localUs < segment.localFrom || localUs >= segment.localTo) {
      segment = this.#segmentAt(localUs, false);
      this.#segment = segment;
    }
    return localUs - segment.offsetUs;
  }

  /** The clock time at an instant, counted as if the zone were UTC. */
  utcToLocalUs(utcUs: number): number {
    let segment = this.#segment;
    if (utcUs < segment.utcFrom || utcUs >= segment.utcTo) {
      segment = this.#segmentAt(utcUs, true);
      this.#segment = segment;
    }
    return utcUs + segment.offsetUs;
  }

  /** The second instant of a clock time that occurs twice, NaN for one that does not. */
  laterUtcUs(localUs: number): number {
    const utcUs = this.localToUtcUs(localUs);
    const segment = this.#segment;
    const laterUs = localUs - segment.offsetNextUs;
    return utcUs < segment.utcTo && laterUs >= segment.utcTo ? laterUs : Number.NaN;
  }

  /** What the zone's clocks are ahead of UTC, from the beginning of one year to the end of another: every change, the first entry for all before. */
  offsets(yearFrom: number, yearTo: number): { readonly fromTs: number; readonly offsetUs: number }[] {
    if (this.#fixed) return [{ fromTs: Number.NEGATIVE_INFINITY, offsetUs: this.#offsetOfUtc(0) }];
    const found: { readonly fromTs: number; readonly offsetUs: number }[] = [];
    for (let year = yearFrom; year <= yearTo; year += 1) {
      for (const { utcFrom, offsetUs } of this.#segmentsOf(year)) {
        if (found.at(-1)?.offsetUs !== offsetUs) found.push({ fromTs: found.length === 0 ? Number.NEGATIVE_INFINITY : utcFrom, offsetUs });
      }
    }
    return found;
  }

  #segmentAt(us: number, isUtc: boolean): Segment {
    if (this.#fixed) {
      const offsetUs = this.#offsetOfUtc(0);
      return { utcFrom: -Infinity, utcTo: Infinity, localFrom: -Infinity, localTo: Infinity, offsetUs, offsetNextUs: offsetUs };
    }
    const { year } = civilDateOf(Math.floor(us / DAY_US));
    for (const candidate of [year, year - 1, year + 1]) {
      for (const segment of this.#segmentsOf(candidate)) {
        const inside = isUtc ? us >= segment.utcFrom && us < segment.utcTo : us >= segment.localFrom && us < segment.localTo;
        if (inside) return segment;
      }
    }
    throw problem('TIME_OUT_OF_RANGE', String(us));
  }

  /** The offset is sampled daily (no zone changes it and changes it back within a day) and each change found by halving. */
  #segmentsOf(year: number): readonly Segment[] {
    const known = this.#years.get(year);
    if (known !== undefined) return known;
    const utcStart = dayNumberOf(year, 1, 1) * DAY_US;
    const utcEnd = dayNumberOf(year + 1, 1, 1) * DAY_US;
    const changes: { readonly at: number; readonly after: number }[] = [];
    let before = this.#offsetOfUtc(utcStart);
    for (let dayUs = utcStart; dayUs < utcEnd; dayUs += DAY_US) {
      const after = this.#offsetOfUtc(dayUs + DAY_US);
      const at = after === before ? utcEnd : this.#changeBetween(dayUs, dayUs + DAY_US, before);
      if (at < utcEnd) changes.push({ at, after });
      before = after;
    }
    const segments: Segment[] = [];
    let utcFrom = utcStart;
    let offsetUs = this.#offsetOfUtc(utcStart);
    let localFrom = utcStart + offsetUs;
    for (const change of [...changes, { at: utcEnd, after: this.#offsetOfUtc(utcEnd) }]) {
      const localTo = change.at + Math.max(offsetUs, change.after);
      segments.push({ utcFrom, utcTo: change.at, localFrom, localTo, offsetUs, offsetNextUs: change.after });
      utcFrom = change.at;
      localFrom = localTo;
      offsetUs = change.after;
    }
    this.#years.set(year, segments);
    return segments;
  }

  #changeBetween(fromUs: number, toUs: number, before: number): number {
    let low = fromUs / SECOND_US;
    let high = toUs / SECOND_US;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#offsetOfUtc(middle * SECOND_US) === before) low = middle;
      else high = middle;
    }
    return high * SECOND_US;
  }
}

/** `UTC`, `Z`, or `+hh:mm` / `-hh:mm` in microseconds; null for anything else. */
function fixedOffsetUs(name: string): number | null {
  if (name === 'UTC' || name === 'Z') return 0;
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(name);
  if (match === null || Number(match[2]) > 18 || Number(match[3]) > 59) return null;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60 * SECOND_US;
}

function intlOffset(name: string): (utcUs: number) => number {
  let format: Intl.DateTimeFormat;
  try {
    if (!/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(name)) throw new RangeError(name);
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw problem('ZONE_UNKNOWN', name);
  }
  return (utcUs) => {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(utcUs / 1_000)) part[type] = Number(value);
    const localUs =
      dayNumberOf(part['year']!, part['month']!, part['day']!) * DAY_US +
      part['hour']! * HOUR_US +
      (part['minute']! * 60 + part['second']!) * SECOND_US;
    return localUs - utcUs;
  };
}

function problem(code: 'TIME_OUT_OF_RANGE' | 'ZONE_UNKNOWN', value: string): InputError {
  const { meaning, fix } = DATA_CODES[code];
  return new InputError([{ code, rule: meaning, fix, value }]);
}
