import { answerRounds, timed } from './rounds-protocol.ts';
import { playOrderFlow, readOrderFlow } from '../order-flow.ts';

/* matching.ts FILE OPERATIONS_MAX: the matching engine on a flow of orders. */
const [file, operationsMax] = process.argv.slice(2) as [string, string];
const flow = readOrderFlow(file, Number(operationsMax));

await answerRounds(async (operations, passes) => {
  const { ns, last } = await timed(passes, () => playOrderFlow(flow, operations));
  return { ns, ...last };
});
