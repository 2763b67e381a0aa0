import type { CsvFormat } from './csv-format.ts';
import { inputError } from './input-problem.ts';
import { daysInMonth, timeOfDayUs } from './time-of-day.ts';
import { type IntervalUnit, parseBarInterval } from '../../model/bar-specification.ts';
import { DAY_US, civilDateOf, dayNumberOf } from '../../model/civil-date.ts';
import type { ZoneClock } from '../../ports/zone-clock.ts';

/**
 * Finds when a bar opens and closes from what its file stamps.
 *
 * Bars of seconds, minutes and hours are lengths of time. Bars of days, weeks and months are spans of the calendar of the zone, so that
 * the day on which clocks change has 23 or 25 hours.
 */
export class BarClock {
  openUs = 0;
  closeUs = 0;
  /** True for weeks and months, whose last bar may be stamped early (a holiday), so that spans may overlap and are cut. */
  readonly mayOverlap: boolean;
  readonly #clock: ZoneClock;
  readonly #stampsOpen: boolean;
  readonly #fixedUs: number;
  readonly #unit: IntervalUnit;
  readonly #count: number;
  readonly #sessionOpenUs: number;
  readonly #sessionCloseUs: number;

  /** @throws InputError `FORMAT_INVALID` */
  constructor(format: Pick<CsvFormat, 'every' | 'stamp' | 'sessionOpen' | 'sessionClose'>, clock: ZoneClock) {
    const interval = parseBarInterval(format.every ?? '');
    if (interval === null) {
      throw inputError('FORMAT_INVALID', {
        ...(format.every === undefined ? {} : { value: format.every }),
        rule: 'Bars need the length of their interval.',
        fix: 'State every: a count and one of s m h d w M (months), such as 1m.',
      });
    }
    if (format.stamp !== 'open' && format.stamp !== 'close') {
      throw inputError('FORMAT_INVALID', {
        rule: 'Bars need the end of the interval that the file stamps.',
        fix: 'State stamp: open or stamp: close.',
      });
    }
    this.#clock = clock;
    this.#count = interval.count;
    this.#unit = interval.unit;
    this.#fixedUs = 'smh'.includes(interval.unit) ? interval.us : 0;
    this.#stampsOpen = format.stamp === 'open';
    this.mayOverlap = this.#unit === 'w' || this.#unit === 'M';
    if (this.#fixedUs > 0 && (format.sessionOpen !== undefined || format.sessionClose !== undefined)) {
      throw inputError('FORMAT_INVALID', {
        rule: 'sessionOpen and sessionClose are for bars of days, weeks and months.',
        fix: 'Leave them out.',
      });
    }
    this.#sessionOpenUs = format.sessionOpen === undefined ? 0 : timeOfDayUs(format.sessionOpen);
    this.#sessionCloseUs = format.sessionClose === undefined ? DAY_US : timeOfDayUs(format.sessionClose);
  }

  /**
   * Sets `openUs` and `closeUs`.
   *
   * @param stampUs what the file says: UTC where `isUtc`, else clock time in the zone as if UTC
   * @param isDateOnly the stamp is a date without a time of day: it names a day, not an instant
   */
  set(stampUs: number, isUtc: boolean, isDateOnly: boolean): void {
    const clock = this.#clock;
    if (this.#fixedUs > 0) {
      this.setFixed(isUtc ? stampUs : clock.localToUtcUs(stampUs));
      return;
    }
    const localUs = isUtc ? clock.utcToLocalUs(stampUs) : stampUs;
    const endUs = isDateOnly ? localUs + DAY_US : localUs;
    const openLocalUs = this.#stampsOpen ? localUs : this.#add(endUs, -this.#count);
    const closeLocalUs = this.#stampsOpen ? this.#add(localUs, this.#count) : endUs;
    this.openUs = clock.localToUtcUs(openLocalUs + this.#sessionOpenUs);
    this.closeUs = clock.localToUtcUs(closeLocalUs - DAY_US + this.#sessionCloseUs);
  }

  /** For bars of a fixed length, from an instant. */
  setFixed(utcUs: number): void {
    this.openUs = this.#stampsOpen ? utcUs : utcUs - this.#fixedUs;
    this.closeUs = this.openUs + this.#fixedUs;
  }

  get isFixed(): boolean {
    return this.#fixedUs > 0;
  }

  #add(localUs: number, count: number): number {
    if (this.#unit === 'd') return localUs + count * DAY_US;
    if (this.#unit === 'w') return localUs + count * 7 * DAY_US;
    const days = Math.floor(localUs / DAY_US);
    const { year, month, day } = civilDateOf(days);
    const months = year * 12 + month - 1 + count;
    const yearTo = Math.floor(months / 12);
    const monthTo = months - yearTo * 12 + 1;
    return dayNumberOf(yearTo, monthTo, Math.min(day, daysInMonth(yearTo, monthTo))) * DAY_US + localUs - days * DAY_US;
  }
}
