import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PROGRAM = [path.join(ROOT, 'scripts/run-ts.mjs'), path.join(ROOT, 'src/app/main.ts')];

/** The program at work: what it says, and its end. */
export class Running {
  out = '';
  err = '';
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  private waiting: { readonly isMet: () => boolean; readonly resolve: () => void }[] = [];

  constructor(folder: string, ...given: readonly string[]) {
    const child = spawn(process.execPath, [...PROGRAM, ...given], { cwd: folder });
    this.child = child;
    child.stdout.on('data', (chunk: Buffer) => this.heard('out', chunk));
    child.stderr.on('data', (chunk: Buffer) => this.heard('err', chunk));
    this.ended = new Promise((resolve) => child.on('close', (status) => resolve(status)));
  }

  /** Waits until it has said it so many times; fails where it ends before. */
  async says(stream: 'out' | 'err', pattern: RegExp, times = 1): Promise<void> {
    const isMet = (): boolean => this.count(stream, pattern) >= times;
    const said = isMet() ? Promise.resolve() : new Promise<void>((resolve) => this.waiting.push({ isMet, resolve }));
    const died = this.ended.then(() => {
      if (!isMet()) throw new Error(`it ended without ${String(pattern)}: ${this.out}${this.err}`);
    });
    await Promise.race([said, died]);
  }

  count(stream: 'out' | 'err', pattern: RegExp): number {
    return [...this[stream].matchAll(new RegExp(pattern, 'g'))].length;
  }

  private heard(stream: 'out' | 'err', chunk: Buffer): void {
    this[stream] += chunk.toString();
    const met = this.waiting.filter(({ isMet }) => isMet());
    this.waiting = this.waiting.filter((each) => !met.includes(each));
    for (const { resolve } of met) resolve();
  }
}
