import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeBookFlow, PRICE_LIMIT, readBookFlow, writeBookFlow } from './book-flow.ts';
import { buildCProgram, compilerVersion } from './c-programs.ts';
import { MeasuredProgram } from './child-process.ts';
import { pathData, pathOutcome, runPath } from './path-run.ts';
import { OrderBook } from '../src/book/order-book.ts';
import { BookAction, BookFlag } from '../src/model/book-delta.ts';

const ROWS = 30_000;
/** As many as it takes until every control has denied something. */
const PATH_ROWS = 200_000;
const folder = mkdtempSync(path.join(tmpdir(), 'quanthybrid-bench-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const flow = makeBookFlow(ROWS);
const WITHOUT_CPP = compilerVersion('cpp') === null;
const WHY = WITHOUT_CPP ? ' (skipped: no g++)' : '';

describe('the generated market data, order by order', () => {
  it('builds a book that is whole and never crossed, with trades that took what left it', () => {
    const { deltas, trades } = flow;
    const tradeTimes = new Set(trades.tsInit.subarray(0, trades.length));
    const book = new OrderBook();
    let [faults, crossed, reduced] = [0, 0, 0];
    for (let row = 0; row < deltas.length; row += 1) {
      faults += book.apply(deltas, row);
      if (deltas.flags[row] === BookFlag.LAST && book.isCrossed) crossed += 1;
      if (deltas.action[row] === BookAction.REDUCE && tradeTimes.has(deltas.tsInit[row]!)) reduced += deltas.quantity[row]!;
    }
    expect([faults, crossed]).toEqual([0, 0]);
    expect(reduced).toBe(trades.quantity.subarray(0, trades.length).reduce((sum, quantity) => sum + quantity, 0));
    expect(new Set(deltas.action.subarray(0, deltas.length))).toEqual(new Set([0, 2, 3, 4]));
    expect(Math.max(...deltas.price)).toBeLessThan(PRICE_LIMIT);
  });

  it('is read as it was written', () => {
    const file = path.join(folder, 'flow.bin');
    writeBookFlow(flow, file);
    const read = readBookFlow(file);
    const bytesOf = ({ deltas, trades }: typeof flow): Buffer => {
      const changes = [deltas.tsInit, deltas.price, deltas.quantity, deltas.orderId, deltas.action, deltas.side, deltas.flags];
      const executions = [trades.tsInit, trades.price, trades.quantity, trades.aggressorSide];
      const columns = [
        ...changes.map((column) => column.slice(0, deltas.length)),
        ...executions.map((column) => column.slice(0, trades.length)),
      ];
      return Buffer.concat(columns.map((column) => Buffer.from(column.buffer)));
    };
    expect(bytesOf(read).equals(bytesOf(flow))).toBe(true);
  });
});

describe('what is compared', () => {
  it.skipIf(WITHOUT_CPP)(`is the same work: the C++ twin of the whole path ends where the engine ends${WHY}`, async () => {
    const long = makeBookFlow(PATH_ROWS);
    const outcome = pathOutcome(runPath(pathData(long)));
    for (const each of [outcome.orders, outcome.fills, ...outcome.denied.split(' ')]) expect(Number(each)).toBeGreaterThan(0);
    expect(outcome.denials).toBeLessThan(outcome.orders / 5);
    const file = path.join(folder, 'long-flow.bin');
    writeBookFlow(long, file);
    const control = await MeasuredProgram.start(buildCProgram('path', folder, 'cpp')!, [file]);
    expect(await control.round(long.deltas.length, 2)).toMatchObject(outcome);
    await control.stop();
  });
});
