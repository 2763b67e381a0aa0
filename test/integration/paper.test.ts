import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PROGRAM = [path.join(ROOT, 'scripts/run-ts.mjs'), path.join(ROOT, 'src/app/main.ts')];

const RUN_FILE = `
name: small
instruments: [{ id: ABC-USD.SIM, kind: spot, priceDecimals: 2, quantityDecimals: 2, fills: { market: touch } }]
accounts: [{ balances: { USD: 100000 } }]
data:
  - { kind: quotes, generated: { market: agents, seed: 7, startPrice: 100, typicalQuantity: 500, eventsPerSecond: 0.5 } }
  - { kind: trades, generated: { market: agents, seed: 7, startPrice: 100 } }
strategies: [{ use: moving-average-crossover, parameters: { fast: 2, slow: 4, every: 10s, weight: 0.5 } }]
`;

/** A session as a process, and what it has said so far. */
class Running {
  out = '';
  err = '';
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  private readonly waiting: { readonly test: () => boolean; readonly resolve: () => void }[] = [];

  constructor(folder: string, args: readonly string[]) {
    this.child = spawn(process.execPath, [...PROGRAM, 'paper', 'run.yaml', ...args], { cwd: folder });
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

function run(folder: string, ...args: readonly string[]): { readonly status: number | null; readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...PROGRAM, ...args], { cwd: folder, encoding: 'utf8' });
  return { status, out: stdout, err: stderr };
}

describe('paper', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'paper-'));
    writeFileSync(path.join(folder, 'run.yaml'), RUN_FILE);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('S-20, INV-16: trades, is killed, goes on, and a replay of its journal decides the same to the last bit', async () => {
    const first = new Running(folder, ['--speed', '60']);
    await first.says(/bought|sold/);
    first.child.kill('SIGKILL');
    expect(await first.ended).toBeNull();
    const second = new Running(folder, ['--speed', '60']);
    await second.says(/no market data since/);
    await second.says(/(bought|sold)[\s\S]*(bought|sold)/);
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(0);
    const [, inputs, digest] = /after (\d+) inputs, digest ([0-9a-f]{32})/.exec(second.err) ?? [];
    const replayed = run(folder, 'replay', 'sessions/small', '--json');
    expect(JSON.parse(replayed.out)).toMatchObject({ name: 'small', inputs: Number(inputs), digest });
  });

  it('says what is wrong with a run file that has become another, and leaves the session as it is', async () => {
    const first = new Running(folder, []);
    await first.says(/Trading/);
    first.child.kill('SIGINT');
    expect(await first.ended).toBe(0);
    writeFileSync(path.join(folder, 'run.yaml'), RUN_FILE.replace('fast: 2', 'fast: 3'));
    const second = new Running(folder, []);
    expect(await second.ended).toBe(2);
    expect(second.err).toContain('[SESSION_CHANGED]');
  });

  it.each([
    [['--speed', '0'], '--speed takes a number above 0'],
    [['--speed', 'fast'], '--speed takes a number above 0'],
  ])('refuses %j', async (args, rule) => {
    const refused = new Running(folder, args);
    expect(await refused.ended).toBe(2);
    expect(refused.err).toContain(rule);
  });

  it('refuses a market with its book, and says what to write', async () => {
    writeFileSync(path.join(folder, 'run.yaml'), RUN_FILE.replace('kind: quotes', 'kind: book-deltas'));
    const refused = new Running(folder, []);
    expect(await refused.ended).toBe(2);
    expect(refused.err).toMatch(/run\.yaml:\d+.*Orders on paper meet quotes and trades/);
  });

  it('S-20: serves a desk that signs in, trades by hand, and after a kill and a new start shows the same orders and fills, as the database does', async () => {
    const first = new Running(folder, ['--dashboard', '--port', '0']);
    await first.says(/Trading/);
    const password = oneTimePassword(folder);
    const desk = await Desk.signIn(urlOf(first), password);
    const order = { instrument: 'ABC-USD.SIM', side: 'BUY', orderType: 'MARKET', quantity: '1' };
    expect(await desk.send('POST', '/orders', order, { 'idempotency-key': 'first' })).toMatchObject({ status: 201 });
    const before = await manualFills(desk);
    expect(before).toHaveLength(1);
    first.child.kill('SIGKILL');
    await first.ended;
    const second = new Running(folder, ['--dashboard', '--port', '0']);
    await second.says(/Trading/);
    const again = await Desk.signIn(urlOf(second), DESK_PASSWORD, false);
    expect(await manualFills(again)).toEqual(before);
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(0);
    const [, inputs] = /after (\d+) inputs/.exec(second.err)!;
    const stored = run(folder, 'db', 'status', '--database-folder', 'sessions/small/db', '--json');
    expect(JSON.parse(stored.out)).toMatchObject({ runs: [{ runId: 'small', status: 'ENDED', sequence: Number(inputs) }] });
    const rebuilt = run(folder, 'db', 'rebuild', 'sessions/small', '--database-folder', 'sessions/small/db', '--json');
    expect(JSON.parse(rebuilt.out)).toMatchObject({ sessionId: 'small', sequence: Number(inputs) });
  }, 180_000);
});

/** Nobody looks at the outputs of the process, so the password is in a file. */
function oneTimePassword(folder: string): string {
  return readFileSync(path.join(folder, 'sessions/small/one-time-password-admin.txt'), 'utf8').trim();
}

const DESK_PASSWORD = 'seven quiet herons at dusk';

/** Somebody at the desk, as a browser is: by cookies, with the token that changes need. */
class Desk {
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

/** The strategy of the run trades too, whenever its averages cross. */
async function manualFills(desk: Desk): Promise<readonly object[]> {
  const { body } = await desk.send('GET', '/fills');
  return (body as { readonly items: readonly { readonly strategy: string }[] }).items.filter(({ strategy }) => strategy === 'manual');
}

function urlOf({ err }: Running): string {
  return /dashboard (http:\S+)/.exec(err)![1]!;
}
