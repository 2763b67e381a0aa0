import { answerRounds } from './rounds-protocol.ts';
import { CROSS, refuseDisturbed, tickBacktest, WATCH } from '../cross-run.ts';
import { WalkReader } from '../ticks.ts';

/*
 * heap.ts FROM WHICH: runs ticks that are made as they are read, all components on, and says how the live heap grew between FROM rows and the end.
 * WHICH is `cross`, or `watch` for the strategy that never orders. Needs --expose-gc: only what is still reachable counts.
 */
const collect = (globalThis as { gc?: () => void }).gc;
if (collect === undefined) throw new Error('start with --expose-gc');
const from = Number(process.argv[2]);
const strategies = [process.argv[3] === 'watch' ? WATCH : CROSS];

function settled(): { readonly heapBytes: number; readonly externalBytes: number } {
  for (let times = 0; times < 3; times += 1) collect!();
  const { heapUsed, external } = process.memoryUsage();
  return { heapBytes: heapUsed, externalBytes: external };
}

await answerRounds((rows) => {
  const backtest = tickBacktest(new WalkReader(rows), strategies);
  const since = process.hrtime.bigint();
  backtest.advance(from);
  const fillsBefore = backtest.recorder.fills.length;
  const before = settled();
  while (!backtest.advance(1_000_000));
  const after = settled();
  const ns = Number(process.hrtime.bigint() - since);
  backtest.finish();
  refuseDisturbed(backtest);
  return {
    ns,
    checksum: backtest.digest(),
    heapGrowth: after.heapBytes - before.heapBytes,
    externalGrowth: after.externalBytes - before.externalBytes,
    fills: backtest.recorder.fills.length - fillsBefore,
    events: backtest.events,
  };
});
