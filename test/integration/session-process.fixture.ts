import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PROGRAM = [path.join(ROOT, 'scripts/run-ts.mjs'), path.join(ROOT, 'src/app/main.ts')];

/** A session as a process, and what it has said so far. */
export class Running {
  out = '';
  err = '';
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  private readonly waiting: { readonly test: () => boolean; readonly resolve: () => void }[] = [];

  /** @param args of the program, in this working folder */
  constructor(folder: string, args: readonly string[]) {
    this.child = spawn(process.execPath, [...PROGRAM, ...args], { cwd: folder });
    this.child.stdout!.on('data', (chunk: Buffer) => this.note((this.out += chunk.toString())));
    this.child.stderr!.on('data', (chunk: Buffer) => this.note((this.err += chunk.toString())));
    this.ended = new Promise((resolve) => this.child.on('close', (status) => resolve(status)));
  }

  /** Resolves when it has said so, on one of its outputs; rejects where it ends before. */
  async says(pattern: RegExp): Promise<void> {
    const test = (): boolean => pattern.test(this.out) || pattern.test(this.err);
    if (test()) return;
    const said = new Promise<void>((resolve) => this.waiting.push({ test, resolve }));
    await Promise.race([
      said,
      this.ended.then(() => Promise.reject(new Error(`it ended without saying ${pattern}:\n${this.err}\n${this.out}`))),
    ]);
  }

  private note(_: string): void {
    for (const { test, resolve } of this.waiting) if (test()) resolve();
  }
}

export function run(
  folder: string,
  ...args: readonly string[]
): { readonly status: number | null; readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...PROGRAM, ...args], { cwd: folder, encoding: 'utf8' });
  return { status, out: stdout, err: stderr };
}

/** What {@link Desk.signIn} sets in the place of the first password. */
export const DESK_PASSWORD = 'seven quiet herons at dusk';

/** Somebody at the desk, as a browser is: by cookies, with the token that changes need. */
export class Desk {
  private readonly api: string;
  private cookies = '';
  private csrf = '';

  private constructor(url: string) {
    this.api = `${url}/api/v1`;
  }

  /** @param isFirst the password is good once, and another is set */
  static async signIn(url: string, password: string, isFirst = true): Promise<Desk> {
    const desk = new Desk(url);
    await desk.enter('/auth/login', { name: 'admin', password });
    if (isFirst) await desk.enter('/auth/password', { current: password, next: DESK_PASSWORD });
    return desk;
  }

  async send(
    method: string,
    route: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly status: number; readonly body: unknown }> {
    const response = await this.fetch(method, route, body, headers);
    return { status: response.status, body: await response.json() };
  }

  private async enter(route: string, body: unknown): Promise<void> {
    const response = await this.fetch('POST', route, body, {});
    const answer = (await response.json()) as { readonly csrfToken: string };
    expect([route, response.status]).toEqual([route, 200]);
    this.cookies = response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ');
    this.csrf = answer.csrfToken;
  }

  private fetch(method: string, route: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<Response> {
    const sent = {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      cookie: this.cookies,
      'x-csrf-token': this.csrf,
      ...headers,
    };
    return fetch(`${this.api}${route}`, { method, headers: sent, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  }
}

/** Where a session's dashboard is. */
export function urlOf({ err }: Running): string {
  return /^dashboard (http:\S+)/m.exec(err)![1]!;
}
