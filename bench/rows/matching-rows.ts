import path from 'node:path';
import { MeasuredProgram } from '../child-process.ts';
import { makeOrderFlow, writeOrderFlow } from '../order-flow.ts';
import { type BenchRowMaker, comparedRow, NO_CPP_COMPILER, rateText, skippedRow } from '../row.ts';
import { compare } from '../rounds.ts';

const OPERATIONS = 5_000_000;
const GATE = 0.6;
const STRETCH = 0.75;

const LIBRARY_OPERATIONS = 1_000_000;
const LIBRARY_GATE = 300;
const LIBRARY_STRETCH = 600;
/** A round of the library takes a quarter of a minute. */
const LIBRARY_ROUNDS = { warmUp: 1, min: 3, max: 6 } as const;
/** Of ours, so that a round of it is long enough to be measured. */
const LIBRARY_PASSES = 10;

/** The matching engine against its twin in C++: the same flow, the same trades. */
export const MATCHING_CPP: BenchRowMaker = {
  name: 'matching/cpp',
  measure: async (context) => {
    const name = 'matching/cpp';
    const program = context.cppProgram('matching');
    if (program === null) return skippedRow(name, GATE, NO_CPP_COMPILER);
    const file = path.join(context.folder, 'flow.i32');
    writeOrderFlow(makeOrderFlow(OPERATIONS), file);
    const control = await MeasuredProgram.start(program, [file, String(OPERATIONS)]);
    const subject = await MeasuredProgram.startNode('matching.ts', [file, String(OPERATIONS)]);
    try {
      const compared = await compare({
        subject: () => subject.round(OPERATIONS),
        control: () => control.round(OPERATIONS),
        isSame: (a, b) => a.checksum === b.checksum && a['trades'] === b['trades'] && a['resting'] === b['resting'],
        onRound: (done, kept) => context.say(`${name}: ${done} rounds, ${kept} count`),
      });
      const rates = `${rateText(OPERATIONS, compared.subjectNs)} operations, C++ ${rateText(OPERATIONS, compared.controlNs)}`;
      const detail = `${rates}; same ${String(compared.subject['trades'])} trades, checksum ${compared.subject.checksum}`;
      return comparedRow(name, compared, GATE, STRETCH, detail);
    } finally {
      await Promise.all([subject.stop(), control.stop()]);
    }
  },
};

/** The matching engine against an order book of npm on the first operations of the same flow: the same trades. */
export const MATCHING_LIBRARY: BenchRowMaker = {
  name: 'matching/nodejs-order-book',
  measure: async (context) => {
    const name = 'matching/nodejs-order-book';
    const file = path.join(context.folder, 'library-flow.i32');
    writeOrderFlow(makeOrderFlow(LIBRARY_OPERATIONS), file);
    const arguments_ = [file, String(LIBRARY_OPERATIONS)];
    const control = await MeasuredProgram.startNode('library-order-book.ts', arguments_);
    const subject = await MeasuredProgram.startNode('matching.ts', arguments_);
    try {
      const compared = await compare({
        subject: () => subject.round(LIBRARY_OPERATIONS, LIBRARY_PASSES),
        control: () => control.round(LIBRARY_OPERATIONS),
        isSame: (a, b) => a.checksum === b.checksum && a['trades'] === b['trades'] && a['resting'] === b['resting'],
        onRound: (done, kept) => context.say(`${name}: ${done} rounds, ${kept} count`),
        counts: LIBRARY_ROUNDS,
      });
      const rates = `${rateText(LIBRARY_OPERATIONS, compared.subjectNs)} operations, the library ${rateText(LIBRARY_OPERATIONS, compared.controlNs)}`;
      const detail = `${rates}; same ${String(compared.subject['trades'])} trades, checksum ${compared.subject.checksum}`;
      return comparedRow(name, compared, LIBRARY_GATE, LIBRARY_STRETCH, detail);
    } finally {
      await Promise.all([subject.stop(), control.stop()]);
    }
  },
};
