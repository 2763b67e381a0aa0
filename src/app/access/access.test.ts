import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { askConsoleDoor, openConsoleDoor } from './console-door.ts';
import { takeKeyVariables } from './key-variables.ts';
import { firstSignIn, forgettingPasswords } from './password-file.ts';
import { accessPlace } from './reach-database.ts';
import { readSecretText } from './secret-text.ts';
import { showOnce } from './show-once.ts';
import { consoleSocketPath } from '../../adapters/console/console-socket.ts';
import { authWorld } from '../../security/auth-world.fixture.ts';
import { SECRET_BYTES_MAX } from '../../security/secrets/secret-administration.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'access-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

describe('what is shown once', () => {
  const said: string[] = [];
  const show = (isTerminal: boolean) =>
    showOnce('Password of ada', 'canary-once', 'once.txt', { isTerminal, say: (line) => said.push(line), folder });

  it('SEC-34: stands on a terminal; without one it is in a file for its owner alone, and in no line', () => {
    const file = path.join(folder, 'once.txt');
    writeFileSync(file, 'good no more');
    expect(show(true)).toEqual({ on: 'TERMINAL' });
    expect(said.splice(0)).toEqual(['Password of ada: canary-once']);
    expect(existsSync(file)).toBe(false);
    expect(show(false)).toEqual({ on: 'FILE', file });
    expect(said.splice(0).join()).not.toContain('canary');
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['canary-once\n', 0o600]);
  });

  it('takes the place of an older file, and of a link without following it', () => {
    const [file, target] = [path.join(folder, 'once.txt'), path.join(folder, 'target')];
    writeFileSync(file, 'old', { mode: 0o644 });
    show(false);
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['canary-once\n', 0o600]);
    rmSync(file);
    writeFileSync(target, 'mine');
    symlinkSync(target, file);
    show(false);
    expect(readFileSync(target, 'utf8')).toBe('mine');
  });
});

