import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { availableParallelism, freemem, totalmem } from 'node:os';
import path from 'node:path';
import { listData } from '../data/look-at-data.ts';
import { VERSION } from '../version.ts';

/** One thing looked at. `fix` is there when something is to be done. */
export interface Finding {
  readonly name: string;
  readonly verdict: 'ok' | 'warn' | 'fail';
  readonly found: string;
  readonly fix: string | null;
}

const NODE_MIN = [20, 19] as const;
const GIB = 2 ** 30;
const MEMORY_MIN_BYTES = 2 * GIB;
const DISK_MIN_BYTES = GIB;
const COMMAND_TIMEOUT_MS = 10_000;

/** Looks at the machine, the program and the store; never throws. */
export async function examine(options: {
  readonly storeRoot: string;
  readonly cwd: string;
  readonly nodeVersion?: string;
}): Promise<readonly Finding[]> {
  const { storeRoot, cwd, nodeVersion = process.versions.node } = options;
  return [
    { name: 'quanthybrid', verdict: 'ok', found: VERSION, fix: null },
    nodeFinding(nodeVersion),
    memoryFinding(totalmem(), freemem()),
    coresFinding(availableParallelism()),
    diskFinding(cwd),
    writeFinding(cwd),
    await bundlerFinding(),
    zoneFinding(),
    storeFinding(storeRoot),
    compilerFinding(),
  ];
}

export function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isEnough = major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]);
  return finding('node', isEnough ? 'ok' : 'fail', version, `Install Node ${NODE_MIN.join('.')} or newer.`);
}

function memoryFinding(total: number, free: number): Finding {
  const found = `${(total / GIB).toFixed(1)} GiB, ${(free / GIB).toFixed(1)} GiB free`;
  return finding(
    'memory',
    total >= MEMORY_MIN_BYTES ? 'ok' : 'warn',
    found,
    'Runs over large files in compressed form may not fit; unpack them first.',
  );
}

function coresFinding(cores: number): Finding {
  return finding('cores', cores >= 2 ? 'ok' : 'warn', String(cores), 'It works with one core, more slowly.');
}

function diskFinding(cwd: string): Finding {
  try {
    const { bavail, bsize } = statfsSync(cwd);
    const free = bavail * bsize;
    return finding(
      'disk',
      free >= DISK_MIN_BYTES ? 'ok' : 'warn',
      `${(free / GIB).toFixed(1)} GiB free`,
      'Make room before importing data.',
    );
  } catch (error) {
    return finding('disk', 'warn', textOf(error), 'The file system does not tell its free space.');
  }
}

function writeFinding(cwd: string): Finding {
  try {
    accessSync(cwd, constants.W_OK);
    return finding('folder', 'ok', `${cwd} can be written to`, null);
  } catch (error) {
    return finding('folder', 'fail', textOf(error), 'Work in a folder of your own, or change its permissions.');
  }
}

async function bundlerFinding(): Promise<Finding> {
  try {
    const esbuild = await import('esbuild');
    const { code } = await esbuild.transform('const one: number = 1;', { loader: 'ts' });
    return finding(
      'esbuild',
      code.includes('const one = 1') ? 'ok' : 'fail',
      esbuild.version,
      'Strategies cannot be compiled: run "npm ci" again.',
    );
  } catch (error) {
    return finding('esbuild', 'fail', textOf(error), 'Strategies cannot be compiled: run "npm ci" again on this machine.');
  }
}

/** New York left daylight saving time on 2024-11-03 at 06:00 UTC: a Node without zone data does not know. */
function zoneFinding(): Finding {
  try {
    const hour = (iso: string): string =>
      new Intl.DateTimeFormat('en-US', { timeZone: 'America/New_York', hour: '2-digit', hourCycle: 'h23' }).format(new Date(iso));
    const isRight = hour('2024-11-03T05:30:00Z') === '01' && hour('2024-11-03T06:30:00Z') === '01' && hour('2024-11-03T07:30:00Z') === '02';
    return finding(
      'time zones',
      isRight ? 'ok' : 'fail',
      `data ${process.versions['tz'] ?? 'of unknown version'}`,
      'Install a Node with full ICU data (the default builds have it).',
    );
  } catch (error) {
    return finding('time zones', 'fail', textOf(error), 'Install a Node with full ICU data (the default builds have it).');
  }
}

function storeFinding(storeRoot: string): Finding {
  const root = path.resolve(storeRoot);
  if (!existsSync(root)) return finding('store', 'ok', `${root} does not exist yet`, null);
  try {
    const { dataSets, problems } = listData({ storeRoot: root });
    const found = `${root}: ${dataSets.length} data sets${problems.length === 0 ? '' : `, ${problems.length} unreadable`}`;
    return finding('store', problems.length === 0 ? 'ok' : 'fail', found, 'See "quanthybrid data verify".');
  } catch (error) {
    return finding('store', 'fail', textOf(error), 'Check that the folder can be read.');
  }
}

function compilerFinding(): Finding {
  try {
    const version = execFileSync('gcc', ['--version'], {
      encoding: 'utf8',
      timeout: COMMAND_TIMEOUT_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).split('\n')[0]!;
    return finding('gcc', 'ok', version, null);
  } catch {
    return finding('gcc', 'warn', 'not found', 'Only "npm run bench" uses it, for its comparison with C.');
  }
}

function finding(name: string, verdict: Finding['verdict'], found: string, fix: string | null): Finding {
  return { name, verdict, found, fix: verdict === 'ok' ? null : fix };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message.split('\n')[0]! : String(error);
}
