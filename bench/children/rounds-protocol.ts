import { createInterface } from 'node:readline';
import { raiseInliningLimits } from '../../src/runtime/inlining.ts';

/**
 * A measured program: says that it is ready, then answers each line "ROWS PASSES" on standard input by one line of JSON. Rounds are asked for one at
 * a time, so that two such programs never run at once. The machine is set as the command line sets it.
 */
export async function answerRounds(round: (rows: number, passes: number) => object | Promise<object>): Promise<void> {
  raiseInliningLimits();
  console.log(JSON.stringify({ ready: true }));
  for await (const line of createInterface({ input: process.stdin })) {
    const [rows, passes] = line.split(' ').map(Number);
    console.log(JSON.stringify(await round(rows!, passes!)));
  }
}

/** Nanoseconds per pass, and what the last pass came to. */
export async function timed<T>(passes: number, pass: () => T | Promise<T>): Promise<{ readonly ns: number; readonly last: T }> {
  const since = process.hrtime.bigint();
  let last = await pass();
  for (let done = 1; done < passes; done += 1) last = await pass();
  return { ns: Number(process.hrtime.bigint() - since) / passes, last };
}
