import { mistakeUnless } from '../strategy/strategy-mistake.ts';
import type { HostParts } from './host-parts.ts';
import { TIMERS_PER_STRATEGY_MAX } from './timers.ts';

/** The timers of one strategy, by the names that it gave them. */
export class StrategyTimers {
  /** It has set one before. */
  wereSet = false;
  readonly #strategy: number;
  readonly #parts: Pick<HostParts, 'timers' | 'effects'>;

  constructor(strategy: number, parts: Pick<HostParts, 'timers' | 'effects'>) {
    this.#strategy = strategy;
    this.#parts = parts;
  }

  /** @param at microseconds since the epoch; a time that has passed means now */
  once(name: string, at: number, now: number): void {
    mistakeUnless(Number.isSafeInteger(at), `timer "${name}": a time is a whole number of microseconds since the epoch`);
    this.set(name, Math.max(at, now), 0);
  }

  /** At multiples of `everyUs` since the epoch. */
  every(name: string, everyUs: number, now: number): void {
    mistakeUnless(Number.isSafeInteger(everyUs) && everyUs > 0, `timer "${name}": an interval is a whole number of microseconds above 0`);
    this.set(name, (Math.floor(now / everyUs) + 1) * everyUs, everyUs);
  }

  cancel(name: string): void {
    this.#parts.timers.cancel(this.#strategy, name);
  }

  cancelAll(): void {
    this.#parts.timers.cancelAll(this.#strategy);
  }

  private set(name: string, ts: number, everyUs: number): void {
    const { timers, effects } = this.#parts;
    mistakeUnless(
      timers.has(this.#strategy, name) || timers.count(this.#strategy) < TIMERS_PER_STRATEGY_MAX,
      `a strategy has at most ${TIMERS_PER_STRATEGY_MAX} timers`,
    );
    this.wereSet = true;
    timers.set(this.#strategy, name, ts, everyUs);
    effects.endStep();
  }
}
