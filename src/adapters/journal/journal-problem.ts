import type { JournalCode } from '../../model/codes/journal.ts';
import { WorldError } from '../../ports/errors.ts';

/** Where damage was found. */
export interface DamagePlace {
  readonly file: string;
  /** Byte from 0. */
  readonly position?: number;
  /** Of the first record that cannot be read. */
  readonly sequence?: number;
}

/** The journal is not as it was written. */
export function damaged(reason: string, place: DamagePlace, code: JournalCode = 'JOURNAL_DAMAGED'): WorldError {
  const at = place.position === undefined ? '' : `, byte ${place.position}`;
  const record = place.sequence === undefined ? '' : `, from record ${place.sequence} on`;
  return new WorldError(code, `${place.file}${at}${record}: ${reason}`, { retryable: false });
}

/** Runs a step against the disk; what the system throws becomes a WorldError that names the step and the file. */
export function onDisk<T>(step: string, file: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw diskError(step, file, cause);
  }
}

/** What an error of the disk means; every other error stays what it is. */
export function diskError(step: string, file: string, cause: unknown): unknown {
  if (!isSystemError(cause)) return cause;
  const code = NO_ROOM.has(cause.code) ? 'JOURNAL_DISK_FULL' : 'JOURNAL_IO_FAILED';
  return new WorldError(code, `cannot ${step} ${file}: ${cause.message}`, { retryable: false, cause });
}

/** True for errors that carry an operating system's code. */
export function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && typeof (error as { code?: unknown }).code === 'string' && 'syscall' in error;
}

const NO_ROOM: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
