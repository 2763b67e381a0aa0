import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runAsyncShape } from './async-shape.ts';
import { runBareLoop } from './bare-loop.ts';
import { buildCProgram, compilerVersion } from './c-programs.ts';
import { MeasuredProgram, type RoundAnswer } from './child-process.ts';
import { FAST_PERIOD, SLOW_PERIOD } from './cross-strategy.ts';
import { runThrough, tickBacktest, WATCH } from './cross-run.ts';
import { playOnLibrary } from './library-order-book.ts';
import { makeOrderFlow, playOrderFlow, readOrderFlow, writeOrderFlow } from './order-flow.ts';
import { outcomeOf, outcomeOfBacktest } from './outcome.ts';
import { withTable } from './readme-table.ts';
import { comparedRow } from './row.ts';
import { compare, driftOf, median, ROUNDS_MAX, WARM_UP_ROUNDS } from './rounds.ts';
import { columnFile, columnFiles } from './tick-store.ts';
import { readerOver, storedTicks, storeTicks, ticksInMemory, WalkReader } from './ticks.ts';

const ROWS = 150_000;
const folder = mkdtempSync(path.join(tmpdir(), 'quanthybrid-bench-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const root = path.join(folder, 'ticks');
storeTicks(root, ROWS);
const ticks = ticksInMemory(root, ROWS);
const WITHOUT_GCC = compilerVersion() === null;
const WHY = WITHOUT_GCC ? ' (skipped: no gcc)' : '';

function engineOutcome(rows: number) {
  return outcomeOfBacktest(runThrough(tickBacktest(readerOver(ticks, rows))), ticks.tsInit);
}

describe('what is compared', () => {
  it('is the same work: the await-per-event queue has the engine\u2019s fills, samples and equity', async () => {
    const { fills, samples, equity } = await runAsyncShape(ticks, ROWS);
    expect(fills.length).toBeGreaterThan(100);
    expect(outcomeOf(fills, samples, equity)).toEqual(engineOutcome(ROWS));
  });

  it('is the same work: the bare loop has the engine\u2019s fills, samples and equity, of all rows and of a prefix', () => {
    for (const rows of [ROWS, 70_001]) {
      const { fills, samples, equity } = runBareLoop(ticks, rows);
      expect(outcomeOf(fills, samples, equity)).toEqual(engineOutcome(rows));
    }
  });

  it.skipIf(WITHOUT_GCC)(
    `is the same work: the C loop has the engine\u2019s fills, samples and equity, of all rows and of a prefix${WHY}`,
    async () => {
      const program = buildCProgram('cross', folder)!;
      const files = [columnFile(root, 'tsInit'), columnFile(root, 'price')];
      const control = await MeasuredProgram.start(program, [...files, String(ROWS), String(FAST_PERIOD), String(SLOW_PERIOD)]);
      for (const rows of [ROWS, 70_001]) expect(await control.round(rows, 2)).toMatchObject(engineOutcome(rows));
      await control.stop();
    },
  );

  it.skipIf(WITHOUT_GCC)(`is the same data: the C reader sums the prices that the ticks have${WHY}`, async () => {
    const program = buildCProgram('load', folder)!;
    const files = columnFiles(root);
    const columns = files.flatMap((file) => [String(file.width), file.file]);
    const price = files.findIndex((file) => file.name === 'price');
    const control = await MeasuredProgram.start(program, [String(ROWS), '8192', String(price), ...columns]);
    const sum = ticks.price.reduce((before, value) => before + value, 0);
    expect(Number((await control.round(ROWS)).checksum)).toBe(sum);
    await control.stop();
  });

  it('has another checksum when a single fill, sample or cent differs', () => {
    const fill = { row: 3, side: 1, price: 100, quantity: 1 };
    const base = outcomeOf([fill], Float64Array.of(1), 5n).checksum;
    const others = [
      outcomeOf([{ ...fill, row: 4 }], Float64Array.of(1), 5n),
      outcomeOf([{ ...fill, side: -1 }], Float64Array.of(1), 5n),
      outcomeOf([{ ...fill, price: 101 }], Float64Array.of(1), 5n),
      outcomeOf([fill], Float64Array.of(1 + 2 ** -52), 5n),
      outcomeOf([fill], Float64Array.of(1), 6n),
    ];
    expect(new Set([base, ...others.map((other) => other.checksum)]).size).toBe(6);
  });

  it.skipIf(compilerVersion('cpp') === null)(
    `is the same work: the C++ matching engine makes the trades that ours makes, of a whole flow and of a prefix${compilerVersion('cpp') === null ? ' (skipped: no g++)' : ''}`,
    async () => {
      const program = buildCProgram('matching', folder, 'cpp')!;
      const file = path.join(folder, 'flow.i32');
      const flow = makeOrderFlow(200_000);
      writeOrderFlow(flow, file);
      expect(readOrderFlow(file, 200_000)).toEqual(flow);
      const control = await MeasuredProgram.start(program, [file, '200000']);
      for (const operations of [200_000, 77_777]) {
        const outcome = playOrderFlow(flow, operations);
        expect(outcome.trades).toBeGreaterThan(10_000);
        expect(await control.round(operations, 2)).toMatchObject(outcome);
      }
      await control.stop();
    },
  );

  it('is the same work: the order book of npm makes the trades that ours makes', () => {
    const orders = makeOrderFlow(8000);
    const outcome = playOrderFlow(orders, 8000);
    expect(outcome.trades).toBeGreaterThan(500);
    expect(playOnLibrary(orders, 8000)).toEqual(outcome);
  });

  it('the watching strategy never trades', () => {
    expect(runThrough(tickBacktest(readerOver(ticks, ROWS), [WATCH])).recorder.fills.length).toBe(0);
  });
});

describe('the generated ticks', () => {
  it('are the same whatever the blocks, rise in time at every row, and go nowhere in particular', () => {
    const small = new WalkReader(1000, 7);
    const prices: number[] = [];
    for (let block = small.next(); block !== null; block = small.next()) prices.push(...block.price.subarray(0, block.length));
    expect(prices).toEqual([...ticks.price.subarray(0, 1000)]);
    expect(ticks.tsInit.every((ts, row) => row === 0 || ts > ticks.tsInit[row - 1]!)).toBe(true);
    const spread = Math.max(...ticks.price.subarray(0, 100_000)) - Math.min(...ticks.price.subarray(0, 100_000));
    expect(spread).toBeLessThan(19_000);
    expect(storedTicks(root).manifest.rows).toBe(ROWS);
  });
});

const answers = (times: readonly number[]): (() => Promise<RoundAnswer>) => {
  let at = 0;
  return async () => ({ ns: times[Math.min(at++, times.length - 1)]!, checksum: 'x' });
};
/** Rounds that must not count: far from any time that does. */
const warmUp = (ns: number): readonly number[] => new Array<number>(WARM_UP_ROUNDS).fill(ns);
const QUIET = { isSame: () => true, onRound: () => {} };

describe('rounds', () => {
  it('hold each round of the subject against the control before and after it, and leave those out in which compilers warm up', async () => {
    const compared = await compare({
      ...QUIET,
      control: answers([...warmUp(999), 100, 120, 120]),
      subject: answers([...warmUp(9999), 220, 200]),
    });
    // First round: (100 + 120) / 2 over 220; the six others: 120 over 200.
    expect(compared.worst).toBeCloseTo(0.5, 12);
    expect([compared.kept, compared.dropped, compared.ratio]).toEqual([7, 0, 0.6]);
  });

  it('drop a round whose control moved by more than a quarter', async () => {
    const compared = await compare({ ...QUIET, control: answers([...warmUp(999), 100, 130, 130]), subject: answers([...warmUp(1), 200]) });
    expect([compared.kept, compared.dropped, compared.ratio]).toEqual([7, 1, 0.65]);
  });

  it('give up in the end, and then no gate is passed', async () => {
    let turn = 0;
    const control = async () => ({ ns: (turn += 1) % 2 === 0 ? 100 : 200, checksum: 'x' });
    const compared = await compare({ ...QUIET, control, subject: answers([1]) });
    expect([compared.kept, compared.dropped]).toEqual([0, ROUNDS_MAX]);
    expect(comparedRow('engine/c', compared, 0.3, null, '').pass).toBe(false);
  });

  it('refuse two programs that did not do the same', async () => {
    const control = answers([100]);
    const subject = answers([100]);
    await expect(compare({ control, subject, isSame: () => false, onRound: () => {} })).rejects.toThrow('not the same work');
  });

  it('have a median and a drift as in the textbook', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2.5, Number.NaN]);
    expect([driftOf(100, 125), driftOf(125, 100)]).toEqual([0.25, 0.25]);
  });
});

describe('the table in the README', () => {
  it('is put between its marks, and nothing else changes', () => {
    const begin = '<!-- table: written by npm run bench -- --write-readme -->';
    const end = '<!-- end of table -->';
    expect(withTable(`a\n${begin}\nold\n${end}\nb`, 'new')).toBe(`a\n${begin}\n\nnew\n\n${end}\nb`);
    expect(() => withTable('nothing', 'new')).toThrow('marks');
  });
});
