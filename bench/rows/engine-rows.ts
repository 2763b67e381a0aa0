import { MeasuredProgram } from '../child-process.ts';
import { FAST_PERIOD, SLOW_PERIOD } from '../cross-strategy.ts';
import {
  type BenchContext,
  type BenchRow,
  type BenchRowMaker,
  comparedRow,
  informingRow,
  NO_COMPILER,
  rateText,
  skippedRow,
} from '../row.ts';
import { type Compared, compare } from '../rounds.ts';
import { columnFile, TICK_ROWS } from '../tick-store.ts';

/** What the await-per-event queue can do in a bearable time; the engine runs the same rows. */
const ASYNC_ROWS = 2_000_000;
/** C is done in a fraction of the engine's time: it runs this often for one reading of the clock. */
const C_PASSES = 3;

/** A program of children/ over the stored ticks, and what it is given besides. */
interface Subject {
  readonly entry: 'engine.ts' | 'bare-loop.ts';
  readonly options: readonly string[];
}

const ENGINE: Subject = { entry: 'engine.ts', options: ['memory'] };
const BARE_LOOP: Subject = { entry: 'bare-loop.ts', options: [] };

async function againstC(
  context: BenchContext,
  name: string,
  { entry, options }: Subject,
  gate: number | null,
  stretch: number | null,
): Promise<BenchRow> {
  const program = context.cProgram('cross');
  if (program === null) return skippedRow(name, gate, NO_COMPILER);
  const root = await context.ticksRoot();
  const cArguments = [columnFile(root, 'tsInit'), columnFile(root, 'price'), String(TICK_ROWS), String(FAST_PERIOD), String(SLOW_PERIOD)];
  const control = await MeasuredProgram.start(program, cArguments);
  const subject = await MeasuredProgram.startNode(entry, [root, String(TICK_ROWS), ...options]);
  try {
    const compared = await compare({
      subject: () => subject.round(TICK_ROWS),
      control: () => control.round(TICK_ROWS, C_PASSES),
      isSame: (a, b) => a.checksum === b.checksum,
      onRound: (done, kept) => context.say(`${name}: ${done} rounds, ${kept} count`),
    });
    return comparedRow(name, compared, gate, stretch, workText(compared, TICK_ROWS, 'C'));
  } finally {
    await Promise.all([subject.stop(), control.stop()]);
  }
}

function workText(compared: Compared, rows: number, controlName: string): string {
  const fills = String(compared.subject['fills']);
  return `${rateText(rows, compared.subjectNs)}, ${controlName} ${rateText(rows, compared.controlNs)}; same ${fills} fills and equity, checksum ${compared.subject.checksum}`;
}

/** The gate on speed: the whole engine against a plain C loop. */
export const ENGINE_C: BenchRowMaker = {
  name: 'engine/c',
  measure: (context) => againstC(context, 'engine/c', ENGINE, 0.3, 0.4),
};

export const ENGINE_CHECKED_C: BenchRowMaker = {
  name: 'engine-checking-rows/c',
  measure: (context) => againstC(context, 'engine-checking-rows/c', { ...ENGINE, options: ['checked'] }, null, null),
};

export const ENGINE_STORE_C: BenchRowMaker = {
  name: 'engine-with-loading/c',
  measure: (context) => againstC(context, 'engine-with-loading/c', { ...ENGINE, options: ['store'] }, null, null),
};

/** What an order costs from decision to booked fill: the run's time beyond that of a strategy that only watches, over its fills. */
export const ORDER_COST: BenchRowMaker = {
  name: 'order/microseconds',
  measure: async (context) => {
    const root = await context.ticksRoot();
    const watching = await MeasuredProgram.startNode('engine.ts', [root, String(ASYNC_ROWS), 'watch']);
    const trading = await MeasuredProgram.startNode('engine.ts', [root, String(ASYNC_ROWS), 'memory']);
    try {
      const compared = await compare({
        subject: () => trading.round(ASYNC_ROWS, 5),
        control: () => watching.round(ASYNC_ROWS, 5),
        isSame: () => true,
        onRound: (done, kept) => context.say(`order/microseconds: ${done} rounds, ${kept} count`),
      });
      const fills = Number(compared.subject['fills']);
      const microseconds = (compared.subjectNs - compared.controlNs) / fills / 1000;
      const detail = `watching ${rateText(ASYNC_ROWS, compared.controlNs)}, trading ${rateText(ASYNC_ROWS, compared.subjectNs)} with ${fills} fills in ${ASYNC_ROWS / 1e6} million ticks`;
      return informingRow('order/microseconds', microseconds, detail);
    } finally {
      await Promise.all([watching.stop(), trading.stop()]);
    }
  },
};

async function againstQueue(
  context: BenchContext,
  name: string,
  { entry, options }: Subject,
  gate: number | null,
  stretch: number | null,
): Promise<BenchRow> {
  const root = await context.ticksRoot();
  const control = await MeasuredProgram.startNode('async-shape.ts', [root, String(ASYNC_ROWS)]);
  const subject = await MeasuredProgram.startNode(entry, [root, String(ASYNC_ROWS), ...options]);
  try {
    const compared = await compare({
      // Several passes, so that the subject's reading is of the same order as that of C in the other rows.
      subject: () => subject.round(ASYNC_ROWS, 5),
      control: () => control.round(ASYNC_ROWS),
      isSame: (a, b) => a.checksum === b.checksum,
      onRound: (done, kept) => context.say(`${name}: ${done} rounds, ${kept} count`),
    });
    return comparedRow(name, compared, gate, stretch, workText(compared, ASYNC_ROWS, 'queue'));
  } finally {
    await Promise.all([subject.stop(), control.stop()]);
  }
}

export const ENGINE_ASYNC: BenchRowMaker = {
  name: 'engine/async-shape',
  measure: (context) => againstQueue(context, 'engine/async-shape', ENGINE, 80, 150),
};

/** What is left for the engine to lose: the strategy as one loop in TypeScript, with nothing around it. */
export const BARE_LOOP_C: BenchRowMaker = {
  name: 'bare-loop/c',
  measure: (context) => againstC(context, 'bare-loop/c', BARE_LOOP, null, null),
};

export const BARE_LOOP_ASYNC: BenchRowMaker = {
  name: 'bare-loop/async-shape',
  measure: (context) => againstQueue(context, 'bare-loop/async-shape', BARE_LOOP, null, null),
};
