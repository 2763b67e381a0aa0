import { closeSync, fsyncSync, linkSync, lstatSync, mkdirSync, openSync, readFileSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { InputError } from '../../ports/errors.ts';
import { keyProblem, MasterKey } from './master-key.ts';

const HEADER =
  '# Master key of QuantHybrid. Whoever reads it can open every stored secret; without it none opens again. The newest key comes first.\n';

/** @returns the keys of the file, the newest first; null where there is no file */
export function readKeyFile(file: string): MasterKey[] | null {
  let text: string;
  try {
    const status = lstatSync(file);
    if (!status.isFile()) throw keyProblem('SECRET_KEY_FILE_UNSAFE', file, 'is not a regular file.');
    // Windows has no such bits.
    if (process.platform !== 'win32' && (status.mode & 0o077) !== 0) {
      throw keyProblem('SECRET_KEY_FILE_UNSAFE', file, 'can be read by other users of this machine; its mode must be 0600.');
    }
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    if (cause instanceof InputError) throw cause;
    throw keyProblem('SECRET_KEY_FILE_UNSAFE', file, 'cannot be read.');
  }
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (lines.length === 0) throw keyProblem('SECRET_KEY_MALFORMED', file, 'is an empty file.');
  return lines.map((line) => MasterKey.parse(line, file));
}

/** Makes the file with one key, for its owner alone; where another process was first, its keys are taken. */
export function createKeyFile(file: string): MasterKey[] {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const temporary = writeBeside(file, [MasterKey.generate()]);
  try {
    // A link, unlike a rename, never replaces.
    linkSync(temporary, file);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
  } finally {
    unlinkSync(temporary);
  }
  syncFolder(path.dirname(file));
  return readKeyFile(file)!;
}

/** Puts these keys in the place of those in the file: after a crash it has the old ones or the new ones. */
export function replaceKeyFile(file: string, keys: readonly MasterKey[]): void {
  renameSync(writeBeside(file, keys), file);
  syncFolder(path.dirname(file));
}

function writeBeside(file: string, keys: readonly MasterKey[]): string {
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  const descriptor = openSync(temporary, 'wx', 0o600);
  try {
    writeSync(descriptor, `${HEADER}${keys.map((key) => `${key.toHex()}\n`).join('')}`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return temporary;
}

function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
