import { MeasuredProgram } from '../child-process.ts';
import { type BenchRowMaker, figure, informingRow, rateText, skippedRow } from '../row.ts';
import { median } from '../rounds.ts';
import { binanceRecording, hasBinanceRecording, NO_RECORDING } from '../shared-data.ts';

const ROUNDS = 5;

/** A rate, for those who plan: how many recorded changes of a book and trades a second a market maker's run gets through. */
export const DEPTH: BenchRowMaker = {
  name: 'depth/million-per-second',
  measure: async (context) => {
    const name = 'depth/million-per-second';
    if (!hasBinanceRecording()) return skippedRow(name, null, NO_RECORDING);
    const measure = async (way: 'run' | 'book') => {
      const child = await MeasuredProgram.startNode('depth.ts', [binanceRecording(), context.folder, way]);
      try {
        const answers = [await child.round(0)];
        for (let round = 1; round <= ROUNDS; round += 1) {
          answers.push(await child.round(0));
          context.say(`${name}: ${way}, ${round} rounds`);
        }
        return { ns: median(answers.slice(1).map((answer) => answer.ns)), first: answers[0]! };
      } finally {
        await child.stop();
      }
    };
    const run = await measure('run');
    const book = await measure('book');
    const [events, changes] = [Number(run.first['events']), Number(book.first['events'])];
    const whole = `${events} changes and trades of Binance USD-M, market-making, ${String(run.first['fills'])} fills, ${figure(run.ns / 1e6)} ms from the run file to the result`;
    const alone = `the recording read once into a book ${rateText(changes, book.ns)}, ${changes} changes`;
    return informingRow(name, (events / run.ns) * 1000, `${whole}; ${alone}`);
  },
};
