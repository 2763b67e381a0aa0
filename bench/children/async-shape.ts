import { answerRounds, timed } from './rounds-protocol.ts';
import { runAsyncShape } from '../async-shape.ts';
import { outcomeOf } from '../outcome.ts';
import { ticksInMemory } from '../ticks.ts';

/* async-shape.ts ROOT ROWS_MAX: the await-per-event queue on the stored ticks. */
const [root, rowsMax] = process.argv.slice(2) as [string, string];
const ticks = ticksInMemory(root, Number(rowsMax));

await answerRounds(async (rows, passes) => {
  const { ns, last } = await timed(passes, () => runAsyncShape(ticks, rows));
  return { ns, ...outcomeOf(last.fills, last.samples, last.equity) };
});
