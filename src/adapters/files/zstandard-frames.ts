import { inputError } from './input-problem.ts';

/** A frame of a Zstandard file, as its header and the headers of its blocks describe it. */
export interface ZstandardFrame {
  /** From its magic number on, to the byte behind its last. */
  readonly from: number;
  readonly to: number;
  /** Bytes that a decoder must look back on. */
  readonly windowBytes: number;
  /** Bytes that it unpacks to; null where the header does not say. */
  readonly plainBytes: number | null;
  /** The low half of the XXH64 of what it unpacks to; null where there is none. */
  readonly checksum: number | null;
}

const FRAME_MAGIC = 0xfd2fb528;
/** The lowest of sixteen numbers: frames that hold nothing to unpack. */
const SKIPPABLE_MAGIC = 0x184d2a50;
const BLOCK_BYTES_MAX = 1 << 17;
const BLOCK_REPEATED = 1;
const BLOCK_PACKED = 2;
const BLOCK_RESERVED = 3;
const LITERALS_WITH_TREE = 2;

/** True where the bytes start as Zstandard files do. */
export function isZstandard(bytes: Uint8Array): boolean {
  if (bytes.length < 4) return false;
  const magic = uint32(bytes, 0);
  return magic === FRAME_MAGIC || isSkippable(magic);
}

/**
 * Lists the frames of a file and checks what ties them together: headers, the lengths of blocks, and that the last frame is whole.
 *
 * Source: RFC 8878, sections 3.1.1 and 3.1.2.
 *
 * @throws InputError `ARCHIVE_DAMAGED`, `ARCHIVE_UNSUPPORTED`
 */
export function listZstandardFrames(bytes: Uint8Array, file: string): readonly ZstandardFrame[] {
  const frames: ZstandardFrame[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 8 > bytes.length) throw damaged(file, at, 'is cut short');
    const magic = uint32(bytes, at);
    if (isSkippable(magic)) {
      at += 8 + uint32(bytes, at + 4);
      if (at > bytes.length) throw damaged(file, bytes.length, 'is cut short');
      continue;
    }
    if (magic !== FRAME_MAGIC) throw damaged(file, at, 'starts with no number of a Zstandard frame');
    const frame = readFrame(bytes, at, file);
    frames.push(frame);
    at = frame.to;
  }
  return frames;
}

function readFrame(bytes: Uint8Array, from: number, file: string): ZstandardFrame {
  const flags = bytes[from + 4]!;
  const isOneSegment = (flags & 0x20) !== 0;
  const hasChecksum = (flags & 4) !== 0;
  if ((flags & 8) !== 0) throw damaged(file, from, 'has a reserved bit set in its header');
  let at = from + 5;
  const windowCode = isOneSegment ? 0 : bytes[at++]!;
  const dictionaryBytes = [0, 1, 2, 4][flags & 3]!;
  const sizeBytes = [isOneSegment ? 1 : 0, 2, 4, 8][flags >> 6]!;
  if (at + dictionaryBytes + sizeBytes > bytes.length) throw damaged(file, from, 'is cut short');
  if (bytes.subarray(at, at + dictionaryBytes).some((byte) => byte !== 0)) {
    throw inputError('ARCHIVE_UNSUPPORTED', {
      file,
      rule: `The frame at byte ${from} was packed with a dictionary, which is not part of the file.`,
      fix: 'Unpack it with the dictionary first, or pack it without one.',
    });
  }
  at += dictionaryBytes;
  const plainBytes = sizeBytes === 0 ? null : wideSize(bytes, at, sizeBytes);
  at += sizeBytes;
  const windowBase = 2 ** (10 + (windowCode >> 3));
  const windowBytes = isOneSegment ? plainBytes! : windowBase + (windowBase / 8) * (windowCode & 7);
  at = passBlocks(bytes, at, Math.min(windowBytes, BLOCK_BYTES_MAX), file, from);
  if (!hasChecksum) return { from, to: at, windowBytes, plainBytes, checksum: null };
  if (at + 4 > bytes.length) throw damaged(file, from, 'is cut short');
  return { from, to: at + 4, windowBytes, plainBytes, checksum: uint32(bytes, at) };
}

/** Returns the byte behind the last block. */
function passBlocks(bytes: Uint8Array, from: number, blockBytesMax: number, file: string, frame: number): number {
  let at = from;
  for (;;) {
    if (at + 3 > bytes.length) throw damaged(file, frame, 'is cut short');
    const header = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
    const type = (header >> 1) & 3;
    const size = header >> 3;
    if (type === BLOCK_RESERVED) throw damaged(file, frame, `has a block of a reserved type at byte ${at}`);
    if (size > blockBytesMax) throw damaged(file, frame, `has a block at byte ${at} that is larger than blocks may be`);
    const end = at + 3 + (type === BLOCK_REPEATED ? 1 : size);
    if (end > bytes.length) throw damaged(file, frame, 'is cut short');
    if (type === BLOCK_PACKED && hasTreeOfOneWeight(bytes, at + 3, end)) {
      throw damaged(file, frame, `has a block at byte ${at} whose Huffman tree has one weight for all`);
    }
    if ((header & 1) !== 0) return end;
    at = end;
  }
}

/**
 * A Huffman tree whose weights are packed by a table that has one weight only. It takes no bits to tell which, so such a list has no end; the
 * package would read it for ever (version 0.1.1). Source: RFC 8878, section 4.2.1.2 and, for the table, 4.1.1.
 */
function hasTreeOfOneWeight(bytes: Uint8Array, from: number, end: number): boolean {
  const first = bytes[from]!;
  if (from >= end || (first & 3) !== LITERALS_WITH_TREE) return false;
  const tree = from + [3, 3, 4, 5][(first >> 2) & 3]!;
  if (tree >= end || bytes[tree]! >= 128) return false;
  const bitsEnd = (tree + 1 + bytes[tree]!) * 8;
  let bit = (tree + 1) * 8 + 4;
  const table = 1 << ((bytes[tree + 1]! & 15) + 5);
  const width = 31 - Math.clz32(table + 1);
  // Weights with a probability of zero, if any, then the first that has one: is it all there is?
  while (bit < bitsEnd) {
    const low = bitsAt(bytes, bit, width);
    const full = bitsAt(bytes, bit, width + 1);
    const spare = 2 ** (width + 1) - 2 - table;
    const isShort = low < spare;
    const value = isShort ? low : full >= 2 ** width ? full - spare : full;
    bit += isShort ? width : width + 1;
    if (value !== 1) return value - 1 === table;
    let repeats = 3;
    while (repeats === 3 && bit < bitsEnd) {
      repeats = bitsAt(bytes, bit, 2);
      bit += 2;
    }
  }
  return false;
}

/** Up to 17 bits, the lowest first; what lies behind the end is zero. */
function bitsAt(bytes: Uint8Array, bit: number, width: number): number {
  const at = Math.floor(bit / 8);
  const word = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
  return (word >> (bit % 8)) & ((1 << width) - 1);
}

function wideSize(bytes: Uint8Array, at: number, width: number): number {
  let size = 0;
  for (let byte = width - 1; byte >= 0; byte -= 1) size = size * 256 + bytes[at + byte]!;
  return width === 2 ? size + 256 : size;
}

function uint32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

function isSkippable(magic: number): boolean {
  return (magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC;
}

function damaged(file: string, at: number, what: string): Error {
  return inputError('ARCHIVE_DAMAGED', { file, rule: `The Zstandard frame at byte ${at} ${what}.` });
}
