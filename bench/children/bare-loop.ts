import { answerRounds, timed } from './rounds-protocol.ts';
import { runBareLoop } from '../bare-loop.ts';
import { outcomeOf } from '../outcome.ts';
import { ticksInMemory } from '../ticks.ts';

/* bare-loop.ts ROOT ROWS_MAX: the strategy as one loop in TypeScript on the stored ticks. */
const [root, rowsMax] = process.argv.slice(2) as [string, string];
const ticks = ticksInMemory(root, Number(rowsMax));

await answerRounds(async (rows, passes) => {
  const { ns, last } = await timed(passes, () => runBareLoop(ticks, rows));
  return { ns, ...outcomeOf(last.fills, last.samples, last.equity) };
});
