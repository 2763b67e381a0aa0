import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { WorldError } from '../../ports/errors.ts';
import { diskError, isSystemError, onDisk } from './journal-problem.ts';

export const LOCK_NAME = 'lock';

/** Who holds a lock: process ids are given again, so the time at which the process started goes with it. */
interface LockOwner {
  readonly process: number;
  /** Clock ticks since the machine started, as the kernel counts; null where it does not say. */
  readonly startedAt: string | null;
  readonly machine: string;
  readonly nonce: string;
}

/** Locks that this process holds, by their content. */
const HELD = new Set<string>();

/**
 * Takes the lock of a journal: a file that names its owner. The file is written under a name of its own and linked into place, so that it is never seen half
 * written; a process that is alive, or that runs on another machine, is never robbed.
 *
 * @returns gives the lock back
 * @throws WorldError `JOURNAL_LOCKED`, or what the disk came to
 */
export function takeLock(folder: string): () => void {
  const file = path.join(folder, LOCK_NAME);
  const owner: LockOwner = { process: process.pid, startedAt: startOf(process.pid), machine: hostname(), nonce: randomUUID() };
  const content = JSON.stringify(owner);
  const own = path.join(folder, `${LOCK_NAME}-${owner.nonce}`);
  onDisk('write', own, () => writeFileSync(own, content, { flag: 'wx', mode: 0o600 }));
  try {
    if (!tryLink(own, file)) {
      setAsideDead(folder, file);
      if (!tryLink(own, file)) throw locked(file, contentOf(file));
    }
  } catch (error) {
    onDisk('remove', own, () => rmSync(own, { force: true }));
    throw error;
  }
  HELD.add(content);
  const release = (): void => {
    HELD.delete(content);
    onDisk('remove', file, () => {
      if (contentOf(file) === content) unlinkSync(file);
    });
  };
  try {
    onDisk('remove', own, () => rmSync(own, { force: true }));
  } catch (error) {
    // Nobody gets the lock of a folder in which files cannot be removed, so it is not kept either.
    release();
    throw error;
  }
  return release;
}

function tryLink(own: string, file: string): boolean {
  try {
    linkSync(own, file);
    return true;
  } catch (cause) {
    if (isSystemError(cause) && cause.code === 'EEXIST') return false;
    return onDisk('create', file, () => {
      throw cause;
    });
  }
}

/**
 * Two processes may find the same dead lock at once. Each moves the file to a name of its own, which only one can do to the same file; one that moved
 * a living lock by mistake puts it back, and does not take it.
 */
function setAsideDead(folder: string, file: string): void {
  const before = contentOf(file);
  if (before === null) return;
  if (!isDead(before)) throw locked(file, before);
  const aside = path.join(folder, `${LOCK_NAME}-dead-${randomUUID()}`);
  try {
    renameSync(file, aside);
  } catch (cause) {
    if (isSystemError(cause) && cause.code === 'ENOENT') return;
    throw diskError('rename', file, cause);
  }
  const moved = contentOf(aside);
  if (moved !== before) tryLink(aside, file);
  onDisk('remove', aside, () => rmSync(aside, { force: true }));
  if (moved !== before) throw locked(file, moved);
}

function contentOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (isSystemError(cause) && cause.code === 'ENOENT') return null;
    throw cause;
  }
}

function isDead(content: string): boolean {
  const owner = ownerOf(content);
  // Written by hand: a person decides.
  if (owner?.machine !== hostname() || typeof owner.process !== 'number') return false;
  if (owner.process === process.pid && HELD.has(content)) return false;
  if (owner.process === process.pid && owner.startedAt === null) return true;
  try {
    process.kill(owner.process, 0);
  } catch (cause) {
    if (isSystemError(cause) && cause.code === 'ESRCH') return true;
  }
  // Alive, but another process than the one that took the lock: its number was given again.
  const startedAt = startOf(owner.process);
  return startedAt !== null && owner.startedAt !== null && startedAt !== owner.startedAt;
}

/** Null for what names none. */
function ownerOf(content: string | null): Partial<LockOwner> | null {
  if (content === null) return null;
  try {
    return JSON.parse(content) as Partial<LockOwner> | null;
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
}

/** Field 22 of /proc/PID/stat (proc(5)), with the id of the boot, since the count begins anew with each; null where there is no such file. */
function startOf(processId: number): string | null {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'latin1');
    // The name of the program stands in brackets and may hold spaces and brackets; the fields after the last one are numbers.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return ticks === undefined ? null : `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()} ${ticks}`;
  } catch (cause) {
    if (isSystemError(cause)) return null;
    throw cause;
  }
}

function locked(file: string, content: string | null): WorldError {
  const owner = ownerOf(content);
  const who = typeof owner?.process === 'number' ? `process ${owner.process} on ${String(owner.machine)}` : 'another process';
  const way = 'stop that process (Ctrl-C where it runs), or give this one another folder';
  return new WorldError('JOURNAL_LOCKED', `${file}: ${who} writes this journal; ${way}`, { retryable: true });
}
