import { assert } from '../../../base/assert.ts';
import type { Assessment } from '../assessment.ts';
import { deny, type Control, type Denial } from '../control.ts';
import type { LimitTable } from '../limits.ts';
import { MissingValue } from '../portfolio-view.ts';
import { CONTROLS } from './control-table.ts';

assert(CONTROLS.length === 11, 'every control of the table is asked below');

/**
 * Asks the controls of {@link CONTROLS} in their order; the first that denies speaks. An exception inside a control denies too (law 7):
 * what cannot be judged does not go.
 *
 * Those that have nothing to judge under the limits as they are are left out. Those without limits of their own never are.
 */
export class ControlPanel {
  /** By place in the table. */
  readonly #isAsked: readonly boolean[];
  /** Place of the control that is being asked. */
  #place = 0;

  constructor(limits: LimitTable) {
    this.#isAsked = CONTROLS.map(({ onlyWith }) => onlyWith === null || limits.hasAny(onlyWith));
  }

  judge(assessment: Assessment): Denial | null {
    try {
      return this.#ask(assessment);
    } catch (error) {
      return failure(CONTROLS[this.#place]!, error);
    }
  }

  /**
   * Hot: a call of its own for every place of the table. Where a loop makes one call of eleven functions, the compiler knows here which
   * function each call is and takes the small ones in; guarded by the benchmark of orders.
   */
  #ask(a: Assessment): Denial | null {
    return (
      (this.#asks(0) ? CONTROLS[0]!.check(a) : null) ??
      (this.#asks(1) ? CONTROLS[1]!.check(a) : null) ??
      (this.#asks(2) ? CONTROLS[2]!.check(a) : null) ??
      (this.#asks(3) ? CONTROLS[3]!.check(a) : null) ??
      (this.#asks(4) ? CONTROLS[4]!.check(a) : null) ??
      (this.#asks(5) ? CONTROLS[5]!.check(a) : null) ??
      (this.#asks(6) ? CONTROLS[6]!.check(a) : null) ??
      (this.#asks(7) ? CONTROLS[7]!.check(a) : null) ??
      (this.#asks(8) ? CONTROLS[8]!.check(a) : null) ??
      (this.#asks(9) ? CONTROLS[9]!.check(a) : null) ??
      (this.#asks(10) ? CONTROLS[10]!.check(a) : null)
    );
  }

  #asks(place: number): boolean {
    this.#place = place;
    return this.#isAsked[place]!;
  }
}

function failure({ id, name }: Control, error: unknown): Denial {
  if (error instanceof MissingValue) return deny(id, error.code, error.message);
  const message = error instanceof Error ? error.message : String(error);
  return deny(id, 'RISK_CHECK_FAILED', `Control ${id} (${name}) failed: ${message}.`);
}
