import { MeasuredProgram } from '../child-process.ts';
import { FAN_OUT_BATCH, FAN_OUT_CLIENTS } from '../fan-out-trade.ts';
import { type BenchRowMaker, comparedRow, rateText } from '../row.ts';
import { compare } from '../rounds.ts';

const MESSAGES = 8000;
const GATE = 10;
/** A round of the library takes seconds. */
const ROUNDS = { warmUp: 2, min: 5, max: 15 } as const;

/** The API's stream against the package `ws` as one uses it first: the same bytes to the same clients. */
export const FAN_OUT_WS: BenchRowMaker = {
  name: 'fanout/ws',
  measure: async (context) => {
    const name = 'fanout/ws';
    const subject = await MeasuredProgram.startNode('fan-out.ts', ['ours']);
    const control = await MeasuredProgram.startNode('fan-out.ts', ['ws']);
    try {
      const compared = await compare({
        subject: () => subject.round(MESSAGES),
        control: () => control.round(MESSAGES),
        isSame: (a, b) => a.checksum === b.checksum,
        onRound: (done, kept) => context.say(`${name}: ${done} rounds, ${kept} count`),
        counts: ROUNDS,
      });
      const deliveries = MESSAGES * FAN_OUT_CLIENTS;
      const rates = `${rateText(deliveries, compared.subjectNs)} deliveries, ws ${rateText(deliveries, compared.controlNs)}`;
      const what = `${FAN_OUT_CLIENTS} clients in a process of their own, ${FAN_OUT_BATCH} messages a turn`;
      return comparedRow(name, compared, GATE, null, `${rates}; ${what}; same bytes, ${compared.subject.checksum}`);
    } finally {
      await Promise.all([subject.stop(), control.stop()]);
    }
  },
};
