import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A session in a process and a folder of its own, with the shipped program, as a user starts it. */
export class SessionProcess {
  readonly ended: Promise<string>;
  private readonly folder: string;
  private readonly child: ChildProcess;
  private said = '';
  private readonly waiting: (() => void)[] = [];
  /** Whoever ends the soak ends the session, and nothing of it stays. */
  private readonly leave = (): void => {
    this.child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  };

  /** @param program the built command line */
  constructor(program: string, runFile: string) {
    this.folder = mkdtempSync(path.join(tmpdir(), 'quanthybrid-soak-'));
    writeFileSync(path.join(this.folder, 'run.yaml'), runFile);
    const args = ['--inspect=127.0.0.1:0', program, 'paper', 'run.yaml', '--dashboard', '--port', '0'];
    this.child = spawn(process.execPath, args, { cwd: this.folder, stdio: ['ignore', 'ignore', 'pipe'], env: ownEnvironment() });
    this.child.stderr!.on('data', (chunk: Buffer) => {
      // What it says at its start is short; complaints without end would be a finding, not a text to keep.
      if (this.said.length < 1e6) this.said += chunk.toString();
      for (const look of this.waiting) look();
    });
    process.once('exit', this.leave);
    this.ended = new Promise((resolve) => {
      this.child.on('close', (status, signal) => resolve(`it ended (${signal ?? status}):\n${this.complaints()}`));
    });
  }

  /** @returns the groups of the first line that matches; rejects where the session ends before */
  async says(pattern: RegExp): Promise<readonly string[]> {
    const found = new Promise<readonly string[]>((resolve) => {
      const look = (): void => {
        const match = pattern.exec(this.said);
        if (match !== null) resolve(match);
      };
      this.waiting.push(look);
      look();
    });
    return Promise.race([found, this.ended.then((why) => Promise.reject(new Error(why)))]);
  }

  /** Where the session keeps its journal, its keys and the first password; the name is that of the run file. */
  get sessionFolder(): string {
    return path.join(this.folder, 'sessions/soak');
  }

  complaints(): string {
    return this.said.slice(-4000);
  }

  /** Ends it in order, and removes its folder. */
  async end(): Promise<void> {
    this.child.kill('SIGINT');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 30_000);
    await this.ended;
    clearTimeout(timer);
    process.off('exit', this.leave);
    this.leave();
  }
}

/** Its own program, database and key, whatever this shell and this process have been told. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const { DATABASE_URL: _url, DATABASE_FOLDER: _folder, ENCRYPTION_KEY: _key, QUANTHYBRID_PROGRAM: _program, ...rest } = process.env;
  return rest;
}
