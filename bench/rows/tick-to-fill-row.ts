import { MeasuredProgram, type RoundAnswer } from '../child-process.ts';
import { type BenchRowMaker, figure, informingRow, NO_COMPILER, skippedRow } from '../row.ts';
import { median } from '../rounds.ts';

/** Five seconds a round. */
const EVENTS = 500_000;
const WARM_UP = 1;
const ROUNDS = 5;

/**
 * Microseconds from the instant at which an event is due to the booked fill of the order that it brings, paced, beside a C program that does nothing but
 * wait for such instants: what that sees late the machine did, not the engine.
 */
export const TICK_TO_FILL: BenchRowMaker = {
  name: 'tick-to-fill/microseconds',
  measure: async (context) => {
    const name = 'tick-to-fill/microseconds';
    const program = context.cProgram('clock-spin');
    if (program === null) return skippedRow(name, null, NO_COMPILER);
    const control = await MeasuredProgram.start(program, []);
    const subject = await MeasuredProgram.startNode('tick-to-fill.ts', [String(EVENTS * (WARM_UP + ROUNDS) + 1)]);
    try {
      const [engine, spin]: [RoundAnswer[], RoundAnswer[]] = [[], []];
      for (let round = 1; round <= WARM_UP + ROUNDS; round += 1) {
        spin.push(await control.round(EVENTS));
        engine.push(await subject.round(EVENTS));
        context.say(`${name}: ${round} of ${WARM_UP + ROUNDS} rounds`);
      }
      const figures = ['p50', 'p99', 'p999'] as const;
      const textOf = (answers: readonly RoundAnswer[]): string =>
        figures.map((each) => valueText(answers.slice(WARM_UP).map((answer) => Number(answer[each])))).join(' / ');
      const middle = median(engine.slice(WARM_UP).map((answer) => Number(answer['p50'])));
      const detail = `p50 / p99 / p99.9 at 100,000 events a second, medians of ${ROUNDS} rounds (lowest to highest): engine ${textOf(engine)}; C that spins on the clock ${textOf(spin)}`;
      return informingRow(name, middle, detail);
    } finally {
      await Promise.all([subject.stop(), control.stop()]);
    }
  },
};

function valueText(values: readonly number[]): string {
  return `${figure(median(values))} (${figure(Math.min(...values))} to ${figure(Math.max(...values))})`;
}
