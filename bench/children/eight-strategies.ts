import { answerRounds, timed } from './rounds-protocol.ts';
import { runThrough, tickBacktest } from '../cross-run.ts';
import { EIGHT_CLASSES } from '../eight-strategies.ts';
import { readerOver, WalkReader } from '../ticks.ts';
import type { StrategySlot } from '../../src/core/host/strategy-host.ts';

/* eight-strategies.ts ROWS WHICH: WHICH is the number of one of the eight, or `all` in one run. */
const [rowsText, which] = process.argv.slice(2) as [string, string];
const ticks = new WalkReader(Number(rowsText), Number(rowsText)).next()!;
const slots: StrategySlot[] = EIGHT_CLASSES.map((strategyClass) => ({
  name: strategyClass.name,
  strategyClass,
  parameters: {},
  instruments: [0],
}));
const chosen = which === 'all' ? slots : [slots[Number(which)]!];

await answerRounds(async (rows, passes) => {
  const { ns, last } = await timed(passes, () => runThrough(tickBacktest(readerOver(ticks, rows), chosen)));
  return { ns, checksum: last.digest(), fills: last.recorder.fills.length };
});
