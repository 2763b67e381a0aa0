import type { Code } from '../../model/codes/catalogue.ts';

/** A strategy asked for what cannot be, or asked without end: its fault, not a defect of ours. The run ends; its command says so. */
export class StrategyMistake extends Error {
  override readonly name = 'StrategyMistake';
  readonly code: Code;

  constructor(code: Code, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * States what a strategy's call must fulfill.
 *
 * @throws StrategyMistake when `condition` is false
 */
export function mistakeUnless(condition: boolean, message: string): asserts condition {
  if (!condition) throw new StrategyMistake('STRATEGY_MISTAKE', message);
}

/** @param observed what went past its bound */
export function endless(observed: string): StrategyMistake {
  return new StrategyMistake('STRATEGY_ENDLESS', `${observed}: a strategy answers its own events without end`);
}
