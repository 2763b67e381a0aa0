import { InvariantError } from '../../base/assert.ts';
import { Strategy, type StrategyClass } from '../strategy/strategy.ts';

/** What a strategy is called through. */
const HANDLERS = [
  'onStart',
  'onTrade',
  'onQuote',
  'onBook',
  'onBar',
  'onQuoteBar',
  'onOrderEvent',
  'onFill',
  'onTimer',
  'onGap',
  'onStop',
] as const satisfies readonly (keyof Strategy)[];

type Handler = (this: Strategy, ...given: unknown[]) => void;

/** Whom the guard tells, and asks. */
export interface StrategyGuard {
  readonly isRunning: boolean;
  fail(error: unknown): void;
}

/**
 * A class that does what a strategy's does, and where one of its handlers throws tells the guard instead: the others go on. An error that is ours is thrown
 * on, since then nothing can be relied on.
 *
 * Handlers that the strategy does not have stay the base class's, so that whoever asks whether it listens gets the same answer.
 */
export function guardedClass(strategyClass: StrategyClass, guard: StrategyGuard): StrategyClass {
  const guarded = class extends (strategyClass as new (...setup: ConstructorParameters<StrategyClass>) => Strategy) {};
  Object.defineProperty(guarded, 'name', { value: strategyClass.name });
  for (const name of HANDLERS) {
    const own = strategyClass.prototype[name] as Handler;
    if (own === Strategy.prototype[name]) continue;
    Object.defineProperty(guarded.prototype, name, {
      value(this: Strategy, ...given: unknown[]): void {
        if (!guard.isRunning) return;
        try {
          own.apply(this, given);
        } catch (error) {
          if (error instanceof InvariantError) throw error;
          guard.fail(error);
        }
      },
    });
  }
  return guarded as unknown as StrategyClass;
}
