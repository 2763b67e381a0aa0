import { crc32, inflateRawSync } from 'node:zlib';
import { inputError } from './input-problem.ts';
import { readSpan, type OpenFile } from './open-file.ts';

/** A member as the central directory lists it. */
export interface ZipMember {
  readonly name: string;
  readonly method: number;
  readonly flags: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly plainBytes: number;
  readonly headerAt: number;
}

/** Most bytes that one compressed file may unpack to: it is unpacked in memory, because Node inflates in pieces only asynchronously. */
export const UNPACKED_BYTES_MAX = 2 ** 31;

const END_SIGNATURE = 0x06054b50;
const CENTRAL_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const ZIP64_EXTRA = 1;
const ALL_ONES = 0xffffffff;
const LOCATOR_SIGNATURE = 0x07064b50;
const LOCATOR_BYTES = 20;
const WIDE_END_SIGNATURE = 0x06064b50;
const WIDE_END_BYTES = 56;
const END_BYTES = 22;
const COMMENT_BYTES_MAX = 65_535;
const METHOD_STORED = 0;
const METHOD_DEFLATED = 8;
const FLAG_ENCRYPTED = 1;

/**
 * Lists a zip archive strictly: the directory must be whole, in place, and have as many entries as it says.
 *
 * Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3.7 to 4.3.16.
 *
 * @throws InputError `ARCHIVE_DAMAGED`, `ARCHIVE_UNSUPPORTED`
 */
export function listZip(file: OpenFile): readonly ZipMember[] {
  const tailBytes = Math.min(file.bytes, END_BYTES + COMMENT_BYTES_MAX);
  const tail = readSpan(file, file.bytes - tailBytes, tailBytes);
  let end = tailBytes - END_BYTES;
  while (end >= 0 && !(tail.readUInt32LE(end) === END_SIGNATURE && tail.readUInt16LE(end + 20) === tailBytes - END_BYTES - end)) end -= 1;
  if (end < 0) throw damaged(file, 'The archive has no directory at its end: it is cut short or not a zip.');
  if (tail.readUInt16LE(end + 4) !== 0 && tail.readUInt16LE(end + 4) !== 0xffff)
    throw unsupported(file, 'The archive spans several disks.');
  const { entries, directoryBytes, directoryAt, endAt } = directoryPlace(file, tail, end, file.bytes - tailBytes);
  if (directoryAt + directoryBytes !== endAt) throw damaged(file, 'The directory of the archive is not where its end says it is.');
  const directory = readSpan(file, directoryAt, directoryBytes);
  const members: ZipMember[] = [];
  let at = 0;
  while (at + 46 <= directoryBytes && directory.readUInt32LE(at) === CENTRAL_SIGNATURE) {
    const nameBytes = directory.readUInt16LE(at + 28);
    const next = at + 46 + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    if (next > directoryBytes) break;
    const extra = directory.subarray(at + 46 + nameBytes, at + 46 + nameBytes + directory.readUInt16LE(at + 30));
    const sizes = wideSizes(extra, [directory.readUInt32LE(at + 24), directory.readUInt32LE(at + 20), directory.readUInt32LE(at + 42)]);
    if (sizes === null) throw damaged(file, 'A member lacks its zip64 sizes.');
    members.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameBytes),
      flags: directory.readUInt16LE(at + 8),
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      plainBytes: sizes[0]!,
      packedBytes: sizes[1]!,
      headerAt: sizes[2]!,
    });
    at = next;
  }
  if (at !== directoryBytes || members.length !== entries)
    throw damaged(file, 'The directory of the archive does not have the entries it counts.');
  return members;
}

interface DirectoryPlace {
  readonly entries: number;
  readonly directoryBytes: number;
  readonly directoryAt: number;
  /** Where the directory must end: the record that speaks of it follows. */
  readonly endAt: number;
}

