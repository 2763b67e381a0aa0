import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FolderLock } from './folder-lock.ts';

const isLinux = existsSync('/proc/self/stat');

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'quanthybrid-lock-'));
  file = path.join(folder, 'quanthybrid.lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(owner: unknown): void {
  writeFileSync(file, typeof owner === 'string' ? owner : JSON.stringify(owner));
}

function ownerInFile(): { process: number; started: string | null; machine: string } {
  return JSON.parse(readFileSync(file, 'utf8')) as { process: number; started: string | null; machine: string };
}

/** The number of a process that has ended. */
function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  return new Promise((resolve) => child.once('exit', () => resolve(child.pid!)));
}

describe('FolderLock', () => {
  it('is held once, by this process too, and free again when released', () => {
    const lock = FolderLock.acquire(folder);
    expect(ownerInFile()).toMatchObject({ process: process.pid, machine: hostname() });
    expect(() => FolderLock.acquire(folder)).toThrow('DATABASE_FOLDER_LOCKED');
    lock.release();
    FolderLock.acquire(folder).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is never taken from a living process, however old the file is', () => {
    const lock = FolderLock.acquire(folder);
    const { started } = ownerInFile();
    lock.release();
    write({ process: process.pid, started, machine: hostname(), nonce: 'another' });
    expect(() => FolderLock.acquire(folder)).toThrow(`Process ${process.pid} on ${hostname()} has it.`);
    expect(existsSync(file)).toBe(true);
  });

  it('is taken over from a dead process', async () => {
    write({ process: await deadProcess(), started: null, machine: hostname(), nonce: 'x' });
    const lock = FolderLock.acquire(folder);
    expect(ownerInFile().process).toBe(process.pid);
    expect(readdirSync(folder)).toHaveLength(1);
    lock.release();
  });

  it.runIf(isLinux)('is taken over where the number lives as a later process', () => {
    write({ process: process.pid, started: 'another boot/17', machine: hostname(), nonce: 'x' });
    FolderLock.acquire(folder).release();
  });

  it('counts as living where the start of its process is not known', () => {
    write({ process: process.pid, started: null, machine: hostname(), nonce: 'x' });
    expect(() => FolderLock.acquire(folder)).toThrow('DATABASE_FOLDER_LOCKED');
  });

  it('of another machine, or that nobody can read, is left to a person', async () => {
    const dead = await deadProcess();
    for (const owner of [
      { process: dead, started: null, machine: 'elsewhere', nonce: 'x' },
      '{"process":',
      '[]',
      '{"process":"1"}',
      'null',
    ]) {
      write(owner);
      expect(() => FolderLock.acquire(folder), JSON.stringify(owner)).toThrow('DATABASE_FOLDER_LOCKED');
    }
  });

  it('that somebody else took meanwhile is not deleted by a late release', () => {
    const lock = FolderLock.acquire(folder);
    write({ process: process.pid, started: null, machine: hostname(), nonce: 'other' });
    lock.release();
    expect(existsSync(file)).toBe(true);
  });
});
