import { createHash } from 'node:crypto';
import path from 'node:path';
import { assert } from '../../base/assert.ts';
import { crc32c } from '../../base/crc32c.ts';
import { WorldError } from '../../ports/errors.ts';
import type { JournalMessage, JournalSnapshot } from '../../ports/journal.ts';
import type { JournalDisk } from './disk.ts';
import { FORMAT_VERSION, hasMagic, putMagic, sameBytes } from './format.ts';
import { makeFile, readFolder, readWhole, type SnapshotFile, snapshotName, writeWhole } from './journal-folder.ts';
import { onDisk } from './journal-problem.ts';

/*
 * A snapshot: header (80), state.
 *   0 magic (8) · 8 CRC-32C of the header behind it (4) · 12 version (2) · 14 zero (2) · 16 sequence (8) · 24 bytes of the state (8) ·
 *   32 id of the journal (16) · 48 SHA-256 of the state (32)
 */
const SNAPSHOT_MAGIC = 'QHSNAP\r\n';
const SNAPSHOT_HEADER_BYTES = 80;
/** Largest state that is kept. */
export const SNAPSHOT_BYTES_MAX = 1_073_741_824;

export function writeSnapshot(disk: JournalDisk, folder: string, id: Uint8Array, { sequence, state }: JournalSnapshot): void {
  assert(state.length <= SNAPSHOT_BYTES_MAX, `a snapshot has at most ${SNAPSHOT_BYTES_MAX} bytes: ${state.length}`);
  const header = new Uint8Array(SNAPSHOT_HEADER_BYTES);
  const view = new DataView(header.buffer);
  putMagic(header, SNAPSHOT_MAGIC);
  view.setUint16(12, FORMAT_VERSION, true);
  view.setBigUint64(16, BigInt(sequence), true);
  view.setBigUint64(24, BigInt(state.length), true);
  header.set(id, 32);
  header.set(createHash('sha256').update(state).digest(), 48);
  view.setUint32(8, crc32c(header.subarray(12)), true);
  makeFile(disk, path.join(folder, snapshotName(sequence)), (part) => {
    writeWhole(part, header, header.length, 0);
    if (state.length > 0) writeWhole(part, state, state.length, header.length);
  });
}

/** Removes the oldest beyond the number that is kept. @returns those that are left, oldest first */
export function removeOldSnapshots(disk: JournalDisk, folder: string, kept: number): readonly SnapshotFile[] {
  const snapshots = readFolder(disk, folder)!.snapshots;
  const old = snapshots.slice(0, Math.max(0, snapshots.length - kept));
  if (old.length > 0)
    onDisk('remove', old[0]!.file, () => {
      for (const { file } of old) disk.remove(file);
      disk.syncFolder(folder);
    });
  return snapshots.slice(old.length);
}

/**
 * Snapshots that verify, the newest first.
 *
 * @param files in order
 */
export function* goodSnapshots(
  disk: JournalDisk,
  files: readonly SnapshotFile[],
  id: Uint8Array,
  onMessage: (message: JournalMessage) => void,
): Generator<JournalSnapshot, void, undefined> {
  for (const file of [...files].reverse()) {
    const snapshot = readSnapshot(disk, file, id);
    if (typeof snapshot !== 'string') yield snapshot;
    else onMessage({ code: 'JOURNAL_SNAPSHOT_DAMAGED', text: `${file.file}: ${snapshot}; an older snapshot is used` });
  }
}

/** The newest snapshot that verifies; null where there is none. */
export function newestSnapshot(...of: Parameters<typeof goodSnapshots>): JournalSnapshot | null {
  for (const snapshot of goodSnapshots(...of)) return snapshot;
  return null;
}

/** @returns the snapshot, or what is wrong with it */
export function readSnapshot(disk: JournalDisk, file: SnapshotFile, id: Uint8Array): JournalSnapshot | string {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = readWhole(disk, file.file);
  } catch (cause) {
    // A sector that cannot be read is one more kind of damage: there is an older snapshot.
    if (cause instanceof WorldError) return cause.message;
    throw cause;
  }
  if (bytes.length < SNAPSHOT_HEADER_BYTES || !hasMagic(bytes, SNAPSHOT_MAGIC)) return 'this is not a snapshot';
  const view = new DataView(bytes.buffer);
  if (view.getUint32(8, true) !== crc32c(bytes.subarray(12, SNAPSHOT_HEADER_BYTES))) return 'the checksum of its header is wrong';
  const version = view.getUint16(12, true);
  if (version !== FORMAT_VERSION) return `its format is version ${version}, this program reads version ${FORMAT_VERSION}`;
  const sequence = Number(view.getBigUint64(16, true));
  if (sequence !== file.sequence) return `it is of record ${sequence}, not of the one in its name`;
  if (!sameBytes(bytes.subarray(32, 48), id)) return 'it belongs to another journal';
  const state = bytes.subarray(SNAPSHOT_HEADER_BYTES);
  if (Number(view.getBigUint64(24, true)) !== state.length) return 'it is cut short';
  return sameBytes(bytes.subarray(48, 80), createHash('sha256').update(state).digest()) ? { sequence, state } : 'its hash is wrong';
}
