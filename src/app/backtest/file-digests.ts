import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';

const CHUNK_BYTES = 1 << 20;
const known = new Map<string, string>();

/** SHA-256 of a file's bytes. Files are taken not to change while the program runs, so each is read once. */
export function fileDigest(path: string): string {
  const before = known.get(path);
  if (before !== undefined) return before;
  const hash = createHash('sha256');
  const descriptor = openSync(path, 'r');
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let read = readSync(descriptor, chunk); read > 0; read = readSync(descriptor, chunk)) hash.update(chunk.subarray(0, read));
  } finally {
    closeSync(descriptor);
  }
  const digest = hash.digest('hex');
  known.set(path, digest);
  return digest;
}
