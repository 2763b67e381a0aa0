import path from 'node:path';
import { makeBookFlow, writeBookFlow } from '../book-flow.ts';
import { MeasuredProgram, type RoundAnswer } from '../child-process.ts';
import { type BenchRowMaker, comparedRow, NO_CPP_COMPILER, rateText, skippedRow } from '../row.ts';
import { compare } from '../rounds.ts';

const ROWS = 2_000_000;
const GATE = 0.35;
const STRETCH = 0.5;
const FIELDS = ['orders', 'fills', 'denials', 'denied', 'position', 'realized', 'commissions', 'equity', 'checksum'] as const;

function isSamePath(a: RoundAnswer, b: RoundAnswer): boolean {
  return FIELDS.every((field) => a[field] === b[field]);
}

/** The whole way of an event, from a recorded book of orders to the position, against its twin in C++. */
export const PATH_CPP: BenchRowMaker = {
  name: 'path/cpp',
  measure: async (context) => {
    const name = 'path/cpp';
    const program = context.cppProgram('path');
    if (program === null) return skippedRow(name, GATE, NO_CPP_COMPILER);
    const file = path.join(context.folder, 'book-flow.bin');
    const flow = makeBookFlow(ROWS);
    const rows = flow.deltas.length;
    const events = rows + flow.trades.length;
    writeBookFlow(flow, file);
    const control = await MeasuredProgram.start(program, [file]);
    const subject = await MeasuredProgram.startNode('path.ts', [file]);
    try {
      const compared = await compare({
        subject: () => subject.round(rows),
        control: () => control.round(rows),
        isSame: isSamePath,
        onRound: (done, kept) => context.say(`${name}: ${done} rounds, ${kept} count`),
      });
      const { orders, fills, denials, checksum } = compared.subject;
      const rates = `${rateText(events, compared.subjectNs)} events, C++ ${rateText(events, compared.controlNs)}`;
      const same = `same ${String(orders)} orders, ${String(fills)} fills, ${String(denials)} denials, position and profit, checksum ${checksum}`;
      return comparedRow(name, compared, GATE, STRETCH, `${rates}; ${same}`);
    } finally {
      await Promise.all([subject.stop(), control.stop()]);
    }
  },
};
