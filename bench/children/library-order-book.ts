import { answerRounds, timed } from './rounds-protocol.ts';
import { playOnLibrary } from '../library-order-book.ts';
import { readOrderFlow } from '../order-flow.ts';

/* library-order-book.ts FILE OPERATIONS_MAX: another library's order book on a flow of orders. */
const [file, operationsMax] = process.argv.slice(2) as [string, string];
const flow = readOrderFlow(file, Number(operationsMax));

await answerRounds(async (operations, passes) => {
  const { ns, last } = await timed(passes, () => playOnLibrary(flow, operations));
  return { ns, ...last };
});
