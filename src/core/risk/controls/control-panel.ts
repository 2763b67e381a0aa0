import { assert } from '../../../base/assert.ts';
import type { Assessment } from '../assessment.ts';
import { deny, type Control, type Denial } from '../control.ts';
import type { LimitTable } from '../limits.ts';
import { MissingValue } from '../portfolio-view.ts';
import { CONTROLS } from './control-table.ts';

assert(CONTROLS.length === 16, 'every control of the table is asked below');

/**
 * Asks the controls of {@link CONTROLS} in their order; the first that denies speaks. An exception inside a control denies too (law 7):
 * what cannot be judged does not go.
 *
 * Those that have nothing to judge under the limits as they are are left out. Those without limits of their own never are.
 */
export class ControlPanel {
  /** The places of the table that are asked, a bit each. */
  readonly #asked: number;

  constructor(limits: LimitTable) {
    this.#asked = CONTROLS.reduce(
      (asked, { onlyWith }, place) => (onlyWith === null || limits.hasAny(onlyWith) ? asked | (1 << place) : asked),
      0,
    );
  }

  /**
   * Hot: written out, with a call of its own for every place of the table. Where a loop makes one call of sixteen functions, the compiler
   * knows here which function each call is and takes the small ones in.
   */
  judge(a: Assessment): Denial | null {
    const asked = this.#asked;
    /** Whose turn it is: an exception bears its name. */
    let place = 0;
    let denial: Denial | null = null;
    try {
      if ((asked & 1) !== 0) denial = CONTROLS[0]!.check(a);
      if (denial !== null) return denial;
      place = 1;
      if ((asked & (1 << 1)) !== 0) denial = CONTROLS[1]!.check(a);
      if (denial !== null) return denial;
      place = 2;
      if ((asked & (1 << 2)) !== 0) denial = CONTROLS[2]!.check(a);
      if (denial !== null) return denial;
      place = 3;
      if ((asked & (1 << 3)) !== 0) denial = CONTROLS[3]!.check(a);
      if (denial !== null) return denial;
      place = 4;
      if ((asked & (1 << 4)) !== 0) denial = CONTROLS[4]!.check(a);
      if (denial !== null) return denial;
      place = 5;
      if ((asked & (1 << 5)) !== 0) denial = CONTROLS[5]!.check(a);
      if (denial !== null) return denial;
      place = 6;
      if ((asked & (1 << 6)) !== 0) denial = CONTROLS[6]!.check(a);
      if (denial !== null) return denial;
      place = 7;
      if ((asked & (1 << 7)) !== 0) denial = CONTROLS[7]!.check(a);
      if (denial !== null) return denial;
      place = 8;
      if ((asked & (1 << 8)) !== 0) denial = CONTROLS[8]!.check(a);
      if (denial !== null) return denial;
      place = 9;
      if ((asked & (1 << 9)) !== 0) denial = CONTROLS[9]!.check(a);
      if (denial !== null) return denial;
      place = 10;
      if ((asked & (1 << 10)) !== 0) denial = CONTROLS[10]!.check(a);
      if (denial !== null) return denial;
      place = 11;
      if ((asked & (1 << 11)) !== 0) denial = CONTROLS[11]!.check(a);
      if (denial !== null) return denial;
      place = 12;
      if ((asked & (1 << 12)) !== 0) denial = CONTROLS[12]!.check(a);
      if (denial !== null) return denial;
      place = 13;
      if ((asked & (1 << 13)) !== 0) denial = CONTROLS[13]!.check(a);
      if (denial !== null) return denial;
      place = 14;
      if ((asked & (1 << 14)) !== 0) denial = CONTROLS[14]!.check(a);
      if (denial !== null) return denial;
      place = 15;
      if ((asked & (1 << 15)) !== 0) denial = CONTROLS[15]!.check(a);
      return denial;
    } catch (error) {
      return failure(CONTROLS[place]!, error);
    }
  }
}

function failure({ id, name }: Control, error: unknown): Denial {
  if (error instanceof MissingValue) return deny(id, error.code, error.message);
  const message = error instanceof Error ? error.message : String(error);
  return deny(id, 'RISK_CHECK_FAILED', `Control ${id} (${name}) failed: ${message}.`);
}
