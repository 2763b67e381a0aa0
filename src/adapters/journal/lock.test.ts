import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { takeLock } from './lock.ts';
import { makeFolder } from '../../../test/files-kit.ts';
import { WorldError } from '../../ports/errors.ts';

const folders: ReturnType<typeof makeFolder>[] = [];
afterEach(() => folders.splice(0).forEach((folder) => folder.remove()));
function newFolder(): ReturnType<typeof makeFolder> {
  const folder = makeFolder();
  folders.push(folder);
  return folder;
}

const START = /^\S+ \d+$/;

function codeOf(act: () => unknown): string {
  try {
    act();
    return 'nothing';
  } catch (error) {
    if (error instanceof WorldError) return error.code;
    throw error;
  }
}

/** The number of a process that has ended. */
function deadProcess(): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['-e', '0']);
    child.on('close', () => resolve(child.pid!));
  });
}

const lockOf = (owner: object): string =>
  JSON.stringify({ process: process.pid, startedAt: null, machine: hostname(), nonce: 'x', ...owner });

describe('the lock of a journal', () => {
  it('is held by one at a time, and free after it was given back', () => {
    const { path } = newFolder();
    const release = takeLock(path);
    expect(codeOf(() => takeLock(path))).toBe('JOURNAL_LOCKED');
    release();
    expect(codeOf(() => takeLock(path)())).toBe('nothing');
  });

  it('S-71: is never taken from a process that is alive, and is taken over from one that is dead', async () => {
    const folder = newFolder();
    // Process 1 is always there, whoever it belongs to.
    folder.write('lock', lockOf({ process: 1 }));
    expect(codeOf(() => takeLock(folder.path))).toBe('JOURNAL_LOCKED');
    expect(JSON.parse(readFileSync(join(folder.path, 'lock'), 'utf8'))).toMatchObject({ process: 1 });
    folder.write('lock', lockOf({ process: await deadProcess() }));
    const release = takeLock(folder.path);
    expect(JSON.parse(readFileSync(join(folder.path, 'lock'), 'utf8'))).toMatchObject({ process: process.pid });
    release();
  });

  it('is taken over where the number of a dead process was given to another', () => {
    const folder = newFolder();
    const own = takeLock(folder.path);
    const { startedAt } = JSON.parse(readFileSync(join(folder.path, 'lock'), 'utf8')) as { startedAt: string | null };
    own();
    // Only Linux says when a process started.
    if (process.platform !== 'linux') return;
    expect(startedAt).toMatch(START);
    folder.write('lock', lockOf({ process: 1, startedAt: `another-boot ${startedAt!.split(' ')[1]!}` }));
    expect(codeOf(() => takeLock(folder.path)())).toBe('nothing');
  });

  it.each([
    ['another machine', lockOf({ machine: 'elsewhere' })],
    ['nobody that can be read', '{'],
  ])('of %s is left for a person to judge', (_whose, content) => {
    const folder = newFolder();
    folder.write('lock', content);
    expect(codeOf(() => takeLock(folder.path))).toBe('JOURNAL_LOCKED');
    expect(readFileSync(join(folder.path, 'lock'), 'utf8')).toBe(content);
  });
});
