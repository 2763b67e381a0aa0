import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { inputError } from './input-problem.ts';

/** A file held open for reading. */
export interface OpenFile {
  readonly path: string;
  readonly fd: number;
  readonly bytes: number;
}

/** @throws InputError `FILE_MISSING`, `FILE_UNREADABLE`, `FILE_EMPTY` */
export function openFile(path: string): OpenFile {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') throw inputError('FILE_MISSING', { file: path });
    throw inputError('FILE_UNREADABLE', { file: path, rule: `The file cannot be opened (${code === '' ? String(cause) : code}).` });
  }
  const stat = fstatSync(fd);
  if (!stat.isFile()) {
    closeSync(fd);
    throw inputError('FILE_UNREADABLE', { file: path, rule: 'The path is not a regular file.' });
  }
  if (stat.size === 0) {
    closeSync(fd);
    throw inputError('FILE_EMPTY', { file: path, rule: 'The file is empty.' });
  }
  return { path, fd, bytes: stat.size };
}

/** Reads exactly `length` bytes at `position`. */
export function readSpan(file: OpenFile, position: number, length: number): Buffer {
  const into = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const got = readSync(file.fd, into, done, length - done, position + done);
    if (got === 0) throw inputError('FILE_UNREADABLE', { file: file.path, rule: 'The file became shorter while it was read.' });
    done += got;
  }
  return into;
}

export function closeFile(file: OpenFile): void {
  closeSync(file.fd);
}
