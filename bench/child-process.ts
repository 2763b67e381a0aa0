import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';

export const ROOT = path.resolve(import.meta.dirname, '..');

/** What a measured program answers: nanoseconds for one pass, a checksum of what it did, and what else it wants to say. */
export interface RoundAnswer {
  readonly ns: number;
  readonly checksum: string;
  readonly [name: string]: unknown;
}

/** A program that answers rounds (see children/rounds-protocol.ts); it sleeps between them. */
export class MeasuredProgram {
  /** What the program said first. */
  greeting: Readonly<Record<string, unknown>> = {};
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly answers: AsyncIterator<string>;

  private constructor(command: string, programArguments: readonly string[]) {
    this.child = spawn(command, programArguments, { stdio: 'pipe', cwd: ROOT });
    this.child.stderr.pipe(process.stderr);
    // A dead program shows at the next answer; writing to it must not throw before.
    this.child.stdin.on('error', () => {});
    this.answers = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  static async start(command: string, programArguments: readonly string[]): Promise<MeasuredProgram> {
    const program = new MeasuredProgram(command, programArguments);
    program.greeting = await program.answer();
    return program;
  }

  /** A program of this folder, in a Node of its own. */
  static startNode(entry: string, programArguments: readonly string[], nodeFlags: readonly string[] = []): Promise<MeasuredProgram> {
    return MeasuredProgram.start(process.execPath, [...nodeFlags, 'scripts/run-ts.mjs', `bench/children/${entry}`, ...programArguments]);
  }

  async round(rows: number, passes = 1): Promise<RoundAnswer> {
    this.child.stdin.write(`${rows} ${passes}\n`);
    return (await this.answer()) as unknown as RoundAnswer;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.child.once('close', resolve));
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.stdin.end();
    await closed;
  }

  private async answer(): Promise<Record<string, unknown>> {
    const line = await this.answers.next();
    if (line.done === true) throw new Error(`${this.child.spawnargs.join(' ')} ended without an answer`);
    return JSON.parse(line.value) as Record<string, unknown>;
  }
}
