import { MeasuredProgram } from '../child-process.ts';
import { type BenchContext, type BenchRow, type BenchRowMaker, figure, rateText } from '../row.ts';

const EVENTS = 100_000_000;
/** Growth is counted from here, when every structure has its size. */
const FROM = 10_000_000;
const GATE = 1;

async function heapGrowth(context: BenchContext, name: string, which: 'cross' | 'watch', gate: number | null): Promise<BenchRow> {
  context.say(`${name}: ${EVENTS / 1e6} million events`);
  const child = await MeasuredProgram.startNode('heap.ts', [String(FROM), which], ['--expose-gc']);
  try {
    const answer = await child.round(EVENTS);
    const events = EVENTS - FROM;
    const growth = Number(answer['heapGrowth']);
    const ratio = growth / events;
    const fills = Number(answer['fills']);
    const each = fills === 0 ? '' : ` (${figure(growth / fills)} B for each of ${fills} fills)`;
    const outside = figure(Number(answer['externalGrowth']) / events);
    const detail = `live heap grew by ${figure(growth / 1e6)} MB in ${events / 1e6} million events${each}, typed arrays by ${outside} B an event; ${rateText(EVENTS, answer.ns)}, making the ticks included`;
    const pass = gate === null ? null : ratio <= gate;
    return { name, ratio, gate, gateIs: gate === null ? null : 'max', stretch: null, pass, detail, skipped: null };
  } finally {
    await child.stop();
  }
}

/** What stays on the heap per event, the record of fills and trades that the report needs included. */
export const HEAP: BenchRowMaker = {
  name: 'heap/bytes-per-event',
  measure: (context) => heapGrowth(context, 'heap/bytes-per-event', 'cross', GATE),
};

/** The same for a strategy that only watches: what ticks alone leave behind. */
export const HEAP_WATCHING: BenchRowMaker = {
  name: 'heap-watching/bytes-per-event',
  measure: (context) => heapGrowth(context, 'heap-watching/bytes-per-event', 'watch', null),
};
