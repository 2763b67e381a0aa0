import { TestServer, whyNoServer } from '../../test/postgres-kit.ts';
import { MeasuredProgram } from '../child-process.ts';
import { type BenchRowMaker, comparedRow, figure, skippedRow } from '../row.ts';
import { compare } from '../rounds.ts';

const NAME = 'database/raw-unnest';
const GATE = 0.5;
const FILLS = 40_000;

export const DATABASE: BenchRowMaker = {
  name: NAME,
  measure: async (context) => {
    const why = whyNoServer();
    if (why !== null) return skippedRow(NAME, GATE, why);
    const server = await TestServer.start();
    try {
      const url = await server.createDatabase('bench');
      const subject = await MeasuredProgram.startNode('database.ts', [url, 'manager']);
      const control = await MeasuredProgram.startNode('database.ts', [url, 'raw']);
      try {
        // The raw side copies the rows that the manager wrote.
        await subject.round(FILLS);
        const compared = await compare({
          subject: () => subject.round(FILLS),
          control: () => control.round(FILLS),
          isSame: (a, b) => a.checksum === b.checksum,
          onRound: (done, kept) => context.say(`${NAME}: ${done} rounds, ${kept} count`),
        });
        const rate = (ns: number): string => `${figure((FILLS / ns) * 1e6)} thousand fills/s`;
        const detail = `${rate(compared.subjectNs)}, raw ${rate(compared.controlNs)}; same fills and sums`;
        return comparedRow(NAME, compared, GATE, null, detail);
      } finally {
        await Promise.all([subject.stop(), control.stop()]);
      }
    } finally {
      await server.stop();
    }
  },
};
