import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { TARGETS } from './inventory.ts';
import { type FuzzOutcome, runTarget } from './run-target.ts';
import type { FuzzTarget } from './target.ts';

const USAGE = `Usage: npm run fuzz -- [--inputs N] [--seed S] [--only NAME,NAME]
  --inputs N  inputs for every parser, and N for REST, the WebSocket, the run file and the command line each (default 1000)
  --seed S    seed of the first input, the next has the next; without it one is drawn and printed
  --only NAME one parser, or several: ${TARGETS.map(({ name }) => name).join(' ')}`;

/** An input that takes longer has no end. */
const HANG_MS = 60_000;
/** Objects of a parser: more is a failure. */
const HEAP_MEGABYTES_MAX = 1500;

interface Choice {
  readonly inputs: number;
  readonly seed: number;
  readonly targets: readonly FuzzTarget[];
}

/** @returns null where the arguments make no sense */
function parseArguments(texts: readonly string[]): Choice | null {
  const given = new Map<string, string>();
  for (let at = 0; at < texts.length; at += 2) {
    const [name, value] = [texts[at]!, texts[at + 1]];
    if (!['--inputs', '--seed', '--only'].includes(name) || value === undefined) return null;
    given.set(name, value);
  }
  const inputs = Number(given.get('--inputs') ?? 1000);
  const seed = Number(given.get('--seed') ?? 1 + (Date.now() % 1_000_000_000));
  const names = given.get('--only')?.split(',') ?? TARGETS.map(({ name }) => name);
  const targets = names.map((wanted) => TARGETS.find(({ name }) => name === wanted));
  const isSense =
    Number.isSafeInteger(inputs) && inputs >= 1 && Number.isSafeInteger(seed) && seed >= 0 && targets.every((each) => each !== undefined);
  return isSense ? { inputs, seed, targets: targets as readonly FuzzTarget[] } : null;
}

interface Task {
  readonly name: string;
  readonly inputs: number;
  readonly seed: number;
  /** The seed of the input at hand. */
  readonly at: SharedArrayBuffer;
}

/** Feeds one parser in a thread of its own, which is ended where an input has no end or takes all memory. */
function fed(task: Omit<Task, 'at'>): Promise<FuzzOutcome> {
  const at = new SharedArrayBuffer(8);
  const current = new Float64Array(at);
  const worker = new Worker(process.env['QUANTHYBRID_PROGRAM']!, {
    workerData: { ...task, at } satisfies Task,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES_MAX },
  });
  const failed = (message: string): FuzzOutcome => {
    const seed = current[0]!;
    return {
      name: task.name,
      inputs: seed - task.seed + 1,
      accepted: 0,
      refused: {},
      failures: [{ seed, message, input: '' }],
      slowest: { ms: 0, seed },
    };
  };
  return new Promise((resolve) => {
    let seen = -1;
    const watch = setInterval(() => {
      if (current[0] === seen) {
        resolve(failed(`no end after ${HANG_MS / 1000} seconds`));
        void worker.terminate();
      }
      seen = current[0]!;
    }, HANG_MS);
    worker.on('message', (outcome: FuzzOutcome) => resolve(outcome));
    worker.on('error', (error) => resolve(failed(error.stack ?? error.message)));
    worker.on('exit', (status) => {
      clearInterval(watch);
      resolve(failed(`the thread ended with ${status}`));
    });
  });
}

function rowOf({ name, inputs, accepted, refused, failures, slowest }: FuzzOutcome): string {
  const count = Object.values(refused).reduce((sum, each) => sum + each, 0);
  return `| ${name} | ${inputs} | ${accepted} | ${count} | ${Object.keys(refused).length} | ${failures.length} | ${Math.round(slowest.ms)} |`;
}

async function main(choice: Choice): Promise<void> {
  console.log(`seed ${choice.seed}`);
  console.log('| Parser | Inputs | Accepted | Refused | Codes | Failures | Slowest, ms |\n|---|---|---|---|---|---|---|');
  // Whatever a command line writes, it writes here.
  const folder = mkdtempSync(path.join(tmpdir(), 'quanthybrid-fuzz-'));
  process.chdir(folder);
  let failures = 0;
  for (const { name, share = 1 } of choice.targets) {
    const outcome = await fed({ name, inputs: Math.max(1, Math.round(choice.inputs * share)), seed: choice.seed });
    console.log(rowOf(outcome));
    failures += outcome.failures.length;
    for (const { seed, message, input } of outcome.failures) {
      console.log(`${name} ${seed}: ${message}`);
      if (input !== '') console.log(`  smallest input: ${input}`);
      console.log(`  repeat: npm run fuzz -- --only ${name} --seed ${seed} --inputs 1`);
    }
  }
  process.chdir(tmpdir());
  rmSync(folder, { recursive: true, force: true });
  console.log(failures === 0 ? 'nothing but refusals and good values' : `${failures} failures`);
  process.exitCode = failures === 0 ? 0 : 1;
}

if (isMainThread) {
  const choice = parseArguments(process.argv.slice(2));
  if (choice === null) {
    console.error(USAGE);
    process.exitCode = 2;
  } else await main(choice);
} else {
  const { name, inputs, seed, at } = workerData as Task;
  const current = new Float64Array(at);
  const outcome = await runTarget(TARGETS.find((each) => each.name === name)!, { inputs, seed, onInput: (own) => (current[0] = own) });
  parentPort!.postMessage(outcome);
}
