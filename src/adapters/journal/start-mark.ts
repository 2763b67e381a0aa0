import path from 'node:path';
import { crc32c } from '../../base/crc32c.ts';
import type { JournalDisk } from './disk.ts';
import { FORMAT_VERSION, hasMagic, ID_BYTES, putMagic } from './format.ts';
import { makeFile, readWhole, START_NAME, writeWhole } from './journal-folder.ts';
import { damaged } from './journal-problem.ts';
import { versionProblem } from './segment-file.ts';

/*
 * Where the journal begins since older segments were removed on request: without it, a journal that does not begin with record 1 has lost something.
 *   0 magic (8) · 8 CRC-32C of what follows (4) · 12 version (2) · 14 zero (2) · 16 first sequence number (8) · 24 id of the journal (16)
 */
const START_MAGIC = 'QHSTRT\r\n';
const START_BYTES = 40;

export interface StartMark {
  readonly firstSequence: number;
  readonly id: Uint8Array;
}

export function writeStart(disk: JournalDisk, folder: string, { firstSequence, id }: StartMark): void {
  const bytes = new Uint8Array(START_BYTES);
  const view = new DataView(bytes.buffer);
  putMagic(bytes, START_MAGIC);
  view.setUint16(12, FORMAT_VERSION, true);
  view.setBigUint64(16, BigInt(firstSequence), true);
  bytes.set(id, 24);
  view.setUint32(8, crc32c(bytes.subarray(12)), true);
  makeFile(disk, path.join(folder, START_NAME), (part) => writeWhole(part, bytes, bytes.length, 0));
}

/** @throws WorldError `JOURNAL_DAMAGED`, `JOURNAL_VERSION` */
export function readStart(disk: JournalDisk, folder: string): StartMark {
  const file = path.join(folder, START_NAME);
  const bytes = readWhole(disk, file);
  const view = new DataView(bytes.buffer);
  if (bytes.length !== START_BYTES || !hasMagic(bytes, START_MAGIC)) throw damaged('this is not the mark of a beginning', { file });
  if (view.getUint32(8, true) !== crc32c(bytes.subarray(12))) throw damaged('its checksum is wrong', { file });
  if (view.getUint16(12, true) !== FORMAT_VERSION) throw versionProblem(file, view.getUint16(12, true));
  return { firstSequence: Number(view.getBigUint64(16, true)), id: bytes.slice(24, 24 + ID_BYTES) };
}
