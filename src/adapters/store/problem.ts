import { STORE_CODES } from '../../model/codes/store.ts';
import { WorldError } from '../../ports/errors.ts';
import type { InputProblem } from '../../ports/errors.ts';

type StoreCode = keyof typeof STORE_CODES;

/** A problem of the store with the fix from the catalogue. */
export function storeProblem(
  code: StoreCode,
  rule: string,
  place: { readonly file?: string; readonly column?: string; readonly value?: string } = {},
): InputProblem {
  return { code, rule, fix: STORE_CODES[code].fix, ...place };
}

/** Runs a step against the file system; what it throws becomes a WorldError that names the step and the file. */
export function onDisk<T>(step: string, file: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    throw new WorldError('STORE_IO_FAILED', `cannot ${step} ${file}: ${cause.message}`, { retryable: RETRYABLE.has(cause.code), cause });
  }
}

/** True for errors that carry an operating system's code, ENOENT for one. */
export function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && typeof (error as { code?: unknown }).code === 'string' && 'syscall' in error;
}

/** No room, no descriptors, or an interruption: the same call may work later. */
const RETRYABLE: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EAGAIN', 'EBUSY', 'EINTR']);
