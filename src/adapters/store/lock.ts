import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { InputError } from '../../ports/errors.ts';
import { LOCK_FILE } from './layout.ts';
import { isSystemError, onDisk, storeProblem } from './problem.ts';

/**
 * The right to write to a store: a file that names its owner (process, machine, a nonce). One writer per store, any number of readers.
 * A lock whose process on this machine is dead is taken over; one from another machine is left for a person to judge.
 */
export class StoreLock {
  private readonly file: string;
  private readonly owner: string;

  private constructor(file: string, owner: string) {
    this.file = file;
    this.owner = owner;
  }

  /** @throws InputError STORE_LOCKED when a living process (or an unknown one) holds it */
  static acquire(root: string): StoreLock {
    onDisk('create', root, () => mkdirSync(root, { recursive: true }));
    const file = join(root, LOCK_FILE);
    const owner = JSON.stringify({ process: process.pid, machine: hostname(), nonce: randomUUID() });
    if (!tryCreate(file, owner)) {
      takeAwayDeadLock(root, file);
      if (!tryCreate(file, owner)) throw locked(file, readOwner(file));
    }
    HELD.add(owner);
    return new StoreLock(file, owner);
  }

  /** @throws InputError STORE_LOCK_LOST when someone removed or took the lock meanwhile */
  assertHeld(): void {
    if (readOwner(this.file) === this.owner) return;
    throw new InputError([storeProblem('STORE_LOCK_LOST', 'The lock is no longer ours.', { file: this.file })]);
  }

  release(): void {
    HELD.delete(this.owner);
    if (readOwner(this.file) === this.owner) unlinkSync(this.file);
  }
}

/** Locks that this process holds. */
const HELD = new Set<string>();

function tryCreate(file: string, owner: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'wx');
  } catch (cause) {
    if (isSystemError(cause) && cause.code === 'EEXIST') return false;
    return onDisk('create', file, () => {
      throw cause;
    });
  }
  try {
    onDisk('write', file, () => {
      writeSync(descriptor, owner);
      fsyncSync(descriptor);
    });
  } finally {
    closeSync(descriptor);
  }
  return true;
}

function readOwner(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (isSystemError(cause) && cause.code === 'ENOENT') return null;
    throw cause;
  }
}

function locked(file: string, owner: string | null): InputError {
  return new InputError([storeProblem('STORE_LOCKED', 'One process at a time writes to a store.', { file, value: owner ?? '' })]);
}

/**
 * Two processes may find the same dead lock at once. Each moves the file to a name of its own, which only one can do to the same file, and
 * looks at what it moved; a living lock moved by mistake makes its owner fail at assertHeld, before anything is renamed into place.
 */
function takeAwayDeadLock(root: string, file: string): void {
  const before = readOwner(file);
  if (before === null) return;
  if (!isDead(before)) throw locked(file, before);
  const aside = join(root, `${LOCK_FILE}-dead-${randomUUID()}`);
  try {
    renameSync(file, aside);
  } catch (cause) {
    if (isSystemError(cause) && cause.code === 'ENOENT') return;
    throw cause;
  }
  const moved = readOwner(aside);
  rmSync(aside, { force: true });
  if (moved !== before) throw locked(file, moved);
}

function isDead(owner: string): boolean {
  let parsed: { readonly process?: unknown; readonly machine?: unknown };
  try {
    parsed = JSON.parse(owner) as { process?: unknown; machine?: unknown };
  } catch (cause) {
    // Written in part, or by hand: a person decides.
    if (cause instanceof SyntaxError) return false;
    throw cause;
  }
  if (parsed?.machine !== hostname() || typeof parsed.process !== 'number') return false;
  // Containers give every run the same process id: a lock of our number that we do not hold is a predecessor's.
  if (parsed.process === process.pid) return !HELD.has(owner);
  try {
    process.kill(parsed.process, 0);
    return false;
  } catch (cause) {
    return isSystemError(cause) && cause.code === 'ESRCH';
  }
}
