import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';

const DEBIAN = '/usr/lib/postgresql';

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** The newest server of Debian's packages; null where there is none. */
function serverPrograms(): string | null {
  if (!existsSync(DEBIAN)) return null;
  const versions = readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => path.join(DEBIAN, version, 'bin')).find((folder) => existsSync(path.join(folder, 'initdb'))) ?? null;
}

/** PostgreSQL refuses to run as root; then it runs as the user that its package made, or as nobody. Null: as whoever we are. */
function serverAccount(): Account | null | 'NONE' {
  if (process.getuid?.() !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    const ids = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }));
    if (ids.every(({ status }) => status === 0)) return { uid: Number(ids[0]!.stdout), gid: Number(ids[1]!.stdout) };
  }
  return 'NONE';
}

/** Why there is no server to test against; null where there is one. */
export function whyNoServer(): string | null {
  if (serverPrograms() === null) return 'no PostgreSQL server: install one (Debian: apt install postgresql)';
  return serverAccount() === 'NONE' ? 'PostgreSQL does not run as root and there is no other user' : null;
}

/** A PostgreSQL server of its own on this machine: a temporary folder, a free port, loopback only. Stop it when done. */
export class TestServer {
  readonly port: number;
  readonly #programs: string;
  readonly #account: Account | null;
  readonly #folder: string;
  readonly #more: readonly string[];
  #child: ChildProcess | null = null;

  private constructor(programs: string, account: Account | null, folder: string, port: number, more: readonly string[]) {
    this.#more = more;
    this.port = port;
    this.#programs = programs;
    this.#account = account;
    this.#folder = folder;
  }

  /** @param settings of the server besides ours, made when its folder is there; files that they name must be readable by its user */
  static async start(settings: (folder: string, account: Account | null) => readonly string[] = () => []): Promise<TestServer> {
    const account = serverAccount();
    const folder = mkdtempSync(path.join(tmpdir(), 'quanthybrid-postgres-'));
    if (account === 'NONE') throw new Error('nobody to run PostgreSQL as');
    if (account !== null) chownSync(folder, account.uid, account.gid);
    const more = settings(folder, account).flatMap((setting) => ['-c', setting]);
    const server = new TestServer(serverPrograms()!, account, folder, await freePort(), more);
    const flags = ['-D', path.join(folder, 'data'), '-U', 'owner', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'];
    const made = spawnSync(path.join(server.#programs, 'initdb'), flags, { ...(account ?? {}), cwd: folder, encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
    await server.resume();
    return server;
  }

  /** Starts it again after {@link kill}, in the same folder and on the same port. */
  async resume(): Promise<void> {
    // No fsync: what a test stores need not survive the power.
    const flags = [
      '-D',
      path.join(this.#folder, 'data'),
      '-p',
      String(this.port),
      '-k',
      this.#folder,
      '-h',
      '127.0.0.1',
      '-F',
      ...this.#more,
    ];
    const child = spawn(path.join(this.#programs, 'postgres'), flags, {
      ...(this.#account ?? {}),
      cwd: this.#folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      let said = '';
      child.stderr!.on('data', (chunk: Buffer) => {
        if (said.length < 100_000) said += chunk.toString();
        if (said.includes('database system is ready to accept connections')) resolve();
      });
      child.once('exit', (status) => reject(new Error(`PostgreSQL ended with ${status}: ${said}`)));
    });
  }

  /** Ends it as a crash does: nothing is written any more. */
  kill(): Promise<void> {
    return this.#end('SIGQUIT');
  }

  async stop(): Promise<void> {
    await this.#end('SIGQUIT');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  url(database = 'postgres', user = 'owner'): string {
    return `postgres://${user}@127.0.0.1:${this.port}/${database}`;
  }

  /** An empty database of its own for one test. */
  async createDatabase(name: string): Promise<string> {
    const client = new pg.Client({ connectionString: this.url() });
    await client.connect();
    await client.query(`create database ${name}`);
    await client.end();
    return this.url(name);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}
