import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..');
const PROGRAM = [path.join(ROOT, 'scripts/run-ts.mjs'), path.join(ROOT, 'src/app/main.ts')];
/** What a program says is short; complaints without end would be a finding, not a text to keep. */
const KEPT_CHARACTERS_MAX = 16_000_000;

const alive = new Set<Running>();
process.on('exit', () => {
  for (const { child } of alive) child.kill('SIGKILL');
});

/** Ends every program that still runs: for `afterEach`, so that a test that fails leaves none. */
export async function endPrograms(): Promise<void> {
  for (const { child } of alive) child.kill('SIGKILL');
  await Promise.all([...alive].map(({ ended }) => ended));
}

export interface RunningOptions {
  /** Of Node.js itself, before the program. */
  readonly nodeArguments?: readonly string[];
  /** The built program; else the source is run. */
  readonly program?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Nothing of its standard output is read. */
  readonly isOutIgnored?: boolean;
}

/** The program at work in a folder: what it says, and its end. */
export class Running {
  out = '';
  err = '';
  readonly child: ChildProcess;
  /** Its exit status; null where a signal ended it. */
  readonly ended: Promise<number | null>;
  private readonly waiting = new Set<() => void>();

  constructor(folder: string, args: readonly string[], options: RunningOptions = {}) {
    const { nodeArguments = [], program, env = process.env, isOutIgnored = false } = options;
    const run = program === undefined ? PROGRAM : [program];
    const stdio = ['ignore', isOutIgnored ? 'ignore' : 'pipe', 'pipe'] as const;
    this.child = spawn(process.execPath, [...nodeArguments, ...run, ...args], { cwd: folder, env, stdio: [...stdio] });
    alive.add(this);
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => this.heard('out', text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => this.heard('err', text));
    this.ended = new Promise((resolve) => {
      this.child.on('close', (status) => {
        alive.delete(this);
        resolve(status);
      });
    });
  }

  /**
   * Waits until it has said it so many times, on either of its outputs.
   *
   * @returns the last of them, with its groups; rejects where the program ends before
   */
  async says(pattern: RegExp, times = 1): Promise<RegExpExecArray> {
    const said = new Promise<RegExpExecArray>((resolve) => {
      const look = (): void => {
        const match = this.matches(pattern)[times - 1];
        if (match === undefined) return;
        this.waiting.delete(look);
        resolve(match);
      };
      this.waiting.add(look);
      look();
    });
    const died = this.ended.then(() => {
      const match = this.matches(pattern)[times - 1];
      if (match === undefined) throw new Error(`it ended without saying ${String(pattern)}:\n${this.err}\n${this.out}`);
      return match;
    });
    return Promise.race([said, died]);
  }

  /** How often it has said it so far. */
  count(pattern: RegExp): number {
    return this.matches(pattern).length;
  }

  private matches(pattern: RegExp): RegExpExecArray[] {
    const all = new RegExp(pattern, pattern.flags.includes('g') ? pattern.flags : `${pattern.flags}g`);
    return [...this.out.matchAll(all), ...this.err.matchAll(all)];
  }

  private heard(stream: 'out' | 'err', text: string): void {
    if (this[stream].length < KEPT_CHARACTERS_MAX) this[stream] += text;
    for (const look of [...this.waiting]) look();
  }
}

/** Where a session's dashboard is, as it has said. */
export function dashboardOf({ err }: Running): string {
  return /^dashboard (http:\S+)/m.exec(err)![1]!;
}

/** The program from its start to its end. */
export function run(
  folder: string,
  ...args: readonly string[]
): { readonly status: number | null; readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...PROGRAM, ...args], { cwd: folder, encoding: 'utf8' });
  return { status, out: stdout, err: stderr };
}
