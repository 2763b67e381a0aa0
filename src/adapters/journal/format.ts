import { crc32c } from '../../base/crc32c.ts';

/*
 * The bytes of a journal, version 1; docs/concepts/journal.md has them as tables. Integers are little-endian; every position is a multiple of 8.
 *
 *   segment = header (96), batches, zeros up to its size
 *   batch   = header (56), records
 *   record  = head (24), payload, zeros up to a multiple of 8
 *
 * The checksums of batches and records start from that of the journal's id, so that bytes of another journal never verify in this one.
 */

export const FORMAT_VERSION = 1;
export const SEGMENT_HEADER_BYTES = 96;
export const BATCH_HEADER_BYTES = 56;
export const RECORD_HEAD_BYTES = 24;
export const HASH_BYTES = 32;
export const ID_BYTES = 16;

/** Largest segment that can be asked for. */
export const SEGMENT_BYTES_MAX = 268_435_456;
export const SEGMENT_BYTES_MIN = 4096;
/** Largest payload of a record; the batch buffer of a journal may be narrower. */
export const JOURNAL_PAYLOAD_BYTES_MAX = 4_194_304;

export const SEGMENT_MAGIC = 'QHJRNL\r\n';
export const NO_HASH = new Uint8Array(HASH_BYTES);

/** Bytes of a record with a payload of `length` bytes. */
export const recordBytes = (length: number): number => RECORD_HEAD_BYTES + ((length + 7) & ~7);

/** Where the checksums of a journal's batches and records start. */
export function checksumSeed(id: Uint8Array): number {
  return crc32c(id);
}

/** What a segment says of itself. */
export interface SegmentHeader {
  readonly firstSequence: number;
  /** Size of the file. */
  readonly segmentBytes: number;
  readonly id: Uint8Array;
  /** Hash of the last batch of the segment before; zeros in the first of all. */
  readonly previousHash: Uint8Array;
}

export function encodeSegmentHeader(header: SegmentHeader): Uint8Array {
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  putMagic(bytes, SEGMENT_MAGIC);
  view.setUint16(12, FORMAT_VERSION, true);
  view.setUint16(14, SEGMENT_HEADER_BYTES, true);
  view.setUint32(16, header.segmentBytes, true);
  view.setBigUint64(24, BigInt(header.firstSequence), true);
  bytes.set(header.id, 32);
  bytes.set(header.previousHash, 48);
  view.setUint32(8, crc32c(bytes.subarray(12)), true);
  return bytes;
}

/** @returns the header, or what is wrong: the words of a sentence, or `version` for one that this program does not read */
export function decodeSegmentHeader(bytes: Uint8Array): SegmentHeader | string | { readonly version: number } {
  if (bytes.length < SEGMENT_HEADER_BYTES) return 'the file is shorter than a header';
  const header = bytes.slice(0, SEGMENT_HEADER_BYTES);
  const view = new DataView(header.buffer);
  if (!hasMagic(header, SEGMENT_MAGIC)) return 'the file does not begin as a segment does';
  if (view.getUint32(8, true) !== crc32c(header.subarray(12))) return 'the checksum of the header is wrong';
  const version = view.getUint16(12, true);
  if (version !== FORMAT_VERSION) return { version };
  const segmentBytes = view.getUint32(16, true);
  const firstSequence = Number(view.getBigUint64(24, true));
  if (segmentBytes > SEGMENT_BYTES_MAX || !Number.isSafeInteger(firstSequence)) return 'the header names sizes that cannot be';
  return { firstSequence, segmentBytes, id: header.slice(32, 48), previousHash: header.slice(48, 80) };
}

export function putMagic(bytes: Uint8Array, magic: string): void {
  for (let at = 0; at < magic.length; at += 1) bytes[at] = magic.charCodeAt(at);
}

export function hasMagic(bytes: Uint8Array, magic: string): boolean {
  for (let at = 0; at < magic.length; at += 1) if (bytes[at] !== magic.charCodeAt(at)) return false;
  return true;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false;
  return true;
}
