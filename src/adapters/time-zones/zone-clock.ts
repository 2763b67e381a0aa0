import { InputError } from '../../ports/errors.ts';

const SAMPLE_US = 7 * 86_400_000_000;
/** Most time zones kept at once; a run uses a handful. */
const ZONES_MAX = 64;

const clocks = new Map<string, ZoneClock>();

/**
 * Turns local wall-clock times of one zone into UTC and back, daylight saving included.
 *
 * Local times are counted like UTC ones: microseconds from 1970-01-01 00:00 on the wall. Intl is slow, so the offset is asked once a week
 * (no zone changes twice within one) and the change between two samples that differ is found by halving; both are kept.
 */
export class ZoneClock {
  readonly zone: string;
  private readonly format: Intl.DateTimeFormat;
  private readonly offsets = new Map<number, number>();
  private readonly changes = new Map<number, number>();

  constructor(zone: string) {
    this.zone = zone;
    try {
      this.format = new Intl.DateTimeFormat('en-US', {
        timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric',
        second: 'numeric', era: 'short', calendar: 'iso8601',
      });
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new InputError([{
        code: 'CALENDAR_ZONE_UNKNOWN', rule: 'A time zone is a name of the IANA list.', fix: 'Write for example America/New_York or UTC.', value: zone,
      }]);
    }
  }

  /** Local minus UTC at an instant, microseconds. */
  offsetAt(utcUs: number): number {
    const week = Math.floor(utcUs / SAMPLE_US);
    const before = this.sample(week);
    const after = this.sample(week + 1);
    if (before === after) return before;
    return utcUs < this.changeWithin(week, before) ? before : after;
  }

  /** Wall-clock time of an instant. */
  toLocal(utcUs: number): number {
    return utcUs + this.offsetAt(utcUs);
  }

  /**
   * The instant of a wall-clock time. One that the clock skips in spring is read with the offset before the change (02:30 means 03:30);
   * one that it shows twice in autumn means the first. The same choice as ECMAScript Temporal's "compatible".
   */
  toUtc(localUs: number): number {
    const early = localUs - this.offsetAt(localUs - 86_400_000_000);
    if (this.toLocal(early) === localUs) return early;
    const late = localUs - this.offsetAt(localUs + 86_400_000_000);
    return this.toLocal(late) === localUs ? late : early;
  }

  private sample(week: number): number {
    const known = this.offsets.get(week);
    if (known !== undefined) return known;
    const offset = this.ask(week * SAMPLE_US);
    this.offsets.set(week, offset);
    return offset;
  }

  private changeWithin(week: number, before: number): number {
    const known = this.changes.get(week);
    if (known !== undefined) return known;
    let low = week * 604_800;
    let high = low + 604_800;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.ask(middle * 1e6) === before) low = middle;
      else high = middle;
    }
    this.changes.set(week, high * 1e6);
    return high * 1e6;
  }

  private ask(utcUs: number): number {
    const wholeSeconds = Math.floor(utcUs / 1e6);
    const part: Record<string, string> = {};
    for (const { type, value } of this.format.formatToParts(wholeSeconds * 1000)) part[type] = value;
    const wall = Date.UTC(Number(part['year']), Number(part['month']) - 1, Number(part['day']), Number(part['hour']), Number(part['minute']), Number(part['second']));
    return (wall / 1000 - wholeSeconds) * 1e6;
  }
}

/**
 * The clock of a zone; the same object every time.
 *
 * @throws InputError CALENDAR_ZONE_UNKNOWN
 */
export function zoneClock(zone: string): ZoneClock {
  const known = clocks.get(zone);
  if (known !== undefined) return known;
  const clock = new ZoneClock(zone);
  if (clocks.size >= ZONES_MAX) clocks.clear();
  clocks.set(zone, clock);
  return clock;
}