describe('the file of a one-time password', () => {
  const contents = (): readonly string[] => readdirSync(folder).sort();

  it('SEC-34: holds the first password where nobody watches, and goes when its user, and no other, has set one of their own', async () => {
    const world = await authWorld();
    const file = path.join(folder, 'one-time-password-admin.txt');
    const line = await firstSignIn(world.auth, { folder, isWatched: false });
    expect(line).toBe(`user admin, password in ${file} (good once, for setting one of your own)`);
    expect([contents(), statSync(file).mode & 0o777]).toEqual([['one-time-password-admin.txt'], 0o600]);
    expect(await firstSignIn(world.auth, { folder, isWatched: false })).toContain(`password in ${file}`);
    const reported: unknown[] = [];
    let isGood = true;
    const answer = () => Promise.resolve(isGood ? { ok: true, value: {} } : { ok: false, code: 'PASSWORD_WRONG', message: '' });
    const gatekeeper = forgettingPasswords({ changePassword: answer } as never, folder, (error) => reported.push(error));
    const change = (userName: string) => gatekeeper.changePassword({ userName } as never, 'a', 'b');
    writeFileSync(path.join(folder, 'one-time-password-ada.txt'), 'x');
    isGood = false;
    await change('ada');
    expect(contents()).toHaveLength(2);
    isGood = true;
    await change('ada');
    expect(contents()).toEqual(['one-time-password-admin.txt']);
    await change('admin');
    expect(contents()).toEqual([]);
    expect(await firstSignIn(world.auth, { folder, isWatched: false })).toContain('with your password');
    // What cannot be taken away is told; the password is changed all the same.
    mkdirSync(path.join(folder, 'one-time-password-bob.txt'));
    expect(await change('bob')).toMatchObject({ ok: true });
    expect(reported).toHaveLength(1);
  });

  it('is not made where somebody watches', async () => {
    const world = await authWorld();
    expect(await firstSignIn(world.auth, { folder, isWatched: true })).toMatch(/^user admin, password \S{25,} \(shown once; good once/);
    expect(contents()).toEqual([]);
  });

  it('that cannot be written stops the start with a code', async () => {
    const world = await authWorld();
    const none = path.join(folder, 'none');
    await expect(firstSignIn(world.auth, { folder: none, isWatched: false })).rejects.toMatchObject({ code: 'ONE_TIME_FILE_FAILED' });
  });
});

describe('a secret that is given', () => {
  const streams = (text: string | null) => {
    const input = new PassThrough();
    const output = new PassThrough();
    if (text !== null) input.end(text);
    return { input: input as unknown as NodeJS.ReadStream, output, shown: () => String(output.read() ?? '') };
  };

  it('comes from a file or a pipe, without the end of its line', async () => {
    const file = path.join(folder, 'secret');
    writeFileSync(file, 'a b\nc\r\n');
    expect((await readSecretText('x', file, streams(null))).reveal()).toBe('a b\nc');
    expect((await readSecretText('x', undefined, streams('piped\n'))).reveal()).toBe('piped');
    await expect(readSecretText('x', undefined, streams('\n'))).rejects.toThrow('Nothing was given');
    await expect(readSecretText('x', undefined, streams('x'.repeat(SECRET_BYTES_MAX + 1)))).rejects.toThrow('at most');
    await expect(readSecretText('x', path.join(folder, 'none'), streams(null))).rejects.toThrow('cannot be read');
  });

  it('SEC-34: is typed without an echo, and the terminal is put back as it was', async () => {
    const { input, output, shown } = streams(null);
    const modes: boolean[] = [];
    Object.assign(input, { isTTY: true, setRawMode: (isRaw: boolean) => modes.push(isRaw) });
    const read = readSecretText('Secret', undefined, { input, output });
    for (const key of ['can', 'x', '\u007f', 'ary', '\r']) input.push(key);
    expect((await read).reveal()).toBe('canary');
    expect([shown(), modes]).toEqual(['Secret: \n', [true, false]]);
    const left = readSecretText('Secret', undefined, { input, output });
    input.push('abc\u0003');
    await expect(left).rejects.toThrow('Ctrl-C');
    expect(modes).toEqual([true, false, true, false]);
  });
});

describe('the master key in the environment', () => {
  it('SEC-34: is gone from it once it was read, and neither a thread nor a program that is started finds it', async () => {
    vi.stubEnv('ENCRYPTION_KEY', 'canary-key');
    vi.stubEnv('ENCRYPTION_KEY_PREVIOUS', 'canary-before');
    expect(takeKeyVariables()).toEqual({ ENCRYPTION_KEY: 'canary-key', ENCRYPTION_KEY_PREVIOUS: 'canary-before' });
    expect(Object.keys(process.env).filter((name) => name.startsWith('ENCRYPTION_KEY'))).toEqual([]);
    const printed = spawnSync(process.execPath, ['-p', 'JSON.stringify(process.env)'], { encoding: 'utf8' }).stdout;
    expect(printed).not.toContain('canary');
    const worker = new Worker('require("node:worker_threads").parentPort.postMessage(JSON.stringify(process.env))', { eval: true });
    expect(await new Promise((resolve) => worker.once('message', resolve))).not.toContain('canary');
    expect(takeKeyVariables()['ENCRYPTION_KEY']).toBe('canary-key');
  });
});

describe('which database is meant', () => {
  it('is that of the folder, the only session there is, or what an option or the environment names', () => {
    const session = path.join(folder, 'one');
    mkdirSync(session);
    expect(accessPlace({ folder: session }, {})).toEqual({ database: { databaseFolder: path.join(session, 'db') }, folder: session });
    expect(accessPlace({ databaseFolder: 'x' }, {})).toEqual({ database: { databaseFolder: 'x', databaseUrl: undefined }, folder: null });
    expect(accessPlace({}, { DATABASE_URL: 'postgres://h/d' }).folder).toBeNull();
    expect(accessPlace({ folder: session, databaseUrl: '' }, { DATABASE_URL: '' })).toEqual(accessPlace({ folder: session }, {}));
    expect(accessPlace({ folder: session }, { DATABASE_URL: 'postgres://h/d' })).toMatchObject({ folder: session, database: {} });
    expect(() => accessPlace({ folder: path.join(folder, 'none') }, {})).toThrow('no such folder');
  });
});

describe('the door of a session that runs', () => {
  const parts = async () => {
    const world = await authWorld();
    return { world, parts: { auth: world.auth, secrets: null, clock: world.clock, report: world.report } };
  };

  it('SEC-41: carries acts out, with the actor console, for the owner of its folder alone', async () => {
    const { world, parts: given } = await parts();
    expect(await askConsoleDoor(folder, { kind: 'user-list' })).toBeNull();
    // As a killed session leaves it: the file of a socket at which nobody listens.
    const file = consoleSocketPath(folder)!;
    mkdirSync(path.dirname(file), { mode: 0o755 });
    chmodSync(path.dirname(file), 0o755);
    const dead = spawnSync(process.execPath, [
      '-e',
      `require('node:net').createServer().listen(${JSON.stringify(file)}, () => process.kill(process.pid, 'SIGKILL'))`,
    ]);
    expect([dead.signal, existsSync(file)]).toEqual(['SIGKILL', true]);
    expect(await askConsoleDoor(folder, { kind: 'user-list' })).toBeNull();
    const door = (await openConsoleDoor(folder, given))!;
    expect([statSync(path.dirname(file)).mode & 0o777, statSync(file).mode & 0o777]).toEqual([0o700, 0o600]);
    expect(await askConsoleDoor(folder, { kind: 'user-add', name: 'ada', role: 'trader' })).toMatchObject({
      ok: true,
      value: { kind: 'password', name: 'ada' },
    });
    expect(await askConsoleDoor(folder, { kind: 'user-disable', name: 'bob' })).toMatchObject({ ok: false, code: 'USER_UNKNOWN' });
    expect(world.audit.rows).toMatchObject([{ actor: 'console', action: 'USER_CREATED', subject: 'ada' }]);
    const head = { sequence: 1, hash: world.audit.rows[0]!.hash };
    expect(await askConsoleDoor(folder, { kind: 'audit-verify', kept: head })).toEqual({ ok: true, value: { kind: 'audit', head } });
    world.audit.rows[0] = { ...world.audit.rows[0]!, actor: 'mallory' };
    expect(await askConsoleDoor(folder, { kind: 'audit-verify', kept: null })).toMatchObject({ ok: false, code: 'AUDIT_CHAIN_BROKEN' });
    await door.close();
    expect(await askConsoleDoor(folder, { kind: 'user-list' })).toBeNull();
  });

  it.each(['hello', '{"kind":"user-list","more":1}', '{"kind":"drop-tables"}', '{"__proto__":{"kind":"user-list"}}', '[]'])(
    'SEC-22: %s is no act',
    async (line) => {
      const { world, parts: given } = await parts();
      const door = (await openConsoleDoor(folder, given))!;
      const answer = await new Promise<string>((resolve, reject) => {
        let text = '';
        const socket = connect(consoleSocketPath(folder)!, () => socket.end(`${line}\n`));
        socket.on('data', (chunk) => (text += String(chunk)));
        socket.on('close', () => resolve(text));
        socket.on('error', reject);
      });
      expect(JSON.parse(answer)).toMatchObject({ ok: false, code: 'CONSOLE_FAILED' });
      expect(world.audit.rows).toEqual([]);
      await door.close();
    },
  );

  it('says so where whoever listens does not answer', async () => {
    const file = consoleSocketPath(folder)!;
    mkdirSync(path.dirname(file));
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(file, resolve));
    await expect(askConsoleDoor(folder, { kind: 'user-list' })).rejects.toMatchObject({ code: 'CONSOLE_FAILED' });
    await new Promise((resolve) => server.close(resolve));
  });
});
