import { MeasuredProgram } from '../child-process.ts';
import { type BenchRowMaker, figure, rateText } from '../row.ts';

const EVENTS = 100_000_000;
/** Growth is counted from here, when every structure has its size. */
const FROM = 10_000_000;
const GATE = 1;

/** What stays on the heap per event: the record of fills and trades that the report needs, and nothing per tick. */
export const HEAP: BenchRowMaker = {
  name: 'heap/bytes-per-event',
  measure: async (context) => {
    context.say(`heap/bytes-per-event: ${EVENTS / 1e6} million events`);
    const child = await MeasuredProgram.startNode('heap.ts', [String(FROM)], ['--expose-gc']);
    try {
      const answer = await child.round(EVENTS);
      const growth = Number(answer['heapGrowth']);
      const ratio = growth / (EVENTS - FROM);
      const fills = Number(answer['fills']);
      const external = Number(answer['externalGrowth']) / (EVENTS - FROM);
      const detail = `${figure(growth / 1e6)} MB live heap and ${figure(external)} B/event of columns more after ${(EVENTS - FROM) / 1e6} million events; ${fills} fills kept in that time, ${figure(growth / fills)} B each; ${rateText(EVENTS, answer.ns)} with making the ticks`;
      return { name: 'heap/bytes-per-event', ratio, gate: GATE, gateIs: 'max', stretch: null, pass: ratio <= GATE, detail, skipped: null };
    } finally {
      await child.stop();
    }
  },
};
