import { readSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { inputError } from './input-problem.ts';
import { closeFile, openFile, readSpan, type OpenFile } from './open-file.ts';
import { listZip, readZipMember, UNPACKED_BYTES_MAX, type ZipMember } from './zip-archive.ts';

/** Bytes of a text, in order, read synchronously. */
export interface ByteSource {
  /** For messages: the path, and the member where it lies in an archive. */
  readonly name: string;
  /** Bytes of text in all. */
  readonly bytes: number;
  /** Copies the next bytes to `into` from `at` on; returns how many, 0 at the end. */
  read(into: Uint8Array, at: number): number;
  /** The last bytes of the text, at most `bytes`; does not move. */
  tail(bytes: number): Uint8Array;
  close(): void;
}

class PlainSource implements ByteSource {
  readonly name: string;
  readonly bytes: number;
  readonly #file: OpenFile;

  constructor(file: OpenFile) {
    this.#file = file;
    this.name = file.path;
    this.bytes = file.bytes;
  }

  read(into: Uint8Array, at: number): number {
    return readSync(this.#file.fd, into, at, into.length - at, null);
  }

  tail(bytes: number): Uint8Array {
    const count = Math.min(bytes, this.bytes);
    return readSpan(this.#file, this.bytes - count, count);
  }

  close(): void {
    closeFile(this.#file);
  }
}

/** A text that lies in memory. */
export class MemorySource implements ByteSource {
  readonly name: string;
  readonly bytes: number;
  #rest: Uint8Array;

  constructor(name: string, text: Uint8Array) {
    this.name = name;
    this.bytes = text.length;
    this.#rest = text;
  }

  read(into: Uint8Array, at: number): number {
    const count = Math.min(into.length - at, this.#rest.length);
    into.set(this.#rest.subarray(0, count), at);
    this.#rest = this.#rest.subarray(count);
    return count;
  }

  tail(bytes: number): Uint8Array {
    return this.#rest.subarray(Math.max(0, this.#rest.length - bytes));
  }

  close(): void {
    this.#rest = new Uint8Array(0);
  }
}

/**
 * Opens a text file, unpacking what ends in `.gz` or `.zip`.
 *
 * @param member for archives with several members: the one to read, by its whole name or the end of its name before the extension
 * @throws InputError for a missing, empty, damaged or truncated file
 */
export function openByteSource(path: string, member?: string): ByteSource {
  const file = openFile(path);
  if (!path.endsWith('.gz') && !path.endsWith('.zip')) return new PlainSource(file);
  try {
    const isZip = path.endsWith('.zip');
    const chosen = isZip ? chooseMember(path, listZip(file), member) : null;
    const text = chosen === null ? gunzip(file) : readZipMember(file, chosen);
    const name = chosen === null ? path : `${path}/${chosen.name}`;
    if (text.length === 0) throw inputError('FILE_EMPTY', { file: name, rule: 'The file is empty.' });
    return new MemorySource(name, text);
  } finally {
    closeFile(file);
  }
}

function chooseMember(path: string, all: readonly ZipMember[], wanted: string | undefined): ZipMember {
  const members = all.filter((member) => !member.name.endsWith('/'));
  const rule = `The archive has ${members.map((member) => member.name).join(', ') || 'no members'}.`;
  if (wanted === undefined) {
    if (members.length === 0) throw inputError('FILE_EMPTY', { file: path, rule });
    if (members.length > 1) throw inputError('ARCHIVE_MEMBER_AMBIGUOUS', { file: path, rule });
    return members[0]!;
  }
  const stem = (name: string): string => name.replace(/\.[^.]*$/, '');
  const exact = members.find((member) => member.name === wanted);
  const found = exact === undefined ? members.filter((member) => stem(member.name).endsWith(wanted)) : [exact];
  if (found.length === 0) throw inputError('ARCHIVE_MEMBER_MISSING', { file: path, value: wanted, rule });
  if (found.length > 1) throw inputError('ARCHIVE_MEMBER_AMBIGUOUS', { file: path, value: wanted, rule });
  return found[0]!;
}

function gunzip(file: OpenFile): Buffer {
  const packed = readSpan(file, 0, file.bytes);
  try {
    return gunzipSync(packed, { maxOutputLength: UNPACKED_BYTES_MAX });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE') {
      throw inputError('FILE_TOO_LARGE', { file: file.path });
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw inputError('ARCHIVE_DAMAGED', { file: file.path, rule: `The gzip file does not unpack (${reason}).` });
  }
}
