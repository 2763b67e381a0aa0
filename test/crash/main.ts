import { spawnSync } from 'node:child_process';
import { RealJournal, runChild } from './real-journal.ts';
import { type Random, stream } from '../../src/base/random.ts';
import { type CrashCounts, runCrashPoint } from '../simulation/journal-crash.fixture.ts';

const USAGE = `Usage: npm run crash -- [--points N] [--seed S] [--only disk|calls|kills]
  --points N  points of the simulated disk; N/10 injections into system calls (strace), N/50 kills at random times (default 1000)
  --seed S    the first seed; without it one is drawn and printed
  --only WAY  one of the three, N times`;

const PARTS = { disk: 1, calls: 10, kills: 50 } as const;
type Way = keyof typeof PARTS;
const CALLS = ['pwrite64', 'pwrite64', 'fdatasync', 'fdatasync', 'fsync', 'rename', 'unlink'] as const;
const COMMITS = '60';

interface Choice {
  readonly child: string;
  readonly points: number;
  readonly seed: number;
  readonly ways: readonly Way[];
  readonly isOnly: boolean;
}

/** @returns null where the arguments make no sense */
function parseArguments(texts: readonly string[]): Choice | null {
  const given = new Map<string, string>();
  for (let at = 0; at < texts.length; at += 2) {
    const name = texts[at]!;
    const value = texts[at + 1];
    if (!['--child', '--points', '--seed', '--only'].includes(name) || value === undefined) return null;
    given.set(name, value);
  }
  const points = Number(given.get('--points') ?? 1000);
  const seed = Number(given.get('--seed') ?? 1 + (Date.now() % 1_000_000_000));
  const only = given.get('--only');
  const isOnly = only !== undefined;
  if (!Number.isSafeInteger(points) || points < 1 || !Number.isSafeInteger(seed) || seed < 0 || (isOnly && !Object.hasOwn(PARTS, only)))
    return null;
  return { child: given.get('--child')!, points, seed, isOnly, ways: isOnly ? [only as Way] : ['disk', 'calls', 'kills'] };
}

/** One line that is written over itself on a terminal; every tenth elsewhere. */
function progress(way: Way, done: number, of: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${way}: ${done} of ${of}${done === of ? '\n' : ''}`);
  else if (done === of || done % Math.max(1, Math.ceil(of / 10)) === 0) process.stderr.write(`${way}: ${done} of ${of}\n`);
}

/** Runs one way over its seeds. @returns how many failed */
async function runAll(way: Way, { seed, isOnly, points }: Choice, run: (seed: number) => Promise<void>): Promise<number> {
  const count = isOnly ? points : Math.ceil(points / PARTS[way]);
  let failed = 0;
  for (let index = 0; index < count; index += 1) {
    try {
      await run(seed + index);
    } catch (error) {
      failed += 1;
      console.log(`${way} ${seed + index}: ${error instanceof Error ? error.message : String(error)}`);
      console.log(`  repeat: npm run crash -- --only ${way} --seed ${seed + index} --points 1`);
    }
    progress(way, index + 1, count);
  }
  return failed;
}

async function simulated(choice: Choice): Promise<number> {
  const sum: Record<string, number> = {};
  const failed = await runAll('disk', choice, async (seed) => {
    const counts: CrashCounts = await runCrashPoint(seed);
    for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + count;
  });
  const facts = `${sum['crashes'] ?? 0} crashes, ${sum['kills'] ?? 0} kills, ${sum['failures'] ?? 0} errors of the disk`;
  console.log(`simulated disk: ${facts}, ${sum['cuts'] ?? 0} torn tails cut, ${sum['records'] ?? 0} records; ${failed} failed`);
  return failed;
}

/** What happens to which call, and at its how manieth time. */
function injectionOf(random: Random): string {
  const call = CALLS[random.nextBelow(CALLS.length)]!;
  const end = ['signal=KILL', 'signal=KILL', 'error=EIO', 'error=ENOSPC'][random.nextBelow(4)]!;
  const isRare = call === 'rename' || call === 'unlink' || call === 'fsync';
  return `inject=${call}:${end}:when=${1 + random.nextBelow(isRare ? 5 : 30)}`;
}

async function injected(choice: Choice): Promise<number> {
  const found = spawnSync('strace', ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=fdatasync', 'true'], { encoding: 'utf8' });
  if (found.status !== 0) {
    const reason = found.error === undefined ? found.stderr.trim() : 'there is no strace (Debian: apt install strace)';
    console.log(`system calls: skipped: ${reason}`);
    return 0;
  }
  const journal = new RealJournal();
  const ends = { killed: 0, failed: 0, through: 0 };
  const failed = await runAll('calls', choice, async (seed) => {
    const folder = journal.next();
    const injection = injectionOf(stream(seed, 'calls'));
    const call = injection.slice('inject='.length, injection.indexOf(':'));
    const traced = ['-f', '-qq', '-o', '/dev/null', '-e', `trace=${call}`, '-e', injection];
    const ended = await runChild('strace', [...traced, process.execPath, choice.child, folder, String(seed), COMMITS]);
    ends[ended.status === 0 ? 'through' : ended.status === 3 ? 'failed' : 'killed'] += 1;
    checked(journal, ended, injection);
  });
  journal.remove();
  console.log(
    `system calls: ${ends.killed} killed, ${ends.failed} failed, ${ends.through} got through before their turn came; ${failed} failed`,
  );
  return failed;
}

async function killed(choice: Choice): Promise<number> {
  const journal = new RealJournal();
  const ends = { killed: 0, through: 0 };
  const failed = await runAll('kills', choice, async (seed) => {
    const folder = journal.next();
    const afterMs = 30 + stream(seed, 'kills').nextBelow(400);
    const ended = await runChild(process.execPath, [choice.child, folder, String(seed), '100000'], (end) => {
      const timer = setTimeout(end, afterMs);
      return () => clearTimeout(timer);
    });
    ends[ended.signal === 'SIGKILL' ? 'killed' : 'through'] += 1;
    checked(journal, ended, `kill -9 after ${afterMs} ms`);
  });
  journal.remove();
  console.log(`kill -9: ${ends.killed} killed at random times, ${ends.through} not; ${failed} failed`);
  return failed;
}

/** A journal that failed is thrown away: what it is good for has been said. */
function checked(journal: RealJournal, ended: Parameters<RealJournal['check']>[0], what: string): void {
  try {
    journal.check(ended);
  } catch (error) {
    journal.remove();
    throw new Error(`${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

const RUNS: Readonly<Record<Way, (choice: Choice) => Promise<number>>> = { disk: simulated, calls: injected, kills: killed };

const choice = parseArguments(process.argv.slice(2));
if (choice === null) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  console.log(`seed ${choice.seed}`);
  let failed = 0;
  for (const way of choice.ways) failed += await RUNS[way](choice);
  console.log(failed === 0 ? 'nothing acknowledged was lost' : `${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