/** From the end record, or from the zip64 end record that its locator points to (APPNOTE 4.3.14 and 4.3.15). */
function directoryPlace(file: OpenFile, tail: Buffer, end: number, tailAt: number): DirectoryPlace {
  const locator = end - LOCATOR_BYTES;
  if (locator < 0 || tail.readUInt32LE(locator) !== LOCATOR_SIGNATURE) {
    return {
      entries: tail.readUInt16LE(end + 10),
      directoryBytes: tail.readUInt32LE(end + 12),
      directoryAt: tail.readUInt32LE(end + 16),
      endAt: tailAt + end,
    };
  }
  const endAt = Number(tail.readBigUInt64LE(locator + 8));
  if (endAt + WIDE_END_BYTES > file.bytes) throw damaged(file, 'The zip64 end record lies outside the archive.');
  const wide = readSpan(file, endAt, WIDE_END_BYTES);
  if (wide.readUInt32LE(0) !== WIDE_END_SIGNATURE) throw damaged(file, 'The zip64 end record is not where its locator says it is.');
  return {
    entries: Number(wide.readBigUInt64LE(32)),
    directoryBytes: Number(wide.readBigUInt64LE(40)),
    directoryAt: Number(wide.readBigUInt64LE(48)),
    endAt,
  };
}

/**
 * Some writers (.NET among them) put the sizes of small members into the zip64 extra field too: each 32-bit value that is all ones is
 * found there, in the order plain size, packed size, position. APPNOTE 4.5.3. Null where it is missing.
 */
function wideSizes(extra: Buffer, narrow: readonly number[]): readonly number[] | null {
  if (!narrow.includes(ALL_ONES)) return narrow;
  let at = 0;
  while (at + 4 <= extra.length && extra.readUInt16LE(at) !== ZIP64_EXTRA) at += 4 + extra.readUInt16LE(at + 2);
  let valueAt = at + 4;
  const end = at + 4 <= extra.length ? Math.min(extra.length, valueAt + extra.readUInt16LE(at + 2)) : 0;
  const wide: number[] = [];
  for (const value of narrow) {
    if (value !== ALL_ONES) {
      wide.push(value);
    } else {
      if (valueAt + 8 > end) return null;
      wide.push(Number(extra.readBigUInt64LE(valueAt)));
      valueAt += 8;
    }
  }
  return wide;
}

/**
 * Unpacks one member; its length and CRC-32 must be those of the directory.
 *
 * @throws InputError `ARCHIVE_DAMAGED`, `ARCHIVE_UNSUPPORTED`, `FILE_TOO_LARGE`
 */
export function readZipMember(file: OpenFile, member: ZipMember): Buffer {
  if ((member.flags & FLAG_ENCRYPTED) !== 0) throw unsupported(file, `The member ${member.name} is encrypted.`);
  if (member.plainBytes > UNPACKED_BYTES_MAX) throw inputError('FILE_TOO_LARGE', { file: file.path, value: member.name });
  if (member.headerAt + 30 > file.bytes) throw damaged(file, `The member ${member.name} lies outside the archive.`);
  const header = readSpan(file, member.headerAt, 30);
  if (header.readUInt32LE(0) !== LOCAL_SIGNATURE) throw damaged(file, `The member ${member.name} does not start where the directory says.`);
  const dataAt = member.headerAt + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (dataAt + member.packedBytes > file.bytes) throw damaged(file, `The member ${member.name} is cut short.`);
  const plain = inflate(file, member, readSpan(file, dataAt, member.packedBytes));
  if (plain.length !== member.plainBytes) {
    throw damaged(file, `The member ${member.name} has ${plain.length} bytes; the directory says ${member.plainBytes}.`);
  }
  if (crc32(plain) !== member.crc) throw damaged(file, `The checksum (CRC-32) of the member ${member.name} is not that of the directory.`);
  return plain;
}

function inflate(file: OpenFile, member: ZipMember, packed: Buffer): Buffer {
  if (member.method === METHOD_STORED) return packed;
  if (member.method !== METHOD_DEFLATED) throw unsupported(file, `The member ${member.name} uses compression method ${member.method}.`);
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, member.plainBytes) });
  } catch (cause) {
    throw damaged(file, `The member ${member.name} does not unpack (${cause instanceof Error ? cause.message : String(cause)}).`);
  }
}

function damaged(file: OpenFile, rule: string): Error {
  return inputError('ARCHIVE_DAMAGED', { file: file.path, rule });
}

function unsupported(file: OpenFile, rule: string): Error {
  return inputError('ARCHIVE_UNSUPPORTED', { file: file.path, rule });
}
