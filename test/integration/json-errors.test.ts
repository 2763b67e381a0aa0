import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../files-kit.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const folder = makeFolder();
afterAll(() => folder.remove());

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function quanthybrid(args: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['scripts/run-ts.mjs', 'src/app/main.ts', ...args], { cwd: ROOT });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, out, err }));
  });
}

const store = path.join(folder.path, 'none');
const blocked = folder.write('blocked', 'a file where the folder of the store should be');
mkdirSync(path.join(folder.path, 'AAA.X'));

describe('--json', () => {
  it.each([
    ['data info', ['data', 'info', 'AAA.X', 'bars', '1d', '--store', store], 2, 'STORE_DATA_SET_NOT_FOUND'],
    ['data verify', ['data', 'verify', '--store', store], 2, 'STORE_DATA_SET_NOT_FOUND'],
    ['data verify of half a name', ['data', 'verify', 'AAA.X', '--store', store], 2, 'OPTION_INVALID'],
    ['data import of several slips', ['data', 'import', '--instrument', 'AAA', '--stamp', 'opn', '--store', store], 2, 'OPTION_INVALID'],
    ['data generate into a file', ['data', 'generate', '--to', '2024-01-02', '--store', path.join(blocked, 'x')], 1, 'STORE_IO_FAILED'],
    ['a missing argument', ['data', 'info', 'AAA.X'], 2, 'OPTION_INVALID'],
    ['an option that is none', ['doctor', '--jsn'], 2, 'OPTION_INVALID'],
  ])('of %s prints the error as one object on standard output and in words on standard error', async (_what, args, status, code) => {
    const ended = await quanthybrid([...args, '--json']);
    expect([ended.status, JSON.parse(ended.out)]).toMatchObject([status, { status: 'failed', error: { code } }]);
    expect(ended.out.trimEnd().split('\n')).toHaveLength(1);
    expect(ended.err).toContain('error: ');
  });

  it.each([
    ['data list', ['data', 'list', '--store', store]],
    ['doctor', ['doctor', '--store', store]],
    ['data generate', ['data', 'generate', '--to', '2024-01-02', '--store', path.join(folder.path, 'made')]],
  ])('of %s prints the result as one object on standard output', async (_what, args) => {
    const ended = await quanthybrid([...args, '--json']);
    expect(ended.status).toBe(0);
    expect(typeof JSON.parse(ended.out)).toBe('object');
  });
});
