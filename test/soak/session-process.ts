import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Running } from '../program-kit.ts';

/** A session in a process and a folder of its own, with the shipped program, as a user starts it. */
export class SessionProcess {
  readonly folder: string;
  readonly running: Running;
  /** Why, for people. */
  readonly ended: Promise<string>;
  /** Whoever ends the soak ends the session, and nothing of it stays. */
  private readonly leave = (): void => {
    this.running.child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  };

  /** @param program the built command line */
  constructor(program: string, runFile: string) {
    this.folder = mkdtempSync(path.join(tmpdir(), 'quanthybrid-soak-'));
    writeFileSync(path.join(this.folder, 'run.yaml'), runFile);
    this.running = new Running(this.folder, ['paper', 'run.yaml', '--dashboard', '--port', '0'], {
      program,
      nodeArguments: ['--inspect=127.0.0.1:0'],
      env: ownEnvironment(),
      isOutIgnored: true,
    });
    process.once('exit', this.leave);
    const { child, ended } = this.running;
    this.ended = ended.then((status) => `it ended (${child.signalCode ?? status}):\n${this.running.err.slice(-4000)}`);
  }

  /** Ends it in order, and removes its folder. */
  async end(): Promise<void> {
    const { child, ended } = this.running;
    child.kill('SIGINT');
    const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
    await ended;
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
