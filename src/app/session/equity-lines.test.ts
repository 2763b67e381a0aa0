import { describe, expect, it } from 'vitest';
import { EquityLines } from './equity-lines.ts';
import { HandClock } from '../../runtime/hand-clock.fixture.ts';
import type { SessionPlan } from '../../runtime/session/session-plan.ts';

const SECOND_US = 1_000_000;
const EQUITY_PLAN = {
  tradingFromTs: 100 * SECOND_US,
  accounts: [{ venue: 'SIM', baseCurrency: { code: 'USD', decimals: 2 } }],
} as unknown as SessionPlan;

/** Samples of account 0 as pairs of second and cents. @returns how many lines each came to */
function told(lines: EquityLines, samples: readonly (readonly [second: number, cents: number])[]): readonly number[] {
  return samples.map(([second, cents]) => {
    const ts = second * SECOND_US;
    return lines.of({ ts, equity: [{ account: 0, ts, amount: BigInt(cents) }] } as unknown as Parameters<EquityLines['of']>[0]).length;
  });
}

describe('equity on the terminal', () => {
  it('is told every 10 seconds of the clock at most, however fast the market goes', () => {
    const clock = new HandClock(0);
    const lines = new EquityLines(EQUITY_PLAN, clock);
    expect(
      told(lines, [
        [110, 1000],
        [170, 1001],
        [230, 1002],
      ]),
    ).toEqual([1, 0, 0]);
    clock.advanceTo(9 * SECOND_US);
    expect(told(lines, [[290, 1003]])).toEqual([0]);
    clock.advanceTo(10 * SECOND_US);
    expect(told(lines, [[350, 1004]])).toEqual([1]);
  });

  it('is told where it has changed, and not of history', () => {
    const clock = new HandClock(0);
    const lines = new EquityLines(EQUITY_PLAN, clock);
    expect(
      told(lines, [
        [100, 1000],
        [110, 1000],
      ]),
    ).toEqual([0, 1]);
    clock.advanceTo(60 * SECOND_US);
    expect(
      told(lines, [
        [170, 1000],
        [180, 1001],
      ]),
    ).toEqual([0, 1]);
  });
});
