import { answerRounds } from './rounds-protocol.ts';
import { readBookFlow } from '../book-flow.ts';
import { pathData, pathOutcome, runPath } from '../path-run.ts';

/* path.ts FILE: a backtest on a recorded book of orders. What it came to is worked out between the passes. */
const data = pathData(readBookFlow(process.argv[2]!));

await answerRounds((_rows, passes) => {
  let ns = 0n;
  let outcome: object = {};
  for (let pass = 0; pass < passes; pass += 1) {
    const since = process.hrtime.bigint();
    const backtest = runPath(data);
    ns += process.hrtime.bigint() - since;
    outcome = pathOutcome(backtest);
  }
  return { ns: Number(ns) / passes, ...outcome };
});
