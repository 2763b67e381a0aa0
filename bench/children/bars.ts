import { answerRounds, timed } from './rounds-protocol.ts';
import { barBacktest, walkBars } from '../bar-run.ts';
import { runThrough } from '../cross-run.ts';

/* bars.ts ROWS: a shipped strategy on daily bars, equity after every bar. */
const bars = walkBars(Number(process.argv[2]));

await answerRounds(async (_rows, passes) => {
  const { ns, last } = await timed(passes, () => runThrough(barBacktest(bars)));
  return { ns, checksum: last.digest(), fills: last.recorder.fills.length };
});
