import { answerRounds, timed } from './rounds-protocol.ts';
import { CROSS, runThrough, tickBacktest, WATCH } from '../cross-run.ts';
import { outcomeOfBacktest } from '../outcome.ts';
import { readerOver, storedTicks, ticksInMemory } from '../ticks.ts';
import { openTrades } from '../../src/adapters/store/open-data-set.ts';

/*
 * engine.ts ROOT ROWS_MAX WAY: the real engine on the stored ticks. WAY says where rows come from: `memory` (loaded before the rounds, as C's are),
 * `checked` (the same, but the engine validates every row itself, as it does for rows that no store has checked), `store` (read in every round),
 * `watch` (memory, and a strategy that never orders).
 */
const [root, rowsMax, way] = process.argv.slice(2) as [string, string, 'memory' | 'checked' | 'store' | 'watch'];
const ticks = ticksInMemory(root, Number(rowsMax));
if (way === 'checked') ticks.isValidated = false;
const dataSet = storedTicks(root);

await answerRounds(async (rows, passes) => {
  const reader = () => (way === 'store' ? openTrades(dataSet, { instrument: 0, verifyChecksums: false }) : readerOver(ticks, rows));
  const { ns, last } = await timed(passes, () => runThrough(tickBacktest(reader(), [way === 'watch' ? WATCH : CROSS])));
  return { ns, ...outcomeOfBacktest(last, ticks.tsInit) };
});
