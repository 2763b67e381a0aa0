import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { answerRounds, timed } from './rounds-protocol.ts';
import { resolveRun } from '../../src/app/backtest/resolve-run.ts';
import { runBacktest } from '../../src/app/backtest/run-backtest.ts';
import { readRunFile } from '../../src/app/run-file/read-run-file.ts';
import { loadStrategyFile } from '../../src/app/strategies/load-strategy-file.ts';
import { OrderBook } from '../../src/book/order-book.ts';
import { BlockKind } from '../../src/model/blocks.ts';
import type { BlockReader } from '../../src/ports/block-reader.ts';

/*
 * depth.ts RECORDING FOLDER WAY: a recording of Binance USD-M. WAY says what is measured: `run` (the shipped market maker from the run file to the
 * result, which reads the recording for the clock, for the house and for the venue) or `book` (the recording is read once and its changes applied to a book).
 */
const [recording, folder, way] = process.argv.slice(2) as [string, string, 'run' | 'book'];
const source = `recording: { format: binance, file: ${recording} }`;
const runFile = path.join(folder, 'depth.yaml');
writeFileSync(
  runFile,
  `accounts: [{ balances: { USDT: 100000 }, margin: { kind: leverage, leverage: 10 } }]
venues: [{ name: BINANCE, latency: { orderEntry: 2ms, response: 2ms }, fees: { kind: makerTaker, maker: 0.0002, taker: 0.0005 } }]
instruments: [{ id: BTC-USDT.BINANCE, kind: perpetual, priceDecimals: 1, tickSize: 0.1, quantityDecimals: 3 }]
data: [{ kind: book-deltas, ${source} }, { kind: trades, ${source} }]
strategies: [{ use: market-making }]
`,
);

async function runAll(): Promise<object> {
  const { result } = await runBacktest(await resolveRun(readRunFile(runFile), loadStrategyFile));
  return { events: result.events, fills: result.fills.length, checksum: result.digest };
}

/** The stream that the run has for the house, into a book. */
async function readBook(): Promise<object> {
  const { spec } = (await resolveRun(readRunFile(runFile), loadStrategyFile)).open();
  const since = process.hrtime.bigint();
  let [events, best] = [0, 0];
  for (const stream of spec.streams) {
    const book = new OrderBook();
    events += applyAll(stream, book);
    best = Math.max(best, book.bestBid);
    stream.close();
  }
  return { ns: Number(process.hrtime.bigint() - since), events, checksum: String(best) };
}

function applyAll(stream: BlockReader, book: OrderBook): number {
  let rows = 0;
  for (let block = stream.next(); block !== null; block = stream.next()) {
    if (block.kind !== BlockKind.BOOK_DELTAS) continue;
    rows += block.length;
    for (let row = 0; row < block.length; row += 1) book.apply(block, row);
  }
  return rows;
}

await answerRounds(async (_rows, passes) => {
  const { ns, last } = await timed(passes, () => (way === 'run' ? runAll() : readBook()));
  return { ns, ...last };
});
