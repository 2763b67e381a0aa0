import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { makeFolder } from '../files-kit.ts';
import { endPrograms, Running } from '../program-kit.ts';

const folder = makeFolder();
afterAll(() => folder.remove());
afterEach(endPrograms);

/**
 * A handler writes nothing while it computes. It asks for this cube root, which is loaded before the program and says so at once: whoever listens
 * knows that the handler is in its loop.
 */
const SIGN = folder.write(
  'sign.mjs',
  `import { writeSync } from 'node:fs';
const { cbrt } = Math;
Math.cbrt = (value) => {
  if (value === -27) writeSync(2, 'in the loop\\n');
  return cbrt(value);
};
`,
);
const IN_LOOP = /in the loop/;
/** Rounds of the loop between two signs: some milliseconds. */
const SIGN_EVERY = 2 ** 22;

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
    for (let i = 0; i < ${rounds}; i += 1) {
      if ((i & ${SIGN_EVERY - 1}) === 0) sum += Math.cbrt(-27);
      sum = (sum ^ i) | 1;
    }
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

/** Starts a backtest and waits until its handler is in the loop. */
async function inLoop(file: string): Promise<Running> {
  const running = new Running(folder.path, ['backtest', file], { nodeArguments: ['--import', pathToFileURL(SIGN).href] });
  await running.says(IN_LOOP);
  return running;
}

/** Ctrl-C, while the handler is in the loop and goes on with it: another one afterwards is another. */
async function pressWithin(running: Running): Promise<void> {
  running.child.kill('SIGINT');
  await running.says(IN_LOOP, running.count(IN_LOOP) + 2);
}

describe('Ctrl-C while a handler computes', () => {
  it('is heard when the handler returns: the run ends with status 130 and its result', async () => {
    const running = await inLoop(runFile('long', '3e8'));
    running.child.kill('SIGINT');
    expect([await running.ended, running.out.includes('equity SIM')]).toEqual([130, true]);
  });

  it('is heard before the next row where every handler takes its time', async () => {
    const running = await inLoop(runFile('slow', '2e8', true));
    running.child.kill('SIGINT');
    const status = await running.ended;
    const events = Number(/events +([\d,]+)/.exec(running.out)?.[1]);
    expect([status, events > 0, events <= 32]).toEqual([130, true, true]);
  });

  it('and again ends the program at once when the handler returns, without a result', async () => {
    const running = await inLoop(runFile('twice', '3e8'));
    await pressWithin(running);
    running.child.kill('SIGINT');
    expect([await running.ended, running.child.signalCode, running.out]).toEqual([130, null, '']);
  });

  it.skipIf(process.platform === 'win32')(
    'is never heard by a handler without end, which SIGQUIT (Ctrl-\\) ends (skipped on Windows)',
    async () => {
      const running = await inLoop(runFile('endless', 'Infinity'));
      await pressWithin(running);
      await pressWithin(running);
      expect([running.child.exitCode, running.child.signalCode]).toEqual([null, null]);
      running.child.kill('SIGQUIT');
      expect([await running.ended, running.child.signalCode, running.out]).toEqual([null, 'SIGQUIT', '']);
    },
  );
});
