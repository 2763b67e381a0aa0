import { answerRounds, timed } from './rounds-protocol.ts';
import { storedTicks } from '../ticks.ts';
import { openTrades } from '../../src/adapters/store/open-data-set.ts';

/* load.ts ROOT WAY: our reader over the stored ticks, and the sum of all prices. WAY `checksums` verifies every chunk as well, `plain` does not. */
const [root, way] = process.argv.slice(2) as [string, 'plain' | 'checksums'];
const dataSet = storedTicks(root);

function sumOf(values: Float64Array, rows: number, before: number): number {
  let sum = before;
  for (let row = 0; row < rows; row += 1) sum += values[row]!;
  return sum;
}

function load(): number {
  const reader = openTrades(dataSet, { instrument: 0, verifyChecksums: way === 'checksums' });
  let sum = 0;
  for (let block = reader.next(); block !== null; block = reader.next()) sum = sumOf(block.price, block.length, sum);
  reader.close();
  return sum;
}

await answerRounds(async (_rows, passes) => {
  const { ns, last } = await timed(passes, load);
  return { ns, checksum: String(last) };
});
