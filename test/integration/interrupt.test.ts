import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { makeFolder } from '../files-kit.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** From the first words of the program until the handler is surely in its loop. */
const IN_LOOP_MS = 500;

const folder = makeFolder();
afterAll(() => folder.remove());

/** More rows than the first slice of a run takes. */
const BARS = Array.from({ length: 10_000 }, (_, row) => `${1_600_000_000 + 60 * row},1,1,1,1,1\n`).join('');

/** A strategy that counts to `rounds` when it is handed the first bar, or every bar. */
function runFile(name: string, rounds: string, isEvery = false): string {
  folder.write('bars.csv', `time,open,high,low,close,volume\n${BARS}`);
  folder.write(
    `${name}.ts`,
    `import { Strategy } from 'quanthybrid';
export class Counter extends Strategy {
  private sum = 0;
  override onStart(): void {
    this.subscribeBars(this.instruments[0]!, '1m');
  }
  override onBar(): void {
    if (this.sum > 0 && !${isEvery}) return;
    let sum = 1;
    for (let i = 0; i < ${rounds}; i += 1) sum = (sum ^ i) | 1;
    this.sum = sum;
  }
}
`,
  );
  return folder.write(
    `${name}.yaml`,
    `instruments: [{ id: ABC-USD.SIM, kind: spot }]
accounts: [{ balances: { USD: 100000 } }]
data: [{ csv: bars.csv }]
strategies: [{ file: ./${name}.ts }]
`,
  );
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly status: number | null; readonly signal: string | null; readonly out: string }>;
}

/** Starts a backtest and waits until its handler is in the loop. */
async function inLoop(file: string): Promise<Running> {
  const child = spawn(process.execPath, ['scripts/run-ts.mjs', 'src/app/main.ts', 'backtest', file], { cwd: ROOT });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const ended = new Promise<Awaited<Running['ended']>>((resolve) =>
    child.on('close', (status, signal) => resolve({ status, signal, out })),
  );
  // What was assumed of the file is said right before the first row is played.
  await new Promise<void>((resolve) => child.stderr.on('data', (chunk: Buffer) => void (chunk.includes('assumed: ') && resolve())));
  await pause(IN_LOOP_MS);
  return { child, ended };
}

describe('Ctrl-C while a handler computes', () => {
  it('is heard when the handler returns: the run ends with status 130 and its result', async () => {
    const { child, ended } = await inLoop(runFile('long', '4e9'));
    child.kill('SIGINT');
    const { status, out } = await ended;
    expect([status, out.includes('equity SIM')]).toEqual([130, true]);
  });

  it('is heard before the next row where every handler takes its time', async () => {
    const { child, ended } = await inLoop(runFile('slow', '2e8', true));
    child.kill('SIGINT');
    const { status, out } = await ended;
    const events = Number(/events +([\d,]+)/.exec(out)?.[1]);
    expect([status, events > 0, events <= 32]).toEqual([130, true, true]);
  });

  it('and again ends the program at once when the handler returns, without a result', async () => {
    const { child, ended } = await inLoop(runFile('twice', '4e9'));
    child.kill('SIGINT');
    await pause(100);
    child.kill('SIGINT');
    expect(await ended).toEqual({ status: 130, signal: null, out: '' });
  });

  it.skipIf(process.platform === 'win32')(
    'is never heard by a handler without end, which SIGQUIT (Ctrl-\\) ends (skipped on Windows)',
    async () => {
      const { child, ended } = await inLoop(runFile('endless', 'Infinity'));
      onTestFinished(() => void child.kill('SIGKILL'));
      for (let presses = 0; presses < 2; presses += 1) {
        child.kill('SIGINT');
        await pause(300);
      }
      expect([child.exitCode, child.signalCode]).toEqual([null, null]);
      child.kill('SIGQUIT');
      expect(await ended).toEqual({ status: null, signal: 'SIGQUIT', out: '' });
    },
  );
});
