import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import path from 'node:path';
import { InputError, WorldError } from '../../ports/errors.ts';

const LOCK_FILE = 'quanthybrid.lock';

interface Owner {
  readonly process: number;
  /** What tells the process from a later one of the same number; null where the system does not say. */
  readonly started: string | null;
  readonly machine: string;
  readonly nonce: string;
}

/**
 * The right to open the folder of the embedded database, which does not lock it itself: two processes in one folder lose each other's rows.
 *
 * The file names its owner by process number and start. A living owner keeps it, whatever its age; a dead one's is taken over. Where it cannot be told
 * (another machine, a file that nobody can read) a person decides.
 */
export class FolderLock {
  readonly #file: string;
  readonly #text: string;

  private constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
  }

  /** @throws InputError DATABASE_FOLDER_LOCKED */
  static acquire(folder: string): FolderLock {
    const file = path.join(folder, LOCK_FILE);
    const owner: Owner = { process: process.pid, started: startOf(process.pid), machine: hostname(), nonce: randomUUID() };
    const text = JSON.stringify(owner);
    if (!tryCreate(file, text)) {
      takeAwayDeadLock(file);
      if (!tryCreate(file, text)) throw locked(file, readText(file));
    }
    return new FolderLock(file, text);
  }

  release(): void {
    if (readText(this.#file) === this.#text) unlinkSync(this.#file);
  }
}

function tryCreate(file: string, text: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'wx', 0o600);
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false;
    throw new WorldError('DATABASE_FOLDER_FAILED', `${file} cannot be made.`, { retryable: false, cause });
  }
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return true;
}

/**
 * Two processes may find the same dead lock at once. Each moves the file to a name of its own, which only one can do to the same file, and looks at what it
 * moved: a living lock that came between is put back if its place is still free, and its owner keeps the folder either way.
 */
function takeAwayDeadLock(file: string): void {
  const before = readText(file);
  if (before === null) return;
  if (!isDead(before)) throw locked(file, before);
  const aside = `${file}-dead-${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return;
    throw cause;
  }
  const moved = readText(aside);
  if (moved !== null && moved !== before) {
    tryCreate(file, moved);
    rmSync(aside, { force: true });
    throw locked(file, moved);
  }
  rmSync(aside, { force: true });
}

function isDead(text: string): boolean {
  const owner = ownerOf(text);
  if (owner === null || owner.machine !== hostname()) return false;
  if (!isAlive(owner.process)) return true;
  const started = startOf(owner.process);
  // The number lives, but as another process than the one that took the lock. Without a start nobody can tell: it counts as living.
  return started !== null && owner.started !== null && started !== owner.started;
}

function ownerOf(text: string): Owner | null {
  try {
    const { process: number, started, machine } = JSON.parse(text) as Partial<Owner>;
    const isWhole = Number.isSafeInteger(number) && typeof machine === 'string' && (started === null || typeof started === 'string');
    return isWhole ? (JSON.parse(text) as Owner) : null;
  } catch {
    // Written in part, or by hand: a person decides.
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    // EPERM: it lives and is another user's.
    return codeOf(cause) !== 'ESRCH';
  }
}

/** Boot and clock ticks since it: Linux tells both. Source: proc(5), field 22 of /proc/PID/stat, counted after the name in parentheses. */
function startOf(pid: number): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return ticks === undefined ? null : `${boot}/${ticks}`;
  } catch {
    return null;
  }
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return null;
    throw new WorldError('DATABASE_FOLDER_FAILED', `${file} cannot be read.`, { retryable: false, cause });
  }
}

function locked(file: string, text: string | null): InputError {
  const owner = ownerOf(text ?? '');
  const who = owner === null ? '' : ` Process ${owner.process} on ${owner.machine} has it.`;
  return new InputError([
    {
      code: 'DATABASE_FOLDER_LOCKED',
      rule: `One process at a time uses the embedded database.${who}`,
      fix: 'Stop the other process; if none is running, delete this file.',
      file,
    },
  ]);
}

function codeOf(cause: unknown): string | null {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : null;
}
