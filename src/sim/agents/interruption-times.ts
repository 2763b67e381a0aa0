import { stream, type Random } from '../../base/random.ts';
import type { Interruptions } from './agent-settings.ts';
import { DAY_US } from '../../model/civil-date.ts';

/** When what was requested happens: the times given and those by chance, in order. */
export class InterruptionTimes {
  /** Microseconds since the epoch; Infinity where nothing more comes. */
  nextTs = Number.POSITIVE_INFINITY;
  private chanceTs: number;
  private readonly given: readonly number[];
  private place = 0;
  private readonly meanUs: number;
  private readonly random: Random;

  constructor(seed: number, name: string, { perDay, at }: Interruptions, startTs: number) {
    this.random = stream(seed, name);
    this.meanUs = DAY_US / perDay;
    this.given = at.filter((ts) => ts > startTs).sort((a, b) => a - b);
    this.chanceTs = startTs;
    this.chance();
    this.choose();
  }

  /** Goes on to the next time after `ts`. */
  passTo(ts: number): void {
    while (this.place < this.given.length && this.given[this.place]! <= ts) this.place += 1;
    while (this.chanceTs <= ts) this.chance();
    this.choose();
  }

  private chance(): void {
    this.chanceTs =
      this.meanUs === Number.POSITIVE_INFINITY ? this.meanUs : Math.ceil(this.chanceTs + this.random.nextExponential(this.meanUs) + 1);
  }

  private choose(): void {
    this.nextTs = Math.min(this.chanceTs, this.given[this.place] ?? Number.POSITIVE_INFINITY);
  }
}
