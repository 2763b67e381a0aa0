import { digestOfFile } from '../file-digest.ts';

const known = new Map<string, string>();

/** SHA-256 of a file's bytes. Files are taken not to change while the program runs, so each is read once. */
export function fileDigest(path: string): string {
  const before = known.get(path);
  if (before !== undefined) return before;
  const { sha256 } = digestOfFile(path);
  known.set(path, sha256);
  return sha256;
}
